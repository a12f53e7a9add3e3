package body

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// wideLines joins lines of Chinese and Japanese, which are broken between any
// two characters and put no space between words. Every other line break stays
// and reads as a space. (goldmark's own option drops the break before any
// inline element too, and glues the words around it.)
type wideLines struct{}

func (wideLines) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker gives no error
		t, ok := n.(*ast.Text)
		if !ok || !entering || !t.SoftLineBreak() {
			return ast.WalkContinue, nil
		}
		last, _ := utf8.DecodeLastRune(t.Value(source))
		if unspaced(last) && unspaced(firstRune(t.NextSibling(), source)) {
			t.SetSoftLineBreak(false)
		}
		return ast.WalkContinue, nil
	})
}

// firstRune is the first character of what n and its first children say.
func firstRune(n ast.Node, source []byte) rune {
	for ; n != nil; n = n.FirstChild() {
		if t, ok := n.(*ast.Text); ok {
			r, _ := utf8.DecodeRune(t.Value(source))
			return r
		}
	}
	return 0
}

// unspaced says that a script puts no space between words at this character.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff01 && r <= 0xff60 // their punctuation, full-width forms
}
