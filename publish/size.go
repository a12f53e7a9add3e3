package publish

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"feedwright/feed"
)

// Sizes of a document in bytes, uncompressed, above which readers fail: many
// give up above the first, nearly all above the second.
const (
	large = 1_000_000
	huge  = 10_000_000
)

// oversize keeps the documents that are too large for some readers.
type oversize struct {
	mu   sync.Mutex
	docs map[string]weight // by path, without secrets
}

// weight is a document's size in bytes. What is on a page of an archive is not
// cut by max_bytes: it would be nowhere else.
type weight struct {
	size    int
	archive bool
}

// maxOversize bounds how many are named; one filter may have many addresses.
const maxOversize = 100

// weigh notes a document's size, and says whether it has newly passed a bound.
func (o *oversize) weigh(path string, w weight) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	was, known := o.docs[path]
	if w.size <= large {
		delete(o.docs, path)
		return false
	}
	if !known && len(o.docs) >= maxOversize {
		return false
	}
	if o.docs == nil {
		o.docs = map[string]weight{}
	}
	o.docs[path] = w
	return !known || was.size <= huge && w.size > huge
}

// warnings are sentences for the owner, the largest document first.
func (o *oversize) warnings() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	paths := make([]string, 0, len(o.docs))
	for p := range o.docs {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(cmp.Compare(o.docs[b].size, o.docs[a].size), cmp.Compare(a, b)) })
	var out []string
	const most = 5
	for _, p := range paths[:min(most, len(paths))] {
		out = append(out, sizeSentence(p, o.docs[p]))
	}
	if n := len(paths) - most; n > 0 {
		out = append(out, fmt.Sprintf("%d more documents are larger than 1 MB.", n))
	}
	return out
}

func sizeSentence(path string, w weight) string {
	readers := "many readers give up above 1 MB"
	if w.size > huge {
		readers = "hardly any reader takes more than 10 MB"
	}
	mend := "lower feed.items or feed.max_bytes"
	if w.archive {
		mend = "lower feed.items, which is how many articles a page of the archive holds"
	}
	return fmt.Sprintf("%s is %.1f MB, and %s: %s, or set content: summary.", path, float64(w.size)/1e6, readers, mend)
}

// weighed warns, once, of a document that is too large for some readers, and
// loudly of one that is for nearly all.
func (p *Publisher) weighed(a feed.Address, size int) {
	if a.Format == feed.HTML || a.Format == feed.OPML {
		return
	}
	a.Token = "" // no secret goes into a log
	w := weight{size, a.Archive != 0}
	path := a.Path()
	if !p.oversize.weigh(path, w) {
		return
	}
	level := slog.LevelWarn
	if size > huge {
		level = slog.LevelError
	}
	p.o.Log.Log(context.Background(), level, sizeSentence(path, w))
}
