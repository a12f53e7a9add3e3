package publish

import "time"

// A batch of heapChanges is one of a heap, and the next is about to come: an
// edition between them would be made for nothing.
const (
	heapChanges = 500
	heapPause   = 500 * time.Millisecond // between two batches of a heap
	heapLongest = 3 * time.Second        // that the first may wait for the last
	heapLook    = 100 * time.Millisecond // between looks whether something else is due
)

// heap is many changes that come in batches. The zero heap is none.
type heap struct{ began, next time.Time }

// come takes note of a batch.
func (h *heap) come(changes int, now time.Time) {
	switch {
	case changes == 0:
	case changes < heapChanges:
		*h = heap{}
	default:
		if h.began.IsZero() {
			h.began = now
		}
		h.next = now.Add(heapPause)
	}
}

// wait is how long an edition is to wait for what is about to come.
func (h *heap) wait(now time.Time) time.Duration {
	if h.began.IsZero() {
		return 0
	}
	return max(0, min(h.next.Sub(now), h.began.Add(heapLongest).Sub(now)))
}
