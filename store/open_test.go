package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/store"
)

func TestOpenSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, c := range map[string]struct{ dsn, want string }{
		"no database":    {"sqlite:" + write("text.db", strings.Repeat("this is no database. ", 100)), "name another file"},
		"a folder":       {"sqlite:" + dir, "is a folder"},
		"no such folder": {"sqlite:" + filepath.Join(dir, "no", "x.db"), "the folder"},
		"under a file":   {"sqlite:" + filepath.Join(write("file", "x"), "x.db"), "store.dsn"},
		"other scheme":   {"mysql:x", "write sqlite:"},
		"another engine": {"postgres://x/y", "cannot use yet"},
		"nothing":        {"", "write sqlite:"},
		"nothing of it":  {"sqlite:", "write sqlite:"},
	} {
		t.Run(name, func(t *testing.T) {
			opt := options(t.TempDir())
			opt.DSN = c.dsn
			s, err := store.Open(t.Context(), opt)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q does not say %q", err, c.want)
			}
		})
	}
}

func TestUnwritableFolderIsASentence(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), options(dir)); err == nil || !strings.Contains(err.Error(), "writable") {
		t.Error(err)
	}
}

func TestSecondWriterIsToldWhoHoldsTheDatabase(t *testing.T) {
	b := begin(t)
	if _, err := store.Open(t.Context(), b.opt); err == nil || !strings.Contains(err.Error(), "process") || !strings.Contains(err.Error(), "stop that one") {
		t.Error(err)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	b.open()
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	b := begin(t)
	b.Store.Close()
	db, err := sql.Open("sqlite", filepath.Join(b.dir, "feedwright.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, 1)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, readOnly := range []bool{false, true} {
		opt := b.opt
		opt.ReadOnly = readOnly
		if _, err := store.Open(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "newer feedwright") {
			t.Error(readOnly, err)
		}
	}
}

func TestReaderStandsBesideAWriter(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	opt := b.opt
	opt.ReadOnly, opt.SiteID = true, ""
	r, err := store.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.SiteID() != b.SiteID() || r.Fresh() {
		t.Error(r.SiteID(), r.Fresh())
	}
	b.apply(wrote("b.txt", "B", fullText("b", 50)))
	n := 0
	if err := r.Entries(t.Context(), func(article.Entry) error { n++; return nil }); err != nil || n != 2 {
		t.Errorf("%d entries, %v", n, err)
	}
	if _, err := r.Apply(t.Context(), article.Batch{Now: monday}); !errors.Is(err, store.ErrReadOnly) {
		t.Error(err)
	}
	opt.DSN = "sqlite:" + filepath.Join(b.dir, "none.db")
	if _, err := store.Open(t.Context(), opt); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "none.db")); err == nil {
		t.Error("a reader made a database")
	}
}

func TestAnyNameOfAPathWorks(t *testing.T) {
	for _, name := range []string{"a b%20c.db", "what?.db", "#1.db", "тексты.db", "x&_pragma=y.db"} {
		b := begin(t, func(o *store.Options) { o.DSN = "sqlite:" + filepath.Join(filepath.Dir(o.Ledger), name) })
		b.apply(wrote("a.txt", "A", fullText("a", 50)))
		if _, err := os.Stat(filepath.Join(b.dir, name)); err != nil {
			t.Error(err)
		}
		b.reopen()
		b.life("a.txt")
	}
}

func TestPathsNameEveryFileOfTheStore(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	known := map[string]bool{}
	for _, p := range b.Paths() {
		known[p] = true
	}
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if !known[f] {
			t.Errorf("%s is not among the store's paths", f)
		}
	}
}
