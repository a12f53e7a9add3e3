package source

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"feedwright/article"
)

// maxListed bounds the lists in a State.
const maxListed = 1000

// State is what people want to know of the folder.
type State struct {
	Watching   string          `json:"watching"` // what is watched and how, a sentence
	Files      int             `json:"files"`    // article files known
	Folders    int             `json:"folders"`
	Waiting    int             `json:"waiting"` // files seen and not yet quiet
	Scans      uint64          `json:"scans"`
	LastScan   time.Time       `json:"last_scan,omitzero"` // end of the last full scan
	ScanTook   time.Duration   `json:"scan_took"`
	Ignored    []Ignored       `json:"ignored,omitempty"`       // as of the last full scan, most first
	Removed    int             `json:"removed,omitempty"`       // article files that vanished and are withheld
	Removals   string          `json:"removals,omitempty"`      // why, and what to do: a sentence, empty if nothing is withheld
	Unreadable []article.Fault `json:"unreadable,omitempty"`    // folders and names that could not be read, at most 1,000
	Warnings   []article.Fault `json:"file_warnings,omitempty"` // first warning of each file read since the start, at most 1,000
}

// Ignored counts what one rule leaves out.
type Ignored struct {
	Rule    string `json:"rule"`
	Count   int    `json:"count"`   // files and folders
	Example string `json:"example"` // path of one of them
}

// State gives the folder's state now.
func (f *Folder) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// soon is how far ahead Coming looks.
const soon = 500 * time.Millisecond

// Coming is how many article files are about to be handed on after the last
// batch: those that are being read, and those that are quiet soon, of which it
// counts no more than a batch. It is for those who would wait for them.
func (f *Folder) Coming() int { return int(f.coming.Load()) }

// announce says how many files are about to come.
func (k *keeper) announce() {
	k.f.coming.Store(int64(k.unread + k.later + k.waits.within(k.now().Add(soon), batchFiles)))
}

// tally counts what is left out during a scan.
type tally struct {
	rules      map[string]*Ignored
	unreadable []article.Fault
	folders    int
}

func (t *tally) ignore(rule, path string) {
	if t.rules == nil {
		t.rules = map[string]*Ignored{}
	}
	if r := t.rules[rule]; r != nil {
		r.Count++
		return
	}
	if len(t.rules) < maxListed {
		t.rules[rule] = &Ignored{rule, 1, path}
	}
}

func (t *tally) fault(f *article.Fault) {
	known := slices.ContainsFunc(t.unreadable, func(g article.Fault) bool { return g.Path == f.Path })
	if !known && len(t.unreadable) < maxListed {
		t.unreadable = append(t.unreadable, *f)
	}
}

func (t *tally) list() []Ignored {
	var out []Ignored
	for _, r := range t.rules {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Ignored) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

// show makes the keeper's state visible.
func (k *keeper) show() {
	s := State{
		Watching: k.sentence(),
		Files:    k.table.articles + k.lost.articles,
		Folders:  k.tally.folders,
		Waiting:  len(k.waits.byPath),
		Scans:    k.scans,
		LastScan: k.lastScan,
		ScanTook: k.took,
		Removals: k.withheld,
	}
	if s.Removals != "" {
		s.Removed = k.lost.articles
	}
	k.announce()
	k.f.mu.Lock()
	defer k.f.mu.Unlock()
	old := k.f.state
	s.Ignored, s.Unreadable, s.Warnings = old.Ignored, old.Unreadable, old.Warnings
	if k.retold {
		s.Ignored, s.Unreadable = k.tally.list(), slices.Clone(k.tally.unreadable)
		paths := slices.Sorted(maps.Keys(k.table.warnings))
		s.Warnings = nil
		for _, p := range paths[:min(len(paths), maxListed)] {
			s.Warnings = append(s.Warnings, k.table.warnings[p])
		}
		k.retold = false
	}
	k.f.state = s
}

// sentence says what is watched and how.
func (k *keeper) sentence() string {
	dir, every := k.f.o.Dir, k.rhythm()
	switch {
	case k.missing != nil:
		return fmt.Sprintf("Waiting for %s: %v. What was published stays.", dir, k.missing)
	case k.watch == nil && k.noWatch != nil:
		return fmt.Sprintf("Looking through %s %s, as the system gives no events (%v).", dir, every, k.noWatch)
	case k.watch == nil:
		return fmt.Sprintf("Looked through %s once.", dir)
	case k.watch.limit:
		return fmt.Sprintf("Looking through %s %s, as the system allows no more watches: raise fs.inotify.max_user_watches to see changes at once.", dir, every)
	case k.network != "":
		return fmt.Sprintf("Looking through %s %s, as it lies on a network share (%s) whose events do not arrive.", dir, every, k.network)
	case k.blind:
		return fmt.Sprintf("Watching %s, and looking through all of it %s, as a change came without an event.", dir, every)
	}
	return fmt.Sprintf("Watching %s, and looking through all of it %s.", dir, every)
}

func (k *keeper) rhythm() string {
	if k.f.cron != nil {
		return "by the schedule " + k.f.o.Schedule
	}
	d := k.pause()
	if d >= time.Second {
		d = d.Round(time.Second)
	}
	s := d.String() // 5m0s reads better as 5m
	if d >= time.Minute {
		s = strings.TrimSuffix(s, "0s")
	}
	if d >= time.Hour {
		s = strings.TrimSuffix(s, "0m")
	}
	return "every " + s
}
