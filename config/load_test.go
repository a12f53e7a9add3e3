package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// write puts a file into dir and gives its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// loadText loads a config.yaml of this text, without any environment.
func loadText(t *testing.T, text string) (*Loaded, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "config.yaml", text)
	return Load(LoadOptions{Dir: dir, Env: []string{}})
}

func TestNoFileMeansDefaults(t *testing.T) {
	dir := t.TempDir()
	l, err := Load(LoadOptions{Dir: dir, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Site.URL = "http://127.0.0.1:8080"
	want.Source.Dir = filepath.Join(dir, "articles")
	want.Store.DSN = "sqlite:" + filepath.Join(dir, "feedwright.db")
	want.Store.Ledger = filepath.Join(dir, "feedwright.ledger")
	if diff := cmp.Diff(want, l.Config, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("without a file (-want +got):\n%s", diff)
	}
	if l.File != "" || len(l.Notices) > 0 {
		t.Errorf("File = %q, Notices = %q; want none", l.File, l.Notices)
	}
}
