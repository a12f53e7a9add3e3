package config

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long a file must stay as it is before it is applied: editors and
// deployments write in several steps.
const quiet = 100 * time.Millisecond

// Watch reads the settings again whenever their file changes, until ctx ends,
// and returns nil then. Good settings go to onGood; faulty ones to onBad, once
// each, and whoever holds the last good ones keeps them. When a faulty file is
// mended back to what it was, onGood gets that, so that a complaint can be
// taken back. Both are called from the goroutine of Watch.
//
// Events are a hint that makes it fast; looking every so often is the truth,
// for network drives and where events run out. A file that is renamed over,
// removed and written anew, or swapped behind a symlink, is followed. Where
// there was no file at the start, one that appears is used.
func Watch(ctx context.Context, loaded *Loaded, every time.Duration, onGood func(*Loaded), onBad func(error)) error {
	w := &watch{current: loaded, seen: seenOf(loaded), onGood: onGood, onBad: onBad}
	events, stop := w.events()
	defer stop()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	settle := time.NewTimer(quiet)
	defer settle.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-events:
			if !ok {
				events = nil // the ticker goes on by itself
				continue
			}
			if !w.concerns(e) {
				continue
			}
		case <-ticker.C:
		case <-settle.C:
			w.apply()
			continue
		}
		if w.look() {
			settle.Reset(quiet)
		}
	}
}

// watch is what a running Watch knows.
type watch struct {
	current *Loaded
	seen    sight // what was applied or refused last
	next    sight // what was seen since, to be applied when it stays
	faulty  bool
	real    string // base name of what the file's name led to at the start, links followed
	onGood  func(*Loaded)
	onBad   func(error)
}

// sight is a file as it was seen: equal sights need no reading.
type sight struct {
	path  string
	sum   [sha256.Size]byte
	fault string
}

func seenOf(l *Loaded) sight { return sight{path: l.File, sum: l.sum} }

// find looks for the file: the one that was read before, else any.
func (w *watch) find() (finding, error) {
	opts := w.current.opts
	if w.current.File == "" {
		return find(opts)
	}
	raw, err := readFile(w.current.File)
	if errors.Is(err, fs.ErrNotExist) {
		return finding{}, fmt.Errorf("%s is gone: its settings stay in force until it returns or feedwright is started anew", w.current.name)
	}
	if err != nil {
		return finding{}, problems{unreadable("", w.current.name, err)}
	}
	if strings.TrimSpace(string(raw)) == "" && sha256.Sum256(raw) != w.current.sum {
		return finding{}, fmt.Errorf("%s has become empty: its settings stay in force; write {} into it if the defaults are meant", w.current.name)
	}
	return finding{path: w.current.File, name: w.current.name, raw: raw}, nil
}

func (w *watch) sight() (sight, finding, error) {
	f, err := w.find()
	if err != nil {
		return sight{path: w.current.File, fault: err.Error()}, f, err
	}
	return sight{path: f.path, sum: sha256.Sum256(f.raw)}, f, nil
}

// look says whether there is something new to wait for.
func (w *watch) look() bool {
	s, _, _ := w.sight()
	if s == w.next {
		return false
	}
	w.next = s
	return s != w.seen
}

// apply reads what look saw, if it is still so.
func (w *watch) apply() {
	s, found, err := w.sight()
	if s != w.next || s == w.seen {
		w.next = sight{} // it moves still: the next look waits anew
		return
	}
	w.seen = s
	var l *Loaded
	if err == nil {
		l, err = load(w.current.opts, found)
	}
	if err != nil {
		w.faulty = true
		w.onBad(err)
		return
	}
	if seenOf(l) == seenOf(w.current) && !w.faulty {
		return
	}
	w.faulty = false
	w.current = l
	w.onGood(l)
}

// concerns says that an event may have changed the settings. The database often
// lies beside them and is written all day long.
func (w *watch) concerns(e fsnotify.Event) bool {
	if e.Has(fsnotify.Create) || e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		return true // of the file itself, or of a folder that a link leads through
	}
	switch strings.ToLower(filepath.Ext(e.Name)) {
	case ".yaml", ".yml":
		return true
	}
	name := filepath.Base(e.Name)
	return name == filepath.Base(w.current.File) || name == w.real
}

// events gives a hint for each change near the file, and a func that ends them.
// Without events the channel is nil.
func (w *watch) events() (<-chan fsnotify.Event, func()) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, func() {}
	}
	dirs := []string{w.current.base()}
	if w.current.File != "" {
		if real, err := filepath.EvalSymlinks(w.current.File); err == nil {
			w.real = filepath.Base(real)
			if filepath.Dir(real) != dirs[0] {
				dirs = append(dirs, filepath.Dir(real))
			}
		}
	}
	for _, d := range dirs {
		// A folder that cannot be watched is still looked at.
		_ = n.Add(d)
	}
	done := make(chan struct{})
	go func() { // errors are overflows: the ticker makes up for them
		defer close(done)
		for range n.Errors {
		}
	}()
	return n.Events, func() {
		n.Close()
		<-done
	}
}
