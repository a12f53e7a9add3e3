package hub

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// Wake has the hub look at its topics: another edition is served. It returns at
// once.
func (h *Hub) Wake() { poke(h.wake) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// saving is how long what was delivered waits to be written down together: a
// kill in that time has it delivered once more.
const saving = time.Second

// again is after how long topics that could not be looked at are tried again.
const again = 10 * time.Second

// idle is how long nothing is done where nothing is to be done.
const idle = time.Hour

// Run takes up what the store holds and delivers until ctx ends. It then breaks
// off what is under way, writes down what was delivered, and returns nil.
func (h *Hub) Run(ctx context.Context) error {
	if err := h.load(ctx); err != nil {
		return err
	}
	h.asking.run(ctx)
	h.posting.run(ctx)
	timer := time.NewTimer(idle)
	defer timer.Stop()
	h.tend(ctx)
	h.look(ctx)
	for {
		timer.Reset(h.rest())
		select {
		case <-ctx.Done():
			return h.stop(ctx)
		case <-h.wake:
			h.look(ctx)
		case <-h.nudge:
		case <-timer.C:
		}
		h.tend(ctx)
	}
}

// load takes up the subscriptions of before.
func (h *Hub) load(ctx context.Context) error {
	list, err := h.o.Store.Subscriptions(ctx)
	if err != nil {
		return fmt.Errorf("load subscriptions: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range list {
		h.put(s, Topic{Self: s.Topic, Site: true})
	}
	h.ready = true
	return nil
}

func (h *Hub) stop(ctx context.Context) error {
	h.mu.Lock()
	h.ready = false
	h.mu.Unlock()
	h.asking.stop()
	h.posting.stop()
	h.work.Wait()
	h.client.CloseIdleConnections()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return h.save(last)
}

// tend does what time brings: ends leases, tries again, writes down.
func (h *Hub) tend(ctx context.Context) {
	h.mu.Lock()
	now := h.o.Now()
	var over []*subscriber
	for _, s := range h.subs {
		if !now.Before(s.Expires) {
			over = append(over, s)
		} else {
			h.queue(s, now)
		}
	}
	look := !h.unseen.IsZero() && !now.Before(h.unseen)
	save := len(h.dirty) > 0 && !now.Before(h.since.Add(saving))
	h.mu.Unlock()
	h.end(ctx, over, "its lease is over", "") // WebSub §5.3.1: none is for ever
	if look {
		h.look(ctx)
	}
	if !save {
		return
	}
	if err := h.save(ctx); err != nil && ctx.Err() == nil {
		h.o.Log.Error("what was delivered could not be written down; it is tried again in a second", "err", err)
	}
}

// rest is how long nothing is to be done.
func (h *Hub) rest() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := h.o.Now().Add(idle)
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	for _, s := range h.subs {
		sooner(s.Expires)
		if !s.queued && owed(s) {
			sooner(s.Next)
		}
	}
	if !h.unseen.IsZero() {
		sooner(h.unseen)
	}
	if len(h.dirty) > 0 {
		sooner(h.since.Add(saving))
	}
	h.armed = next
	return max(next.Sub(h.o.Now()), time.Millisecond)
}

// by has the hub awake at an instant; h.mu is held.
func (h *Hub) by(t time.Time) {
	if t.Before(h.armed) {
		h.armed = t
		poke(h.nudge)
	}
}

// touch notes that a subscriber is to be written down; h.mu is held.
func (h *Hub) touch(s *subscriber) {
	if len(h.dirty) == 0 {
		h.since = h.o.Now()
	}
	h.dirty[s] = struct{}{}
	h.by(h.since.Add(saving))
}

// save writes down what was delivered, and what was not.
func (h *Hub) save(ctx context.Context) error {
	h.disk.Lock()
	defer h.disk.Unlock()
	h.mu.Lock()
	changed := maps.Clone(h.dirty)
	clear(h.dirty)
	list := make([]Subscription, 0, len(changed))
	for s := range changed {
		list = append(list, s.Subscription)
	}
	h.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	err := h.o.Store.SaveSubscriptions(ctx, list, nil)
	if err == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range changed {
		if !s.gone {
			h.touch(s)
		}
	}
	return err
}
