package body

import (
	"strings"

	"feedwright/article"

	"golang.org/x/net/html"
)

// tag writes what a template tag means.
func (k *walker) tag(t *token) {
	switch t.means {
	case words:
		k.text(t.text)
		return
	case picture:
		if k.pictureTag(t) {
			return
		}
	case link:
		if u := k.urls.link(t.target); u != "" {
			k.linkTo(u, t.text, k.box().loose && !k.phrasing() && len(k.inline) == 0)
			return
		}
	case strong:
		k.separate()
		k.push(&span{tag: "strong"})
		k.text(t.text)
		k.pop()
		k.separate()
		return
	case quotation:
		k.quoteTag(t)
		return
	case listing:
		k.listingTag(t)
		return
	}
	if t.padded && !k.phrasing() {
		k.separate()
	}
	k.remove(t.name)
}

// pictureTag writes a picture that is on the web or in the folder, else its
// caption alone.
func (k *walker) pictureTag(t *token) bool {
	src := ""
	if isWeb(t.source) {
		src = k.urls.source(t.source)
	} else if t.source != "" {
		src = k.urls.local(strings.ReplaceAll(t.source, `\_`, "_"))
	}
	if src == "" && t.caption == "" {
		return false
	}
	framed := t.caption != "" && !k.phrasing()
	if framed {
		k.enter(&box{tag: "figure"})
	}
	if src == "" {
		k.remove(t.name)
	} else {
		href := ""
		if t.target != "" && !k.inside("a") {
			href = k.urls.link(t.target)
		}
		if href != "" {
			k.push(&span{tag: "a", attrs: attr("href", href)})
		}
		k.picture(src, article.Line(t.text), "")
		if href != "" {
			k.pop()
		}
	}
	if t.caption != "" {
		if framed {
			k.enter(&box{tag: "figcaption"})
		}
		k.space = true
		k.text(article.Line(html.UnescapeString(t.caption)))
		if framed {
			k.leave()
			k.leave()
		}
	}
	return true
}

func (k *walker) quoteTag(t *token) {
	if k.phrasing() {
		k.text(html.UnescapeString(t.text))
		return
	}
	k.enter(&box{tag: "blockquote", loose: true})
	k.text(html.UnescapeString(t.text))
	k.endParagraph()
	if t.caption != "" {
		k.text("— ")
		k.space = true
		k.text(html.UnescapeString(t.caption))
	}
	k.leave()
}

func (k *walker) listingTag(t *token) {
	s := &span{tag: "code"}
	if t.caption != "" && len(t.caption) < 32 && strings.Trim(t.caption, langRunes) == "" {
		s.attrs = attr("class", "language-"+t.caption)
	}
	if !k.phrasing() {
		k.paragraph(&box{tag: "pre"})
		defer k.endParagraph()
	}
	k.push(s)
	k.text(t.text)
	k.pop()
}
