package store

import (
	"math"
	"time"

	"feedwright/article"
)

// date gives a record its dates. Published is given once, at first sight, and
// moves again only if the owner changes the date written in the file; an
// article that nobody has seen yet and that its file held back is dated when it
// is let go. Updated is what the file says, or now if an article in public
// changed by more than Significant.
func (w *work) date(r *record, g *sight, share float64) {
	f := &g.p.Fields
	as, held := written(f.Published), w.heldUntil(r)
	undated := r.published == 0 || r.appeared == 0 && r.state == article.Drafted && r.dateAs == as && r.dateFrom != article.FromFeed
	switch {
	case undated:
		w.firstDate(r, g, as)
	case as != "" && as != r.dateAs:
		r.published, r.dateFrom = w.instant(f.Published, r.firstSeen), article.FromFile
	}
	if doubt := article.DoubtfulDate(at(r.published), at(w.now)); doubt != "" && (undated || as != r.dateAs) {
		w.report(true, g.path, "%s is dated %s, which %s: is that meant?", g.path, at(r.published).In(w.s.opt.Zone).Format(time.DateOnly), doubt)
	}
	if as != "" {
		r.dateAs = as
	}
	r.due = max(r.published, held)
	w.update(r, f, share)
}

// heldUntil is when a new article's hold ends, in the far past if it has none.
// It is called before the record takes its new state and dates: an edit neither
// prolongs the hold nor ends it.
func (w *work) heldUntil(r *record) int64 {
	hold := w.s.opt.Hold.Milliseconds()
	firstScan := w.b.More && w.m.appeared == 0
	switch {
	case hold <= 0 || r.appeared > 0 || firstScan:
		return math.MinInt64
	case r.state == article.Drafted:
		return w.now + hold
	case r.due > r.published && !r.fresh:
		return max(r.due, r.firstSeen+hold)
	}
	return r.firstSeen + hold
}

func (w *work) firstDate(r *record, g *sight, as string) {
	d := g.p.Fields.Published
	seen := r.firstSeen
	if r.state == article.Drafted {
		seen = w.now
	}
	mtime := time.Unix(0, g.modTime).UnixMilli()
	switch {
	case as != "":
		r.published, r.dateFrom = w.instant(d, seen), article.FromFile
	case !d.IsZero():
		r.published, r.dateFrom = w.instant(d, seen), article.FromName
	case g.modTime > 0 && mtime > 0 && mtime <= seen:
		r.published, r.dateFrom = mtime, article.FromMTime
	default:
		r.published, r.dateFrom = seen, article.FromFirstSeen
	}
}

// instant is what a date means: a day without a time is the moment of first
// sight if that was on the day, else its beginning in the site's zone.
func (w *work) instant(d article.Date, seen int64) int64 {
	if !d.DayOnly {
		return bounded(d.Time)
	}
	y, m, day := d.Time.Date()
	start := time.Date(y, m, day, 0, 0, 0, 0, w.s.opt.Zone)
	if sy, sm, sd := at(seen).In(w.s.opt.Zone).Date(); sy == y && sm == m && sd == day {
		return max(seen, ms(start))
	}
	return bounded(start)
}

// bounded is an instant in milliseconds, within the years that feeds can write
// (RFC 3339 §1: 0001 to 9999) and never 0, which means none.
func bounded(t time.Time) int64 {
	const first, last = -62135596800000, 253402300799000
	n := min(max(t.Unix(), first/1000), last/1000)*1000 + int64(t.Nanosecond()/1e6)
	if n == 0 {
		return 1
	}
	return min(n, last)
}

// update gives Updated: a date in the file holds from when the owner writes it,
// but never before its time.
func (w *work) update(r *record, f *article.Fields, share float64) {
	as := written(f.Updated)
	switch {
	case as != "" && as != r.updatedAs:
		if t := w.instant(f.Updated, w.now); t <= w.now {
			r.updated, r.updatedAs = t, as
		} else {
			w.report(true, r.path, "%s says that it was updated on %s, which is still to come: that is not used", r.path, at(t).In(w.s.opt.Zone).Format(time.DateTime))
		}
	case share > w.s.opt.Significant && r.appeared > 0:
		r.updated = max(r.updated, w.now)
	}
	if r.updated <= r.published {
		r.updated = 0
	}
}

// changedShare is the share of words, title included, in which a sight differs
// from the article's newest revision.
func (w *work) changedShare(r *record, g *sight) (float64, error) {
	if r.content == g.content {
		return 0, nil
	}
	text, err := w.text(r)
	if err != nil {
		return 0, err
	}
	if r.revision == 0 || text == "" && r.words > 0 { // the old text is not known, only its fingerprint
		if article.Distance(r.print, g.p.Print) > 12 {
			return 1, nil
		}
		return 0, nil
	}
	return 1 - article.Similarity(r.title+"\n"+text, g.title+"\n"+g.p.Body), nil
}
