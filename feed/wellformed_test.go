package feed

import (
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

func TestBrokenDocumentsAreFound(t *testing.T) {
	const decl = `<?xml version="1.0" encoding="UTF-8"?>`
	for name, c := range map[string]struct {
		f   Format
		doc string
		ok  bool
	}{
		"a small feed":         {RSS, decl + `<rss xmlns:a="x" a:b="1"><a:c/><d xmlns:e="y"><e:f>&amp;&#x26;<![CDATA[<]]></e:f></d></rss>` + "\n", true},
		"nothing":              {RSS, "", false},
		"no declaration":       {RSS, `<rss/>`, false},
		"space before it":      {RSS, " " + decl + `<rss/>`, false},
		"another charset":      {RSS, `<?xml version="1.0" encoding="ISO-8859-1"?><rss/>`, false},
		"cut short":            {RSS, decl + `<rss><channel></channel>`, false},
		"cut in a tag":         {RSS, decl + `<rss></rs`, false},
		"only a declaration":   {RSS, decl, false},
		"wrong end":            {RSS, decl + `<rss><a></b></rss>`, false},
		"one end too many":     {RSS, decl + `<rss></rss></rss>`, false},
		"two roots":            {RSS, decl + `<rss/><rss/>`, false},
		"text behind":          {RSS, decl + `<rss/>x`, false},
		"another root":         {Atom, decl + `<rss/>`, false},
		"control character":    {RSS, decl + "<rss>\x0b</rss>", false},
		"its reference":        {RSS, decl + "<rss>&#11;</rss>", false},
		"not UTF-8":            {RSS, decl + "<rss>\xff</rss>", false},
		"an HTML entity":       {RSS, decl + "<rss>&nbsp;</rss>", false},
		"a bare &":             {RSS, decl + "<rss>a & b</rss>", false},
		"]]> in text":          {RSS, decl + "<rss>]]></rss>", false},
		"a document type":      {RSS, decl + "<!DOCTYPE rss><rss/>", false},
		"undeclared element":   {RSS, decl + `<rss><a:b/></rss>`, false},
		"undeclared any more":  {RSS, decl + `<rss><c xmlns:a="x"/><a:b/></rss>`, false},
		"undeclared attribute": {RSS, decl + `<rss a:b="1"/>`, false},
		"attribute twice":      {RSS, decl + `<rss a="1" a="2"/>`, false},
		"JSON":                 {JSON, `{"items":[]}` + "\n", true},
		"JSON cut short":       {JSON, `{"items":[`, false},
		"JSON and more":        {JSON, `{"items":[]}{}`, false},
		"a JSON list":          {JSON, `[]`, false},
		"a page":               {HTML, `<!doctype html><p>x`, true},
		"a page not in UTF-8":  {HTML, "\xff", false},
	} {
		if err := WellFormed(c.f, []byte(c.doc)); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListOfFeedsHasATextForAllAndATypeForFeeds(t *testing.T) {
	deep := Outline{Text: "deep"}
	for range 100 {
		deep = Outline{Text: "deep", Kids: []Outline{deep}}
	}
	b, err := EncodeOPML("Feeds of R&D", article.Author{Name: "Desk", Email: "desk@example.org"}, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), []Outline{
		{Text: "All", Title: "Example", XMLURL: "https://example.org/rss.xml", HTMLURL: "https://example.org/"},
		{Text: "Categories \x0b", Kids: []Outline{{XMLURL: "https://example.org/category/a/rss.xml"}, {Text: "bad", XMLURL: "javascript:x"}, {}}},
		deep,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := WellFormed(OPML, b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<opml version="2.0">`, `<title>Feeds of R&amp;D</title>`, `<dateModified>Sun, 01 Mar 2026 09:00:00 GMT</dateModified>`, `<ownerEmail>desk@example.org</ownerEmail>`,
		`<outline text="All" title="Example" type="rss" xmlUrl="https://example.org/rss.xml" htmlUrl="https://example.org/"></outline>`,
		`<outline text="Categories">`,
		`<outline text="https://example.org/category/a/rss.xml" title="https://example.org/category/a/rss.xml" type="rss" xmlUrl="https://example.org/category/a/rss.xml"></outline>`,
		`<outline text="bad"></outline>`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	if n := strings.Count(string(b), `"deep"`); n != maxOutlineDepth {
		t.Errorf("%d outlines in one another, want %d", n, maxOutlineDepth)
	}
	if b, err = EncodeOPML("None", article.Author{}, time.Time{}, nil); err != nil || !strings.Contains(string(b), `<outline text="None">`) {
		t.Errorf("a list of no feeds has no outline: %s, %v", b, err)
	}
}

func TestItemWithoutAnIDIsRefused(t *testing.T) {
	for _, e := range Encoders() {
		if _, err := e.Item(&Item{ID: " \x00", Title: "x"}, Full); err == nil || !strings.Contains(err.Error(), "no id") {
			t.Errorf("%s: %v", e.Format(), err)
		}
	}
}

func TestAppendWritesBehindWhatIsThere(t *testing.T) {
	for _, e := range Encoders() {
		frags := fragments(t, e, []*Item{sampleItem(1), sampleItem(2)})
		want, err := e.Feed(sampleChannel(), frags)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Append([]byte("before"), sampleChannel(), frags)
		if err != nil || string(got) != "before"+string(want) {
			t.Errorf("%s: %v\n%s", e.Format(), err, got)
		}
	}
}
