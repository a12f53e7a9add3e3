package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"feedwright/article"
)

// Documents lists what is remembered of documents, by address.
func (s *Store) Documents(ctx context.Context) ([]article.DocumentState, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var list []article.DocumentState
	err = each(ctx, db, `SELECT address, etag, last_modified, high_water, asked FROM document ORDER BY address`, nil, func(rows *sql.Rows) error {
		var d article.DocumentState
		var modified, high, asked int64
		if err := rows.Scan(&d.Address, &d.ETag, &modified, &high, &asked); err != nil {
			return err
		}
		d.LastModified, d.HighWater, d.Asked = at(modified), at(high), at(asked)
		list = append(list, d)
		return nil
	})
	return list, s.eng.explain(err)
}

// SaveDocuments remembers documents: see article.Store. Of two states of one
// address the last stands; LastModified and HighWater never fall.
func (s *Store) SaveDocuments(ctx context.Context, docs []article.DocumentState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := make(map[string]int, len(docs))
	for i, d := range docs {
		last[d.Address] = i
	}
	if !slices.ContainsFunc(docs, func(d article.DocumentState) bool { return d.Outlived }) {
		return s.writing(ctx, func(tx *sql.Tx) error { return s.saveDocuments(ctx, tx, docs, last) })
	}
	_, err := s.commit(ctx, article.Batch{}, func(w *work) error {
		if err := s.saveDocuments(ctx, w.tx, docs, last); err != nil {
			return err
		}
		return w.keepFeedDates(docs)
	})
	return err
}

// saveDocuments writes the states; last is the place of each address's last.
func (s *Store) saveDocuments(ctx context.Context, tx *sql.Tx, docs []article.DocumentState, last map[string]int) error {
	const cols = "address, etag, last_modified, high_water, asked"
	b := newBulk(tx, s.eng.mark, "document", cols, `ON CONFLICT (address) DO UPDATE SET etag = excluded.etag, asked = excluded.asked,
			last_modified = CASE WHEN excluded.last_modified > document.last_modified THEN excluded.last_modified ELSE document.last_modified END,
			high_water = CASE WHEN excluded.high_water > document.high_water THEN excluded.high_water ELSE document.high_water END`)
	for i, d := range docs {
		if last[d.Address] != i {
			continue
		}
		modified := d.LastModified.Truncate(time.Second)
		if err := b.add(ctx, d.Address, d.ETag, ms(modified), ms(d.HighWater), ms(d.Asked)); err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

// How long what need not last is kept.
const (
	keepRaw       = time.Hour
	keepDocuments = 30 * 24 * time.Hour
	keepChanges   = 7 * 24 * time.Hour
)

// Upkeep prunes and compacts: see article.Store. Documents of one lone term,
// of a named feed and of everything keep their dates for ever.
func (s *Store) Upkeep(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.writing(ctx, func(tx *sql.Tx) error {
		for _, prune := range []struct {
			query string
			since time.Duration
		}{
			{`UPDATE revision SET raw = NULL WHERE raw IS NOT NULL AND EXISTS (
				SELECT 1 FROM revision newer JOIN article a ON a.number = newer.article AND a.revision = newer.number
				WHERE newer.article = revision.article AND newer.number > revision.number AND newer.at < $1)`, keepRaw},
			{`DELETE FROM face WHERE at < $1`, keepRaw},
			{`DELETE FROM document WHERE asked < $1 AND (address LIKE '%?%' OR address LIKE '%/archive/%')`, keepDocuments},
			{`DELETE FROM change WHERE at < $1 AND sequence <= (SELECT CAST(value AS bigint) FROM meta WHERE name = 'ledgered')`, keepChanges},
		} {
			if _, err := tx.ExecContext(ctx, prune.query, ms(now.Add(-prune.since))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || s.ledger == nil {
		return err
	}
	return s.settleLedger(ctx)
}
