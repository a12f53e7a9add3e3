package publish

import (
	"cmp"
	"fmt"
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
	docs map[string]int // bytes by path, without secrets
}

// maxOversize bounds how many are named; one filter may have many addresses.
const maxOversize = 100

// weigh notes a document's size, and says whether it has newly passed a bound.
func (o *oversize) weigh(path string, size int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	was, known := o.docs[path]
	if size <= large {
		delete(o.docs, path)
		return false
	}
	if !known && len(o.docs) >= maxOversize {
		return false
	}
	if o.docs == nil {
		o.docs = map[string]int{}
	}
	o.docs[path] = size
	return !known || was <= huge && size > huge
}

// warnings are sentences for the owner, the largest document first.
func (o *oversize) warnings() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	paths := make([]string, 0, len(o.docs))
	for p := range o.docs {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(cmp.Compare(o.docs[b], o.docs[a]), cmp.Compare(a, b)) })
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

func sizeSentence(path string, size int) string {
	readers := "many readers give up above 1 MB"
	if size > huge {
		readers = "hardly any reader takes more than 10 MB"
	}
	return fmt.Sprintf("%s is %.1f MB, and %s: lower feed.items or feed.max_bytes, or set content: summary.", path, float64(size)/1e6, readers)
}

// weighed warns, once, of a document that is too large for some readers.
func (p *Publisher) weighed(a feed.Address, size int) {
	if a.Format == feed.HTML || a.Format == feed.OPML {
		return
	}
	a.Token = "" // no secret goes into a log
	if path := a.Path(); p.oversize.weigh(path, size) {
		p.o.Log.Warn(sizeSentence(path, size))
	}
}
