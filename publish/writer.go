package publish

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"feedwright/article"
	"feedwright/feed"
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
		if len(p.pending) == 0 && !p.catalog.Passes(now) { // an instant that no longer matters
			p.catalog.Apply(nil, nil, now)
		}
	}
	if len(p.pending) > 0 || p.next != nil || p.windowsDue(now) || p.catalog.Passes(now) {
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
	p.pending, p.spellings = nil, nil
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
	p.next, p.pending, p.spellings = nil, nil, nil
	e := p.edition.Load()
	p.pool.limit.Store(e.settings.Cache / 2)
	err := p.renew(ctx, e, old)
	p.retire(e, old)
	return err
}

// Documents polled within lately are renewed before anybody asks, for at most
// renewing; the rest when they are asked for.
const (
	lately   = 2 * time.Hour
	renewing = 200 * time.Millisecond
)

// renew makes anew the documents that were polled lately. One that fails keeps
// its last good version.
func (p *Publisher) renew(ctx context.Context, e *edition, stale []*document) error {
	began := p.o.Now()
	since := began.Add(-lately).Unix()
	slices.SortFunc(stale, func(a, b *document) int { return cmp.Compare(b.asked.Load(), a.asked.Load()) })
	renewed := make([]*document, len(stale))
	failed := make([]bool, len(stale))
	remake := func(i int) {
		if p.o.Now().Sub(began) <= renewing {
			renewed[i], failed[i] = p.remake(ctx, e, stale[i])
		}
	}
	first := true
	of := map[feed.Format][]int{}
	for i, old := range stale {
		switch {
		case old.pages || old.one != 0 || !old.lasting() || old.asked.Load() < since:
		case first:
			first = false
			remake(i) // it renders what is new, which the others share
		default:
			of[old.address.Format] = append(of[old.address.Format], i)
		}
	}
	// One format encodes an article once, so its documents follow one another.
	var wg sync.WaitGroup
	for _, list := range of {
		wg.Go(func() {
			for _, i := range list {
				remake(i)
			}
		})
	}
	wg.Wait()
	var states []article.DocumentState
	for i, d := range renewed {
		if failed[i] {
			e.docs.Store(stale[i].path, stale[i])
			p.failed, p.failedAt = append(p.failed, stale[i]), p.o.Now()
		} else if d != nil {
			states = append(states, d.remember())
		}
	}
	if len(states) == 0 {
		return nil
	}
	return p.o.Store.SaveDocuments(ctx, states)
}

// remake makes a document of an edition in place of an older one's. There is
// none where it has left, or where words would have to be looked up: that is not
// the writer's, who asks has it done.
func (p *Publisher) remake(ctx context.Context, e *edition, old *document) (d *document, failed bool) {
	if _, known := e.scope(old); !known {
		return nil, false
	}
	d, err := e.seek(ctx, old.address, false)
	if err != nil {
		return nil, false
	}
	d.follow(old)
	if _, err := d.packed(ctx, feed.Identity, 0, d.plain); err != nil {
		p.count.failures.Add(1)
		p.o.Log.Error("a document cannot be made; its last good version is served", "document", old.name(), "err", err)
		return nil, true
	}
	return d, false
}

// failedPause is how long a document that could not be made is left as it was.
const failedPause = 5 * time.Second

// tryAgain makes the documents that could not be made.
func (p *Publisher) tryAgain(ctx context.Context, e *edition) error {
	old := p.failed
	p.failed = nil
	for _, d := range old {
		e.docs.CompareAndDelete(d.path, d)
	}
	err := p.renew(ctx, e, old)
	p.retire(e, old)
	return err
}

// retire forgets the bodies of documents that an edition replaced.
func (p *Publisher) retire(e *edition, stale []*document) {
	for _, d := range stale {
		if kept, ok := e.docs.Load(d.path); !ok || kept != d {
			d.dead.Store(true)
			d.drop()
		}
	}
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
