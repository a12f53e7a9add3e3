package source

import (
	"context"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"
)

// How many names, and folders, may have been listed and not yet been compared,
// and how many folders are listed at once.
const (
	aheadNames   = 1 << 16
	aheadFolders = 1 << 10
	aheadHands   = 2
)

// ahead lists folders before a first scan comes to them: while what is known of
// the files is still being loaded, and then beside the comparing.
type ahead struct {
	w      walker
	watch  func(dir string) error
	found  chan listing // in the scan's order
	next   *listing     // taken from found, and not yet asked for
	room   *semaphore.Weighted
	hands  chan struct{} // full when as many list as may
	ended  sync.WaitGroup
	cancel context.CancelFunc
}

// listing is what a folder holds.
type listing struct {
	dir     string
	entries []entry
	err     error
	blind   bool // it could not be watched, and is not listed
}

func (l *listing) weight() int64 { return min(int64(len(l.entries)), aheadNames-1) + 1 }

// order sorts folders as a walk meets them.
func (l *listing) order(dir string) int {
	switch {
	case l.dir == dir:
		return 0
	case l.dir == "":
		return -1
	case dir == "":
		return 1
	}
	return strings.Compare(l.dir+"/", dir+"/")
}

// lookAhead begins to list the folder. If it cannot be opened the first step
// says why.
func (k *keeper) lookAhead(ctx context.Context) {
	if err := k.open(); err != nil {
		k.missing = nil
		return
	}
	k.w.site = findSite(k.w.base)
	watch := func(string) error { return nil }
	if k.watch != nil {
		ask, base := k.watch.ask, k.w.base
		watch = func(dir string) error { return ask(filepath.Join(base, filepath.FromSlash(dir))) }
	}
	k.ahead = newAhead(ctx, k.w, watch)
}

// newAhead begins to list; watch asks for a folder's events.
func newAhead(ctx context.Context, w walker, watch func(dir string) error) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{
		w: w, watch: watch, found: make(chan listing, aheadFolders), room: semaphore.NewWeighted(aheadNames),
		hands: make(chan struct{}, aheadHands), cancel: cancel,
	}
	for range aheadHands - 1 {
		a.hands <- struct{}{} // see hasten
	}
	go func() {
		defer close(a.found)
		defer a.ended.Wait()
		a.walk(ctx, "", a.begin(ctx, ""))
	}()
	return a
}

// hasten has folders listed by as many as may, now that nothing else is at work.
func (a *ahead) hasten() {
	if a == nil {
		return
	}
	for range aheadHands - 1 {
		<-a.hands
	}
}

// begin lists a folder. As in a scan it is watched before, or a change between
// the two would be missed; where that fails, the scan must see to it.
func (a *ahead) begin(ctx context.Context, dir string) <-chan listing {
	out := make(chan listing, 1)
	a.ended.Go(func() {
		a.hands <- struct{}{}
		defer func() { <-a.hands }()
		l := listing{dir: dir}
		if l.blind = ctx.Err() != nil || a.watch(dir) != nil; !l.blind {
			l.entries, l.err = a.w.list(dir)
		}
		out <- l
	})
	return out
}

// walk hands on a folder that is being listed and those below it, one of which
// is always begun before its turn. Links are left to the scan, which knows where
// they lead in a circle.
func (a *ahead) walk(ctx context.Context, dir string, begun <-chan listing) bool {
	l := <-begun
	if l.blind || a.room.Acquire(ctx, l.weight()) != nil {
		return false
	}
	select {
	case a.found <- l:
	case <-ctx.Done():
		return false
	}
	var below []string
	for _, e := range l.entries {
		if e.kind == isFolder && !e.link {
			below = append(below, path.Join(dir, e.name))
		}
	}
	for i, sub := range below {
		if i == 0 {
			begun = a.begin(ctx, sub)
		}
		this := begun
		if i+1 < len(below) {
			begun = a.begin(ctx, below[i+1])
		}
		if !a.walk(ctx, sub, this) {
			return false
		}
	}
	return true
}

// take gives the listing of a folder, if there is one; folders must be asked for
// in the order of a walk.
func (a *ahead) take(dir string) *listing {
	for a != nil {
		if a.next == nil {
			l, ok := <-a.found
			if !ok {
				return nil
			}
			a.next = &l
		}
		order := a.next.order(dir)
		if order > 0 {
			return nil
		}
		l := a.next
		a.next = nil
		a.room.Release(l.weight())
		if order == 0 {
			return l
		}
	}
	return nil
}

// stop ends the listing and waits for it.
func (a *ahead) stop() {
	if a == nil {
		return
	}
	a.cancel()
	for range a.found { // closed when it has ended
	}
}

// list reads a folder, unless that has been done.
func (k *keeper) list(dir string) ([]entry, error) {
	if l := k.ahead.take(dir); l != nil {
		return l.entries, l.err
	}
	return k.w.list(dir)
}
