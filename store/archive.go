package store

import (
	"context"
	"database/sql"
	"fmt"

	"feedwright/article"
)

// Cuts lists where the pages of all archives end, by feed and appearance.
func (s *Store) Cuts(ctx context.Context) ([]article.Cut, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var list []article.Cut
	err = eachCut(ctx, db, `SELECT feed, last FROM archive_page ORDER BY feed, last`, nil, func(c article.Cut) error {
		list = append(list, c)
		return nil
	})
	return list, s.eng.explain(err)
}

func eachCut(ctx context.Context, q querier, query string, args []any, yield func(article.Cut) error) error {
	return each(ctx, q, query, args, func(rows *sql.Rows) error {
		var c article.Cut
		if err := rows.Scan(&c.Feed, &c.Last); err != nil {
			return err
		}
		return yield(c)
	})
}

// SaveCuts closes pages, in one transaction and in the ledger's copy: see
// article.Store. A store that is open for reading only leaves it to the writer.
func (s *Store) SaveCuts(ctx context.Context, cuts []article.Cut) error {
	if s.opt.ReadOnly || len(cuts) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.commit(ctx, article.Batch{}, func(w *work) error { return w.cut(cuts) }); err != nil {
		return fmt.Errorf("close pages of the archive: %w", err)
	}
	return nil
}

func (w *work) cut(cuts []article.Cut) error {
	b := newBulk(w.tx, w.s.eng.mark, "archive_page", "feed, last", `ON CONFLICT DO NOTHING`)
	var feeds cutLines
	for _, c := range cuts {
		if err := b.add(w.ctx, c.Feed, int64(c.Last)); err != nil {
			return err
		}
		feeds.add(c)
	}
	if err := b.flush(w.ctx); err != nil {
		return err
	}
	// One row tells mendCopy of all: it looks for cuts from the first on.
	first := cuts[0].Last
	for _, c := range cuts {
		first = min(first, c.Last)
	}
	if err := w.changed("archive", int64(first)); err != nil {
		return err
	}
	w.lines = feeds.lines()
	if err := w.out.changes.flush(w.ctx); err != nil {
		return err
	}
	return w.saveMeta()
}

// cutText is the ledger's line of one archive's cuts. All lines of a feed count
// together, so that two branches of the copy can be merged.
type cutText struct {
	Feed string   `json:"feed"`
	Last []uint32 `json:"last"`
}

// cutLines gathers cuts by feed, in the order of the feeds' first mention.
type cutLines []cutText

func (l *cutLines) add(c article.Cut) {
	const most = 1000 // on a line, far below maxLine
	if n := len(*l) - 1; n < 0 || (*l)[n].Feed != c.Feed || len((*l)[n].Last) == most {
		*l = append(*l, cutText{Feed: c.Feed})
	}
	last := &(*l)[len(*l)-1]
	last.Last = append(last.Last, c.Last)
}

func (l cutLines) lines() []line {
	out := make([]line, len(l))
	for i := range l {
		out[i] = encodeLine(ledgerLine{Cut: &l[i]})
	}
	return out
}

// cutLines yields the cuts from an appearance on, for the ledger's copy.
func (s *Store) cutLines(ctx context.Context, from int64, yield func(line) error) error {
	var feeds cutLines
	err := eachCut(ctx, s.read, `SELECT feed, last FROM archive_page WHERE last >= $1 ORDER BY feed, last`, []any{from}, func(c article.Cut) error {
		feeds.add(c)
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range feeds.lines() {
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// cuts adopts those of the ledger's copy.
func (in *adoption) cuts(list []cutText) error {
	b := newBulk(in.tx, in.s.eng.mark, "archive_page", "feed, last", `ON CONFLICT DO NOTHING`)
	for _, t := range list {
		for _, last := range t.Last {
			if t.Feed == "" || last == 0 {
				continue
			}
			if err := b.add(in.ctx, t.Feed, int64(last)); err != nil {
				return err
			}
		}
	}
	return b.flush(in.ctx)
}

// meanings finds the spellings that the copy's own numbers mean here.
func (in *adoption) meanings(list []spellingText) error {
	m, err := loadMemory(in.ctx, in.tx)
	if err != nil {
		return err
	}
	in.terms = make(map[article.SpellingNumber]article.SpellingNumber, len(list))
	for _, t := range list {
		if n := m.spellings[spellingKey{t.Kind, article.Fold(t.Name)}]; n != 0 {
			in.terms[article.SpellingNumber(t.Number)] = n
		}
	}
	return nil
}
