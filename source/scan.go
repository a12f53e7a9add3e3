package source

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"syscall"
	"time"

	"feedwright/article"
)

// scan looks through the whole folder: first all names, so that it is known
// what vanished, then the files that are new.
func (k *keeper) scan(ctx context.Context) error {
	began := k.now()
	if k.ahead == nil {
		k.w.site = findSite(k.w.base)
	}
	k.f.site.Store(k.w.site)
	k.tally, k.retold, k.surprise = tally{}, true, nil
	k.linked = map[fileID]string{}
	if k.watch != nil {
		k.watch.limit = false // it may have been raised
	}
	jobs := k.ready
	k.ready = nil
	k.vanishing = unseen
	k.walk(ctx, k.table.top, true, &jobs)
	k.ahead.stop()
	k.ahead = nil
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if k.first && k.table.articles == 0 && len(jobs) == 0 && len(k.waits.queue) == 0 && k.lost.articles > 0 {
		k.lost.suspect = "The folder is empty"
	}
	k.anew, k.swapped, k.timed = false, false, false
	k.surprise = k.unannounced(ctx)
	if len(k.surprise) > 0 && !k.blind {
		k.blind = true
		k.f.o.Log.Warn("a change came without an event; the folder is looked through more often from now on", "path", k.surprise[0], "every", k.pause())
	}
	for _, j := range jobs {
		if j.fresh && !j.media && k.withheld == "" {
			k.lost.arrive(j.path)
		}
	}
	if !k.watchful() { // what is gone is told first: a new file may be what it has become
		if err := k.report(ctx, k.now().Add(massWait+k.linger())); err != nil {
			return err
		}
	}
	if err := k.readReady(ctx, jobs, k.f.o.Progress); err != nil {
		return err
	}
	if k.first && k.watchful() {
		if err := k.calm(ctx, 2*k.settle("x")); err != nil { // a folder filled a moment ago is neither empty nor read in part
			return err
		}
	}
	if err := k.flush(ctx); err != nil {
		return err
	}
	k.scans++
	k.lastScan = k.now()
	k.took = k.lastScan.Sub(began)
	k.nextScan = k.lastScan.Add(k.pause())
	if k.f.cron != nil {
		k.nextScan = k.f.cron.Next(k.lastScan)
	}
	if k.table.top.fault != "" {
		k.nextScan = k.lastScan.Add(pollPause)
	}
	if k.first {
		k.first = false
		k.show()
		if k.f.o.Scanned != nil && k.watchful() {
			k.f.o.Scanned()
		}
	}
	return nil
}

// unannounced drops the surprises whose events have come in the meantime.
func (k *keeper) unannounced(ctx context.Context) []string {
	if len(k.surprise) == 0 || k.watch == nil || k.watch.limit || k.network != "" {
		return nil
	}
	sleep(ctx, nil, 50*time.Millisecond) // let an event that is on its way arrive
	var out []string
	for _, p := range k.surprise {
		if !k.watch.hinted(p) {
			out = append(out, p)
		}
	}
	return out
}

// walk lists a folder, in path order; deep, all below it too, else only those
// that are new there.
func (k *keeper) walk(ctx context.Context, d *folder, deep bool, jobs *[]job) {
	if ctx.Err() != nil {
		return
	}
	if deep {
		k.tally.folders++
	}
	k.watchFolder(d)
	entries, err := k.list(d.path)
	if err != nil {
		if gone(err) && d.up != nil {
			k.loseBelow(d)
			return
		}
		d.fault = err.Error()
		k.tally.fault(faultOf(orDot(d.path), err))
		return
	}
	d.fault, d.links, d.listed = "", false, true
	seen := make(map[string]struct{}, len(entries))
	near := k.nearIn(d, entries)
	defer func() { k.near = nil }()
	for _, e := range entries {
		k.near = near
		p := d.child(e.name)
		d.links = d.links || e.link
		switch {
		case e.fault != nil:
			k.tally.fault(e.fault)
			seen[e.name] = struct{}{} // unreadable is not gone
		case e.rule != "":
			if deep {
				k.tally.ignore(e.rule, p)
			}
		case e.kind == isFolder:
			if rule := k.loops(d, p, e); rule != "" {
				k.tally.ignore(rule, p)
				continue
			}
			seen[e.name] = struct{}{}
			k.enter(ctx, p, e, deep, jobs)
		default:
			seen[e.name] = struct{}{}
			k.meet(p, e, jobs)
		}
	}
	k.missed(d, seen)
}

// enter walks a folder met in a listing.
func (k *keeper) enter(ctx context.Context, p string, e entry, deep bool, jobs *[]job) {
	sub := k.table.folder(p, true)
	if sub.id == e.id && sub.listed && !deep {
		return
	}
	if sub.id != e.id && sub.watched && k.watch != nil {
		k.watch.forget(sub)
	}
	sub.id = e.id
	k.walk(ctx, sub, true, jobs)
}

// missed loses what a listing of d did not show.
func (k *keeper) missed(d *folder, seen map[string]struct{}) {
	var files []string
	for name := range d.files {
		if _, ok := seen[name]; !ok {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	for _, name := range files {
		k.lose(d.child(name))
	}
	var folders []string
	for name := range d.folders {
		if _, ok := seen[name]; !ok {
			folders = append(folders, name)
		}
	}
	slices.Sort(folders)
	for _, name := range folders {
		k.loseBelow(d.folders[name])
	}
}

// loops gives the rule against entering a folder a second time.
func (k *keeper) loops(up *folder, p string, e entry) string {
	if e.id == (fileID{}) {
		return ""
	}
	for a := up; a != nil; a = a.up {
		if a.id == e.id || a.up == nil && e.id == k.rootID {
			return "it is a link to a folder above it"
		}
	}
	if e.link {
		if by := k.linked[e.id]; by != "" && by != p {
			return "its folder is read through another link already"
		}
		k.linked[e.id] = p
	}
	return ""
}

// watchFolder asks for a folder's events, and notices a disk mounted within.
func (k *keeper) watchFolder(d *folder) {
	if d.id.dev != 0 && !k.devices[d.id.dev] {
		k.devices[d.id.dev] = true
		if n := networkDisk(path.Join(k.w.base, d.path)); n != "" && k.network == "" {
			k.network = n
		}
	}
	if k.watch == nil || k.watch.limit {
		return
	}
	if err := k.watch.add(d); err != nil && k.watch.limit && !k.limited {
		k.limited = true
		k.f.o.Log.Warn("the system allows no more watches; looking through the folder from time to time instead", "dir", k.f.o.Dir, "err", err)
	}
}

// meet compares a file that is there with what is known of it. jobs takes it
// if it can be read at once; it is nil when an event named the file.
func (k *keeper) meet(p string, e entry, jobs *[]job) {
	k.found(p)
	rec, known := k.table.get(p)
	e.kind = k.role(p, e)
	isMediaFile := e.kind == isMedia
	if isMediaFile && !known && k.table.namedBy[p] == nil {
		return
	}
	if known && (rec.mark&media != 0) != isMediaFile {
		known, rec = false, record{} // its kind has changed
	}
	waiting := k.waits.byPath[p]
	j := job{path: p, stat: e.stat, last: rec.stat, fresh: !known, media: isMediaFile, force: !isMediaFile && (k.anew || rec.mark&again != 0 && rec.stat.Hash != article.Hash{})}
	if known && !j.force && sameFile(rec.stat, e.stat) && rec.mark&(racy|again) == 0 {
		if waiting != nil && !waiting.force {
			k.waits.drop(p)
		}
		return
	}
	if waiting != nil && sameFile(waiting.stat, e.stat) {
		if j.force && !waiting.force {
			k.waits.set(j, waiting.due, waiting.held)
		}
		return
	}
	if k.timed && waiting == nil && rec.mark&(racy|again) == 0 {
		k.startle(p)
	}
	if k.lost.renamed(e.stat) && j.fresh || jobs != nil && k.quiet(p, e.stat, known) {
		if waiting != nil {
			j.force = j.force || waiting.force
			k.waits.drop(p)
		}
		if jobs == nil {
			jobs = &k.ready
		}
		*jobs = append(*jobs, j)
		return
	}
	k.waits.set(j, k.now().Add(k.settle(p)), article.Hash{})
}

// quiet says that a file found by a scan was last written long enough ago.
func (k *keeper) quiet(p string, s article.FileStat, known bool) bool {
	least := max(k.settle(p), 2*time.Second)
	if k.network != "" {
		least = max(least, shareOld)
	}
	if k.f.o.Settle > 0 {
		least = k.f.o.Settle
	}
	return k.now().Sub(time.Unix(0, s.ModTime)) >= least
}

// lose notes that a known file is not there. A copy that waited for this may go.
func (k *keeper) lose(p string) {
	k.waits.drop(p)
	rec, ok := k.table.get(p)
	if !ok {
		return
	}
	if k.timed {
		k.startle(p)
	}
	known := k.table.articles
	k.table.drop(p)
	k.lost.add(p, rec, k.now(), k.now().Add(k.linger()), known, k.vanishing)
	k.waits.release(rec.stat.Hash, k.now())
}

// loseBelow notes that a folder and all in it are not there.
func (k *keeper) loseBelow(d *folder) {
	if k.watch != nil {
		k.watch.forget(d)
	}
	var all []string
	d.each(func(p string, _ record) { all = append(all, p) })
	slices.Sort(all)
	for _, p := range all {
		k.lose(p)
	}
	if d.up != nil {
		k.table.forget(d)
	}
}

// found takes back a file that was thought lost.
func (k *keeper) found(p string) {
	if rec, ok := k.lost.remove(p); ok {
		k.table.put(p, rec)
	}
}

func (k *keeper) startle(p string) {
	if len(k.surprise) < 100 {
		k.surprise = append(k.surprise, p)
	}
}

// gone says that nothing has this name any more.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
