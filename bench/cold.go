package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// start is what one cold start took.
type start struct {
	committed      time.Duration // until the scan was committed and the first feed answered
	rss, all       time.Duration // until each feed was answered in Hugo's format, and in all three
	peak, peakAnon int64
}

// cold measures a start with an empty database until every feed is answered,
// beside a build of Hugo's, by turns.
func (b *bench) cold(ctx context.Context) error {
	var starts []start
	for i := range b.runs {
		last := i == b.runs-1
		s, err := b.coldStart(ctx, fmt.Sprintf("cold%d", i), last)
		if err != nil {
			return err
		}
		b.say("cold start: %s, %s at most", span(s.all), weight(s.peak))
		starts = append(starts, s)
		if err := b.build(ctx); err != nil {
			return err
		}
	}
	pick := func(f func(start) float64) float64 {
		var list []float64
		for _, s := range starts {
			list = append(list, f(s))
		}
		return median(list)
	}
	first := pick(func(s start) float64 { return s.committed.Seconds() })
	all := pick(func(s start) float64 { return s.all.Seconds() })
	rss := pick(func(s start) float64 { return s.rss.Seconds() })
	peak := pick(func(s start) float64 { return float64(s.peak) })
	anon := pick(func(s start) float64 { return float64(s.peakAnon) })
	feeds := len(b.corpus.categories) + 2
	b.rows = append(b.rows, b.beside(row{
		What:    fmt.Sprintf("cold: empty database → scan committed, all %d feeds answered 200 in three formats (peer: Hugo, the same feeds in RSS only)", feeds),
		Goal:    "≤ 1/5 of Hugo's time",
		Ours:    fmt.Sprintf("%s (first feed %s, all in RSS %s)", span(seconds(all)), span(seconds(first)), span(seconds(rss))),
		Figures: map[string]float64{"cold.seconds": all, "cold.rss.seconds": rss, "cold.committed.seconds": first},
	}, all, 5, func(h *built) float64 { return h.took.Seconds() }, func(v float64) string { return span(seconds(v)) }, "hugo.seconds"))
	b.rows = append(b.rows, b.beside(row{
		What:    "cold: the most memory resident meanwhile",
		Goal:    "≤ 1/5 of Hugo's",
		Ours:    fmt.Sprintf("%s (anonymous %s)", weight(int64(peak)), weight(int64(anon))),
		Figures: map[string]float64{"cold.peak.bytes": peak, "cold.anonymous.bytes": anon},
	}, peak, 5, func(h *built) float64 { return float64(h.peak) }, func(v float64) string { return weight(int64(v)) }, "hugo.peak.bytes"))
	return nil
}

func seconds(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }

// coldStart starts a feedwright that knows nothing. The last one goes on until
// it has indexed the words, and what it remembers serves the parts that follow.
func (b *bench) coldStart(ctx context.Context, name string, last bool) (start, error) {
	var r start
	dir, err := b.state(name)
	if err != nil {
		return r, err
	}
	s, err := b.serve(ctx, dir, nil)
	if err != nil {
		return r, err
	}
	defer s.stop()
	if _, err := s.answers(ctx, "/rss.xml", 200, asksGzip); err != nil {
		return r, err
	}
	r.committed = time.Since(s.began)
	if err := s.fetchAll(ctx, b.feedSet("rss.xml")); err != nil {
		return r, err
	}
	r.rss = time.Since(s.began)
	for _, f := range formats[1:] {
		if err := s.fetchAll(ctx, b.feedSet(f)); err != nil {
			return r, err
		}
	}
	r.all = time.Since(s.began)
	r.peak, r.peakAnon = s.peaks()
	if err := s.holds(ctx, b.corpus.Articles); err != nil {
		return r, err
	}
	if !last {
		if err := s.stop(); err != nil {
			return r, err
		}
		return r, os.RemoveAll(dir)
	}
	if err := s.idle(ctx); err != nil {
		return r, err
	}
	b.base = dir
	return r, s.stop()
}

// known gives what a feedwright remembers that has read the whole corpus, and
// has one read it if no cold start was measured.
func (b *bench) known(ctx context.Context) (string, error) {
	if b.base == "" {
		b.say("a first start, not measured, so that there is a database")
		if _, err := b.coldStart(ctx, "first", true); err != nil {
			return "", err
		}
	}
	return b.base, nil
}

// woken starts a feedwright that remembers the whole corpus, and waits until it
// has found nothing changed.
func (b *bench) woken(ctx context.Context) (*site, error) {
	dir, err := b.known(ctx)
	if err != nil {
		return nil, err
	}
	s, err := b.serve(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	if _, err := s.scanned(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// build has Hugo build once more, unless it is not there or has failed before:
// a million articles may be more than it has memory for.
func (b *bench) build(ctx context.Context) error {
	if b.peers.hugo == "" || b.hugoFault != nil {
		return nil
	}
	h, err := b.hugo(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		b.say("Hugo: %v", err)
		b.hugoFault = err
		return nil
	}
	b.say("Hugo: %s, %s at most, %d feeds", span(h.took), weight(h.peak), h.feeds)
	b.builds = append(b.builds, h)
	return nil
}

// hugoBuilds gives Hugo's builds, made now if none was made before.
func (b *bench) hugoBuilds(ctx context.Context) error {
	for len(b.builds) < b.runs && b.peers.hugo != "" && b.hugoFault == nil {
		if err := b.build(ctx); err != nil {
			return err
		}
	}
	return nil
}

// beside completes a row whose peer is Hugo: at most one part in so many of it
// is the goal.
func (b *bench) beside(x row, ours, part float64, of func(*built) float64, write func(float64) string, figure string) row {
	if len(b.builds) == 0 {
		x.Peer, x.Ratio, x.Reached = "Hugo: "+notInstalled, "–", unmeasured
		if b.hugoFault != nil {
			x.Peer = "Hugo failed: " + firstLine(b.hugoFault.Error())
		}
		return x
	}
	var list []float64
	for _, h := range b.builds {
		list = append(list, of(h))
	}
	theirs := median(list)
	x.Figures[figure] = theirs
	x.Peer = "Hugo " + write(theirs)
	x.Ratio = times(ours, theirs)
	x.Reached = reached(ours*part <= theirs)
	return x
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line[max(0, len(line)-80):] // what went wrong stands last
}
