package publish

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"feedwright/feed"
)

// maxPolled bounds the feeds that Polled gives.
const maxPolled = 1000

// Polled gives the feeds that name a hub and that somebody asked for within
// lately, also before a restart, the newest asked first. It is no request:
// whoever asks so has nothing kept that nobody else asks for.
func (p *Publisher) Polled(ctx context.Context) []*feed.Answer {
	e := p.edition.Load()
	if e == nil {
		return nil
	}
	since := p.o.Now().Add(-lately)
	asked := p.memory.askedSince(since)
	for d := range e.kept {
		if at := time.Unix(d.asked.Load(), 0); !at.Before(since) {
			asked[d.path] = at
		}
	}
	type one struct {
		path string
		at   time.Time
	}
	list := make([]one, 0, len(asked))
	for path, at := range asked {
		list = append(list, one{path, at})
	}
	slices.SortFunc(list, func(a, b one) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.path, b.path)) })
	var out []*feed.Answer
	for _, x := range list {
		if len(out) == maxPolled || ctx.Err() != nil {
			break
		}
		if ans := e.peek(ctx, x.path, x.at); ans != nil && ans.Hub != "" {
			out = append(out, ans)
		}
	}
	return out
}

// askedSince are the documents remembered that were asked for since an instant,
// by canonical path.
func (m *memory) askedSince(since time.Time) map[string]time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	asked := map[string]time.Time{}
	for path, s := range m.states {
		if !s.Asked.Before(since) {
			asked[path] = s.Asked
		}
	}
	return asked
}

// peek finds a feed as find does, without having it count as asked for now. It
// is nil where there is none.
func (e *edition) peek(ctx context.Context, path string, asked time.Time) *feed.Answer {
	if d, ok := e.docs.Load(path); ok {
		return d.(*document).answer
	}
	u, err := url.Parse(path)
	if err != nil || u.RawQuery != "" || strings.HasSuffix(u.Path, "/") {
		return nil // a filter, which its readers ask for again, or a page
	}
	a, err := feed.ParseAddress(u.Path, nil)
	if err != nil || a.Token != "" {
		return nil
	}
	d, err := e.find(ctx, a)
	if err != nil {
		return nil
	}
	d.asked.Store(asked.Unix())
	return d.answer
}
