// Package publish is the conductor, and the only one: changes come in, editions
// go out. One goroutine writes; it wakes for three reasons: changes of files,
// the next due instant, and the schedule. It renders nothing ahead of need but
// the documents that were polled lately.
//
// A change's path: Changes → one transaction in store → the next
// catalog.Snapshot → the documents it touches → their new state in store →
// the edition is swapped. There is at most one edition in a clock second, so
// Last-Modified rises whenever bytes change and never lies in the future. A
// crash between two steps is mended at the next start, because an ETag is a
// function of what the store holds.
package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Options are what a Publisher works with.
type Options struct {
	Store    article.Store
	Settings *Settings
	// Open opens a local file of the source folder for /media/.
	Open func(path string) (io.ReadSeekCloser, time.Time, error)
	// Folder says how the folder is doing, for Status.
	Folder func() FolderState
	// Cold says that the database is new: nothing is answered until Scanned.
	Cold bool
	Log  *slog.Logger
	Now  func() time.Time
}

// FolderState is what Status shows of the source folder.
type FolderState struct {
	Watching string
	Faults   []article.Fault
	Warnings []string
}

// Publisher makes editions and answers from the newest. It implements
// feed.Library.
type Publisher struct {
	o        Options
	started  time.Time
	edition  atomic.Pointer[edition]
	latest   atomic.Pointer[catalog.Snapshot]
	memory   memory
	pool     pool
	evicting sync.Mutex

	work     chan func(context.Context) // run by the writer, in order
	settings chan *Settings

	// The writer's own, touched by no other goroutine once Run began.
	catalog   *catalog.Catalog
	cold      bool
	pending   []article.Touched // committed, not yet in an edition
	spellings []article.Spelling
	next      *Settings // to be used by the next edition

	faults  sync.Map // path → article.Fault
	held    atomic.Int64
	expired atomic.Int64
	due     atomic.Int64 // Unix milliseconds, 0 none
	count   counters
}

type counters struct {
	editions, batches, changes, fragments, documents, evictions, failures atomic.Uint64
}

// New makes a Publisher; Run makes it live.
func New(o Options) *Publisher {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &Publisher{
		o: o, started: o.Now(), cold: o.Cold,
		work: make(chan func(context.Context)), settings: make(chan *Settings),
		catalog: catalog.New(o.Settings.rules()),
		memory:  memory{states: map[string]article.DocumentState{}},
	}
	p.pool.limit.Store(o.Settings.Cache / 2)
	p.pool.full = p.evict
	p.latest.Store(p.catalog.Snapshot())
	return p
}

// Load brings up what the store holds and makes the first edition, unless the
// database is new. It returns before anything is watched, so that what was
// served before a restart is served again at once.
func (p *Publisher) Load(ctx context.Context) error {
	docs, err := p.o.Store.Documents(ctx)
	if err != nil {
		return fmt.Errorf("load documents: %w", err)
	}
	for _, d := range docs {
		p.memory.put(d)
	}
	err = p.o.Store.Files(ctx, func(f article.FileState) error {
		if f.Fault != nil {
			p.faults.Store(f.Path, *f.Fault)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("load files: %w", err)
	}
	if p.cold {
		return nil
	}
	// A document that is not remembered gets the second of this start as its
	// Last-Modified. That is no earlier than any it was served with, unless the
	// last change and its crash fell into this very second.
	last, err := p.o.Store.LastEdition(ctx)
	if err != nil {
		return fmt.Errorf("load last edition: %w", err)
	}
	now := p.o.Now()
	if next := seconds(last).Add(time.Second); next.After(now) && next.Sub(now) <= time.Second {
		if err := pause(ctx, next.Sub(now)); err != nil {
			return err
		}
	}
	return p.reload(ctx, seconds(p.o.Now()))
}

// pause waits for d or for ctx to end.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reload fills the catalog from the store and makes the edition of a second.
func (p *Publisher) reload(ctx context.Context, at time.Time) error {
	spellings, err := p.o.Store.Spellings(ctx)
	if err != nil {
		return fmt.Errorf("load terms: %w", err)
	}
	var entries []article.Entry
	err = p.o.Store.Entries(ctx, func(e article.Entry) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return fmt.Errorf("load articles: %w", err)
	}
	now := p.o.Now()
	p.catalog = catalog.New(p.current().rules())
	p.catalog.Load(entries, spellings, now)
	p.swap(&edition{p: p, at: at, settings: p.current(), snap: p.catalog.Snapshot(), fragments: newFragments(p.current().Cache / 2)})
	return nil
}

// current is the settings that the next edition uses.
func (p *Publisher) current() *Settings {
	if p.next != nil {
		return p.next
	}
	if e := p.edition.Load(); e != nil {
		return e.settings
	}
	return p.o.Settings
}

func (p *Publisher) swap(e *edition) {
	p.latest.Store(e.snap)
	p.edition.Store(e)
	p.held.Store(int64(p.catalog.Held()))
	p.expired.Store(int64(p.catalog.Expired()))
	due := p.catalog.NextDue()
	p.due.Store(0)
	if !due.IsZero() {
		p.due.Store(due.UnixMilli())
	}
	p.count.editions.Add(1)
}

// Run is the writer. It ends when ctx does, after the batch in hand.
func (p *Publisher) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return p.stop()
		case f := <-p.work:
			f(ctx)
		case s := <-p.settings:
			p.next = s
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
	now := p.o.Now()
	if due := p.catalog.NextDue(); !due.IsZero() && !due.After(now) {
		if err := p.commit(ctx, article.Batch{Now: now}); err != nil {
			return 0, err
		}
		if len(p.pending) == 0 { // an instant that no longer matters
			p.catalog.Apply(nil, nil, now)
		}
	}
	if len(p.pending) > 0 || p.next != nil {
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
	// The clock is looked at each second while something is due: it may be put
	// forward, or the machine sleep.
	if due := p.catalog.NextDue(); !due.IsZero() {
		return min(max(due.Sub(p.o.Now()), time.Millisecond), now.Truncate(time.Second).Add(time.Second).Sub(now)), nil
	}
	return idle, nil
}

// commit applies a batch in the store and keeps what it touched for the next
// edition.
func (p *Publisher) commit(ctx context.Context, b article.Batch) error {
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
	next, stale := last.next(at, snap, p.pending)
	p.pending, p.spellings = nil, nil
	p.latest.Store(snap)
	for _, d := range stale {
		p.memory.put(d.remember())
	}
	err := p.renew(ctx, next, stale)
	p.swap(next)
	p.retire(next, stale)
	return err
}

// resettle makes an edition with other settings. What the gate says may differ
// for every article, so the index is filled again.
func (p *Publisher) resettle(ctx context.Context, last *edition, at time.Time) error {
	old := slices.Collect(last.kept)
	for _, d := range old {
		p.memory.put(d.remember())
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
	var states []article.DocumentState
	for _, old := range stale {
		if old.pages || old.one != 0 {
			continue
		}
		if old.asked.Load() < since || p.o.Now().Sub(began) > renewing {
			break
		}
		d, err := e.find(ctx, old.address)
		if err != nil {
			continue // the document has left; who asks is told so
		}
		d.asked.Store(old.asked.Load())
		if _, err := d.body(ctx, feed.Identity); err != nil {
			p.count.failures.Add(1)
			p.o.Log.Error("a document cannot be made; its last good version is served", "document", old.path, "err", err)
			e.docs.Store(old.path, old)
			continue
		}
		states = append(states, d.remember())
	}
	if len(states) == 0 {
		return nil
	}
	return p.o.Store.SaveDocuments(ctx, states)
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
		states = append(states, d.remember())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return p.o.Store.SaveDocuments(ctx, states)
}

// do has the writer run f and waits for it.
func (p *Publisher) do(ctx context.Context, f func(context.Context) error) error {
	done := make(chan error, 1)
	select {
	case p.work <- func(ctx context.Context) { done <- f(ctx) }:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-done
}

// Changes commits a batch. When it returns nil the batch lasts; it is seen with
// the next edition, within a second. After an error nothing of it has happened.
func (p *Publisher) Changes(ctx context.Context, changes []article.Change) error {
	return p.do(ctx, func(ctx context.Context) error {
		return p.commit(ctx, article.Batch{Now: p.o.Now(), Changes: changes, More: p.cold})
	})
}

// Scanned tells that the whole folder has been read once: a new database now
// gets its first edition.
func (p *Publisher) Scanned(ctx context.Context) error {
	return p.do(ctx, func(ctx context.Context) error {
		if !p.cold {
			return nil
		}
		now := p.o.Now()
		if err := p.commit(ctx, article.Batch{Now: now}); err != nil {
			return err
		}
		p.cold = false
		return p.reload(ctx, seconds(now))
	})
}

// Flush waits until all that was committed is in an edition.
func (p *Publisher) Flush(ctx context.Context) error {
	for {
		left := 0
		err := p.do(ctx, func(context.Context) error { left = len(p.pending); return nil })
		if err != nil || left == 0 {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// Apply has the next edition made with other settings.
func (p *Publisher) Apply(ctx context.Context, s *Settings) error {
	select {
	case p.settings <- s:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Upkeep has the store prune what need not last.
func (p *Publisher) Upkeep(ctx context.Context) error {
	return p.do(ctx, func(ctx context.Context) error { return p.o.Store.Upkeep(ctx, p.o.Now()) })
}

// evict forgets the bodies of the documents that nobody asked for longest,
// until three quarters of the budget are left in use.
func (p *Publisher) evict() {
	if !p.evicting.TryLock() {
		return
	}
	defer p.evicting.Unlock()
	e := p.edition.Load()
	if e == nil {
		return
	}
	docs := slices.SortedFunc(e.kept, func(a, b *document) int { return cmp.Compare(a.asked.Load(), b.asked.Load()) })
	for _, d := range docs {
		if p.pool.used.Load() <= p.pool.limit.Load()*3/4 {
			return
		}
		d.drop()
		p.count.evictions.Add(1)
	}
}

// Ready is nil once a feed can be answered.
func (p *Publisher) Ready() error {
	if p.edition.Load() == nil {
		return errNotReady
	}
	return nil
}

var errNotReady = errors.New("the articles are being read for the first time")
