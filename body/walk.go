package body

import (
	"strings"

	"feedwright/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker reads a parsed body and says to the writer what may stay of it.
type walker struct {
	writer
	urls    *resolver
	tokens  *tokens
	skip    map[*html.Node]bool // headings that repeat the title
	wanted  map[string]bool     // ids that links of the body point to
	used    map[string]bool     // ids given
	images  []article.Image
	removed []string
	seen    map[string]bool // of removed
	code    int             // depth of code and pre
	lists   []int           // the next number of each list around, -1 for bullets
}

// kind is what an element is to the walker.
type kind uint8

const (
	unknown  kind = iota // its tags are dropped, its content stays
	dropped              // with all that it holds
	block                // its tags are dropped, its content stands apart
	division             // div: a block, kept where it has a language or direction
	para
	heading
	item
	list
	terms
	term
	quote
	preformat
	box1 // figure, figcaption, details, dd: a container as it is
	table
	styled // inline, kept
	anchor
	image
	player
	frame
	rule
	breaker
	form
	quiet // noscript
)

var kinds = map[atom.Atom]kind{
	atom.Script: dropped, atom.Style: dropped, atom.Template: dropped, atom.Link: dropped, atom.Meta: dropped,
	atom.Base: dropped, atom.Title: dropped, atom.Head: dropped, atom.Svg: dropped, atom.Canvas: dropped,
	atom.Applet: dropped, atom.Select: dropped, atom.Datalist: dropped, atom.Option: dropped, atom.Optgroup: dropped,
	atom.Textarea: dropped, atom.Button: dropped, atom.Param: dropped, atom.Area: dropped, atom.Map: dropped,
	atom.Col: dropped, atom.Colgroup: dropped, atom.Frameset: dropped, atom.Frame: dropped, atom.Noframes: dropped,
	atom.Dialog: dropped, atom.Track: dropped, atom.Source: dropped, atom.Noembed: dropped, atom.Input: dropped,

	atom.Section: block, atom.Article: block, atom.Main: block, atom.Header: block, atom.Footer: block,
	atom.Nav: block, atom.Aside: block, atom.Hgroup: block, atom.Address: block, atom.Center: block,
	atom.Tr: block, atom.Td: block, atom.Th: block, atom.Caption: block, atom.Tbody: block,
	atom.Fieldset: block, atom.Legend: block, atom.Body: block, atom.Html: block, atom.Search: block,
	atom.Div: division, atom.P: para, atom.Form: form, atom.Noscript: quiet,
	atom.H1: heading, atom.H2: heading, atom.H3: heading, atom.H4: heading, atom.H5: heading, atom.H6: heading,
	atom.Ul: list, atom.Ol: list, atom.Menu: list, atom.Dir: list, atom.Li: item,
	atom.Dl: terms, atom.Dt: term, atom.Dd: box1, atom.Summary: term,
	atom.Blockquote: quote, atom.Pre: preformat, atom.Listing: preformat, atom.Xmp: preformat, atom.Plaintext: preformat,
	atom.Figure: box1, atom.Figcaption: box1, atom.Details: box1, atom.Table: table,
	atom.Hr: rule, atom.Br: breaker, atom.A: anchor, atom.Img: image, atom.Picture: unknown,
	atom.Video: player, atom.Audio: player, atom.Iframe: frame, atom.Embed: frame, atom.Object: frame,

	atom.Em: styled, atom.Strong: styled, atom.B: styled, atom.I: styled, atom.U: styled, atom.S: styled,
	atom.Strike: styled, atom.Del: styled, atom.Ins: styled, atom.Sub: styled, atom.Sup: styled, atom.Small: styled,
	atom.Mark: styled, atom.Code: styled, atom.Kbd: styled, atom.Samp: styled, atom.Var: styled, atom.Tt: styled,
	atom.Abbr: styled, atom.Acronym: styled, atom.Cite: styled, atom.Q: styled, atom.Dfn: styled, atom.Time: styled,
	atom.Bdi: styled, atom.Bdo: styled, atom.Span: styled, atom.Font: styled, atom.Ruby: styled, atom.Rt: styled, atom.Rp: styled,
}

// renamed are elements of old whose meaning has a name today.
var renamed = map[string]string{"strike": "s", "tt": "code", "acronym": "abbr", "bdo": "span", "font": "span"}

func (k *walker) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		k.words(n.Data)
	case html.ElementNode:
		k.element(n)
	}
}

// words writes text, in which template tags stand as tokens.
func (k *walker) words(s string) {
	if k.code > 0 {
		k.text(article.Clean(k.tokens.inCode(s)))
		return
	}
	for {
		before, tag, after := k.tokens.cut(s)
		if tag != nil && tag.means <= address {
			before, after = unlinked(before, after)
		}
		k.text(article.Clean(before))
		if tag == nil {
			return
		}
		k.tag(tag)
		s = after
	}
}

// unlinked takes a link of Markdown that stands in HTML, where it is none, and
// whose address was a tag: [words]( ) becomes its words.
func unlinked(before, after string) (string, string) {
	head, ok := strings.CutSuffix(before, "](")
	open := strings.LastIndexByte(head, '[')
	end := strings.IndexByte(after[:min(len(after), 300)], ')')
	if !ok || open < 0 || end < 0 {
		return before, after
	}
	return head[:open] + head[open+1:], after[end+1:]
}

func (k *walker) element(n *html.Node) {
	if n.Namespace != "" {
		k.foreign(n)
		return
	}
	if k.skip[n] || concealed(n) {
		return
	}
	what := kinds[n.DataAtom]
	if k.phrasing() {
		switch what {
		case block, division, para, heading, list, item, terms, term, quote, preformat, box1, table, form:
			k.separate()
			k.children(n)
			k.separate()
			return
		}
	}
	k.await(n, what)
	switch what {
	case unknown:
		k.unknown(n)
	case dropped:
		k.drop(n)
	case block:
		k.apart(n)
	case division:
		k.division(n)
	case para:
		k.inBox(&box{tag: "p", attrs: k.direction(n), id: k.id(n, false)}, n)
	case heading:
		tag := n.Data
		if tag == "h1" {
			tag = "h2"
		}
		k.inBox(&box{tag: tag, attrs: k.direction(n), id: k.id(n, true)}, n)
	case list, item, terms, term, quote, preformat, box1:
		k.container(n, what)
	case table:
		k.table(n)
	case styled:
		k.styled(n)
	case anchor:
		k.anchorElement(n)
	case image:
		k.image(n)
	case player:
		k.player(n)
	case frame:
		k.frame(n)
	case rule:
		k.horizontal()
	case breaker:
		k.lineBreak()
	case form:
		k.form(n)
	case quiet:
		k.quiet(n)
	}
}

// unknown keeps what an element of no known meaning holds. An element of the
// author's own, unlike an inline one of HTML, is worth a note.
func (k *walker) unknown(n *html.Node) {
	if n.DataAtom == 0 && !strings.Contains(n.Data, ":") {
		k.remove("<" + n.Data + ">")
	}
	k.children(n)
}

func (k *walker) apart(n *html.Node) {
	k.separate()
	k.children(n)
	k.separate()
}

func (k *walker) inBox(b *box, n *html.Node) {
	k.paragraph(b)
	k.children(n)
	k.endParagraph()
}

func (k *walker) division(n *html.Node) {
	attrs := k.direction(n)
	if attrs == "" || !k.box().loose || len(k.boxes) > 100 {
		k.apart(n)
		return
	}
	k.enter(&box{tag: "div", attrs: attrs, loose: true})
	k.children(n)
	k.leave()
}

// concealed says that a page would not show the element.
func concealed(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if a.Val == "true" && !holds(n, atom.Img, 0) {
				return true
			}
		case "style":
			s := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") || strings.Contains(s, "mso-hide:all") {
				return true
			}
		}
	}
	return false
}

// holds says that n is or contains an element, looking a few levels down.
func holds(n *html.Node, a atom.Atom, depth int) bool {
	if n.DataAtom == a {
		return true
	}
	if depth > 4 {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if holds(c, a, depth+1) {
			return true
		}
	}
	return false
}

func (k *walker) drop(n *html.Node) {
	if n.DataAtom == atom.Input {
		if strings.EqualFold(get(n, "type"), "checkbox") && has(n, "disabled") { // a task list
			if has(n, "checked") {
				k.text("☑ ")
			} else {
				k.text("☐ ")
			}
		}
		return
	}
	if n.DataAtom != atom.Col && n.DataAtom != atom.Colgroup {
		k.remove("<" + n.Data + ">")
	}
}

// remove notes what was taken out.
func (k *walker) remove(what string) {
	what = article.Line(what)
	if len(what) > 200 {
		what = strings.ToValidUTF8(what[:200], "") + "…"
	}
	if what == "" || k.seen[what] || len(k.removed) >= maxRemoved {
		return
	}
	if k.seen == nil {
		k.seen = map[string]bool{}
	}
	k.seen[what] = true
	k.removed = append(k.removed, what)
}
