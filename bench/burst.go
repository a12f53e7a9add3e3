package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

const (
	burstFiles = 5000
	quietFor   = 10 * time.Second
	pollEvery  = 2 * time.Millisecond
)

// burst measures many files at once: how long after the last has settled all
// are published, and how much longer polls take meanwhile.
func (b *bench) burst(ctx context.Context) error {
	s, err := b.live(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	quiet, stop := context.WithTimeout(ctx, quietFor)
	alone, _ := b.pollOn(quiet, s)
	stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	pieces := b.many(time.Now())

	beside, stop := context.WithCancel(ctx)
	defer stop()
	var poller sync.WaitGroup
	var during []time.Duration
	faults := 0
	poller.Go(func() { during, faults = b.pollOn(beside, s) })
	began := time.Now()
	var settled time.Time
	for _, p := range pieces {
		if settled, err = b.drop(p); err != nil {
			return err
		}
	}
	written := time.Since(began)
	if err := b.allSeen(ctx, s, &pieces[len(pieces)-1]); err != nil {
		return err
	}
	took := time.Since(settled)
	stop()
	poller.Wait()
	b.burstRow(took, written, newSpread(alone), newSpread(during), faults)
	return s.stop()
}

// many composes the files of the burst, a second apart, the last the newest.
func (b *bench) many(now time.Time) []piece {
	r := rand.New(rand.NewPCG(b.corpus.Seed, 5))
	list := make([]piece, burstFiles)
	for i := range list {
		list[i] = b.another("In a heap", now.Add(-time.Duration(len(list)-i)*time.Second), length(r))
	}
	return list
}

// allSeen waits until as many articles are published as there are files, and
// the newest is in all its feeds.
func (b *bench) allSeen(ctx context.Context, s *site, newest *piece) error {
	err := until(ctx, 10*time.Millisecond, func() bool {
		st, err := s.status(ctx)
		return err == nil && st.Published >= b.corpus.Articles+b.extra
	})
	if err != nil {
		return err
	}
	for _, path := range newest.feeds {
		if err := shows(ctx, s.client, s.url+path, newest.title); err != nil {
			return err
		}
	}
	return s.holds(ctx, b.corpus.Articles+b.extra)
}

// pollOn polls the common feeds in turn as readers do until ctx ends: with the
// ETag they have, and every tenth time, as a new reader, without. It gives how
// long each poll took, and how many went wrong.
func (b *bench) pollOn(ctx context.Context, s *site) (waits []time.Duration, faults int) {
	var paths []string
	for _, f := range formats {
		paths = append(paths, b.feedSet(f)[:min(6, len(b.corpus.categories))]...)
	}
	c := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer c.CloseIdleConnections()
	tags := map[string]string{}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return waits, faults
		case <-tick.C:
		}
		p := paths[i%len(paths)]
		headers := []string{asksGzip}
		if i%10 != 0 && tags[p] != "" {
			headers = append(headers, "If-None-Match: "+tags[p])
		}
		began := time.Now()
		a, err := get(ctx, c, s.url+p, headers...)
		switch {
		case ctx.Err() != nil:
			return waits, faults
		case err != nil || a.code != http.StatusOK && a.code != http.StatusNotModified:
			faults++
			continue
		}
		waits = append(waits, time.Since(began))
		tags[p] = a.etag()
	}
}

func (b *bench) burstRow(took, written time.Duration, alone, during spread, faults int) {
	b.rows = append(b.rows, row{
		What: fmt.Sprintf("burst: %d files at once → all published and the newest in all its feeds, from the end of settling", burstFiles),
		Goal: "≤ 2 s", Ours: fmt.Sprintf("%s (written in %s)", span(took), span(written)), Peer: "–", Ratio: "–",
		Reached: reached(took <= 2*time.Second), Figures: map[string]float64{"burst.seconds": took.Seconds()},
	}, row{
		What: fmt.Sprintf("burst: polls meanwhile (%d), beside quiet (%d)", len(during), len(alone)), Goal: "no error, p99 ≤ 2× of quiet",
		Ours: fmt.Sprintf("%s, %d errors", during, faults), Peer: "quiet: " + alone.String(), Ratio: times(during.at(99).Seconds(), alone.at(99).Seconds()),
		Reached: reached(faults == 0 && during.at(99) <= 2*alone.at(99)),
		Figures: map[string]float64{"burst.polls.p99.seconds": during.at(99).Seconds(), "quiet.polls.p99.seconds": alone.at(99).Seconds()},
	})
}
