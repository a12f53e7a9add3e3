package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"feedwright/config"
	"feedwright/publish"
	"feedwright/server"
)

func serveCommand(a *app) *cobra.Command {
	var verbose, accept bool
	c := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Watch the folder and serve its feeds over HTTP",
		Long: `serve reads the articles in DIR (or in source.dir of the config), serves their
feeds, and keeps watching: a file that is dropped in is in all its feeds a moment
later, one that is edited changes, one that is removed leaves.

Stop it with Ctrl-C. What it knows lasts in the database and in the ledger's text
copy, so that ids and dates are the same after a restart.`,
		Example: `  feedwright serve
  feedwright serve ~/texts --listen 127.0.0.1:9000
  FEEDWRIGHT_SITE_URL=https://news.example.org feedwright serve`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: foldersOnly,
		RunE: func(c *cobra.Command, args []string) error {
			dir := ""
			if len(args) == 1 {
				dir = args[0]
			}
			l, err := a.load(c, dir)
			if err != nil {
				return err
			}
			level := slog.LevelInfo
			if verbose {
				level = slog.LevelDebug
			}
			log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
			return a.serve(c.Context(), l, log, accept)
		},
	}
	settingFlags(c.Flags(), "listen", "admin", "url", "title", "db", "ledger")
	c.Flags().BoolVar(&accept, "accept-removals", false, "withdraw the articles of many files that are gone at once, which else waits for you")
	// For tests, whose subscribers are on this machine: not to be offered.
	c.Flags().StringSliceVar(&a.callbacks, "websub-allow", nil, "call subscribers in these networks though they are not public")
	_ = c.Flags().MarkHidden("websub-allow")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "log more")
	return c
}

// serve runs until ctx ends: it opens the listeners first, so that a taken port
// is told before anything else happens, answers from what it remembers, and
// only then looks at the folder.
func (a *app) serve(ctx context.Context, l *config.Loaded, log *slog.Logger, accept bool) (err error) {
	for _, n := range l.Notices {
		fmt.Fprintln(a.stderr, n)
	}
	cfg := &l.Config
	if err := folderThere(cfg.Source.Dir); err != nil {
		return usage(err)
	}
	public, err := server.Listen(ctx, cfg.Server.Listen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeListener(public)) }()
	var admin net.Listener
	if cfg.Server.Admin != "" {
		if admin, err = server.Listen(ctx, cfg.Server.Admin); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, closeListener(admin)) }()
	}

	fillHeap()
	scanned := make(chan struct{})
	bar := newProgress(a.stderr, "reading articles")
	out := &outlets{}
	s, err := openSite(ctx, l, siteOptions{log: log, accept: accept, crew: crew(), progress: bar.set, scanned: func() { close(scanned) }, hub: cfg.WebSub.Builtin(), served: out.wake})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := a.openOutlets(s, out); err != nil {
		return err
	}
	if err := s.publisher.Load(ctx); err != nil {
		return err
	}
	if err := s.noteReading(ctx); err != nil {
		return err
	}
	srv := server.New(out.told(s.publisher), server.Options{
		Prefix: cfg.Prefix(), Lang: cfg.Site.Language, TrustedProxies: cfg.Server.TrustedProxies, Aliases: cfg.Server.Aliases,
		MaxAge: cfg.Server.MaxAge, Version: version(), Log: log, Pprof: cfg.Server.Pprof,
		AcceptRemovals: s.acceptRemovals, Hub: out.handler(),
	})
	out.over(srv)

	// Stopping goes from the outside in: first nobody is let in any more, then
	// the folder is let go, then the publisher ends its batch.
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))
	defer stopInner()
	var writer errgroup.Group
	writer.Go(func() error { giveWay(); return s.publisher.Run(inner) })

	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return server.Serve(gctx, public, srv.Public(), server.Options{Log: log}) })
	if admin != nil {
		g.Go(func() error { return server.Serve(gctx, admin, srv.Admin(), server.Options{Log: log}) })
	}
	g.Go(func() error { giveWay(); return s.folder.Run(gctx, s.store.Files, s.publisher.Changes) })
	g.Go(func() error { giveWay(); return s.store.Run(gctx) })
	g.Go(func() error { return tendHeap(gctx) })
	g.Go(func() error { return out.run(gctx) })
	g.Go(func() error { return a.afterScan(gctx, s, scanned, bar, public.Addr(), admin) })
	g.Go(func() error { return a.reload(gctx, s, l) })
	g.Go(func() error {
		return publish.Schedule(gctx, cfg.Zone(), log, publish.Job{Name: "upkeep", When: "17 * * * *", Do: s.publisher.Upkeep})
	})
	err = g.Wait()
	stopInner()
	return errors.Join(err, writer.Wait())
}

func closeListener(l net.Listener) error {
	if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// noteReading has every file read again if it would be understood otherwise
// than when it was read: what is served depends on the settings of today.
func (s *site) noteReading(ctx context.Context) error {
	c := &s.loaded.Config
	now := readingTag(c, s.folder.Vault())
	before, err := s.store.Remembered(ctx, "reading")
	if err != nil {
		return err
	}
	if before != now && !s.store.Fresh() {
		s.log.Info("the settings say otherwise how files are read: all are read again")
		s.folder.Reparse(nil)
	}
	return nil
}

// afterScan tells, once the folder has been read, what happened.
func (a *app) afterScan(ctx context.Context, s *site, scanned <-chan struct{}, bar *progress, at net.Addr, admin net.Listener) error {
	if s.publisher.Ready() == nil {
		fmt.Fprintf(a.stderr, "%s answers at %s with the %d articles of before, and looks through the folder.\n", s.loaded.Config.Site.Title, where(at), s.publisher.Status().Published)
	}
	select {
	case <-scanned:
	case <-ctx.Done():
		return nil
	}
	bar.done()
	if err := s.publisher.Scanned(ctx); err != nil {
		return err
	}
	if err := s.store.Remember(ctx, "reading", readingTag(&s.loaded.Config, s.folder.Vault())); err != nil {
		return err
	}
	a.screen(s, at, admin)
	return nil
}

// reload takes changed settings over while running.
func (a *app) reload(ctx context.Context, s *site, l *config.Loaded) error {
	current := l
	good := func(next *config.Loaded) {
		changed, restart := config.Changes(&current.Config, &next.Config)
		if len(changed) == 0 {
			return
		}
		s.log.Info("settings changed", "keys", strings.Join(changed, ", "))
		if len(restart) > 0 {
			s.log.Warn("some of them take effect at the next start", "keys", strings.Join(restart, ", "))
		}
		if tag := readingTag(&next.Config, s.folder.Vault()); tag != readingTag(&current.Config, s.folder.Vault()) {
			if err := s.reader.set(&next.Config, s.folder.Vault()); err != nil {
				s.log.Error("the settings are refused; the old ones stay", "err", err)
				return
			}
			s.folder.Reparse(nil)
		}
		current = next
		if err := s.publisher.Apply(ctx, s.settings(&next.Config)); err != nil && ctx.Err() == nil {
			s.log.Error("the settings could not be applied", "err", err)
		}
	}
	bad := func(err error) {
		s.log.Error("the changed settings are refused; the old ones stay", "err", err)
	}
	return config.Watch(ctx, l, 2*time.Second, good, bad)
}
