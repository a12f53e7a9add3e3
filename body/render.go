package body

import (
	"strings"

	"feedwright/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Sizes beyond which a body is not rendered as it was meant: bytes. A novel has
// half a megabyte of text.
const (
	maxMarkdown = 1 << 20
	maxHTML     = 4 << 20
	maxText     = 8 << 20
)

// Render makes a body ready for readers. Rendering its own HTML again gives the
// same HTML. Any input has a result in bounded time and memory; the error is
// nil unless markup is none of article's.
func Render(markup article.Markup, body string, o Options) (Rendered, error) {
	switch markup {
	case article.PlainText, article.Markdown, article.HTML:
	default:
		return Rendered{}, &UnknownMarkupError{markup}
	}
	var warnings []string
	warn := func(s string) { warnings = append(warnings, s) }
	if len(body) > maxText {
		body = body[:maxText]
		warn("The text is longer than 8 MB and was cut there: split it into several articles.")
	}
	body = article.Clean(article.DropEdges(body, o.Drop))
	source, tags, broken := takeTags(markup, body)
	if broken {
		warn("A template tag ({{< … >}}) is opened and never closed: close it or take it out.")
	}
	doc, warning := parse(markup, source, tags)
	if warning != "" {
		warn(warning)
	}
	out := walk(doc, tags, o)
	out.HTML, warning = guard(out.HTML)
	if warning != "" {
		warn(warning)
	}
	out.Warnings = warnings
	return out, nil
}

// UnknownMarkupError names a markup that is none of article's.
type UnknownMarkupError struct{ Markup article.Markup }

// Error says what is wrong and what to do.
func (e *UnknownMarkupError) Error() string {
	return "unknown markup " + string(e.Markup) + ": use text, markdown or html"
}

// parse reads a body into a tree. What cannot be read as its markup is read as
// plain text, and the warning says why.
func parse(markup article.Markup, source string, tags *tokens) (doc *html.Node, warning string) {
	rendered := ""
	switch markup {
	case article.Markdown:
		if markup, warning = article.HTML, tooMuchMarkdown(source); warning == "" {
			rendered, warning = markdown(source, tags)
		}
		if warning == "" {
			warning = tooMuchHTML(rendered)
		}
		if warning != "" {
			markup = article.PlainText
			break
		}
		source = rendered
	case article.HTML:
		if warning = tooMuchHTML(source); warning != "" {
			source, markup = tagless(source), article.PlainText
		}
	}
	if markup == article.HTML {
		if doc, err := parseHTML(source); err == nil {
			return doc, warning
		}
		warning = "The HTML is nested too deeply and is shown as plain text: simplify it."
		source = tagless(source)
	}
	doc, err := parseHTML(plain(source))
	if err != nil { // plain nests three deep
		doc = &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	}
	return doc, warning
}

// parseHTML parses a fragment the way a page's body is, and gives its root.
func parseHTML(source string) (*html.Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(source), context, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// walk writes the tree by the rules of walker.
func walk(doc *html.Node, tags *tokens, o Options) Rendered {
	k := &walker{
		urls: newResolver(o, tags), tokens: tags,
		wanted: map[string]bool{}, used: map[string]bool{},
	}
	wants(doc, k.urls.base, k.wanted)
	k.skip = repeats(doc, o.Title)
	k.children(doc)
	k.endParagraph()
	return Rendered{HTML: string(k.b), Text: string(k.plain.b), Images: k.images, Removed: k.removed}
}

// maxBefore is how much text (a kicker, a date) may stand before a heading that
// repeats the title: bytes.
const maxBefore = 200

// repeats finds the first headings that say no more than the title does.
func repeats(doc *html.Node, title string) map[*html.Node]bool {
	title = article.Fold(title)
	if title == "" {
		return nil
	}
	skip := map[*html.Node]bool{}
	before := 0
	var visit func(*html.Node) bool
	visit = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			before += len(strings.TrimSpace(n.Data))
			return before <= maxBefore
		}
		if kinds[n.DataAtom] == heading && n.Namespace == "" {
			text := article.Fold(textOf(n, 1<<12))
			same := text == title && (n.DataAtom == atom.H1 || n.DataAtom == atom.H2)
			if same {
				skip[n] = true
			}
			return same || text == ""
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !visit(c) {
				return false
			}
		}
		return true
	}
	visit(doc)
	return skip
}

// tagless gives the text of HTML too wild to be parsed into a tree, with blank
// lines where blocks end.
func tagless(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return article.Clean(b.String())
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch kinds[atom.Lookup(name)] {
			case dropped:
				if a := atom.Lookup(name); a == atom.Script || a == atom.Style || a == atom.Title || a == atom.Textarea {
					z.Next()
				}
			case block, division, para, heading, list, item, terms, term, quote, preformat, box1, table:
				b.WriteString("\n\n")
			case breaker:
				b.WriteByte('\n')
			}
		}
	}
}

// formatting are the elements that a parser opens again in each block that
// follows, until they are closed.
var formatting = map[string]bool{
	"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true,
	"s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true,
}

// maxReopened bounds the elements that a parser makes of unclosed ones.
const maxReopened = 50_000

// tooMuchHTML says why a source must not be parsed into a tree: n elements that
// are never closed, before m blocks, would make n × m of them.
func tooMuchHTML(source string) string {
	if len(source) > maxHTML {
		return "The HTML is longer than 4 MB and is shown as plain text: split it into several articles."
	}
	open := map[string]int{}
	sum, cost := 0, 0
	for rest := source; ; {
		i := strings.IndexByte(rest, '<')
		if i < 0 || i+1 >= len(rest) {
			return ""
		}
		rest = rest[i+1:]
		end := rest[0] == '/'
		if end {
			rest = rest[1:]
		}
		n := 0
		for n < len(rest) && n < 8 && (rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z' || rest[n] >= '1' && rest[n] <= '6') {
			n++
		}
		name := strings.ToLower(rest[:n])
		switch {
		case !formatting[name]:
			cost += sum
		case !end:
			open[name]++
			sum++
		case open[name] > 0:
			open[name]--
			sum--
		}
		if cost > maxReopened+len(source)/16 {
			return "The HTML leaves too many elements open and is shown as plain text: close them."
		}
	}
}
