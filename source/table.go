package source

import (
	"path"
	"strings"

	"feedwright/article"
)

// record is a file as out last accepted it.
type record struct {
	stat article.FileStat
	mark mark
}

type mark uint8

const (
	media mark = 1 << iota // no article, but an article names it
	racy                   // may have changed within its own time stamp since it was read
	again                  // read it again at the next scan: its last reading failed
)

// folder is one directory that is read.
type folder struct {
	path    string // "" at the top
	up      *folder
	folders map[string]*folder
	files   map[string]record
	id      fileID
	watched bool
	listed  bool   // has been listed: what is in it is known
	links   bool   // holds links that are followed: what they lead to may change unseen
	fault   string // why it could not be listed
}

// table is what is known of the folder: a tree, so that an event or a listing
// touches one directory, never all.
type table struct {
	top      *folder
	recent   *folder // asked for last, as files come by folders
	articles int     // files that hold articles
	count    int     // all files
	hashes   map[uint64]uint32
	faults   map[string]string              // path → last fault, as said
	warnings map[string]article.Fault       // path → first warning of its last reading
	names    map[string][]string            // article path → files it names
	namedBy  map[string]map[string]struct{} // file → articles that name it, there or not
}

func newTable() *table {
	return &table{
		top:      &folder{},
		hashes:   map[uint64]uint32{},
		faults:   map[string]string{},
		warnings: map[string]article.Fault{},
		names:    map[string][]string{},
		namedBy:  map[string]map[string]struct{}{},
	}
}

// folder finds a directory; make makes it and those above it.
func (t *table) folder(p string, make bool) *folder {
	d := t.top
	switch {
	case p == "" || p == ".":
		return d
	case t.recent != nil && t.recent.path == p:
		return t.recent
	}
	for name := range strings.SplitSeq(p, "/") {
		next := d.folders[name]
		if next == nil {
			if !make {
				return nil
			}
			next = &folder{path: path.Join(d.path, name), up: d}
			if d.folders == nil {
				d.folders = map[string]*folder{}
			}
			d.folders[name] = next
		}
		d = next
	}
	t.recent = d
	return d
}

// forget drops a directory, of which nothing is left.
func (t *table) forget(d *folder) {
	t.recent = nil
	delete(d.up.folders, path.Base(d.path))
}

func (t *table) get(p string) (record, bool) {
	dir, name := path.Split(p)
	d := t.folder(strings.TrimSuffix(dir, "/"), false)
	if d == nil {
		return record{}, false
	}
	r, ok := d.files[name]
	return r, ok
}

func (t *table) put(p string, r record) {
	dir, name := path.Split(p)
	d := t.folder(strings.TrimSuffix(dir, "/"), true)
	if old, ok := d.files[name]; ok {
		t.uncount(old)
	}
	if d.files == nil {
		d.files = map[string]record{}
	}
	d.files[name] = r
	t.count++
	if r.mark&media == 0 {
		t.articles++
		t.hashes[short(r.stat.Hash)]++
	}
}

func (t *table) drop(p string) {
	dir, name := path.Split(p)
	d := t.folder(strings.TrimSuffix(dir, "/"), false)
	if d == nil {
		return
	}
	if old, ok := d.files[name]; ok {
		t.uncount(old)
		delete(d.files, name)
	}
}

func (t *table) uncount(r record) {
	t.count--
	if r.mark&media != 0 {
		return
	}
	t.articles--
	h := short(r.stat.Hash)
	if t.hashes[h]--; t.hashes[h] == 0 {
		delete(t.hashes, h)
	}
}

// holds says that a known article file has this content.
func (t *table) holds(h article.Hash) bool {
	return h != (article.Hash{}) && t.hashes[short(h)] > 0
}

func short(h article.Hash) uint64 {
	var x uint64
	for _, b := range h[:8] {
		x = x<<8 | uint64(b)
	}
	return x
}

// name remembers which files an article names, forgetting what it named before.
func (t *table) name(p string, named []string) {
	for _, m := range t.names[p] {
		delete(t.namedBy[m], p)
		if len(t.namedBy[m]) == 0 {
			delete(t.namedBy, m)
		}
	}
	if len(named) == 0 {
		delete(t.names, p)
		return
	}
	t.names[p] = named
	for _, m := range named {
		by := t.namedBy[m]
		if by == nil {
			by = map[string]struct{}{}
			t.namedBy[m] = by
		}
		by[p] = struct{}{}
	}
}

// each calls yield for every file below d.
func (d *folder) each(yield func(p string, r record)) {
	stack := []*folder{d}
	for len(stack) > 0 {
		d := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for name, r := range d.files {
			yield(d.child(name), r)
		}
		for _, sub := range d.folders {
			stack = append(stack, sub)
		}
	}
}

// below calls yield for d and every directory under it.
func (d *folder) below(yield func(*folder)) {
	stack := []*folder{d}
	for len(stack) > 0 {
		d := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		yield(d)
		for _, sub := range d.folders {
			stack = append(stack, sub)
		}
	}
}

func (d *folder) child(name string) string {
	if d.path == "" {
		return name
	}
	return d.path + "/" + name
}

// sameFile compares what a scan compares. A side that knows no inode (another
// system, or a file to be checked again) differs only from one that does.
func sameFile(a, b article.FileStat) bool {
	return a.Size == b.Size && a.ModTime == b.ModTime && a.Inode == b.Inode
}
