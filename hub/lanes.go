package hub

import (
	"context"
	"sync"
)

// lanes have work done for many hosts at once: few things at a time in all,
// fewer for one host, and each host in its turn, so that a slow one, or one with
// thousands of subscriptions, holds nobody else up.
type lanes struct {
	most, each int
	under      *sync.WaitGroup // what is under way

	mu      sync.Mutex
	ctx     context.Context // nil until run and after stop
	hosts   map[string]*lane
	turn    []*lane // those with work and a free place, in order
	running int
	peak    int // the most that ever ran at once
}

// lane is the work for one host.
type lane struct {
	host    string
	jobs    []func(context.Context)
	running int
	inTurn  bool
}

func newLanes(most, each int, under *sync.WaitGroup) *lanes {
	return &lanes{most: most, each: each, under: under, hosts: map[string]*lane{}}
}

// run begins with the work, which is to end with ctx.
func (l *lanes) run(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = ctx
	l.start()
}

// stop starts nothing more; what waits is dropped.
func (l *lanes) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = nil
}

// add queues work for a host.
func (l *lanes) add(host string, job func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.hosts[host]
	if h == nil {
		h = &lane{host: host}
		l.hosts[host] = h
	}
	h.jobs = append(h.jobs, job)
	l.line(h)
	l.start()
}

// line has a host wait for its turn, if it has work and a place.
func (l *lanes) line(h *lane) {
	if len(h.jobs) > 0 && h.running < l.each && !h.inTurn {
		h.inTurn = true
		l.turn = append(l.turn, h)
	}
}

// start sets off what may run.
func (l *lanes) start() {
	for l.ctx != nil && l.running < l.most && len(l.turn) > 0 {
		h := l.turn[0]
		l.turn = l.turn[1:]
		h.inTurn = false
		ctx, job := l.ctx, h.jobs[0]
		h.jobs[0] = nil
		h.jobs = h.jobs[1:]
		h.running++
		l.running++
		l.peak = max(l.peak, l.running)
		l.line(h)
		l.under.Add(1)
		go func() {
			defer l.under.Done()
			job(ctx)
			l.done(h)
		}()
	}
}

func (l *lanes) done(h *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.running--
	l.running--
	l.line(h)
	if h.running == 0 && len(h.jobs) == 0 {
		delete(l.hosts, h.host)
	}
	l.start()
}
