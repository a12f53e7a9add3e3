package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsAssignedOutlivesTheDatabase(t *testing.T) {
	dir := t.TempDir()
	open := func(readOnly bool) *Store {
		t.Helper()
		s, err := Open(t.Context(), Options{DSN: "sqlite:" + filepath.Join(dir, "f.db"), Ledger: filepath.Join(dir, "f.ledger"), SiteID: "0b9e2c53-1c1b-4a55-9d43-9e5f9f1f1d10", ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	s := open(false)
	for i, value := range []string{"one", "two"} {
		if got, err := s.Assign(t.Context(), "podcast", value); err != nil || got != "one" {
			t.Errorf("%d: %q, %v; the first value stays", i, got, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "f.ledger"))
	if err != nil || strings.Count(string(text), `{"assigned":{"key":"podcast","value":"one"}}`) != 1 {
		t.Errorf("the copy holds %s, %v", text, err)
	}
	reading := open(true)
	if got, err := reading.Assign(t.Context(), "another", "x"); err != nil || got != "x" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := reading.Assigned(t.Context(), "another"); err != nil || got != "" {
		t.Errorf("a reader has kept %q, %v", got, err)
	}
	if err := reading.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "f.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := open(false).Assigned(t.Context(), "podcast"); err != nil || got != "one" {
		t.Errorf("after the database was lost: %q, %v", got, err)
	}
}
