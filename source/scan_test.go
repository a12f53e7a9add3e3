package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

func TestScanHandsOnEveryFileInPathOrder(t *testing.T) {
	h := newHouse(t, Options{})
	for _, p := range []string{"b.md", "a/z.txt", "a-b.md", "a/b/c.md", "a.md", "pictures/x.jpg"} {
		h.old(p, p)
	}
	got := h.scan()
	equal(t, tell(got), "wrote a-b.md, wrote a.md, wrote a/b/c.md, wrote a/z.txt, wrote b.md")
	equal(t, got[0].Articles[0].Fields.Title, "a-b.md")
	if s := h.folder.State(); s.Files != 5 || s.Folders != 4 || s.Scans != 1 {
		t.Errorf("State: %+v", s)
	}
}

func TestScanOfManyFilesComesInOrderedBatchesWithinBounds(t *testing.T) {
	h := newHouse(t, Options{})
	want := []string{}
	for i := range 2300 {
		p := fmt.Sprintf("%02d/%04d.md", i%23, i)
		h.old(p, p)
		want = append(want, "wrote "+p)
	}
	slices.Sort(want)
	var steps []int
	h.open(Options{Progress: func(done, total int) {
		if total != len(want) {
			t.Errorf("progress speaks of %d files", total)
		}
		steps = append(steps, done)
	}})
	if got := tellEach(h.scan()); !slices.Equal(got, want) {
		t.Errorf("%d changes, not in path order", len(got))
	}
	if len(h.batches) != 3 || len(h.batches[0]) != batchFiles {
		t.Errorf("%d batches", len(h.batches))
	}
	equal(t, fmt.Sprint("to come: ", h.coming), "to come: [1300 300 0]")
	if len(steps) != len(want) || steps[len(steps)-1] != len(want) {
		t.Errorf("progress came %d times", len(steps))
	}
}

func TestBatchesStayWithinTheirBytes(t *testing.T) {
	h := newHouse(t, Options{})
	for i := range 5 {
		h.old(fmt.Sprintf("%d.md", i), strings.Repeat("x", 7<<20)+fmt.Sprint(i))
	}
	h.scan()
	for _, b := range h.batches {
		bytes := 0
		for _, c := range b {
			bytes += int(c.File.Size)
		}
		if bytes > batchBytes {
			t.Errorf("a batch of %d bytes", bytes)
		}
	}
	if len(h.batches) != 3 {
		t.Errorf("%d batches, want 3", len(h.batches))
	}
}

func TestUnchangedFilesAreNotReadAgain(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b/c.md", "two")
	h.scan()
	h.open(Options{})
	equal(t, tell(h.scan()), "")
	if n := h.reader.count("a.md"); n != 1 {
		t.Errorf("a.md was parsed %d times", n)
	}
}

func TestNewTimeStampWithoutNewContentIsATouch(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.scan()
	later := time.Now().Add(-time.Minute).Add(7)
	h.must(os.Chtimes(h.path("a.md"), later, later))
	h.open(Options{})
	equal(t, tell(h.scan()), "touched a.md")
	if n := h.reader.count("a.md"); n != 1 {
		t.Errorf("a.md was parsed %d times", n)
	}
	h.open(Options{})
	equal(t, tell(h.scan()), "")
}

func TestChangesBetweenTwoRunsAreFound(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("edited.md", "one")
	h.old("removed.md", "two")
	h.old("moved.md", "three")
	h.old("kept.md", "four")
	h.scan()
	h.old("edited.md", "one and more")
	h.must(os.Remove(h.path("removed.md")))
	h.must(os.MkdirAll(h.path("to"), 0o755))
	h.must(os.Rename(h.path("moved.md"), h.path("to/moved.md")))
	h.open(Options{})
	got := h.scan()
	equal(t, tell(got), "gone moved.md, gone removed.md, wrote edited.md, wrote to/moved.md")
}

func TestBadFilesFailAlone(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "good")
	h.old("b.md", "title\nfault")
	h.old("c.md", "title\npanic")
	h.old("d.md", "good too\nwarning")
	got := h.scan()
	equal(t, tell(got), "wrote a.md, failed b.md, failed c.md, wrote d.md")
	equal(t, got[1].Fault.Error(), "b.md: line 2: it is at fault")
	if f := got[2].Fault; !strings.Contains(f.Err, "a parser's mistake") || f.Hint == "" {
		t.Errorf("fault of the panic: %+v", f)
	}
	if w := h.folder.State().Warnings; len(w) != 1 || w[0].Path != "d.md" {
		t.Errorf("warnings: %+v", w)
	}
	// Failed ones are tried again at the next start, and said once.
	h.open(Options{})
	equal(t, tell(h.scan()), "")
	if h.reader.count("b.md") != 2 || h.reader.count("a.md") != 1 {
		t.Errorf("reads: %v", h.reader.reads)
	}
}

func TestEmptyAnswerOfAParserIsNoTouch(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.open(Options{Reader: silent{&lines{}}})
	if got := h.scan(); len(got) != 1 || got[0].Articles == nil {
		t.Errorf("got %+v", got)
	}
}

// silent finds no article in any file.
type silent struct{ *lines }

func (silent) Read(context.Context, File) ([]article.Parsed, []article.Fault, error) {
	return nil, nil, nil
}

func TestUnreadableFilesAndFoldersAreFaultsAndNothingElseSuffers(t *testing.T) {
	h := newHouse(t, Options{})
	h.must(os.Chmod(h.dir, 0o755))
	h.must(os.Chmod(filepath.Dir(h.dir), 0o755))
	h.old("a.md", "one")
	h.old("locked.md", "two")
	h.old("shut/c.md", "three")
	h.scan()
	h.old("locked.md", "two and more")
	h.must(os.Chmod(h.path("locked.md"), 0))
	h.must(os.Chmod(h.path("shut"), 0))
	defer os.Chmod(h.path("shut"), 0o755)
	asNobody(t, func() {
		h.open(Options{})
		got := h.scan()
		equal(t, tell(got), "failed locked.md")
		equal(t, got[0].Fault.Error(), "locked.md: it may not be read: give the user that runs feedwright the right to read it")
		if u := h.folder.State().Unreadable; len(u) != 1 || u[0].Path != "shut" {
			t.Errorf("unreadable: %+v", u)
		}
		h.open(Options{})
		equal(t, tell(h.scan()), "")
	})
	h.must(os.Chmod(h.path("locked.md"), 0o644))
	h.open(Options{})
	equal(t, tell(h.scan()), "wrote locked.md")
}

func TestPipesAndSocketsAreNeverOpened(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	if err := makePipe(h.path("pipe.md")); err != nil {
		t.Skip(err)
	}
	equal(t, tell(h.scan()), "wrote a.md")
	equal(t, h.folder.Why("pipe.md"), "it is no ordinary file")
	if _, err := h.folder.ReadOne(t.Context(), "pipe.md"); err == nil {
		t.Error("ReadOne read a pipe")
	}
}

func TestHugeFilesAreReadToTheirLimitOnly(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("huge.md", "")
	h.must(os.Truncate(h.path("huge.md"), 1<<30))
	equal(t, tell(h.scan()), "failed huge.md")
	if h.reader.most != MaxFile+1 {
		t.Errorf("the parser was given %d bytes", h.reader.most)
	}
}

func TestAwkwardNames(t *testing.T) {
	h := newHouse(t, Options{})
	for _, p := range []string{"a 'quoted' \"name\".md", "line\nbreak.md", "тема/стаття.md", "100%.md", "[x](y).md", "back\\slash.md"} {
		h.old(p, p)
	}
	h.old("bad\xff.md", "x")
	h.old("bad\xfe/x.md", "x")
	if got := h.scan(); len(got) != 6 {
		t.Errorf("got %s", tell(got))
	}
	u := h.folder.State().Unreadable
	if len(u) != 2 || u[0].Hint != "rename it" {
		t.Errorf("unreadable: %+v", u)
	}
}

func TestBottomlessFoldersEnd(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	// Made step by step: the whole path is longer than the system takes.
	root, err := os.OpenRoot(h.dir)
	h.must(err)
	for range 3000 {
		h.must(root.Mkdir("deeper", 0o755))
		next, err := root.OpenRoot("deeper")
		h.must(err)
		root.Close()
		root = next
	}
	root.Close()
	equal(t, tell(h.scan()), "wrote a.md")
	if u := h.folder.State().Unreadable; len(u) != 1 || !strings.Contains(u[0].Err, "deep") {
		t.Errorf("unreadable: %+v", u)
	}
}

func TestLinksStayInsideAndEnd(t *testing.T) {
	h := newHouse(t, Options{})
	outside := t.TempDir()
	h.must(os.WriteFile(filepath.Join(outside, "secret.md"), []byte("secret"), 0o644))
	h.old("a.md", "one")
	h.old("sub/b.md", "two")
	h.old(".store/c.md", "three")
	h.old(".store/more/d.md", "four")
	for link, target := range map[string]string{
		"out.md":      filepath.Join(outside, "secret.md"),
		"outdir":      outside,
		"again.md":    "a.md",
		"subagain":    "sub",
		"sub/up":      "..",
		"self":        ".",
		"nowhere.md":  "missing.md",
		"absolute.md": h.path(".store/c.md"),
		"linked.md":   ".store/c.md",
		"linkeddir":   ".store/more",
		"linkeddir2":  ".store/more",
		".store/loop": "..",
	} {
		h.must(os.Symlink(target, h.path(link)))
	}
	equal(t, tell(h.scan()), "wrote a.md, wrote linked.md, wrote linkeddir/d.md, wrote sub/b.md")
	for path, rule := range map[string]string{
		"out.md": "it is a link that leads out of the folder", "again.md": "it is a link to a.md, which is read itself",
		"absolute.md": "it is a link by an absolute path: make it relative",
		"nowhere.md":  "it is a link that leads nowhere", "linked.md": "",
	} {
		equal(t, h.folder.Why(path), rule)
	}
}

func TestLinkedRootIsFollowed(t *testing.T) {
	real := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	h := newHouse(t, Options{Dir: link})
	h.old("a/b.md", "one")
	equal(t, tell(h.scan()), "wrote a/b.md")
}

func TestEmptyFolderWhereArticlesWereKeepsThem(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("a.md", "one")
	h.old("b.md", "two")
	h.scan()
	h.must(os.Remove(h.path("a.md")))
	h.must(os.Remove(h.path("b.md")))
	h.open(Options{})
	equal(t, tell(h.scan()), "")
	if s := h.folder.State(); s.Removed != 2 || !strings.Contains(s.Removals, "The folder is empty") || !strings.Contains(s.Removals, "accept-removals") {
		t.Errorf("State: %+v", s)
	}
	h.open(Options{Accept: true})
	equal(t, tell(h.scan()), "gone a.md, gone b.md")
}

func TestScanEndsWithTheErrorOfOut(t *testing.T) {
	h := newHouse(t, Options{})
	for i := range 50 {
		h.old(fmt.Sprintf("%d.md", i), fmt.Sprint(i))
	}
	h.refuse = errRefused
	if err := h.folder.Scan(t.Context(), h.known, h.out); !errors.Is(err, errRefused) {
		t.Errorf("Scan: %v", err)
	}
	h.open(Options{})
	if got := h.scan(); len(got) != 50 {
		t.Errorf("after the refusal: %d changes", len(got))
	}
	noLeaks(t)
}

func TestScanWaitsForAFileBeingWritten(t *testing.T) {
	h := newHouse(t, Options{})
	h.write("a.md", "just now")
	equal(t, tell(h.scan()), "wrote a.md")
}

func TestReadOneReadsWhatIsThere(t *testing.T) {
	h := newHouse(t, Options{})
	h.write("a.md", "one")
	c, err := h.folder.ReadOne(t.Context(), "./a.md")
	if err != nil || c.Path != "a.md" || c.Articles[0].Fields.Title != "one" || c.File.Hash == (article.Hash{}) {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := h.folder.ReadOne(t.Context(), "b.md"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := h.folder.ReadOne(t.Context(), "../b.md"); err == nil {
		t.Error("a path out of the folder was read")
	}
}

func TestFileReadInTheTickItWasWrittenIsReadAgain(t *testing.T) {
	whole := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fine := whole.Add(123456789)
	for _, c := range []struct {
		mod, read time.Time
		want      bool
	}{
		{fine, fine.Add(5 * time.Millisecond), true},
		{fine, fine.Add(50 * time.Millisecond), false},
		{fine, fine.Add(-time.Hour), true}, // written in the future
		{whole, whole.Add(time.Second), true},
		{whole, whole.Add(3 * time.Second), false},
	} {
		if got := racyAt(c.mod.UnixNano(), c.read); got != c.want {
			t.Errorf("written %s, read %s: %v", c.mod, c.read, got)
		}
	}
	// The store gets a stat that no restart takes for the file's own.
	h := newHouse(t, Options{})
	h.write("a.md", "one")
	future := time.Now().Add(time.Hour)
	h.must(os.Chtimes(h.path("a.md"), future, future))
	h.scan()
	if got := h.files["a.md"].Stat.Inode; got != 0 {
		t.Errorf("inode %d was kept", got)
	}
	h.must(os.WriteFile(h.path("a.md"), []byte("two"), 0o644))
	h.must(os.Chtimes(h.path("a.md"), future, future))
	h.open(Options{})
	equal(t, tell(h.scan()), "wrote a.md")
}
