package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"feedwright/article"
)

// sight is one article as its file gives it, with all that can be computed
// without the database.
type sight struct {
	path     string
	p        article.Parsed
	modTime  int64 // Unix nanoseconds
	fields   []byte
	media    []byte
	trace    []byte
	raw      func() []byte // the text as it is stored, packed once
	content  article.Hash
	same     []byte
	title    string
	titleKey int64
	wish     string
	edges    []uint64

	rec *record // the article it turned out to be
}

// maxEdges is how many edge paragraphs of one article are counted.
const maxEdges = 16

// prepared is what a Change holds for its batch.
type prepared struct {
	sights []*sight
	err    error
}

// Prepare computes what can be known of a change without the database, so that
// the batch has only the rest to do. It may be called for several at once.
func (s *Store) Prepare(c *article.Change) { c.Prepared = s.prepared(c) }

func (s *Store) prepared(c *article.Change) *prepared {
	if p, ok := c.Prepared.(*prepared); ok {
		return p
	}
	sights, err := s.sights(c)
	return &prepared{sights, err}
}

// sightsOf gives the sights of a batch's changes, prepared or not.
func (s *Store) sightsOf(changes []article.Change) ([][]*sight, error) {
	all := make([][]*sight, len(changes))
	for i := range changes {
		p := s.prepared(&changes[i])
		if p.err != nil {
			return nil, fmt.Errorf("store %s: %w", changes[i].Path, p.err)
		}
		for _, g := range p.sights { // it may have been in a batch that could not be kept
			g.rec, g.raw = nil, sync.OnceValue(func() []byte { return deflate(g.p.Body) })
		}
		all[i] = p.sights
	}
	return all, nil
}

// packAhead packs texts while the database is at work on those before them.
func packAhead(sights [][]*sight) {
	for _, list := range sights {
		for _, g := range list {
			g.raw()
		}
	}
}

func (s *Store) sights(c *article.Change) ([]*sight, error) {
	if c.Op != article.Wrote {
		return nil, nil
	}
	list := make([]*sight, 0, len(c.Articles))
	parts := map[string]bool{}
	for i := range c.Articles {
		if parts[c.Articles[i].Part] {
			continue // a parser's slip: the first of a name stands
		}
		parts[c.Articles[i].Part] = true
		g, err := s.sight(c, c.Articles[i])
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, nil
}

func (s *Store) sight(c *article.Change, p article.Parsed) (*sight, error) {
	if f := p.Fields.Published.From; f == article.FromMTime || f == article.FromFirstSeen {
		p.Fields.Published = article.Date{} // that is decided here, and once
	}
	for _, d := range []*article.Date{&p.Fields.Published, &p.Fields.Updated, &p.Fields.Expires} {
		*d = writable(*d)
	}
	g := &sight{path: c.Path, p: p, modTime: c.File.ModTime, title: article.Line(p.Fields.Title)}
	var err error
	if g.fields, err = json.Marshal(p.Fields); err != nil {
		return nil, err
	}
	if g.media, err = json.Marshal(p.Media); err != nil {
		return nil, err
	}
	if g.trace, err = json.Marshal(p.Trace); err != nil {
		return nil, err
	}
	g.content = digest(g.fields, []byte(p.Markup), []byte(p.Body), g.media)
	g.same = sameness(g.title, &p)
	if folded := article.Fold(g.title); folded != "" {
		d := digest([]byte(folded))
		g.titleKey = int64(binary.BigEndian.Uint64(d[:])>>1) + 1
	}
	g.wish = wish(c.Path, &p.Fields)
	if s.opt.Learn && p.Part == "" {
		g.edges = edgeHashes(p.Edges)
	}
	return g, nil
}

// wish is the slug an article would like, before anybody else has it; it may be
// empty.
func wish(file string, f *article.Fields) string {
	base := path.Base(file)
	for _, s := range []string{f.Slug, f.Title, strings.TrimSuffix(base, path.Ext(base))} {
		if s = article.Slugify(s); s != "" {
			return s
		}
	}
	return ""
}

// sameness is the hash by which a renamed file is known again: title, text and
// media, nothing that a move between folders may change. It is empty for an
// article that has nothing of its own.
func sameness(title string, p *article.Parsed) []byte {
	if p.Body == "" && len(p.Media) == 0 {
		return nil
	}
	parts := [][]byte{[]byte(title), []byte(p.Body)}
	for _, m := range p.Media {
		parts = append(parts, m.Hash[:])
	}
	d := digest(parts...)
	return d[:]
}

// digest hashes parts so that moving a border between them changes it.
func digest(parts ...[]byte) article.Hash {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return article.Hash(h.Sum(nil)[:16])
}

func edgeHashes(edges []article.Edge) []uint64 {
	var hs []uint64
	for _, e := range edges {
		if e.Hash != 0 && !slices.Contains(hs, e.Hash) {
			hs = append(hs, e.Hash)
		}
		if len(hs) == maxEdges {
			break
		}
	}
	slices.Sort(hs)
	return hs
}

// writable is a date that JSON can hold (RFC 3339 §1: years 0001 to 9999, an
// offset of whole minutes under a day); one that nothing can hold is no date.
func writable(d article.Date) article.Date {
	if _, err := d.Time.MarshalJSON(); err == nil {
		return d
	}
	d.Time = d.Time.UTC()
	if _, err := d.Time.MarshalJSON(); err == nil {
		return d
	}
	return article.Date{}
}

// written is a date as its file wrote it, to notice when the owner changes it;
// "" if the file does not write one.
func written(d article.Date) string {
	switch {
	case d.IsZero() || (d.From != article.FromFile && d.From != ""):
		return ""
	case d.DayOnly:
		return d.Time.Format(time.DateOnly)
	}
	return d.Time.UTC().Format(time.RFC3339Nano)
}
