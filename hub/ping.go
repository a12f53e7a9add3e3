package hub

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// PingOptions are what a Pinger works with.
type PingOptions struct {
	Hub string // absolute URL of another's hub
	// Polled gives the feeds that name that hub and that somebody asked for
	// lately, as they are now.
	Polled func(ctx context.Context) []Polled
	Agent  string // User-Agent; "" means feedwright
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now

	out http.RoundTripper // nil: the network
}

// Polled is a feed that another's hub may have subscribers to.
type Polled struct {
	Self  string
	State string // differs whenever the bytes do
}

// Pinger tells another's hub which feeds have changed (WebSub §6), so that it
// fetches them. What it has told is not written down: after a start it tells of
// every feed that was polled lately, which costs the hub a request each.
type Pinger struct {
	o      PingOptions
	client *http.Client
	wake   chan struct{}
	nudge  chan struct{}
	lanes  *lanes
	work   sync.WaitGroup

	mu     sync.Mutex
	topics map[string]*ping
	told   uint64
	failed uint64
}

// ping is what the hub was told of a feed; Pinger.mu guards it.
type ping struct {
	self, state, told string
	tries             int
	next              time.Time
	queued            bool
}

// NewPinger makes a Pinger; Run makes it live.
func NewPinger(o PingOptions) *Pinger {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Agent == "" {
		o.Agent = "feedwright"
	}
	p := &Pinger{o: o, wake: make(chan struct{}, 1), nudge: make(chan struct{}, 1), topics: map[string]*ping{}}
	p.lanes = newLanes(perHost, perHost, &p.work)
	p.client = &http.Client{Transport: o.out, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return p
}

// Wake has the feeds looked at: another edition is served. It returns at once.
func (p *Pinger) Wake() { poke(p.wake) }

// Run tells the hub until ctx ends.
func (p *Pinger) Run(ctx context.Context) error {
	p.lanes.run(ctx)
	timer := time.NewTimer(idle)
	defer timer.Stop()
	p.look(ctx)
	for {
		timer.Reset(p.tend())
		select {
		case <-ctx.Done():
			p.lanes.stop()
			p.work.Wait()
			p.client.CloseIdleConnections()
			return nil
		case <-p.wake:
			p.look(ctx)
		case <-p.nudge:
		case <-timer.C:
		}
	}
}

// look takes in what the feeds are like now. One that nobody polls any more is
// forgotten.
func (p *Pinger) look(ctx context.Context) {
	list := p.o.Polled(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	here := make(map[string]bool, len(list))
	for _, is := range list {
		here[is.Self] = true
		x := p.topics[is.Self]
		if x == nil {
			x = &ping{self: is.Self}
			p.topics[is.Self] = x
		}
		x.state = is.State
	}
	for self, x := range p.topics {
		if !here[self] && !x.queued {
			delete(p.topics, self)
		}
	}
}

// tend queues what is to be told now, and says when to come back.
func (p *Pinger) tend() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.Now()
	rest := idle
	for _, x := range p.topics {
		switch {
		case x.queued || x.told == x.state:
		case now.Before(x.next):
			rest = min(rest, x.next.Sub(now))
		default:
			x.queued = true
			p.lanes.add("", func(ctx context.Context) { p.tell(ctx, x) })
		}
	}
	return rest
}

// tell sends one ping and notes what came of it.
func (p *Pinger) tell(ctx context.Context, x *ping) {
	p.mu.Lock()
	state := x.state
	p.mu.Unlock()
	err := p.post(ctx, x.self)
	p.mu.Lock()
	defer p.mu.Unlock()
	x.queued = false
	poke(p.nudge)
	if err == nil {
		p.told++
		x.told, x.tries, x.next = state, 0, time.Time{}
		return
	}
	if ctx.Err() != nil {
		return
	}
	p.failed++
	x.tries++
	x.next = p.o.Now().Add(pauseAfter(x.tries))
	log := p.o.Log.Debug
	if x.tries == 1 {
		log = p.o.Log.Warn
	}
	log("the hub could not be told of a change; it is tried again", "hub", hostOf(p.o.Hub), "feed", x.self, "tries", x.tries, "next", x.next.UTC(), "err", plain(err))
}

func (p *Pinger) post(ctx context.Context, self string) error {
	ctx, cancel := context.WithTimeout(ctx, deliverPatience)
	defer cancel()
	form := url.Values{"hub.mode": {"publish"}, "hub.url": {self}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.Hub, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", p.o.Agent)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("it answers %d", resp.StatusCode)
	}
	return nil
}

// Counts are what happened since the start, by name.
func (p *Pinger) Counts() map[string]uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return map[string]uint64{"hub_pings": p.told, "hub_pings_failed": p.failed}
}
