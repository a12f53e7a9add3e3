package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteEngine keeps everything in one file, with its write-ahead log and lock
// beside it.
type sqliteEngine struct {
	path string
	lock *flock.Flock
}

func newSQLite(path string) *sqliteEngine { return &sqliteEngine{path: path} }

func (e *sqliteEngine) mark(int) string { return "?" }

func (e *sqliteEngine) paths() []string {
	return []string{e.path, e.path + "-wal", e.path + "-shm", e.path + "-journal", e.path + ".lock", e.spool()}
}

func (e *sqliteEngine) spool() string { return e.path + ".texts" }

// dsn spells the address so that no character of the path means anything.
// synchronous(NORMAL) with a write-ahead log outlives a killed process; a power
// cut may take the last batches but never harms the file.
func (e *sqliteEngine) dsn(params ...string) (string, error) {
	abs, err := filepath.Abs(e.path)
	if err != nil {
		return "", err
	}
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	params = append(params, "_pragma=busy_timeout(5000)", "_pragma=foreign_keys(1)", "_pragma=synchronous(NORMAL)")
	return "file:" + (&url.URL{Path: p}).EscapedPath() + "?" + strings.Join(params, "&"), nil
}

func (e *sqliteEngine) open(ctx context.Context, readOnly bool) (write, read *sql.DB, fresh bool, err error) {
	defer func() {
		if err != nil {
			for _, db := range []*sql.DB{write, read} {
				if db != nil {
					db.Close()
				}
			}
			write, read = nil, nil
			err = e.explain(err)
		}
	}()
	info, err := os.Stat(e.path)
	switch {
	case err == nil && info.IsDir():
		return nil, nil, false, fmt.Errorf("database %s is a folder: name a file in store.dsn", e.path)
	case errors.Is(err, fs.ErrNotExist) && readOnly:
		return nil, nil, false, fmt.Errorf("database %s is not there yet: `feedwright serve` makes it: %w", e.path, err)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, nil, false, err
	}
	fresh = err != nil || info.Size() == 0
	if readOnly {
		read, err = e.openReader(ctx)
		return nil, read, false, err
	}
	if err = e.acquire(); err != nil {
		return nil, nil, false, err
	}
	if write, err = e.openWriter(ctx); err != nil {
		return write, nil, false, err
	}
	if read, err = e.connect("_pragma=query_only(1)"); err != nil {
		return write, nil, false, err
	}
	read.SetMaxOpenConns(4)
	return write, read, fresh, nil
}

// The write-ahead log goes into the database beside those who write, once it is
// so long; a batch waits for that, and for the disk, only where it has become
// much longer: in pages of 4 KB.
const (
	longLog    = 1000
	longestLog = 16000
	pageSize   = 4096
)

// upkeep moves a long write-ahead log into the database.
func (e *sqliteEngine) upkeep(ctx context.Context, read *sql.DB) error {
	info, err := os.Stat(e.path + "-wal")
	if err != nil || info.Size() < longLog*pageSize {
		return nil // none is none
	}
	_, err = read.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	return err
}

func (e *sqliteEngine) connect(params ...string) (*sql.DB, error) {
	dsn, err := e.dsn(params...)
	if err != nil {
		return nil, err
	}
	return sql.Open("sqlite", dsn)
}

func (e *sqliteEngine) openWriter(ctx context.Context) (*sql.DB, error) {
	db, err := e.connect("_pragma=journal_mode(WAL)", "_pragma=cache_size(-32000)", "_pragma=temp_store(MEMORY)", fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", longestLog), "_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, migrate(ctx, db, goose.DialectSQLite3, "migrations/sqlite")
}

// openReader reads beside a writer. On a disk where nothing can be written the
// log's index cannot be made: then the file is read as one that cannot change.
func (e *sqliteEngine) openReader(ctx context.Context) (*sql.DB, error) {
	var first error
	for _, mode := range []string{"mode=ro", "mode=ro&immutable=1"} {
		db, err := e.connect(mode, "_pragma=query_only(1)")
		if err != nil {
			return nil, err
		}
		var version int64
		err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
		if err == nil {
			db.SetMaxOpenConns(4)
			return db, readable(version)
		}
		db.Close()
		if first == nil {
			first = err
		}
		if code(err) != sqlite3.SQLITE_CANTOPEN && code(err) != sqlite3.SQLITE_READONLY {
			break
		}
	}
	return nil, first
}

// readable refuses to read tables of another version: a reader cannot migrate.
func readable(version int64) error {
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		return err
	}
	switch want := int64(len(names)); {
	case version > want:
		return &newerError{have: version, want: want}
	case version < want:
		return errors.New("it was written by an older feedwright: start `feedwright serve` once, which brings it up to date")
	}
	return nil
}

// acquire takes the writer's lock; the operating system gives it back however
// the process ends.
func (e *sqliteEngine) acquire() error {
	name := e.path + ".lock"
	l := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	ok, err := l.TryLock()
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("database %s is being written by %s: stop that one first, or name another file in store.dsn", e.path, holder(name))
	}
	e.lock = l
	host, _ := os.Hostname() // for people; its absence harms nothing
	return os.WriteFile(name, fmt.Appendf(nil, "process %d on %s\n", os.Getpid(), host), 0o644)
}

func holder(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return "another feedwright"
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, 200)) // an unreadable name is no name
	if who := strings.TrimSpace(string(b)); who != "" {
		return "another feedwright (" + who + ")"
	}
	return "another feedwright"
}

func (e *sqliteEngine) release() error {
	if e.lock == nil {
		return nil
	}
	// The file stays: removing it would let two writers lock two files.
	err := e.lock.Unlock()
	e.lock = nil
	return err
}

func code(err error) int {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Code() & 0xff
	}
	return -1
}

// explain turns what SQLite or the disk says into a sentence with a next step.
func (e *sqliteEngine) explain(err error) error {
	if err == nil {
		return nil
	}
	dir := filepath.Dir(e.path)
	var newer *newerError
	switch {
	case errors.As(err, &newer):
		return fmt.Errorf("database %s: %w", e.path, newer)
	case code(err) == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("database %s is no feedwright database: name another file in store.dsn, or move this one away: %w", e.path, err)
	case code(err) == sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("database %s is damaged: move it away and start again, the ledger's text copy brings ids and dates back: %w", e.path, err)
	case code(err) == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("database %s cannot grow, the disk is full: make room: %w", e.path, err)
	case code(err) == sqlite3.SQLITE_BUSY:
		return fmt.Errorf("database %s is locked by another program: close it: %w", e.path, err)
	case code(err) == sqlite3.SQLITE_READONLY || errors.Is(err, syscall.EROFS):
		return fmt.Errorf("database %s cannot be written, the disk or file is read-only: name a writable place in store.dsn: %w", e.path, err)
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOTDIR) || code(err) == sqlite3.SQLITE_CANTOPEN || code(err) == sqlite3.SQLITE_PERM:
		return fmt.Errorf("database %s cannot be opened: the folder %s must be there and writable by this user, or name another place in store.dsn: %w", e.path, dir, err)
	case errors.Is(err, fs.ErrNotExist) && e.lock == nil && !dirExists(dir):
		return fmt.Errorf("database %s cannot be made: the folder %s is not there: make it, or name another place in store.dsn: %w", e.path, dir, err)
	}
	return err
}

func dirExists(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
