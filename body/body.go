// Package body turns an article's body, as its file gave it, into clean HTML
// and plain text for readers. It is the only user of the Markdown renderer and
// the HTML sanitiser. It is pure: the same body and Options give the same bytes
// on every machine, at any time; limits are counted in work, never in seconds.
// It never reads a file, a clock or the network, and it never fails on an
// input: what cannot be rendered as it was meant is rendered as plain text, and
// a Warning says so.
//
// The data's path: source → article.Article → publish → Render → feed.Item.
// Inside: the body's template tags (Hugo, Liquid, WordPress, Obsidian, MDX)
// become inert tokens (template.go, token.go) → plain text or Markdown becomes
// HTML (plain.go, markdown.go) → that is parsed (render.go), and written anew by
// rules under which no output is unbalanced, unsafe or relative (walk.go says
// what may stay, writer.go writes it, url.go resolves addresses) → a second lock
// (policy.go).
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
	HTML     string          // sanitised, balanced, every URL absolute, only article.Legal runes
	Text     string          // plain text, paragraphs separated by blank lines
	Images   []article.Image // as they stand in HTML, in order, URL absolute
	Removed  []string        // what was taken out ("<script>", "{{< tmp >}}", "tracking image …"), each once, at most maxRemoved
	Warnings []string        // sentences: what could not be rendered as it was meant, and what to do
}

// maxRemoved bounds Rendered.Removed.
const maxRemoved = 50
