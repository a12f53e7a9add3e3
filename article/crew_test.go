package article_test

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"feedwright/article"
)

func TestCrewHasNoMoreWorkersThanJobs(t *testing.T) {
	for _, c := range []struct{ size, jobs, want int }{
		{4, 0, 1}, {4, 1, 1}, {4, 3, 3}, {4, 9, 4}, {0, math.MaxInt, runtime.GOMAXPROCS(0)}, {0, 1, 1},
	} {
		if got := (article.Crew{Size: c.size}).Workers(c.jobs); got != c.want {
			t.Errorf("a crew of %d has %d workers for %d jobs, want %d", c.size, got, c.jobs, c.want)
		}
	}
}

func TestEveryWorkerJoinsFirst(t *testing.T) {
	var joined, missed atomic.Int32
	crew := article.Crew{Join: func() { joined.Add(1) }}
	var wg sync.WaitGroup
	for n := range 5 {
		crew.Go(&wg, func() {
			if joined.Load() == 0 {
				missed.Add(1)
			}
		})
		wg.Wait()
		if joined.Load() != int32(n+1) || missed.Load() > 0 {
			t.Fatalf("after %d workers %d have joined", n+1, joined.Load())
		}
	}
	article.Crew{}.Go(&wg, func() {})
	wg.Wait()
}
