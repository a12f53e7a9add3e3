package publish

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// document is one document of one or more editions: it lives on, shared, as
// long as no change touches it. All but its bodies and asked is fixed.
type document struct {
	path    string // canonical
	address feed.Address
	state   article.DocumentState
	answer  *feed.Answer

	sel    article.Selector // resolved; what a change is matched with
	scope  catalog.Scope
	limit  int
	said   string // its filter in words, where these can change by themselves
	hits   []catalog.Hit
	more   bool                    // sel holds more than hits
	page   page                    // of an archive document
	stray  bool                    // an archive document that no other names any more
	paging func(n int) feed.Paging // of a feed's document with its first n hits
	newest int64                   // the newest withdrawal that its dates count, Unix milliseconds
	told   []feed.Withdrawal
	paper  *paper // of a feed's document
	pages  bool   // a page or list that shows counts or names of terms: any change may touch it
	one    article.Number

	outlived bool // its date is one that its articles no longer tell
	unsaved  bool // its date was not remembered when it was made

	worded, windowed bool // sel asks for words; sel has a window

	asked  atomic.Int64  // Unix seconds of the last request
	again  atomic.Bool   // asked for in more than one second
	wanted atomic.Uint32 // bodies asked for, a bit a place
	dead   atomic.Bool   // replaced: what a late reader renders is not kept
	mu     sync.Mutex    // held while rendering or compressing
	bodies [2 * len(codings)]atomic.Pointer[[]byte]
	render func(context.Context) ([]byte, error)
	heavy  func(feed.Address, int) // told of each size
	pool   *pool
	newsMu sync.Mutex
	news   map[news][]byte // deltas
	guests chan struct{}   // turns to render, nil for the site's own documents
}

// codings are what a document is served in; a body's place is its coding's, and
// as many further on for a person's browser.
var codings = [...]feed.Encoding{feed.Identity, feed.Gzip, feed.Brotli, feed.Zstd}

// body gives the document in a coding, making it at most once while memory
// lasts. A poll of a kept body takes no lock.
func (d *document) body(ctx context.Context, enc feed.Encoding) ([]byte, error) {
	return d.take(ctx, enc, 0)
}

// view is body for a person's browser.
func (d *document) view(ctx context.Context, enc feed.Encoding) ([]byte, error) {
	return d.take(ctx, enc, len(codings))
}

func (d *document) take(ctx context.Context, enc feed.Encoding, first int) ([]byte, error) {
	i := slices.Index(codings[:], enc)
	if i < 0 {
		return nil, fmt.Errorf("coding %q is not offered", enc)
	}
	i += first
	if !d.wants(i) {
		d.wanted.Or(1 << i)
	}
	b, err := d.packed(ctx, i)
	d.spare()
	return b, err
}

// wants says that a body has been asked for.
func (d *document) wants(i int) bool { return d.wanted.Load()>>i&1 != 0 }

// spare lets go of a feed's plain bytes, which were wanted for a coding only:
// three times as long as what is sent, and put together of fragments again at
// a small part of a coding's cost.
func (d *document) spare() {
	if d.paper != nil && d.bodies[0].Load() != nil && !d.wants(0) {
		d.forget(0)
	}
}

func (d *document) forget(i int) {
	if b := d.bodies[i].Swap(nil); b != nil {
		d.pool.add(-int64(len(*b)))
	}
}

// ready makes the document before it is asked for, and if that is about to
// happen, in all that was asked of the one in whose place it comes.
func (d *document) ready(ctx context.Context, old *document, soon bool) error {
	_, err := d.packed(ctx, 0)
	if !soon {
		return err
	}
	coded := false
	for i := 1; i < len(d.bodies) && err == nil; i++ {
		if old.wants(i) {
			_, err = d.packed(ctx, i)
			coded = true
		}
	}
	if coded {
		d.spare()
	}
	return err
}

// packed gives the body at a place.
func (d *document) packed(ctx context.Context, i int) ([]byte, error) {
	if b := d.bodies[i].Load(); b != nil {
		return *b, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.bodies[i].Load(); b != nil {
		return *b, nil
	}
	uncoded := d.plain
	if i >= len(codings) {
		uncoded = d.viewed
	}
	b, err := uncoded(ctx)
	enc := codings[i%len(codings)]
	if err != nil || enc == feed.Identity {
		return b, err
	}
	coded, err := feed.Compress(enc, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name(), err)
	}
	d.keep(i, coded)
	return coded, nil
}

// viewed is plain for a person's browser; d.mu is held.
func (d *document) viewed(ctx context.Context) ([]byte, error) {
	if b := d.bodies[len(codings)].Load(); b != nil {
		return *b, nil
	}
	b, err := d.plain(ctx)
	if err != nil {
		return nil, err
	}
	if b, err = feed.View(b); err != nil {
		return nil, fmt.Errorf("%s: %w", d.name(), err)
	}
	d.keep(len(codings), b)
	return b, nil
}

// plain gives the document as it is; d.mu is held.
func (d *document) plain(ctx context.Context) ([]byte, error) {
	if b := d.bodies[0].Load(); b != nil {
		return *b, nil
	}
	done, err := d.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	b, err := d.render(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name(), err)
	}
	if d.paper == nil { // a feed's parts have been looked at
		if err := feed.WellFormed(d.address.Format, b); err != nil {
			return nil, fmt.Errorf("%s: not well-formed: %w", d.name(), err)
		}
	}
	d.keep(0, b)
	if d.heavy != nil {
		d.heavy(d.address, len(b))
	}
	return b, nil
}

func (d *document) keep(i int, b []byte) {
	d.bodies[i].Store(&b)
	d.pool.add(int64(len(b)))
	if d.dead.Load() {
		d.drop()
	}
}

// drop forgets the bodies, to be rendered again if asked for.
func (d *document) drop() {
	d.dropNews()
	for i := range d.bodies {
		d.forget(i)
	}
}

// ask notes a request; it writes at most once a second.
func (d *document) ask(now time.Time) {
	if s := now.Unix(); d.asked.Load() != s {
		d.asked.Store(s)
		d.again.Store(true)
	}
}

// follow has a document asked for as the one was in whose place it comes.
func (d *document) follow(old *document) {
	d.asked.Store(old.asked.Load())
	d.again.Store(old.again.Load())
	d.wanted.Store(old.wanted.Load() & 1)
}

// touches says whether an article's change can change the document.
func (d *document) touches(s *catalog.Snapshot, t article.Touched, before, now time.Time) bool {
	if d.pages {
		return true
	}
	for _, e := range []struct {
		*article.Entry
		at time.Time
	}{{t.Before, before}, {t.After, now}} {
		if e.Entry == nil {
			continue
		}
		if d.one != 0 {
			if d.one == e.Number {
				return true
			}
			continue
		}
		if (catalog.Visible(e.Entry, e.at) || e.Withdrawn != 0) && s.Match(d.sel, d.scope, e.Entry) {
			return true
		}
	}
	return false
}
