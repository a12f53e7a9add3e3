package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"feedwright/article"
	"feedwright/config"
	"feedwright/store"
)

// openTrial opens a site over a private copy of database and ledger, so that
// whatever is tried changes nothing and disturbs no running serve. What it
// returns closes the site and removes the copy.
func openTrial(ctx context.Context, l *config.Loaded, o siteOptions) (*site, func() error, error) {
	dir, err := os.MkdirTemp("", "feedwright-trial-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a place for a trial: %w: set TMPDIR to a folder with room", err)
	}
	s, err := func() (*site, error) {
		copied, err := copyKept(ctx, l, dir)
		if err != nil {
			return nil, err
		}
		return openSite(ctx, copied, o)
	}()
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) }, nil
}

// copyKept copies what lasts into a folder and gives settings that use the
// copy. The ledger goes first: a database that is newer than it adds what is
// missing there.
func copyKept(ctx context.Context, l *config.Loaded, dir string) (*config.Loaded, error) {
	copied := *l
	kept := &copied.Config.Store
	if kept.Ledger != "" {
		to := filepath.Join(dir, "feedwright.ledger")
		if err := copyFile(to, kept.Ledger); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		kept.Ledger = to
	}
	db := filepath.Join(dir, "feedwright.db")
	from, err := openReader(ctx, l)
	switch {
	case errors.Is(err, fs.ErrNotExist): // nothing is published yet: the trial begins anew, with the ledger if there is one
	case err != nil:
		return nil, err
	default:
		if err := errors.Join(from.CopyTo(ctx, db), from.Close()); err != nil {
			return nil, err
		}
	}
	kept.DSN = "sqlite:" + db
	return &copied, nil
}

// openReader opens what lasts, for reading. The error wraps fs.ErrNotExist where
// nothing is there yet.
func openReader(ctx context.Context, l *config.Loaded) (*store.Store, error) {
	c := &l.Config
	return store.Open(ctx, store.Options{DSN: c.Store.DSN, SiteID: c.Site.ID, SiteURL: c.Site.URL, ReadOnly: true})
}

// copyFile copies one file's bytes to a new file.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(fmt.Errorf("copy %s: %w", from, err), out.Close())
	}
	return out.Close()
}

// live keeps the site's writer running while f works.
func (s *site) live(ctx context.Context, f func(context.Context) error) error {
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var writer errgroup.Group
	writer.Go(func() error { return s.publisher.Run(inner) })
	err := f(ctx)
	stop()
	return errors.Join(err, writer.Wait())
}

// readOnce looks through the whole folder and waits until all it holds is
// published; the writer must be live. all has every file read, changed or not.
func (s *site) readOnce(ctx context.Context, all bool) error {
	if all {
		s.folder.Reparse(nil)
	}
	if err := s.folder.Scan(ctx, s.store.Files, s.publisher.Changes); err != nil {
		return err
	}
	if err := s.publisher.Scanned(ctx); err != nil {
		return err
	}
	if err := s.publisher.Flush(ctx); err != nil {
		return err
	}
	if slices.ContainsFunc(s.loaded.Config.Feeds, func(f config.NamedFeed) bool { return f.Selector.Asks(article.Word, article.InTitle) }) {
		return s.store.Index(ctx) // nobody waits: the feeds must be whole
	}
	return nil
}
