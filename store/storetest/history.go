package storetest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"feedwright/article"
)

// Start is the instant at which histories begin.
var Start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// History makes batches as a busy folder would: files are created, edited,
// renamed, moved, copied, deleted, restored and touched at random. The same
// seed makes the same history. It keeps a simple model of what must hold.
type History struct {
	rng     *rand.Rand
	now     time.Time
	made    int
	files   map[string]*file
	removed map[string]*file
	batch   map[string]article.Change
	had     map[string]int // the article that a path has had, -1 for several
}

// file is one article of the model, wherever its file lies.
type file struct {
	n     int // which article
	title string
	words []string
	copy  bool // its words were another's
	moved bool
	mtime int64
}

// NewHistory begins a history.
func NewHistory(seed uint64) *History {
	return &History{rng: rand.New(rand.NewPCG(seed, 7)), now: Start, files: map[string]*file{}, removed: map[string]*file{}, had: map[string]int{}}
}

// Next makes one batch of a few changes.
func (h *History) Next() article.Batch {
	h.now = h.now.Add(time.Duration(1+h.rng.IntN(90)) * time.Minute)
	h.batch = map[string]article.Change{}
	for range 1 + h.rng.IntN(4) {
		h.act()
	}
	b := article.Batch{Now: h.now}
	for _, p := range slices.Sorted(maps.Keys(h.batch)) {
		b.Changes = append(b.Changes, h.batch[p])
	}
	h.rng.Shuffle(len(b.Changes), func(i, j int) { b.Changes[i], b.Changes[j] = b.Changes[j], b.Changes[i] })
	return b
}

// Live gives the number of the model's article at each path.
func (h *History) Live() map[string]int {
	m := map[string]int{}
	for p, f := range h.files {
		m[p] = f.n
	}
	return m
}

// Shown gives title and category of the model's article at each path.
func (h *History) Shown() map[string][2]string {
	m := map[string][2]string{}
	for p, f := range h.files {
		m[p] = [2]string{f.title, f.topic()}
	}
	return m
}

// Rooted gives the paths whose article was never elsewhere, and which were
// never another's: what a path alone tells of.
func (h *History) Rooted() []string {
	var paths []string
	for _, p := range slices.Sorted(maps.Keys(h.files)) {
		if f := h.files[p]; !f.moved && h.had[p] == f.n {
			paths = append(paths, p)
		}
	}
	return paths
}

func (f *file) topic() string { return fmt.Sprint("Topic ", f.n%5) }

func (h *History) act() {
	path, f := h.pick(h.files)
	switch op := h.rng.IntN(10); {
	case f == nil || op < 3:
		h.create()
	case op == 3: // edit a few words, perhaps the title
		f.words[h.rng.IntN(len(f.words))] = fmt.Sprintf("edit%d", h.rng.IntN(1e6))
		if h.rng.IntN(3) == 0 {
			f.title += fmt.Sprintf(" %d", h.rng.IntN(100))
		}
		f.copy = false
		h.wrote(path)
	case op <= 5: // rename or move, perhaps with an edit
		to := h.freePath()
		if f.copy || to == "" {
			return
		}
		delete(h.files, path)
		h.files[to] = f
		f.moved = true
		if h.rng.IntN(2) == 0 {
			f.words[0] = fmt.Sprintf("edit%d", h.rng.IntN(1e6))
		}
		h.batch[path] = article.Change{Op: article.Gone, Path: path}
		h.wrote(to)
	case op == 6: // copy
		to := h.freePath()
		if f.copy || to == "" {
			return
		}
		h.made++
		h.files[to] = &file{n: h.made, title: f.title, words: slices.Clone(f.words), copy: true, mtime: f.mtime}
		f.copy = true
		h.wrote(to)
	case op == 7: // delete
		if f.copy {
			return
		}
		delete(h.files, path)
		h.removed[path] = f
		h.batch[path] = article.Change{Op: article.Gone, Path: path}
	case op == 8: // restore where it was
		if back, f := h.pick(h.removed); f != nil && h.files[back] == nil {
			delete(h.removed, back)
			h.files[back] = f
			h.wrote(back)
		}
	default: // touch
		f.mtime = h.now.UnixNano()
		c := h.change(path)
		if h.rng.IntN(2) == 0 {
			c.Articles = nil
		}
		h.batch[path] = c
	}
}

func (h *History) create() {
	path := h.freePath()
	if path == "" {
		return
	}
	h.made++
	f := &file{n: h.made, title: fmt.Sprintf("%x news of %d", sha256.Sum256([]byte(fmt.Sprint(h.made))), h.made), mtime: h.now.Add(-time.Duration(h.rng.IntN(1e6)) * time.Second).UnixNano()}
	for i := range 40 + h.rng.IntN(40) {
		f.words = append(f.words, fmt.Sprintf("w%dx%d", h.made, i))
	}
	h.files[path] = f
	h.wrote(path)
}

// pick takes a file that the batch has not touched yet.
func (h *History) pick(from map[string]*file) (string, *file) {
	var paths []string
	for _, p := range slices.Sorted(maps.Keys(from)) {
		if _, used := h.batch[p]; !used {
			paths = append(paths, p)
		}
	}
	if len(paths) == 0 {
		return "", nil
	}
	p := paths[h.rng.IntN(len(paths))]
	return p, from[p]
}

// freePath gives a path where nothing lies; now and then one used before.
func (h *History) freePath() string {
	p := fmt.Sprintf("%c/%d.txt", 'a'+rune(h.rng.IntN(3)), h.rng.IntN(60))
	_, used := h.batch[p]
	if h.files[p] != nil || h.removed[p] != nil || used {
		return ""
	}
	return p
}

func (h *History) wrote(path string) {
	h.batch[path] = h.change(path)
	if n, ok := h.had[path]; ok && n != h.files[path].n {
		h.had[path] = -1
	} else {
		h.had[path] = h.files[path].n
	}
}

func (h *History) change(path string) article.Change {
	f := h.files[path]
	body := strings.Join(f.words, " ")
	sum := sha256.Sum256([]byte(f.title + body))
	return article.Change{
		Op: article.Wrote, Path: path,
		File: article.FileStat{Size: int64(len(body)), ModTime: f.mtime, Inode: uint64(f.n), Hash: article.Hash(sum[:16])},
		Articles: []article.Parsed{{
			Fields: article.Fields{Title: f.title, Categories: []string{f.topic()}},
			Markup: article.PlainText, Body: body, Words: len(f.words), Print: article.Fingerprint(body),
		}},
	}
}

// All is a first scan of the folder as it stands.
func (h *History) All() article.Batch {
	b := article.Batch{Now: h.now}
	for _, p := range slices.Sorted(maps.Keys(h.files)) {
		b.Changes = append(b.Changes, h.change(p))
	}
	return b
}
