package publish

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"feedwright/article"
)

// Run is the writer. It ends when ctx does, after the batch in hand.
func (p *Publisher) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	p.running.Store(true)
	defer p.running.Store(false)
	for {
		select {
		case <-ctx.Done():
			return p.stop()
		case f := <-p.work:
			f(ctx)
		case s := <-p.settings:
			p.next = s
		case <-p.wake:
		case <-timer.C:
		}
		wait, err := p.advance(ctx)
		if err != nil && ctx.Err() == nil {
			p.count.failures.Add(1)
			p.o.Log.Error("no new edition; the last good one is served, and it is tried again in a second", "err", err)
			wait = time.Second
		}
		timer.Reset(wait)
	}
}

// advance does what is due now and makes an edition if one is wanted and this
// second has none yet. It returns how long nothing is to be done.
func (p *Publisher) advance(ctx context.Context) (time.Duration, error) {
	const idle = time.Hour
	last := p.edition.Load()
	if last == nil {
		return idle, nil
	}
	if err := p.saveRisen(ctx); err != nil {
		return 0, err
	}
	now := p.o.Now()
	if p.uncut {
		p.uncut = false
		if p.cutAll(last.settings, last.snap, last.cuts); len(p.unsaved) > 0 && p.next == nil {
			again := *last.settings // an edition like the last, with its pages closed
			p.next = &again
		}
	}
	if due := p.catalog.NextDue(); !due.IsZero() && !due.After(now) {
		if err := p.commit(ctx, article.Batch{Now: now}); err != nil {
			return 0, err
		}
		switch {
		case len(p.pending) > 0:
			p.heap.over = true // an instant waits for nobody
		case !p.catalog.Passes(now): // it no longer matters
			p.catalog.Apply(nil, nil, now)
		}
	}
	due := p.next != nil || p.windowsDue(now) || p.catalog.Passes(now)
	if len(p.pending) > 0 && !due {
		if wait := p.heap.wait(p.o.Coming(), now); wait > 0 {
			return wait, nil
		}
	}
	if len(p.pending) > 0 || due {
		at := seconds(now)
		if !at.After(last.at) && last.at.Sub(at) < 2*time.Second {
			return last.at.Add(time.Second).Sub(now), nil
		}
		if !at.After(last.at) { // the clock was put back: Last-Modified still rises
			at = last.at.Add(time.Second)
		}
		if err := p.publish(ctx, last, at, now); err != nil {
			return 0, err
		}
	}
	if len(p.failed) > 0 {
		if wait := p.failedAt.Add(failedPause).Sub(now); wait > 0 {
			return min(wait, time.Second), nil
		}
		if err := p.tryAgain(ctx, p.edition.Load()); err != nil {
			return 0, err
		}
	}
	// The clock is looked at each second while something is due: it may be put
	// forward, or the machine sleep.
	if due := p.nextDue(); !due.IsZero() {
		return min(max(due.Sub(p.o.Now()), time.Millisecond), now.Truncate(time.Second).Add(time.Second).Sub(now)), nil
	}
	return idle, nil
}

// commit applies a batch in the store and keeps what it touched for the next
// edition.
func (p *Publisher) commit(ctx context.Context, b article.Batch) error {
	if err := p.saveRisen(ctx); err != nil {
		return err
	}
	out, err := p.o.Store.Apply(ctx, b)
	if err != nil {
		return err
	}
	p.count.batches.Add(1)
	p.count.changes.Add(uint64(len(b.Changes)))
	for _, c := range b.Changes {
		switch {
		case c.Op == article.Failed && c.Fault != nil:
			if _, known := p.faults.Swap(c.Path, *c.Fault); !known || !p.cold {
				p.o.Log.Warn("a file cannot be published; its last good version stays", "file", c.Path, "err", c.Fault)
			}
		default:
			p.faults.Delete(c.Path)
		}
	}
	for _, r := range out.Reports {
		level := slog.LevelInfo
		if r.Warn {
			level = slog.LevelWarn
		}
		p.o.Log.Log(ctx, level, r.What, "file", r.Path)
	}
	if !p.cold {
		p.pending = append(p.pending, out.Touched...)
		p.spellings = append(p.spellings, out.Spellings...)
	}
	return nil
}

// publish makes the edition of all that is pending and swaps it in.
func (p *Publisher) publish(ctx context.Context, last *edition, at, now time.Time) error {
	if settings := p.current(); settings != last.settings {
		return p.resettle(ctx, last, at)
	}
	snap := p.catalog.Apply(p.pending, p.spellings, now)
	c := p.cut(last.settings, snap, last.cuts, p.pending)
	next, stale := last.next(ctx, at, snap, c, slices.Concat(p.pending, p.catalog.Passed()))
	p.pending, p.spellings, p.heap = nil, nil, heap{}
	p.latest.Store(snap)
	for _, d := range stale {
		if d.lasting() {
			p.memory.put(d.remember())
		}
	}
	err := errors.Join(p.saveCuts(ctx), p.renew(ctx, next, stale))
	p.swap(next)
	p.retire(next, stale)
	return err
}

// resettle makes an edition with other settings. What the gate says may differ
// for every article, so the index is filled again.
func (p *Publisher) resettle(ctx context.Context, last *edition, at time.Time) error {
	old := slices.Collect(last.kept)
	for _, d := range old {
		if d.lasting() {
			p.memory.put(d.remember())
		}
	}
	if err := p.reload(ctx, at); err != nil {
		return err
	}
	p.next, p.pending, p.spellings, p.heap = nil, nil, nil, heap{}
	e := p.edition.Load()
	p.pool.limit.Store(e.settings.Cache / 2)
	err := p.renew(ctx, e, old)
	p.retire(e, old)
	return err
}

func (d *document) remember() article.DocumentState {
	s := d.state
	if n := d.asked.Load(); n > 0 {
		s.Asked = time.Unix(n, 0).UTC()
	}
	return s
}

// kept calls yield for every document of the edition.
func (e *edition) kept(yield func(*document) bool) {
	e.docs.Range(func(_, v any) bool { return yield(v.(*document)) })
}

// stop remembers the documents, so that their dates last over the restart.
func (p *Publisher) stop() error {
	e := p.edition.Load()
	if e == nil {
		return nil
	}
	var states []article.DocumentState
	for d := range e.kept {
		if d.lasting() {
			states = append(states, d.remember())
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return p.o.Store.SaveDocuments(ctx, states)
}
