package store

import (
	"container/heap"

	"feedwright/article"
)

// find puts the rows that hold a phrase, or hold it in their title, into a set.
// It knows no phrase that is open at its end.
func (x *wordIndex) find(p article.Phrase, title bool, into numberSet) error {
	if p.Open || len(p.Tokens) == 0 {
		return errUnknownIndex
	}
	segments, err := x.segments()
	if err != nil {
		return err
	}
	var lists []*rowList
	for _, t := range p.Tokens {
		l, err := x.list(segments, t)
		if err != nil || len(l.cursors) == 0 {
			return err
		}
		lists = append(lists, l)
	}
	if len(lists) == 1 {
		return lists[0].all(title, into)
	}
	return together(lists, title, into)
}

// rowList is the rows that hold a term, of all segments: a heap of the cursors
// that have rows left.
type rowList struct {
	cursors []*cursor
}

// list stands at its first row, if it has any.
func (x *wordIndex) list(segments []segment, token string) (*rowList, error) {
	term := append([]byte{mainIndex}, token...)
	l := new(rowList)
	for _, s := range segments {
		if s.last == 0 { // all of it has been merged into another
			continue
		}
		c := &cursor{x: x, seg: s}
		if ok, err := c.seek(term); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		var err error
		if c.graves, err = x.buried(s); err != nil {
			return nil, err
		}
		if ok, err := c.next(); err != nil {
			return nil, err
		} else if ok {
			l.cursors = append(l.cursors, c)
		}
	}
	heap.Init(l)
	return l, nil
}

func (l *rowList) Len() int           { return len(l.cursors) }
func (l *rowList) Less(i, j int) bool { return l.cursors[i].row < l.cursors[j].row }
func (l *rowList) Swap(i, j int)      { l.cursors[i], l.cursors[j] = l.cursors[j], l.cursors[i] }
func (l *rowList) Push(x any)         { l.cursors = append(l.cursors, x.(*cursor)) }
func (l *rowList) Pop() any {
	last := l.cursors[len(l.cursors)-1]
	l.cursors = l.cursors[:len(l.cursors)-1]
	return last
}

// all puts the rows into a set. Their order does not matter.
func (l *rowList) all(title bool, into numberSet) error {
	for _, c := range l.cursors {
		for ok := true; ok; {
			if (!title || c.positions[0] != columnFollows) && !into.add(c.row) {
				return errUnknownIndex
			}
			var err error
			if ok, err = c.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

// to goes to the first row that is not before a given one; false if there is
// none.
func (l *rowList) to(row uint64) (bool, error) {
	for len(l.cursors) > 0 {
		c := l.cursors[0]
		if c.row >= row {
			return true, nil
		}
		ok, err := true, error(nil)
		for ok && c.row < row {
			if ok, err = c.next(); err != nil {
				return false, err
			}
		}
		if !ok {
			heap.Pop(l)
		} else if !l.sorted() {
			heap.Fix(l, 0)
		}
	}
	return false, nil
}

// sorted says whether the first cursor need not move in the heap: segments
// hardly mix their rows, so it seldom must.
func (l *rowList) sorted() bool {
	for _, c := range l.cursors[1:min(3, len(l.cursors))] {
		if c.row < l.cursors[0].row {
			return false
		}
	}
	return true
}

// together finds the rows in which the terms of the lists stand side by side.
func together(lists []*rowList, title bool, into numberSet) error {
	var s sideBySide
	for row := uint64(1); ; {
		same := true
		for _, l := range lists {
			if ok, err := l.to(row); err != nil || !ok {
				return err
			}
			if is := l.cursors[0].row; is > row {
				row, same = is, false
			}
		}
		if !same {
			continue
		}
		holds, err := s.holds(lists, title)
		if err != nil {
			return err
		}
		if holds && !into.add(row) {
			return errUnknownIndex
		}
		row++
	}
}

// sideBySide compares lists of positions; it keeps what it needs for that.
type sideBySide struct {
	ends, here []uint64
}

// holds says whether the terms stand side by side in the row at which all the
// lists are.
func (s *sideBySide) holds(lists []*rowList, title bool) (bool, error) {
	var err error
	for i, l := range lists {
		if s.here, err = places(s.here[:0], l.cursors[0].positions, title); err != nil {
			return false, err
		}
		if i > 0 {
			s.here = following(s.here, s.ends)
		}
		if len(s.here) == 0 {
			return false, nil
		}
		s.ends, s.here = s.here, s.ends
	}
	return true, nil
}

// following keeps those of the places that come right after one of the others;
// both rise.
func following(places, others []uint64) []uint64 {
	kept := places[:0]
	for _, p := range places {
		for len(others) > 0 && others[0]+1 < p {
			others = others[1:]
		}
		if len(others) > 0 && others[0]+1 == p {
			kept = append(kept, p)
		}
	}
	return kept
}

// Marks in a list of positions: a column's number follows; else the distance
// from the last position, and this much.
const (
	columnFollows = 1
	distanceFrom  = 2
)

// places reads a list of positions, those of the first column, the title, alone
// if wanted. A place is a column's number and a position in it; no place is next
// to one of another column.
func places(into []uint64, list []byte, title bool) ([]uint64, error) {
	r := reader{b: list}
	at := uint64(0)
	for r.off < len(list) {
		n := r.number()
		switch {
		case n == columnFollows && title:
			return into, nil
		case n == columnFollows:
			at = r.number() << 32
			continue
		case n < distanceFrom:
			return nil, errUnknownIndex
		}
		at += n - distanceFrom
		into = append(into, at)
	}
	if r.bad {
		return nil, errUnknownIndex
	}
	return into, nil
}
