package lint

import (
	"strings"
	"testing"
)

// byteRules are broken by bytes that no case file can hold.
var byteRules = []string{
	"encoding/not-utf8", "encoding/unknown", "encoding/mislabelled", "encoding/obscure", "encoding/charset-mismatch",
	"encoding/bom", "encoding/control-character", "encoding/odd-character", "feed/empty", "xml/no-root", "xml/too-deep",
}

var sizeRules = []string{"size/large", "size/heavy", "size/huge"}

// small is the shortest clean feed.
const small = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Ärger</title><link>https://example.org/</link><description>d</description><language>de</language>
<atom:link rel="self" href="https://example.org/rss.xml"/><item><title>t</title><guid>https://example.org/1</guid></item></channel></rss>
`

// first is the first finding of a rule.
func first(t *testing.T, doc, contentType, rule string) (Finding, bool) {
	t.Helper()
	_, list, err := Check(t.Context(), []byte(doc), Options{ContentType: contentType})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Rule == rule {
			return f, true
		}
	}
	t.Logf("found %s", strings.Join(show(list), "\n"))
	return Finding{}, false
}

func TestFaultsOfBytesAreFound(t *testing.T) {
	latin := strings.ReplaceAll(small, "Ä", "\xc4")
	declared := func(doc, as string) string { return strings.Replace(doc, "UTF-8", as, 1) }
	for _, c := range []struct {
		rule, doc, contentType string
		line, column           int
	}{
		{"encoding/not-utf8", latin, "", 2, 77},
		{"encoding/mislabelled", declared(small, "utf-16"), "", 1, 1},
		{"encoding/unknown", declared(latin, "x-klingon"), "", 1, 1},
		{"encoding/mislabelled", declared(small, "iso-8859-1"), "", 1, 1},
		{"encoding/obscure", declared(latin, "windows-1252"), "", 1, 1},
		{"encoding/charset-mismatch", small, "application/rss+xml; charset=iso-8859-1", 1, 1},
		{"encoding/bom", "\ufeff" + small, "", 1, 1},
		{"encoding/control-character", strings.Replace(small, "<title>t", "<title>t\x0b", 1), "", 3, 73},
		{"encoding/odd-character", strings.Replace(small, "<title>t", "<title>\u0096", 1), "", 3, 72},
		{"feed/empty", "", "", 1, 1},
		{"feed/empty", " \n", "", 1, 1},
		{"xml/no-root", "not found", "", 1, 1},
		{"xml/no-root", "<!-- nothing -->", "", 1, 1},
		{"xml/too-deep", strings.Repeat("<a>", 300), "", 1, 601},
		{"xml/truncated", small[:len(small)-40], "", 3, 99},
	} {
		f, ok := first(t, c.doc, c.contentType, c.rule)
		if !ok || f.Line != c.line || f.Column != c.column {
			t.Errorf("%s: got %v at %d:%d, want %d:%d", c.rule, ok, f.Line, f.Column, c.line, c.column)
		}
	}
	if _, list, _ := Check(t.Context(), []byte(small), Options{ContentType: "application/rss+xml; charset=utf-8"}); len(list) > 0 {
		t.Errorf("a clean feed: %v", show(list))
	}
}

func TestOtherEncodingsAreReadRight(t *testing.T) {
	utf16 := []byte{0xff, 0xfe}
	for _, r := range strings.Replace(small, "UTF-8", "UTF-16", 1) {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for _, doc := range []string{string(utf16), strings.ReplaceAll(strings.Replace(small, "UTF-8", "iso-8859-1", 1), "Ä", "\xc4")} {
		kind, list, err := Check(t.Context(), []byte(doc), Options{})
		if err != nil || kind != RSS || len(list) != 1 || list[0].Rule != "encoding/obscure" {
			t.Errorf("got %v %v %v", kind, show(list), err)
		}
	}
}

func TestLongDocumentsAreABurden(t *testing.T) {
	for rule, n := range map[string]int{"size/large": 600_000, "size/heavy": 2_000_000, "size/huge": 11_000_000} {
		if _, ok := first(t, small+strings.Repeat(" ", n), "", rule); !ok {
			t.Errorf("%d bytes: %s is not reported", n, rule)
		}
	}
	if _, ok := first(t, small+strings.Repeat(" ", 400_000), "", "size/large"); ok {
		t.Error("400 kB are no burden")
	}
}
