package body

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/article/growth"
)

// hostile are inputs that take naive renderers hours or all memory, made scale
// times shorter.
func hostile(scale int) map[string]string {
	r := func(s string, n int) string { return strings.Repeat(s, max(1, n/scale)) }
	ladder := func() string {
		var b strings.Builder
		for i := range 1300 {
			b.WriteString(r("`", i) + " ")
		}
		return b.String()
	}
	fonts := func() string {
		var b strings.Builder
		for i := range 400 {
			b.WriteString("<p><font size=" + r("1", i%9+1) + " x" + r("y", i/9) + "=1>")
		}
		return b.String() + r("<p>a", 200_000)
	}
	return map[string]string{
		"links never closed":      r("[a](", 60_000),
		"links of links":          r("[", 60_000) + "a" + r("](b)", 60_000),
		"brackets":                r("[", 100_000),
		"brackets in pairs":       r("[", 50_000) + "a" + r("]", 50_000),
		"closing brackets":        r("a](", 100_000),
		"images":                  r("![[]()", 60_000),
		"links with spaces":       r("[a](<b", 60_000),
		"references":              r("[a]: b\n", 60_000) + r("[a]", 50_000),
		"reference definitions":   r("[", 1) + r("a]: x\n[", 60_000),
		"footnotes":               r("[^1]", 60_000) + "\n\n[^1]: x\n",
		"footnotes never defined": r("[^", 100_000),
		"quotes":                  r(">", 20_000) + " a",
		"quotes with spaces":      r("> ", 20_000) + "a",
		"lists in lists":          r("- ", 20_000) + "a",
		"lists ever deeper": func() string {
			var b strings.Builder
			for i := range 900 {
				b.WriteString(r(" ", i*2) + "- a\n")
			}
			return b.String()
		}(),
		"numbered lists in lists":    r("1. ", 20_000) + "a",
		"dashes":                     r("- ", 200_000),
		"backticks":                  ladder(),
		"emphasis":                   r("*a **a ", 60_000),
		"emphasis closed":            r("a** ", 100_000),
		"emphasis mixed":             r("*a_ ", 100_000),
		"emphasis opened":            r("a**b", 60_000) + r("c* ", 60_000),
		"underlines":                 r("_", 200_000) + "a",
		"stars":                      r("*", 200_000) + "a" + r("*", 200_000),
		"strikes":                    r("~~a ", 100_000),
		"angles":                     r("<", 200_000),
		"comments":                   r("<!--", 100_000),
		"instructions":               r("<?", 100_000),
		"declarations":               r("<!A", 100_000),
		"character data":             r("<![CDATA[", 60_000),
		"tags never closed":          r("<a b=\"", 60_000),
		"addresses":                  r("http://", 60_000),
		"addresses in words":         r("www.a.", 60_000),
		"mail":                       r("a@", 150_000),
		"mail in one word":           r("a", 300_000) + "@" + r("a.", 100_000),
		"parentheses":                "[a](" + r("(", 200_000),
		"wide table":                 r("|a", 5_000) + "|\n" + r("|-", 5_000) + "|\n" + r("|b\n", 20_000),
		"pipes":                      r("|", 100_000) + "\n" + r("|-", 50_000),
		"tables":                     r("|a|\n|-|\n", 60_000),
		"definitions":                r("a\n: b\n", 60_000),
		"definitions in definitions": r(": ", 60_000) + "a",
		"headings alike":             r("# a\n", 100_000),
		"setext":                     r("a\n-\n", 100_000),
		"attributes":                 "# a {" + r("a=b ", 60_000) + "}",
		"attributes never closed":    r("# a {#", 60_000),
		"entities":                   r("&", 300_000),
		"escapes":                    r("\\", 300_000) + r("\\[", 100_000),
		"one line":                   r("word ", 200_000),
		"indented":                   r("    {{< a >}}\n\nb\n\n", 30_000),
		"nested tags":                r("<div>", 10_000) + "x" + r("</div>", 10_000),
		"nested inline tags":         r("<b>", 10_000) + "x",
		"nested tables":              r("<table><tr><td>", 5_000) + "x",
		"nested lists":               r("<ul><li>", 10_000) + "x",
		"nested spans":               r("<span lang=en>", 500) + r("<p>x", 50_000),
		"formatting never closed":    fonts(),
		"anchors":                    r("<a href=x>", 100_000) + "y",
		"anchors in paragraphs":      r("<p><a href=x><b><i>y", 50_000),
		"selects":                    r("<select><option>", 50_000),
		"unknown elements":           r("<x-y>", 10_000),
		"attributes of one tag":      "<p " + r("a ", 300_000) + ">x",
		"svg":                        r("<svg><g>", 5_000),
		"srcset":                     "<img src=a.png srcset='" + r("a 1x,", 100_000) + "'>",
		"shortcodes never closed":    r("{{< a ", 100_000),
		"shortcodes with quotes":     r("{{< a \"", 100_000),
		"shortcodes in shortcodes":   r("{{< a >}}", 60_000) + r("{{< /a >}}", 60_000),
		"shortcodes of code":         r("{{< highlight go >}}", 50_000),
		"liquid":                     r("{% raw %}", 60_000) + r("{{", 60_000),
		"liquid never closed":        r("{% a ", 100_000),
		"liquid highlights":          r("{% highlight a %}", 50_000),
		"expressions":                r("{{ a ", 100_000),
		"braces":                     r("{", 300_000) + r("}", 300_000),
		"components":                 r("<A {", 100_000),
		"components with quotes":     r("<A b={\"", 60_000),
		"captions":                   r("[caption a=\"", 60_000),
		"wikilinks":                  r("[[a", 100_000),
		"obsidian comments":          r("%%a\n", 100_000),
		"bullets":                    r("• a\n\n", 100_000),
		"short lines":                r("Short line\n\n", 80_000),
		"long word":                  r("a", 900_000),
		"combining marks":            "a" + r("\u0301", 200_000),
		"noncharacters":              r("&#xfdd0;0&#xfdd1;", 50_000),
	}
}

func TestHostileInputEndsSoonInLittleMemory(t *testing.T) {
	const most = 1 << 30
	scale := 4
	if os.Getenv("FEEDWRIGHT_HOSTILE") != "" { // all of it, a minute's work
		scale = 1
	}
	in := hostile(scale)
	whole := hostile(1)
	for _, name := range []string{"links never closed", "quotes", "nested tags", "formatting never closed"} {
		in[name] = whole[name]
	}
	for name, in := range in {
		for _, markup := range []article.Markup{article.PlainText, article.Markdown, article.HTML} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r, err := Render(markup, in, Options{Base: "https://example.org/a/", Title: "T"})
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Errorf("%s as %s: %v", name, markup, err)
			}
			growth.Linear(t, in, func(in string) {
				_, _ = Render(markup, in, Options{Base: "https://example.org/a/", Title: "T"})
			})
			if used := after.TotalAlloc - before.TotalAlloc; used > most {
				t.Errorf("%s as %s: allocated %d MB", name, markup, used>>20)
			}
			if len(r.HTML) > 40*len(in)+1000 {
				t.Errorf("%s as %s: %d bytes became %d", name, markup, len(in), len(r.HTML))
			}
		}
	}
}
