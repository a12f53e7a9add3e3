package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"

	"feedwright/article"
)

func nothing(*work) error { return nil }

// keepTexts sees to a batch's texts: those of a first scan go into the spool,
// others are packed while the database is at work on those before them. What it
// returns is to be called at the end of the transaction.
func (s *Store) keepTexts(b article.Batch, sights [][]*sight) (spooled func(*work) error, err error) {
	if !b.Unseen || s.spool.name == "" || len(sights) == 0 {
		if len(sights) > 1 {
			s.opt.Crew.Go(&s.packers, func() { packAhead(sights) })
		}
		return nothing, nil
	}
	synced, err := s.spool.add(sights)
	if err != nil {
		return nil, err
	}
	return func(w *work) error {
		end, err := synced()
		if err != nil {
			return err
		}
		s.spoolEnd = end
		return saveMeta(w.ctx, w.tx, map[string]int64{metaSpooled: end})
	}, nil
}

// openSpool compares the spool with what the database expects of it. One that
// is not there, or is too short, takes its texts with it: the next scan then
// reads their files again.
func (s *Store) openSpool(ctx context.Context, expected int64) error {
	if s.spool.name == "" {
		return nil
	}
	if s.spoolEnd = expected; expected == 0 {
		return s.spool.remove()
	}
	info, err := os.Stat(s.spool.name)
	if err == nil && info.Size() >= expected {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.opt.Log.Warn("texts that were to be moved into the database are gone; their files are read again", "path", s.spool.name)
	return s.writing(ctx, func(tx *sql.Tx) error {
		s.spoolEnd = 0
		return errors.Join(forget(ctx, tx, inSpool), saveMeta(ctx, tx, map[string]int64{metaSpooled: 0}))
	})
}

// forget gives up texts that cannot be read. Their files are still known, as
// some may be gone by now, but by other bytes than they hold.
func forget(ctx context.Context, tx *sql.Tx, which string, args ...any) error {
	for _, query := range []string{
		`UPDATE file SET mtime = 0, hash = x'ff' WHERE path IN (SELECT path FROM article WHERE revision IN (SELECT number FROM revision WHERE ` + which + `))`,
		`UPDATE article SET content = x'' WHERE revision IN (SELECT number FROM revision WHERE ` + which + `)`,
		`UPDATE revision SET raw = NULL WHERE ` + which,
	} {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// spooled is a text that is still in the spool.
type spooled struct {
	revision int64
	raw      []byte
}

// unspoolAtOnce is how many texts one transaction takes: it holds up a batch.
const unspoolAtOnce = 200

// unspool moves some texts into the database, and says how many. When none is
// left the file stays a while, as somebody may just be reading it.
func (s *Store) unspool(ctx context.Context) (int, error) {
	db, err := s.reader()
	if err != nil || s.spool.name == "" || s.scanning() || !s.spooling() {
		return 0, err
	}
	var list []spooled
	err = each(ctx, db, `SELECT number, raw FROM revision WHERE number > $1 AND `+inSpool+` ORDER BY number LIMIT $2`, []any{s.unspooled, unspoolAtOnce}, func(rows *sql.Rows) error {
		var t spooled
		err := rows.Scan(&t.revision, &t.raw)
		list = append(list, t)
		return err
	})
	if err != nil {
		return 0, s.eng.explain(err)
	}
	packed := make([][]byte, len(list))
	for i, t := range list {
		text, err := s.inflate(t.raw)
		if err != nil {
			s.opt.Log.Warn("a text could not be moved into the database; its file is read again at the next start", "revision", t.revision, "err", err)
			continue
		}
		packed[i] = deflate(text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.writing(ctx, func(tx *sql.Tx) error {
		for i, t := range list {
			if i > 0 && s.mu.wanted() {
				list = list[:i]
				break
			}
			if packed[i] == nil {
				if err := forget(ctx, tx, `number = $1`, t.revision); err != nil {
					return err
				}
				continue
			}
			// Unless it has been pruned meanwhile.
			if _, err := tx.ExecContext(ctx, `UPDATE revision SET raw = $1 WHERE number = $2 AND raw = $3`, packed[i], t.revision, t.raw); err != nil {
				return err
			}
		}
		if len(list) > 0 {
			return nil
		}
		return saveMeta(ctx, tx, map[string]int64{metaSpooled: 0})
	})
	if err != nil {
		return 0, err
	}
	if n := len(list); n > 0 {
		s.unspooled = list[n-1].revision
	} else {
		s.spoolEnd, s.unspooled, s.emptied = 0, 0, time.Now()
	}
	return len(list), nil
}

// spooling says that texts may be in the spool.
func (s *Store) spooling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spoolEnd != 0
}

// clearSpool removes a spool that has been empty for long enough, and says when
// to come again, 0 for not at all: somebody may have been told a moment ago
// where a text lies.
func (s *Store) clearSpool() time.Duration {
	const longEnough = time.Minute
	if s.emptied.IsZero() {
		return 0
	}
	if left := longEnough - time.Since(s.emptied); left > 0 {
		return left
	}
	s.emptied = time.Time{}
	if err := s.spool.remove(); err != nil {
		s.opt.Log.Warn("a file that is not needed any more cannot be removed: delete it after the next stop", "path", s.spool.name, "err", err)
	}
	return 0
}
