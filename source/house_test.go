package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feedwright/article"
)

const (
	testSettle = 40 * time.Millisecond
	testLinger = 400 * time.Millisecond
	patience   = 20 * time.Second
)

// lines is a small parser of real files: the first line is the title, a line
// "media: x" names a file, a line "fault" is one.
type lines struct {
	mu    sync.Mutex
	reads map[string]int
	most  int // longest Raw seen
}

func (l *lines) Reads(p string) bool {
	return slices.Contains([]string{".md", ".txt", ".html", ".json"}, path.Ext(p))
}
func (l *lines) IsMedia(p string) bool { return slices.Contains([]string{".jpg", ".mp3"}, path.Ext(p)) }

func (l *lines) Read(_ context.Context, f File) ([]article.Parsed, []article.Fault, error) {
	l.mu.Lock()
	if l.reads == nil {
		l.reads = map[string]int{}
	}
	l.reads[f.Path]++
	l.most = max(l.most, len(f.Raw))
	l.mu.Unlock()
	if len(f.Raw) > MaxFile {
		return nil, nil, &article.Fault{Path: f.Path, Err: "it is too big", Hint: "split it"}
	}
	a := article.Parsed{Body: string(f.Raw)}
	var warnings []article.Fault
	sc := bufio.NewScanner(bytes.NewReader(f.Raw))
	for n := 1; sc.Scan(); n++ {
		if n == 1 {
			a.Fields.Title = sc.Text()
		}
		if m, ok := strings.CutPrefix(sc.Text(), "media: "); ok {
			a.Media = append(a.Media, article.Media{Path: path.Join(path.Dir(f.Path), m)})
		}
		switch sc.Text() {
		case "fault":
			return nil, nil, &article.Fault{Path: f.Path, Line: n, Err: "it is at fault"}
		case "panic":
			panic("a parser's mistake")
		case "warning":
			warnings = append(warnings, article.Fault{Path: f.Path, Line: n, Err: "hm", Warn: true})
		}
	}
	return []article.Parsed{a}, warnings, nil
}

func (l *lines) count(p string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads[p]
}

// house is a folder under test, with a store that remembers what it is told.
type house struct {
	t      *testing.T
	dir    string
	reader *lines
	folder *Folder

	mu      sync.Mutex
	files   map[string]article.FileState
	batches [][]article.Change
	coming  []int // what was said to come, when a batch did
	refuse  error
	news    chan struct{}
}

func newHouse(t *testing.T, o Options) *house {
	t.Helper()
	h := &house{t: t, dir: o.Dir, reader: &lines{}, files: map[string]article.FileState{}, news: make(chan struct{}, 1)}
	if h.dir == "" {
		h.dir = t.TempDir()
	}
	h.open(o)
	return h
}

// open starts over with other options, keeping what the store remembers.
func (h *house) open(o Options) {
	h.t.Helper()
	o.Dir = h.dir
	if o.Reader == nil {
		o.Reader = h.reader
	}
	if o.Settle == 0 {
		o.Settle = testSettle
	}
	if o.Linger == 0 {
		o.Linger = testLinger
	}
	f, err := New(o)
	if err != nil {
		h.t.Fatal(err)
	}
	h.folder = f
}

func (h *house) known(_ context.Context, yield func(article.FileState) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.files {
		if err := yield(f); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) out(_ context.Context, batch []article.Change) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse != nil {
		err := h.refuse
		h.refuse = nil
		return err
	}
	seen := map[string]bool{}
	for _, c := range batch {
		if seen[c.Path] {
			h.t.Errorf("a batch names %s twice", c.Path)
		}
		seen[c.Path] = true
		s := article.FileState{Path: c.Path, Stat: c.File, Fault: c.Fault}
		for _, a := range c.Articles {
			for _, m := range a.Media {
				s.Media = append(s.Media, m.Path)
			}
		}
		if c.Op == article.Wrote && c.Articles == nil {
			s.Media = h.files[c.Path].Media
		}
		if c.Op == article.Gone {
			delete(h.files, c.Path)
		} else {
			h.files[c.Path] = s
		}
	}
	h.batches = append(h.batches, batch)
	h.coming = append(h.coming, h.folder.Coming())
	select {
	case h.news <- struct{}{}:
	default:
	}
	return nil
}

// scan scans once and gives what it told.
func (h *house) scan() []article.Change {
	h.t.Helper()
	h.mu.Lock()
	from := len(h.batches)
	h.mu.Unlock()
	if err := h.folder.Scan(h.t.Context(), h.known, h.out); err != nil {
		h.t.Fatal(err)
	}
	return slices.Concat(h.batches[from:]...)
}

// run watches until the test ends, and returns once the first scan is done.
func (h *house) run(o Options) (stop func()) {
	h.t.Helper()
	scanned := make(chan struct{})
	o.Scanned = func() { close(scanned) }
	events := h.folder.events
	h.open(o)
	h.folder.events = events
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.folder.Run(ctx, h.known, h.out) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					h.t.Errorf("Run: %v", err)
				}
			case <-time.After(patience):
				h.t.Error("Run does not end with its context")
			}
		})
	}
	h.t.Cleanup(stop)
	select {
	case <-scanned:
	case <-time.After(patience):
		h.t.Fatal("the first scan never ended")
	}
	return stop
}

// mark says how many batches have come; since gives what came after it.
func (h *house) mark() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.batches)
}

func (h *house) since(mark int) [][]article.Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.batches[mark:])
}

// until waits until ok holds, looked at after each batch.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	deadline := time.After(patience)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for !ok() {
		select {
		case <-h.news:
		case <-poll.C:
		case <-deadline:
			h.t.Fatalf("waited in vain for %s; told: %s; state: %+v", what, tell(slices.Concat(h.since(0)...)), h.folder.State())
		}
	}
}

// await waits for changes, in any batches after mark, and gives all that came.
func (h *house) await(mark int, want ...string) []string {
	h.t.Helper()
	h.until(fmt.Sprint(want), func() bool {
		got := tellEach(slices.Concat(h.since(mark)...))
		return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(got, w) })
	})
	return tellEach(slices.Concat(h.since(mark)...))
}

func (h *house) write(name, text string) {
	h.t.Helper()
	p := filepath.Join(h.dir, name)
	h.must(os.MkdirAll(filepath.Dir(p), 0o755))
	h.must(os.WriteFile(p, []byte(text), 0o644))
}

// old writes a file as if long ago, so that a scan finds it quiet.
func (h *house) old(name, text string) {
	h.t.Helper()
	h.write(name, text)
	then := time.Now().Add(-time.Hour).Add(123 * time.Nanosecond)
	h.must(os.Chtimes(filepath.Join(h.dir, name), then, then))
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// tell writes changes as "wrote a.md", "touched a.md", "failed a.md", "gone a.md".
func tell(cs []article.Change) string { return strings.Join(tellEach(cs), ", ") }

func tellEach(cs []article.Change) []string {
	var out []string
	for _, c := range cs {
		verb := "wrote"
		switch {
		case c.Op == article.Gone:
			verb = "gone"
		case c.Op == article.Failed:
			verb = "failed"
		case c.Articles == nil:
			verb = "touched"
		}
		out = append(out, verb+" "+c.Path)
	}
	return out
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// asNobody drops root's right to read everything while f runs.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	dropRoot(t, f)
}

// noLeaks fails if goroutines of ours or of the event library are left over.
func noLeaks(t *testing.T) {
	t.Helper()
	var buf []byte
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); runtime.Gosched() {
		buf = make([]byte, 1<<20)
		buf = buf[:runtime.Stack(buf, true)]
		if !bytes.Contains(buf, []byte("(*watcher).drain")) && !bytes.Contains(buf, []byte("fsnotify.(*inotify)")) && !bytes.Contains(buf, []byte("source.readAll")) {
			return
		}
	}
	t.Errorf("goroutines are left:\n%s", buf)
}

var errRefused = errors.New("the disk is full")
