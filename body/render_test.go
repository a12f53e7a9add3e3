package body

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"feedwright/article"
)

func render(t *testing.T, markup article.Markup, in string, o Options) Rendered {
	t.Helper()
	r, err := Render(markup, in, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLearntBoilerplateIsDroppedAtTheEdgesOnly(t *testing.T) {
	banner := "We use cookies."
	r := render(t, article.PlainText, banner+"\n\nA.\n\n"+banner+"\n\nB.\n\n"+banner, Options{Drop: []uint64{article.ParagraphHash(banner)}})
	if want := "A.\n\nWe use cookies.\n\nB."; r.Text != want {
		t.Errorf("text is %q, want %q", r.Text, want)
	}
}

func TestUnknownMarkupIsRefused(t *testing.T) {
	_, err := Render("troff", "x", Options{})
	if e := (*UnknownMarkupError)(nil); !errors.As(err, &e) || e.Markup != "troff" {
		t.Errorf("error is %v", err)
	}
}

func TestImagesAreListedAsTheyStand(t *testing.T) {
	r := render(t, article.Markdown, "![One](a.png) text ![Two](https://example.org/b.png)\n\n{{< figure src=\"a.png\" alt=\"Three\" >}}", fuzzOptions)
	want := []article.Image{
		{URL: "https://example.org/media/notes/a.png", Alt: "One"},
		{URL: "https://example.org/b.png", Alt: "Two"},
		{URL: "https://example.org/media/notes/a.png", Alt: "Three"},
	}
	if len(r.Images) != len(want) {
		t.Fatalf("images are %v", r.Images)
	}
	for i := range want {
		if r.Images[i] != want[i] {
			t.Errorf("image %d is %v, want %v", i, r.Images[i], want[i])
		}
	}
}

func TestWithoutBaseNothingRelativeIsLeft(t *testing.T) {
	r := render(t, article.HTML, `<a href="a.html">a</a><a href="#b">b</a><img src="c.png"><a href="https://example.org/d">d</a>`, Options{})
	if want := `<p>ab<a href="https://example.org/d">d</a></p>`; r.HTML != want {
		t.Errorf("HTML is %s, want %s", r.HTML, want)
	}
}

func TestLocalFilesAreTriedInTheFolderFirst(t *testing.T) {
	var asked []string
	o := Options{Base: "https://example.org/x/", Dir: "news/2026", Media: func(p string) string {
		asked = append(asked, p)
		if p == "pics/å b.png" {
			return "https://cdn.example.org/pics/%C3%A5%20b.png"
		}
		return ""
	}}
	r := render(t, article.HTML, `<img src="pics/%C3%A5%20b.png?v=1" alt="">`, o)
	if want := `<p><img src="https://cdn.example.org/pics/%C3%A5%20b.png" alt=""></p>`; r.HTML != want {
		t.Errorf("HTML is %s, want %s", r.HTML, want)
	}
	if len(asked) < 2 || asked[0] != "news/2026/pics/å b.png" || asked[1] != "pics/å b.png" {
		t.Errorf("asked for %q", asked)
	}
	asked = nil
	render(t, article.HTML, `<img src="../../../../etc/passwd"><img src="/../x"><a href="..">up</a>`, o)
	for _, p := range asked {
		if strings.HasPrefix(p, "..") || strings.HasPrefix(p, "/") {
			t.Errorf("asked for %q, outside the folder", p)
		}
	}
}

func TestWhatCannotBeRenderedBecomesTextWithAWarning(t *testing.T) {
	for name, c := range map[string]struct {
		markup article.Markup
		in     string
	}{
		"tangled Markdown": {article.Markdown, "Start. " + strings.Repeat("[a](", 60_000)},
		"nested quotes":    {article.Markdown, strings.Repeat(">", 20_000) + " Start."},
		"long Markdown":    {article.Markdown, "Start. " + strings.Repeat("word ", 300_000)},
		"deep HTML":        {article.HTML, strings.Repeat("<div>", 10_000) + "Start."},
		"deep in Markdown": {article.Markdown, strings.Repeat("<div>", 10_000) + "Start."},
		"unclosed HTML":    {article.HTML, "Start." + strings.Repeat("<font a>", 400) + strings.Repeat("<p>x", 50_000)},
	} {
		r := render(t, c.markup, c.in, Options{})
		if len(r.Warnings) != 1 || !strings.Contains(r.Text, "Start.") {
			t.Errorf("%s: warnings %q, text %.40q", name, r.Warnings, r.Text)
		}
	}
}

func TestFallbackStillHidesTemplateTags(t *testing.T) {
	r := render(t, article.Markdown, "Start {{< secret >}} on.\n\n"+strings.Repeat("[a](", 60_000), Options{})
	if strings.Contains(r.Text, "secret") || !strings.Contains(r.Text, "Start on.") {
		t.Errorf("text is %.60q", r.Text)
	}
}

func TestOneBodyRendersTheSameInManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for _, s := range seeds {
		want := render(t, article.Markdown, s, fuzzOptions).HTML
		for range 4 {
			wg.Go(func() {
				if r, err := Render(article.Markdown, s, fuzzOptions); err != nil || r.HTML != want {
					t.Errorf("%q: %v, %q", s, err, r.HTML)
				}
			})
		}
	}
	wg.Wait()
}

func TestPolicyTakesOutWhatTheWriterShouldNotWrite(t *testing.T) {
	out, warning := guard(`<p onclick="x">a<script>b</script></p>`)
	if warning == "" || strings.Contains(out, "onclick") || strings.Contains(out, "script") {
		t.Errorf("guard gave %q, %q", out, warning)
	}
}

func TestExcerptCutsAtSentencesAndWords(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"Short.", 20, "Short."},
		{"Two\n\nparagraphs  here", 40, "Two paragraphs here"},
		{"The first sentence. The second one.", 25, "The first sentence."},
		{"The U.S. Army came to the long bridge", 20, "The U.S. Army came…"},
		{"He said \"Go.\" Then he left the room", 20, "He said \"Go.\""},
		{"One very long sentence, without any end", 24, "One very long sentence…"},
		{"橋は月曜日に開通しました。三年間の工事が終わりました。", 15, "橋は月曜日に開通しました。"},
		{"橋は月曜日に開通しました三年間の工事が", 10, "橋は月曜日に開通し…"},
		{"Перше речення. Друге речення тут", 20, "Перше речення."},
		{"aaaaaaaaaaaaaaaaaaaa", 5, "aaaa…"},
		{"e\u0301e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"word", 0, ""},
		{"word more", 1, "…"},
		{"", 5, ""},
	} {
		if got := Excerpt(c.text, c.n); got != c.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add("A sentence. Another, longer one; and more", 20)
	f.Add("橋は月曜日。e\u0301\u200d", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := Excerpt(s, n)
		if utf8.RuneCountInString(got) > max(n, 0) {
			t.Errorf("Excerpt(%q, %d) = %q, too long", s, n, got)
		}
		if strings.ContainsAny(got, "\n\t") {
			t.Errorf("Excerpt(%q, %d) = %q, more than a line", s, n, got)
		}
	})
}

// article4KB is a text of usual shape and size.
var article4KB = strings.Repeat("## A heading\n\nThe *bridge* was opened on [Monday](https://example.org/monday) after **three years** of works, said \"the mayor\", and it's long.\n\n- ten million\n- three years\n\nThe second bridge is to be opened in spring, when the snow has gone and the river is low, by the same people who made the first of them.\n\n", 12)

func BenchmarkMarkdown4KB(b *testing.B) {
	b.SetBytes(int64(len(article4KB)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(article.Markdown, article4KB, fuzzOptions); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkText4KB(b *testing.B) {
	b.SetBytes(int64(len(article4KB)))
	for b.Loop() {
		if _, err := Render(article.PlainText, article4KB, fuzzOptions); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHTML4KB(b *testing.B) {
	r, err := Render(article.Markdown, article4KB, fuzzOptions)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(r.HTML)))
	for b.Loop() {
		if _, err := Render(article.HTML, r.HTML, fuzzOptions); err != nil {
			b.Fatal(err)
		}
	}
}
