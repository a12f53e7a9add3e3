package parse

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedwright/article"
)

// blocksOf writes the blocks inside an element, a blank line between them.
// Wrappers that hold all of it are unwrapped. A character reference may have
// brought in what no feed may hold.
func blocksOf(n *html.Node) string {
	for {
		only := onlyChild(n)
		if only == nil || only.DataAtom != atom.Div && only.DataAtom != atom.Article && only.DataAtom != atom.Section && only.DataAtom != atom.Main && only.DataAtom != atom.Body {
			break
		}
		n = only
	}
	var out []string
	var inline bytes.Buffer
	flush := func() {
		if s := strings.TrimSpace(article.Clean(inline.String())); s != "" {
			out = append(out, s)
		}
		inline.Reset()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.CommentNode {
			continue
		}
		if standsAlone(c) {
			flush()
		}
		if err := html.Render(&inline, c); err != nil {
			continue // a void element with children: nothing a parser makes
		}
		if standsAlone(c) {
			flush()
		}
	}
	flush()
	return strings.Join(out, "\n\n")
}

// onlyChild gives the one child that is more than space, or nil.
func onlyChild(n *html.Node) *html.Node {
	var one *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.CommentNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		if one != nil {
			return nil
		}
		one = c
	}
	return one
}

var inlines = wordSet("a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr img font")

func standsAlone(n *html.Node) bool { return n.Type == html.ElementNode && !inlines[n.Data] }
