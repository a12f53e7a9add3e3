package publish

import "time"

// While heapFiles or more are about to come, an edition would be made for
// nothing, and the rest would be in the next second's: it waits for all of them.
const (
	heapFiles   = 20
	heapLongest = 3 * time.Second       // that the first may wait for the last
	heapLook    = 50 * time.Millisecond // between looks whether they have come, or something else is due
)

// heap is many files that come at once. The zero heap is none.
type heap struct {
	began time.Time
	over  bool // something is in it whose time has come
}

// wait is how long an edition is to wait, so many files being about to come.
func (h *heap) wait(coming int, now time.Time) time.Duration {
	switch {
	case h.over, coming == 0, coming < heapFiles && h.began.IsZero():
		return 0
	case h.began.IsZero():
		h.began = now
	}
	return max(0, min(heapLook, h.began.Add(heapLongest).Sub(now)))
}
