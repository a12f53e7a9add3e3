package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"feedwright/article"
)

// writers are the tables a batch writes in bulk.
type writers struct {
	files, fresh, articles, revisions, faces, trail, slugs, media, bands, edges, spellings, changes *bulk
}

func newWriters(tx *sql.Tx, eng engine) writers {
	b := func(table, cols, tail string) *bulk { return newBulk(tx, eng.mark, table, cols, tail) }
	const ignore = "ON CONFLICT DO NOTHING"
	o := writers{
		fresh:     b("article", columns, ""),
		files:     b("file", fileColumns, upsert(fileColumns, "path")),
		articles:  b("article", columns, upsert(columns, "number")),
		revisions: b("revision", "number, article, hash, at, markup, fields, media, trace, raw", ""),
		faces:     b("face", "article, shown, at, revision, uri, path, slug, published, updated, drops", ignore),
		trail:     b("trail", "path, article", ignore),
		slugs:     b("slug", "slug, article", ignore),
		media:     b("article_media", "path, article, facts", upsert("path, article, facts", "path", "article")),
		bands:     b("band", "bits, article", ignore),
		edges:     b("edge", "folder, hash, article", ignore),
		spellings: b("spelling", "number, kind, folded, name, slug", "ON CONFLICT (number) DO UPDATE SET name = excluded.name, slug = excluded.slug"),
		changes:   b("change", "sequence, at, what, number", ""),
	}
	for _, child := range []*bulk{o.revisions, o.trail, o.slugs} {
		child.parent = o.fresh
	}
	return o
}

// all is in an order that keeps references whole.
func (o *writers) all() []*bulk {
	return []*bulk{o.files, o.fresh, o.articles, o.revisions, o.faces, o.trail, o.slugs, o.media, o.bands, o.edges, o.spellings, o.changes}
}

func upsert(columns string, key ...string) string {
	var set []string
	for c := range strings.SplitSeq(columns, ",") {
		if c = strings.TrimSpace(c); !slices.Contains(key, c) {
			set = append(set, c+" = excluded."+c)
		}
	}
	return "ON CONFLICT (" + strings.Join(key, ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// maxTitle is how many bytes of a title the ledger keeps.
const maxTitle = 400

// write gives a record what its file says; nothing is decided here but by
// calling those who decide.
func (w *work) write(r *record, g *sight) error {
	w.place(r, g)
	edited := r.revision == 0 || r.content != g.content
	wasShown := r.appeared > 0
	share := 0.0
	if edited && wasShown {
		var err error
		if share, err = w.changedShare(r, g); err != nil {
			return err
		}
	}
	if !slices.Equal(r.edges, g.edges) {
		r.edges, r.dirty = g.edges, true
	}
	w.notice(r)
	if !edited && r.state != article.Withdrawn {
		r.same, r.print = g.same, g.p.Print
		return nil
	}
	r.dirty = true
	w.date(r, g, share)
	f := &g.p.Fields
	r.state, r.withdrawn = article.Live, 0
	if f.Draft {
		r.state = article.Drafted
	}
	r.expires = 0
	if !f.Expires.IsZero() {
		r.expires = bounded(f.Expires.Time)
	}
	r.noFeed, r.feeds, r.has = f.NoFeed, f.Feeds, has(&g.p)
	r.title, r.titleKey, r.print, r.words, r.same = cut(g.title, maxTitle), g.titleKey, g.p.Print, g.p.Words, g.same
	r.terms = w.terms(f, r.state == article.Live && (r.appeared > 0 || r.due <= w.now))
	w.wishSlug(r, g)
	r.wantSlug = r.wantSlug || r.appeared > 0 && r.slug == ""
	if edited {
		return w.revise(r, g)
	}
	return nil
}

// place gives a record its path.
func (w *work) place(r *record, g *sight) {
	if r.path == g.path && r.part == g.p.Part && !r.fresh {
		return
	}
	r.path, r.part, r.dirty, r.moved = g.path, g.p.Part, true, true
}

func (w *work) revise(r *record, g *sight) error {
	w.m.revision++
	hadMedia := r.revision != 0
	r.revision, r.content = w.m.revision, g.content
	r.reparse = g
	if hadMedia {
		if err := w.exec(`DELETE FROM article_media WHERE article = $1`, int64(r.number)); err != nil {
			return err
		}
	}
	return nil
}

// flush writes every record that changed and forgets all of them.
func (w *work) flush() error {
	if err := w.saveSpellings(); err != nil {
		return err
	}
	list := make([]*record, 0, len(w.recs))
	for _, r := range w.recs {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b *record) int { return cmp.Compare(a.number, b.number) })
	if err := w.giveSlugs(list); err != nil {
		return err
	}
	for _, r := range list {
		if err := w.flushRecord(r); err != nil {
			return fmt.Errorf("store %s: %w", r.path, err)
		}
	}
	if err := w.saveFolders(); err != nil {
		return err
	}
	for _, b := range w.out.all() {
		if err := b.flush(w.ctx); err != nil {
			return err
		}
	}
	clear(w.recs)
	return nil
}

func (w *work) flushRecord(r *record) error {
	if !r.dirty && !r.fresh && !r.shows {
		if w.forced[r.number] && w.after[r.number] == nil {
			w.touch(r)
		}
		return nil
	}
	w.wrote = true
	r.seal()
	if err := w.flushRow(r); err != nil {
		return err
	}
	if err := w.flushParts(r); err != nil {
		return err
	}
	if err := w.flushPlacing(r); err != nil {
		return err
	}
	w.touch(r)
	if w.willAppear(r) {
		return nil // it is told of then
	}
	if i, ok := w.lineOf[r.number]; ok {
		w.lines[i] = articleLine(r)
	} else {
		w.lineOf[r.number] = len(w.lines)
		w.lines = append(w.lines, articleLine(r))
	}
	return w.changed("article", int64(r.number))
}

// willAppear says that a first scan is at work and the end of it writes the
// record again, this time with what it shows. Until then nobody has seen it: if
// the database were lost, its file would make it the same.
func (w *work) willAppear(r *record) bool {
	return w.b.Unseen && w.b.More && r.fresh && r.state == article.Live && r.appeared == 0 && r.due <= w.now
}

// flushRow writes the row itself; where only what readers see of it has moved,
// only that, as whole rows cost every index.
func (w *work) flushRow(r *record) error {
	if !r.fresh && !r.dirty {
		err := w.exec(`UPDATE article SET appeared = $1, slug = $2, wish = $3, drops = $4, shown = $5 WHERE number = $6`,
			int64(r.appeared), r.slug, r.wish, packHashes(r.drops), r.shown[:], int64(r.number))
		return err
	}
	args, err := r.args()
	if err != nil {
		return err
	}
	if r.fresh {
		return w.out.fresh.add(w.ctx, args...)
	}
	return w.out.articles.add(w.ctx, args...)
}

func (w *work) flushParts(r *record) error {
	if old, before := r.face, w.before[r.number]; before != nil && before.Appeared > 0 && old.shown == before.Rev && old.shown != r.shown {
		if err := w.out.faces.add(w.ctx, int64(r.number), old.shown[:], w.now, old.revision, string(old.uri), old.path, old.slug, old.published, old.updated, packHashes(old.drops)); err != nil {
			return err
		}
	}
	if r.slugged {
		if err := w.out.slugs.add(w.ctx, r.slug, int64(r.number)); err != nil {
			return err
		}
	}
	if r.moved {
		if err := w.out.trail.add(w.ctx, r.path, int64(r.number)); err != nil {
			return err
		}
	}
	g := r.reparse
	if g == nil {
		return nil
	}
	if err := w.out.revisions.add(w.ctx, r.revision, int64(r.number), g.content[:], w.now, string(g.p.Markup), string(g.fields), string(g.media), string(g.trace), g.raw()); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, m := range g.p.Media {
		if seen[m.Path] {
			continue
		}
		seen[m.Path] = true
		facts, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if err := w.out.media.add(w.ctx, m.Path, int64(r.number), string(facts)); err != nil {
			return err
		}
	}
	return nil
}

// changed notes a change in the order of all changes.
func (w *work) changed(what string, number int64) error {
	w.m.sequence++
	return w.out.changes.add(w.ctx, w.m.sequence, w.now, what, number)
}

func (w *work) touch(r *record) {
	if w.b.Unseen {
		w.moved = true
		return
	}
	if w.after[r.number] == nil {
		w.touched = append(w.touched, r.number)
	}
	w.after[r.number] = r.entry()
	if r.fresh {
		w.fresh[r.number] = true
	}
}

func has(p *article.Parsed) article.Has {
	var h article.Has
	if p.Fields.Image != nil {
		h |= article.HasImage
	}
	if article.Line(p.Fields.Summary) != "" {
		h |= article.HasSummary
	}
	add := func(mediaType string) {
		switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
		case "image":
			h |= article.HasImage
		case "audio":
			h |= article.HasAudio
		case "video":
			h |= article.HasVideo
		}
	}
	for _, m := range p.Media {
		add(m.Type)
	}
	for _, a := range p.Fields.Attachments {
		add(a.Type)
	}
	return h
}
