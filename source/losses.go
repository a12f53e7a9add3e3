package source

import (
	"context"
	"time"
)

// report gathers the losses that are due, unless there are too many at once.
func (k *keeper) report(ctx context.Context, now time.Time) error {
	if len(k.lost.files) == 0 {
		k.lost.suspect = ""
	}
	due := k.lost.next(k.linger())
	if due.IsZero() || due.After(now) {
		k.setWithheld(k.lost.withheld(k.accept) != "" && k.withheld != "")
		return nil
	}
	if k.lost.withheld(k.accept) != "" {
		k.setWithheld(true)
		return nil
	}
	k.setWithheld(false)
	for k.lost.skip(); len(k.lost.order) > 0; k.lost.skip() {
		p := k.lost.order[0].path
		if k.lost.files[p].due.After(now) {
			return nil
		}
		if !k.isGone(p) {
			continue
		}
		if k.lost.files[p].rec.mark&media == 0 {
			k.lost.gone++
		}
		if err := k.gather(ctx, 0, goneNews(p)); err != nil {
			return err
		}
	}
	return nil
}

// isGone looks once more for a lost file, and takes it back if it is there.
func (k *keeper) isGone(p string) bool {
	if k.w.rules.whole(p, k.w.site) != "" {
		return true
	}
	e, err := k.w.one(p)
	there := err == nil && e.rule == "" && (e.kind == isArticle || e.kind == isMedia || e.fault != nil)
	if !there && (err == nil || gone(err)) {
		return true
	}
	k.found(p)
	if err == nil && e.fault == nil {
		k.meet(p, e, nil)
	}
	return false
}

// namesake gives the lost file that a new one was, as far as its name tells, if
// the loss is to be told now; or "".
func (k *keeper) namesake(j job) string {
	p := k.lost.namesake(j.path)
	if p == "" || !j.now || !j.fresh || j.media || k.lost.files[p].rec.mark&media != 0 || k.lost.withheld(k.accept) != "" {
		return ""
	}
	if due := k.lost.next(k.linger()); due.After(k.now()) || k.lost.files[p].due.After(k.now()) {
		return ""
	}
	return p
}

// namesakes parts the jobs that have a namesake from the others.
func (k *keeper) namesakes(jobs []job) (with, without []job) {
	for _, j := range jobs {
		if k.namesake(j) != "" {
			with = append(with, j)
		} else {
			without = append(without, j)
		}
	}
	return with, without
}

// setWithheld tells of a mass removal once.
func (k *keeper) setWithheld(on bool) {
	if !on {
		k.withheld = ""
		return
	}
	if k.withheld == "" {
		k.f.o.Log.Error("a mass removal is withheld", "dir", k.f.o.Dir, "why", k.lost.withheld(k.accept))
	}
	k.withheld = k.lost.withheld(k.accept)
}
