package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"feedwright/article"
)

func TestWrittenFileArrives(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	m := h.mark()
	h.write("b.md", "two")
	equal(t, fmt.Sprint(h.await(m, "wrote b.md")), "[wrote b.md]")
	m = h.mark()
	h.write("a.md", "one, edited")
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[wrote a.md]")
	if !strings.HasPrefix(h.folder.State().Watching, "Watching "+h.dir+", and looking through all of it every 5m.") {
		t.Errorf("Watching: %s", h.folder.State().Watching)
	}
}

func TestFilesInFreshNestedFoldersArrive(t *testing.T) {
	h := newHouse(t, Options{})
	h.run(Options{})
	for i := range 20 {
		h.write(fmt.Sprintf("new%d/deep/er/%d.md", i, i), fmt.Sprint(i))
	}
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("wrote new%d/deep/er/%d.md", i, i))
	}
	h.await(0, want...)
	m := h.mark()
	h.write("new7/deep/late.md", "late")
	h.await(m, "wrote new7/deep/late.md")
}

func TestMovedInFolderArrivesAndIsWatched(t *testing.T) {
	h := newHouse(t, Options{})
	h.run(Options{})
	elsewhere := filepath.Join(filepath.Dir(h.dir), "elsewhere")
	h.must(os.MkdirAll(filepath.Join(elsewhere, "sub"), 0o755))
	h.must(os.WriteFile(filepath.Join(elsewhere, "sub", "a.md"), []byte("one"), 0o644))
	h.must(os.Rename(elsewhere, h.path("in")))
	h.await(0, "wrote in/sub/a.md")
	m := h.mark()
	h.write("in/sub/b.md", "two")
	h.await(m, "wrote in/sub/b.md")
}

func TestSlowlyWrittenFileArrivesOnce(t *testing.T) {
	h := newHouse(t, Options{})
	h.run(Options{Settle: 300 * time.Millisecond})
	f, err := os.Create(h.path("slow.md"))
	h.must(err)
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	want := ""
	for i := range 30 {
		<-tick.C
		line := fmt.Sprintf("line %d\n", i)
		want += line
		_, err := f.WriteString(line)
		h.must(err)
	}
	h.must(f.Close())
	equal(t, fmt.Sprint(h.await(0, "wrote slow.md")), "[wrote slow.md]")
	equal(t, h.since(0)[0][0].Articles[0].Body, want)
}

func TestAtomicReplaceArrivesOnce(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	m := h.mark()
	h.write("a.md.tmp", "half")
	h.write("a.md.tmp", "whole")
	h.must(os.Rename(h.path("a.md.tmp"), h.path("a.md")))
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[wrote a.md]")
	equal(t, h.since(m)[0][0].Articles[0].Body, "whole")
}

func TestAFileIsToldAsSoonInALargeFolderAsInASmall(t *testing.T) {
	best := func(files int) time.Duration {
		h := newHouse(t, Options{})
		for i := range files {
			h.old(fmt.Sprintf("%d/%d.md", i%50, i), fmt.Sprint(i))
		}
		h.run(Options{})
		best := time.Hour
		for i := range 5 {
			m, began := h.mark(), time.Now()
			h.write(fmt.Sprintf("7/new%d.md", i), fmt.Sprint("new", i))
			h.await(m, fmt.Sprintf("wrote 7/new%d.md", i))
			best = min(best, time.Since(began)-testSettle)
		}
		return best
	}
	small, large := best(20), best(2000)
	t.Logf("best of five after the settle: %s among 20 files, %s among 2,000", small, large)
	if large > 10*max(small, 10*time.Millisecond) {
		t.Errorf("among 2,000 files it took %s, among 20 %s", large, small)
	}
}

func TestRootRemovedAndMadeAgainIsWatchedAgain(t *testing.T) {
	h := newHouse(t, Options{Dir: filepath.Join(t.TempDir(), "texts")}.made(t))
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.run(Options{})
	m := h.mark()
	h.must(os.RemoveAll(h.dir))
	h.until("the loss to be said", func() bool { return strings.HasPrefix(h.folder.State().Watching, "Waiting for") })
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.until("the folder to be watched again", func() bool { return strings.HasPrefix(h.folder.State().Watching, "Watching") })
	h.write("sub/c.md", "three")
	h.await(m, "wrote sub/c.md")
	if got := tell(slices.Concat(h.since(m)...)); strings.Contains(got, "gone") || strings.Contains(got, "wrote a.md") {
		t.Errorf("told %s", got)
	}
}

// made makes the folder of the options.
func (o Options) made(t *testing.T) Options {
	t.Helper()
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestChangedPictureBringsItsArticles(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one\nmedia: x.jpg")
	h.old("b.md", "two")
	h.old("x.jpg", "picture")
	h.run(Options{})
	if got := tellEach(slices.Concat(h.since(0)...)); !slices.Contains(got, "touched x.jpg") {
		t.Errorf("the picture is not told of: %s", got)
	}
	m := h.mark()
	h.write("x.jpg", "another picture")
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[touched x.jpg wrote a.md]")
	m = h.mark()
	h.must(os.Remove(h.path("x.jpg")))
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[gone x.jpg wrote a.md]")
}

func TestMissingPictureThatAppearsBringsItsArticles(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one\nmedia: pics/x.jpg")
	h.run(Options{})
	m := h.mark()
	h.write("pics/other.jpg", "of no interest")
	h.write("pics/x.jpg", "picture")
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[touched pics/x.jpg wrote a.md]")
}

func TestPictureChangedBetweenTwoRunsBringsItsArticles(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one\nmedia: x.jpg")
	h.old("x.jpg", "picture")
	h.scan()
	h.old("x.jpg", "another picture")
	m := h.mark()
	h.run(Options{})
	equal(t, fmt.Sprint(h.await(m, "wrote a.md")), "[touched x.jpg wrote a.md]")
}

func TestReparseHandsOnUnchangedFiles(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.run(Options{})
	m := h.mark()
	h.folder.Reparse([]string{"b.md", "nowhere.md"})
	equal(t, fmt.Sprint(h.await(m, "wrote b.md")), "[wrote b.md]")
	m = h.mark()
	h.folder.Reparse(nil)
	equal(t, fmt.Sprint(h.await(m, "wrote a.md", "wrote b.md")), "[wrote a.md wrote b.md]")
}

func TestRefusedBatchIsOfferedAgain(t *testing.T) {
	h := newHouse(t, Options{})
	h.run(Options{})
	h.mu.Lock()
	h.refuse = errRefused
	h.mu.Unlock()
	h.write("a.md", "one")
	equal(t, fmt.Sprint(h.await(0, "wrote a.md")), "[wrote a.md]")
}

func TestLostEventsAreMadeGoodByAFullScan(t *testing.T) {
	h := newHouse(t, Options{})
	h.folder.events = func(wake chan<- struct{}) (*watcher, error) {
		w, err := newWatcher(wake)
		if err == nil {
			w.ask = func(string) error { return &os.PathError{Op: "inotify_add_watch", Err: syscall.ENOSPC} }
		}
		return w, err
	}
	h.run(Options{Rescan: time.Hour})
	h.old("a.md", "one")
	h.folder.Rescan()
	h.await(0, "wrote a.md")
	if w := h.folder.State().Watching; !strings.Contains(w, "max_user_watches") {
		t.Errorf("Watching: %s", w)
	}
}

func TestWithoutEventsTheFolderIsLookedThrough(t *testing.T) {
	h := newHouse(t, Options{})
	h.folder.events = func(chan<- struct{}) (*watcher, error) { return nil, errors.New("too many open files") }
	h.old("a.md", "one")
	h.run(Options{Rescan: 30 * time.Millisecond})
	h.write("b.md", "two")
	h.await(0, "wrote b.md")
	h.must(os.Remove(h.path("a.md")))
	h.await(0, "gone a.md")
	m := h.mark()
	h.must(os.Rename(h.path("b.md"), h.path("c.md")))
	h.await(m, "wrote c.md")
	equal(t, tell(h.since(m)[0]), "gone b.md, wrote c.md")
	if w := h.folder.State().Watching; !strings.Contains(w, "too many open files") {
		t.Errorf("Watching: %s", w)
	}
}

func TestChangeWithoutEventMakesScansFrequent(t *testing.T) {
	h := newHouse(t, Options{})
	h.old(".deaf/a.md", "one")
	h.must(os.Symlink(".deaf/a.md", h.path("a.md"))) // what it leads to is not watched
	h.run(Options{Schedule: "@every 1s"})
	h.old(".deaf/a.md", "one, edited")
	h.await(0, "wrote a.md")
	h.until("frequent scans", func() bool {
		return strings.Contains(h.folder.State().Watching, "a change came without an event")
	})
}

func TestSwappedLinksAreFollowed(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("..one/a.md", "first")
	h.old("..two/a.md", "second")
	h.must(os.Symlink("..one", h.path("..data")))
	h.must(os.Symlink("..data/a.md", h.path("a.md")))
	h.run(Options{})
	m := h.mark()
	h.must(os.Symlink("..two", h.path("..tmp")))
	h.must(os.Rename(h.path("..tmp"), h.path("..data")))
	h.await(m, "wrote a.md")
	equal(t, h.since(m)[0][0].Articles[0].Fields.Title, "second")
}

func TestNewlyIgnoredFilesAreGone(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.old("private/c.md", "three")
	h.scan()
	h.open(Options{Ignore: []string{"private/**"}})
	equal(t, tell(h.scan()), "gone private/c.md")
}

func TestTooManyHintsBecomeAFullScan(t *testing.T) {
	wake := make(chan struct{}, 1)
	w, err := newWatcher(wake)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	w.base = "/base"
	for i := range maxHints + 1 {
		w.hint(fsnotify.Event{Name: fmt.Sprintf("/base/%d.md", i), Op: fsnotify.Create})
	}
	hints, all := w.take()
	if !all || len(hints) != 0 {
		t.Errorf("%d hints, all %v", len(hints), all)
	}
	w.hint(fsnotify.Event{Name: "/base/a.md", Op: fsnotify.Create})
	w.hint(fsnotify.Event{Name: "/base/a.md", Op: fsnotify.Write})
	hints, all = w.take()
	if all || len(hints) != 1 || hints["a.md"] != fsnotify.Create|fsnotify.Write {
		t.Errorf("hints %v, all %v", hints, all)
	}
	w.hint(fsnotify.Event{Name: "/base", Op: fsnotify.Remove})
	if _, all = w.take(); !all {
		t.Error("the root's own removal asks for no full scan")
	}
}

func TestRunEndsWithItsContextAndLeavesNothingRunning(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	stop := h.run(Options{})
	h.write("b.md", "two") // in its settle time
	stop()
	noLeaks(t)
	if err := h.folder.Scan(t.Context(), h.known, h.out); err != nil {
		t.Errorf("the folder is not free again: %v", err)
	}
	if h.files["b.md"].Stat.Hash == (article.Hash{}) {
		t.Error("what came at the end is not found later")
	}
}
