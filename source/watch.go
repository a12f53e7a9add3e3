package source

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// maxHints is how many paths are remembered before "look at everything" is
// the shorter word.
const maxHints = 20_000

// watcher turns the system's events into hints: paths to look at again. Its
// goroutine does nothing but empty the queue, so that it seldom overflows.
// Folders are added and removed by the goroutine of its keeper.
type watcher struct {
	w    *fsnotify.Watcher
	ask  func(dir string) error // w.Add
	wake chan<- struct{}
	done chan struct{}

	base  string            // as given to fsnotify
	byID  map[fileID]string // which folder is watched under which path
	limit bool              // the system allows no more watches

	mu    sync.Mutex
	hints map[string]fsnotify.Op
	all   bool
}

func newWatcher(wake chan<- struct{}) (*watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	x := &watcher{w: w, ask: w.Add, wake: wake, done: make(chan struct{}), byID: map[fileID]string{}, hints: map[string]fsnotify.Op{}}
	go x.drain()
	return x, nil
}

// close ends the goroutine and waits for it.
func (x *watcher) close() {
	x.w.Close()
	<-x.done
}

func (x *watcher) drain() {
	defer close(x.done)
	events, errs := x.w.Events, x.w.Errors
	for events != nil || errs != nil {
		select {
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			x.hint(e)
		case err, ok := <-errs:
			if !ok {
				errs = nil
				continue
			}
			if err != nil { // an overflow, or worse: only a full look helps
				x.everything()
			}
		}
	}
}

func (x *watcher) hint(e fsnotify.Event) {
	if e.Name == "" {
		return
	}
	x.mu.Lock()
	switch {
	case x.all:
	case !strings.HasPrefix(e.Name, x.base+string(filepath.Separator)) || len(x.hints) >= maxHints:
		x.all = true
		clear(x.hints)
	default:
		p := filepath.ToSlash(strings.TrimPrefix(e.Name, x.base+string(filepath.Separator)))
		x.hints[p] |= e.Op
	}
	x.mu.Unlock()
	x.poke()
}

func (x *watcher) everything() {
	x.mu.Lock()
	x.all = true
	clear(x.hints)
	x.mu.Unlock()
	x.poke()
}

func (x *watcher) poke() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// take hands over the hints so far. all means: look at everything.
func (x *watcher) take() (hints map[string]fsnotify.Op, all bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	hints, all = x.hints, x.all
	if len(hints) > 0 {
		x.hints = map[string]fsnotify.Op{}
	} else {
		hints = nil
	}
	x.all = false
	return hints, all
}

// hinted says that a path or a folder above it is among the hints.
func (x *watcher) hinted(p string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.all {
		return true
	}
	for _, up := range prefixes(p) {
		if _, ok := x.hints[up]; ok {
			return true
		}
	}
	return false
}

// move says where the root lies; after a change of root every watch is made anew.
func (x *watcher) move(base string) {
	for _, p := range x.w.WatchList() {
		x.w.Remove(p)
	}
	clear(x.byID)
	x.mu.Lock()
	x.base = base
	x.mu.Unlock()
}

// add watches a folder. fsnotify keeps the old name of a folder that was moved,
// so a folder known under another name is forgotten first.
func (x *watcher) add(d *folder) error {
	abs := filepath.Join(x.base, filepath.FromSlash(d.path))
	if d.id != (fileID{}) {
		if old, ok := x.byID[d.id]; ok && old != abs {
			x.w.Remove(old)
		}
	}
	err := x.ask(abs)
	switch {
	case err == nil:
		d.watched = true
		if d.id != (fileID{}) {
			x.byID[d.id] = abs
		}
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		x.limit = true
	}
	d.watched = false
	return err
}

// forget stops watching a folder and those below it.
func (x *watcher) forget(d *folder) {
	d.below(func(d *folder) {
		if !d.watched {
			return
		}
		d.watched = false
		abs := filepath.Join(x.base, filepath.FromSlash(d.path))
		if x.byID[d.id] == abs {
			delete(x.byID, d.id)
		}
		x.w.Remove(abs)
	})
}
