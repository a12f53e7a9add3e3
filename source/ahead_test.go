package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"feedwright/article"
)

// branches is a folder with names that sort otherwise as folders than as files.
func branches(t *testing.T) *house {
	h := newHouse(t, Options{})
	for _, p := range []string{"a/1.md", "a/b/2.md", "a/b/c/3.md", "a-/4.md", "a.d/5.md", "a!/6.md", "a.md", "b/7.md", "_drafts/8.md", "z/9.md"} {
		h.write(p, p)
	}
	if err := os.Symlink("z", filepath.Join(h.dir, "a", "link")); err != nil {
		t.Fatal(err)
	}
	return h
}

// walkerOf looks at a house's folder until the test ends.
func walkerOf(t *testing.T, h *house) walker {
	root, err := os.OpenRoot(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return walker{rules: h.folder.rules, site: findSite(h.dir), root: root, base: realDir(h.dir)}
}

// foldersOf lists the folders of a house in the order of a walk.
func foldersOf(t *testing.T, w *walker, dir string) []string {
	list := []string{dir}
	entries, err := w.list(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.kind == isFolder && !e.link {
			list = append(list, foldersOf(t, w, filepath.Join(dir, e.name))...)
		}
	}
	return list
}

func TestListedAheadIsWhatAWalkFinds(t *testing.T) {
	h := branches(t)
	w := walkerOf(t, h)
	all := foldersOf(t, &w, "")
	if len(all) != 9 {
		t.Fatalf("folders %q", all)
	}
	for skipped := range 1 << len(all) { // whichever the walk leaves out
		a := newAhead(t.Context(), w, func(string) error { return nil })
		if skipped&1 == 0 {
			a.hasten()
		}
		for i, dir := range all {
			if skipped>>i&1 == 1 {
				continue
			}
			want, _ := w.list(dir)
			if got := a.take(dir); got == nil || got.err != nil || !reflect.DeepEqual(got.entries, want) {
				t.Fatalf("without %b: %q is %+v", skipped, dir, got)
			}
			if dir == "a/b/c" && a.take("a/link") != nil { // the walk follows it by itself
				t.Fatal("a link was followed")
			}
		}
		a.stop()
	}
}

func TestFolderIsWatchedBeforeItIsListed(t *testing.T) {
	h := branches(t)
	a := newAhead(t.Context(), walkerOf(t, h), func(dir string) error {
		h.write(filepath.Join(dir, "now.md"), "Now")
		return nil
	})
	defer a.stop()
	l := a.take("a/b")
	if !slices.ContainsFunc(l.entries, func(e entry) bool { return e.name == "now.md" }) {
		t.Errorf("a change between watching and listing was missed: %+v", l)
	}
}

func TestNoFolderIsListedAheadThatCannotBeWatched(t *testing.T) {
	h := branches(t)
	a := newAhead(t.Context(), walkerOf(t, h), func(dir string) error {
		if dir == "a/b" {
			return errors.New("no more watches")
		}
		return nil
	})
	defer a.stop()
	if a.take("a") == nil || a.take("a/b") != nil || a.take("b") != nil {
		t.Error("the scan must see to what could not be watched, and to all after it")
	}
}

func TestChangeWhileTheKnownIsLoadedIsPublished(t *testing.T) {
	h := branches(t)
	h.scan()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	scanned, done := make(chan struct{}), make(chan error, 1)
	h.open(Options{Scanned: func() { close(scanned) }})
	go func() {
		done <- h.folder.Run(ctx, func(ctx context.Context, yield func(article.FileState) error) error {
			err := h.known(ctx, yield)
			for i := range 50 { // some of it after the folder has been listed
				h.write(fmt.Sprintf("a/b/new%d.md", i), "New")
			}
			h.must(os.Remove(h.path("b/7.md")))
			h.must(os.Rename(h.path("a.d/5.md"), h.path("z/5.md")))
			return err
		}, h.out)
	}()
	<-scanned
	h.until("all new files to be told of", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		_, removed := h.files["b/7.md"]
		_, renamed := h.files["a.d/5.md"]
		return len(h.files) == 9+50-1 && !removed && !renamed
	})
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAheadEndsWhenItIsStopped(t *testing.T) {
	h := branches(t)
	for range 20 {
		a := newAhead(t.Context(), walkerOf(t, h), func(string) error { return nil })
		a.take("")
		a.stop()
		if _, open := <-a.found; open {
			t.Fatal("it goes on")
		}
	}
	var none *ahead
	none.stop()
	if none.take("") != nil {
		t.Error("nothing was listed")
	}
}
