package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// watchedFiles is how many files are dropped in before Hugo's watching server.
const watchedFiles = 5

// watchRow puts a new file's way beside that through Hugo's watching server,
// both from the end of writing it: how long to wait is each program's own
// choice.
func (b *bench) watchRow(ctx context.Context, waits spread) error {
	x := row{
		What: "one new file, from the end of writing it → seen in all its feeds (peer: Hugo's watching server)", Goal: "–",
		Ours: "p50 " + span(waits.median()+settle), Peer: "Hugo: " + notInstalled, Ratio: "–", Reached: "–",
	}
	if b.peers.hugo != "" {
		theirs, err := b.hugoWatches(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			x.Peer = "Hugo failed: " + firstLine(err.Error())
		default:
			x.Peer = fmt.Sprintf("Hugo p50 %s (%d files)", span(theirs.median()), len(theirs))
			x.Ratio = times((waits.median() + settle).Seconds(), theirs.median().Seconds())
			x.Figures = map[string]float64{"hugo.watch.p50.seconds": theirs.median().Seconds()}
		}
	}
	b.rows = append(b.rows, x)
	return nil
}

// hugoWatches drops files in before Hugo's watching server.
func (b *bench) hugoWatches(ctx context.Context) (spread, error) {
	dir, err := b.hugoSite()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	at, err := freePort()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(at)
	if err != nil {
		return nil, err
	}
	c, err := launch(ctx, dir, nil, b.peers.hugo, "server", "--noBuildLock", "--disableFastRender", "--disableLiveReload", "--cacheDir", filepath.Join(dir, "cache"), "--bind", "127.0.0.1", "--port", port)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	s := &site{child: c, url: "http://" + at, client: http.DefaultClient}
	if _, err := s.answers(ctx, "/index.xml", http.StatusOK); err != nil {
		return nil, err
	}
	if err := s.idle(ctx); err != nil {
		return nil, err
	}
	var waits []time.Duration
	for range watchedFiles {
		wait, err := b.hugoShows(ctx, s, b.another("Watched", time.Now(), 4096))
		if err != nil {
			return nil, err
		}
		waits = append(waits, wait)
		if err := pause(ctx, 2*time.Second); err != nil {
			return nil, err
		}
	}
	return newSpread(waits), nil
}

// hugoShows drops a file in and gives how long it took until Hugo showed it in
// the feeds that Hugo makes.
func (b *bench) hugoShows(ctx context.Context, s *site, p piece) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	settled, err := b.drop(p)
	if err != nil {
		return 0, err
	}
	for _, path := range p.feeds {
		path, inRSS := strings.CutSuffix(path, "rss.xml")
		if !inRSS {
			continue
		}
		path = strings.NewReplacer("/feeds/posts/", "/posts/", "/category/", "/categories/").Replace(path) + "index.xml"
		err := until(ctx, 5*time.Millisecond, func() bool {
			a, err := get(ctx, s.client, s.url+path)
			return err == nil && bytes.Contains(a.body, []byte(p.title))
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(settled) + settle, nil
}
