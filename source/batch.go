package source

import (
	"context"
	"errors"
	"path"
	"slices"
	"time"

	"feedwright/article"
)

// Bounds of one batch.
const (
	batchFiles = 1000
	batchBytes = 16 << 20
)

// news is a change with what the table will keep of it.
type news struct {
	article.Change
	mark     mark
	named    []string
	warnings []article.Fault
	told     bool // a media file that its articles have just read as it is
}

// batch gathers news until it is full.
type batch struct {
	news  []news
	paths map[string]bool
	bytes int
}

// readReady reads files and gathers what they say.
func (k *keeper) readReady(ctx context.Context, jobs []job, progress func(done, total int)) error {
	k.ready = nil
	if len(jobs) == 0 {
		return nil
	}
	done := 0
	read := func(jobs []job, total int) error {
		return readAll(ctx, k.f.o.Crew, k.read, jobs, func(r result) error {
			done++
			if progress != nil {
				progress(done, total)
			}
			err := k.take(ctx, r)
			k.unread = total - done
			return err
		})
	}
	k.unread = len(jobs)
	now, later := k.lonely(jobs)
	if len(later) == 0 {
		return read(now, len(jobs))
	}
	if err := read(now, len(jobs)); err != nil {
		return err
	}
	if err := k.flush(ctx); err != nil { // it is then known what articles carry
		return err
	}
	later = slices.DeleteFunc(later, func(j job) bool { return k.carried(j.path) })
	k.unread = len(later)
	return read(later, done+len(later))
}

// take decides what becomes of a reading.
func (k *keeper) take(ctx context.Context, r result) error {
	rec, known := k.table.get(r.path)
	switch r.outcome {
	case skipped:
		return ctx.Err()
	case vanished:
		k.lose(r.path)
		return nil
	case unsettled:
		j := r.job
		j.stat = r.change.File
		k.waits.set(j, k.now().Add(k.settle(r.path)), article.Hash{})
		return nil
	case same:
		return k.takeSame(ctx, r, rec)
	}
	if r.media {
		r.change.Op = article.Wrote
		if known && rec.mark&media == 0 {
			return k.gather(ctx, 0, belongs(r.path, r.change.File))
		}
		return k.gather(ctx, 0, news{Change: r.change, mark: media, told: k.first && r.fresh})
	}
	n := news{Change: r.change, warnings: r.warnings}
	if r.outcome == failed {
		var s *stumble
		if errors.As(r.err, &s) {
			k.f.o.Log.Error("a reader stumbled", "path", r.path, "err", s, "at", string(s.where))
		}
		if r.change.File.Hash == (article.Hash{}) {
			n.mark |= again
		}
		if known && k.table.faults[r.path] == r.change.Fault.Error() && rec.stat.Hash == r.change.File.Hash {
			k.table.put(r.path, record{stat: r.change.File, mark: n.mark})
			return nil
		}
	}
	k.mayBeRacy(r, &n)
	if twin := k.lost.twin(r.change.File, k.accept); twin != "" && r.outcome == wrote {
		return k.gather(ctx, r.bytes, append(k.named(r, &n), goneNews(twin), n)...)
	}
	if r.outcome == wrote {
		if p := k.namesake(r.job); p != "" && k.isGone(p) {
			return k.gather(ctx, r.bytes, append(k.named(r, &n), goneNews(p), n)...)
		}
	}
	if r.fresh && r.outcome == wrote && !r.now && !k.first && k.watchful() && r.bytes > 0 && k.table.holds(r.change.File.Hash) {
		k.waits.set(r.job, k.now().Add(k.linger()), r.change.File.Hash)
		return nil
	}
	if r.fresh && r.outcome == wrote && k.withheld == "" {
		k.lost.arrive(r.path)
	}
	if due := k.lost.next(k.linger()); r.fresh && r.outcome == wrote && !r.now && k.watchful() && k.lost.articles > 0 && !due.IsZero() && k.withheld == "" {
		// It may be a vanished file under another name and edited at once. Only
		// the store can tell, and only if it hears of both in one batch.
		j := r.job
		j.now = true
		k.waits.set(j, due, article.Hash{})
		return nil
	}
	return k.gather(ctx, r.bytes, append(k.named(r, &n), n)...)
}

// watchful says that this is a Run: a Scan has nothing to wait for.
func (k *keeper) watchful() bool { return k.watch != nil || k.noWatch != nil }

// takeSame keeps the new stat of a file whose bytes are as they were.
func (k *keeper) takeSame(ctx context.Context, r result, rec record) error {
	n := news{Change: r.change, mark: rec.mark &^ racy}
	n.Op = article.Wrote
	k.mayBeRacy(r, &n)
	if n.File == rec.stat {
		k.table.put(r.path, record{stat: rec.stat, mark: n.mark})
		return nil
	}
	return k.gather(ctx, 0, n)
}

// mayBeRacy marks a file that might still change unseen, and arranges for it
// to be read again. Its inode is kept as 0, so that a restart reads it again too.
func (k *keeper) mayBeRacy(r result, n *news) {
	if !r.racy || r.media {
		return
	}
	n.mark |= racy
	n.File.Inode = 0
	if !k.watchful() {
		return
	}
	if written := time.Unix(0, r.stat.ModTime); !written.After(k.now().Add(time.Second)) {
		j := r.job
		j.last, j.fresh, j.force, j.now = n.File, false, false, false
		k.waits.set(j, k.now().Add(coarse), article.Hash{})
	}
}

// named notes which files the articles of a reading name. Those that were not
// known are told of as well, so that their changes are noticed.
func (k *keeper) named(r result, n *news) []news {
	var more []news
	seen := map[string]bool{}
	add := func(p string) {
		p = path.Clean(p)
		if p == "." || p == r.path || seen[p] {
			return
		}
		seen[p] = true
		n.named = append(n.named, p)
		if x, ok := k.meetMedia(p); ok {
			more = append(more, x)
		}
	}
	if r.outcome == wrote {
		for _, p := range k.beside(r.path) {
			seen[p] = true
			n.named = append(n.named, p)
			if x, ok := k.meetBeside(r.path, p); ok {
				more = append(more, x)
			}
		}
	}
	for _, a := range r.change.Articles {
		for _, m := range a.Media {
			add(m.Path)
		}
		if i := a.Fields.Image; i != nil && i.Path != "" {
			add(i.Path)
		}
		for _, x := range a.Fields.Attachments {
			if x.Path != "" {
				add(x.Path)
			}
		}
	}
	return more
}

// meetMedia looks at a file that an article has just been found to name.
func (k *keeper) meetMedia(p string) (news, bool) {
	if _, known := k.table.get(p); known || k.batch.paths[p] || k.waits.byPath[p] != nil || k.w.rules.whole(p, k.w.site) != "" {
		return news{}, false
	}
	e, err := k.w.one(p)
	if err != nil || k.role(p, e) != isMedia {
		return news{}, false
	}
	if k.quiet(p, e.stat, false) {
		return news{Change: article.Change{Op: article.Wrote, Path: p, File: e.stat}, mark: media, told: true}, true
	}
	k.waits.set(job{path: p, stat: e.stat, fresh: true, media: true}, k.now().Add(k.settle(p)), article.Hash{})
	return news{}, false
}

func goneNews(p string) news {
	return news{Change: article.Change{Op: article.Gone, Path: p}}
}

// gather puts news that belong together into one batch.
func (k *keeper) gather(ctx context.Context, bytes int, ns ...news) error {
	b := &k.batch
	full := len(b.news)+len(ns) > batchFiles || b.bytes+bytes > batchBytes
	for _, n := range ns {
		full = full || b.paths[n.Path]
	}
	if full {
		if err := k.flush(ctx); err != nil {
			return err
		}
	}
	if b.paths == nil {
		b.paths = map[string]bool{}
	}
	for _, n := range ns {
		if n.Op == article.Gone {
			// Its twin is in this batch; no other may claim it.
			if _, ok := k.lost.remove(n.Path); !ok {
				continue
			}
		}
		b.news = append(b.news, n)
		b.paths[n.Path] = true
	}
	b.bytes += bytes
	return nil
}

// flush hands the batch to out and, once accepted, takes it as known. In a Run
// a refused batch is offered again and again.
func (k *keeper) flush(ctx context.Context) error {
	b := k.batch
	k.batch = batch{}
	if len(b.news) == 0 {
		return nil
	}
	changes := make([]article.Change, len(b.news))
	for i, n := range b.news {
		changes[i] = n.Change
	}
	k.announce()
	for wait := time.Second; ; wait = min(2*wait, longestRetry) {
		err := k.out(ctx, changes)
		if err == nil {
			break
		}
		if ctx.Err() != nil || !k.watchful() {
			return err
		}
		k.f.o.Log.Error("changes could not be kept; trying again", "files", len(changes), "in", wait, "err", err)
		if !sleep(ctx, nil, wait) {
			return ctx.Err()
		}
	}
	for _, n := range b.news {
		k.learn(n)
	}
	return nil
}

// learn takes an accepted change as known.
func (k *keeper) learn(n news) {
	content := true
	before := k.table.names[n.Path]
	defer func() { k.reconsider(slices.Concat(before, n.named)) }()
	switch {
	case n.Op == article.Gone:
		k.table.name(n.Path, nil)
		k.forgive(n.Path)
	case n.Op == article.Failed:
		k.table.put(n.Path, record{n.File, n.mark})
		k.table.faults[n.Path] = n.Fault.Error()
	case n.Articles == nil:
		content = n.mark&media != 0 && !n.told
		before = nil // what it names is as it was
		k.table.put(n.Path, record{n.File, n.mark})
	default:
		k.table.put(n.Path, record{n.File, n.mark})
		k.table.name(n.Path, n.named)
		k.forgive(n.Path)
		if len(n.warnings) > 0 {
			k.table.warnings[n.Path] = n.warnings[0]
			k.retold = true
		}
	}
	if content {
		for p := range k.table.namedBy[n.Path] {
			k.reread(p)
		}
	}
}

// forgive forgets what was wrong with a file.
func (k *keeper) forgive(p string) {
	delete(k.table.faults, p)
	if _, ok := k.table.warnings[p]; ok {
		delete(k.table.warnings, p)
		k.retold = true
	}
}
