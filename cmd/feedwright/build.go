package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"feedwright/config"
	"feedwright/server"
)

func buildCommand(a *app) *cobra.Command {
	var out string
	var zip, accept bool
	c := &cobra.Command{
		Use:   "build --out DIR",
		Short: "Write all feeds and pages as files, for a static host",
		Long: `build writes what serve would answer, byte for byte, as files into DIR: every
public feed in each of its formats, the pages, the list of feeds, the media that
articles name. Private feeds are left out: a static host cannot keep them private.

DIR is swapped whole when all is written, so a web server never sees half of it.
Files that did not change keep their time, and what others put into DIR stays. A
DIR that was filled by something else is refused. manifest.json in it names every
address with its type, ETag and Last-Modified, for hosts that can set headers.

It uses the database and the ledger, as serve does: they keep ids and dates the
same from build to build. Beside a running serve it works on a copy.`,
		Example: `  feedwright build --out public
  feedwright build --out public --gzip --url https://news.example.org && rsync -a --delete public/ host:/srv/news/`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usage(errors.New("build needs to know where to: feedwright build --out public"))
			}
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			a.notices(l)
			return a.build(c.Context(), l, a.path(out), zip, accept)
		},
	}
	settingFlags(c.Flags(), "url", "title", "dir", "db", "ledger")
	c.Flags().StringVar(&out, "out", "", "`folder` to write into")
	c.Flags().BoolVar(&zip, "gzip", false, "write a .gz beside each document, for web servers that send those")
	c.Flags().BoolVar(&accept, "accept-removals", false, "withdraw the articles of many files that are gone at once")
	_ = c.MarkFlagDirname("out")
	return c
}

// build publishes the folder once and writes all of it into a folder.
func (a *app) build(ctx context.Context, l *config.Loaded, out string, zip, accept bool) (err error) {
	if err := folderThere(l.Config.Source.Dir); err != nil {
		return usage(err)
	}
	dir, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := apart(dir, &l.Config); err != nil {
		return usage(err)
	}
	to, err := target(dir)
	if err != nil {
		return usage(err)
	}
	bar := newProgress(a.stderr, "reading articles")
	s, end, err := a.openWriter(ctx, l, siteOptions{static: true, log: slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelError})), accept: accept, progress: bar.set})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := s.publisher.Load(ctx); err != nil {
		return err
	}
	if err := s.noteReading(ctx); err != nil {
		return err
	}
	return s.live(ctx, func(ctx context.Context) error {
		err := s.readOnce(ctx, false)
		bar.done()
		if err != nil {
			return err
		}
		if err := s.store.Remember(ctx, "reading", readingTag(&l.Config, s.folder.Vault())); err != nil {
			return err
		}
		w, err := a.writeSite(ctx, s, to, zip)
		if err != nil {
			return err
		}
		return a.built(s, w)
	})
}

// openWriter opens the site as its writer, or, where another has that part, over
// a copy: what is built is the same.
func (a *app) openWriter(ctx context.Context, l *config.Loaded, o siteOptions) (*site, func() error, error) {
	s, err := openSite(ctx, l, o)
	if err == nil {
		return s, s.Close, nil
	}
	kept, second := openReader(ctx, l)
	if second != nil { // there is nothing to copy
		return nil, nil, err
	}
	t, end, second := openTrial(ctx, l, o)
	if second = errors.Join(second, kept.Close()); second != nil {
		return nil, nil, errors.Join(err, second)
	}
	fmt.Fprintf(a.stderr, "%v\nThe build works on a copy of it instead; what it learns of new files is not kept.\n", err)
	return t, end, nil
}

// apart refuses to build where articles or the database lie: the one would
// publish what was built, the other lose what it replaces.
func apart(dir string, c *config.Config) error {
	dir = real(dir)
	inside := func(p, folder string) bool {
		rel, err := filepath.Rel(real(folder), real(p))
		return err == nil && filepath.IsLocal(rel)
	}
	if inside(dir, c.Source.Dir) {
		return fmt.Errorf("--out %s lies in the folder of articles, which would then publish it: name a folder beside it", dir)
	}
	db := strings.TrimPrefix(c.Store.DSN, "sqlite:")
	for _, p := range []string{c.Source.Dir, db, c.Store.Ledger} {
		if p != "" && inside(p, dir) {
			return fmt.Errorf("--out %s holds %s, and all of it would be replaced: name a folder of its own", dir, p)
		}
	}
	return nil
}

// writeSite writes the site beside the folder it goes into, and swaps the two.
func (a *app) writeSite(ctx context.Context, s *site, to targetState, zip bool) (*siteWriter, error) {
	// An article may fall due while we write; then some files would be of one
	// edition and some of the next. So we look, and begin again.
	const tries = 5
	for n := 1; ; n++ {
		w, err := a.writeTree(ctx, s, to, zip)
		if err != nil {
			return nil, err
		}
		if n < tries && s.publisher.Status().Edition != w.edition {
			if err := w.tree.abandon(); err != nil {
				return nil, err
			}
			continue
		}
		if err := w.tree.swap(); err != nil {
			return nil, errors.Join(err, w.tree.abandon())
		}
		return w, nil
	}
}

// writeTree writes everything but the swap.
func (a *app) writeTree(ctx context.Context, s *site, to targetState, zip bool) (*siteWriter, error) {
	t, err := newTree(to.dir)
	if err != nil {
		return nil, err
	}
	c := &s.loaded.Config
	bar := newProgress(a.stderr, "writing files")
	defer bar.done()
	w := &siteWriter{
		s: s, tree: t, zip: zip, bar: bar, owned: map[string]*builtFile{}, edition: s.publisher.Status().Edition,
		manifest: manifest{Generator: "feedwright " + version(), Site: c.Site.URL, Aliases: map[string]string{}},
		prefix:   c.Prefix(),
		handler: server.New(s.publisher, server.Options{
			Prefix: c.Prefix(), Lang: c.Site.Language, Aliases: c.Server.Aliases, MaxAge: c.Server.MaxAge, Version: version(), Log: s.log,
		}).Public(),
	}
	if to.prev != nil {
		w.owned = to.prev.owned()
	}
	if err := w.all(ctx); err != nil {
		return nil, errors.Join(err, t.abandon())
	}
	if to.prev != nil {
		if err := t.adopt(w.owned); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(err, t.abandon())
		}
	}
	return w, nil
}

// built says what was written.
func (a *app) built(s *site, w *siteWriter) error {
	st := s.publisher.Status()
	gone := 0
	now := w.manifest.owned()
	for f := range w.owned {
		if now[f] == nil {
			gone++
		}
	}
	_, err := fmt.Fprintf(a.stdout, "%s: %s, %s; %d new, %d changed, %d gone, %d as they were.\n",
		w.tree.old, number(st.Published, "article"), number(len(now), "file"), w.tree.fresh, w.tree.changed, gone, w.tree.same)
	for _, f := range st.Faults[:min(5, len(st.Faults))] {
		fmt.Fprintf(a.stderr, "not published: %s\n", f.Error())
	}
	if more := len(st.Faults) - 5; more > 0 {
		fmt.Fprintf(a.stderr, "and %d more: feedwright check\n", more)
	}
	if n := s.folder.State().Waiting; n > 0 {
		fmt.Fprintf(a.stderr, "Still being written, and not read: %s. Build again when that is done.\n", number(n, "file"))
	}
	if n := w.private(); n > 0 {
		fmt.Fprintf(a.stderr, "%s left out: a static host cannot keep a feed private.\n", number(n, "private feed"))
	}
	for _, warning := range st.Warnings {
		fmt.Fprintf(a.stderr, "Attention: %s\n", warning)
	}
	if newProgress(a.stderr, "").on && !st.NextDue.IsZero() {
		fmt.Fprintf(a.stderr, "The next change by the clock is due on %s: build again then.\n", moment(st.NextDue, s.loaded.Config.Zone()))
	}
	return err
}
