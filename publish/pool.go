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

// fragments are encoded items. renders are items as rendered, which all formats
// are encoded from: readers of several come soon after one another.
type (
	fragments = recent[fragmentKey, feed.Fragment]
	renders   = recent[renderKey, feed.Item]
)

// renderKey names an item, whatever it is encoded as.
type renderKey struct {
	number article.Number
	rev    article.Hash
	names  uint64
}

// Shares of the cache, in parts of it.
const (
	fragmentShare = 2
	renderShare   = 16
)

func newFragments(cache int64) *fragments {
	return newRecent[fragmentKey](cache/fragmentShare-cache/renderShare, func(f feed.Fragment) int { return len(f) })
}

func newRenders(cache int64) *renders {
	const fields = 2 << 10 // all but the texts, about
	return newRecent[renderKey](cache/renderShare, func(it feed.Item) int { return fields + len(it.HTML) + len(it.Text) })
}

// recent keeps what was used last, up to a weight in bytes.
type recent[K comparable, V any] struct {
	limit  int64
	weight func(V) int

	mu    sync.Mutex
	used  int64
	order *list.List // of *entry, the last used first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](limit int64, weight func(V) int) *recent[K, V] {
	return &recent[K, V]{limit: limit, weight: weight, order: list.New(), byKey: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(k K) (v V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	el, ok := r.byKey[k]
	if !ok {
		return v, false
	}
	r.order.MoveToFront(el)
	return el.Value.(*entry[K, V]).value, true
}

func (r *recent[K, V]) put(k K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.byKey[k]; ok {
		return
	}
	r.byKey[k] = r.order.PushFront(&entry[K, V]{k, v})
	r.used += int64(r.weight(v))
	for r.used > r.limit && r.order.Len() > 1 {
		old := r.order.Remove(r.order.Back()).(*entry[K, V])
		delete(r.byKey, old.key)
		r.used -= int64(r.weight(old.value))
	}
}

func (r *recent[K, V]) size() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.used
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
