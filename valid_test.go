package feedwright

import (
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/body"
	"feedwright/feed"
	"feedwright/lint"
)

// FuzzAnyArticleIsValidInEveryFormat takes the last part of the route as it is
// walked in life — text → body → feed — with the values of an article and of a
// site as bad as they come, and has every document judged by lint, which shares
// no code with feed: nothing may be worse than a hint.
func FuzzAnyArticleIsValidInEveryFormat(f *testing.F) {
	add := func(a, b, text, d, e, g string, bits uint16) { f.Add(a, b, text, d, e, g, int64(1795341600), bits) }
	add("Fish & chips < 5", "A summary", "# One\n\n[a](b) ![c](/d.png) <script>x</script>", "Text", "en", "https://example.org/a", 0)
	add("<b>bold</b>", "&amp;lt;", "<p onclick=x>y<table><tr><td>z<iframe src=//a.example></iframe>", "a@example.org", "uk-UA", "https://приклад.example/ї?a=b&c", 0xffff)
	add("]]>", "\x00\x08\ufffd\u0085", "a]]>b <p>&nbsp;<a href=javascript:x>q</a>", "]]>", "x", "//example.org", 0xa5a5)
	add("", "", "", "", "", "", 0x5a5a)
	add(strings.Repeat("ї", 3000), strings.Repeat("<", 3000), strings.Repeat("[a](", 100), "\r\n\r", "en_US", "http://[::1]:8080/%zz", 0x00ff)
	add("tag:x", "urn:x:y", "| a | b |\n|---|---|\n| c | d |\n\n[^1]\n\n[^1]: note", "mailto:a@example.org", "zh-Hant-TW", "ftp://example.org/x", 0xff00)
	add("", "A summary", "x", "desk@example.org", "en", "https://eXample.Org/c", 1<<6|1<<9|1<<10) // an editor without a name, an id taken over
	add(strings.Repeat("ї", 300), strings.Repeat("ж", 300), "x", "desk@example.org", "en", "htdp://[::1]:8080", 1<<6|1<<10|1<<14)
	add("<\xbb>bold</b>", "&amp;lt;", "<p onclick=x>y<table><tr><td>z<iframe src=//a.example></iframe>", "a@example.org", "\x1e\x1euk-UA", "http://0", 65523) // a podcast without https
	add("tag:x", "urn:x:y", "x", "mailto:a@example.org", "zh-Hant-TW", "ftp://example.org/x", 65175)                                                          // a source called as an id might be
	add("0", "0", "x", "a@example", "q", "http://:", 65533)                                                                                                   // an id without a host
	f.Fuzz(func(t *testing.T, a, b, text, d, e, g string, secs int64, bits uint16) {
		on := func(n int) bool { return bits>>n&1 != 0 }
		it := fuzzedItem(t, a, b, text, d, e, g, time.Unix(secs, 0), on)
		if it == nil {
			return
		}
		ch := fuzzedChannel(a, b, d, e, g, on)
		for _, enc := range feed.Encoders() {
			frag, err := enc.Item(it, ch.Content)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := enc.Feed(ch, []feed.Fragment{frag})
			if err != nil {
				t.Fatal(err)
			}
			_, list, err := lint.Check(t.Context(), doc, lint.Options{URL: ch.Self[enc.Format()], ContentType: enc.ContentType()})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				if x.Severity < lint.Info && !theirs[x.Rule] && !(x.Rule == "url/scheme" && strings.HasPrefix(x.Message, "<id>")) {
					t.Errorf("%s: %d:%d: %s %s (%s): %s\n%s", enc.Format(), x.Line, x.Column, x.Severity, x.Rule, x.Clause, x.Message, doc)
				}
			}
		}
	})
}

// theirs are findings about what somebody wrote, which a publisher hands on: a
// title that speaks of markup, a language that has the form of one and is none,
// an unlikely date, a long document, a file that is called other than it is, an
// id that was taken over, in a scheme of its own too, a podcast whose owner has
// no address, or whose files lie where there is no https.
var theirs = map[string]bool{
	"value/markup": true, "value/double-escaped": true, "atom/undeclared-html": true, "json/markup-in-text": true,
	"value/language": true, "date/implausible": true, "size/heavy": true,
	"itunes/enclosure-format": true, "itunes/enclosure-mime": true, "rss/guid-weak": true, "atom/id-form": true,
	"itunes/wanted-owner": true, "url/not-https": true,
}

func fuzzedItem(t *testing.T, a, b, text, d, e, g string, at time.Time, on func(int) bool) *feed.Item {
	it := &feed.Item{
		ID: "urn:uuid:36d13248-1fc7-536c-91ff-b9240d05e6b2", URL: "https://example.org/article/x/", Title: a, Summary: b, Lang: e, Published: at, Updated: at.Add(time.Hour),
		Authors:    []article.Author{{Name: a, Email: b, URL: g}, {Email: d}, {}},
		Categories: []feed.Term{{Name: b, Slug: d, URL: g}, {Name: d, URL: a}}, Tags: []feed.Term{{Name: e, Slug: e, URL: g}},
		Rights: a, Comments: d, Correction: e, Links: []article.Link{{Rel: a, Title: b, URL: g}, {Rel: "via", Title: d, URL: d}},
	}
	markup := article.Markdown
	if on(0) {
		markup = article.HTML
	}
	page := it.URL
	if on(1) {
		it.URL, page = g, ""
	}
	r, err := body.Render(markup, text, body.Options{Base: page})
	if err != nil {
		return nil
	}
	it.HTML, it.Text = r.HTML, r.Text
	if on(2) {
		it.Image = &feed.Picture{URL: g, Alt: a, Caption: b, Type: e, Length: at.Unix(), Width: int(at.Unix()), Height: 3}
	}
	if on(3) {
		it.Attachments = []feed.Enclosure{{URL: g, Title: a, Type: e, Length: at.Unix(), Duration: time.Duration(at.Unix())}, {URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 9}}
	}
	if on(4) {
		it.Source = &article.Link{Title: a, URL: g}
	}
	if on(5) {
		it.Published, it.Updated = time.Time{}, time.Time{}
	}
	if on(14) { // what publish lets into a podcast has sound and a date
		it.Published, it.Updated = at, at
		it.Attachments = append(it.Attachments, feed.Enclosure{URL: "https://example.org/b.mp3", Type: "audio/mpeg", Length: 9, Duration: time.Hour})
		it.Episode = &feed.Episode{
			Season: int(at.Unix()), Number: len(a), Type: e, Explicit: d, Persons: []article.Person{{Name: a, Role: b, Image: g, URL: d}, {Name: d}},
			Transcripts: []feed.Document{{URL: g, Type: e, Lang: d}, {URL: g, Type: "text/vtt", Lang: e}}, Chapters: &feed.Document{URL: g, Type: e},
			Soundbites: []article.Soundbite{{Start: float64(at.Unix()), Duration: 30, Title: a}, {Start: -1}},
		}
	}
	if on(6) {
		it.ID = article.ID(g)
		if strings.TrimSpace(article.Clean(g)) == "" {
			it.ID = "12"
		}
	}
	return it
}

func fuzzedChannel(a, b, d, e, g string, on func(int) bool) *feed.Channel {
	ch := &feed.Channel{
		ID: "urn:uuid:6f0d3c8e-8a52-5d3a-9d43-0b8f6f3c2a10", Title: "Example", Home: "https://example.org/", Lang: "en",
		Self:    map[feed.Format]string{feed.RSS: "https://example.org/rss.xml", feed.Atom: "https://example.org/atom.xml", feed.JSON: "https://example.org/feed.json"},
		Content: []feed.Content{feed.Full, feed.Summary, feed.Both, "?"}[b2i(on(7))+2*b2i(on(8))], MaxAge: 15 * time.Minute, Updated: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Stylesheet: "/feed.css",
	}
	if on(9) {
		ch.Title, ch.Description, ch.Copyright, ch.Generator = a, b, d, e
	}
	if on(10) {
		ch.Author, ch.Webmaster = article.Author{Name: a, Email: d, URL: g}, article.Author{Name: e, Email: b}
		if !on(14) { // a podcast has a language: config gives every site one
			ch.Lang = e
		}
	}
	if on(11) {
		ch.Icon, ch.Image, ch.Hub = g, g, g
	}
	if on(12) {
		ch.Categories = []feed.Term{{Name: a, URL: g}, {Name: d, Slug: d, URL: "https://example.org/category/" + d}}
	}
	if on(13) {
		ch.Paging = feed.Paging{PrevArchive: "https://example.org/archive/1/x"}
		ch.Withdrawn = []feed.Withdrawal{{ID: article.ID("gone " + g), When: ch.Updated}}
	}
	if on(14) {
		ch.Podcast = &feed.Podcast{
			Author: a, Owner: article.Author{Name: b, Email: d}, Categories: []feed.PodcastCategory{{Name: "Society & Culture", Sub: "Documentary"}}, Type: e, Image: "https://example.org/cover.jpg",
			GUID: "917393e3-1b1e-5cef-ace4-edaa54e1f810", Locked: d, Funding: []article.Link{{URL: g, Title: a}}, Persons: []article.Person{{Name: b, Role: a, URL: g}},
			NewURL: g, Complete: on(1), Block: on(2), Explicit: on(3),
		}
	}
	return ch
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
