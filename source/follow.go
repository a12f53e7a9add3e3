package source

import (
	"context"
	"path"

	"github.com/fsnotify/fsnotify"

	"feedwright/article"
)

// follow looks again at what events named. Moved and removed folders lose
// their watches first, as fsnotify goes on calling them by their old names.
func (k *keeper) follow(ctx context.Context, hints map[string]fsnotify.Op) {
	for p, op := range hints {
		if op.Has(fsnotify.Create) || op.Has(fsnotify.Remove) || op.Has(fsnotify.Rename) {
			if d := k.table.folder(p, false); d != nil {
				k.watch.forget(d)
			}
		}
	}
	// What left is seen first, so that a rename finds its twin.
	for p, op := range hints {
		if op.Has(fsnotify.Remove) || op.Has(fsnotify.Rename) {
			k.look(ctx, p, op)
		}
	}
	// Many in one folder are looked at beside its other names, read once.
	folders := map[string][]string{}
	for p, op := range hints {
		if !op.Has(fsnotify.Remove) && !op.Has(fsnotify.Rename) {
			folders[path.Dir(p)] = append(folders[path.Dir(p)], p)
		}
	}
	for dir, paths := range folders {
		var beside *near
		if len(paths) >= manyHints {
			beside = k.nearAmong(dir)
		}
		for _, p := range paths {
			k.near = beside
			k.look(ctx, p, hints[p])
		}
		k.near = nil
	}
}

// manyHints in one folder make it worth reading its names.
const manyHints = 20

// look follows an event: it touches the one file or folder that was named.
func (k *keeper) look(ctx context.Context, p string, op fsnotify.Op) {
	switch {
	case op.Has(fsnotify.Remove):
		k.vanishing = removed
	case op.Has(fsnotify.Rename):
		k.vanishing = moved
	default:
		k.vanishing = unseen
	}
	up := path.Dir(p)
	d := k.table.folder(up, false)
	for _, a := range prefixes(p) {
		if a != p && k.w.rules.folder(a, k.w.site) != "" {
			return
		}
	}
	if d != nil && d.links && path.Base(p)[0] == '.' && !op.Has(fsnotify.Write) {
		k.walk(ctx, d, false, nil) // as Kubernetes swaps what its links lead to
		return
	}
	e, err := k.w.one(p)
	switch {
	case gone(err):
		k.lose(p)
		if sub := k.table.folder(p, false); sub != nil {
			k.loseBelow(sub)
		}
	case err != nil:
		k.tally.fault(faultOf(p, err))
		k.retold = true
	case e.fault != nil:
		k.tally.fault(e.fault)
		k.retold = true
	case e.rule != "":
		if e.link && d != nil {
			d.links = true
		}
		if op.Has(fsnotify.Create) {
			k.tally.ignore(e.rule, p)
			k.retold = true
		}
		k.lose(p)
	case e.kind == isFolder:
		sub := k.table.folder(p, true)
		if op == fsnotify.Chmod && sub.fault == "" && sub.watched {
			return
		}
		if rule := k.loops(sub.up, p, e); rule == "" {
			sub.id = e.id
			k.walk(ctx, sub, true, nil)
		}
	default:
		if d != nil && e.link {
			d.links = true
		}
		k.meet(p, e, nil)
	}
}

// reread reads a file again although it has not changed.
func (k *keeper) reread(p string) {
	e, err := k.w.one(p)
	if err != nil || k.role(p, e) != isArticle || k.w.rules.whole(p, k.w.site) != "" {
		return
	}
	rec, known := k.table.get(p)
	due := k.now()
	if x := k.waits.byPath[p]; x != nil {
		due = x.due
	}
	k.waits.set(job{path: p, stat: e.stat, last: rec.stat, fresh: !known, force: true}, due, article.Hash{})
}

// distinct keeps the last job of each path.
func distinct(jobs []job) []job {
	at := make(map[string]int, len(jobs))
	out := jobs[:0:0]
	for _, j := range jobs {
		if i, ok := at[j.path]; ok {
			out[i] = j
			continue
		}
		at[j.path] = len(out)
		out = append(out, j)
	}
	return out
}
