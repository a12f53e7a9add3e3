package source

import (
	"container/heap"
	"time"

	"feedwright/article"
)

// wait is a file that is not read yet: it must be quiet first, or it is a copy
// of a known file that may be about to vanish.
type wait struct {
	job
	due   time.Time
	held  article.Hash // of a copy; zero otherwise
	index int
}

// waits holds the files that are waited for, the next one first.
type waits struct {
	byPath map[string]*wait
	queue  waitQueue
	copies map[article.Hash]map[string]struct{} // held ones by content
}

func newWaits() *waits {
	return &waits{byPath: map[string]*wait{}, copies: map[article.Hash]map[string]struct{}{}}
}

// set waits for a file until due, in place of any earlier wait for it. A wish
// to read it at all events survives.
func (w *waits) set(j job, due time.Time, held article.Hash) {
	if old := w.byPath[j.path]; old != nil {
		j.force = j.force || old.force
		w.drop(j.path)
	}
	x := &wait{job: j, due: due, held: held}
	w.byPath[j.path] = x
	heap.Push(&w.queue, x)
	if held != (article.Hash{}) {
		if w.copies[held] == nil {
			w.copies[held] = map[string]struct{}{}
		}
		w.copies[held][j.path] = struct{}{}
	}
}

func (w *waits) drop(path string) {
	x := w.byPath[path]
	if x == nil {
		return
	}
	delete(w.byPath, path)
	heap.Remove(&w.queue, x.index)
	if set := w.copies[x.held]; set != nil {
		delete(set, path)
		if len(set) == 0 {
			delete(w.copies, x.held)
		}
	}
}

// release lets go of one copy of a file that has vanished.
func (w *waits) release(h article.Hash, now time.Time) {
	for p := range w.copies[h] {
		j := w.byPath[p].job
		j.now = true
		w.set(j, now, article.Hash{})
		return
	}
}

// take removes and returns what is due.
func (w *waits) take(now time.Time) []job {
	var out []job
	for len(w.queue) > 0 && !w.queue[0].due.After(now) {
		x := w.queue[0]
		x.now = x.now || x.held != (article.Hash{})
		w.drop(x.path)
		out = append(out, x.job)
	}
	return out
}

// within counts the articles that are due by then, as far as most; not those
// that are only looked at once more.
func (w *waits) within(then time.Time, most int) int {
	n := 0
	var count func(i int)
	count = func(i int) {
		if i >= len(w.queue) || n >= most || w.queue[i].due.After(then) {
			return
		}
		if x := w.queue[i]; !x.media && (x.fresh || x.last.Size != x.stat.Size || x.last.ModTime != x.stat.ModTime) {
			n++
		}
		count(2*i + 1) // what is below in a heap is due no earlier
		count(2*i + 2)
	}
	count(0)
	return n
}

// next is when the first one is due; zero if none is.
func (w *waits) next() time.Time {
	if len(w.queue) == 0 {
		return time.Time{}
	}
	return w.queue[0].due
}

// waitQueue is a heap by due time, then path.
type waitQueue []*wait

func (q waitQueue) Len() int { return len(q) }
func (q waitQueue) Less(i, j int) bool {
	if c := q[i].due.Compare(q[j].due); c != 0 {
		return c < 0
	}
	return q[i].path < q[j].path
}
func (q waitQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *waitQueue) Push(x any) {
	w := x.(*wait)
	w.index = len(*q)
	*q = append(*q, w)
}
func (q *waitQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return x
}
