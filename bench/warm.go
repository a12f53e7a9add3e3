package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// warm measures restarts with all articles known: until the first poll is told
// that nothing changed, and until the scan has found the same. The peer is
// Hugo's build, as it starts from nothing each time.
func (b *bench) warm(ctx context.Context) error {
	dir, err := b.known(ctx)
	if err != nil {
		return err
	}
	tags, err := b.tags(ctx, dir)
	if err != nil {
		return err
	}
	var polls, scans []float64
	for range b.runs {
		poll, scan, err := b.restart(ctx, dir, tags)
		if err != nil {
			return err
		}
		b.say("restart: first poll %s, scan %s", span(poll), span(scan))
		polls, scans = append(polls, poll.Seconds()), append(scans, scan.Seconds())
	}
	if err := b.hugoBuilds(ctx); err != nil {
		return err
	}
	took := func(h *built) float64 { return h.took.Seconds() }
	write := func(v float64) string { return span(seconds(v)) }
	poll, scan := median(polls), median(scans)
	b.rows = append(b.rows, b.beside(row{
		What: "warm: restart → first poll answered with the ETag of before (peer: Hugo builds anew)", Goal: "≤ 1/50 of Hugo's time",
		Ours: write(poll), Figures: map[string]float64{"warm.poll.seconds": poll},
	}, poll, 50, took, write, "hugo.seconds"))
	b.rows = append(b.rows, b.beside(row{
		What: "warm: restart → scan that finds nothing changed", Goal: "≤ 1/20 of Hugo's time",
		Ours: write(scan), Figures: map[string]float64{"warm.scan.seconds": scan},
	}, scan, 20, took, write, "hugo.seconds"))
	return nil
}

// tags gives the ETag of each feed as it stands.
func (b *bench) tags(ctx context.Context, dir string) (map[string]string, error) {
	s, err := b.serve(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	if _, err := s.scanned(ctx); err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, f := range formats {
		for _, p := range b.feedSet(f) {
			a, err := s.answers(ctx, p, http.StatusOK, asksGzip)
			if err != nil {
				return nil, err
			}
			tags[p] = a.etag()
		}
	}
	return tags, s.stop()
}

// restart starts feedwright again. The first poll is a reader's who has the
// feed of before; afterwards every feed must still have the ETag it had.
func (b *bench) restart(ctx context.Context, dir string, tags map[string]string) (poll, scan time.Duration, err error) {
	s, err := b.serve(ctx, dir, nil)
	if err != nil {
		return 0, 0, err
	}
	defer s.stop()
	const first = "/rss.xml"
	if _, err := s.answers(ctx, first, http.StatusNotModified, asksGzip, "If-None-Match: "+tags[first]); err != nil {
		return 0, 0, err
	}
	poll = time.Since(s.began)
	end, err := s.scanned(ctx)
	if err != nil {
		return 0, 0, err
	}
	scan = end.Sub(s.began)
	for p, tag := range tags {
		a, err := get(ctx, s.client, s.url+p, asksGzip, "If-None-Match: "+tag)
		if err != nil {
			return 0, 0, err
		}
		if a.code != http.StatusNotModified || a.etag() != tag {
			return 0, 0, fmt.Errorf("%s is answered %d with %s after the restart; before it had %s", p, a.code, a.etag(), tag)
		}
	}
	st, err := s.status(ctx)
	if err != nil {
		return 0, 0, err
	}
	if n := st.Counters["changes"]; n != 0 {
		return 0, 0, fmt.Errorf("the scan after the restart found %d changes where there are none", n)
	}
	return poll, scan, s.stop()
}
