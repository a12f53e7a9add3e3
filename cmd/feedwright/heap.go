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
	garbage     = 96 << 20
	leastShare  = 20
	mostShare   = 300
	heapLooking = time.Second
)

// tendHeap keeps garbage in bounds until ctx ends. Owners who set GOGC or
// GOMEMLIMIT have decided otherwise.
func tendHeap(ctx context.Context) error {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	tick := time.NewTicker(heapLooking)
	defer tick.Stop()
	set := 0
	for {
		metrics.Read(live)
		if share := garbageShare(live[0].Value.Uint64()); share != set {
			debug.SetGCPercent(share)
			set = share
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// garbageShare is how much garbage may lie about where so many bytes are in use,
// as SetGCPercent takes it: in steps, as each change stops the world.
func garbageShare(live uint64) int {
	const step = 20
	share := garbage * 100 / max(live, 1)
	return int(min(max(share/step*step, leastShare), mostShare))
}
