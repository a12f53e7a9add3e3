package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"feedwright/article"
)

const (
	maxDepth = 100  // folders within folders
	maxPath  = 3000 // bytes; systems refuse names from 4,096 on
)

// walker looks at names: what is there, and is it read.
type walker struct {
	rules *rules
	site  *site
	root  *os.Root
	base  string // absolute path of the root, links resolved
}

type kind uint8

const (
	isIgnored kind = iota // rule says why
	isArticle
	isMedia
	isFolder
)

// entry is one name in a folder.
type entry struct {
	name  string
	kind  kind
	link  bool
	stat  article.FileStat
	id    fileID
	rule  string
	fault *article.Fault // a thing to mend; the entry is not read
}

// list reads a folder and gives its entries in path order: a folder sorts as
// if its name ended with a slash, so that a walk meets files in the order of
// their whole paths.
func (w *walker) list(dir string) ([]entry, error) {
	f, err := w.root.Open(orDot(dir))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(names, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) }) // these move more easily than entries
	out := make([]entry, 0, len(names))
	prefix := dir
	if dir != "" {
		prefix += "/"
	}
	for _, n := range names {
		p := prefix + n.Name()
		if e := w.byName(p, n); e.rule != "" || e.fault != nil {
			out = append(out, e)
			continue
		}
		info, err := n.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			out = append(out, entry{name: n.Name(), fault: faultOf(p, err)})
			continue
		}
		if info.Mode().Type() == n.Type() && n.Type()&fs.ModeSymlink == 0 { // byName has asked for the rule
			out = append(out, w.read(entry{name: n.Name()}, p, info))
		} else {
			out = append(out, w.inspect(p, info))
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Compare(a.sortKey(), b.sortKey()) })
	return out, nil
}

func (e entry) sortKey() string {
	if e.kind == isFolder {
		return e.name + "/"
	}
	return e.name
}

// byName settles what needs no stat: most of a folder of pictures or of dot
// files costs no system call.
func (w *walker) byName(p string, n fs.DirEntry) entry {
	e := entry{name: n.Name()}
	switch {
	case !utf8.ValidString(p):
		e.fault = &article.Fault{Path: strings.ToValidUTF8(p, "\uFFFD"), Err: "its name is not valid UTF-8", Hint: "rename it"}
	case len(p) > maxPath:
		e.fault = &article.Fault{Path: p[:200] + "…", Err: "its path is too long", Hint: "move it further up"}
	case n.IsDir() && strings.Count(p, "/") >= maxDepth:
		e.fault = &article.Fault{Path: p, Err: fmt.Sprintf("folders lie more than %d deep", maxDepth), Hint: "move it further up"}
	case n.IsDir():
		e.rule = w.rules.folder(p, w.site)
	case n.Type()&fs.ModeSymlink != 0:
		if strings.HasPrefix(n.Name(), ".") {
			e.rule, e.link = "its name starts with a dot", true
		}
	default:
		e.rule = w.rules.file(p, w.site)
	}
	return e
}

// one looks at a single path whose folders are known to be read.
func (w *walker) one(p string) (entry, error) {
	if !utf8.ValidString(p) || len(p) > maxPath || strings.Count(p, "/") > maxDepth {
		return entry{name: path.Base(p), fault: &article.Fault{Path: strings.ToValidUTF8(p, "\uFFFD"), Err: "its name cannot be used", Hint: "rename it"}}, nil
	}
	info, err := w.root.Lstat(p)
	if err != nil {
		return entry{}, err
	}
	return w.inspect(p, info), nil
}

// inspect decides what a name is, following a link once it is sure to stay in
// the folder and to lead to nothing that is read anyway.
func (w *walker) inspect(p string, info fs.FileInfo) entry {
	e := entry{name: path.Base(p)}
	if info.Mode()&fs.ModeSymlink != 0 {
		e.link = true
		target, err := w.root.Stat(p)
		if err != nil {
			e.rule = w.badLink(p)
			return e
		}
		if e.rule = w.linkRule(p, target.IsDir()); e.rule != "" {
			return e
		}
		info = target
	}
	if info.IsDir() {
		e.rule = w.rules.folder(p, w.site)
	} else if info.Mode().IsRegular() {
		e.rule = w.rules.file(p, w.site)
	}
	return w.read(e, p, info)
}

// read fills in what a name is that no rule leaves out, or that e.rule does.
func (w *walker) read(e entry, p string, info fs.FileInfo) entry {
	e.stat, e.id = statOf(info)
	switch {
	case e.rule != "":
	case info.IsDir():
		e.kind = isFolder
	case !info.Mode().IsRegular():
		e.rule = "it is no ordinary file"
	case w.rules.reader.Reads(p):
		e.kind = isArticle
	default:
		e.kind = isMedia
	}
	return e
}

func (w *walker) badLink(p string) string {
	real, err := filepath.EvalSymlinks(filepath.Join(w.base, filepath.FromSlash(p)))
	switch {
	case err != nil:
		return "it is a link that leads nowhere"
	case inside(w.base, real):
		return "it is a link by an absolute path: make it relative"
	}
	return "it is a link that leads out of the folder"
}

// linkRule leaves out links to what is read under its own name: one article,
// one file.
func (w *walker) linkRule(p string, dir bool) string {
	real, err := filepath.EvalSymlinks(filepath.Join(w.base, filepath.FromSlash(p)))
	if err != nil || !inside(w.base, real) {
		return "it is a link that leads out of the folder"
	}
	rel, err := filepath.Rel(w.base, real)
	if err != nil {
		return "it is a link that leads out of the folder"
	}
	rel = filepath.ToSlash(rel)
	if rel == "." {
		return "it is a link to the folder itself"
	}
	if dir {
		for _, up := range prefixes(rel) {
			if w.rules.folder(up, w.site) != "" {
				return ""
			}
		}
		return "it is a link to " + rel + "/, which is read itself"
	}
	if w.rules.whole(rel, w.site) == "" {
		return "it is a link to " + rel + ", which is read itself"
	}
	return ""
}

// prefixes gives a, a/b, a/b/c of a/b/c.
func prefixes(p string) []string {
	var out []string
	for i, c := range p {
		if c == '/' {
			out = append(out, p[:i])
		}
	}
	return append(out, p)
}

func inside(base, p string) bool {
	return p == base || strings.HasPrefix(p, strings.TrimSuffix(base, string(filepath.Separator))+string(filepath.Separator))
}

func orDot(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

// realDir resolves the links of a folder's own path; without that a walk of a
// linked folder would see one entry.
func realDir(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// faultOf says for people why a file or folder cannot be read.
func faultOf(p string, err error) *article.Fault {
	f := &article.Fault{Path: p}
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrPermission):
		f.Err, f.Hint = "it may not be read", "give the user that runs feedwright the right to read it"
	case errors.As(err, &pe):
		f.Err, f.Hint = "it cannot be read: "+pe.Err.Error(), "look at the disk it lies on"
	default:
		f.Err, f.Hint = "it cannot be read: "+err.Error(), "look at the disk it lies on"
	}
	return f
}
