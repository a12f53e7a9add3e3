package body

import (
	"net/url"
	"strconv"
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

// await keeps the id of an element that is not kept for the paragraph to come.
func (k *walker) await(n *html.Node, what kind) {
	if what != unknown && what != block && what != division && what != anchor && what != quote && what != box1 {
		return
	}
	name := get(n, "id")
	if name == "" && what == anchor {
		name = get(n, "name")
	}
	if what == anchor && has(n, "href") && k.open != nil {
		return // anchorElement writes it
	}
	if name != "" && k.anchor == "" && k.wanted[name] && !k.used[name] && isID(name) && (k.open == nil || n.FirstChild == nil) {
		k.used[name] = true
		k.anchor = name
	}
}

// id gives the id that an element keeps: one that a link of the body wants, or
// any of a heading; never one twice.
func (k *walker) id(n *html.Node, any bool) string {
	v := get(n, "id")
	if v == "" || !any && !k.wanted[v] || k.used[v] || !isID(v) {
		return ""
	}
	k.used[v] = true
	return v
}

func isID(s string) bool {
	return len(s) <= 200 && !strings.ContainsAny(s, " \t\n\r\f\"'<>&{}`"+tokenStart+tokenEnd) && article.Clean(s) == s
}

// direction keeps lang and dir.
func (k *walker) direction(n *html.Node) string {
	if len(n.Attr) == 0 {
		return ""
	}
	out := ""
	if d := strings.ToLower(get(n, "dir")); d == "ltr" || d == "rtl" || d == "auto" {
		out = attr("dir", d)
	}
	lang := get(n, "lang")
	if lang == "" {
		lang = get(n, "xml:lang")
	}
	if isLang(lang) {
		out += attr("lang", lang)
	}
	return out
}

// isLang says that s has the form of a BCP 47 tag.
func isLang(s string) bool {
	if len(s) < 2 || len(s) > 35 {
		return false
	}
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || i == 0 && (len(part) < 2 || strings.ContainsAny(part, "0123456789")) {
			return false
		}
		for j := 0; j < len(part); j++ {
			if c := part[j]; (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
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

// get gives an attribute's value, in which tokens may stand.
func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return cleanTokens(a.Val)
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// number gives an attribute that is a whole number of at most five digits.
func number(n *html.Node, key string) string {
	v := strings.TrimSuffix(strings.TrimSpace(get(n, key)), "px")
	if v == "" || len(v) > 5 || strings.Trim(v, "0123456789") != "" {
		return ""
	}
	return v
}

// wants gathers the ids that links of the body point to.
func wants(n *html.Node, base *url.URL, into map[string]bool) {
	if n.DataAtom == atom.A {
		for _, a := range n.Attr {
			if a.Key != "href" {
				continue
			}
			ref := strings.TrimSpace(a.Val)
			if base != nil {
				ref = strings.TrimPrefix(ref, base.String())
			}
			if !strings.HasPrefix(ref, "#") || len(ref) < 2 {
				continue
			}
			into[ref[1:]] = true
			if v, err := url.PathUnescape(ref[1:]); err == nil {
				into[v] = true
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		wants(c, base, into)
	}
}
