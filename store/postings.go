package store

import (
	"database/sql"
	"errors"
)

// cursor goes along the rows that hold a term, in one segment.
type cursor struct {
	x      *wordIndex
	seg    segment
	graves numberSet
	at     int64    // number of the page, and
	page   page     //
	off    int      // where in it the next row begins
	ahead  [][]byte // pages that follow it
	more   int64    // how many were read at once: from one on, most lists being short
	whole  bool     // the next row's number is not told as the distance from the last

	row       uint64
	positions []byte // of the row, until it goes on
	joined    []byte // positions of a row that is on several pages
}

// seek goes to before the first row of a term; false if no row holds it.
func (c *cursor) seek(term []byte) (bool, error) {
	n := int64(0) // on which page, and in the lowest bit what is of no use here
	err := c.x.each(`SELECT pgno FROM `+c.x.table+`_idx WHERE segid = $1 AND term <= $2 ORDER BY term DESC LIMIT 1`, []any{c.seg.id, term}, func(r *sql.Rows) error {
		return r.Scan(&n)
	})
	if err != nil {
		return false, err
	}
	c.at = max(n/2, c.seg.first) - 1
	if ok, err := c.turn(); err != nil || !ok {
		return false, err
	}
	c.off, err = c.page.seek(term)
	c.whole = true
	return c.off > 0, err
}

// turn takes the next page; false if there is none.
func (c *cursor) turn() (bool, error) {
	if c.at >= c.seg.last {
		return false, nil
	}
	if len(c.ahead) == 0 {
		if err := c.read(); err != nil {
			return false, err
		}
	}
	var err error
	c.page, err = newPage(c.ahead[0])
	c.ahead = c.ahead[1:]
	c.at++
	c.off = pageHead
	return true, err
}

// read reads the pages that follow.
func (c *cursor) read() error {
	c.more = min(max(1, 2*c.more), pagesAtOnce)
	first := c.seg.id<<segmentBits + c.at + 1
	last := min(first+c.more-1, c.seg.id<<segmentBits+c.seg.last)
	err := c.x.each(`SELECT id, block FROM `+c.x.table+`_data WHERE id BETWEEN $1 AND $2 ORDER BY id`, []any{first, last}, func(r *sql.Rows) error {
		var id int64
		var b []byte
		if err := r.Scan(&id, &b); err != nil {
			return err
		}
		if id != first+int64(len(c.ahead)) {
			return errUnknownIndex
		}
		c.ahead = append(c.ahead, b)
		return nil
	})
	if err == nil && len(c.ahead) == 0 {
		err = errUnknownIndex
	}
	return err
}

// next goes to the next row that is not deleted; false if there is none.
func (c *cursor) next() (bool, error) {
	for {
		if ok, err := c.step(); err != nil || !ok {
			return false, err
		}
		if c.graves == nil || !c.graves.has(c.row) {
			return true, nil
		}
	}
}

func (c *cursor) step() (bool, error) {
	if c.off >= c.page.end {
		if ok, err := c.toRow(); err != nil || !ok {
			return false, err
		}
	} else if c.off >= c.page.term {
		return false, nil
	}
	r := reader{b: c.page.b[:c.page.end], off: c.off}
	n := r.number()
	if !c.whole {
		n += c.row
	}
	size := r.number()
	if r.bad || n <= c.row || size < 2 || size%2 != 0 { // marks of deletion belong to other kinds of index
		return false, errUnknownIndex
	}
	c.row, c.whole, c.off = n, false, r.off
	if end := c.off + int(size/2); size < 1<<20 && end <= c.page.end {
		c.positions, c.off = c.page.b[c.off:end], end
		return true, nil
	}
	return true, c.take(size / 2)
}

// toRow goes to where the next row begins, on the next page; false if the list
// is at its end.
func (c *cursor) toRow() (bool, error) {
	if ok, err := c.turn(); err != nil || !ok {
		return false, err
	}
	row := c.page.row()
	switch {
	case row == 0 && c.page.hasTerms() && c.row != 0:
		return false, nil
	case row < pageHead || row >= c.page.term:
		return false, errUnknownIndex
	}
	c.off, c.whole = row, true
	return true, nil
}

// take reads a row's positions, n bytes, which go on for pages.
func (c *cursor) take(n uint64) error {
	c.joined = append(c.joined[:0], c.page.b[c.off:c.page.end]...)
	for n -= uint64(len(c.joined)); n > 0; {
		if ok, err := c.turn(); err != nil || !ok {
			return errors.Join(errUnknownIndex, err)
		}
		here := min(n, uint64(c.page.term-c.off))
		if here == 0 {
			return errUnknownIndex
		}
		c.joined = append(c.joined, c.page.b[c.off:c.off+int(here)]...)
		c.off += int(here)
		n -= here
	}
	c.positions, c.whole = c.joined, true
	return nil
}
