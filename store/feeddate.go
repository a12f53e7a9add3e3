package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"feedwright/article"
)

// metaFeedDate begins the names in the table meta of feeds' dates that no
// article tells any more: the newest one expired, or left the feed, or came
// back after its withdrawal had counted. The database and the ledger's copy
// keep them, so that a feed's date falls nowhere.
const metaFeedDate = "feed_date "

// feedDateText is the ledger's line of one. Of several the newest counts.
type feedDateText struct {
	Feed string  `json:"feed"` // the document's address
	At   instant `json:"at"`
}

func feedDateLine(t feedDateText) line { return encodeLine(ledgerLine{FeedDate: &t}) }

// keepFeedDates writes the dates of documents that outlived their articles into
// the ledger and its copy.
func (w *work) keepFeedDates(docs []article.DocumentState) error {
	for _, d := range docs {
		if !d.Outlived {
			continue
		}
		t := feedDateText{d.Address, instant(ms(d.HighWater))}
		newer, err := keepFeedDate(w.ctx, w.tx, t)
		if err != nil {
			return err
		}
		if newer {
			w.lines = append(w.lines, feedDateLine(t))
		}
	}
	if len(w.lines) == 0 {
		return nil
	}
	if err := w.changed("document", 0); err != nil {
		return err
	}
	if err := w.out.changes.flush(w.ctx); err != nil {
		return err
	}
	return w.saveMeta()
}

// keepFeedDate keeps a date unless a newer one is kept, and says whether it did.
func keepFeedDate(ctx context.Context, tx *sql.Tx, t feedDateText) (bool, error) {
	var kept int64
	err := tx.QueryRowContext(ctx, `SELECT CAST(value AS bigint) FROM meta WHERE name = $1`, metaFeedDate+t.Feed).Scan(&kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) || err == nil && kept >= int64(t.At) {
		return false, err
	}
	return true, setMeta(ctx, tx, metaFeedDate+t.Feed, strconv.FormatInt(int64(t.At), 10))
}

// feedDateLines yields all of them, for the ledger's copy.
func (s *Store) feedDateLines(ctx context.Context, yield func(line) error) error {
	return each(ctx, s.read, `SELECT name, CAST(value AS bigint) FROM meta WHERE substr(name, 1, $1) = $2 ORDER BY name`, []any{len(metaFeedDate), metaFeedDate}, func(rows *sql.Rows) error {
		var name string
		var at int64
		if err := rows.Scan(&name, &at); err != nil {
			return err
		}
		return yield(feedDateLine(feedDateText{strings.TrimPrefix(name, metaFeedDate), instant(at)}))
	})
}

// feedDates adopts what the ledger's copy keeps.
func (in *adoption) feedDates(list []feedDateText) error {
	for _, t := range list {
		if !strings.HasPrefix(t.Feed, "/") || t.At <= 0 {
			continue
		}
		if _, err := keepFeedDate(in.ctx, in.tx, t); err != nil {
			return err
		}
		_, err := in.tx.ExecContext(in.ctx, `INSERT INTO document (address, etag, last_modified, high_water, asked) VALUES ($1, '', 0, $2, 0)
			ON CONFLICT (address) DO UPDATE SET high_water = CASE WHEN excluded.high_water > document.high_water THEN excluded.high_water ELSE document.high_water END`,
			t.Feed, int64(t.At))
		if err != nil {
			return fmt.Errorf("take over the date of %s: %w", t.Feed, err)
		}
	}
	return nil
}
