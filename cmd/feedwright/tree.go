package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// tree is a folder being written beside the one that it will replace.
//
// A file whose bytes are as they were becomes a hard link to the old one: it
// keeps its time, so that rsync and the like pass it over, and costs no disk.
// The old folder is removed after the swap, so no two folders share a file for
// long. Where links cannot be made, a copy gets the old time.
type tree struct {
	temp, old string // absolute; old may not be there
	link      func(from, to string) error
	exchange  func(a, b string) error

	mu   sync.Mutex
	made map[string]bool // folders

	fresh, changed, same int // files
}

// newTree begins a tree beside dir, on the same disk.
func newTree(dir string) (*tree, error) {
	up := filepath.Dir(dir)
	if err := makeFolder(up); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(up, "."+filepath.Base(dir)+".feedwright-")
	if err != nil {
		return nil, fmt.Errorf("make a folder beside %s: %w: the new files are written there first, so it must be writable", dir, cause(err))
	}
	mode := fs.FileMode(0o755)
	if info, err := os.Stat(dir); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.Chmod(temp, mode); err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	return &tree{temp: temp, old: dir, link: os.Link, exchange: exchange, made: map[string]bool{".": true}}, nil
}

// abandon removes what was written. After swap there is nothing left to remove.
func (t *tree) abandon() error { return os.RemoveAll(t.temp) }

func (t *tree) folder(file string) error {
	dir := filepath.Dir(filepath.FromSlash(file))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made[dir] {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(t.temp, dir), 0o755); err != nil {
		return err
	}
	t.made[dir] = true
	return nil
}

func (t *tree) count(n *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*n++
}

// put writes a small file; modified, if not zero, becomes its time if its bytes
// are new.
func (t *tree) put(file string, b []byte, modified time.Time) error {
	if err := t.folder(file); err != nil {
		return err
	}
	had, same, err := t.compare(file, b)
	if err != nil {
		return err
	}
	if same {
		return t.keep(file)
	}
	if had {
		t.count(&t.changed)
	} else {
		t.count(&t.fresh)
	}
	name := filepath.Join(t.temp, filepath.FromSlash(file))
	if err := writeNew(name, b); err != nil {
		return err
	}
	return settime(name, modified)
}

// stream writes a long file by way of write.
func (t *tree) stream(file string, modified time.Time, write func(io.Writer) error) error {
	if err := t.folder(file); err != nil {
		return err
	}
	name := filepath.Join(t.temp, filepath.FromSlash(file))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(t.old, filepath.FromSlash(file))); err == nil {
		t.count(&t.changed)
	} else {
		t.count(&t.fresh)
	}
	return settime(name, modified)
}

func settime(name string, modified time.Time) error {
	if modified.IsZero() {
		return nil
	}
	return os.Chtimes(name, modified, modified)
}

// compare says whether there was a file of this name, and whether it held b.
func (t *tree) compare(file string, b []byte) (had, same bool, err error) {
	name := filepath.Join(t.old, filepath.FromSlash(file))
	info, err := os.Lstat(name)
	if err != nil {
		return false, false, nil // whatever it is, it is no file to keep
	}
	if !info.Mode().IsRegular() || info.Size() != int64(len(b)) {
		return true, false, nil
	}
	old, err := os.ReadFile(name)
	if err != nil {
		return true, false, nil
	}
	return true, bytes.Equal(old, b), nil
}

// keep takes a file over as it is.
func (t *tree) keep(file string) error {
	if err := t.folder(file); err != nil {
		return err
	}
	if err := t.takeOver(filepath.Join(t.temp, filepath.FromSlash(file)), filepath.Join(t.old, filepath.FromSlash(file))); err != nil {
		return err
	}
	t.count(&t.same)
	return nil
}

func (t *tree) takeOver(to, from string) error {
	if t.link(from, to) == nil {
		return nil
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := copyFile(to, from); err != nil {
		return err
	}
	return errors.Join(os.Chmod(to, info.Mode().Perm()), settime(to, info.ModTime()))
}

// adopt takes over what others put into the old folder – a CNAME file, a .git –
// which is none of the files that a build owned. Where one of ours has its
// name, ours stands.
func (t *tree) adopt(owned map[string]*builtFile) error {
	return filepath.WalkDir(t.old, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(t.old, p)
		if err != nil || rel == "." || d.IsDir() || owned[filepath.ToSlash(rel)] != nil {
			return err
		}
		to := filepath.Join(t.temp, rel)
		if _, err := os.Lstat(to); err == nil {
			return nil
		}
		if err := t.folder(filepath.ToSlash(rel)); err != nil {
			return fmt.Errorf("keep %s: %w", p, err)
		}
		switch {
		case d.Type().IsRegular():
			return t.takeOver(to, p)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(p)
			if err != nil {
				return err
			}
			return os.Symlink(link, to)
		}
		return fmt.Errorf("%s is no file, folder or link, and would be lost: move it away", p)
	})
}

// swap puts the tree where the old folder stands, and removes that one.
func (t *tree) swap() error {
	if _, err := os.Lstat(t.old); errors.Is(err, fs.ErrNotExist) {
		return t.moved(os.Rename(t.temp, t.old))
	}
	if t.exchange(t.temp, t.old) == nil {
		return os.RemoveAll(t.temp)
	}
	// In two steps: for a moment there is no folder.
	aside := t.temp + ".old"
	if err := os.Rename(t.old, aside); err != nil {
		return t.moved(err)
	}
	if err := os.Rename(t.temp, t.old); err != nil {
		return t.moved(errors.Join(err, os.Rename(aside, t.old)))
	}
	return os.RemoveAll(aside)
}

func (t *tree) moved(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("put the new files into place at %s: %w: it must be an ordinary folder, and no disk of its own; name a folder inside it", t.old, err)
}

// untouched says that the old folder's file is as a build left it.
func (t *tree) untouched(file string, size int64, modified time.Time) bool {
	info, err := os.Lstat(filepath.Join(t.old, filepath.FromSlash(file)))
	return err == nil && info.Mode().IsRegular() && info.Size() == size && !modified.IsZero() && info.ModTime().Equal(modified)
}
