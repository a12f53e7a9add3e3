package publish_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"feedwright/article"
	"feedwright/publish"
	"feedwright/store"
	"feedwright/store/storetest"
)

// mortal is a real store that, at one step of a change, sets aside what lies on
// the disk: that is all a killed process leaves.
type mortal struct {
	*store.Store
	mu    sync.Mutex
	step  string // at which to do so; "" never
	aside func()
}

func (m *mortal) at(step string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.step == step {
		m.step = ""
		m.aside()
	}
}

// doom has it die at a step; "" is now.
func (m *mortal) doom(step string, aside func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.step, m.aside = step, aside; step == "" {
		aside()
	}
}

func (m *mortal) Apply(ctx context.Context, b article.Batch) (article.Outcome, error) {
	m.at("before commit")
	out, err := m.Store.Apply(ctx, b)
	m.at("after commit")
	return out, err
}

func (m *mortal) SaveDocuments(ctx context.Context, docs []article.DocumentState) error {
	m.at("before documents")
	err := m.Store.SaveDocuments(ctx, docs)
	m.at("after documents")
	return err
}

// town is a folder with the program over it, its readers, and what can befall
// it.
type town struct {
	t    *testing.T
	dir  string
	rng  *rand.Rand
	past *storetest.History
	m    *mortal
	h    *house
	r    *readers
}

func (w *town) mortal(o *publish.Options) {
	w.m = &mortal{Store: o.Store.(*store.Store)}
	o.Store = w.m
}

// fate is what happens together with the next batch.
type fate struct {
	name   string
	befall func(w *town)
}

var fates = []fate{
	{"nothing", (*town).live},
	{"a restart", func(w *town) { w.live(); w.restart(func() {}) }},
	{"a kill before the commit", func(w *town) { w.kill("before commit") }},
	{"a kill after the commit", func(w *town) { w.kill("after commit") }},
	{"a kill before the documents", func(w *town) { w.kill("before documents") }},
	{"a kill after the documents", func(w *town) { w.kill("after documents") }},
	{"a kill at rest", func(w *town) { w.live(); w.kill("") }},
	{"the loss of the database", func(w *town) { w.live(); w.restart(w.dropDatabase) }},
	{"the loss of the copy", func(w *town) { w.live(); w.restart(func() { w.drop("f.ledger") }) }},
	{"a copy cut short", func(w *town) { w.live(); w.restart(w.tear) }},
	{"the loss of waiting texts", func(w *town) { w.live(); w.restart(func() { w.drop("f.db.texts") }) }},
	{"a change while it is stopped", func(w *town) { w.restart(func() { w.past.Next() }) }},
	{"a change while the database is lost", func(w *town) { w.restart(func() { w.changeUnseen(); w.dropDatabase() }) }},
}

func (w *town) live() { w.h.write(w.past.Next().Changes...) }

// changeUnseen changes the folder while nobody can know what it was like. If a
// withdrawn article returns then, no document is there to keep the date of its
// withdrawal: the one case in which a feed's date may fall.
func (w *town) changeUnseen() {
	there := w.past.Live()
	w.past.Next()
	before := slices.Collect(maps.Values(there))
	for _, n := range w.past.Live() {
		if _, met := w.r.ids[n]; met && !slices.Contains(before, n) {
			clear(w.r.updated)
		}
	}
}

// restart stops the program, lets something happen, and starts it again.
func (w *town) restart(meanwhile func()) {
	w.t.Helper()
	w.h.stop()
	meanwhile()
	w.begin(w.dir)
}

// begin starts the program in a folder and has it find what lies there.
func (w *town) begin(dir string) {
	w.t.Helper()
	w.dir = dir
	w.h = begin(w.t, dir, w.h.set, w.mortal)
	all := w.past.All().Changes
	if !w.h.st.Fresh() { // the scan knows what went
		there := w.past.Live()
		if err := w.h.st.Files(w.t.Context(), func(f article.FileState) error {
			if _, ok := there[f.Path]; !ok {
				all = append(all, article.Change{Op: article.Gone, Path: f.Path})
			}
			return nil
		}); err != nil {
			w.t.Fatal(err)
		}
	}
	for part := range slices.Chunk(all, 100) {
		if err := w.h.p.Changes(w.t.Context(), part); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := errors.Join(w.h.p.Scanned(w.t.Context()), w.h.p.Flush(w.t.Context())); err != nil {
		w.t.Fatal(err)
	}
}

// kill goes on from what lay on the disk at a step of a change; "" is now.
func (w *town) kill(step string) {
	w.t.Helper()
	left := w.t.TempDir()
	w.h.write() // nothing is left to be remembered of the last look
	if w.m.doom(step, func() { w.copyTo(left) }); step != "" {
		w.live()
		if _, err := os.Stat(filepath.Join(left, "f.db")); err != nil { // nothing was to be written
			w.m.doom("", func() { w.copyTo(left) })
		}
	}
	if step == "after documents" { // from here on readers can have seen it
		w.r.look(w.h, w.past)
	}
	w.h.stop()
	w.begin(left)
}

func (w *town) copyTo(dir string) {
	w.t.Helper()
	for _, name := range []string{"f.db", "f.db-wal", "f.db.texts", "f.ledger"} {
		b, err := os.ReadFile(filepath.Join(w.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, name), b, 0o644)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *town) drop(names ...string) {
	w.t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.t.Fatal(err)
		}
	}
}

func (w *town) dropDatabase() { w.drop("f.db", "f.db-wal", "f.db-shm", "f.db.texts") }

// tear takes the end of the copy's last line away.
func (w *town) tear() {
	w.t.Helper()
	name := filepath.Join(w.dir, "f.ledger")
	info, err := os.Stat(name)
	if err == nil {
		err = os.Truncate(name, info.Size()-int64(1+w.rng.IntN(9)))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// loseAll takes database and copy away: what was never renamed, and whose path
// was never another's, comes back as what it was.
func (w *town) loseAll() {
	w.t.Helper()
	w.restart(func() { w.dropDatabase(); w.drop("f.ledger") })
	lines, err := storetest.Lines(w.t.Context(), w.h.st)
	if err != nil {
		w.t.Fatal(err)
	}
	rooted, live := w.past.Rooted(), w.past.Live()
	for _, p := range rooted {
		if is, was := string(lines[p].ID), w.r.ids[live[p]]; is != was {
			w.t.Errorf("with nothing kept, %s was %s and is %s", p, was, is)
		}
	}
	if len(rooted) < 5 {
		w.t.Errorf("only %d articles were never moved", len(rooted))
	}
}
