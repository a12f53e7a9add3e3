package publish

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// edition is what is served from one instant to the next: an index, settings
// and the documents made of them. It is swapped whole, so RSS, Atom, JSON and
// pages always agree.
type edition struct {
	p         *Publisher
	at        time.Time // whole second
	settings  *Settings
	snap      *catalog.Snapshot
	docs      sync.Map // canonical path → *document
	fragments *fragments
	renders   *renders
	words     *lexicon
	cuts      cuts

	under    singleflight.Group // documents being made
	count    atomic.Int64       // documents kept, about, and
	bytes    atomic.Int64       // their weight
	trimmed  atomic.Int64       // how many the last trim left
	trimming sync.Mutex
}

// find gives the document at an address, making it if it is not kept. The path
// of a poll of a kept document ends at the look-up.
func (e *edition) find(ctx context.Context, a feed.Address) (*document, error) {
	return e.seek(ctx, a, true)
}

// seek is find; fresh has the writer make a new edition where a window needs
// one, which the writer itself must not ask for.
func (e *edition) seek(ctx context.Context, a feed.Address, fresh bool) (*document, error) {
	if d, ok := e.docs.Load(a.Path()); ok { // spelled canonically, as most polls are
		return d.(*document), nil
	}
	a, err := e.canonical(a)
	if err != nil {
		return nil, err
	}
	path := a.Path()
	if d, ok := e.docs.Load(path); ok {
		return d.(*document), nil
	}
	if sel, ok := e.filterOf(a, nil); fresh && ok && sel.Asks(article.Since) {
		if e, err = e.ofThisMinute(ctx); err != nil {
			return nil, err
		}
	}
	d, err := e.once(ctx, a, path)
	if err == nil && fresh { // the writer itself remembers what it makes
		e.p.rose(d)
	}
	return d, err
}

// canonical gives the one spelling of an address, or an error if there is no
// such document in this edition.
func (e *edition) canonical(a feed.Address) (feed.Address, error) {
	if a.Format == feed.OPML || a.Format == feed.Categories || a.Article != "" {
		return a, nil
	}
	p, err := e.settings.open(a)
	if err != nil {
		return a, err
	}
	if a.Format != feed.HTML && !slices.Contains(p.Formats, a.Format) {
		return a, fmt.Errorf("format %s: %w", a.Format, article.ErrNotFound)
	}
	if a.Selector, err = e.snap.Resolve(a.Selector, false); err != nil {
		return a, err
	}
	if a.Limit == p.Items && (p.podcast == nil || a.Format != feed.RSS) {
		a.Limit = 0
	}
	if !p.Private() {
		a.Token, a.Basic = "", false
	}
	if a.Archive > 0 {
		return e.archiveAddress(a)
	}
	if a.Format == feed.HTML {
		a.Before = 0
	}
	return a, nil
}

// make builds a document of a canonical address.
func (e *edition) make(ctx context.Context, a feed.Address, path string) (*document, error) {
	d := &document{path: path, address: a, pool: &e.p.pool, heavy: e.p.weighed}
	d.asked.Store(e.p.o.Now().Unix())
	if !subscription(a) {
		d.guests = e.p.guests
	}
	var err error
	if sel, ok := e.filterOf(a, nil); ok && sel.Asks(article.Word, article.InTitle) {
		if d.scope.Words, err = e.wordsOf(ctx, sel, a.Feed != ""); err != nil {
			return nil, err
		}
	}
	switch {
	case a.Article != "":
		err = e.articlePage(ctx, d)
	case a.Format == feed.OPML:
		err = e.opml(ctx, d)
	case a.Format == feed.Categories:
		err = e.categories(ctx, d)
	case a.Format == feed.HTML:
		err = e.page(ctx, d)
	default:
		err = e.feed(ctx, d)
	}
	d.scope.Words = nil // the edition keeps them
	if err != nil {
		return nil, err
	}
	return d, nil
}

// selection fills in which articles a feed's document or page holds.
func (e *edition) selection(d *document, p profile) error {
	where := article.Selector{}
	if p.Named != nil {
		var err error
		if where, err = e.snap.Resolve(p.Where, true); err != nil {
			return err
		}
	}
	d.sel = where.And(d.address.Selector)
	d.scope = catalog.Scope{Feed: d.address.Feed, Zone: e.settings.Zone, Now: e.at, Words: d.scope.Words, Fresh: p.Fresh}
	d.worded = d.sel.Asks(article.Word, article.InTitle)
	if d.windowed = d.sel.Asks(article.Since); d.windowed {
		e.p.expect(leaver(e.snap, d.sel, d.scope))
	}
	d.limit = p.Items
	if d.address.Limit > 0 {
		d.limit = d.address.Limit
	}
	if p.whole(d.address) {
		d.limit = max(e.snap.Len(), 1)
	}
	if d.address.Archive > 0 {
		x, _ := e.archiveOf(d.address)
		d.page = e.cuts.pageAt(x, d.address.Archive)
		d.stray = !d.page.closed && d.page.upto != e.cuts.newest(e.snap, x)
	}
	d.hits, d.more = e.members(d, d.scope)
	if d.address.Before > 0 && len(d.hits) == 0 {
		return fmt.Errorf("before %d: %w", d.address.Before, article.ErrNotFound)
	}
	return nil
}

// feed makes the document of a feed: its ETag is known from the ids and
// revisions selected, so that a 304 needs no rendering.
func (e *edition) feed(ctx context.Context, d *document) error {
	p, err := e.settings.open(d.address)
	if err != nil {
		return err
	}
	if err := e.selection(d, p); err != nil {
		return err
	}
	ch := e.channel(d.address, p)
	if excludes(d.address.Selector.Root()) {
		d.said = e.said(d.address)
	}
	var high time.Time
	revs := make([]article.Hash, len(d.hits))
	for i, h := range d.hits {
		revs[i] = shown(h)
		if t := time.UnixMilli(h.Changed).UTC(); t.After(high) {
			high = t
		}
	}
	d.newest, d.told = e.withdrawn(d, d.scope)
	if t := millis(d.newest); d.newest != 0 && t.After(high) {
		high = t
	}
	high = d.date(e.p.memory.get(d.key()).HighWater, high, p.Private())
	d.paging = e.paging(d, d.scope, d.hits, d.more)
	ch.Updated, ch.Withdrawn, ch.Paging = high, d.told, d.paging(len(d.hits))
	if err := e.heard(ctx, d, p, ch); err != nil {
		return err
	}
	enc, maxBytes := encoders[d.address.Format], p.MaxBytes
	if d.address.Archive > 0 || p.whole(d.address) {
		maxBytes = 0 // what it left out would be nowhere
	}
	// Where a document is cut is no part of its channel.
	version := fmt.Sprintf("%s max_bytes=%d %x%s", e.settings.Version, maxBytes, mark(ch.Paging, d.hits), e.settings.inItems())
	if p.Parts != nil {
		version += fmt.Sprintf(" fields=%x", p.missing())
	}
	d.finish(e, feed.ETag(version, d.address.Format, ch, revs), high, enc.ContentType(), p.Private())
	d.answer.Hub = ch.Hub
	d.paper = &paper{v: e.view(), enc: enc, ch: ch, hits: d.hits, maxBytes: maxBytes, paging: d.paging}
	d.paper.v.missing = p.missing()
	if p.podcast == nil || d.address.Format != feed.RSS {
		d.paper.v.missing |= unheard
	}
	d.render = func(ctx context.Context) ([]byte, error) { return e.p.renderFeed(ctx, d.paper) }
	if d.address.Format != feed.JSON {
		d.answer.View = d.view
	}
	pub := e.p // a document outlives its edition
	d.answer.Delta = func(ctx context.Context, have []string, enc feed.Encoding) ([]byte, bool, error) {
		return pub.delta(ctx, d, have, enc)
	}
	return nil
}

// inItems tells of the settings that every item shows and that no channel need:
// where media are fetched, and the language of articles that tell none. The
// site's own address and the terms' names are told elsewhere.
func (s *Settings) inItems() string {
	return fmt.Sprintf(" media=%q lang=%q", s.MediaBase, s.Lang)
}

// shown hashes all that is shown of an article: its revision, and its terms'
// names, which the config can change without one.
func shown(h catalog.Hit) article.Hash {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(h.Rev[:], h.Names))
	return article.Hash(sum[:16])
}

var encoders = func() map[feed.Format]feed.Encoder {
	m := map[feed.Format]feed.Encoder{}
	for _, enc := range feed.Encoders() {
		m[enc.Format()] = enc
	}
	return m
}()

// finish gives a document its validators. Last-Modified is that of the last
// edition that changed it; for one not remembered, of the last edition of all.
func (d *document) finish(e *edition, etag string, high time.Time, contentType string, private bool) {
	prior := e.p.memory.get(d.key())
	modified := e.at
	if prior.ETag == etag {
		modified = prior.LastModified
	}
	d.state = article.DocumentState{Address: d.key(), ETag: etag, LastModified: modified, HighWater: high, Asked: prior.Asked, Outlived: d.outlived}
	self := d.address
	d.answer = &feed.Answer{
		ETag: etag, LastModified: modified, ContentType: contentType,
		Self: e.settings.abs(self.Path()), MaxAge: e.settings.MaxAge, Ends: e.ends(d), Private: private, Body: d.body,
	}
}

// ends is when the first of a document's members leaves it by itself: it expires,
// or its window is over. What is to come must not show, so held articles have no
// part in it.
func (e *edition) ends(d *document) time.Time {
	first := int64(0)
	sooner := func(at int64) {
		if at > e.at.UnixMilli() && (first == 0 || at < first) {
			first = at
		}
	}
	for _, h := range d.hits {
		sooner(h.Expires)
	}
	if d.windowed {
		for n := range d.sel.Terms {
			for i := 0; n.Field == article.Since && i < len(d.hits); i++ {
				sooner(article.Leaves(n.Value, d.hits[i].Published))
			}
		}
	}
	if first == 0 {
		return time.Time{}
	}
	return time.UnixMilli(first).UTC()
}

// rendered makes a document whose ETag is that of its bytes: a page, cheap to
// render and touched by nearly every change.
func (e *edition) rendered(ctx context.Context, d *document, contentType string, private bool) error {
	d.state.Address = d.key()
	d.mu.Lock()
	defer d.mu.Unlock()
	b, err := d.plain(ctx)
	if err != nil {
		return err
	}
	d.finish(e, byteTag(b), time.Time{}, contentType, private)
	return nil
}

// lone gives the one term of an address that is that of one.
func (e *edition) lone(a feed.Address) *feed.Term {
	f, v, ok := a.Selector.AsLone()
	if !ok || a.Feed != "" {
		return nil
	}
	sp, ok := e.snap.Lookup(f, v)
	if !ok {
		return nil
	}
	return &feed.Term{Kind: f, Name: termName(sp), Slug: sp.Slug, URL: e.settings.termURL(f, sp.Slug)}
}

// next is the edition after a change, and the documents that the change
// touches. All others are shared.
func (e *edition) next(ctx context.Context, at time.Time, snap *catalog.Snapshot, c cuts, touched []article.Touched) (*edition, []*document) {
	// Asking each document about each article is the cheapest for the few
	// articles of an ordinary change; selecting anew, for a burst.
	const few = 16
	n := &edition{p: e.p, at: at, settings: e.settings, snap: snap, fragments: e.fragments, renders: e.renders, words: e.carry(ctx, snap, touched), cuts: c}
	e.p.windows.Store(0)
	var stale []*document
	for d := range e.kept {
		same := false
		switch {
		case d.pages, d.said != "" && d.said != n.said(d.address):
		case d.windowed, d.worded && len(touched) > few:
			sc, ok := n.scope(d)
			same = ok && n.unchanged(d, sc)
		case d.worded:
			sc, ok := n.scope(d)
			same = ok && !slices.ContainsFunc(touched, func(t article.Touched) bool { return d.touchesWords(snap, sc, t) })
		case d.address.Archive > 0, len(touched) > few && d.one == 0:
			same = n.unchanged(d, d.scope)
		default:
			same = !slices.ContainsFunc(touched, func(t article.Touched) bool { return d.touches(snap, t, e.at, at) })
		}
		if same {
			n.docs.Store(d.path, d)
			n.count.Add(1)
			n.bytes.Add(d.weight())
			if d.windowed {
				e.p.expect(leaver(snap, d.sel, catalog.Scope{Now: at}))
			}
		} else {
			stale = append(stale, d)
		}
	}
	return n, stale
}

// scope is what a document's selection starts from in this edition, false if
// its words are not known.
func (e *edition) scope(d *document) (catalog.Scope, bool) {
	sc, ok := d.scope, true
	sc.Now = e.at
	if d.worded {
		sc.Words, ok = e.words.words(d.sel, d.address.Feed != "")
	}
	return sc, ok
}

// memory is what is remembered of documents, kept or not, over editions and
// restarts.
type memory struct {
	mu     sync.Mutex
	states map[string]article.DocumentState
}

func (m *memory) get(path string) article.DocumentState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.states[path]
}

// maxRemembered bounds the filters that are remembered: of more, whoever asked
// again gets a later Last-Modified.
const maxRemembered = 50_000

func (m *memory) put(s article.DocumentState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.states[s.Address]; !known && len(m.states) >= maxRemembered && strings.Contains(s.Address, "?") {
		return
	}
	m.states[s.Address] = s
}
