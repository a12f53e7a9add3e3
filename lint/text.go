package lint

import (
	"sort"
	"strings"
)

// text is a value with the place of each part of it in the document, so that a
// fault inside can be pointed at: entities and escapes make the value's bytes
// differ from the document's.
type text struct {
	s     string
	marks []mark // by ascending from
}

// mark says that from an offset in the value on, bytes stand one for one from
// an offset in the document on.
type mark struct{ from, at int }

// offset is the place in the document of the value's byte i.
func (t text) offset(i int) int {
	n := sort.Search(len(t.marks), func(k int) bool { return t.marks[k].from > i })
	if n == 0 {
		return 0
	}
	m := t.marks[n-1]
	return m.at + i - m.from
}

// trim cuts white space off both ends.
func (t text) trim() text {
	s := strings.TrimLeft(t.s, spaces)
	return t.slice(len(t.s)-len(s), len(strings.TrimRight(s, spaces)))
}

// slice is n bytes of t from byte i on.
func (t text) slice(i, n int) text {
	out := text{s: t.s[i : i+n]}
	if len(t.marks) > 0 {
		out.marks = append(out.marks, mark{0, t.offset(i)})
	}
	for _, m := range t.marks {
		if m.from > i && m.from < i+n {
			out.marks = append(out.marks, mark{m.from - i, m.at})
		}
	}
	return out
}

// start is the place of the value.
func (t text) start() int { return t.offset(0) }

const spaces = " \t\r\n"

// textBuilder collects a value.
type textBuilder struct {
	b     strings.Builder
	marks []mark
	end   int // where the last piece ended in the document
}

// add appends s, which stands at an offset of the document, size bytes long.
func (b *textBuilder) add(s string, at, size int) {
	if b.marks == nil || at != b.end || len(s) != size {
		b.marks = append(b.marks, mark{b.b.Len(), at})
	}
	b.b.WriteString(s)
	b.end = at + size
	if len(s) != size {
		b.end = -1 // what follows needs a mark of its own
	}
}

func (b *textBuilder) text() text { return text{b.b.String(), b.marks} }
