package publish_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

// kept remembers what a reader was sent under each tag, and each tag of what it
// was sent.
type kept struct {
	t             *testing.T
	byTag, byBody map[string]string
	texts, media  map[string]int // states of the folder's files
	seen, looks   int            // answers, and rounds of asking
	idle          bool           // a setting was changed that may have shown nowhere
}

// look polls every document, and as a browser does; now and then in every
// coding, for compressing is slow.
func (k *kept) look(h *house, what string) {
	k.t.Helper()
	codings := []feed.Encoding{feed.Identity, feed.Gzip, feed.Brotli, feed.Zstd}
	if k.looks++; k.looks%rounds(6, 10) != 1 {
		codings = codings[:1]
	}
	list := h.p.Feeds()
	for _, a := range slices.Clone(list) {
		if a.Feed == "" && a.Selector.IsAll() {
			list = append(list, feed.Address{Format: a.Format, Limit: 2})
		}
	}
	list = append(list, feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"})
	for _, a := range list {
		ans := h.find(a)
		for name, body := range map[string]func(context.Context, feed.Encoding) ([]byte, error){"": ans.Body, " in a browser": ans.View} {
			if body == nil {
				continue
			}
			for _, enc := range codings {
				b, err := body(k.t.Context(), enc)
				if err != nil {
					k.t.Fatal(err)
				}
				k.seen++
				where := a.Path() + name + " " + string(enc) + " "
				tag, sent := where+ans.ETag, where+string(b)
				if old, ok := k.byTag[tag]; ok && old != sent {
					k.t.Fatalf("after %s: %s: one tag, two documents:\n%s\n%s", what, where, old, sent)
				}
				if old, ok := k.byBody[sent]; ok && old != tag && !k.idle {
					k.t.Fatalf("after %s: %s: one document, two tags", what, where)
				}
				k.byTag[tag], k.byBody[sent] = sent, tag
			}
		}
	}
}

// TestEqualETagMeansEqualBytesWhateverIsReplaced changes texts, pictures, sound
// and settings at random. Equal tags are equal bytes; equal bytes have equal
// tags but after a change of settings that could have shown and did not
// (content, max_bytes, fields, media.base): a tag is known before anything is
// rendered.
func TestEqualETagMeansEqualBytesWhateverIsReplaced(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			warm := open(t, t.TempDir(), settings()) // codecs are made outside the bubble
			(&kept{t: t, byTag: map[string]string{}, byBody: map[string]string{}}).look(warm, "nothing")
			warm.stop()
			synctest.Test(t, func(t *testing.T) { replaceAtRandom(t, dir, rand.New(rand.NewPCG(seed, 11))) })
		})
	}
}

func replaceAtRandom(t *testing.T, dir string, r *rand.Rand) {
	set := settings()
	h := open(t, dir, set)
	defer func() { h.stop() }()
	k := &kept{t: t, byTag: map[string]string{}, byBody: map[string]string{}, texts: map[string]int{}, media: map[string]int{}}
	begun := time.Now()
	steps := rounds(60, 20)
	for range steps {
		name := fmt.Sprintf("f%d.txt", r.IntN(5))
		write := func() { h.write(k.file(name, begun)) }
		var what string
		switch n := r.IntN(10); {
		case n == 0:
			what = "a file went"
			h.write(article.Change{Op: article.Gone, Path: name})
		case n <= 2:
			what = "a text was edited"
			k.texts[name] = r.IntN(4)
			write()
		case n <= 5:
			what = "a picture or sound was replaced"
			k.media[name] = r.IntN(4)
			write()
		case n == 6:
			what = "a file was touched"
			c := k.file(name, begun)
			c.File.ModTime += int64(r.IntN(1000))
			h.write(c)
		case n == 7:
			what = "a restart"
			h.stop()
			h = open(t, dir, set)
		default:
			var shows bool
			set, what, shows = anotherSetting(set, r)
			k.idle = k.idle || !shows
			given := set
			if err := h.p.Apply(t.Context(), &given); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Second)
			synctest.Wait()
		}
		k.look(h, what)
	}
	if k.seen < steps*17 || len(k.byTag) > k.seen*9/10 {
		t.Errorf("%d answers of %d documents were compared", k.seen, len(k.byTag))
	}
}

// file is a text with a picture in it, another before it and a sound: what lies
// at a path may be other bytes of the same length, or of another.
func (k *kept) file(name string, begun time.Time) article.Change {
	text, state := k.texts[name], k.media[name]
	return file(name, fmt.Sprintf("Title %d", text), in([]string{"World", "Sport"}[text%2]), dated(begun.Add(-time.Hour)), func(p *article.Parsed) {
		p.Markup = article.Markdown
		p.Body = fmt.Sprintf("Text %d.\n\n![A chart](chart.png)", text/2)
		p.Fields.Image = &article.Image{Path: "talks.jpg"}
		p.Fields.Attachments = []article.Attachment{{Path: "talks.mp3"}}
		length := int64(100 + state/2)
		p.Media = []article.Media{
			{Path: "chart.png", Type: "image/png", Length: length, Hash: article.Hash{byte(state), 1}, Width: 10, Height: 10},
			{Path: "talks.jpg", Type: "image/jpeg", Length: length, Hash: article.Hash{byte(state), 2}, Width: 10 + state, Height: 10},
			{Path: "talks.mp3", Type: "audio/mpeg", Length: length, Hash: article.Hash{byte(state), 3}, Duration: time.Minute},
		}
	})
}

// anotherSetting changes one setting, and says whether it always shows.
func anotherSetting(s publish.Settings, r *rand.Rand) (set publish.Settings, what string, shows bool) {
	n := r.IntN(3)
	word := []string{"", "One", "Two"}[n]
	address := []string{"", "https://cdn.example.org/a", "https://cdn.example.org/b"}[n]
	s.Feeds = slices.Clone(s.Feeds)
	partner := &s.Feeds[0]
	changes := []struct {
		what  string
		shows bool
		do    func()
	}{
		{"title", true, func() { s.Title = "The Lantern" + word }},
		{"description", true, func() { s.Description = word }},
		{"url", true, func() { s.URL = "https://lantern.example.org/news" + word }},
		{"language", true, func() { s.Lang = []string{"en", "uk", "de"}[n] }},
		{"author", true, func() { s.Author = article.Author{Name: word, Email: "desk@example.org"} }},
		{"webmaster", true, func() { s.Webmaster = article.Author{Name: word, Email: "ida@example.org"} }},
		{"copyright", true, func() { s.Copyright = word }},
		{"icon", true, func() { s.Icon = address }},
		{"image", true, func() { s.Image = address }},
		{"items", true, func() { s.Items = []int{10, 2, 1}[n] }},
		{"max_age", true, func() { s.MaxAge = time.Duration(1+n) * 10 * time.Minute }},
		{"tombstones", true, func() { s.Tombstones = time.Duration(n) * time.Hour }},
		{"formats", true, func() { s.Formats = []feed.Format{feed.RSS, feed.Atom, feed.JSON}[:1+n] }},
		{"name of a category", true, func() {
			s.Categories = []publish.Category{{Naming: article.Naming{Name: "Abroad", Slug: "world", Also: []string{"World"}}, Description: word}}[:min(n, 1)]
		}},
		{"content", false, func() { s.Content = []feed.Content{feed.Full, feed.Summary, feed.Both}[n] }},
		{"max_bytes", false, func() { s.MaxBytes = []int64{1 << 20, 1500, 2500}[n] }},
		{"media.base", false, func() { s.MediaBase = address }},
		{"fields of a feed", false, func() {
			partner.Parts = [][]feed.Part{nil, {feed.PartAuthors}, {feed.PartImage, feed.PartAttachments}}[n]
		}},
		{"content of a feed", false, func() { partner.Content = []feed.Content{feed.Summary, feed.Full, feed.Both}[n] }},
	}
	c := changes[r.IntN(len(changes))]
	c.do()
	return s, c.what, c.shows
}
