package store

import (
	"sync"
	"sync/atomic"
)

// turns is the lock of those who write. What can be done in pieces of any size
// ends its piece when somebody waits.
type turns struct {
	mu      sync.Mutex
	waiting atomic.Int32
}

func (t *turns) Lock() {
	t.waiting.Add(1)
	t.mu.Lock()
	t.waiting.Add(-1)
}

func (t *turns) Unlock() { t.mu.Unlock() }

// wanted says that somebody waits.
func (t *turns) wanted() bool { return t.waiting.Load() > 0 }
