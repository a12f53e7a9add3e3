package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/store"
)

// reports makes n articles whose texts are long enough to be packed, and one
// that is not.
func reports(n int) []article.Change {
	list := []article.Change{wrote("short.txt", "Short", "A line.", dated(monday.Add(-time.Hour)))}
	for i := range n {
		list = append(list, wrote(fmt.Sprintf("%04d.txt", i), fmt.Sprintf("Report %d", i), fullText(fmt.Sprint("report", i), 100), dated(monday.Add(-time.Duration(i)*time.Hour))))
	}
	return list
}

// firstScan hands on a first scan of some batches.
func (b *bench) firstScan(changes []article.Change) {
	b.Helper()
	for len(changes) > 0 {
		n := min(150, len(changes))
		if err := b.unseen(b.Context(), true, changes[:n]...); err != nil {
			b.Fatal(err)
		}
		changes = changes[n:]
	}
	if err := b.unseen(b.Context(), false); err != nil {
		b.Fatal(err)
	}
}

// compareTexts reads every article and compares it with what its file said.
func compareTexts(t testing.TB, s *store.Store, changes []article.Change) {
	t.Helper()
	for _, c := range changes {
		ls, err := s.ByPath(t.Context(), c.Path)
		if err != nil || len(ls) != 1 {
			t.Fatalf("%s: %d articles, %v", c.Path, len(ls), err)
		}
		if got := ls[0].Article.Body; got != c.Articles[0].Body {
			t.Fatalf("%s has a text of %d bytes, want %d", c.Path, len(got), len(c.Articles[0].Body))
		}
	}
}

func (b *bench) spoolFile() string { return filepath.Join(b.dir, "feedwright.db.texts") }

func (b *bench) spoolSize() int64 {
	info, err := os.Stat(b.spoolFile())
	if err != nil {
		return -1
	}
	return info.Size()
}

// settle lets Run work until nothing is left for it to do.
func (b *bench) settle() {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	time.Sleep(10 * time.Minute)
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

func TestTextsOfAFirstScanMoveIntoTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := begin(t)
		n := 500
		if testing.Short() {
			n = 250 // more than move at once
		}
		changes := reports(n)
		b.firstScan(changes)
		if b.spoolSize() < int64(n)*300 {
			t.Fatalf("the spool holds %d bytes", b.spoolSize())
		}
		compareTexts(t, b.Store, changes)
		beside, err := store.Open(t.Context(), store.Options{DSN: b.opt.DSN, SiteID: siteID, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		compareTexts(t, beside, changes)
		copied := filepath.Join(t.TempDir(), "copy.db")
		if err := beside.CopyTo(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
		defer func() { // whatever has become of the original
			again, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + copied, SiteID: siteID})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			compareTexts(t, again, changes)
		}()
		if err := beside.Close(); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		compareTexts(t, b.Store, changes)
		b.settle()
		if b.spoolSize() != -1 {
			t.Errorf("the spool is still there, %d bytes", b.spoolSize())
		}
		compareTexts(t, b.Store, changes)
		b.reopen()
		compareTexts(t, b.Store, changes)
	})
}

func TestASpoolIsMovedOnWhereItWasLeft(t *testing.T) {
	b := begin(t)
	lives := 3
	if testing.Short() {
		lives = 1
	}
	last := 200*lives + 99
	changes := reports(last + 1)
	b.firstScan(changes)
	for range lives { // each moves a part
		if n, err := b.Unspool(t.Context()); n != 200 || err != nil {
			t.Fatalf("%d texts moved, %v", n, err)
		}
		b.reopen()
		compareTexts(t, b.Store, changes)
	}
	edited := wrote(fmt.Sprintf("%04d.txt", last), fmt.Sprintf("Report %d", last), fullText("another", 100), dated(monday.Add(-time.Duration(last)*time.Hour)))
	b.apply(edited)
	changes[last+1] = edited
	for _, want := range []int{100, 0} {
		if n, err := b.Unspool(t.Context()); n != want || err != nil {
			t.Fatalf("%d texts moved, want %d, %v", n, want, err)
		}
	}
	compareTexts(t, b.Store, changes)
	if b.reopen(); b.spoolSize() != -1 {
		t.Error("a start leaves a spool that nothing refers to")
	}
	compareTexts(t, b.Store, changes)
}

// A power cut cannot take a spool that a transaction refers to; a person can.
func TestTextsOfALostSpoolAreReadAgain(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 160 // two batches
	}
	for name, lose := range map[string]func(file string) error{
		"gone": os.Remove,
		"cut":  func(file string) error { return os.Truncate(file, 1000) },
	} {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			changes := reports(n)
			b.firstScan(changes)
			before := map[string]article.Life{}
			for _, c := range changes {
				before[c.Path] = b.life(c.Path)
			}
			if err := b.Store.Close(); err != nil {
				t.Fatal(err)
			}
			if err := lose(b.spoolFile()); err != nil {
				t.Fatal(err)
			}
			b.open()
			asRead := map[string]article.FileStat{}
			for _, c := range changes {
				asRead[c.Path] = c.File
			}
			err := b.Files(t.Context(), func(f article.FileState) error {
				if s := f.Stat; (s == asRead[f.Path]) != (f.Path == "short.txt") || s.Hash == (article.Hash{}) {
					t.Errorf("%s is known as %+v", f.Path, s)
				}
				delete(asRead, f.Path)
				return nil
			})
			if err != nil || len(asRead) > 0 {
				t.Fatalf("%d files are not known any more, %v", len(asRead), err)
			}
			b.apply(changes...)
			compareTexts(t, b.Store, changes)
			for _, c := range changes {
				got, want := b.life(c.Path), before[c.Path]
				if got.Article.ID != want.Article.ID || got.Article.Revision.Hash != want.Article.Revision.Hash || !got.Article.Updated.Equal(want.Article.Updated) || got.Appeared != want.Appeared {
					t.Fatalf("%s came back as %+v, was %+v", c.Path, got, want)
				}
			}
		})
	}
}

func TestADamagedTextIsNotServedAndReadAgain(t *testing.T) {
	b := begin(t)
	changes := reports(3)
	b.firstScan(changes)
	spool, err := os.ReadFile(b.spoolFile())
	if err != nil {
		t.Fatal(err)
	}
	spool[len(spool)-1] ^= 1
	if err := os.WriteFile(b.spoolFile(), spool, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ByPath(t.Context(), "0002.txt"); err == nil || !strings.Contains(err.Error(), b.spoolFile()) {
		t.Errorf("a damaged text gives the error %v", err)
	}
	if n, err := b.Unspool(t.Context()); n != 3 || err != nil {
		t.Fatalf("%d texts moved, %v", n, err)
	}
	b.reopen()
	compareTexts(t, b.Store, changes[:3])
	b.apply(changes...)
	compareTexts(t, b.Store, changes)
}

func TestAFirstScanThatIsGoneOnWithReadsAndWritesTheSpool(t *testing.T) {
	b := begin(t)
	changes := reports(40)
	if err := b.unseen(t.Context(), true, changes[:20]...); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	compareTexts(t, b.Store, changes[:20])
	if n, err := b.Unspool(t.Context()); n != 0 || err != nil { // what the scan still writes must not lose its file
		t.Fatalf("%d texts moved before the scan is over, %v", n, err)
	}
	b.firstScan(changes[20:])
	compareTexts(t, b.Store, changes)
}

func TestABatchThatFailsLeavesNoTextBehind(t *testing.T) {
	b := begin(t)
	changes := reports(20)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.unseen(ctx, true, changes...); err == nil {
		t.Fatal("a cancelled batch was applied")
	}
	b.firstScan(changes)
	compareTexts(t, b.Store, changes)
	b.reopen()
	compareTexts(t, b.Store, changes)
}
