package publish

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// Documents polled within lately are renewed before anybody asks, for at most
// renewing; the rest when they are asked for. Those polled within justNow are
// soon asked for again: they have until renewingSoon, and are compressed too.
const (
	lately       = 2 * time.Hour
	justNow      = 2 * time.Second
	renewing     = 200 * time.Millisecond
	renewingSoon = 600 * time.Millisecond
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
		limit, soon := renewing, stale[i].asked.Load() >= began.Add(-justNow).Unix()
		if soon {
			limit = renewingSoon
		}
		if p.o.Now().Sub(began) <= limit {
			renewed[i], failed[i] = p.remake(ctx, e, stale[i], soon)
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
		p.o.Crew.Go(&wg, func() {
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
func (p *Publisher) remake(ctx context.Context, e *edition, old *document, soon bool) (d *document, failed bool) {
	if _, known := e.scope(old); !known {
		return nil, false
	}
	d, err := e.seek(ctx, old.address, false)
	if err != nil {
		return nil, false
	}
	d.follow(old)
	if err := d.ready(ctx, old, soon); err != nil {
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
