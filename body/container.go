package body

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// children writes what n holds. Content that may not stand where it does (an
// item without a list, words between items) gets the container it lacks.
func (k *walker) children(n *html.Node) {
	if k.phrasing() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			k.node(c)
		}
		return
	}
	around, lacks := k.box().tag, ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if need, known := lacking(around, c); known && need != lacks {
			k.unimply(lacks)
			k.imply(need)
			lacks = need
		}
		k.node(c)
	}
	k.unimply(lacks)
}

// lacking gives the container that c lacks inside around; known is false for
// what can stand anywhere.
func lacking(around string, c *html.Node) (need string, known bool) {
	what := kinds[c.DataAtom]
	switch {
	case c.Type == html.TextNode:
		if strings.TrimSpace(c.Data) == "" {
			return "", false
		}
	case c.Type != html.ElementNode || what == dropped:
		return "", false
	}
	through := c.Type == html.ElementNode && (what == block || what == division || what == unknown)
	switch around {
	case "ul", "ol":
		if what != item && !through {
			return "li", true
		}
	case "dl":
		if c.DataAtom != atom.Dt && c.DataAtom != atom.Dd && !through {
			return "dd", true
		}
	default:
		if what == item {
			return "ul", true
		}
		if c.DataAtom == atom.Dt || c.DataAtom == atom.Dd {
			return "dl", true
		}
	}
	return "", true
}

func (k *walker) imply(tag string) {
	switch tag {
	case "ul":
		k.beginList(&box{tag: "ul"}, -1)
	case "li":
		k.enter(k.item())
	case "dl", "dd":
		k.enter(&box{tag: tag})
	}
}

func (k *walker) unimply(tag string) {
	switch tag {
	case "ul":
		k.endList()
	case "li", "dl", "dd":
		k.leave()
	}
}

func (k *walker) container(n *html.Node, what kind) {
	if need, _ := lacking(k.box().tag, n); need != "" { // what children implied lacks something itself
		k.imply(need)
		defer k.unimply(need)
	}
	switch what {
	case list:
		k.list(n)
	case item:
		b := k.item()
		b.id = k.id(n, false)
		b.attrs = k.direction(n)
		if v := number(n, "value"); v != "" && k.box().tag == "ol" {
			b.attrs += attr("value", v)
		}
		k.enter(b)
		k.children(n)
		k.leave()
	case terms:
		k.enter(&box{tag: "dl", attrs: k.direction(n)})
		k.children(n)
		k.leave()
	case term:
		k.term(n)
	case quote:
		k.enter(&box{tag: "blockquote", attrs: k.direction(n), loose: true})
		k.children(n)
		k.leave()
	case preformat:
		k.code++
		k.inBox(&box{tag: "pre", attrs: k.direction(n)}, n)
		k.code--
	case box1:
		k.loose(n)
	}
}

// term writes dt and summary, which live only in their own containers.
func (k *walker) term(n *html.Node) {
	in := k.box().tag
	if n.DataAtom == atom.Summary && (in != "details" || k.lit == len(k.boxes)) {
		k.apart(n)
		return
	}
	b := &box{tag: n.Data, attrs: k.direction(n), id: k.id(n, false)}
	k.inBox(b, n)
}

// loose writes figure, figcaption, details and dd.
func (k *walker) loose(n *html.Node) {
	in := k.box().tag
	b := &box{tag: n.Data, attrs: k.direction(n), loose: n.DataAtom == atom.Details}
	switch n.DataAtom {
	case atom.Dd:
		b.gap = gapLine
		b.id = k.id(n, false)
	case atom.Figcaption:
		if in != "figure" {
			k.apart(n)
			return
		}
	}
	k.enter(b)
	k.children(n)
	k.leave()
}

func (k *walker) list(n *html.Node) {
	b := &box{tag: "ul", attrs: k.direction(n), id: k.id(n, false)}
	first := -1
	if n.DataAtom == atom.Ol {
		b.tag, first = "ol", 1
		if v := number(n, "start"); v != "" && v != "1" {
			b.attrs += attr("start", v)
			first, _ = strconv.Atoi(v)
		}
		if has(n, "reversed") {
			b.attrs += attr("reversed", "")
		}
		if t := get(n, "type"); len(t) == 1 && strings.Contains("aAiI", t) {
			b.attrs += attr("type", t)
		}
	}
	k.beginList(b, first)
	k.children(n)
	k.endList()
}

func (k *walker) beginList(b *box, first int) {
	b.fresh = true
	k.enter(b)
	k.lists = append(k.lists, first)
}

func (k *walker) endList() {
	k.leave()
	k.lists = k.lists[:len(k.lists)-1]
}

// item makes the next item of the list around, with its bullet for plain text.
func (k *walker) item() *box {
	b := &box{tag: "li", gap: gapLine}
	if len(k.lists) == 0 {
		return b
	}
	if list := k.box(); len(k.lists) == 1 && list.fresh {
		b.gap, list.fresh = gapParagraph, false
	}
	last := &k.lists[len(k.lists)-1]
	b.bullet = bulletOf(*last >= 0, *last)
	if *last >= 0 {
		*last++
	}
	return b
}
