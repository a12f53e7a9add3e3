package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime/debug"
	"time"

	"feedwright/article"
)

// parseLimit is how long one file may be parsed.
const parseLimit = time.Minute

// tick is the coarsest time stamp a local disk keeps, with a margin; coarse is
// that of disks that count whole seconds or two of them.
const (
	tick   = 10 * time.Millisecond
	coarse = 2 * time.Second
)

// job is one file to be read.
type job struct {
	path  string
	stat  article.FileStat // as it was when found quiet
	last  article.FileStat // as it is known; zero if new
	fresh bool             // not known
	force bool             // hand on what it says even if its bytes are the same
	now   bool             // a new file with a known file's content: do not wait for that one to vanish
	media bool             // only its stat is of interest
}

type outcome uint8

const (
	wrote     outcome = iota // change holds what it says
	failed                   // change holds the fault
	same                     // bytes as known; change.File is new
	unsettled                // changed since it was found: change.File is what it is now
	vanished                 // not there
	skipped                  // no ordinary file any more, or the context ended (err)
)

// result is what became of a job.
type result struct {
	job
	outcome  outcome
	change   article.Change
	warnings []article.Fault
	bytes    int
	racy     bool
	err      error
}

// fileReader reads and parses files. It keeps no state but near: workers share
// the rest.
type fileReader struct {
	root   *os.Root
	near   *openFolder // the worker's own; nil where one file is read
	fsys   fs.FS
	reader Reader
	now    func() time.Time

	prepare func(*article.Change) // may be nil
}

// openFolder is the folder whose files a worker is reading: opening each by its
// whole path would open every folder above it once more.
type openFolder struct {
	dir  string
	root *os.Root
}

// of gives the folder that a path lies in and the name there, or the root and
// the path.
func (n *openFolder) of(root *os.Root, p string) (*os.Root, string) {
	dir, name := path.Split(p)
	if n == nil || dir == "" {
		return root, p
	}
	if n.root == nil || n.dir != dir {
		sub, err := root.OpenRoot(path.Clean(dir))
		if err != nil {
			return root, p
		}
		n.close()
		n.dir, n.root = dir, sub
	}
	return n.root, name
}

func (n *openFolder) close() {
	if n.root != nil {
		n.root.Close()
		n.root = nil
	}
}

// read reads a file once, compares it before and after, and parses it if its
// bytes are new.
func (r fileReader) read(ctx context.Context, j job) result {
	res := result{job: j, change: article.Change{Path: j.path, File: j.stat}}
	if j.media {
		return r.glance(res)
	}
	root, name := r.near.of(r.root, j.path)
	f, err := root.OpenFile(name, openFlags, 0)
	if err != nil && root != r.root { // a link that leads out of its folder, or the folder has moved
		root, name = r.root, j.path
		f, err = root.OpenFile(name, openFlags, 0)
	}
	if err != nil {
		return res.broken(err)
	}
	defer f.Close()
	began := r.now()
	if !r.still(f, &res) {
		return res
	}
	raw, err := r.content(f, &res)
	if err != nil {
		return res.broken(err)
	}
	if !r.still(f, &res) {
		return res
	}
	if raw != nil && int64(len(raw)) != min(j.stat.Size, MaxFile+1) {
		res.outcome = unsettled
		return res
	}
	// The name may by now belong to another file: an editor's rename.
	if info, err := root.Stat(name); err != nil {
		return res.broken(err)
	} else if now, _ := statOf(info); !sameFile(now, j.stat) {
		res.outcome, res.change.File = unsettled, now
		return res
	}
	res.bytes = len(raw)
	res.racy = racyAt(j.stat.ModTime, began)
	if !j.force && !j.fresh && res.change.File.Hash == j.last.Hash {
		res.outcome = same
		return res
	}
	r.parse(ctx, raw, &res)
	return res
}

// racyAt says that a file might change once more without its time stamp
// showing it: it was read within the same tick as it was written.
func racyAt(modTime int64, began time.Time) bool {
	margin := tick
	if modTime%int64(time.Second) == 0 {
		margin = coarse
	}
	return modTime >= began.Add(-margin).UnixNano()
}

// still compares an open file with what was found.
func (r fileReader) still(f *os.File, res *result) bool {
	info, err := f.Stat()
	if err != nil {
		*res = res.broken(err)
		return false
	}
	if !info.Mode().IsRegular() {
		res.outcome = skipped
		return false
	}
	now, _ := statOf(info)
	if !sameFile(now, res.stat) {
		now.Hash = article.Hash{}
		res.outcome, res.change.File = unsettled, now
		return false
	}
	return true
}

// content reads and hashes a file. Of one that is too big only the beginning
// is read: its parser refuses it. An episode is hashed whole and not kept.
func (r fileReader) content(f *os.File, res *result) ([]byte, error) {
	h := sha256.New()
	var raw []byte
	if r.reader.IsMedia(res.path) {
		if _, err := io.Copy(h, f); err != nil {
			return nil, err
		}
	} else {
		raw = make([]byte, min(res.stat.Size, MaxFile+1))
		n, err := io.ReadFull(f, raw) // one that has grown is found out by still
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		raw = raw[:n]
		h.Write(raw)
	}
	copy(res.change.File.Hash[:], h.Sum(nil))
	return raw, nil
}

// glance confirms the stat of a media file.
func (r fileReader) glance(res result) result {
	info, err := r.root.Stat(res.path)
	if err != nil {
		return res.broken(err)
	}
	now, _ := statOf(info)
	switch {
	case !info.Mode().IsRegular():
		res.outcome = skipped
	case !sameFile(now, res.stat):
		res.outcome, res.change.File = unsettled, now
	case !res.fresh && !res.force && sameFile(now, res.last):
		res.outcome = same
	}
	return res
}

// broken turns an error of the file system into an outcome.
func (res result) broken(err error) result {
	if errors.Is(err, fs.ErrNotExist) {
		res.outcome, res.err = vanished, err
		return res
	}
	res.outcome = failed
	res.change.Op, res.change.Fault, res.change.Articles = article.Failed, faultOf(res.path, err), nil
	res.change.File = res.stat
	res.change.File.Hash = article.Hash{}
	return res
}

// parse lets the reader of the file's kind understand it. A reader that
// stumbles spoils its own file only.
func (r fileReader) parse(ctx context.Context, raw []byte, res *result) {
	limited, cancel := context.WithTimeout(ctx, parseLimit)
	defer cancel()
	found, warnings, err := r.guarded(limited, File{FS: r.fsys, Path: res.path, Raw: raw, ModTime: time.Unix(0, res.stat.ModTime)})
	if ctx.Err() != nil {
		res.outcome, res.err = skipped, ctx.Err()
		return
	}
	if err == nil {
		if found == nil {
			found = []article.Parsed{} // nil would mean: as before
		}
		res.change.Op, res.change.Articles, res.warnings = article.Wrote, found, warnings
		if r.prepare != nil {
			r.prepare(&res.change)
		}
		return
	}
	res.outcome, res.err = failed, err
	res.change.Op = article.Failed
	var fault *article.Fault
	switch {
	case errors.As(err, &fault):
		own := *fault
		if own.Path == "" {
			own.Path = res.path
		}
		res.change.Fault = &own
	case errors.Is(err, context.DeadlineExceeded):
		res.change.Fault = &article.Fault{Path: res.path, Err: fmt.Sprintf("understanding it took more than %s", parseLimit), Hint: "make it smaller or simpler"}
	default:
		res.change.Fault = &article.Fault{Path: res.path, Err: err.Error()}
	}
}

// stumble is a panic of a Reader, with the place for those who mend it.
type stumble struct {
	*article.Fault
	where []byte
}

func (s *stumble) Unwrap() error { return s.Fault }

func (r fileReader) guarded(ctx context.Context, f File) (a []article.Parsed, w []article.Fault, err error) {
	defer func() {
		if p := recover(); p != nil {
			where := debug.Stack()
			err = &stumble{where: where, Fault: &article.Fault{Path: f.Path, Err: fmt.Sprintf("its reader stumbled: %v", p), Hint: "please report this file to feedwright's makers"}}
		}
	}()
	return r.reader.Read(ctx, f)
}
