package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"feedwright/article"
)

// nasty are strings that have broken feeds before.
var nasty = []string{
	"", " ", "plain", "R&D <b>bold</b> &amp; &#x0;", "a]]>b]]]]>c", "\x00\x0b\x1f\x7f\u0080\u009f\ufffe\uffff\ufdd0", "\xff\xfe\xc3",
	"<?xml version=\"1.0\"?><!DOCTYPE x><!-- -- -->", "\r\n\ttab\r", "\u2028\u2029\u202e", "🇺🇦👩‍👩‍👧 שלום", strings.Repeat("long ", 3000),
	"https://example.org/a b?q=\"<>&#x#y#z%zz", "javascript:alert(1)", "//example.org/x", "http://[::1]:80/", "http://exa mple/", "https://пример.example/ї",
	"urn:uuid:0a1b2c3d-1111-5222-8333-444455556666", "tag:example.org,2026:x", "a@b.example", "en-GB", "audio/mpeg", "?> <script>", "https://user:pa ss@example.org/",
}

func FuzzDocumentsStayWhole(f *testing.F) {
	for i := range nasty {
		at := func(n int) string { return nasty[(i+n)%len(nasty)] }
		f.Add("id "+at(1), at(2), at(3), at(4), at(5), at(6), at(7), int64(i)*1e9, uint8(i))
		f.Add(at(0), at(0), at(0), at(0), at(0), at(0), at(0), int64(1)<<62, uint8(i))
		f.Add(at(7), at(6), at(5), at(4), at(3), at(2), at(1), -int64(1)<<62, uint8(255-i))
	}
	f.Fuzz(func(t *testing.T, id, a, b, c, d, e, g string, secs int64, bits uint8) {
		it := nastyItem(id, a, b, c, d, e, g, secs, bits)
		ch := &Channel{
			ID: id, Title: a, Description: b, Home: g, Self: map[Format]string{RSS: c, Atom: d, JSON: g}, Hub: d, Lang: c,
			Author: article.Author{Name: a, Email: b, URL: g}, Copyright: d, Icon: g, Image: d, Categories: it.Categories,
			Content: it.contentFor(bits), MaxAge: time.Duration(secs), Updated: it.Published, Generator: e, Stylesheet: b,
		}
		for _, enc := range Encoders() {
			frag, err := enc.Item(it, ch.Content)
			if strings.TrimSpace(article.Clean(id)) == "" {
				if err == nil {
					t.Fatalf("%s: an item without an id was encoded", enc.Format())
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			doc, err := enc.Feed(ch, []Fragment{frag, frag, frag})
			if err != nil {
				t.Fatal(err)
			}
			whole(t, enc.Format(), doc, 3)
		}
	})
}

// whole fails unless a document is well-formed, of legal runes, and has n items
// for another reader.
func whole(t *testing.T, f Format, doc []byte, n int) {
	t.Helper()
	if err := WellFormed(f, doc); err != nil {
		t.Fatalf("%v\n%q", err, doc)
	}
	for i, r := range string(doc) {
		if !article.Legal(r) || r == '\r' {
			_, size := utf8.DecodeRune(doc[i:])
			t.Fatalf("%s: %q at %d, of %d bytes", f, r, i, size)
		}
	}
	got, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatalf("%s: %v\n%s", f, err, doc)
	}
	if len(got.Items) != n {
		t.Fatalf("%s: %d items, want %d\n%s", f, len(got.Items), n, doc)
	}
}

func nastyItem(id, a, b, c, d, e, g string, secs int64, bits uint8) *Item {
	at := time.Unix(secs, secs)
	it := &Item{
		ID: article.ID(id), URL: g, Title: a, Summary: b, HTML: c, Text: d, Lang: e,
		Authors:    []article.Author{{Name: a, Email: b, URL: g}, {Email: c}, {}},
		Categories: []Term{{Name: b, Slug: c, URL: g}, {Name: d, URL: a}}, Tags: []Term{{Name: e, Slug: e, URL: g}},
		Published: at, Updated: at.Add(time.Duration(bits) * time.Hour),
		Rights: a, Comments: d, Correction: e, Links: []article.Link{{Rel: a, Title: b, URL: g}, {Rel: "via", Title: c, URL: d}},
	}
	if bits&1 != 0 {
		it.Image = &Picture{URL: g, Alt: a, Caption: b, Type: e, Length: secs, Width: int(secs), Height: int(bits)}
	}
	if bits&2 != 0 {
		it.Attachments = []Enclosure{{URL: g, Title: a, Type: e, Length: secs, Duration: time.Duration(secs)}, {URL: d, Type: "audio/mpeg"}}
	}
	if bits&4 != 0 {
		it.Source = &article.Link{Title: a, URL: d}
	}
	return it
}

func (it *Item) contentFor(bits uint8) Content { return []Content{Full, Summary, Both, ""}[bits>>3&3] }
