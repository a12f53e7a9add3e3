package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

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

// plain says of an article that it has nothing in its entry but what most have:
// then it is not written out, as each column costs every start as much as
// reading the row.
const plain = `state <> 2 AND due = published AND updated <= published AND expires = 0 AND feeds = ''`

// entryColumns are what an Entry is made of: flags is state, no_feed and has in
// one, rest what an article that is not plain has beside.
const entryColumns = `number, shown, state + 4 * no_feed + 8 * has AS flags, appeared, published, terms,
	CASE WHEN ` + plain + ` THEN '' ELSE due || ' ' || updated || ' ' || expires || ' ' || withdrawn || ' ' || feeds || '
' || CASE WHEN state = 2 THEN uri ELSE '' END END AS rest`

// entriesOf reads the articles numbered from to before end.
func entriesOf(ctx context.Context, db querier, from, end int64) ([]article.Entry, error) {
	list := make([]article.Entry, 0, end-from)
	var number, flags, appeared, published integer
	var shown, terms sql.RawBytes
	var rest string
	dest := []any{&number, &shown, &flags, &appeared, &published, &terms, &rest}
	err := each(ctx, db, `SELECT `+entryColumns+` FROM article WHERE number >= $1 AND number < $2 ORDER BY number`, []any{from, end}, func(rows *sql.Rows) error {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		r := record{
			number: article.Number(number), state: article.State(flags & 3), noFeed: flags&4 != 0, has: article.Has(flags >> 3),
			appeared: uint32(appeared), published: int64(published), due: int64(published), terms: unpackTerms(terms),
		}
		copy(r.shown[:], shown)
		if err := r.tellRest(rest); err != nil {
			return err
		}
		list = append(list, *r.entry())
		return nil
	})
	return list, err
}

// tellRest reads the rest of entryColumns, empty for most.
func (r *record) tellRest(rest string) error {
	if rest == "" {
		return nil
	}
	numbers, uri, _ := strings.Cut(rest, "\n")
	list := strings.SplitN(numbers, " ", 5)
	if len(list) < 5 {
		return fmt.Errorf("article %d: its row is not understood: %q", r.number, rest)
	}
	for i, dest := range []*int64{&r.due, &r.updated, &r.expires, &r.withdrawn} {
		n, err := strconv.ParseInt(list[i], 10, 64)
		if err != nil {
			return fmt.Errorf("article %d: %w", r.number, err)
		}
		*dest = n
	}
	var err error
	r.uri = article.ID(uri)
	r.feeds, err = unpackFeeds(r.number, list[4])
	return err
}

// integer is a column to be scanned: what is of another kind database/sql would
// write out and read again.
type integer int64

// Scan implements sql.Scanner.
func (n *integer) Scan(v any) error {
	i, ok := v.(int64)
	if !ok {
		return fmt.Errorf("%v is no whole number", v)
	}
	*n = integer(i)
	return nil
}
