package body

import (
	"strings"

	"golang.org/x/net/html"
)

// writer writes HTML whose nesting is right by construction: containers (lists,
// quotes, tables) hold paragraphs, paragraphs hold inline elements, and nothing
// is opened before there is something to put into it. A block that stands
// inside an inline element ends the paragraph, and the inline element goes on
// in the next one. So no element is empty, none is left open, and parsing the
// result and writing it again gives the same bytes.
type writer struct {
	b     []byte
	boxes []*box // containers asked for, outermost first
	lit   int    // how many of boxes are written

	para     *box // the paragraph asked for; nil: one is made where text needs it
	open     *box // the paragraph that is written
	wrote    bool // the open paragraph has content
	space    bool // white space stands before the next content
	breaks   int  // line breaks stand before the next content
	newlines int  // likewise, inside pre

	inline []*span // inline elements asked for
	spans  []*span // inline elements written

	rule    int    // 1 + the number of containers around a thematic break that stands before the next block; 0: none
	started bool   // something was written, so a rule has something to divide
	blocky  bool   // the last thing written is the end of a block
	anchor  string // an id that waits for the next paragraph
	plain   plainWriter
}

// box is a block element.
type box struct {
	tag   string
	attrs string // " key=\"value\"…", escaped
	id    string
	// loose boxes put text of their own into <p>; the others hold it as it is.
	loose  bool
	bullet string // in plain text, before the first words
	gap    gap    // in plain text, before the box
	fresh  bool   // a list or table without an item or row yet
}

// span is an inline element. One that is interrupted by a block is written
// more than once, its id only once.
type span struct{ tag, attrs, id string }

var rootBox = box{loose: true}

// directBox is the unmarked paragraph of a box that holds text as it is.
var directBox = box{}

func (w *writer) box() *box {
	if len(w.boxes) == 0 {
		return &rootBox
	}
	return w.boxes[len(w.boxes)-1]
}

// in says that one of the containers is tag.
func (w *writer) in(tag string) bool {
	for _, b := range w.boxes {
		if b.tag == tag {
			return true
		}
	}
	return false
}

// phrasing says that only inline elements may stand here.
func (w *writer) phrasing() bool { return w.para != nil && w.para.tag != "p" }

func (w *writer) pre() bool { return w.para != nil && w.para.tag == "pre" }

// enter asks for a container; it is written when content comes.
func (w *writer) enter(b *box) {
	w.endParagraph()
	w.boxes = append(w.boxes, b)
}

func (w *writer) leave() {
	w.endParagraph()
	last := len(w.boxes) - 1
	if w.rule > last+1 {
		w.rule = 0
	}
	if w.lit == len(w.boxes) {
		if w.blocky {
			w.newline()
		}
		w.close(w.boxes[last].tag)
		w.lit--
		w.blocky = true
	}
	w.boxes = w.boxes[:last]
}

// paragraph asks for a paragraph, heading or other box of inline content.
func (w *writer) paragraph(b *box) {
	w.endParagraph()
	w.para = b
}

// endParagraph ends what paragraph asked for, or the paragraph that text made.
func (w *writer) endParagraph() {
	if w.open != nil {
		w.closeSpans(0)
		if w.open.tag != "" {
			w.close(w.open.tag)
			w.blocky = true
		}
		w.plain.end()
	}
	w.open, w.para, w.wrote, w.space, w.breaks, w.newlines = nil, nil, false, false, 0, 0
}

// light writes the containers that were asked for.
func (w *writer) light() {
	for ; ; w.lit++ {
		if w.rule == w.lit+1 {
			w.newline()
			w.b = append(w.b, "<hr>"...)
			w.rule, w.blocky = 0, true
		}
		if w.lit == len(w.boxes) {
			return
		}
		b := w.boxes[w.lit]
		w.newline()
		w.tag(b.tag, b.attrs, &b.id)
		w.plain.box(b)
		w.blocky = false
	}
}

// ready opens what content needs and writes what stands before it. It says
// whether the content starts its paragraph.
func (w *writer) ready() {
	if w.open != nil && w.breaks > 1 && w.open.tag == "p" {
		w.paragraph(&box{tag: "p"}) // two line breaks are how old pages part paragraphs
	}
	if w.open == nil {
		w.light()
		w.open = w.para
		if w.open == nil {
			w.open = &directBox
			if w.box().loose {
				w.open = &box{tag: "p"}
			}
		}
		if w.open.tag != "" {
			w.newline()
			if w.open.id == "" && w.anchor != "" {
				w.open.id, w.anchor = w.anchor, ""
			}
			w.tag(w.open.tag, w.open.attrs, &w.open.id)
		} else if w.blocky {
			w.newline()
		}
		w.plain.start()
		w.blocky = false
	}
	w.started = true
	same := 0
	for same < len(w.spans) && same < len(w.inline) && w.spans[same] == w.inline[same] {
		same++
	}
	w.closeSpans(same)
	switch {
	case !w.wrote:
	case w.newlines > 0:
		for range w.newlines {
			w.b = append(w.b, '\n')
			w.plain.raw("\n")
		}
	case w.breaks > 0:
		w.b = append(w.b, "<br>\n"...)
		w.plain.raw("\n")
	case w.space:
		w.b = append(w.b, ' ')
		if n := len(w.plain.b); n > 0 && w.plain.b[n-1] != ' ' { // a picture leaves nothing between
			w.plain.raw(" ")
		}
	}
	w.space, w.breaks, w.newlines, w.wrote = false, 0, 0, true
	for _, s := range w.inline[same:] {
		w.tag(s.tag, s.attrs, &s.id)
		w.spans = append(w.spans, s)
	}
}

// text writes text; runs of white space are one space, save in pre.
func (w *writer) text(s string) {
	if w.pre() {
		w.verbatim(s)
		return
	}
	for s != "" {
		if !w.wrote && strings.HasPrefix(s, "\u00a0") { // &nbsp; is how editors make empty paragraphs
			s = s[len("\u00a0"):]
			continue
		}
		if n := blanks(s); n > 0 {
			w.space = true
			s = s[n:]
			continue
		}
		n := nextBlank(s)
		// A single space inside text needs no ceremony.
		for n < len(s) && s[n] == ' ' && n+1 < len(s) && !isBlank(s[n+1]) {
			n += 1 + nextBlank(s[n+1:])
		}
		w.ready()
		w.b = appendEscaped(w.b, s[:n])
		w.plain.raw(s[:n])
		s = s[n:]
	}
}

// verbatim writes text of a pre, whose first and last line breaks are dropped.
func (w *writer) verbatim(s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	for s != "" {
		if s[0] == '\n' {
			w.newlines++
			s = s[1:]
			continue
		}
		line, _, _ := strings.Cut(s, "\n")
		w.ready()
		w.b = appendEscaped(w.b, line)
		w.plain.raw(line)
		s = s[len(line):]
	}
}

// atom writes an inline element that is whole in itself.
func (w *writer) atom(markup string) {
	w.ready()
	w.b = append(w.b, markup...)
}

// lineBreak asks for a <br>, which is written only between two contents.
func (w *writer) lineBreak() {
	if w.pre() {
		w.newlines++
	} else if w.wrote {
		w.breaks++
	}
}

// separate keeps apart what stood in blocks where there may be none.
func (w *writer) separate() {
	switch {
	case w.pre():
		if w.wrote && w.newlines == 0 {
			w.newlines = 1
		}
	case w.phrasing():
		w.space = true
	default:
		w.endParagraph()
	}
}

// horizontal asks for a thematic break, which is written only between blocks.
func (w *writer) horizontal() {
	if w.phrasing() {
		w.separate()
		return
	}
	w.endParagraph()
	if w.started {
		w.rule = len(w.boxes) + 1
	}
}

func (w *writer) push(s *span) { w.inline = append(w.inline, s) }

func (w *writer) pop() { w.inline = w.inline[:len(w.inline)-1] }

// inside says that an inline element is asked for already.
func (w *writer) inside(tag string) bool {
	for _, s := range w.inline {
		if s.tag == tag {
			return true
		}
	}
	return false
}

func (w *writer) closeSpans(keep int) {
	for len(w.spans) > keep {
		last := len(w.spans) - 1
		w.close(w.spans[last].tag)
		w.spans = w.spans[:last]
	}
}

func (w *writer) tag(tag, attrs string, id *string) {
	w.b = append(append(w.b, '<'), tag...)
	if *id != "" {
		w.b = append(w.b, attr("id", *id)...)
		*id = ""
	}
	w.b = append(append(w.b, attrs...), '>')
}

func (w *writer) close(tag string) {
	w.b = append(append(append(w.b, "</"...), tag...), '>')
}

func (w *writer) newline() {
	if n := len(w.b); n > 0 && w.b[n-1] != '\n' {
		w.b = append(w.b, '\n')
	}
}

// attr is one attribute with the space before it.
func attr(key, value string) string { return " " + key + `="` + html.EscapeString(value) + `"` }

// appendEscaped writes text the way html.EscapeString does.
func appendEscaped(b []byte, s string) []byte {
	last := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&#34;"
		case '\'':
			e = "&#39;"
		default:
			continue
		}
		b = append(append(b, s[last:i]...), e...)
		last = i + 1
	}
	return append(b, s[last:]...)
}

// isBlank is HTML's idea of white space (the no-break space is none).
func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func blanks(s string) int {
	n := 0
	for n < len(s) && isBlank(s[n]) {
		n++
	}
	return n
}

func nextBlank(s string) int {
	n := 0
	for n < len(s) && !isBlank(s[n]) {
		n++
	}
	return n
}

// gap is how blocks are parted in plain text.
type gap int

const (
	gapParagraph gap = iota
	gapLine
	gapCell
)
