package publish

import (
	"cmp"
	"container/list"
	"slices"
	"sync"
	"sync/atomic"

	"feedwright/article"
	"feedwright/feed"
)

// pool counts the bytes of all kept bodies and fragments against the budget.
type pool struct {
	used  atomic.Int64
	limit atomic.Int64
	full  func() // called when the budget is overdrawn
}

func (p *pool) add(n int64) {
	if p.used.Add(n) > p.limit.Load() && n > 0 && p.full != nil {
		p.full()
	}
}

// fragmentKey names one encoded item. The revision's hash and that of its terms'
// names cover all that is shown of the article; the rest is the same as long as
// the settings are.
type fragmentKey struct {
	number  article.Number
	rev     article.Hash
	names   uint64
	missing parts
	format  feed.Format
	content feed.Content
}

// fragments keeps encoded items, the longest unused leaving first.
type fragments struct {
	mu    sync.Mutex
	limit int64
	used  int64
	order *list.List // of *fragment, newest use first
	byKey map[fragmentKey]*list.Element
}

type fragment struct {
	key   fragmentKey
	bytes feed.Fragment
}

func newFragments(limit int64) *fragments {
	return &fragments{limit: limit, order: list.New(), byKey: map[fragmentKey]*list.Element{}}
}

func (f *fragments) get(k fragmentKey) (feed.Fragment, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	el, ok := f.byKey[k]
	if !ok {
		return nil, false
	}
	f.order.MoveToFront(el)
	return el.Value.(*fragment).bytes, true
}

func (f *fragments) put(k fragmentKey, b feed.Fragment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.byKey[k]; ok {
		return
	}
	f.byKey[k] = f.order.PushFront(&fragment{k, b})
	f.used += int64(len(b))
	for f.used > f.limit && f.order.Len() > 1 {
		old := f.order.Remove(f.order.Back()).(*fragment)
		delete(f.byKey, old.key)
		f.used -= int64(len(old.bytes))
	}
}

func (f *fragments) size() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used
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
	docs := slices.SortedFunc(e.kept, func(a, b *document) int {
		if x, y := a.again.Load(), b.again.Load(); x != y { // what was asked for once goes first
			if y {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.asked.Load(), b.asked.Load())
	})
	for _, d := range docs {
		if p.pool.used.Load() <= p.pool.limit.Load()*3/4 {
			return
		}
		d.drop()
		p.count.evictions.Add(1)
	}
	if p.pool.used.Load() > p.pool.limit.Load() {
		p.followed.clear()
	}
}
