package body

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"feedwright/article"

	"golang.org/x/net/html"
)

var fuzzOptions = Options{
	Base: "https://example.org/article/a/", Title: "Title", Dir: "notes",
	Media: func(p string) string {
		if p == "notes/a.png" || p == "b.png" {
			return "https://example.org/media/" + p
		}
		return ""
	},
}

// seeds are small inputs that have every construct the renderer knows, and some
// that broke it.
var seeds = []string{
	"# Title\n\nText *a* **b** `c` [d](e) ![f](a.png)\n\n- g\n- h\n\n1. i\n\n> j\n\n---\n\n```go\n{{< x >}}\n```\n",
	"| a | b |\n|---|---|\n| c | d |\n\nTerm\n: Definition\n\nNote[^1]\n\n[^1]: Text.\n\n- [x] done",
	"{{< note title=\"A\" >}}\ninside\n{{< /note >}}\n[a]({{< ref \"b.md\" >}})\n{{% x %}}{{ y }}{% z %}{% raw %}{{ q }}{% endraw %}",
	"{{</* shown */>}} `{{< code >}}` {{< figure src=\"a.png\" caption=\"c\" >}} {{< youtube abc >}}",
	"![[a.png|x]] [[Note|n]] %%gone%%\n\n> [!note] T\n> text\n\nimport A from 'b'\n\n<A b={c}>d</A>\n",
	"[caption id=\"x\"]<img src=\"a.png\"> words[/caption] [gallery ids=\"1\"]",
	"<p>a<p>b<div>c<span lang=fr>d</span></div><ul><li>e<li>f</ul><table><tr><td>g<td>h</table>",
	"<b><p>a</p><p>b</p></b><a href=x><div>c</div></a><i>d<b>e</i>f</b>",
	"<li>a<dt>b<dd>c<figcaption>d</figcaption><summary>e</summary><td>f",
	"<dl><div><dt>a</dt><dd>b</dd></div>c</dl><ul>d<ul><li>e</ul></ul>",
	"<img src=a.png srcset='a.png 1x, b.png 2x' onerror=x><script>x</script><iframe src=//y.org/embed/z>",
	"<a href='java\nscript:x'>a</a><a href='&#106;avascript:x'>b</a><a href='data:text/html,x'>c</a>",
	"<svg><script>x</script></svg><math><mi>x</mi></math><style>p{}</style><noscript><p>y</noscript>",
	"<pre>\n\n a\n  b\n</pre><pre><code class=language-go>c\n</code></pre><xmp><b></xmp>",
	"<details><summary>a</summary><p>b</details><hr><hr><br><br>c<br>d<br><br>e<ruby>f<rt>g</ruby>",
	"<video src=a.mp4 poster=a.png><source src=b></video><audio><source src=c type=a/b></audio>",
	"<h1>Title</h1><h2>Title</h2><h1 id=a>b</h1><a href=#a>c</a><a name=d></a><p>e</p><a href=#d>f</a>",
	"Text\n\nHeading\n\n• a\n• b\n\n1. c\n2. d\n\n> e\n\nwww.example.org a@b.org https://x.y/(z).\n",
	"&#0;&#1;&#xfffe;&#xd800;\x00\x0b\ufffd&#123;&#123; x }}&#91;caption id=\"x\"]&#xfdd0;0&#xfdd1;",
	"[caption id=\"x||\xff\"<img \xffrc=\"a.png\"> words[/caption]",
	"<h2>T</h2><a name=d></a><p>e</p><a href=#d>",
	"<tABle><t><th ><tr><td><T>",
	"<h1>Title</h1><h2>Title<Ah2><h",
	"itle\n\n<h2>Ti<b id=a>b</b></h2><a href=#a>",
	"{<b></b>{ x }} {<!-- -->% y %} [<i></i>caption a=\"b\"]",
	"<table><caption>a</caption><thead><tr><th colspan=2>b</thead><tr><td><table><tr><td>c<td>d</table></table>",
	"<p dir=rtl>ا</p><div dir=rtl><p>ب</div><bdo dir=rtl>c</bdo><q>d</q><abbr title='e\"f'>g</abbr>",
	"    {{< a >}}\n\n    <p>b\n\n    code\n",
	"a\u00a0<b>\u00a0</b> <i> c </i>d<br> <br>e\u2028f\ufeffg",
}

func addSeeds(f *testing.F) {
	for _, s := range seeds {
		for m := range byte(3) {
			f.Add(m, s)
		}
	}
}

// FuzzRender holds every output to the promises of Rendered.
func FuzzRender(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, m byte, in string) {
		markup := []article.Markup{article.PlainText, article.Markdown, article.HTML}[m%3]
		out, err := Render(markup, in, fuzzOptions)
		if err != nil {
			t.Fatal(err)
		}
		checkPromises(t, out)
	})
}

var (
	tagPattern  = regexp.MustCompile(`<[^>]*>`)
	attrPattern = regexp.MustCompile(` ([a-zA-Z:-]+)="([^"]*)"`)
	idPattern   = regexp.MustCompile(` id="[^"]*"`)
	tagShape    = regexp.MustCompile(`^</?[a-z][a-z0-9]*( [a-z]+="[^"<>]*")*>$`)
)

func checkPromises(t *testing.T, out Rendered) {
	t.Helper()
	for _, w := range out.Warnings {
		if strings.Contains(w, "sanitiser") {
			t.Errorf("the walker wrote what the policy forbids: %q", out.HTML)
		}
	}
	for _, s := range []string{out.HTML, out.Text} {
		if article.Clean(s) != s {
			t.Errorf("illegal runes in %q", s)
		}
	}
	if strings.Contains(out.HTML, "{{") || strings.Contains(out.HTML, "{%") {
		t.Errorf("a template tag is left in %q", out.HTML)
	}
	for _, tag := range tagPattern.FindAllString(out.HTML, -1) {
		if !tagShape.MatchString(tag) {
			t.Errorf("odd tag %q in %q", tag, out.HTML)
		}
		name := strings.Trim(tag, "</>")
		name, _, _ = strings.Cut(name, " ")
		if !wellKnown[name] {
			t.Errorf("element %q in %q", name, out.HTML)
		}
		for _, a := range attrPattern.FindAllStringSubmatch(tag, -1) {
			checkAttribute(t, a[1], html.UnescapeString(a[2]), out.HTML)
		}
	}
	checkBalanced(t, out.HTML)
	// What a link without words pointed to keeps its id, and the link is gone. A
	// title that stood twice stands once now, and is not to be taken for it.
	untitled := fuzzOptions
	untitled.Title = ""
	again, _ := Render(article.HTML, out.HTML, untitled)
	if unmarked(again.HTML) != unmarked(out.HTML) {
		t.Errorf("not stable:\n%q\n%q", out.HTML, again.HTML)
	}
	for _, img := range out.Images {
		if !strings.Contains(out.HTML, html.EscapeString(img.URL)) && !strings.Contains(html.UnescapeString(out.HTML), img.URL) {
			t.Errorf("image %q is not in %q", img.URL, out.HTML)
		}
	}
}

// unmarked is HTML without ids, and without the spans that stood for them.
func unmarked(s string) string {
	return strings.NewReplacer("<span>", "", "</span>", "").Replace(idPattern.ReplaceAllString(s, ""))
}

var wellKnown = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption details summary table caption
		thead tbody tfoot tr td th hr br div a img video audio source em strong b i u s del ins sub sup small mark code kbd samp
		var abbr cite q dfn time bdi span ruby rt rp`) {
		m[s] = true
	}
	return m
}()

func checkAttribute(t *testing.T, key, value, all string) {
	t.Helper()
	switch key {
	case "href", "src", "poster":
		u, err := url.Parse(value)
		if err != nil || !u.IsAbs() || strings.Contains(strings.ToLower(u.Scheme), "script") || u.Scheme == "data" {
			t.Errorf("address %q in %q", value, all)
		}
		for _, r := range value {
			if r <= ' ' || r >= 0x7f {
				t.Errorf("address %q is no URI", value)
			}
		}
	case "srcset":
		for _, c := range strings.Split(value, ", ") {
			ref, _, _ := strings.Cut(c, " ")
			if u, err := url.Parse(ref); err != nil || !u.IsAbs() {
				t.Errorf("srcset %q in %q", value, all)
			}
		}
	case "id", "lang", "dir", "alt", "title", "width", "height", "controls", "type", "datetime", "class", "start", "reversed", "value", "colspan", "rowspan", "scope":
	default:
		t.Errorf("attribute %s=%q in %q", key, value, all)
	}
}

// checkBalanced reads tags with a stack, and knows what may not hold what.
func checkBalanced(t *testing.T, s string) {
	t.Helper()
	void := map[string]bool{"br": true, "hr": true, "img": true, "source": true}
	only := map[string]string{"ul": "li", "ol": "li", "dl": "dt dd", "table": "caption thead tbody tfoot", "thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "td th"}
	child := map[string]string{"li": "ul ol", "dt": "dl", "dd": "dl", "tr": "thead tbody tfoot", "td": "tr", "th": "tr", "figcaption": "figure", "summary": "details", "source": "video audio"}
	inline := "p h2 h3 h4 h5 h6 pre dt summary caption a em strong b i u s del ins sub sup small mark code kbd samp var abbr cite q dfn time bdi span ruby rt rp"
	flow := "p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption details summary table caption tr td th hr div"
	in := func(list, tag string) bool { return strings.Contains(" "+list+" ", " "+tag+" ") }
	var stack []string
	for _, tag := range tagPattern.FindAllString(s, -1) {
		name, _, _ := strings.Cut(strings.Trim(tag, "</>"), " ")
		if strings.HasPrefix(tag, "</") {
			if len(stack) == 0 || stack[len(stack)-1] != name {
				t.Errorf("%s closes nothing in %q", tag, s)
				return
			}
			stack = stack[:len(stack)-1]
			continue
		}
		parent := ""
		if len(stack) > 0 {
			parent = stack[len(stack)-1]
		}
		if o := only[parent]; o != "" && !in(o, name) || child[name] != "" && !in(child[name], parent) || in(inline, parent) && in(flow, name) {
			t.Errorf("<%s> in <%s> in %q", name, parent, s)
		}
		if name == "a" && in(strings.Join(stack, " "), "a") {
			t.Errorf("<a> in <a> in %q", s)
		}
		if !void[name] {
			stack = append(stack, name)
		}
	}
	if len(stack) > 0 {
		t.Errorf("%v left open in %q", stack, s)
	}
}
