package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The garbage that may lie about before it is collected, in bytes and in
// hundredths of what is in use. Go's own rule, as much again as is in use, has
// a small site collect without end during its first scan, and a large one hold
// hundreds of megabytes for nothing.
const (
	garbage    = 64 << 20
	leastShare = 20
	mostShare  = 300
)

// At rest, where a second brings less than this, for so many seconds, what a
// burst of work has left is given back to the system: it is at most what the
// work has asked for, so it must be some bytes, and a share of those in use, all
// of which have to be looked at for it.
const (
	restingBytes = 1 << 20
	restingTicks = 2
	worthBytes   = 16 << 20
	worthShare   = 4
)

// tendHeap keeps garbage in bounds until ctx ends. Owners who set GOGC or
// GOMEMLIMIT have decided otherwise.
func tendHeap(ctx context.Context) error {
	if !heapTended() {
		return nil
	}
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	share := 0
	var rest resting
	for {
		metrics.Read(heap)
		if now := garbageShare(heap[0].Value.Uint64()); now != share {
			debug.SetGCPercent(now)
			share = now
		}
		if rest.come(heap[0].Value.Uint64(), heap[1].Value.Uint64()) {
			debug.FreeOSMemory()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func heapTended() bool { return os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" }

// fillHeap is for a start, which fills memory with what stays: by Go's own rule
// that is looked through each time it has doubled, from 4 MB on.
func fillHeap() {
	if heapTended() {
		debug.SetGCPercent(mostShare)
	}
}

// garbageShare is how much garbage may lie about where so many bytes are in use,
// as SetGCPercent takes it: in steps, as each change stops the world.
func garbageShare(live uint64) int {
	const step = 20
	share := garbage * 100 / max(live, 1)
	return int(min(max(share/step*step, leastShare), mostShare))
}

// resting finds out when work has come to rest, by the bytes ever allocated.
type resting struct {
	last, freed uint64
	ticks       int
}

// come is asked once a second; it says so once for each stretch of work.
func (r *resting) come(live, allocated uint64) bool {
	if allocated-r.last < restingBytes {
		r.ticks++
	} else {
		r.ticks = 0
	}
	r.last = allocated
	if r.ticks < restingTicks || allocated-r.freed < max(worthBytes, live/worthShare) {
		return false
	}
	r.freed = allocated
	return true
}
