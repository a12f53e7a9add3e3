package source

import (
	"errors"
	"fmt"
	"os"
	"path"
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

func TestRenamedFolderArrivesInOneBatchAndIsWatchedUnderItsNewName(t *testing.T) {
	h := newHouse(t, Options{})
	for i := range 30 {
		h.old(fmt.Sprintf("old/sub/%02d.md", i), fmt.Sprint(i))
	}
	h.run(Options{})
	m := h.mark()
	h.must(os.Rename(h.path("old"), h.path("new")))
	h.await(m, "wrote new/sub/29.md", "gone old/sub/29.md")
	if bs := h.since(m); len(bs) != 1 || len(bs[0]) != 60 {
		t.Errorf("came in %d batches: %s", len(bs), tell(slices.Concat(bs...)))
	}
	m = h.mark()
	h.write("new/sub/more.md", "more")
	equal(t, fmt.Sprint(h.await(m, "wrote new/sub/more.md")), "[wrote new/sub/more.md]")
}

func TestRenameArrivesAsOneBatch(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	m := h.mark()
	h.must(os.Rename(h.path("a.md"), h.path("b.md")))
	h.await(m, "wrote b.md")
	equal(t, tell(h.since(m)[0]), "gone a.md, wrote b.md")
}

func TestMoveByCopyAndDeleteArrivesAsOneBatch(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{Linger: 10 * time.Second})
	m := h.mark()
	h.write("sub/b.md", "one")
	h.until("the copy to wait", func() bool {
		return h.reader.count("sub/b.md") == 1 && h.folder.State().Waiting == 1
	})
	h.must(os.Remove(h.path("a.md")))
	h.await(m, "wrote sub/b.md")
	equal(t, tell(h.since(m)[0]), "gone a.md, wrote sub/b.md")
}

func TestCopyThatStaysArrivesAfterTheLinger(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	m, began := h.mark(), time.Now()
	h.write("b.md", "one")
	equal(t, fmt.Sprint(h.await(m, "wrote b.md")), "[wrote b.md]")
	if took := time.Since(began); took < testLinger {
		t.Errorf("came after %s", took)
	}
}

func TestVanishedFileIsToldAfterTheLinger(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.run(Options{})
	m, began := h.mark(), time.Now()
	h.must(os.Remove(h.path("a.md")))
	equal(t, fmt.Sprint(h.await(m, "gone a.md")), "[gone a.md]")
	if took := time.Since(began); took < testLinger {
		t.Errorf("told after %s", took)
	}
}

func TestReturningFileIsNeverGone(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.run(Options{})
	m := h.mark()
	// As vim saves: the old file goes aside, a new one takes its name.
	h.must(os.Rename(h.path("a.md"), h.path("a.md~")))
	h.write("a.md", "one, edited")
	h.must(os.Remove(h.path("a.md~")))
	// As a branch switch there and back.
	h.must(os.Remove(h.path("b.md")))
	h.old("b.md", "two")
	h.await(m, "wrote a.md")
	h.write("end.md", "end")
	h.await(m, "wrote end.md")
	h.until("the linger to pass", func() bool { return h.folder.State().Waiting == 0 })
	if got := tell(slices.Concat(h.since(m)...)); strings.Contains(got, "gone") || strings.Contains(got, "wrote b.md") {
		t.Errorf("told %s", got)
	}
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

func TestMassRemovalIsWithheldUntilAccepted(t *testing.T) {
	h := newHouse(t, Options{})
	for i := range 40 {
		h.old(fmt.Sprintf("%02d.md", i), fmt.Sprint(i))
	}
	h.run(Options{})
	m := h.mark()
	for i := range 30 {
		h.must(os.Remove(h.path(fmt.Sprintf("%02d.md", i))))
	}
	h.until("the removals to be withheld", func() bool { return h.folder.State().Removed == 30 })
	h.write("new.md", "new")
	equal(t, fmt.Sprint(h.await(m, "wrote new.md")), "[wrote new.md]")
	if s := h.folder.State(); !strings.Contains(s.Removals, "30 of 40 article files vanished at once") || s.Files != 41 {
		t.Errorf("State: %+v", s)
	}
	h.folder.AcceptRemovals()
	h.await(m, "gone 00.md", "gone 29.md")
	if s := h.folder.State(); s.Removals != "" {
		t.Errorf("still said: %s", s.Removals)
	}
}

func TestMassRemovalIsForgottenWhenTheFilesReturn(t *testing.T) {
	h := newHouse(t, Options{})
	for i := range 40 {
		h.old(fmt.Sprintf("sub/%02d.md", i), fmt.Sprint(i))
	}
	h.run(Options{})
	m := h.mark()
	h.must(os.Rename(h.path("sub"), h.path(".away")))
	h.until("the removals to be withheld", func() bool { return h.folder.State().Removed == 40 })
	h.must(os.Rename(h.path(".away"), h.path("sub")))
	h.until("the files to be back", func() bool { return h.folder.State().Removals == "" })
	h.write("sub/end.md", "end")
	equal(t, fmt.Sprint(h.await(m, "wrote sub/end.md")), "[wrote sub/end.md]")
}

func TestFewRemovalsAreNoMassRemoval(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	h.must(os.Remove(h.path("a.md")))
	h.await(0, "gone a.md")
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

func TestRenamedAndEditedFileArrivesWithItsOldName(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.run(Options{})
	m := h.mark()
	h.must(os.Rename(h.path("a.md"), h.path("b.md")))
	f, err := os.OpenFile(h.path("b.md"), os.O_WRONLY|os.O_APPEND, 0)
	h.must(err)
	_, err = f.WriteString(", edited")
	h.must(err)
	h.must(f.Close())
	h.await(m, "wrote b.md")
	equal(t, tell(h.since(m)[0]), "gone a.md, wrote b.md")
}

// reordered moves and edits more than half of the files at once, as somebody
// does who puts a folder in order: the new files have nothing of the old but
// most of their words, not even the inode.
func reordered(h *house) (want []string) {
	for i := range 30 {
		h.must(os.Remove(h.path(fmt.Sprintf("%02d.md", i))))
		h.old(fmt.Sprintf("sorted/%02d.md", i), fmt.Sprintf("%d, edited", i))
		want = append(want, fmt.Sprintf("gone %02d.md", i), fmt.Sprintf("wrote sorted/%02d.md", i))
	}
	return want
}

func TestFolderPutInOrderIsNoMassRemoval(t *testing.T) {
	for _, how := range []string{"while running", "while stopped", "between two scans"} {
		t.Run(how, func(t *testing.T) {
			h := newHouse(t, Options{})
			for i := range 40 {
				h.old(fmt.Sprintf("%02d.md", i), fmt.Sprint(i))
			}
			h.scan()
			m := h.mark()
			switch how {
			case "while running":
				h.run(Options{})
				m = h.mark()
				h.await(m, reordered(h)...)
			case "while stopped":
				want := reordered(h)
				h.run(Options{})
				h.await(m, want...)
			default:
				reordered(h)
				h.open(Options{})
				h.scan()
			}
			gone := map[string]int{} // in which batch the first of two was told
			for i, batch := range h.since(m) {
				for _, c := range batch {
					name := path.Base(c.Path)
					switch at, ok := gone[name]; {
					case c.Op == article.Gone:
						gone[name] = i
					case !ok && strings.HasPrefix(c.Path, "sorted/"):
						gone[name] = i
					case ok && at != i:
						t.Errorf("%s came in another batch than what it was", c.Path)
					}
				}
			}
			if len(gone) != 30 {
				t.Errorf("%d files are told of, want 30", len(gone))
			}
			if s := h.folder.State(); s.Removals != "" {
				t.Errorf("withheld: %s", s.Removals)
			}
		})
	}
}
