package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// engine is all that differs between databases. The SQL outside of it is
// written once: $1 parameters, ON CONFLICT, integers for instants.
type engine interface {
	// open gives a writer of one connection and a pool of readers, migrated;
	// fresh says that there was no database before.
	open(ctx context.Context, readOnly bool) (write, read *sql.DB, fresh bool, err error)
	// mark spells the nth parameter of a long list: for SQLite, names like $1
	// cost a search each.
	mark(n int) string
	paths() []string         // files it keeps
	spool() string           // where the texts of a first scan may wait; "" for nowhere
	explain(err error) error // adds what a person can do
	release() error          // gives up the writer's lock
	// upkeep does what writers would otherwise do now and then at a batch's cost.
	upkeep(ctx context.Context, read *sql.DB) error
}

func engineFor(dsn string) (engine, error) {
	scheme, rest, ok := strings.Cut(dsn, ":")
	switch {
	case dsn == "":
		return nil, errors.New("store.dsn is empty: write sqlite:feedwright.db")
	case ok && scheme == "sqlite" && strings.TrimPrefix(rest, "//") != "":
		return newSQLite(strings.TrimPrefix(rest, "//")), nil
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return nil, errors.New("store.dsn names PostgreSQL, which this version cannot use yet: write sqlite:feedwright.db")
	case !ok || len(scheme) == 1: // a bare path, perhaps with a drive letter
		return newSQLite(dsn), nil
	}
	return nil, fmt.Errorf("store.dsn %q is not understood: write sqlite:feedwright.db", dsn)
}

// migrate brings the tables up to this program's version; a database of a
// newer program is refused.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, dir string) error {
	sub, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, sub)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return &newerError{have: current, want: target}
	}
	_, err = p.Up(ctx)
	return err
}

type newerError struct{ have, want int64 }

func (e *newerError) Error() string {
	return fmt.Sprintf("it was written by a newer feedwright (tables of version %d, this one knows %d): run the newer program, or begin a new database beside the ledger's text copy", e.have, e.want)
}
