package feed

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/rogpeppe/go-internal/txtar"
)

// gofeed is somebody else's reader: what it finds in a document is what was
// meant, or the document is wrong.
func TestAnotherReaderFindsWhatWasPutIn(t *testing.T) {
	goldens(t, func(t *testing.T, path string, _ *txtar.Archive, in *input) {
		for _, e := range Encoders() {
			got, err := gofeed.NewParser().Parse(bytes.NewReader(encode(t, e, in)))
			if err != nil {
				t.Errorf("%s: %v", e.Format(), err)
				continue
			}
			r := reader{t, e.Format(), in.Channel.Content}
			r.channel(&in.Channel, got)
			if len(got.Items) != len(in.Items) {
				t.Fatalf("%s: %d items, want %d", e.Format(), len(got.Items), len(in.Items))
			}
			for i := range in.Items {
				r.item(&in.Items[i], got.Items[i], strings.Contains(path, "refused"))
			}
		}
	})
}

type reader struct {
	t *testing.T
	f Format
	c Content
}

func (r reader) equal(what, got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: %s is %q, want %q", r.f, what, got, want)
	}
}

func (r reader) time(what string, got *time.Time, want time.Time) {
	r.t.Helper()
	if want = want.Truncate(time.Second); got == nil && !want.IsZero() || got != nil && !got.Equal(want) {
		r.t.Errorf("%s: %s is %v, want %v", r.f, what, got, want)
	}
}

func (r reader) channel(ch *Channel, got *gofeed.Feed) {
	r.t.Helper()
	if !strings.ContainsAny(ch.Title, "\t\x07") {
		r.equal("feed title", got.Title, ch.Title)
		r.equal("feed language", got.Language, ch.Lang)
	}
	if isASCII(ch.Home) {
		r.equal("feed page", got.Link, ch.Home)
		r.equal("feed self", got.FeedLink, ch.Self[r.f])
	}
	if r.f != JSON && !ch.Updated.IsZero() {
		r.time("feed updated", got.UpdatedParsed, ch.Updated)
	}
	if ch.Description != "" {
		r.equal("feed description", got.Description, ch.Description)
	}
}

// item compares what the formats have in common. Of an item that is refused in
// part, only what is refused by no rule.
func (r reader) item(it *Item, got *gofeed.Item, refused bool) {
	r.t.Helper()
	if !strings.Contains(string(it.ID), " ") {
		r.equal("id", got.GUID, string(it.ID))
	}
	if r.f != Atom || !it.Published.IsZero() { // an entry always has a date
		r.time("published", got.PublishedParsed, it.Published)
	}
	if refused {
		return
	}
	if it.Title != "" {
		r.equal("title", got.Title, it.Title)
	}
	if isASCII(it.URL) {
		r.equal("link", got.Link, it.URL)
	}
	if r.f != RSS && it.Updated.After(it.Published) { // gofeed does not look at atom:updated in RSS
		r.time("updated", got.UpdatedParsed, it.Updated)
	}
	var names []string
	for _, t := range slices.Concat(it.Categories, it.Tags) {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	if !slices.Equal(got.Categories, names) {
		r.t.Errorf("%s: categories are %q, want %q", r.f, got.Categories, names)
	}
	var authors []string
	for _, a := range got.Authors {
		authors = append(authors, a.Name)
	}
	if got.DublinCoreExt != nil { // all of them; gofeed's Authors are the first only
		authors = got.DublinCoreExt.Creator
	}
	for _, a := range it.Authors {
		if !slices.Contains(authors, a.Name) {
			r.t.Errorf("%s: author %q is not among %q", r.f, a.Name, authors)
		}
	}
	r.texts(it, got)
	r.files(it, got)
}

func (r reader) texts(it *Item, got *gofeed.Item) {
	r.t.Helper()
	summary, content := got.Description, got.Content
	if r.f == RSS && content == "" && it.Summary == "" {
		summary, content = "", summary // the profile's place for a text without summary
	}
	if r.f == RSS {
		summary = html.UnescapeString(summary)
	}
	if !strings.Contains(summary, it.Summary) {
		r.t.Errorf("%s: summary is %q, want %q", r.f, summary, it.Summary)
	}
	if r.c == Summary {
		if it.HTML != "" && strings.Contains(content, it.HTML) {
			r.t.Errorf("%s: a feed of summaries holds the text", r.f)
		}
		return
	}
	for _, want := range []string{it.HTML, it.Correction} {
		if !strings.Contains(content+got.Description, want) {
			r.t.Errorf("%s: content is %q, want %q in it", r.f, content, want)
		}
	}
}

func (r reader) files(it *Item, got *gofeed.Item) {
	r.t.Helper()
	want := it.Attachments
	if r.f == RSS && len(want) > 1 { // one only: the first film or sound
		i := slices.IndexFunc(want, func(e Enclosure) bool {
			return strings.HasPrefix(e.Type, "audio/") || strings.HasPrefix(e.Type, "video/")
		})
		want = want[i : i+1]
	}
	if len(got.Enclosures) != len(want) {
		r.t.Fatalf("%s: %d enclosures, want %d", r.f, len(got.Enclosures), len(want))
	}
	for i, e := range want {
		r.equal("enclosure", got.Enclosures[i].URL, e.URL)
		r.equal("enclosure's type", got.Enclosures[i].Type, e.Type)
		if r.f != JSON { // gofeed gives the duration there
			length := itoa(e.Length)
			if r.f == RSS && length == "" {
				length = "0" // RSS wants one, and 0 is its word for unknown
			}
			r.equal("enclosure's length", got.Enclosures[i].Length, length)
		}
	}
	if it.Image != nil && r.f != Atom {
		if got.Image == nil {
			r.t.Fatalf("%s: no image", r.f)
		}
		r.equal("image", got.Image.URL, it.Image.URL)
	}
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }
