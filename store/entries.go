package store

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/sync/errgroup"

	"feedwright/article"
)

// entriesAtOnce is how many numbers one query of Entries spans, and
// entriesAhead how many such spans are read before they are asked for.
const (
	entriesAtOnce = 4096
	entriesAhead  = 2
)

// Entries calls yield for every article ever kept: see article.Store. Every
// start waits for it, so it reads no more than an Entry holds, in the order in
// which the rows lie, and some spans of them at the same time. Each article is
// read once; beside a writer, a later span may know of a later commit.
func (s *Store) Entries(ctx context.Context, yield func(article.Entry) error) error {
	db, err := s.reader()
	if err != nil {
		return err
	}
	var last sql.NullInt64
	if err := db.QueryRowContext(ctx, `SELECT max(number) FROM article`).Scan(&last); err != nil {
		return s.eng.explain(fmt.Errorf("find the last article: %w", err))
	}
	g, ctx := errgroup.WithContext(ctx)
	spans := make(chan chan []article.Entry, entriesAhead)
	g.Go(func() error {
		defer close(spans)
		for from := int64(0); last.Valid && from <= last.Int64; from += entriesAtOnce {
			span := make(chan []article.Entry, 1)
			select {
			case spans <- span:
			case <-ctx.Done():
				return ctx.Err()
			}
			g.Go(func() error {
				list, err := entriesOf(ctx, db, from, from+entriesAtOnce)
				span <- list
				return err
			})
		}
		return nil
	})
	g.Go(func() error {
		for span := range spans {
			for _, e := range <-span {
				if err := yield(e); err != nil {
					return err
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return s.eng.explain(g.Wait())
}

// entriesOf reads the articles numbered from to before end.
func entriesOf(ctx context.Context, db querier, from, end int64) ([]article.Entry, error) {
	list := make([]article.Entry, 0, end-from)
	var r record
	var shown, terms sql.RawBytes
	var feeds string
	dest := []any{&r.number, &shown, &r.state, &r.noFeed, &r.appeared, &r.published, &r.updated, &r.due, &r.expires, &r.withdrawn, &terms, &feeds, &r.has, &r.uri}
	err := each(ctx, db, `SELECT number, shown, state, no_feed, appeared, published, updated, due, expires, withdrawn, terms, feeds, has,
		CASE WHEN state = 2 THEN uri ELSE '' END FROM article WHERE number >= $1 AND number < $2 ORDER BY number`, []any{from, end}, func(rows *sql.Rows) error {
		err := rows.Scan(dest...)
		if err != nil {
			return err
		}
		copy(r.shown[:], shown)
		r.terms = unpackTerms(terms)
		if r.feeds, err = unpackFeeds(r.number, feeds); err != nil {
			return err
		}
		list = append(list, *r.entry())
		return nil
	})
	return list, err
}
