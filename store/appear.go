package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"feedwright/article"
)

// pendingAtOnce is how many articles appear in one go; a first scan of many
// batches may leave more.
const pendingAtOnce = 4000

// appear makes visible what is due: each article gets the next appearance
// number, in order of publication, and its public slug.
func (w *work) appear([][]*sight) error {
	if w.b.More {
		return nil
	}
	for {
		var pending []*record
		err := each(w.ctx, w.tx, `SELECT `+columns+` FROM article WHERE state = 0 AND appeared = 0 AND due <= $1 ORDER BY published, uri LIMIT $2`,
			[]any{w.now, pendingAtOnce}, func(rows *sql.Rows) error {
				r, err := scanRecord(rows)
				if err == nil {
					pending = append(pending, w.keep(r))
				}
				return err
			})
		if err != nil {
			return err
		}
		more := len(pending) == pendingAtOnce
		if !more { // those of this batch come among them, in order
			pending = pending[:0]
			for _, r := range w.recs {
				pending = append(pending, r)
			}
		}
		w.rank(pending)
		if w.unfinished = more && w.b.Unseen; w.unfinished {
			return nil
		}
		if err := w.flush(); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

func (w *work) rank(list []*record) {
	list = filter(list, func(r *record) bool {
		return r.state == article.Live && r.appeared == 0 && r.due <= w.now
	})
	slices.SortFunc(list, func(a, b *record) int {
		return cmp.Or(cmp.Compare(a.published, b.published), strings.Compare(string(a.uri), string(b.uri)))
	})
	for _, r := range list {
		w.m.appeared++
		r.appeared, r.shows = w.m.appeared, true
		r.wantSlug = r.slug == ""
		w.reveal(r)
	}
}

// wishSlug notes the slug an article would like. One in public keeps its slug,
// whatever becomes of its title, unless its file asks for another by name.
func (w *work) wishSlug(r *record, g *sight) {
	if r.slug != "" && (article.Slugify(g.p.Fields.Slug) == "" || g.wish == r.wish) {
		return
	}
	r.wantSlug = r.slug != "" && r.wish != g.wish
	r.wish = g.wish
}

// giveSlugs gives each record that wants one the slug it wishes for, or the
// next free one after it. A slug once given is never given to another article;
// its own former slug an article may have back.
func (w *work) giveSlugs(list []*record) error {
	list = filter(list, func(r *record) bool { return r.wantSlug })
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b *record) int {
		return cmp.Or(cmp.Compare(a.appeared, b.appeared), cmp.Compare(a.number, b.number))
	})
	var wishes []string
	for _, r := range list {
		if r.wish == "" {
			r.wish = "article-" + strconv.Itoa(int(r.number))
		}
		wishes = append(wishes, r.wish)
	}
	owner := map[string]article.Number{}
	if err := w.slugOwners(wishes, owner); err != nil {
		return err
	}
	next := map[string]int{}
	err := eachOf(w.ctx, w.s.eng, w.tx, `SELECT stem, next FROM slug_stem WHERE stem IN (%s)`, wishes, func(rows *sql.Rows) error {
		var stem string
		var n int
		if err := rows.Scan(&stem, &n); err != nil {
			return err
		}
		next[stem] = n
		return nil
	})
	if err != nil {
		return err
	}
	counted := map[string]bool{}
	for _, r := range list {
		slug := r.wish
		for n := max(2, next[r.wish]); owner[slug] != 0 && owner[slug] != r.number; n++ {
			slug = fmt.Sprintf("%s-%d", r.wish, n)
			next[r.wish] = n + 1
			counted[r.wish] = true
			if owner[slug] == 0 {
				if err := w.slugOwners([]string{slug}, owner); err != nil {
					return err
				}
			}
		}
		owner[slug] = r.number
		r.slug, r.wantSlug, r.slugged, r.shows = slug, false, true, true
	}
	for stem := range counted {
		if err := w.exec(`INSERT INTO slug_stem (stem, next) VALUES ($1, $2) ON CONFLICT (stem) DO UPDATE SET next = excluded.next`, stem, next[stem]); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) slugOwners(slugs []string, owner map[string]article.Number) error {
	return eachOf(w.ctx, w.s.eng, w.tx, `SELECT slug, article FROM slug WHERE slug IN (%s)`, slugs, func(rows *sql.Rows) error {
		var slug string
		var n article.Number
		if err := rows.Scan(&slug, &n); err != nil {
			return err
		}
		owner[slug] = n
		return nil
	})
}

// passInstants touches the articles whose end, or whose grace after a
// withdrawal, has come since the last batch.
func (w *work) passInstants([][]*sight) error {
	last := w.m.now
	if w.now <= last || last == 0 {
		return nil
	}
	grace := w.s.opt.Grace.Milliseconds()
	force := func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if err != nil {
			return err
		}
		w.forced[w.keep(r).number] = true
		return nil
	}
	err := each(w.ctx, w.tx, `SELECT `+columns+` FROM article WHERE expires <> 0 AND expires > $1 AND expires <= $2 AND state = 0`, []any{last, w.now}, force)
	if err != nil || grace <= 0 {
		return err
	}
	return each(w.ctx, w.tx, `SELECT `+columns+` FROM article WHERE state = 2 AND withdrawn > $1 AND withdrawn <= $2`, []any{last - grace, w.now - grace}, force)
}
