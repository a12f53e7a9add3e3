package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// metaNote begins the names in the table meta under which the program keeps
// notes of its own; their values are text.
const metaNote = "note "

// Remember keeps a short text under a key for the program's own use, such as
// the settings that the articles were last read with. An empty value forgets
// the key.
func (s *Store) Remember(ctx context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.writing(ctx, func(tx *sql.Tx) error {
		if value != "" {
			return setMeta(ctx, tx, metaNote+key, value)
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM meta WHERE name = $1`, metaNote+key)
		return err
	})
	if err != nil {
		return fmt.Errorf("remember %s: %w", key, err)
	}
	return nil
}

// Remembered gives what Remember kept under a key, "" if nothing.
func (s *Store) Remembered(ctx context.Context, key string) (string, error) {
	db, err := s.reader()
	if err != nil {
		return "", err
	}
	var value string
	err = db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, metaNote+key).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", s.eng.explain(fmt.Errorf("recall %s: %w", key, err))
	}
	return value, nil
}

// copier is an engine whose database can be copied into one file while it is
// being written.
type copier interface {
	copyTo(ctx context.Context, path string) error
}

// CopyTo writes the database as it is now, whole and in order, to a new file:
// for a trial, or a backup, beside a running writer, which it does not hold up.
// path must not be there yet. The copy can be opened as any database; while
// texts of a first scan wait, they lie beside it.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	if _, err := s.reader(); err != nil {
		return err
	}
	path, err := filepath.Abs(path) // SQLite takes a name that begins with file: for an address
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the database to %s: %w: name a file that is not there yet", path, errors.Join(err, fs.ErrExist))
	}
	c, ok := s.eng.(copier)
	if !ok {
		return errors.New("a database of this kind cannot be copied to a file")
	}
	// The spool goes first: what it holds is in the database afterwards, and of
	// texts that come to it meanwhile the copy reads the files again.
	texts := newSQLite(path).spool()
	if err = s.spool.copyTo(texts); err == nil {
		if err = c.copyTo(ctx, path); err != nil {
			_ = os.Remove(texts) // there may be none
		}
	}
	if err != nil {
		return fmt.Errorf("copy the database to %s: %w", path, err)
	}
	return nil
}

// copyTo uses a connection of its own: those that the store reads with refuse
// every write, the one to another file too.
func (e *sqliteEngine) copyTo(ctx context.Context, path string) error {
	var first error
	for _, mode := range []string{"mode=ro", "mode=ro&immutable=1"} { // as openReader does
		db, err := e.connect(mode)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
		if err = errors.Join(err, db.Close()); err == nil {
			return nil
		}
		// What VACUUM began is no database.
		if rm := os.Remove(path); rm != nil && !errors.Is(rm, fs.ErrNotExist) {
			return errors.Join(err, rm)
		}
		if first == nil {
			first = err
		}
	}
	return e.explain(first)
}
