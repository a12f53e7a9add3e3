package publish

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Bounds of what is remembered for deltas (RFC 3229): states of a document,
// how long after the last request that took a delta, documents.
const (
	maxPast     = 16
	remembering = 24 * time.Hour
	maxFollowed = 5000
	maxNews     = 32 // deltas of one document kept ready
)

// followed keeps, for each document that somebody asks for with `A-IM: feed`,
// the members of its last states; no bodies.
type followed struct {
	mu   sync.Mutex
	docs map[string]*past // by path
	pool *pool
}

// past is what a document was.
type past struct {
	asked  int64 // Unix seconds
	states []state
}

// state is one state: 12 bytes a member.
type state struct {
	etag    string
	members []member
}

type member struct {
	number article.Number
	shown  [8]byte // of the hash of all that is shown of it
}

func memberOf(h catalog.Hit) member {
	m := member{number: h.Number}
	s := shown(h)
	copy(m.shown[:], s[:])
	return m
}

func (s *state) size() int64 { return 100 + 12*int64(len(s.members)) }

// note remembers the state of a document that is asked for now, and gives the
// one that a client has, nil if none of its tags names one.
func (f *followed) note(d *document, have []string, now int64) *state {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.docs[d.path]
	if p == nil || now-p.asked > int64(remembering/time.Second) {
		f.forget(d.path)
		f.room(now)
		p = &past{}
		f.docs[d.path] = p
	}
	p.asked = now
	var found *state
	known := false
	for i := range p.states {
		s := &p.states[i]
		known = known || s.etag == d.state.ETag
		if s.etag != d.state.ETag && slices.Contains(have, s.etag) {
			found = s // the newest of them
		}
	}
	if known {
		return found
	}
	if len(p.states) == maxPast {
		f.pool.used.Add(-p.states[0].size())
		p.states = slices.Clone(p.states[1:])
	}
	s := state{etag: d.state.ETag, members: make([]member, len(d.hits))}
	for i, h := range d.hits {
		s.members[i] = memberOf(h)
	}
	f.pool.used.Add(s.size())
	p.states = append(p.states, s)
	return found
}

// forget drops what is remembered of a document; f.mu is held.
func (f *followed) forget(path string) {
	if p := f.docs[path]; p != nil {
		for i := range p.states {
			f.pool.used.Add(-p.states[i].size())
		}
		delete(f.docs, path)
	}
}

// room drops the documents that nobody follows any more, and where there are
// too many all the same, a tenth of them; f.mu is held.
func (f *followed) room(now int64) {
	if len(f.docs) < maxFollowed {
		return
	}
	var rest []string
	for path, p := range f.docs {
		if now-p.asked > int64(remembering/time.Second) {
			f.forget(path)
		} else {
			rest = append(rest, path)
		}
	}
	if len(rest) < maxFollowed {
		return
	}
	slices.SortFunc(rest, func(a, b string) int { return cmp.Compare(f.docs[a].asked, f.docs[b].asked) })
	for _, path := range rest[:maxFollowed/10] {
		f.forget(path)
	}
}

// clear forgets everything: memory is short.
func (f *followed) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for path := range f.docs {
		f.forget(path)
	}
}

// news names a delta: from which state, in which coding.
type news struct {
	from string
	enc  feed.Encoding
}

// delta gives the document with only what is new or changed since the state
// that one of the client's tags names (RFC 3229 §10.4.1). It is false where
// there is no such state, or all of the document is new. Asking is what has the
// document's states remembered from then on.
func (p *Publisher) delta(ctx context.Context, d *document, have []string, enc feed.Encoding) ([]byte, bool, error) {
	was := p.followed.note(d, have, p.o.Now().Unix())
	if was == nil {
		return nil, false, nil
	}
	fresh := slices.DeleteFunc(slices.Clone(d.hits), func(h catalog.Hit) bool {
		return slices.Contains(was.members, memberOf(h))
	})
	if len(fresh) == len(d.hits) {
		return nil, false, nil
	}
	key := news{was.etag, enc}
	d.newsMu.Lock()
	defer d.newsMu.Unlock()
	if b, ok := d.news[key]; ok {
		return b, true, nil
	}
	b, err := p.renderNews(ctx, d.paper, fresh)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", d.name(), err)
	}
	if b, err = feed.Compress(enc, b); err != nil {
		return nil, false, fmt.Errorf("%s: %w", d.name(), err)
	}
	if len(d.news) < maxNews && !d.dead.Load() {
		if d.news == nil {
			d.news = map[news][]byte{}
		}
		d.news[key] = b
		d.pool.used.Add(int64(len(b)))
	}
	return b, true, nil
}

// renderNews is renderFeed for some of the articles. It is never marked
// complete: that would have readers delete the rest.
func (p *Publisher) renderNews(ctx context.Context, d *paper, hits []catalog.Hit) ([]byte, error) {
	parts, err := p.parts(ctx, d.v, d.enc, d.ch, hits)
	if err != nil {
		return nil, err
	}
	ch := *d.ch
	ch.Paging.Complete = false
	if err := wellFormed(d.enc, &ch); err != nil {
		return nil, err
	}
	return d.enc.Feed(&ch, parts[:fitting(parts, d.maxBytes)])
}

// dropNews forgets the deltas that were kept ready.
func (d *document) dropNews() {
	d.newsMu.Lock()
	defer d.newsMu.Unlock()
	for _, b := range d.news {
		d.pool.used.Add(-int64(len(b)))
	}
	d.news = nil
}
