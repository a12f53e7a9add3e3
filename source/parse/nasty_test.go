package parse

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"feedwright/article"
	"feedwright/article/growth"
)

func TestFilesThatAreNoArticlesAreNamed(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+p+",", 8) + "*" + p + "]\n"
	}
	for name, c := range map[string]struct {
		file, text, want string
		line             int
	}{
		"empty":          {"a.md", "", "empty", 0},
		"only space":     {"a.txt", " \n\t\n", "empty", 0},
		"only a mark":    {"a.txt", "\ufeff", "empty", 0},
		"50 MB":          {"a.txt", strings.Repeat("x", 50<<20), "too large", 0},
		"PDF":            {"a.txt", "%PDF-1.7\n", "PDF", 0},
		"zip":            {"a.md", "PK\x03\x04abc", "office document", 0},
		"picture":        {"a.md", "\x89PNG\r\n\x1a\n\x00\x00", "PNG", 0},
		"RTF":            {"a.txt", `{\rtf1 hello}`, "RTF", 0},
		"binary":         {"a.txt", strings.Repeat("\x00\x01\x02\xff\xfe\x80", 500), "binary", 0},
		"noise":          {"a.txt", strings.Repeat("\x01\x02\x03\x80\x81\x82\x90", 500), "binary", 0},
		"YAML bomb":      {"a.md", "---\ntitle: A\n" + bomb + "---\nx", "front matter", 0},
		"deep YAML":      {"a.md", "---\nx: " + strings.Repeat("[", 20_000) + "\n---\nx", "front matter", 0},
		"endless front":  {"a.md", "---\ntitle: A\n" + strings.Repeat("x\n", 1000), "never closes", 1},
		"huge front":     {"a.md", "---\ntitle: A\nx: " + strings.Repeat("x", 300<<10) + "\n---\nx", "256 KB", 1},
		"list as front":  {"a.md", "---\n[a, b]\n---\nx", "name: value", 1},
		"unknown kind":   {"a.docx", "x", "not read", 0},
		"deep JSON":      {"a.json", strings.Repeat(`{"a":`, 50_000), "JSON", 0},
		"JSON of noise":  {"a.json", "x", "JSON", 1},
		"deep JSON tree": {"a.json", strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := refuse(t, c.file, c.text)
			if !strings.Contains(f.Err, c.want) || c.line > 0 && f.Line != c.line {
				t.Errorf("%v", f)
			}
		})
	}
}

func TestNastyFilesAreReadRightly(t *testing.T) {
	text := "Заголовок статті\n\nПерше речення українського тексту, який має бути прочитаний правильно.\n"
	ru := "Заголовок статьи\n\nПервое предложение русского текста, который должен быть прочитан правильно и без потерь.\n"
	pl := "Żółta łódź\n\nPierwsze zdanie polskiego tekstu, żółta łódź płynęła ćwierć godziny, gdyż źródło biło słabo, a wiatr się uspokoił.\n"
	ja := "見出し\n\nこれは日本語の文章です。正しく読まれなければなりません。\n"
	enc := func(m *charmap.Charmap, s string) string {
		out, err := m.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	jis, err := japanese.ISO2022JP.NewEncoder().String(ja)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ raw, title, in string }{
		"UTF-8 with a mark": {"\ufeff" + text, "Заголовок статті", "українського"},
		"UTF-16LE":          {"\xff\xfe" + units(text, false), "Заголовок статті", "українського"},
		"UTF-16BE":          {"\xfe\xff" + units(text, true), "Заголовок статті", "українського"},
		"UTF-16LE, no mark": {units(text, false), "Заголовок статті", "українського"},
		"UTF-16BE, no mark": {units("A plain title\n\nAnd a text of it.", true), "A plain title", "a text"},
		"windows-1251":      {enc(charmap.Windows1251, ru), "Заголовок статьи", "русского"},
		"koi8-r":            {enc(charmap.KOI8R, ru), "Заголовок статьи", "русского"},
		"ISO-8859-2":        {enc(charmap.ISO8859_2, pl), "Żółta łódź", "żółta łódź"},
		"windows-1252":      {enc(charmap.Windows1252, "Grüße\n\nDer Bürgermeister – so heißt es – grüßte „alle“ über die Straße hinweg.\n"), "Grüße", "„alle“"},
		"ISO-2022-JP":       {jis, "見出し", "日本語"},
		"CRLF":              {"A title\r\n\r\nA text.\r\n", "A title", "A text."},
		"CR":                {"A title\r\rA text.\r", "A title", "A text."},
		"]]>":               {"A title ]]> here\n\nA ]]> text.", "A title ]]> here", "]]>"},
	} {
		a := read(t, "a.txt", c.raw)
		if a.Fields.Title != c.title || !strings.Contains(a.Body, c.in) {
			t.Errorf("%s: title %q, body %q", name, a.Fields.Title, a.Body)
		}
	}
}

func units(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestDroppedCharactersAreNamedWithTheirLine(t *testing.T) {
	for raw, want := range map[string]string{
		"Title\n\nA te\x0cxt\x01.": "U+000C and 1 more",
		"Title\n\nA te\x00xt.":     "U+0000",
		"Tïtle ünd mœhr\n\nA brok\xffen \x9bte\ufffext, çà et là é.": "not UTF-8",
	} {
		out, faults, err := parser(t, Options{}).Parse(context.Background(), File{Path: "a.txt", Raw: []byte(raw)})
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		if len(faults) != 1 || faults[0].Line != 3 || !faults[0].Warn || !strings.Contains(faults[0].Err, want) {
			t.Errorf("%q: %+v", raw, faults)
		}
		if b := out[0].Body; article.Clean(b) != b {
			t.Errorf("body is not clean: %q", b)
		}
	}
}

// Input made to cost much must not: each is read or refused within seconds on
// the slowest machine, and in memory of the order of its size.
func TestHostileInputIsBounded(t *testing.T) {
	big := strings.Repeat("a b ", 1<<20)
	for name, c := range map[string]struct{ file, text string }{
		"links that never close":   {"a.md", strings.Repeat("[a](", 60_000)},
		"pictures that never end":  {"a.md", strings.Repeat("![a](x.png ", 60_000)},
		"brackets":                 {"a.md", "title\n\n" + strings.Repeat("[", 200_000)},
		"nested tags":              {"a.html", "<html><body>" + strings.Repeat("<div>", 10_000) + "deep text</body></html>"},
		"nested tags, fragment":    {"a.html", strings.Repeat("<b>", 10_000) + "deep text"},
		"nested quotes":            {"a.md", strings.Repeat(">", 100_000) + " x"},
		"one word of 4 MB":         {"a.txt", strings.Repeat("x", 4<<20)},
		"one line of 4 MB":         {"a.md", big},
		"a million lines":          {"a.txt", strings.Repeat("x\n", 1<<20)},
		"a million bullets":        {"a.txt", "T\n\n" + strings.Repeat("- x\n", 1<<19)},
		"a million paragraphs":     {"a.txt", "T\n\n" + strings.Repeat("x\n\n", 1<<20)},
		"labels without end":       {"a.txt", "T\n" + strings.Repeat("Category\n", 200_000)},
		"titles without end":       {"a.txt", strings.Repeat("T\n", 200_000)},
		"headers without end":      {"a.txt", "Title: x\n" + strings.Repeat("a: b\n", 200_000)},
		"tags without end":         {"a.md", "---\ntags: [" + strings.Repeat("a, ", 40_000) + "]\n---\nx"},
		"keys without end":         {"a.md", "---\n" + strings.Repeat("k", 1) + ": 1\n" + manyKeys(10_000) + "---\nx"},
		"TOML of brackets":         {"a.md", "+++\na = " + strings.Repeat("[", 100_000) + "\n+++\nx"},
		"attributes":               {"a.html", "<p " + strings.Repeat("a=\"b\" ", 100_000) + ">x</p>"},
		"metas without end":        {"a.html", "<html><head>" + strings.Repeat(`<meta name="keywords" content="x">`, 50_000) + "</head><body><p>x</p></body></html>"},
		"JSON-LD without end":      {"a.html", "<html><head>" + strings.Repeat(`<script type="application/ld+json">{"@type":"x"}</script>`, 20_000) + "</head><body><p>x</p></body></html>"},
		"items without end":        {"a.json", `{"items":[` + strings.Repeat(`{"id":"1","content_text":"x"},`, 19_000) + `{"id":"2","content_text":"x"}]}`},
		"equals signs":             {"a.md", strings.Repeat("src=\"", 200_000)},
		"stars":                    {"a.md", "---\ntitle: \"" + strings.Repeat("*a ", 20_000) + "\"\n---\nx"},
		"entities":                 {"a.md", "---\ntitle: \"" + strings.Repeat("&amp;", 20_000) + "\"\n---\nx"},
		"blank lines, then a word": {"a.md", strings.Repeat("\n", 4<<20) + "x"},
		"spaces":                   {"a.txt", "T\n\n" + strings.Repeat(" ", 4<<20) + "x"},
	} {
		t.Run(name, func(t *testing.T) {
			p := parser(t, Options{Lang: "en"})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out, faults, err := p.Parse(context.Background(), File{Path: c.file, Raw: []byte(c.text)})
			runtime.ReadMemStats(&after)
			var f *article.Fault
			if err != nil && !errors.As(err, &f) {
				t.Fatalf("error %v is no fault", err)
			}
			read := func(text string) error {
				_, _, err := p.Parse(context.Background(), File{Path: c.file, Raw: []byte(text)})
				return err
			}
			if (read(c.text[:len(c.text)/8]) == nil) == (err == nil) { // else a part is no measure of the whole
				growth.Linear(t, c.text, func(text string) { _ = read(text) })
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 1500 {
				t.Errorf("allocated %d MB for %d KB", mb, len(c.text)>>10)
			}
			if len(faults) > 2*maxWarnings {
				t.Errorf("%d faults", len(faults))
			}
			for _, a := range out {
				checkParsed(t, a)
			}
			t.Logf("%d MB", (after.TotalAlloc-before.TotalAlloc)>>20)
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("key")
		for j := i; j > 0; j /= 26 {
			b.WriteByte(byte('a' + j%26))
		}
		b.WriteString(": x\n")
	}
	return b.String()
}

// checkParsed holds what every Parsed promises.
func checkParsed(t *testing.T, a article.Parsed) {
	t.Helper()
	x := a.Fields
	for _, s := range slices.Concat([]string{x.Title, x.Summary, x.Slug, x.Link, x.Lang, x.ID, a.Body, x.Rights, x.Correction, x.DraftWhy}, x.Categories, x.Tags, x.Feeds) {
		if article.Clean(s) != s {
			t.Errorf("not clean: %.80q", s)
		}
	}
	switch {
	case x.Title == "" || strings.ContainsAny(x.Title, "\n\r"):
		t.Errorf("title %.80q", x.Title)
	case a.Markup != article.PlainText && a.Markup != article.Markdown && a.Markup != article.HTML:
		t.Errorf("markup %q", a.Markup)
	case len(x.Categories) > maxTerms || len(x.Tags) > maxTerms || len(a.Trace) > maxNotes || len(a.Edges) > leading+trailing:
		t.Error("too many of something")
	case x.Draft && x.DraftWhy == "":
		t.Error("a draft without a reason")
	case x.Link != "" && !absolute(x.Link):
		t.Errorf("link %q", x.Link)
	}
	for _, n := range a.Trace {
		if len(n.Text) > 200 {
			t.Errorf("note of %d bytes", len(n.Text))
		}
	}
	for _, e := range a.Edges {
		if len(e.Text) > 200 || e.Hash == 0 {
			t.Errorf("edge %+v", e)
		}
	}
}

func TestNamesWithQuotesAndSpaces(t *testing.T) {
	a := read(t, `in/it's "the" one & only <b>.md`, "![](x)")
	if a.Fields.Title != `It's "the" one & only <b>` {
		t.Errorf("title %q", a.Fields.Title)
	}
}

func TestRowOfDotsIsNoTitle(t *testing.T) {
	dots := strings.Repeat(".", 30)
	if a := read(t, "in/the-dots.md", dots+" "+dots+" word"); a.Fields.Title != "The dots" {
		t.Errorf("title %q", a.Fields.Title)
	}
}

func fuzz(f *testing.F, ext string, seeds ...string) {
	p, err := New(Options{Lang: "en"})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, _, err := p.Parse(context.Background(), File{Path: "dir/name" + ext, Raw: bytes.Clone(raw)})
		var fault *article.Fault
		if err != nil && (!errors.As(err, &fault) || fault.Err == "" || fault.Hint == "") {
			t.Errorf("error %v", err)
		}
		if err == nil && len(out) == 0 {
			t.Error("neither an article nor an error")
		}
		for _, a := range out {
			checkParsed(t, a)
		}
	})
}

func FuzzText(f *testing.F) {
	fuzz(f, ".txt", "T\nCategory\nTown\nPublication date\n\nT\n\nCap\nTwo\n\n"+story+"\n• a\n• b\n\nWe use cookies on our site.\n", "Title: A\nTags: b\n\nx", "—\n—", "\xef\xbb\xbf\xff", "- ", "Date\n2026-01-02", "\x1b$B", "a\x00b\x00 \x00")
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, ".md", "---\ntitle: A: b\ntags: [a, b]\ndate: 2026-01-02\n---\n# A\n\n![x](y.png)", "+++\na = 1\n+++\nx", "{\"title\":\"a\"}\nx", "a: b\n\nx", "---\n", "---\n---\n", "---\na: &a [*a]\n---", "{{< x >}}", "A\n===\n")
}

func FuzzPage(f *testing.F) {
	fuzz(f, ".html", saved(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>`, p1+p2), "<p>x", "<html><title>x", "<table><td><p>", "<svg><title>x</title></svg>", "<html><body><template><p>x", "&#4", "<title>&#1;</title><p>&#xfffe;<p>x&#2;")
}

func FuzzJSON(f *testing.F) {
	fuzz(f, ".json", `{"id":"1","title":"T","content_html":"<p>x</p>"}`, `{"items":[{"id":"1","content_text":"x"}]}`, `{"@graph":[{"@type":"NewsArticle","headline":"x","articleBody":"y"}]}`, `[{"title":"a","body":"b"}]`, `{"bodies":[{"value":"x"}],"headline":"y"}`)
}
