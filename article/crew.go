package article

import (
	"runtime"
	"sync"
)

// Crew is who does the work that no reader of a feed waits for. The zero Crew
// has one worker a processor, like any other goroutine.
type Crew struct {
	Size int    // workers at once; 0 means runtime.GOMAXPROCS
	Join func() // called first by each worker, in its own goroutine; may be nil
}

// Workers is how many are at work on so many jobs: at least one, even on none.
func (c Crew) Workers(jobs int) int {
	size := c.Size
	if size == 0 {
		size = runtime.GOMAXPROCS(0)
	}
	return max(1, min(size, jobs))
}

// Go has a worker do f, which wg waits for.
func (c Crew) Go(wg *sync.WaitGroup, f func()) {
	wg.Go(func() {
		if c.Join != nil {
			c.Join()
		}
		f()
	})
}
