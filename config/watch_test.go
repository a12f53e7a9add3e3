package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// news is what a running Watch told.
type news struct {
	good chan *Loaded
	bad  chan error
}

// watching runs Watch on the config of dir until the test ends, and checks that
// it ends then.
func watching(t *testing.T, opts LoadOptions, every time.Duration) news {
	t.Helper()
	l, err := Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	n := news{make(chan *Loaded, 10), make(chan error, 10)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Watch(ctx, l, every, func(l *Loaded) { n.good <- l }, func(err error) { n.bad <- err })
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Watch ended with %v", err)
			}
		case <-time.After(patience):
			t.Error("Watch does not end with its context")
		}
	})
	return n
}

const patience = 20 * time.Second

// title waits for good settings and gives their title.
func (n news) title(t *testing.T, want string) *Loaded {
	t.Helper()
	select {
	case l := <-n.good:
		if l.Config.Site.Title != want {
			t.Fatalf("applied the title %q, want %q", l.Config.Site.Title, want)
		}
		return l
	case err := <-n.bad:
		t.Fatalf("refused: %v", err)
	case <-time.After(patience):
		t.Fatalf("the title %q was never applied", want)
	}
	return nil
}

// refusal waits for a complaint.
func (n news) refusal(t *testing.T, want string) {
	t.Helper()
	select {
	case l := <-n.good:
		t.Fatalf("applied the title %q, want a complaint", l.Config.Site.Title)
	case err := <-n.bad:
		if !strings.Contains(err.Error(), want) {
			t.Fatalf("complains %q, want %q in it", err, want)
		}
	case <-time.After(patience):
		t.Fatalf("no complaint came, want %q", want)
	}
}

func titled(s string) string { return "site: {title: " + s + "}\n" }

// Events alone must do: the first look is an hour away.
func TestChangedFileIsApplied(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "config.yaml", titled("One"))
	n := watching(t, LoadOptions{Dir: dir, Env: []string{"FEEDWRIGHT_FEED_ITEMS=7"}}, time.Hour)
	// The watch may not stand yet: write until it tells.
	deadline := time.After(patience)
	again := time.NewTicker(2 * quiet)
	defer again.Stop()
	var l *Loaded
	for l == nil {
		select {
		case l = <-n.good:
		case <-deadline:
			t.Fatal("never applied")
		case <-again.C:
			write(t, dir, "config.yaml", titled("Two"))
		}
	}
	if l.Config.Site.Title != "Two" || l.Config.Feed.Items != 7 || l.File != file {
		t.Errorf("applied %q with %d items from %s", l.Config.Site.Title, l.Config.Feed.Items, l.File)
	}
}

func TestFaultyFileIsRefusedAndMendingIsTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yaml", titled("One"))
	n := watching(t, LoadOptions{Dir: dir, Env: []string{}}, 5*time.Millisecond)
	write(t, dir, "config.yaml", "site: {titel: Two}\n")
	n.refusal(t, "config.yaml:1:8: there is no key site.titel")
	write(t, dir, "config.yaml", titled("One"))
	n.title(t, "One") // as before the fault, and told all the same
	write(t, dir, "config.yaml", "")
	n.refusal(t, "config.yaml has become empty")
	write(t, dir, "config.yaml", titled("Three"))
	n.title(t, "Three")
}

func TestFileRenamedOverOrRemovedAndWrittenAnewIsFollowed(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "config.yaml", titled("One"))
	n := watching(t, LoadOptions{Dir: dir, Env: []string{}}, 5*time.Millisecond)
	if err := os.Rename(write(t, dir, "config.yaml.tmp", titled("Two")), file); err != nil {
		t.Fatal(err)
	}
	n.title(t, "Two")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	n.refusal(t, "config.yaml is gone")
	write(t, dir, "config.yaml", titled("Three"))
	n.title(t, "Three")
	write(t, dir, "config.yaml", titled("Four"))
	n.title(t, "Four")
}

// TestSwappedSymlinkIsFollowed does as Kubernetes does with a ConfigMap: the
// file is a link through ..data, and ..data is replaced.
func TestSwappedSymlinkIsFollowed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "..one/config.yaml", titled("One"))
	write(t, dir, "..two/config.yaml", titled("Two"))
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..one", "..data")
	link("..data/config.yaml", "config.yaml")
	n := watching(t, LoadOptions{Dir: dir, Env: []string{}}, 5*time.Millisecond)
	link("..two", "..data_tmp")
	if err := os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "..one")); err != nil {
		t.Fatal(err)
	}
	n.title(t, "Two")
}

func TestFileThatAppearsIsUsed(t *testing.T) {
	dir := t.TempDir()
	n := watching(t, LoadOptions{Dir: dir, Env: []string{}}, 5*time.Millisecond)
	write(t, dir, "config.yaml", "baseURL: x\ntheme: y\n") // another program's
	write(t, dir, "feedwright.yaml", titled("One"))
	l := n.title(t, "One")
	if filepath.Base(l.File) != "feedwright.yaml" {
		t.Errorf("read %s", l.File)
	}
	write(t, dir, "feedwright.yaml", titled("Two"))
	n.title(t, "Two")
}

// TestOneFaultIsToldOnce keeps a faulty file in place for many looks.
func TestOneFaultIsToldOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yaml", titled("One"))
	n := watching(t, LoadOptions{Dir: dir, Env: []string{}}, time.Millisecond)
	write(t, dir, "config.yaml", "zzz: 1\n")
	n.refusal(t, "zzz")
	select {
	case err := <-n.bad:
		t.Errorf("told again: %v", err)
	case l := <-n.good:
		t.Errorf("applied %v", l.Config.Site)
	case <-time.After(3 * quiet):
	}
}

func TestTheDatabaseBesideTheSettingsIsNoReasonToReadThem(t *testing.T) {
	for name, file := range map[string]string{"a file": "/site/settings", "none yet": ""} {
		w := &watch{current: &Loaded{File: file}, real: "v2"}
		for event, want := range map[fsnotify.Event]bool{
			{Name: "/site/feedwright.db-wal", Op: fsnotify.Write}:    false,
			{Name: "/site/feedwright.ledger", Op: fsnotify.Chmod}:    false,
			{Name: "/site/settings", Op: fsnotify.Write}:             file != "",
			{Name: "/site/v2", Op: fsnotify.Write}:                   true,
			{Name: "/site/feedwright.yaml", Op: fsnotify.Write}:      true,
			{Name: "/site/..data", Op: fsnotify.Create}:              true,
			{Name: "/site/settings", Op: fsnotify.Remove}:            true,
			{Name: "/site/x", Op: fsnotify.Rename | fsnotify.Write}:  true,
			{Name: "/site/feedwright.db-shm", Op: fsnotify.Op(0x40)}: false,
		} {
			if got := w.concerns(event); got != want {
				t.Errorf("%s: %v: %v", name, event, got)
			}
		}
	}
}
