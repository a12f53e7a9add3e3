package publish

import (
	"context"
	"fmt"
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

	asked  atomic.Int64              // Unix seconds of the last request
	again  atomic.Bool               // asked for in more than one second
	wanted atomic.Uint32             // bodies asked for, a bit each
	dead   atomic.Bool               // replaced: what a late reader renders is not kept
	mu     sync.Mutex                // held while rendering or compressing
	bodies [8]atomic.Pointer[[]byte] // by codings, then the browser's views likewise
	render func(context.Context) ([]byte, error)
	heavy  func(feed.Address, int) // told of each size
	pool   *pool
	newsMu sync.Mutex
	news   map[news][]byte // deltas
	guests chan struct{}   // turns to render, nil for the site's own documents
}

// codings are the places of a document's bodies.
var codings = map[feed.Encoding]int{feed.Identity: 0, feed.Gzip: 1, feed.Brotli: 2, feed.Zstd: 3}

// body gives the document in a coding, making it at most once while memory
// lasts. A poll of a kept body takes no lock.
func (d *document) body(ctx context.Context, enc feed.Encoding) ([]byte, error) {
	d.want(enc, 0)
	b, err := d.packed(ctx, enc, 0, d.plain)
	d.spare()
	return b, err
}

func (d *document) want(enc feed.Encoding, first int) {
	if bit := uint32(1) << (codings[enc] + first); d.wanted.Load()&bit == 0 {
		d.wanted.Or(bit)
	}
}

// bare says that it is asked for in no coding.
func (d *document) bare() bool { return d.wanted.Load()&1 != 0 }

// spare lets go of a feed's plain bytes, which were wanted for a coding only:
// three times as long as what is sent, and put together of fragments again at
// a small part of a coding's cost.
func (d *document) spare() {
	if d.paper != nil && d.bodies[0].Load() != nil && !d.bare() {
		d.forget(0)
	}
}

func (d *document) forget(i int) {
	if b := d.bodies[i].Swap(nil); b != nil {
		d.pool.add(-int64(len(*b)))
	}
}

// view is body for a person's browser.
func (d *document) view(ctx context.Context, enc feed.Encoding) ([]byte, error) {
	d.want(enc, len(codings))
	b, err := d.packed(ctx, enc, len(codings), d.viewed)
	d.spare()
	return b, err
}

// viewed is plain for a person's browser; d.mu is held.
func (d *document) viewed(ctx context.Context) ([]byte, error) {
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

// make has the document ready, and in the codings that were asked of the one in
// whose place it comes if somebody is about to ask again.
func (d *document) make(ctx context.Context, old *document, again bool) error {
	wanted := old.wanted.Load()
	if _, err := d.packed(ctx, feed.Identity, 0, d.plain); err != nil || !again || wanted <= 1 {
		return err
	}
	defer d.spare()
	for enc, i := range codings {
		for first, plain := range map[int]func(context.Context) ([]byte, error){0: d.plain, len(codings): d.viewed} {
			if wanted>>(i+first)&1 == 0 {
				continue
			}
			if _, err := d.packed(ctx, enc, first, plain); err != nil {
				return err
			}
		}
	}
	return nil
}

// packed gives what identity makes, in a coding; first is the place of the
// uncoded bytes among the bodies.
func (d *document) packed(ctx context.Context, enc feed.Encoding, first int, identity func(context.Context) ([]byte, error)) ([]byte, error) {
	i, ok := codings[enc]
	if !ok {
		return nil, fmt.Errorf("coding %q is not offered", enc)
	}
	i += first
	if b := d.bodies[i].Load(); b != nil {
		return *b, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.bodies[i].Load(); b != nil {
		return *b, nil
	}
	var b []byte
	if kept := d.bodies[first].Load(); kept != nil {
		b = *kept
	} else {
		var err error
		if b, err = identity(ctx); err != nil {
			return nil, err
		}
	}
	if enc == feed.Identity {
		return b, nil
	}
	coded, err := feed.Compress(enc, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name(), err)
	}
	d.keep(i, coded)
	return coded, nil
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
