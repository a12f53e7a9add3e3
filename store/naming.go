package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"feedwright/article"
)

// Name makes known what the config calls categories: each name gets a spelling,
// so that its slug is its own before an article uses it, and a slug that the
// config gives stays its own when the config gives another. Naming the same
// twice does nothing. A store that is open for reading only leaves it to the
// writer.
func (s *Store) Name(ctx context.Context, list []article.Naming, now time.Time) error {
	if s.opt.ReadOnly || len(list) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.commit(ctx, article.Batch{Now: now}, func(w *work) error { return w.name(list) }); err != nil {
		return fmt.Errorf("keep the names of categories: %w", err)
	}
	return nil
}

func (w *work) name(list []article.Naming) error {
	type gift struct {
		slugText
		spelling article.SpellingNumber
	}
	var gifts []gift
	for _, c := range list { // given slugs first, lest a name of the same batch take one
		if c.Slug != "" && c.Slug != article.Slugify(c.Name) {
			w.m.reserve(article.Category, c.Slug)
		}
	}
	for _, c := range list {
		n := w.spelling(article.Category, c.Name, true)
		if n != 0 && c.Slug != "" {
			gifts = append(gifts, gift{slugText{article.Category, c.Slug, article.Line(c.Name)}, n})
		}
	}
	if err := w.saveSpellings(); err != nil {
		return err
	}
	if err := w.out.spellings.flush(w.ctx); err != nil {
		return err
	}
	for _, g := range gifts {
		fresh := false
		err := w.tx.QueryRowContext(w.ctx, `INSERT INTO term_slug (kind, slug, spelling) SELECT $1, $2, $3
			WHERE NOT EXISTS (SELECT 1 FROM spelling WHERE kind = $1 AND slug = $2) ON CONFLICT DO NOTHING RETURNING true`,
			string(g.Kind), g.Slug, int64(g.spelling)).Scan(&fresh)
		if err == sql.ErrNoRows {
			continue
		}
		if err != nil {
			return err
		}
		w.wrote = true
		w.lines = append(w.lines, slugLine(g.slugText))
		if err := w.changed("term_slug", int64(g.spelling)); err != nil {
			return err
		}
	}
	if err := w.out.changes.flush(w.ctx); err != nil || !w.wrote {
		return err
	}
	return w.saveMeta()
}

func (m *memory) reserve(kind article.Field, slug string) { m.slugs[spellingKey{kind, slug}] = true }

// slugText is a slug that the config gave, in the ledger's copy.
type slugText struct {
	Kind article.Field `json:"kind"`
	Slug string        `json:"slug"`
	Name string        `json:"name"` // a spelling
}

func slugLine(t slugText) line { return encodeLine(ledgerLine{Slug: &t}) }

// eachGiven calls yield for every slug that the config gave.
func eachGiven(ctx context.Context, q querier, yield func(n article.SpellingNumber, t slugText) error) error {
	return each(ctx, q, `SELECT g.spelling, g.kind, g.slug, s.name FROM term_slug g JOIN spelling s ON s.number = g.spelling ORDER BY g.kind, g.slug`, nil, func(rows *sql.Rows) error {
		var n article.SpellingNumber
		var t slugText
		if err := rows.Scan(&n, &t.Kind, &t.Slug, &t.Name); err != nil {
			return err
		}
		return yield(n, t)
	})
}

// given adopts the slugs of the ledger's copy.
func (in *adoption) given(list []slugText) error {
	m, err := loadMemory(in.ctx, in.tx)
	if err != nil {
		return err
	}
	for _, t := range list {
		n := m.spellings[spellingKey{t.Kind, article.Fold(t.Name)}]
		if n == 0 || t.Slug == "" || m.slugs[spellingKey{t.Kind, t.Slug}] {
			continue
		}
		m.reserve(t.Kind, t.Slug)
		if _, err := in.tx.ExecContext(in.ctx, `INSERT INTO term_slug (kind, slug, spelling) VALUES ($1, $2, $3)`, string(t.Kind), t.Slug, int64(n)); err != nil {
			return err
		}
	}
	return nil
}
