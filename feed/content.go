package feed

import (
	"html"
	"strconv"
	"strings"
)

// Lengths of texts that are made here, in runes.
const (
	excerptRunes = 280 // a summary for an article that has none
	titleRunes   = 80  // a title for Atom, which wants one
)

// words gives what a feed of fullness c tells of an item: a summary as plain
// text, and HTML. Either may be empty.
//
//	full     the summary if the article has one, and the whole text
//	summary  the summary, else the text's start; never the text
//	both     as full, and an article without a summary gets the text's start
//
// An unknown fullness is full. A correction stands at the top of whatever is
// read first.
func words(it *Item, c Content) (summary, body string) {
	summary = block(it.Summary)
	if summary == "" && (c == Summary || c == Both) {
		summary = excerpt(it.Text, excerptRunes)
	}
	note := block(it.Correction)
	if c == Summary {
		return strings.TrimSpace(note + "\n\n" + summary), ""
	}
	body = block(it.HTML)
	if body == "" {
		body = paragraphs(block(it.Text))
	}
	body = figure(it.Image, body) + body
	if note != "" {
		body = "<p><strong>" + htmlText.Replace(note) + "</strong></p>\n" + body
	}
	return summary, body
}

// paragraphs is plain text as HTML.
func paragraphs(text string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + htmlText.Replace(p) + "</p>\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// summaryHTML is a plain summary as HTML, in paragraphs if it has several.
func summaryHTML(s string) string {
	if strings.Contains(s, "\n\n") {
		return paragraphs(s)
	}
	return htmlText.Replace(s)
}

// figure is the main picture as HTML for the top of a text that does not show
// it itself: some readers know no other picture than one in the text.
func figure(p *Picture, body string) string {
	if p == nil {
		return ""
	}
	src := webURL(p.URL)
	if src == "" || strings.Contains(body, html.EscapeString(src)) || strings.Contains(body, src) {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<figure><img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(line(p.Alt)) + `"`)
	if p.Width > 0 && p.Height > 0 {
		b.WriteString(` width="` + strconv.Itoa(p.Width) + `" height="` + strconv.Itoa(p.Height) + `"`)
	}
	b.WriteString(">")
	if c := line(p.Caption); c != "" {
		b.WriteString("<figcaption>" + htmlText.Replace(c) + "</figcaption>")
	}
	b.WriteString("</figure>\n")
	return b.String()
}

// heading is a channel's title: its own, else the address of its page.
func heading(ch *Channel) string {
	if t := line(ch.Title); t != "" {
		return t
	}
	if h := webURL(ch.Home); h != "" {
		return h
	}
	return "Feed"
}
