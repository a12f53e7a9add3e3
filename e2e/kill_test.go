//go:build e2e

package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKilledAtAnyMomentNothingIsLostOrDoubled writes, edits, renames and
// deletes files without a pause while the program is killed again and again,
// as a power cut does it, and started anew.
func TestKilledAtAnyMomentNothingIsLostOrDoubled(t *testing.T) {
	kills := 30
	if v := os.Getenv("E2E_KILLS"); v != "" {
		if _, err := fmt.Sscan(v, &kills); err != nil || kills < 1 {
			t.Fatalf("E2E_KILLS=%s is no number of kills", v)
		}
	}
	seed := uint64(time.Now().UnixNano())
	if v := os.Getenv("E2E_SEED"); v != "" {
		if _, err := fmt.Sscan(v, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("E2E_SEED=%d repeats this order of acts", seed)
	s := newSite(t, "site: {title: The Lantern}\nfeed: {items: 500, max_bytes: 10MB}")
	w := newWriter(s, seed)
	for range 40 {
		w.create()
	}
	stop := w.work()
	m := &memory{t: t, w: w, ids: map[string]string{}, owner: map[string]string{}, dates: map[string]string{}, told: map[string]bool{}}
	rng := rand.New(rand.NewPCG(seed, 1))
	var starts []string
	for n := range kills {
		starts = append(starts, now())
		s.launch()
		life := time.Duration(50+rng.IntN(850)) * time.Millisecond
		if n%5 == 4 { // longer than a vanished file is waited for, or no renaming would be seen before the next edit
			life += 4 * time.Second
		}
		kill := time.After(life)
		for alive := true; alive; {
			select {
			case <-kill:
				alive = false
			case <-s.ended:
				t.Fatalf("the program ended by itself:\n%s", s.log)
			case <-time.After(30 * time.Millisecond):
				m.look(s)
			}
		}
		s.kill()
		starts[len(starts)-1] += "–" + now()
	}
	stop()
	defer func() {
		if t.Failed() {
			t.Logf("the program ran %s", strings.Join(starts, ", "))
		}
	}()
	s.start()
	s.await("every file is in the feed once, and nothing else is", func() error {
		m.look(s)
		return w.missing(m.last)
	})
	t.Logf("%d acts, %d articles met, %d looks, %d files in the end", w.acts, len(m.ids), m.looks, len(w.files))
	if m.looks < 3*kills {
		t.Errorf("the feed could be looked at only %d times", m.looks)
	}
	s.stop()
	check := exec.Command(python(t), "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])", s.path("feedwright.db"))
	if out, err := check.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("the database: %v %s", err, out)
	}

	// The ledger's text copy alone brings every id and date back.
	for _, name := range []string{"feedwright.db", "feedwright.db-wal", "feedwright.db-shm"} {
		s.remove(name)
	}
	s.start()
	s.await("every file is there after the loss of the database", func() error {
		m.look(s)
		return w.missing(m.last)
	})
}

// memory is what a reader remembers of a feed, and complains about.
type memory struct {
	t     *testing.T
	w     *writer
	told  map[string]bool   // complaints, each made once
	ids   map[string]string // by token
	owner map[string]string // token by id
	dates map[string]string // by token
	last  []string          // tokens of the last look
	since time.Time         // the newest Last-Modified
	looks int
}

var token = regexp.MustCompile(`token-\d+-`)

// look polls once, if the program answers.
func (m *memory) look(s *site) {
	r, err := s.ask(s.url("/feed.json"))
	if err != nil || r.code != http.StatusOK {
		return
	}
	m.looks++
	at, err := time.Parse(time.RFC1123, r.header.Get("Last-Modified"))
	if err != nil {
		m.t.Fatalf("Last-Modified: %v", err)
	}
	if at.Before(m.since) {
		m.t.Errorf("Last-Modified fell from %v to %v", m.since, at)
	}
	m.since = at
	list := parseItems(m.t, r.body)
	m.last = nil
	for _, i := range list {
		tok := token.FindString(i.HTML)
		if tok == "" {
			m.t.Errorf("an article without its text: %+v", i)
			continue
		}
		m.last = append(m.last, tok)
		m.same("id", m.ids, tok, i.ID)
		m.same("date", m.dates, tok, i.Published)
		m.same("article of id "+i.ID, m.owner, i.ID, tok)
	}
	slices.Sort(m.last)
	for i, tok := range m.last[min(1, len(m.last)):] {
		if m.last[i] == tok {
			var which []string
			for _, i := range list {
				if token.FindString(i.HTML) == tok {
					which = append(which, fmt.Sprintf("%+v", i))
				}
			}
			m.complain(tok, "is shown twice, as "+strings.Join(which, " and as "))
		}
	}
}

// complain fails once for one thing, with all that was done to the file.
func (m *memory) complain(tok, what string) {
	m.t.Helper()
	if !m.told[tok] {
		m.told[tok] = true
		m.t.Errorf("%s %s. At %s; what was done to it:\n%s", tok, what, now(), m.w.history(tok))
	}
}

// same keeps the first value that a key had, and fails when it changes.
func (m *memory) same(what string, kept map[string]string, key, value string) {
	if old, ok := kept[key]; ok && old != value {
		m.complain(token.FindString(key+value), fmt.Sprintf("(%s): the %s was %s and is %s", key, what, old, value))
		return
	}
	kept[key] = value
}

// writer does to a folder what people and their programs do.
type writer struct {
	s      *site
	rng    *rand.Rand
	files  map[string]text // by path below articles/
	binned []text
	count  int
	acts   int

	mu  sync.Mutex
	log map[string][]string // by token: what was done, when
}

// did notes an act for a complaint.
func (w *writer) did(tok, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log[tok] = append(w.log[tok], now()+" "+what)
}

func (w *writer) history(tok string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return "  " + strings.Join(w.log[tok], "\n  ")
}

func now() string { return time.Now().Format("04:05.000") }

// text is what one file says. Its words are its own, so that no article can be
// taken for another.
type text struct {
	path, token, title string
	words              []string
	dated              bool
	written, renamed   time.Time
}

// apart is the time between an edit and a renaming of one file: long enough for
// the program to have seen the first, between two kills, before the second.
// What comes of both at once is asked by TestRenamedAndEdited….
const apart = 12 * time.Second

func newWriter(s *site, seed uint64) *writer {
	return &writer{s: s, rng: rand.New(rand.NewPCG(seed, 0)), files: map[string]text{}, log: map[string][]string{}}
}

// work acts until the returned function is called.
func (w *writer) work() (stop func()) {
	quit := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-quit:
				return
			case <-time.After(time.Duration(5+w.rng.IntN(50)) * time.Millisecond):
				w.act()
			}
		}
	})
	return func() { close(quit); done.Wait() }
}

func (w *writer) act() {
	w.acts++
	switch n := w.rng.IntN(100); {
	case len(w.files) < 30 || n < 25 && len(w.files) < 150:
		w.create()
	case n < 65:
		w.edit()
	case n < 85:
		w.rename()
	case n < 95:
		w.bin()
	default:
		w.restore()
	}
}

func (w *writer) create() {
	w.count++
	x := text{token: fmt.Sprintf("token-%d-", w.count), dated: w.count%2 == 0}
	for range 30 + w.rng.IntN(100) {
		x.words = append(x.words, w.word())
	}
	x.title = strings.Join(x.words[:4], " ")
	x.path = w.place()
	w.write(x)
}

// word makes one up.
func (w *writer) word() string {
	b := make([]byte, 4+w.rng.IntN(6))
	for i := range b {
		b[i] = "bcdfghklmnprstvz"[w.rng.IntN(16)]
		if i%2 == 1 {
			b[i] = "aeiou"[w.rng.IntN(5)]
		}
	}
	return string(b)
}

func (w *writer) place() string {
	return path.Join([]string{"", "harbour", "weather", "weather/2025"}[w.rng.IntN(4)], fmt.Sprintf("%s-%d.md", w.word(), w.rng.IntN(1e6)))
}

// write saves in one of the ways that editors know.
func (w *writer) write(x text) {
	body := "---\ntitle: " + x.title + "\n"
	if x.dated {
		body += "date: 2025-11-20 09:00\n"
	}
	body += "---\n" + x.token + " " + strings.Join(x.words, " ") + "\n"
	p := w.s.path("articles/" + x.path)
	if err := os.MkdirAll(path.Dir(p), 0o755); err != nil {
		w.s.t.Error(err)
	}
	var err error
	way := w.rng.IntN(3)
	w.did(x.token, fmt.Sprintf("write %s, way %d", x.path, way))
	switch way {
	case 0:
		err = os.WriteFile(p, []byte(body), 0o644)
	case 1:
		beside := path.Join(path.Dir(p), "."+path.Base(p)+".tmp")
		if err = os.WriteFile(beside, []byte(body), 0o644); err == nil {
			err = os.Rename(beside, p)
		}
	case 2: // in two pieces
		var f *os.File
		if f, err = os.Create(p); err == nil {
			_, _ = f.WriteString(body[:len(body)/2])
			<-time.After(5 * time.Millisecond)
			_, _ = f.WriteString(body[len(body)/2:])
			err = f.Close()
		}
	}
	if err != nil {
		w.s.t.Error(err)
	}
	x.written = time.Now()
	w.files[x.path] = x
}

// pick takes one of the files that will do, in the order of their paths, so
// that a seed repeats it as far as the clock lets it.
func (w *writer) pick(will func(text) bool) (text, bool) {
	var all []string
	for p, x := range w.files {
		if will(x) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return text{}, false
	}
	slices.Sort(all)
	return w.files[all[w.rng.IntN(len(all))]], true
}

func (w *writer) edit() {
	x, ok := w.pick(func(x text) bool { return time.Since(x.renamed) > apart })
	if !ok {
		return
	}
	x.words = slices.Clone(x.words)
	for range 1 + w.rng.IntN(3) {
		x.words[4+w.rng.IntN(len(x.words)-4)] = w.word()
	}
	w.write(x)
}

func (w *writer) rename() {
	x, ok := w.pick(func(x text) bool { return time.Since(x.written) > apart })
	if !ok {
		return
	}
	old := x.path
	x.path = w.place()
	to := w.s.path("articles/" + x.path)
	if err := os.MkdirAll(path.Dir(to), 0o755); err != nil {
		w.s.t.Error(err)
	}
	if err := os.Rename(w.s.path("articles/"+old), to); err != nil {
		w.s.t.Error(err)
	}
	w.did(x.token, "renamed "+old+" to "+x.path)
	delete(w.files, old)
	x.renamed = time.Now()
	w.files[x.path] = x
}

func (w *writer) bin() {
	x, ok := w.pick(func(text) bool { return true })
	if !ok {
		return
	}
	if err := os.Remove(w.s.path("articles/" + x.path)); err != nil {
		w.s.t.Error(err)
	}
	w.did(x.token, "deleted "+x.path)
	delete(w.files, x.path)
	w.binned = append(w.binned, x)
}

// restore brings a deleted file back, as it was and where it was.
func (w *writer) restore() {
	if len(w.binned) == 0 {
		return
	}
	i := w.rng.IntN(len(w.binned))
	x := w.binned[i]
	w.binned = slices.Delete(w.binned, i, i+1)
	w.write(x)
}

// missing says in what the tokens shown differ from the files.
func (w *writer) missing(shown []string) error {
	want := map[string]bool{}
	for _, x := range w.files {
		want[x.token] = true
	}
	for _, tok := range shown {
		if !want[tok] {
			return fmt.Errorf("%s is shown and has no file", tok)
		}
		delete(want, tok)
	}
	for tok := range want {
		return fmt.Errorf("%s and %d others are not shown", tok, len(want)-1)
	}
	return nil
}
