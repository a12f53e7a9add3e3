// Package body turns an article's body, as its file gave it, into clean HTML
// and plain text for readers. It is pure, and the only user of the Markdown
// renderer and the HTML sanitiser.
//
// The data's path: source → article.Article → publish → Render → feed.Item.
package body

import "feedwright/article"

// Options say where a body stands.
type Options struct {
	Base  string // absolute URL of the article's page: relative links and #anchors resolve to it
	Title string // a first heading that repeats it is dropped
	// Media gives the absolute URL of a local file (slash-separated, relative to
	// the source folder), or "" if there is no such file. A reference that is
	// relative in the body is tried here first, joined to Dir.
	Media func(path string) string
	Dir   string   // folder of the article's file, "" for the source folder itself
	Drop  []uint64 // article.ParagraphHash of learnt boilerplate
}

// Rendered is a body for readers.
type Rendered struct {
	HTML   string          // sanitised, balanced, every URL absolute, only article.Legal runes
	Text   string          // plain text, paragraphs separated by blank lines
	Images []article.Image // as they stand in HTML, in order, URL absolute
}
