// Package source turns a folder of files into batches of article.Change: it
// scans, watches, waits until a file is quiet, reads it once, and hands it to
// the parser of its kind. It renders nothing, and it knows no identity: which
// article a file is, store decides.
//
// The folder is the truth and events are only hints: an event names a path to
// look at again, and a full scan by the same road finds what no event told.
//
// The data's path: directory listing or event → rules (is it read at all?) →
// table (is it as we know it?) → wait (is it quiet?) → read and parse, in
// parallel → batch → out. What out has accepted becomes the table.
package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"feedwright/article"
	"feedwright/source/parse"
)

// MaxFile is how much of an article file is read, in bytes, plus one byte by
// which its parser sees that there is more.
const MaxFile = 10 << 20

// Reader understands the contents of files; NewReader makes one of a
// parse.Parser. Its methods are called from several goroutines at once.
type Reader interface {
	// Reads says that files of this name hold articles.
	Reads(path string) bool
	// IsMedia says that files of this name are pictures, sound or film.
	IsMedia(path string) bool
	// Read gives the articles of a file, and warnings. Its error is best an
	// *article.Fault. A file that is an article and media both (an episode)
	// comes with Raw nil, to be opened through FS.
	Read(ctx context.Context, f File) ([]article.Parsed, []article.Fault, error)
}

// File is what a Reader is given.
type File struct {
	FS      fs.FS  // the folder, for files beside this one
	Path    string // slash-separated, relative to the folder
	Raw     []byte // at most MaxFile+1 bytes
	ModTime time.Time
}

// Known lists what the store remembers of files, as article.Store.Files does.
type Known = func(ctx context.Context, yield func(article.FileState) error) error

// Out takes a batch and returns when it is committed. It is called from one
// goroutine. A batch holds at most one Change a path, at most some 1,000 files
// and 16 MB of text. After an error nothing of the batch counts as known.
//
// A Wrote whose Articles is nil says that the content is as it was and only
// the file's FileStat is new. It is also what is told of media files that
// articles name, so that a change of theirs is noticed after a restart. A file
// that holds no article has Articles empty, not nil.
type Out = func(ctx context.Context, batch []article.Change) error

// Options say which folder is read and how. The zero value of every field but
// Dir and Reader is a good one.
type Options struct {
	Dir      string
	Include  []string      // globs over slash paths; empty means every file
	Ignore   []string      // globs; one without a slash means the name at any depth
	Settle   time.Duration // how long a file must be quiet; 0 means 200 ms, 3 s on a network share, 5 s for media
	Rescan   time.Duration // pause between full scans; 0 means 5 minutes, or 10 s where events do not come
	Schedule string        // cron expression for full scans, instead of Rescan
	Linger   time.Duration // how long a vanished file may come back or turn up elsewhere; 0 means 2 s
	Accept   bool          // report the first mass removal too
	Purges   bool          // files go and articles stay: no removal is ever withheld
	Reader   Reader
	Crew     article.Crew          // who reads files, where there are many
	Prepare  func(*article.Change) // called by them for each that was read, at the same time; may be nil
	Log      *slog.Logger
	Now      func() time.Time
	Progress func(done, total int) // called from one goroutine while a scan reads files
	Scanned  func()                // called by Run once its first scan is committed
}

// Folder is a folder of article files. Only one Scan or Run may be at work at
// a time; the other methods may be called at any time.
type Folder struct {
	o      Options
	rules  *rules
	cron   cron.Schedule
	busy   atomic.Bool
	site   atomic.Pointer[site]
	events func(wake chan<- struct{}) (*watcher, error)
	wake   chan struct{} // capacity 1: there is something in asked or in the watcher's hints
	coming atomic.Int64

	mu    sync.Mutex
	asked asked
	state State
}

// asked is what callers have asked for and the loop has not yet begun.
type asked struct {
	scan   bool
	all    bool // read every file again
	accept bool
	paths  map[string]struct{} // read these again
}

// New checks the folder and the options. Its error is a sentence that says
// what to do.
func New(o Options) (*Folder, error) {
	if o.Reader == nil {
		return nil, errors.New("source: Options.Reader is missing")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Settle < 0 || o.Rescan < 0 || o.Linger < 0 {
		return nil, errors.New("source.settle, source.rescan and source.linger cannot be negative")
	}
	if o.Linger == 0 {
		o.Linger = 2 * time.Second
	}
	abs, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("source.dir %s: %w", o.Dir, err)
	}
	o.Dir = abs
	if err := checkDir(abs); err != nil {
		return nil, err
	}
	rules, err := newRules(o.Include, o.Ignore, o.Reader)
	if err != nil {
		return nil, err
	}
	f := &Folder{o: o, rules: rules, events: newWatcher, wake: make(chan struct{}, 1)}
	if f.cron, err = schedule(o.Schedule, o.Now()); err != nil {
		return nil, err
	}
	f.site.Store(findSite(abs))
	f.state.Watching = "Not watching " + abs + " yet."
	return f, nil
}

// checkDir says in a sentence why a folder cannot be read.
func checkDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s: make it, or name another one as source.dir: %w", dir, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the folder %s may not be read: give this user the right to read it: %w", dir, err)
	case err != nil:
		return fmt.Errorf("the folder %s cannot be read: %w", dir, err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file, not a folder: name the folder it lies in as source.dir", dir)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("the folder %s may not be read: give this user the right to read it: %w", dir, err)
	}
	return d.Close()
}

// schedule parses a cron expression. The parser panics on some input, and
// takes expressions that never come.
func schedule(expr string, now time.Time) (s cron.Schedule, err error) {
	if expr == "" {
		return nil, nil
	}
	defer func() {
		if recover() != nil {
			s, err = nil, fmt.Errorf("source.rescan %q is no cron expression: write one like %q", expr, "*/10 * * * *")
		}
	}()
	s, err = cron.ParseStandard(expr)
	if err != nil {
		return nil, fmt.Errorf("source.rescan %q: %w: write a duration like 5m or a cron expression like %q", expr, err, "*/10 * * * *")
	}
	if s.Next(now).IsZero() {
		return nil, fmt.Errorf("source.rescan %q never comes: write one like %q", expr, "*/10 * * * *")
	}
	return s, nil
}

// Scan looks through the whole folder once, hands on all that is new against
// known, in path order, and returns. Files still being written are waited for
// as long as they take to settle, but not for ever (State.Waiting). It returns
// the first error of out.
func (f *Folder) Scan(ctx context.Context, known Known, out Out) error {
	k, err := f.begin(out)
	if err != nil {
		return err
	}
	defer k.end()
	return k.scanOnce(ctx, known)
}

// Run scans, calls Options.Scanned, and then watches until ctx ends; it
// returns nil then. An error of out is logged and the batch offered again. A
// folder that goes away is waited for.
func (f *Folder) Run(ctx context.Context, known Known, out Out) error {
	k, err := f.begin(out)
	if err != nil {
		return err
	}
	defer k.end()
	err = k.run(ctx, known)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Rescan asks for a full scan soon. Several requests become one.
func (f *Folder) Rescan() {
	f.ask(func(a *asked) { a.scan = true })
}

// Reparse asks to read files again although they have not changed; nil asks
// for all of them, as after a change of the configuration. What they say is
// handed on even if their bytes are the same.
func (f *Folder) Reparse(paths []string) {
	f.ask(func(a *asked) {
		if paths == nil {
			a.all = true
		}
		for _, p := range paths {
			if a.paths == nil {
				a.paths = map[string]struct{}{}
			}
			a.paths[p] = struct{}{}
		}
	})
}

// AcceptRemovals lets a mass removal that is being held back (State.Removals)
// go through.
func (f *Folder) AcceptRemovals() {
	f.ask(func(a *asked) { a.accept = true })
}

func (f *Folder) ask(change func(*asked)) {
	f.mu.Lock()
	change(&f.asked)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// takeAsked hands over what was asked for.
func (f *Folder) takeAsked() asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.asked
	f.asked = asked{}
	return a
}

// Vault says that the folder is an Obsidian vault: only notes marked with
// `publish: true` are meant for others.
func (f *Folder) Vault() bool { return f.site.Load().vault }

// Why gives the rule by which a path (slash-separated, relative to the folder)
// is not read, or "" if it is. Media are not left out: they are seen where an
// article names them.
func (f *Folder) Why(path string) string {
	path = filepath.ToSlash(filepath.Clean(path))
	if !fs.ValidPath(path) || path == "." {
		return "it does not lie in " + f.o.Dir
	}
	if rule := f.rules.whole(path, f.site.Load()); rule != "" {
		return rule
	}
	root, err := os.OpenRoot(f.o.Dir)
	if err != nil {
		return ""
	}
	defer root.Close()
	w := walker{rules: f.rules, site: f.site.Load(), root: root, base: realDir(f.o.Dir)}
	e, err := w.one(path)
	if err != nil || e.rule != "" {
		return e.rule
	}
	for _, s := range parse.Sounds(path) {
		if info, err := root.Stat(s); err == nil && info.Mode().IsRegular() && f.o.Reader.Reads(s) && f.o.Reader.IsMedia(s) && f.rules.whole(s, f.site.Load()) == "" {
			return "it belongs to the episode " + s
		}
	}
	return ""
}

// ReadOne reads one file now, settled or not, and changes nothing. The error
// wraps fs.ErrNotExist if there is no such file.
func (f *Folder) ReadOne(ctx context.Context, path string) (article.Change, error) {
	path = filepath.ToSlash(filepath.Clean(path))
	if !fs.ValidPath(path) {
		return article.Change{}, fmt.Errorf("%s does not lie in %s", path, f.o.Dir)
	}
	root, err := os.OpenRoot(f.o.Dir)
	if err != nil {
		return article.Change{}, fmt.Errorf("read %s: %w", path, err)
	}
	defer root.Close()
	info, err := root.Stat(path)
	if err != nil {
		return article.Change{}, fmt.Errorf("read %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return article.Change{}, fmt.Errorf("read %s: it is no ordinary file", path)
	}
	r := fileReader{root: root, fsys: root.FS(), reader: f.o.Reader, now: f.o.Now}
	stat, _ := statOf(info)
	res := r.read(ctx, job{path: path, stat: stat, force: true})
	switch res.outcome {
	case wrote, failed:
		return res.change, nil
	case unsettled:
		return article.Change{}, fmt.Errorf("read %s: it is being written at this moment: try again", path)
	}
	if res.err != nil {
		return article.Change{}, fmt.Errorf("read %s: %w", path, res.err)
	}
	return article.Change{}, fmt.Errorf("read %s: %w", path, fs.ErrNotExist)
}
