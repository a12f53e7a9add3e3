package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"

	"feedwright/article"
)

// The index of words is FTS5's, but its lists are read here, from the tables in
// which it keeps them: asked in SQL, it makes a row of each article that holds a
// word, and the commonest words stand in nearly all of them. The format is laid
// down in the comments of SQLite's fts5_index.c and cannot change, as newer
// versions must read what older ones wrote. What this program does not know of
// it is errUnknownIndex, and then the question is asked in SQL.
//
// An index is a few segments, each a file of its own: pages of terms in order,
// behind each term the rows that hold it and where. What is deleted in a
// contentless index stays in its segment, and the row's number is noted among
// the segment's tombstones.

var errUnknownIndex = errors.New("the index of words is laid out in an unknown way")

// Places in the table of an index's pages.
const (
	structureRow  = 10      // what segments there are
	segmentBits   = 37      // a page's row is its segment's number, then its own
	tombstones    = 1 << 16 // added to a segment's number: its tombstones
	mainIndex     = '0'     // begins each term
	knownVersion  = 4
	maxSegments   = 2000
	pagesAtOnce   = 64
	originsFollow = "\xff\x00\x00\x01" // in a structure: segments tell of origins and tombstones
	pageHead      = 4                  // bytes before a page's content
)

// segment is one of an index: pages first to last.
type segment struct {
	id, first, last int64
	graves          int64 // pages of tombstones
}

// wordIndex reads one of the tables made by FTS5, within a transaction.
type wordIndex struct {
	ctx   context.Context
	tx    *sql.Tx
	table string
	last  article.Number // no row is beyond

	stmts map[string]*sql.Stmt // by their text: reading one took as long as running it; the transaction closes them
}

// each hands the rows of a query to f.
func (x *wordIndex) each(query string, args []any, f func(*sql.Rows) error) error {
	st := x.stmts[query]
	if st == nil {
		var err error
		if st, err = x.tx.PrepareContext(x.ctx, query); err != nil {
			return err
		}
		if x.stmts == nil {
			x.stmts = map[string]*sql.Stmt{}
		}
		x.stmts[query] = st
	}
	rows, err := st.QueryContext(x.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// segments lists what the index is made of.
func (x *wordIndex) segments() ([]segment, error) {
	var version int64
	if err := x.tx.QueryRowContext(x.ctx, `SELECT v FROM `+x.table+`_config WHERE k = 'version'`).Scan(&version); err != nil {
		return nil, absent(err)
	}
	if version != knownVersion {
		return nil, fmt.Errorf("version %d: %w", version, errUnknownIndex)
	}
	var b []byte
	err := x.tx.QueryRowContext(x.ctx, `SELECT block FROM `+x.table+`_data WHERE id = $1`, structureRow).Scan(&b)
	if err != nil {
		return nil, absent(err)
	}
	return structure(b)
}

func absent(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errUnknownIndex
	}
	return err
}

// structure reads the record of an index's segments.
func structure(b []byte) ([]segment, error) {
	if len(b) < 4 {
		return nil, errUnknownIndex
	}
	r := reader{b: b[4:]} // a counter of changed settings
	origins := bytes.HasPrefix(r.b, []byte(originsFollow))
	if origins {
		r.off += len(originsFollow)
	}
	levels, total := r.number(), r.number()
	r.number() // a counter of writes
	if levels > maxSegments || total > maxSegments {
		return nil, errUnknownIndex
	}
	var list []segment
	for range levels {
		r.number() // how many are being merged
		for n := r.number(); n > 0 && !r.bad; n-- {
			s := segment{id: int64(r.number()), first: int64(r.number()), last: int64(r.number())}
			if origins {
				r.number()
				r.number()
				s.graves = int64(r.number())
				r.number()
				r.number()
			}
			if s.first > s.last || s.last >= 1<<31 || s.graves >= 1<<31 {
				return nil, errUnknownIndex
			}
			list = append(list, s)
		}
	}
	if r.bad || uint64(len(list)) != total {
		return nil, errUnknownIndex
	}
	return list, nil
}

// buried gives the rows that are deleted from a segment, nil for none.
func (x *wordIndex) buried(s segment) (numberSet, error) {
	if s.graves == 0 {
		return nil, nil
	}
	rows := newNumberSet(x.last)
	first := (s.id + tombstones) << segmentBits
	err := x.each(`SELECT block FROM `+x.table+`_data WHERE id BETWEEN $1 AND $2`, []any{first, first + s.graves - 1}, func(r *sql.Rows) error {
		var b sql.RawBytes
		if err := r.Scan(&b); err != nil {
			return err
		}
		if len(b) < 8 || b[0] != 4 { // of other widths are only numbers that no article has
			return errUnknownIndex
		}
		for b = b[8:]; len(b) >= 4; b = b[4:] {
			if n := binary.BigEndian.Uint32(b); n != 0 && !rows.add(uint64(n)) {
				return errUnknownIndex
			}
		}
		return nil
	})
	return rows, err
}

// page is one of a segment: its content, and behind it where its terms begin.
type page struct {
	b      []byte
	end    int    // of the content
	starts reader // of terms, each as the distance from the one before
	term   int    // where the next term begins; the content's end if none does
}

func newPage(b []byte) (page, error) {
	if len(b) < pageHead {
		return page{}, errUnknownIndex
	}
	p := page{b: b, end: int(binary.BigEndian.Uint16(b[2:]))}
	if p.end < pageHead || p.end > len(b) {
		return page{}, errUnknownIndex
	}
	p.starts = reader{b: b, off: p.end}
	return p, p.nextTerm()
}

// row is where the first row begins that goes on a list of the page before, 0
// if none does.
func (p *page) row() int { return int(binary.BigEndian.Uint16(p.b)) }

func (p *page) hasTerms() bool { return p.end < len(p.b) }

// nextTerm finds where the next term begins.
func (p *page) nextTerm() error {
	if p.starts.off >= len(p.b) {
		p.term = p.end
		return nil
	}
	at := uint64(p.term) + p.starts.number()
	if p.starts.bad || at < pageHead || at >= uint64(p.end) || at <= uint64(p.term) {
		return errUnknownIndex
	}
	p.term = int(at)
	return nil
}

// seek finds a term in the page and gives where its list begins, 0 if it is not
// there. Then p.term is where the list ends, if it does on this page.
func (p *page) seek(term []byte) (int, error) {
	var is []byte
	for first := true; p.term < p.end; first = false {
		r := reader{b: p.b[:p.end], off: p.term}
		kept := uint64(0)
		if !first {
			kept = r.number()
		}
		n := r.number()
		if r.bad || kept > uint64(len(is)) || n > uint64(p.end-r.off) {
			return 0, errUnknownIndex
		}
		is = append(is[:kept], p.b[r.off:r.off+int(n)]...)
		if err := p.nextTerm(); err != nil {
			return 0, err
		}
		switch bytes.Compare(is, term) {
		case 0:
			return r.off + int(n), nil
		case 1:
			return 0, nil
		}
	}
	return 0, nil
}

// reader reads the numbers of SQLite: up to nine bytes, the highest first.
type reader struct {
	b   []byte
	off int
	bad bool
}

func (r *reader) number() uint64 {
	if r.off < len(r.b) && r.b[r.off] < 0x80 {
		r.off++
		return uint64(r.b[r.off-1])
	}
	var n uint64
	for i := range 9 {
		if r.off >= len(r.b) {
			r.bad = true
			return 0
		}
		c := r.b[r.off]
		r.off++
		if i == 8 {
			return n<<8 | uint64(c)
		}
		if n = n<<7 | uint64(c&0x7f); c < 0x80 {
			return n
		}
	}
	return n
}
