package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"feedwright/article"
)

// identify finds out which article each sight is, in this order:
//
//  1. an id written in the file;
//  2. the article that had the path, unless neither title nor text is alike;
//  3. an article that vanished, in this batch or long ago, with the same
//     content;
//  4. one that vanished and is similar;
//  5. none: a new article.
//
// Where two vanished articles fit equally well the sight is a new article, and
// a person is told: a wrong id is worse than a new one.
func (w *work) identify(sights [][]*sight) error {
	places, err := w.loadPlaces(sights)
	if err != nil {
		return err
	}
	named, err := w.loadNamed(sights)
	if err != nil {
		return err
	}
	id := &identities{w: w, places: places, named: named, claimed: map[article.Number]bool{}}
	for i := range w.b.Changes {
		if err := id.change(&w.b.Changes[i], sights[i]); err != nil {
			return err
		}
	}
	if err := id.contested(); err != nil {
		return err
	}
	if err := id.search(); err != nil {
		return err
	}
	return id.mintAll()
}

// identities is the state of identify.
type identities struct {
	w       *work
	places  map[string][]*record // by path, oldest first
	named   map[article.ID]*record
	claimed map[article.Number]bool

	contest  []*sight // their id is that of another live article
	unknown  []*sight // to be looked for among what vanished
	newcomer []*sight // new articles
}

func (w *work) loadPlaces(sights [][]*sight) (map[string][]*record, error) {
	var paths []string
	for i := range w.b.Changes {
		if c := &w.b.Changes[i]; c.Op == article.Gone || c.Op == article.Wrote && c.Articles != nil {
			paths = append(paths, c.Path)
		}
	}
	places := map[string][]*record{}
	err := load(w, `path IN (%s) ORDER BY number`, paths, func(r *record) { places[r.path] = append(places[r.path], r) })
	return places, err
}

func (w *work) loadNamed(sights [][]*sight) (map[article.ID]*record, error) {
	var ids []string
	for _, list := range sights {
		for _, g := range list {
			if g.p.Fields.ID != "" {
				ids = append(ids, g.p.Fields.ID)
			}
		}
	}
	named := map[article.ID]*record{}
	err := load(w, `uri IN (%s)`, ids, func(r *record) { named[r.uri] = r })
	return named, err
}

// change settles what can be settled from the file alone.
func (id *identities) change(c *article.Change, sights []*sight) error {
	if c.Op == article.Failed || c.Op == article.Wrote && c.Articles == nil {
		return nil
	}
	parts := map[string]bool{}
	for _, g := range sights {
		parts[g.p.Part] = true
	}
	for _, r := range id.places[c.Path] {
		if parts[r.part] || id.claimed[r.number] || r.away() {
			continue
		}
		moved, err := id.movedEarlier(r)
		if err != nil {
			return err
		}
		if !moved {
			id.vanish(r)
		}
	}
	for _, g := range sights {
		if err := id.sight(g); err != nil {
			return fmt.Errorf("store %s: %w", g.path, err)
		}
	}
	return nil
}

func (id *identities) sight(g *sight) error {
	current := id.current(g)
	if g.p.Fields.ID != "" {
		return id.explicit(g, current)
	}
	if current != nil {
		alike, err := id.w.alike(current, g)
		if err != nil {
			return err
		}
		if alike {
			id.claim(g, current)
			return nil
		}
		id.vanish(current)
		id.w.report(false, g.path, "%s now holds another article, %q after %q: it gets an id of its own", g.path, g.title, current.title)
		id.unknown = append(id.unknown, g)
		return nil
	}
	back, err := id.former(g)
	if err != nil {
		return err
	}
	if back == nil {
		id.unknown = append(id.unknown, g)
		return nil
	}
	id.claim(g, back)
	return nil
}

// current is the article that the file held until now.
func (id *identities) current(g *sight) *record {
	for _, r := range id.places[g.path] {
		if r.part == g.p.Part && !r.away() && !id.claimed[r.number] {
			return r
		}
	}
	return nil
}

// former is the withdrawn article that the returning file held: one with the
// same content, else one read from the ledger's copy and not met yet, else the
// last one withdrawn, if it is alike.
func (id *identities) former(g *sight) (*record, error) {
	var list []*record
	for _, r := range id.places[g.path] {
		if r.part == g.p.Part && r.away() && !id.claimed[r.number] {
			list = append(list, r)
		}
	}
	rank := func(r *record) int64 {
		switch {
		case r.content == g.content || len(g.same) > 0 && slices.Equal(r.same, g.same):
			return 0
		case r.wentAt() == 0:
			return 1
		}
		return 1<<62 - r.wentAt()
	}
	slices.SortStableFunc(list, func(a, b *record) int { return int(max(-1, min(1, rank(a)-rank(b)))) })
	for i, r := range list {
		if i == maxCandidates {
			break
		}
		alike, err := id.w.alike(r, g)
		if err != nil || alike {
			return r, err
		}
	}
	return nil, nil
}

// maxID bounds an id that a file writes, in bytes.
const maxID = 1000

// explicit settles a sight whose file writes its id.
func (id *identities) explicit(g *sight, current *record) error {
	known := id.named[article.ID(g.p.Fields.ID)]
	if len(g.p.Fields.ID) > maxID {
		return id.refuse(g, &article.Fault{Path: g.path, Err: fmt.Sprintf("its id is longer than %d bytes", maxID), Hint: "shorten it, or delete the line"})
	}
	switch {
	case known != nil && known == current:
		id.claim(g, known)
		return nil
	case known != nil && (id.claimed[known.number] || !known.away()):
		id.contest = append(id.contest, g)
		return nil
	case known != nil:
		if current != nil {
			id.vanish(current)
		}
		id.claim(g, known)
		return nil
	}
	if current != nil {
		alike, err := id.w.alike(current, g)
		if err != nil {
			return err
		}
		if alike && current.uriFrom != idFromFile {
			id.w.report(true, g.path, "%s now writes its own id, %s in place of %s: readers that know it will see it as new", g.path, g.p.Fields.ID, current.uri)
			current.uri, current.uriFrom, current.dirty = article.ID(g.p.Fields.ID), idFromFile, true
			id.named[current.uri] = current
			id.claim(g, current)
			return nil
		}
		id.vanish(current)
	}
	return id.adopt(g)
}

// contested settles sights whose id another article held when they were looked
// at: by now it may have vanished. Else the second file is refused; its last
// good version stays.
func (id *identities) contested() error {
	for _, g := range id.contest {
		holder := id.named[article.ID(g.p.Fields.ID)]
		current := id.current(g)
		if !holder.away() || id.claimed[holder.number] {
			f := &article.Fault{Path: g.path, Err: fmt.Sprintf("the id %s is already that of %s", holder.uri, holder.life()), Hint: "give this file an id of its own, or delete the line"}
			if err := id.refuse(g, f); err != nil {
				return err
			}
			continue
		}
		if current != nil {
			id.vanish(current)
		}
		id.claim(g, holder)
	}
	return nil
}

func (id *identities) refuse(g *sight, f *article.Fault) error {
	w := id.w
	// The file's facts are forgotten, so that it is read again at each scan:
	// the other file may have gone by then.
	if err := w.saveFile(nil, article.FileState{Path: g.path, Fault: f}); err != nil {
		return err
	}
	if old := w.files[g.path]; old == nil || !sameFault(old.Fault, f) {
		w.report(true, g.path, "%s", f.Error())
	}
	return w.out.files.flush(w.ctx)
}

func (id *identities) claim(g *sight, r *record) {
	id.claimed[r.number] = true
	g.rec = r
	seen := !r.away() || r.wentAt() == 0 && r.path == g.path
	if r.kept != 0 {
		r.kept, r.dirty = 0, true
	}
	if seen {
		return
	}
	if r.path != g.path {
		if !strings.HasPrefix(r.uriFrom, "renamed") && r.uriFrom == idMinted {
			r.uriFrom = "renamed from " + r.path
		}
		id.w.report(false, g.path, "%s was %s: it keeps its id and its date", g.path, r.path)
	} else {
		id.w.report(false, g.path, "%s is back: it keeps its id and its date", g.path)
	}
}

// movedEarlier looks, for an article whose file has gone, for a copy that came a
// moment before it: within Linger, or in an earlier batch of the same scan. The
// two are one move, heard of in the wrong order: the article goes to the copy's
// path and the copy's short life ends.
func (id *identities) movedEarlier(r *record) (bool, error) {
	w := id.w
	since := w.now - w.s.opt.Linger.Milliseconds()
	if w.m.scan > 0 {
		since = min(since, w.m.scan)
	}
	if r.titleKey == 0 || len(r.same) == 0 {
		return false, nil
	}
	var copies []*record
	err := each(w.ctx, w.tx, `SELECT `+columns+` FROM article WHERE title_key = $1 AND state <> 2 AND same = $2 AND first_seen >= $3 AND number > $4 AND uri_from = $5 ORDER BY number LIMIT 2`,
		[]any{r.titleKey, r.same, since, int64(r.number), idMinted}, func(rows *sql.Rows) error {
			c, err := scanRecord(rows)
			if err == nil {
				copies = append(copies, c)
			}
			return err
		})
	if err != nil || len(copies) != 1 {
		return false, err
	}
	c := w.keep(copies[0])
	if _, changes := id.places[c.path]; changes || id.claimed[c.number] || c.away() {
		return false, nil
	}
	w.withdraw(c)
	w.report(false, c.path, "%s was %s: it keeps its id and its date", c.path, r.path)
	if r.uriFrom == idMinted {
		r.uriFrom = "renamed from " + r.path
	}
	r.path, r.part, r.moved, r.dirty = c.path, c.part, true, true
	id.claimed[r.number] = true
	return true, nil
}

// Where an id came from.
const (
	idMinted   = "minted"
	idFromFile = "file"
	idAdopted  = "adopted" // from the feed the article was in before
)

// adopt makes a new article under the id its file writes.
func (id *identities) adopt(g *sight) error {
	r := id.w.newRecord(article.ID(g.p.Fields.ID), idFromFile)
	id.named[r.uri] = r
	id.claim(g, r)
	return nil
}

func (w *work) newRecord(uri article.ID, from string) *record {
	w.m.article++
	r := &record{number: w.m.article, uri: uri, uriFrom: from, firstSeen: w.now, fresh: true, dirty: true}
	w.recs[r.number] = r
	w.fresh[r.number] = true
	return r
}
