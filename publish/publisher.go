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
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"feedwright/article"
	"feedwright/catalog"
)

// Options are what a Publisher works with.
type Options struct {
	Store    article.Store
	Settings *Settings
	// Open opens a local file of the source folder for /media/.
	Open func(path string) (io.ReadSeekCloser, time.Time, error)
	// Folder says how the folder is doing, for Status.
	Folder func() FolderState
	// Coming is how many files the folder is about to tell of; nil means that
	// this is not known.
	Coming func() int
	// Served is told of each edition once it is what readers get, and of a start
	// that goes on with the last one. It returns at once.
	Served func()
	// Cold says that the database is new: nothing is answered until Scanned.
	Cold bool
	Crew article.Crew // who makes documents that nobody waits for
	Log  *slog.Logger
	Now  func() time.Time
}

// FolderState is what Status shows of the source folder.
type FolderState struct {
	Watching string
	Faults   []article.Fault
	Warnings []string
	Withheld int // articles of a mass removal that waits for the owner
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
	followed followed
	oversize oversize
	evicting sync.Mutex
	risen    risen

	work     chan func(context.Context) // run by the writer, in order
	settings chan *Settings
	wake     chan struct{} // a window's leaver has come nearer

	running atomic.Bool   // the writer is at work
	windows atomic.Int64  // when the next article leaves a window, Unix milliseconds, 0 for never
	lane    chan struct{} // one looks words up at a time
	inLane  atomic.Int64
	guests  chan struct{} // turns to render documents that are none of the site's own

	// The writer's own, touched by no other goroutine once Run began.
	catalog   *catalog.Catalog
	cold      bool
	pending   []article.Touched // committed, not yet in an edition
	heap      heap
	spellings []article.Spelling
	next      *Settings // to be used by the next edition
	unsaved   []article.Cut
	uncut     bool        // pages that a crash kept from being closed are yet to be looked for
	failed    []*document // could not be made, and serve their last good version
	failedAt  time.Time

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
	if o.Coming == nil {
		o.Coming = func() int { return 0 }
	}
	p := &Publisher{
		o: o, started: o.Now(), cold: o.Cold,
		work: make(chan func(context.Context)), settings: make(chan *Settings), wake: make(chan struct{}, 1),
		lane: make(chan struct{}, 1), guests: make(chan struct{}, o.Crew.Workers(math.MaxInt)),
		catalog: catalog.New(o.Settings.rules()),
		memory:  memory{states: map[string]article.DocumentState{}},
	}
	p.followed = followed{docs: map[string]*past{}, pool: &p.pool}
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
	faults, err := p.o.Store.Faults(ctx)
	if err != nil {
		return fmt.Errorf("load faults: %w", err)
	}
	for _, f := range faults {
		p.faults.Store(f.Path, f)
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
	p.uncut = true // that takes longer than the rest, and rarely finds any
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
	now := p.o.Now()
	if err := p.o.Store.Name(ctx, p.current().namings(), now); err != nil {
		return err
	}
	spellings, err := p.o.Store.Spellings(ctx)
	if err != nil {
		return fmt.Errorf("load terms: %w", err)
	}
	var entries []*article.Entry
	err = p.o.Store.Entries(ctx, func(e article.Entry) error {
		entries = append(entries, &e)
		return nil
	})
	if err != nil {
		return fmt.Errorf("load articles: %w", err)
	}
	c, err := p.loadCuts(ctx)
	if err != nil {
		return fmt.Errorf("load the archive: %w", err)
	}
	p.catalog = catalog.New(p.current().rules())
	p.catalog.Load(entries, spellings, now)
	p.unsaved = nil // what was not written down is found again
	if !p.uncut {
		c = p.cutAll(p.current(), p.catalog.Snapshot(), c)
		if err := p.saveCuts(ctx); err != nil {
			return err
		}
	}
	p.swap(&edition{p: p, at: at, settings: p.current(), snap: p.catalog.Snapshot(), fragments: newFragments(p.current().Cache), renders: newRenders(p.current().Cache), words: newLexicon(p.current().Cache / headroom), cuts: c})
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
	if p.o.Served != nil {
		p.o.Served()
	}
}
