package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"feedwright/article"
)

// Apply commits a batch: see article.Store. What it decides is described where
// it is decided: identity.go, dates.go, appear.go, learn.go.
func (s *Store) Apply(ctx context.Context, b article.Batch) (article.Outcome, error) {
	sights, err := s.sightsOf(b.Changes)
	if err != nil {
		return article.Outcome{}, err
	}
	spooled, err := s.keepTexts(b, sights)
	if err != nil {
		return article.Outcome{}, s.eng.explain(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all article.Outcome
	for {
		w, err := s.commit(ctx, b, func(w *work) error {
			if b.More && w.m.scan == 0 {
				w.m.scan = ms(b.Now)
			}
			return errors.Join(w.apply(sights), spooled(w))
		})
		if err != nil {
			return article.Outcome{}, err
		}
		o := w.outcome()
		all.Touched, all.Spellings, all.Reports = append(all.Touched, o.Touched...), append(all.Spellings, o.Spellings...), append(all.Reports, o.Reports...)
		if !w.unfinished {
			break
		}
		b.Changes, sights, spooled = nil, nil, nothing
	}
	if !b.More {
		s.mem.scan = 0
	}
	s.unread = s.mem.unread
	s.stir()
	return all, nil
}

// commit has f do its work in one transaction, and then extends the ledger's
// copy. After an error nothing has happened, and what is kept in memory is read
// anew. s.mu is held.
func (s *Store) commit(ctx context.Context, b article.Batch, f func(*work) error) (*work, error) {
	var w *work
	err := s.writing(ctx, func(tx *sql.Tx) error {
		if s.mem == nil {
			m, err := loadMemory(ctx, tx)
			if err != nil {
				return fmt.Errorf("read the ledger: %w", err)
			}
			s.mem = m
		}
		w = newWork(ctx, s, tx, b)
		return f(w)
	})
	if err != nil {
		s.mem = nil
		return nil, err
	}
	s.extendLedger(ctx, w.lines)
	return w, nil
}

// work is one batch being applied: records are loaded, decided upon in memory,
// and written in bulk.
type work struct {
	ctx context.Context
	s   *Store
	tx  *sql.Tx
	m   *memory
	b   article.Batch
	now int64

	recs    map[article.Number]*record // loaded or new, until flushed
	before  map[article.Number]*article.Entry
	after   map[article.Number]*article.Entry
	touched []article.Number // in the order of first change
	forced  map[article.Number]bool
	fresh   map[article.Number]bool // not there before this batch

	files     map[string]*article.FileState // as remembered, of the batch's paths
	candidate map[edgeKey]bool              // edges that came in this batch
	spellings []article.Spelling
	saved     int // how many of spellings are written
	reports   []article.Report
	lines     []line                 // for the ledger's copy
	lineOf    map[article.Number]int // where in lines an article's stands
	wrote     bool                   // anything at all was written
	// More articles appear than one transaction should hold, and nobody can see
	// them yet: another follows.
	unfinished bool
	moved      bool // of an Unseen batch: an article was touched

	out   writers
	stmts map[string]*sql.Stmt // by their text; the transaction closes them
}

// exec runs a statement, prepared once a batch.
func (w *work) exec(query string, args ...any) error {
	st := w.stmts[query]
	if st == nil {
		var err error
		if st, err = w.tx.PrepareContext(w.ctx, query); err != nil {
			return err
		}
		w.stmts[query] = st
	}
	_, err := st.ExecContext(w.ctx, args...)
	return err
}

func newWork(ctx context.Context, s *Store, tx *sql.Tx, b article.Batch) *work {
	w := &work{
		ctx: ctx, s: s, tx: tx, m: s.mem, b: b, now: ms(b.Now),
		recs:   map[article.Number]*record{},
		before: map[article.Number]*article.Entry{}, after: map[article.Number]*article.Entry{},
		forced: map[article.Number]bool{}, fresh: map[article.Number]bool{},
		files: map[string]*article.FileState{}, candidate: map[edgeKey]bool{}, lineOf: map[article.Number]int{}, stmts: map[string]*sql.Stmt{},
	}
	w.out = newWriters(tx, s.eng)
	return w
}

func (w *work) apply(sights [][]*sight) error {
	for _, step := range []func([][]*sight) error{
		w.loadFiles, w.saveFiles, w.identify, w.letGo, w.writeSights, w.passInstants, w.appear, w.learn, w.finish,
	} {
		if err := step(sights); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) report(warn bool, path, format string, args ...any) {
	w.reports = append(w.reports, article.Report{Path: path, What: fmt.Sprintf(format, args...), Warn: warn})
}

// keep makes a loaded record known to the batch; the one already known wins, as
// it may have been changed.
func (w *work) keep(r *record) *record {
	if known := w.recs[r.number]; known != nil {
		return known
	}
	w.recs[r.number] = r
	if w.before[r.number] == nil && !w.fresh[r.number] && !w.b.Unseen {
		w.before[r.number] = r.entry()
	}
	return r
}

// load finds records by a query over keys, which ends in the text given.
func load[K any](w *work, where string, keys []K, f func(*record)) error {
	return eachOf(w.ctx, w.s.eng, w.tx, `SELECT `+columns+` FROM article WHERE `+where, keys, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if err != nil {
			return err
		}
		f(w.keep(r))
		return nil
	})
}

func (w *work) loadFiles([][]*sight) error {
	paths := make([]string, len(w.b.Changes))
	for i := range w.b.Changes {
		paths[i] = w.b.Changes[i].Path
	}
	return eachOf(w.ctx, w.s.eng, w.tx, `SELECT `+fileColumns+` FROM file WHERE path IN (%s)`, paths, func(rows *sql.Rows) error {
		f, err := scanFile(rows)
		if err != nil {
			return err
		}
		w.files[f.Path] = f
		return nil
	})
}

// saveFiles writes what is known of the batch's files. An article that is later
// refused corrects its file's row.
func (w *work) saveFiles([][]*sight) error {
	var gone []string
	for i := range w.b.Changes {
		c := &w.b.Changes[i]
		old := w.files[c.Path]
		f := article.FileState{Path: c.Path, Stat: c.File}
		switch c.Op {
		case article.Gone:
			if old != nil {
				gone = append(gone, c.Path)
			}
			continue
		case article.Failed:
			f.Fault = c.Fault
			if f.Fault == nil {
				f.Fault = &article.Fault{Path: c.Path, Err: "could not be read"}
			}
		case article.Wrote:
			if c.Articles == nil && old != nil {
				f.Fault = old.Fault
			}
		}
		if err := w.saveFile(old, f); err != nil {
			return err
		}
	}
	if err := w.out.files.flush(w.ctx); err != nil {
		return err
	}
	if len(gone) == 0 {
		return nil
	}
	w.wrote = true
	return eachOf(w.ctx, w.s.eng, w.tx, `DELETE FROM file WHERE path IN (%s) RETURNING path`, gone, func(*sql.Rows) error { return nil })
}

func (w *work) saveFile(old *article.FileState, f article.FileState) error {
	if old != nil && old.Stat == f.Stat && sameFault(old.Fault, f.Fault) {
		return nil
	}
	fault := ""
	if f.Fault != nil {
		b, err := json.Marshal(f.Fault)
		if err != nil {
			return err
		}
		fault = string(b)
	}
	w.wrote = true
	return w.out.files.add(w.ctx, f.Path, f.Stat.Size, f.Stat.ModTime, int64(f.Stat.Inode), f.Stat.Hash[:], fault)
}

func sameFault(a, b *article.Fault) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// writeSights gives every article what its file says.
func (w *work) writeSights(sights [][]*sight) error {
	for _, list := range sights {
		for _, g := range list {
			if g.rec == nil {
				continue // refused
			}
			if err := w.write(g.rec, g); err != nil {
				return fmt.Errorf("store %s: %w", g.path, err)
			}
		}
	}
	return nil
}

// outcome gathers what moved, when the transaction has been committed.
func (w *work) outcome() article.Outcome {
	o := article.Outcome{Spellings: w.seen(), Reports: w.reports}
	for _, n := range w.touched {
		o.Touched = append(o.Touched, article.Touched{Before: w.before[n], After: w.after[n]})
	}
	return o
}

// finish writes what is left and the numbers that must not be given twice.
func (w *work) finish([][]*sight) error {
	if err := w.flush(); err != nil {
		return err
	}
	if unread := w.b.Unseen && (w.b.More || w.unfinished); unread != w.m.unread {
		w.m.unread, w.wrote = unread, true
	}
	moved := w.moved
	for n, after := range w.after {
		if before := w.before[n]; before == nil || w.forced[n] || !sameEntry(before, after) {
			moved = true
		} else {
			w.after[n] = nil
		}
	}
	w.touched = slices.DeleteFunc(w.touched, func(n article.Number) bool { return w.after[n] == nil })
	if !w.wrote && !moved {
		return nil
	}
	w.m.now = max(w.m.now, w.now)
	if moved {
		w.m.edition = max(w.m.edition, w.now)
	}
	return w.saveMeta()
}

func (w *work) saveMeta() error {
	return saveMeta(w.ctx, w.tx, w.m.meta())
}

func saveMeta(ctx context.Context, tx *sql.Tx, values map[string]int64) error {
	for name, n := range values {
		if err := setMeta(ctx, tx, name, fmt.Sprint(n)); err != nil {
			return err
		}
	}
	return nil
}

func setMeta(ctx context.Context, tx *sql.Tx, name, value string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
