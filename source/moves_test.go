package source

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

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
	// A batch is told before the State shows it.
	h.until("the new file to be counted", func() bool { return h.folder.State().Files == 41 })
	if s := h.folder.State(); !strings.Contains(s.Removals, "30 of 40 article files vanished at once") {
		t.Errorf("State: %+v", s)
	}
	h.folder.AcceptRemovals()
	h.await(m, "gone 00.md", "gone 29.md")
	h.until("the removals to be said no longer", func() bool { return h.folder.State().Removals == "" })
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

// reordered moves and edits files at once, as somebody does who puts a folder
// in order: the new ones have nothing of the old but most of their words, and
// the inode of another.
func reordered(h *house, files int) (want []string) {
	for i := range files {
		h.must(os.Remove(h.path(fmt.Sprintf("%02d.md", i))))
	}
	for i := files - 1; i >= 0; i-- {
		h.old(fmt.Sprintf("sorted/%02d.md", i), fmt.Sprintf("%d, edited", i))
		want = append(want, fmt.Sprintf("gone %02d.md", i), fmt.Sprintf("wrote sorted/%02d.md", i))
	}
	return want
}

// A batch has its bounds; what has gone is told before or with what it became.
func TestManyFilesMovedAndEditedAreToldInOrder(t *testing.T) {
	h := newHouse(t, Options{})
	const files = 2*batchFiles + batchFiles/2
	for i := range files {
		h.old(fmt.Sprintf("%02d.md", i), fmt.Sprint(i))
	}
	h.scan()
	m := h.mark()
	want := reordered(h, files)
	h.run(Options{})
	h.await(m, want[len(want)-1], want[0])
	h.until("all", func() bool { return len(slices.Concat(h.since(m)...)) >= len(want) })
	gone := map[string]bool{}
	for _, batch := range h.since(m) {
		for _, c := range batch {
			if c.Op == article.Gone {
				gone[c.Path] = true
			}
		}
		for _, c := range batch {
			if name := path.Base(c.Path); c.Op == article.Wrote && !gone[name] {
				t.Fatalf("%s is told of before %s is known to be gone", c.Path, name)
			}
		}
	}
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
				h.await(m, reordered(h, 30)...)
			case "while stopped":
				want := reordered(h, 30)
				h.run(Options{})
				h.await(m, want...)
			default:
				reordered(h, 30)
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
