package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// freshFiles is how many files are dropped in, one at a time.
const freshFiles = 100

// piece is an article that a run adds to the corpus.
type piece struct {
	path  string
	title string
	text  []byte
	feeds []string // all addresses that it will be seen at
}

// another composes an article that is not in the corpus.
func (b *bench) another(title string, when time.Time, n int) piece {
	b.extra++
	r := rand.New(rand.NewPCG(b.corpus.Seed+7, uint64(b.extra)))
	title, text := b.corpus.compose(r, fmt.Sprintf("%s %d", title, b.extra), when.UTC().Truncate(time.Second), n)
	p := piece{path: filepath.Join(b.corpus.added(), fmt.Sprintf("added-%d.md", b.extra)), title: title, text: text}
	_, list, _ := strings.Cut(string(text), "categories: [")
	list, _, _ = strings.Cut(list, "]")
	for _, f := range formats {
		p.feeds = append(p.feeds, "/"+f, "/feeds/posts/"+f)
		for c := range strings.SplitSeq(list, ", ") {
			p.feeds = append(p.feeds, "/category/"+strings.ToLower(c)+"/"+f)
		}
	}
	return p
}

// drop writes a file as any program does, and gives the moment at which it has
// been quiet for as long as feedwright waits.
func (b *bench) drop(p piece) (settled time.Time, err error) {
	if err := os.WriteFile(p.path, p.text, 0o644); err != nil {
		return time.Time{}, err
	}
	return time.Now().Add(settle), nil
}

// live starts a feedwright whose feeds have all been polled and that has
// nothing left to do.
func (b *bench) live(ctx context.Context) (*site, error) {
	dir, err := b.known(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(b.corpus.added(), 0o755); err != nil {
		return nil, err
	}
	s, err := b.serve(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	if err := b.comeAlive(ctx, s); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (b *bench) comeAlive(ctx context.Context, s *site) error {
	if _, err := s.scanned(ctx); err != nil {
		return err
	}
	for _, f := range formats {
		if err := s.fetchAll(ctx, b.feedSet(f)); err != nil {
			return err
		}
	}
	if err := s.idle(ctx); err != nil {
		return err
	}
	return s.holds(ctx, b.corpus.Articles+b.extra)
}

// fresh measures how long after its settling a new file is seen in all its
// feeds, one file at a time, and what each cost.
func (b *bench) fresh(ctx context.Context) error {
	s, err := b.live(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	// Each file begins with this request: the first would count as a document.
	if _, err := s.answers(ctx, "/rss.xml", http.StatusOK, "Accept-Encoding: identity"); err != nil {
		return err
	}
	before, err := s.status(ctx)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(b.corpus.Seed, 3))
	var waits []time.Duration
	documents := 0
	for range freshFiles {
		p := b.another("Dropped in", time.Now(), length(r))
		documents += len(p.feeds)
		wait, err := b.seen(ctx, s, p)
		if err != nil {
			return err
		}
		waits = append(waits, wait)
		if err := pause(ctx, 1100*time.Millisecond+time.Duration(r.IntN(400))*time.Millisecond); err != nil {
			return err
		}
	}
	after, err := s.status(ctx)
	if err != nil {
		return err
	}
	b.freshRow(newSpread(waits))
	if err := s.stop(); err != nil {
		return err
	}
	b.costRow(after.Counters["fragments_encoded"]-before.Counters["fragments_encoded"], after.Counters["documents_rendered"]-before.Counters["documents_rendered"], int64(documents))
	return b.watchRow(ctx, newSpread(waits))
}

// seen drops a file in and gives how long after its settling the last of its
// feeds showed it to who asked.
func (b *bench) seen(ctx context.Context, s *site, p piece) (time.Duration, error) {
	a, err := s.answers(ctx, "/rss.xml", http.StatusOK, "Accept-Encoding: identity")
	if err != nil {
		return 0, err
	}
	settled, err := b.drop(p)
	if err != nil {
		return 0, err
	}
	if err := pause(ctx, time.Until(settled)-5*time.Millisecond); err != nil {
		return 0, err
	}
	err = until(ctx, time.Millisecond/2, func() bool { // until anything has changed
		n, err := get(ctx, s.client, s.url+"/rss.xml", "If-None-Match: "+a.etag())
		return err == nil && n.code == http.StatusOK
	})
	if err != nil {
		return 0, err
	}
	var all errgroup.Group
	all.SetLimit(4)
	for _, path := range p.feeds {
		all.Go(func() error { return shows(ctx, s.client, s.url+path, p.title) })
	}
	err = all.Wait()
	return time.Since(settled), err
}

// shows waits until a document that is asked for plain holds a title.
func shows(ctx context.Context, c *http.Client, url, title string) error {
	return until(ctx, time.Millisecond, func() bool {
		a, err := get(ctx, c, url, "Accept-Encoding: identity")
		return err == nil && a.code == http.StatusOK && bytes.Contains(a.body, []byte(title))
	})
}

func (b *bench) freshRow(waits spread) {
	p50, p99 := waits.at(50), waits.at(99)
	x := row{
		What: fmt.Sprintf("one new file → seen in all its feeds, from the end of settling (%s), %d files one at a time", span(settle), len(waits)),
		Goal: "p99 ≤ 50 ms; a million at most 2× of 1,000", Ours: waits.String(), Peer: "–", Ratio: "–",
		Reached: reached(p99 <= 50*time.Millisecond),
		Figures: map[string]float64{"new.p50.seconds": p50.Seconds(), "new.p99.seconds": p99.Seconds()},
	}
	if small := b.figureAt("new.p99.seconds", 1000); small > 0 && b.corpus.Articles > 1000 {
		x.Peer = "at 1,000 articles: p99 " + span(seconds(small))
		x.Ratio = times(p99.Seconds(), small)
		if p99.Seconds() > 2*small {
			x.Reached = no
		}
	}
	b.rows = append(b.rows, x)
}

// figureAt gives a figure of an earlier run with another size, from the file of
// results; 0 if there is none.
func (b *bench) figureAt(name string, articles int) float64 {
	if b.results == "" {
		return 0
	}
	list, err := readRecords(b.results)
	if err != nil {
		return 0 // there is no such file yet
	}
	return figures(list, name)[articles]
}

func (b *bench) costRow(fragments, rendered, touched int64) {
	each := float64(fragments) / freshFiles
	b.rows = append(b.rows, row{
		What: "one new file: fragments encoded, documents rendered", Goal: "one fragment a format; only its own documents",
		Ours: fmt.Sprintf("%.2f fragments for %d formats; %d documents for %d", each, len(formats), rendered, touched),
		Peer: "–", Ratio: "–", Reached: reached(fragments <= int64(len(formats)*freshFiles) && rendered <= touched),
		Figures: map[string]float64{"new.fragments": each, "new.documents": float64(rendered) / freshFiles},
	})
}
