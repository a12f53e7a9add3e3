package store

import (
	"database/sql"
	"slices"
	"strings"

	"feedwright/article"
)

// rowsScanner is what collecting functions read.
type rowsScanner = *sql.Rows

func collect(set map[string]bool) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		set[s] = true
		return nil
	}
}

// maxCandidates bounds how many vanished articles one sight is compared with.
const maxCandidates = 50

// alikeEnough is the share of words that a renamed and edited article keeps.
const alikeEnough = 0.8

// search looks for the unknown sights among the articles that vanished, exact
// matches of the whole batch first, and leaves the rest as newcomers.
func (id *identities) search() error {
	w := id.w
	slices.SortStableFunc(id.unknown, func(a, b *sight) int { return strings.Compare(a.path, b.path) })
	if err := w.flushVanished(); err != nil {
		return err
	}
	rest := id.unknown
	if w.m.vanished > 0 {
		var err error
		if rest, err = id.searchExact(rest); err != nil {
			return err
		}
		if rest, err = id.searchSimilar(rest); err != nil {
			return err
		}
	}
	id.newcomer = rest
	return id.reportCopies(rest)
}

// flushVanished writes what has vanished in this batch, so that the indexes
// know of it. Everything else known stays in memory.
func (w *work) flushVanished() error {
	var keep []*record
	for _, r := range w.recs {
		if !r.away() || !r.dirty {
			keep = append(keep, r)
		}
	}
	kept := make(map[article.Number]*record, len(keep))
	for _, r := range keep {
		kept[r.number] = r
		delete(w.recs, r.number)
	}
	if err := w.flush(); err != nil {
		return err
	}
	for n, r := range kept {
		w.recs[n] = r
	}
	return nil
}

// searchExact matches by content.
func (id *identities) searchExact(list []*sight) ([]*sight, error) {
	w := id.w
	var keys []any
	for _, g := range list {
		if len(g.same) > 0 {
			keys = append(keys, g.same)
		}
	}
	found := map[string][]*record{}
	err := w.loadAway(`same IN (%s)`, keys, `ORDER BY number`, func(r *record) {
		found[string(r.same)] = append(found[string(r.same)], r)
	})
	if err != nil {
		return nil, err
	}
	var rest []*sight
	for _, g := range list {
		var fit []*record
		for _, r := range found[string(g.same)] {
			if len(g.same) > 0 && !id.claimed[r.number] {
				fit = append(fit, r)
			}
		}
		if id.choose(g, fit) {
			continue
		}
		rest = append(rest, g)
	}
	return rest, nil
}

// choose claims the one article that fits; among several, the only one whose
// file had the same name, or the only one that vanished just now. It reports
// what it cannot decide.
func (id *identities) choose(g *sight, fit []*record) bool {
	w := id.w
	if len(fit) > 1 {
		for _, narrow := range []func(*record) bool{
			func(r *record) bool { return r.wentAt() == w.now },
			func(r *record) bool { return sameBase(r.path, g.path) },
		} {
			if less := filter(fit, narrow); len(less) > 0 {
				fit = less
			}
		}
	}
	switch len(fit) {
	case 0:
		return false
	case 1:
		id.claim(g, fit[0])
		return true
	}
	w.report(true, g.path, "%s may be %s or %s, which are gone: it gets an id of its own; to decide, write `id: %s` or the other's in the file", g.path, fit[0].path, fit[1].path, fit[0].uri)
	return false
}

func filter(list []*record, f func(*record) bool) []*record {
	var out []*record
	for _, r := range list {
		if f(r) {
			out = append(out, r)
		}
	}
	return out
}

// searchSimilar matches by what a rename together with an edit leaves alike.
func (id *identities) searchSimilar(list []*sight) ([]*sight, error) {
	var rest []*sight
	for _, g := range list {
		fit, err := id.similar(g)
		if err != nil {
			return nil, err
		}
		if !id.choose(g, fit) {
			rest = append(rest, g)
		}
	}
	return rest, nil
}

func (id *identities) similar(g *sight) ([]*record, error) {
	w := id.w
	var fit []*record
	seen := map[article.Number]bool{}
	for _, look := range []struct {
		where string
		keys  []any
		tail  string
	}{
		{`title_key IN (%s)`, nonZero(g.titleKey), `ORDER BY withdrawn + kept DESC LIMIT 50`},
		{`wish IN (%s)`, nonEmpty(g.wish), `ORDER BY withdrawn + kept DESC LIMIT 50`},
		{`number IN (SELECT article FROM band WHERE bits IN (%s) LIMIT 50)`, printBands(g.p.Print), ``},
	} {
		var list []*record
		if err := w.loadAway(look.where, look.keys, look.tail, func(r *record) { list = append(list, r) }); err != nil {
			return nil, err
		}
		slices.SortFunc(list, byPlace)
		for _, r := range list {
			if seen[r.number] || id.claimed[r.number] || !r.away() {
				continue
			}
			seen[r.number] = true
			ok, err := w.resembles(r, g)
			if err != nil {
				return nil, err
			}
			if ok {
				fit = append(fit, r)
			}
		}
	}
	return fit, nil
}

// resembles says whether a vanished article may have come back under another
// path with other words. Two dates that the files write and that differ are two
// articles, and so, once an hour has passed, are two titles: last week's
// weather report is not this week's.
func (w *work) resembles(r *record, g *sight) (bool, error) {
	date := written(g.p.Fields.Published)
	sameTitle := r.titleKey != 0 && r.titleKey == g.titleKey
	switch {
	case r.dateAs != "" && date != "" && r.dateAs != date:
		return false, nil
	case sameTitle && date != "" && r.dateAs == date:
		return true, nil
	case !sameTitle && (r.wish == "" || r.wish != g.wish) && !w.recently(r.wentAt()):
		return false, nil
	case g.p.Words < stub || r.words < stub:
		return false, nil // too little to tell
	case 2*float64(min(r.words, g.p.Words))/float64(r.words+g.p.Words) < alikeEnough-0.1:
		return false, nil
	case r.revision == 0:
		return article.Distance(r.print, g.p.Print) <= 10, nil
	}
	text, err := w.text(r)
	if err != nil {
		return false, err
	}
	return article.Similarity(text, g.p.Body) >= alikeEnough, nil
}

func nonZero(n int64) []any {
	if n == 0 {
		return nil
	}
	return []any{n}
}

func nonEmpty(s string) []any {
	if s == "" {
		return nil
	}
	return []any{s}
}

func printBands(p uint64) []any {
	if p == 0 {
		return nil
	}
	return bands(p)
}

// maxCopies bounds how many live articles a batch's newcomers are compared
// with: it is only to tell people.
const maxCopies = 1000

// reportCopies tells of newcomers whose content stands in another file too.
func (id *identities) reportCopies(list []*sight) error {
	w := id.w
	type twin struct {
		path  string
		print uint64
		words int
	}
	twins := map[int64][]twin{}
	exact := map[string]string{}
	var keys []any
	for _, g := range list {
		if g.titleKey != 0 {
			keys = append(keys, g.titleKey)
		}
	}
	limit := 0
	err := eachOf(w.ctx, w.s.eng, w.tx, `SELECT path, same, title_key, print, words FROM article WHERE title_key IN (%s) AND state <> 2 LIMIT 1000`, keys, func(rows *sql.Rows) error {
		var t twin
		var same []byte
		var key, print int64
		if limit++; limit > maxCopies {
			return nil
		}
		if err := rows.Scan(&t.path, &same, &key, &print, &t.words); err != nil {
			return err
		}
		t.print = uint64(print)
		exact[string(same)] = t.path
		twins[key] = append(twins[key], t)
		return nil
	})
	if err != nil {
		return err
	}
	for _, g := range list {
		if p, ok := exact[string(g.same)]; ok && len(g.same) > 0 && p != g.path {
			w.report(true, g.path, "%s is a copy of %s: it is an article of its own; if that is not meant, delete one of them", g.path, p)
			continue
		}
		for _, t := range twins[g.titleKey] {
			near := article.Distance(t.print, g.p.Print) <= 8 && 10*min(t.words, g.p.Words) >= 9*max(t.words, g.p.Words)
			if near && g.titleKey != 0 && t.path != g.path && t.words >= stub {
				w.report(true, g.path, "%s is nearly the same as %s: both are published; if it is a newer version, delete the older file", g.path, t.path)
				break
			}
		}
		if len(g.same) > 0 {
			exact[string(g.same)] = g.path
		}
		if own := twins[g.titleKey]; g.titleKey != 0 && len(own) < maxCandidates {
			twins[g.titleKey] = append(own, twin{path: g.path, print: g.p.Print, words: g.p.Words})
		}
	}
	return nil
}
