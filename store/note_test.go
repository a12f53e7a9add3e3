package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"feedwright/store"
)

func TestNotesLastOverRestartsAndBatches(t *testing.T) {
	b := begin(t)
	check := func(want string) {
		t.Helper()
		got, err := b.Remembered(t.Context(), "reading")
		if err != nil || got != want {
			t.Fatalf("Remembered = %q, %v; want %q", got, err, want)
		}
	}
	check("")
	if err := b.Remember(t.Context(), "reading", "1 en"); err != nil {
		t.Fatal(err)
	}
	b.apply(wrote("a.md", "A", fullText("a", 50)))
	b.reopen()
	check("1 en")
	b.apply(wrote("b.md", "B", fullText("b", 50)))
	if err := b.Remember(t.Context(), "reading", ""); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	check("")
}

func TestReaderCannotRemember(t *testing.T) {
	b := begin(t)
	opt := b.opt
	opt.ReadOnly = true
	r, err := store.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Remember(t.Context(), "reading", "x"); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("Remember = %v, want ErrReadOnly", err)
	}
}

func TestCopyBesideAWriterIsWhole(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.md", "A", fullText("a", 50)))
	opt := b.opt
	opt.ReadOnly = true
	r, err := store.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := r.CopyTo(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := r.CopyTo(t.Context(), to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second copy = %v, want fs.ErrExist", err)
	}
	b.apply(wrote("b.md", "B", fullText("b", 50))) // the writer is not held up, and the copy is no window

	opt = b.opt
	opt.DSN, opt.Ledger = "sqlite:"+to, ""
	c, err := store.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Fresh() || c.SiteID() != b.SiteID() {
		t.Errorf("the copy is fresh %v, of site %s", c.Fresh(), c.SiteID())
	}
	for path, want := range map[string]int{"a.md": 1, "b.md": 0} {
		lives, err := c.ByPath(t.Context(), path)
		if err != nil || len(lives) != want {
			t.Errorf("%s: %d articles, %v; want %d", path, len(lives), err, want)
		}
	}
}

func TestFailedCopyLeavesNothing(t *testing.T) {
	b := begin(t)
	to := filepath.Join(t.TempDir(), "no such folder", "copy.db")
	if err := b.CopyTo(t.Context(), to); err == nil {
		t.Fatal("a copy into a folder that is not there")
	}
	if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}
