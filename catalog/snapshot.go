package catalog

import (
	"slices"
	"sort"
	"sync"

	"feedwright/article"
)

// record is what a Snapshot keeps of one visible article (64 bytes at most).
type record struct {
	rank      rank
	number    article.Number
	rev       article.Hash
	published int64
	changed   int64
	expires   int64
	names     uint64 // index.face of its spellings
	appeared  uint32
}

func (r *record) key() key { return key{r.published, r.number} }

// chunkLimit bounds a chunk of records: what a change of one article copies.
const chunkLimit = 512

// Snapshot is the index at one instant.
type Snapshot struct {
	chunks    [][]record                       // by rank, ascending; none empty
	places    *places                          // article number → rank
	terms     [][]*term                        // by term number, in rows of termRow
	nterms    int                              // terms with a lower number belong to this snapshot
	index     *index                           // shared by all snapshots, grows only
	pages     *set                             // articles that have a page
	feeds     *set                             // articles in the general feeds
	named     map[string]*set                  // articles that name this feed
	media     [4]*set                          // by bit of article.Has
	size      int                              // all articles, private ones included
	appeared  *places                          // appearance number → article number
	withdrawn []grave                          // the last to go first
	leaving   []article.Entry                  // withdrawn, but not yet for good
	fading    map[article.Number]article.Entry // those of them whose pages were public
	newest    uint32                           // highest appearance number there ever was
	blocks    int                              // number of blocks of ranks in use
	order     uint64                           // raised by each renumbering: ranks of one order may be compared
	once      *[4]listOnce                     // lists of terms, made when asked for
}

type listOnce struct {
	sync.Once
	list []TermCount
}

// term is a category, tag, author or language with its articles.
type term struct {
	article.Spelling
	set *set
}

const termRow = 256

// places maps article numbers to ranks in rows that are copied when written.
type places struct{ rows [][]rank }

const placeRow = 4096

func (p *places) get(n article.Number) (rank, bool) {
	row := int(n) / placeRow
	if row >= len(p.rows) || p.rows[row] == nil {
		return 0, false
	}
	r := p.rows[row][int(n)%placeRow]
	return r, r != 0
}

func newSnapshot() *Snapshot {
	return &Snapshot{
		places: &places{}, appeared: &places{},
		index: newIndex(),
		pages: empty, feeds: empty, named: map[string]*set{}, media: [4]*set{empty, empty, empty, empty},
		once: new([4]listOnce),
	}
}

// Len counts the articles that have a page.
func (s *Snapshot) Len() int { return s.pages.size }

// Shows says whether an article is visible to anybody.
func (s *Snapshot) Shows(n article.Number) bool { return s.shows(n) }

func (s *Snapshot) shows(n article.Number) bool {
	_, ok := s.places.get(n)
	return ok
}

// Public says whether an article has a page now: it is visible and not private.
func (s *Snapshot) Public(n article.Number) bool {
	r, ok := s.places.get(n)
	return ok && s.pages.has(r)
}

// Private says whether an article is visible, but only in feeds with a token.
func (s *Snapshot) Private(n article.Number) bool {
	r, ok := s.places.get(n)
	return ok && !s.pages.has(r)
}

// Hit is one selected article.
type Hit struct {
	Number    article.Number
	Rev       article.Hash
	Published int64 // Unix milliseconds
	Changed   int64 // Unix milliseconds
	Expires   int64 // Unix milliseconds; 0 never
	Appeared  uint32
	Names     uint64 // hash of how its categories and tags are shown: what Rev does not cover
}

// Get gives one article that has a page.
func (s *Snapshot) Get(n article.Number) (Hit, bool) {
	r, ok := s.places.get(n)
	if !ok || !s.pages.has(r) {
		return Hit{}, false
	}
	return s.record(r).hit(), true
}

func (r *record) hit() Hit {
	return Hit{r.number, r.rev, r.published, r.changed, r.expires, r.appeared, r.names}
}

// record finds a visible article by its rank.
func (s *Snapshot) record(r rank) *record {
	c := sort.Search(len(s.chunks), func(i int) bool { return s.chunks[i][0].rank > r }) - 1
	i, _ := slices.BinarySearchFunc(s.chunks[c], r, func(rec record, r rank) int { return int(int64(rec.rank) - int64(r)) })
	return &s.chunks[c][i]
}

// TermCount is a term and how many articles with a page it has.
type TermCount struct {
	article.Spelling
	Count  int
	Parent string // slug of the category it lies in, or empty
}

// Terms lists the terms of a kind that articles with a page have, most used
// first, then by name. The caller must not change the list.
func (s *Snapshot) Terms(kind article.Field) []TermCount {
	k := slices.Index(article.Kinds, kind)
	if k < 0 {
		return nil
	}
	o := &s.once[k]
	o.Do(func() {
		for i := range s.nterms {
			t := s.term(i)
			if t.Kind != kind {
				continue
			}
			if n := s.count(t.set, s.pages); n > 0 {
				o.list = append(o.list, TermCount{t.Spelling, n, s.parent(i)})
			}
		}
		slices.SortFunc(o.list, func(a, b TermCount) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			if a.Folded < b.Folded {
				return -1
			}
			return 1
		})
	})
	return o.list
}

// Lookup finds a term that an article with a page has, by slug or by any
// spelling of its name.
func (s *Snapshot) Lookup(kind article.Field, value string) (article.Spelling, bool) {
	t := s.find(kind, value)
	if t == nil || !s.any(t.set, s.pages) {
		return article.Spelling{}, false
	}
	return t.Spelling, true
}

// parent is the slug of the category that a term lies in.
func (s *Snapshot) parent(i int) string {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	if p := s.index.parents[i]; p >= 0 {
		return s.index.terms[p].Slug
	}
	return ""
}

// means says whether a spelling is one of the term with a slug, or of one that
// lies in it.
func (s *Snapshot) means(n article.SpellingNumber, kind article.Field, slug string) bool {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	m, ok := s.index.bySpell[n]
	if !ok || s.index.terms[m.term].Kind != kind {
		return false
	}
	for i := range func(yield func(int) bool) { s.index.lineage(m.term, yield) } {
		if s.index.terms[i].Slug == slug {
			return true
		}
	}
	return false
}

func (s *Snapshot) find(kind article.Field, value string) *term {
	s.index.mu.RLock()
	i, ok := s.index.bySlug[termKey{kind, value}]
	if !ok {
		i, ok = s.index.byFolded[termKey{kind, foldTerm(kind, value)}]
	}
	s.index.mu.RUnlock()
	if !ok || i >= s.nterms {
		return nil
	}
	return s.term(i)
}

func (s *Snapshot) term(i int) *term { return s.terms[i/termRow][i%termRow] }

// any says whether two sets meet; count in how many members.
func (s *Snapshot) any(a, b *set) bool {
	for i := s.blocks - 1; i >= 0; i-- {
		x, y := a.block(i), b.block(i)
		if x != nil && y != nil && x.Intersects(y) {
			return true
		}
	}
	return false
}

func (s *Snapshot) count(a, b *set) int {
	if a.blocks == nil {
		n := 0
		for _, r := range a.rare {
			if b.has(r) {
				n++
			}
		}
		return n
	}
	n := uint64(0)
	for i, x := range a.blocks {
		if x == nil {
			continue
		}
		if y := b.block(i); y != nil {
			n += x.AndCardinality(y)
		}
	}
	return int(n)
}
