package publish

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// Bounds of the documents kept. Anybody can ask for any filter, and most are
// never asked for again: those asked for once have a small shelf of their own,
// so that a stranger who sweeps through filters pushes out only his own.
const (
	maxOnce = 1000   // documents asked for once
	maxKept = 20_000 // documents in all
	making  = 30 * time.Second
)

// headroom is the share of the cache that documents may take without their
// bodies.
const headroom = 8

// weight is about the memory that a document takes without its bodies.
func (d *document) weight() int64 { return 1500 + 80*int64(len(d.hits)) + 4*int64(len(d.path)) }

// subscription says whether a document is one of the site's own feeds, of which
// there are no more than names: everything, a named one, a single term.
func subscription(a feed.Address) bool {
	_, _, lone := a.Selector.AsLone()
	return a.Limit == 0 && a.Archive == 0 && a.Before == 0 && (lone || a.Selector.IsAll())
}

// once makes a document, and only once where several ask for it at the same
// time. The making is nobody's: it goes on when the first to ask has left.
func (e *edition) once(ctx context.Context, a feed.Address, path string) (*document, error) {
	v, err, _ := e.under.Do(path, func() (any, error) {
		if d, ok := e.docs.Load(path); ok {
			return d, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), making)
		defer cancel()
		d, err := e.make(ctx, a, path)
		if err != nil {
			return nil, err
		}
		kept, _ := e.docs.LoadOrStore(path, d)
		e.shelve(d)
		return kept, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*document), nil
}

// shelve counts a new document and makes room if there are too many.
func (e *edition) shelve(d *document) {
	n, bytes := e.count.Add(1), e.bytes.Add(d.weight())
	if n-e.trimmed.Load() > maxOnce/4 || bytes > e.settings.Cache/headroom {
		e.trim()
	}
}

// trim lets go of documents: of those asked for once all but the last maxOnce,
// and of the others those that nobody asked for longest, while there are too
// many.
func (e *edition) trim() {
	if !e.trimming.TryLock() {
		return
	}
	defer e.trimming.Unlock()
	var one, more []*document
	count, bytes := int64(0), int64(0)
	for d := range e.kept {
		count++
		bytes += d.weight()
		if d.again.Load() {
			more = append(more, d)
		} else {
			one = append(one, d)
		}
	}
	drop := func(list []*document, enough func(left int) bool) {
		slices.SortFunc(list, func(a, b *document) int { return cmp.Compare(a.asked.Load(), b.asked.Load()) })
		for i, d := range list {
			if enough(len(list) - i) {
				return
			}
			e.release(d)
			count--
			bytes -= d.weight()
		}
	}
	budget, most := e.settings.Cache/headroom, int64(maxKept)
	if bytes > budget || count > most { // some more, or the next would be one too many again
		budget, most = budget*3/4, most*3/4
	}
	drop(one, func(left int) bool { return left <= maxOnce*3/4 && bytes <= budget })
	drop(more, func(int) bool { return count <= most && bytes <= budget })
	e.count.Store(count)
	e.bytes.Store(bytes)
	e.trimmed.Store(count)
}

// release forgets a document, but not what must outlive it.
func (e *edition) release(d *document) {
	if !e.docs.CompareAndDelete(d.path, d) {
		return
	}
	if d.lasting() {
		e.p.memory.put(d.remember())
	}
	d.dead.Store(true)
	d.drop()
	e.p.count.evictions.Add(1)
}

// lasting says whether a document's dates are remembered when it is not kept:
// those of a filter that somebody asked for once are not, or a sweep would fill
// memory and database. Forgotten, it gets a later Last-Modified.
func (d *document) lasting() bool {
	return d.again.Load() || !strings.Contains(d.path, "?") && !d.stray
}

// turn waits until a document that is none of the site's own may be rendered: a
// few at a time, so that the rest of the machine is for those that are.
func (d *document) turn(ctx context.Context) (func(), error) {
	if d.guests == nil {
		return func() {}, nil
	}
	select {
	case d.guests <- struct{}{}:
		return func() { <-d.guests }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: wait for a turn: %w", d.name(), ctx.Err())
	}
}

// filterOf is the whole filter of an address, that of its named feed with it;
// known gives the feed where the address lacks its token. It is false for what
// is no selection.
func (e *edition) filterOf(a feed.Address, known *Named) (article.Selector, bool) {
	if a.Format == feed.OPML || a.Format == feed.Categories || a.Article != "" {
		return article.Selector{}, false
	}
	if known == nil {
		p, err := e.settings.open(a)
		if err != nil {
			return article.Selector{}, false
		}
		known = p.Named
	}
	where, err := e.snap.Resolve(known.Where, true)
	if err != nil {
		return article.Selector{}, false
	}
	return where.And(a.Selector), true
}
