package source

import (
	"fmt"
	"path"
	"strings"
	"time"

	"feedwright/article"
)

// The mass removal guard: more than massShare⁻¹ of the articles, and more than
// massCount of them.
const (
	massCount = 20
	massShare = 2
)

const (
	burstPause = 10 * time.Second // a pause that ends a burst of removals
	massWait   = time.Minute      // how long a burst may go on before it is judged
)

// vanishing is what is known of how a file vanished.
type vanishing uint8

const (
	unseen  vanishing = iota // a scan found it gone: it may have been moved or removed
	moved                    // an event told of a move: it lives on with its inode, if still in the folder
	removed                  // an event told of a removal: its inode may be the next file's
)

// lostFile is a known file that is not there any more and not yet reported.
type lostFile struct {
	rec   record
	due   time.Time
	moved bool // an event said that it was moved
}

type lostEntry struct {
	path string
	file *lostFile
}

// lost holds the files that vanished: they may come back, or turn up under
// another name.
type lost struct {
	files    map[string]*lostFile
	order    []lostEntry // by due; may hold some that are no longer lost
	byHash   map[article.Hash]string
	byInode  map[uint64]string
	byName   map[string]string // by what a move to another folder leaves alike
	articles int

	// A burst of removals is judged as one.
	base        int                 // articles known when it began
	gone        int                 // articles it has cost so far
	arrived     map[string]struct{} // new files since: each may be what one that is gone has become
	first, last time.Time
	suspect     string // why the folder itself is doubted, or ""
}

func newLost() *lost {
	return &lost{files: map[string]*lostFile{}, byHash: map[article.Hash]string{}, byInode: map[uint64]string{}, byName: map[string]string{}, arrived: map[string]struct{}{}}
}

// add notes that a file vanished; known is the number of articles until then.
func (l *lost) add(p string, rec record, now, due time.Time, known int, how vanishing) {
	if len(l.files) == 0 && now.Sub(l.last) > burstPause {
		l.base, l.gone, l.first = known, 0, now
		clear(l.arrived)
	}
	l.last = now
	x := &lostFile{rec, due, how == moved}
	l.files[p] = x
	l.order = append(l.order, lostEntry{p, x})
	if rec.mark&media != 0 {
		return
	}
	l.articles++
	if rec.stat.Hash != (article.Hash{}) && rec.stat.Size > 0 {
		l.byHash[rec.stat.Hash] = p
	}
	if how != removed && rec.stat.Inode != 0 {
		l.byInode[rec.stat.Inode] = p
	}
	l.byName[ownName(p)] = p
}

// ownName is the part of a path that its folder did not give it.
func ownName(p string) string {
	dir, name := path.Split(p)
	if strings.HasPrefix(name, "index.") || strings.HasPrefix(name, "_index.") {
		return path.Join(path.Base(dir), name)
	}
	return name
}

// namesake finds the vanished article that p is if it was moved to another
// folder, or "".
func (l *lost) namesake(p string) string { return l.byName[ownName(p)] }

// remove takes a file out: it came back, or its loss has been reported.
func (l *lost) remove(p string) (record, bool) {
	x, ok := l.files[p]
	if !ok {
		return record{}, false
	}
	delete(l.files, p)
	if x.rec.mark&media == 0 {
		l.articles--
	}
	if l.byHash[x.rec.stat.Hash] == p {
		delete(l.byHash, x.rec.stat.Hash)
	}
	if l.byInode[x.rec.stat.Inode] == p {
		delete(l.byInode, x.rec.stat.Inode)
	}
	if l.byName[ownName(p)] == p {
		delete(l.byName, ownName(p))
	}
	if len(l.files) == 0 {
		l.order = nil
	}
	return x.rec, true
}

// twin finds the vanished file that a written one is: the same content, or the
// same file under another name. While a mass removal is withheld only the
// content counts. Where no event told of a move, the inode of one of several
// lost files says nothing: the system gives it to the next file made.
func (l *lost) twin(s article.FileStat, accept bool) string {
	if p := l.byHash[s.Hash]; p != "" {
		return p
	}
	if s.Inode == 0 || l.withheld(accept) != "" {
		return ""
	}
	p := l.byInode[s.Inode]
	if p != "" && !l.files[p].moved && l.articles > 1 {
		return ""
	}
	return p
}

// renamed says that a new file is a vanished one, untouched.
func (l *lost) renamed(s article.FileStat) bool {
	x := l.files[l.byInode[s.Inode]]
	return s.Inode != 0 && x != nil && sameFile(x.rec.stat, s)
}

// arrive notes a new file while others are missing and nothing is withheld yet:
// what comes later has nothing to do with it.
func (l *lost) arrive(p string) {
	if l.articles > 0 {
		l.arrived[p] = struct{}{}
	}
}

// withheld says why losses are not reported, or "".
func (l *lost) withheld(accept bool) string {
	n := l.gone + l.articles
	if accept || l.articles == 0 || n*massShare <= l.base {
		return ""
	}
	if l.suspect != "" {
		return fmt.Sprintf("%s: %d of %d articles are kept as they were. Bring the folder back; if they were meant to go, run feedwright accept-removals.", l.suspect, l.articles, l.base)
	}
	// A folder put in another order, its files moved and edited, has as many new
	// files as it lacks old ones.
	if n -= len(l.arrived); n <= massCount || n*massShare <= l.base {
		return ""
	}
	return fmt.Sprintf("%d of %d article files vanished at once: the articles of %d are kept as they were. Bring the files back; if they were meant to go, run feedwright accept-removals.", l.gone+l.articles, l.base, l.articles)
}

// next is when a loss is due to be reported; zero if none is.
func (l *lost) next(linger time.Duration) time.Time {
	l.skip()
	if len(l.order) == 0 {
		return time.Time{}
	}
	due := l.order[0].file.due
	// Many at once are judged together, when they have stopped coming.
	if l.articles > massCount {
		if quiet := l.last.Add(linger); quiet.After(due) {
			due = quiet
		}
		if end := l.first.Add(massWait); due.After(end) {
			due = end
		}
	}
	return due
}

// skip forgets the head of the queue as far as it is out of date.
func (l *lost) skip() {
	for len(l.order) > 0 && l.files[l.order[0].path] != l.order[0].file {
		l.order = l.order[1:]
	}
}
