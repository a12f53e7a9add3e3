package store

import (
	"database/sql"

	"feedwright/article"
)

// away says that a record's file is gone, whether its article stays or not: it
// may come back, or turn up under another path.
func (r *record) away() bool { return r.state == article.Withdrawn || r.kept != 0 }

// wentAt is when the file went, 0 if that is not known.
func (r *record) wentAt() int64 { return max(r.withdrawn, r.kept) }

// vanish notes that a record's file is gone. Where articles outlive their files
// (KeepRemoved), one that readers have seen stays as it is; what nobody has
// seen yet goes in either case, without a trace.
func (id *identities) vanish(r *record) {
	switch {
	case r.away():
	case id.w.s.opt.KeepRemoved && r.state == article.Live && r.appeared > 0:
		r.kept, r.dirty = id.w.now, true
	default:
		id.w.withdraw(r)
	}
}

func (w *work) withdraw(r *record) {
	if r.state != article.Withdrawn {
		r.state, r.withdrawn, r.kept, r.dirty = article.Withdrawn, w.now, 0, true
	}
}

// letGo withdraws what stayed without its file while articles outlived their
// files, when they do so no longer.
func (w *work) letGo([][]*sight) error {
	if w.s.opt.KeepRemoved || w.m.kept == 0 || w.b.More {
		return nil
	}
	return each(w.ctx, w.tx, `SELECT `+columns+` FROM article WHERE kept <> 0 ORDER BY path`, nil, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if err != nil {
			return err
		}
		if r = w.keep(r); r.kept != 0 {
			w.withdraw(r)
		}
		return nil
	})
}

// loadAway finds records whose file is gone by a query over keys.
func (w *work) loadAway(where string, keys []any, tail string, f func(*record)) error {
	if err := load(w, where+` AND state = 2 `+tail, keys, f); err != nil || w.m.kept == 0 {
		return err
	}
	return load(w, where+` AND kept <> 0 `+tail, keys, f)
}
