package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"feedwright/article"
)

// What filters ask of an article lies in its own row, made of its file's fields
// when it was read. A newer program may ask for more: it is then made of the
// fields that the database keeps, once, at the first start. No file is read
// again, and nothing that readers see changes.

// toldVersion counts what rows tell: 1 is where an article comes from (source:)
// and whether it has a summary of its own (has:summary).
const toldVersion = 1

const (
	metaTold     = "told"
	retellAtOnce = 2000 // articles that one query reads
)

// retell brings the rows of an older program up to date.
func (s *Store) retell(ctx context.Context) error {
	var told int
	err := s.read.QueryRowContext(ctx, `SELECT CAST(value AS bigint) FROM meta WHERE name = $1`, metaTold).Scan(&told)
	if err != nil && err != sql.ErrNoRows {
		return s.eng.explain(fmt.Errorf("read the ledger: %w", err))
	}
	if told >= toldVersion {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = s.commit(ctx, article.Batch{}, func(w *work) error {
		for last := article.Number(0); last < w.m.article; last += retellAtOnce {
			if err := w.retell(last, last+retellAtOnce); err != nil {
				return err
			}
		}
		if err := w.saveSpellings(); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		if err := w.saveMeta(); err != nil {
			return err
		}
		return setMeta(ctx, w.tx, metaTold, fmt.Sprint(toldVersion))
	})
	if err != nil {
		return fmt.Errorf("bring the articles' rows up to date: %w", err)
	}
	return nil
}

// retell looks at the articles numbered after one, up to another.
func (w *work) retell(after, upTo article.Number) error {
	type row struct {
		number article.Number
		terms  []article.SpellingNumber
		has    article.Has
	}
	var changed []row
	err := each(w.ctx, w.tx, `SELECT a.number, a.terms, a.has, a.appeared > 0, r.fields FROM article a JOIN revision r ON r.number = a.revision WHERE a.number > $1 AND a.number <= $2`,
		[]any{int64(after), int64(upTo)}, func(rows *sql.Rows) error {
			var x row
			var terms []byte
			var seen bool
			var fields sql.RawBytes
			if err := rows.Scan(&x.number, &terms, &x.has, &seen, &fields); err != nil {
				return err
			}
			var f article.Fields
			if err := json.Unmarshal(fields, &f); err != nil {
				return fmt.Errorf("article %d: %w", x.number, err)
			}
			x.terms = unpackTerms(terms)
			had, knew := x.has, len(x.terms)
			x.has |= has(&article.Parsed{Fields: f}) & article.HasSummary
			if n := w.spelling(article.Origin, origin(f.Source), seen); n != 0 && !slices.Contains(x.terms, n) {
				x.terms = append(x.terms, n)
				slices.Sort(x.terms)
			}
			if x.has != had || len(x.terms) != knew {
				changed = append(changed, x)
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, x := range changed {
		if err := w.exec(`UPDATE article SET terms = $2, has = $3 WHERE number = $1`, int64(x.number), packTerms(x.terms), int64(x.has)); err != nil {
			return err
		}
	}
	return nil
}
