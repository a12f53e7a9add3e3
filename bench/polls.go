package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pollFor is how long one server is polled at a stretch.
const pollFor = 4 * time.Second

// wireFeed is the feed that polls are measured with: half as many items as
// usual, about as long as a newsroom's.
const wireFeed = "/feeds/wire/rss.xml"

// target is a server whose rate is measured.
type target struct {
	name  string
	child *child
	url   string
	tag   string
	rates map[string][]float64 // by kind of poll: answers a second
	load  map[string][]float64 // likewise: share of its processor that was used
}

// polls measures how many polls a second one processor answers. The server has
// one processor for itself and wrk the other; all serve the same bytes, by
// turns.
func (b *bench) polls(ctx context.Context) error {
	why := ""
	switch {
	case b.peers.wrk == "":
		why = "wrk: " + notInstalled
	case b.peers.taskset == "":
		why = "taskset: " + notInstalled
	case runtime.NumCPU() < 2:
		why = "needs two processors"
	}
	if why != "" {
		for _, k := range pollKinds {
			b.rows = append(b.rows, row{What: k.what, Goal: "nginx's rate; ≥ 2.5× Caddy's", Ours: why, Peer: "–", Ratio: "–", Reached: unmeasured})
		}
		return nil
	}
	dir, err := b.known(ctx)
	if err != nil {
		return err
	}
	list, size, err := b.targets(ctx, dir)
	defer func() {
		for _, t := range list {
			err = errors.Join(err, t.child.stop())
		}
	}()
	if err != nil {
		return err
	}
	for _, k := range pollKinds {
		for range b.runs {
			for _, t := range list {
				if err := b.poll(ctx, t, k); err != nil {
					return err
				}
			}
		}
		b.rows = append(b.rows, b.pollRow(k, list, size))
	}
	return nil
}

// pollKind is a sort of poll: what it asks, and what the answer must be.
type pollKind struct {
	name, what  string
	code        int
	conditional bool
}

var pollKinds = []pollKind{
	{"304", "a poll answered 304, a second, on one processor", http.StatusNotModified, true},
	{"200", "a poll answered 200 in gzip, a second, on one processor", http.StatusOK, false},
}

// targets starts the servers, each bound to the first processor.
func (b *bench) targets(ctx context.Context, dir string) (list []*target, size int, err error) {
	bound := []string{b.peers.taskset, "-c", "0"}
	one := []string{"GOMAXPROCS=1"}
	s, err := b.serve(ctx, dir, one, bound...)
	if err != nil {
		return nil, 0, err
	}
	list = append(list, &target{name: "feedwright", child: s.child, url: s.url + wireFeed})
	if _, err := s.scanned(ctx); err != nil {
		return list, 0, err
	}
	d, err := s.document(ctx, wireFeed)
	if err != nil {
		return list, 0, err
	}
	if b.peers.nginx != "" {
		n, err := b.nginx(ctx, d, 1, bound...)
		if err != nil {
			return list, 0, err
		}
		list = append(list, &target{name: "nginx", child: n.child, url: n.url + "/rss.xml"})
	}
	if b.peers.caddy != "" {
		c, err := b.caddy(ctx, d, one, bound...)
		if err != nil {
			return list, 0, err
		}
		list = append(list, &target{name: "Caddy", child: c.child, url: c.url + "/rss.xml"})
	}
	for _, t := range list {
		if err := t.check(ctx, d); err != nil {
			return list, 0, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return list, len(d.gzip), s.idle(ctx)
}

// document gives a document as feedwright sends it.
func (s *site) document(ctx context.Context, path string) (*documentBytes, error) {
	plain, err := s.answers(ctx, path, http.StatusOK, "Accept-Encoding: identity")
	if err != nil {
		return nil, err
	}
	packed, err := s.answers(ctx, path, http.StatusOK, asksGzip)
	if err != nil {
		return nil, err
	}
	if packed.header.Get("Content-Encoding") != "gzip" {
		return nil, fmt.Errorf("%s does not come in gzip", path)
	}
	return &documentBytes{plain.body, packed.body}, nil
}

// check makes sure that a server gives the same bytes as the others, and a 304
// to who has them.
func (t *target) check(ctx context.Context, d *documentBytes) error {
	t.rates, t.load = map[string][]float64{}, map[string][]float64{}
	c := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer c.CloseIdleConnections()
	a, err := get(ctx, c, t.url, asksGzip)
	if err != nil {
		return err
	}
	if a.code != http.StatusOK || !bytes.Equal(a.body, d.gzip) {
		return fmt.Errorf("answers %d with %d bytes that are not the document", a.code, len(a.body))
	}
	t.tag = a.etag()
	if a, err = get(ctx, c, t.url, asksGzip, "If-None-Match: "+t.tag); err != nil {
		return err
	}
	if a.code != http.StatusNotModified {
		return fmt.Errorf("answers %d to who has the document", a.code)
	}
	return nil
}

// poll has wrk poll a server with 64 connections from the second processor.
func (b *bench) poll(ctx context.Context, t *target, k pollKind) error {
	args := []string{"-c", "1", b.peers.wrk, "-t1", "-c64", fmt.Sprintf("-d%ds", int(pollFor.Seconds())), "-H", asksGzip}
	if k.conditional {
		args = append(args, "-H", "If-None-Match: "+t.tag)
	}
	before, began := busy(t.child.cmd.Process.Pid), time.Now()
	c, err := run(ctx, "", nil, b.peers.taskset, append(args, t.url)...)
	if err != nil {
		return err
	}
	t.load[k.name] = append(t.load[k.name], (busy(t.child.cmd.Process.Pid)-before).Seconds()/time.Since(began).Seconds())
	rate, err := wrkRate(c.said.String())
	if err != nil {
		return fmt.Errorf("wrk and %s: %w", t.name, err)
	}
	t.rates[k.name] = append(t.rates[k.name], rate)
	return nil
}

var (
	wrkRequests = regexp.MustCompile(`(?m)^Requests/sec:\s+([0-9.]+)$`)
	wrkFaults   = regexp.MustCompile(`(?m)^\s*(Non-2xx or 3xx responses|Socket errors): .*$`)
)

// wrkRate reads answers a second out of what wrk says. One wrong answer spoils
// the figure.
func wrkRate(text string) (float64, error) {
	if fault := wrkFaults.FindString(text); fault != "" {
		return 0, errors.New(strings.TrimSpace(fault))
	}
	m := wrkRequests.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("no rate in %q", text)
	}
	return strconv.ParseFloat(m[1], 64)
}

// best is what a target did: answers a second where wrk kept its processor
// busy. Where it did not, that would be wrk's rate; then answers in a second of
// the target's own processor time.
func (t *target) best(kind string, starved bool) float64 {
	rate := median(t.rates[kind])
	if used := median(t.load[kind]); starved && used > 0 {
		rate /= used
	}
	return rate
}

// enough is the share of its processor that a server must have used for its
// rate to be its own.
const enough = 0.85

func (b *bench) pollRow(k pollKind, list []*target, size int) row {
	var starved []string
	for _, t := range list {
		if used := median(t.load[k.name]); used < enough {
			starved = append(starved, fmt.Sprintf("%s used %.0f %%", t.name, 100*used))
		}
	}
	ours := list[0].best(k.name, starved != nil)
	x := row{
		What: k.what, Goal: "nginx's rate; ≥ 2.5× Caddy's", Ours: fmt.Sprintf("%.0f", ours), Reached: yes,
		Figures: map[string]float64{"polls." + k.name + ".feedwright": ours},
	}
	if !k.conditional {
		x.What += fmt.Sprintf(" (%s)", weight(int64(size)))
	}
	if starved != nil {
		x.What += ", by the processor time it used (wrk was too slow: " + strings.Join(starved, ", ") + ")"
	}
	x.compare(k, list, ours, starved != nil)
	return x
}

// compare completes the row of a kind of poll with what the peers did.
func (x *row) compare(k pollKind, list []*target, ours float64, starved bool) {
	var peers, ratios []string
	for _, goal := range []struct {
		name string
		part float64
	}{{"nginx", 1}, {"Caddy", 2.5}} {
		i := slices.IndexFunc(list, func(t *target) bool { return t.name == goal.name })
		if i < 0 {
			peers = append(peers, goal.name+": "+notInstalled)
			if x.Reached == yes {
				x.Reached = unmeasured
			}
			continue
		}
		rate := list[i].best(k.name, starved)
		x.Figures["polls."+k.name+"."+goal.name] = rate
		peers = append(peers, fmt.Sprintf("%s %.0f", goal.name, rate))
		ratios = append(ratios, fmt.Sprintf("%s %.2f×", goal.name, ours/rate))
		if ours < goal.part*rate {
			x.Reached = no
		}
	}
	x.Peer, x.Ratio = strings.Join(peers, ", "), strings.Join(ratios, ", ")
}
