package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"feedwright/article"
)

// Full text has three parts: triggers note in words_due each article whose
// words may have changed; Run, in the background, brings the index up to date
// with a few of them at a time; Words answers from the index, and looks through
// the texts of those that still wait. So a batch waits for no index, and an
// answer is never short. An index of articles that name their feeds is kept
// apart from what anybody may search.

// Bounds of full text.
const (
	maxDue       = 5000     // articles that Words looks through one by one
	indexAtOnce  = 128      // articles, and
	indexBytes   = 1 << 20  // bytes of streams that one transaction takes: it holds up a batch
	maxUnindexed = 64 << 20 // bytes of streams kept of the articles that wait
	rowsAtOnce   = 1 << 20  // numbers that one query of the index covers
)

// unindexed keeps the streams of articles that wait, so that not every
// question makes them anew.
type unindexed struct {
	mu    sync.Mutex
	texts map[article.Number]waiting
	size  int
}

type waiting struct {
	rev  article.Hash
	text article.Text
}

func (u *unindexed) get(n article.Number, rev article.Hash) (article.Text, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	w, ok := u.texts[n]
	return w.text, ok && w.rev == rev
}

func (u *unindexed) put(n article.Number, w waiting) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.drop(n)
	if u.size+w.text.Size() > maxUnindexed {
		return
	}
	if u.texts == nil {
		u.texts = map[article.Number]waiting{}
	}
	u.texts[n] = w
	u.size += w.text.Size()
}

// drop forgets one; u.mu is held.
func (u *unindexed) drop(n article.Number) {
	if old, ok := u.texts[n]; ok {
		u.size -= old.text.Size()
		delete(u.texts, n)
	}
}

func (u *unindexed) forget(list []indexing) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, x := range list {
		u.drop(x.number)
	}
}

// Run keeps the index of words up, at leisure, and sees what was written to the
// ledger's copy to the disk, until ctx ends. One that is read-only has nothing
// to do.
func (s *Store) Run(ctx context.Context) error {
	if s.opt.ReadOnly {
		<-ctx.Done()
		return nil
	}
	const (
		again  = 10 * time.Second       // after a failure
		seldom = time.Minute            // between two times of upkeep
		calm   = 500 * time.Millisecond // without a change, before what has changed is indexed
		most   = 10 * time.Second       // that changes which go on are waited for
	)
	wait := time.NewTimer(0)
	defer wait.Stop()
	kept := time.Now()
	var since time.Time // the first change that is waited with
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.stirred:
			if since.IsZero() {
				since = time.Now()
			}
			if time.Since(since) < most { // many files at once are published first
				wait.Reset(calm)
				continue
			}
		case <-wait.C:
		}
		since = time.Time{}
		s.syncLedger()
		began := time.Now()
		if began.Sub(kept) > seldom {
			kept = began
			if err := s.eng.upkeep(ctx, s.read); err != nil && ctx.Err() == nil {
				s.opt.Log.Warn("the database's log could not be moved into it", "err", s.eng.explain(err))
			}
		}
		n, err := s.index(ctx)
		if n == 0 && err == nil {
			n, err = s.unspool(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.opt.Log.Warn("the index of words could not be brought up to date; it is tried again", "err", err)
			wait.Reset(again)
		case n > 0:
			wait.Reset(2 * time.Since(began)) // the rest of the machine is for readers and changes
		default:
			if later := s.clearSpool(); later > 0 {
				wait.Reset(later)
			}
		}
	}
}

// Index brings the index of words up to date, all of it.
func (s *Store) Index(ctx context.Context) error {
	for {
		if n, err := s.index(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// stir wakes Run.
func (s *Store) stir() {
	select {
	case s.stirred <- struct{}{}:
	default:
	}
}

// indexing is an article on its way into the index.
type indexing struct {
	number article.Number
	rev    article.Hash
	public bool // anybody may find it
	named  bool // those may who read the feeds that it names
	text   article.Text
}

// index takes some articles into the index, the newest first, and says how many
// it looked at. While a first scan goes on it takes none.
func (s *Store) index(ctx context.Context) (int, error) {
	db, err := s.reader()
	if err != nil {
		return 0, err
	}
	if s.scanning() {
		return 0, nil
	}
	due, err := numbers(ctx, db, `SELECT article FROM words_due ORDER BY article DESC LIMIT $1`, indexAtOnce)
	if err != nil || len(due) == 0 {
		return 0, s.eng.explain(err)
	}
	list, err := s.texts(ctx, db, due)
	if err != nil {
		return 0, s.eng.explain(err)
	}
	size := 0
	for i, x := range list {
		if size += x.text.Size(); i > 0 && size > indexBytes {
			list = list[:i]
			break
		}
	}
	// The index likes numbers that rise.
	slices.SortFunc(list, func(a, b indexing) int { return int(a.number) - int(b.number) })
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.writing(ctx, func(tx *sql.Tx) error {
		for i, x := range list {
			if i > 0 && s.mu.wanted() {
				list = list[:i]
				break
			}
			if err := x.write(ctx, tx); err != nil {
				return fmt.Errorf("index article %d: %w", x.number, err)
			}
		}
		return nil
	})
	if err == nil {
		s.unindexed.forget(list)
	}
	return len(list), err
}

// scanning says that a scan goes on, or that a first one is still to be ended.
func (s *Store) scanning() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mem == nil {
		return s.unread
	}
	return s.mem.scan != 0 || s.mem.unread
}

// write puts an article into its index, unless it has changed meanwhile.
func (x indexing) write(ctx context.Context, tx *sql.Tx) error {
	n := int64(x.number)
	res, err := tx.ExecContext(ctx, `DELETE FROM words_due WHERE article = $1 AND EXISTS (SELECT 1 FROM article WHERE number = $1 AND shown = $2)`, n, x.rev[:])
	if err != nil {
		return err
	}
	if same, err := res.RowsAffected(); err != nil || same == 0 {
		return err
	}
	for table, in := range map[string]bool{"words": x.public, "words_named": x.named} {
		query, args := `DELETE FROM `+table+` WHERE rowid = $1`, []any{n}
		if in {
			query = `INSERT OR REPLACE INTO ` + table + ` (rowid, title, lead, body) VALUES ($1, $2, $3, $4)`
			args = append(args, x.text.Title, x.text.Lead, x.text.Body)
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// texts gives what the index is to hold of articles, newest first.
func (s *Store) texts(ctx context.Context, q querier, due []article.Number) ([]indexing, error) {
	lives, err := s.lives(ctx, q, `a.number IN (%s) ORDER BY a.number DESC`, due)
	if err != nil {
		return nil, err
	}
	list := make([]indexing, len(lives))
	for i := range lives {
		l := &lives[i]
		a := &l.Article
		x := indexing{number: a.Number, rev: a.Revision.Hash}
		if l.State == article.Live && l.Appeared > 0 {
			x.named = len(a.Fields.Feeds) > 0
			x.public = !x.named
			var ok bool
			if x.text, ok = s.unindexed.get(x.number, x.rev); !ok {
				x.text = article.NewText(a.Fields.Title, a.Fields.Summary, s.plain(a))
			}
		}
		list[i] = x
	}
	return list, nil
}

// plain is an article's text as its readers see it.
func (s *Store) plain(a *article.Article) string {
	if s.opt.Text == nil {
		return a.Body
	}
	return s.opt.Text(a)
}

func numbers(ctx context.Context, q querier, query string, args ...any) ([]article.Number, error) {
	var list []article.Number
	err := each(ctx, q, query, args, func(rows *sql.Rows) error {
		var n article.Number
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	})
	return list, err
}
