package article

import (
	"strings"
	"sync"
	"unicode"
)

// The scripts that most texts are written in fold letter by letter, without
// regard to neighbours, and twenty times as fast by a table. It is made by the
// long way round, letter by letter, and holds only letters that fold alone as
// they do among others: so both ways give the same.
const (
	tableEnd   = 0x600  // Latin, Greek, Cyrillic, Armenian, Hebrew
	tableStart = 0x2000 // punctuation, signs, letterlike signs
	tableStop  = 0x2200
)

type folding struct {
	to   string // of a letter
	kind foldKind
}

type foldKind uint8

const (
	needsNeighbours foldKind = iota
	becomes                  // folding.to
	parts                    // no letter: words end here
	drops                    // an accent, a soft hyphen
)

func tabled(r rune) int {
	switch {
	case r < tableEnd:
		return int(r)
	case r >= tableStart && r < tableStop:
		return int(r - tableStart + tableEnd)
	}
	return -1
}

var foldTable = sync.OnceValue(func() *[tableEnd + tableStop - tableStart]folding {
	var t [tableEnd + tableStop - tableStart]folding
	for r := range rune(tableStop) {
		i := tabled(r)
		if i < 0 {
			continue
		}
		alone, among := foldSlowly(string(r)), foldSlowly("a"+string(r)+"a")
		switch {
		case alone != "" && among == "a"+alone+"a" && strings.IndexFunc(alone, unicode.IsMark) < 0:
			t[i] = folding{alone, becomes}
		case alone == "" && among == "a a":
			t[i].kind = parts
		case alone == "" && among == "aa":
			t[i].kind = drops
		}
	}
	return &t
})

// foldByTable folds a text if all its letters are in the table.
func foldByTable(s string) (string, bool) {
	table := foldTable()
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		f := folding{kind: parts}
		if i := tabled(r); i >= 0 {
			f = table[i]
		} else if r < 0x1f300 || r > 0x1faff { // pictures part words
			return "", false
		}
		switch f.kind {
		case needsNeighbours:
			return "", false
		case drops:
		case parts:
			gap = b.Len() > 0
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteString(f.to)
		}
	}
	return b.String(), true
}
