package body

import (
	"strings"

	"feedwright/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// styled writes an inline element. One inside its like says nothing new.
func (k *walker) styled(n *html.Node) {
	tag := n.Data
	if r := renamed[tag]; r != "" {
		tag = r
	}
	s := &span{tag: tag, attrs: k.direction(n)}
	switch tag {
	case "code":
		k.code++
		defer func() { k.code-- }()
		s.attrs += codeClass(n)
	case "abbr", "dfn":
		if t := article.Line(k.tokens.inText(get(n, "title"))); t != "" {
			s.attrs += attr("title", t)
		}
	case "time":
		if t := article.Line(get(n, "datetime")); t != "" && len(t) <= 40 && !strings.Contains(t, tokenStart) {
			s.attrs += attr("datetime", t)
		}
	case "rt", "rp":
		if !k.inside("ruby") {
			tag = ""
		}
	case "ruby":
		if k.inside("rt") {
			tag = ""
		}
	}
	if tag != "" && !k.inside(tag) {
		s.id = k.id(n, false)
	}
	if tag == "" || k.inside(tag) && tag != "span" || tag == "span" && (s.attrs == "" && s.id == "" || k.inside("span")) {
		k.children(n)
		return
	}
	k.push(s)
	k.children(n)
	k.pop()
}

// codeClass keeps the name of a programming language.
func codeClass(n *html.Node) string {
	for c := range strings.FieldsSeq(get(n, "class")) {
		if l, ok := strings.CutPrefix(c, "language-"); ok && l != "" && len(l) < 32 && strings.Trim(l, langRunes) == "" {
			return attr("class", "language-"+l)
		}
	}
	return ""
}

const langRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_."

// anchorElement writes a link; without an address that a reader can follow its
// words stay.
func (k *walker) anchorElement(n *html.Node) {
	ref := get(n, "href")
	href := ""
	if ref != "" && !k.inside("a") {
		if href = k.urls.link(ref); href == "" && k.tokens.inURL(ref) != "" {
			k.remove("link " + ref)
		}
	}
	if href == "" {
		if id := k.id(n, false); id != "" && !k.inside("span") {
			k.push(&span{tag: "span", id: id})
			defer k.pop()
		}
		k.children(n)
		return
	}
	s := &span{tag: "a", attrs: attr("href", href), id: k.id(n, false)}
	if t := article.Line(k.tokens.inText(get(n, "title"))); t != "" {
		s.attrs += attr("title", t)
	}
	s.attrs += k.direction(n)
	if strings.Trim(textOf(n, 64), "↩\ufe0e ") == "" && strings.Contains(textOf(n, 64), "↩") {
		k.plain.mute = true // the way back from a footnote
		defer func() { k.plain.mute = false }()
	}
	k.push(s)
	k.linkOf(n)
	k.pop()
}

// linkOf writes what a link holds. A link around nothing but a picture that
// cannot be shown would vanish with it: it keeps the picture's description.
func (k *walker) linkOf(n *html.Node) {
	before, first := len(k.b), k.open == nil
	k.children(n)
	if len(k.b) != before {
		return
	}
	if alt := k.altOf(n, 0); alt != "" {
		k.space = true
		k.text(alt)
		k.space = true
		if first && k.box().loose {
			k.separate() // as the picture would have
		}
	}
}

// altOf finds the description of the first picture in n.
func (k *walker) altOf(n *html.Node, depth int) string {
	if n.DataAtom == atom.Img && !isPixel(n) {
		return article.Line(k.tokens.inText(get(n, "alt")))
	}
	if n.Type == html.TextNode {
		if _, t, _ := k.tokens.cut(n.Data); t != nil && t.means == picture {
			return article.Line(t.text)
		}
	}
	if depth > 8 {
		return ""
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if alt := k.altOf(c, depth+1); alt != "" {
			return alt
		}
	}
	return ""
}

// foreign writes what can be said of SVG and MathML.
func (k *walker) foreign(n *html.Node) {
	if n.DataAtom == atom.Math || n.Data == "math" {
		if alt := article.Line(get(n, "alttext")); alt != "" {
			k.text(alt)
		} else {
			k.text(mathText(n))
		}
	}
	k.remove("<" + n.Data + ">")
}

// mathText gives a formula's text without its annotations.
func mathText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(strings.TrimSpace(n.Data))
		}
		if strings.HasPrefix(n.Data, "annotation") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return article.Clean(b.String())
}

// textOf gives the text inside n, at least max bytes of it if there are.
func textOf(n *html.Node, max int) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil && b.Len() < max; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// form keeps the text of a form that wraps a page, and drops one to fill in.
func (k *walker) form(n *html.Node) {
	if len(strings.Join(strings.Fields(textOf(n, 4096)), " ")) < 500 && !holds(n, atom.P, 0) {
		k.remove("<form>")
		return
	}
	k.apart(n)
}

// quiet keeps what noscript holds, unless it repeats the picture before it.
func (k *walker) quiet(n *html.Node) {
	if img := find(n, atom.Img); img != nil && len(k.images) > 0 {
		if k.urls.source(get(img, "src")) == k.images[len(k.images)-1].URL {
			return
		}
	}
	k.children(n)
}

func find(n *html.Node, a atom.Atom) *html.Node {
	if n.DataAtom == a {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, a); f != nil {
			return f
		}
	}
	return nil
}
