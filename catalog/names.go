package catalog

import (
	"fmt"
	"hash/fnv"
	"strings"
	"sync"

	"feedwright/article"
)

// Names tells which term a spelling means and how that term is shown. All
// Snapshots of a Catalog share one; it only ever grows, and what it once said
// stays, so that a document can be rendered long after its edition is gone.
type Names struct{ x *index }

// Names gives the names of the terms of this and all other Snapshots of its
// Catalog.
func (s *Snapshot) Names() Names { return Names{s.index} }

// Of finds the term that a name is a spelling of, whether or not an article
// shows it: only for what is itself visible.
func (n Names) Of(kind article.Field, name string) (article.Spelling, bool) {
	n.x.mu.RLock()
	defer n.x.mu.RUnlock()
	i, ok := n.x.byFolded[termKey{kind, foldTerm(kind, name)}]
	if !ok {
		return article.Spelling{}, false
	}
	return n.x.terms[i], true
}

// Lineage is Of with the terms that this one lies in, the nearest first.
func (n Names) Lineage(kind article.Field, name string) []article.Spelling {
	n.x.mu.RLock()
	defer n.x.mu.RUnlock()
	i, ok := n.x.byFolded[termKey{kind, foldTerm(kind, name)}]
	if !ok {
		return nil
	}
	var all []article.Spelling
	for i := range func(yield func(int) bool) { n.x.lineage(i, yield) } {
		all = append(all, n.x.terms[i])
	}
	return all
}

// index finds terms by slug, by folded name and by spelling. It is shared by
// all snapshots of a catalog and only ever grows; a snapshot ignores terms it
// does not hold.
type index struct {
	mu       sync.RWMutex
	bySlug   map[termKey]int // former slugs too
	byFolded map[termKey]int // every spelling
	bySpell  map[article.SpellingNumber]meaning
	terms    []article.Spelling // by number: Name and Slug as shown
	parents  []int              // by number; -1 for none
	owned    int                // terms below are the config's
}

// meaning is what a spelling stands for.
type meaning struct {
	term int
	face uint64 // hash of the spelling and of the name it is shown with: feeds show no slug
}

type termKey struct {
	kind article.Field
	text string
}

func newIndex() *index {
	return &index{bySlug: map[termKey]int{}, byFolded: map[termKey]int{}, bySpell: map[article.SpellingNumber]meaning{}}
}

// maxParents bounds how deep a category lies: in files article.Outer does, but
// the config may add to that.
const maxParents = 32

// foldTerm makes spellings of a term comparable: as article.Fold, and in a
// category's path no space around the slashes.
func foldTerm(kind article.Field, name string) string {
	folded := article.Fold(name)
	if kind == article.Category && strings.Contains(folded, "/") {
		parts := strings.Split(folded, "/")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		folded = strings.Join(parts, "/")
	}
	return folded
}

// lineage calls yield for a term and all that it lies in.
func (x *index) lineage(i int, yield func(int) bool) {
	for range maxParents + 1 {
		if i < 0 || !yield(i) {
			return
		}
		i = x.parents[i]
	}
}

// face hashes how the spellings of an entry are shown, whatever their numbers:
// the same in every database.
func (x *index) face(spellings []article.SpellingNumber) uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	sum := uint64(0)
	for _, n := range spellings {
		sum += x.bySpell[n].face
	}
	return sum
}

func faceOf(folded string, shown article.Spelling) uint64 {
	if shown.Kind != article.Category && shown.Kind != article.Tag {
		return 0 // an article shows its authors and its language as written
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", shown.Kind, folded, shown.Name)
	f := h.Sum64() // spread by the finaliser of splitmix64, as faces are added up
	f = (f ^ f>>30) * 0xbf58476d1ce4e5b9
	f = (f ^ f>>27) * 0x94d049bb133111eb
	return f ^ f>>31
}

// spell takes spellings in.
func (w *writer) spell(spellings []article.Spelling) {
	x := w.s.index
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.terms) == 0 {
		w.configured(spellings)
	}
	for _, sp := range spellings {
		if _, ok := x.bySpell[sp.Number]; ok {
			continue
		}
		i := w.meant(sp)
		x.bySpell[sp.Number] = meaning{i, faceOf(sp.Folded, x.terms[i])}
		x.byFolded[termKey{sp.Kind, foldTerm(sp.Kind, sp.Name)}] = i
	}
	for _, sp := range spellings { // addresses of before give way to those of now
		i := x.bySpell[sp.Number].term
		for _, slug := range append(sp.Former, sp.Slug) {
			if k := (termKey{sp.Kind, slug}); slug != "" {
				if _, taken := x.bySlug[k]; !taken {
					x.bySlug[k] = i
				}
			}
		}
	}
}

// configured makes the terms of the config's categories, before any other.
func (w *writer) configured(spellings []article.Spelling) {
	x := w.s.index
	given := map[string]article.Spelling{}
	taken := map[string]bool{}
	for _, sp := range spellings {
		if sp.Kind == article.Category {
			given[sp.Folded] = sp
			taken[sp.Slug] = true
		}
	}
	list := w.rules.Categories
	for _, c := range list { // what the owner asks for goes first
		if c.Slug != "" {
			x.bySlug[termKey{article.Category, c.Slug}] = -1
		}
	}
	for _, c := range list {
		sp := article.Spelling{Kind: article.Category, Name: article.Line(c.Name), Folded: article.Fold(c.Name), Slug: c.Slug}
		if sp.Slug == "" {
			sp.Slug = given[sp.Folded].Slug
			for _, name := range c.Also { // readers knew it as user-experience before it was written User Experience
				if other := given[article.Fold(name)].Slug; other != "" && other == article.Slugify(c.Name) {
					sp.Slug = other
				}
			}
		}
		for n := 1; sp.Slug == ""; n++ { // no article writes this name: nor may it take what another has
			if slug := counted(article.Slugify(c.Name), n); !taken[slug] {
				sp.Slug = slug
			}
		}
		if c.Slug != "" {
			delete(x.bySlug, termKey{article.Category, c.Slug})
		}
		i := w.add(sp, -1)
		for _, name := range append([]string{c.Name}, c.Also...) {
			x.byFolded[termKey{article.Category, foldTerm(article.Category, name)}] = i
		}
	}
	for i, c := range list {
		if p, ok := x.byFolded[termKey{article.Category, foldTerm(article.Category, c.Parent)}]; ok && c.Parent != "" && p != i {
			x.parents[i] = p
		}
	}
	x.owned = len(list)
}

// meant finds the term that a spelling stands for, or makes it. A category
// written as News/Ukraine lies in News; where the config knows a category
// Ukraine in News, it is that one. A name that the config knows as it stands is
// no path.
func (w *writer) meant(sp article.Spelling) int {
	x := w.s.index
	folded := foldTerm(sp.Kind, sp.Name)
	if i, ok := x.byFolded[termKey{sp.Kind, folded}]; ok {
		return i
	}
	outer, leaf, ok := article.Outer(sp.Name)
	if sp.Kind != article.Category || !ok {
		return w.add(sp, -1)
	}
	parent := w.meant(article.Spelling{Kind: sp.Kind, Name: outer, Folded: article.Fold(outer)})
	if i, ok := x.byFolded[termKey{sp.Kind, foldTerm(sp.Kind, leaf)}]; ok && i < x.owned && x.parents[i] == parent {
		return i
	}
	return w.add(sp, parent)
}

// add makes a term. Its slug is counted up where another has it: only one that
// the config gives away can be taken.
func (w *writer) add(sp article.Spelling, parent int) int {
	x := w.s.index
	stem := sp.Slug
	if stem == "" {
		stem = article.Slugify(sp.Name)
	}
	for n := 1; ; n++ {
		sp.Slug = counted(stem, n)
		if _, taken := x.bySlug[termKey{sp.Kind, sp.Slug}]; !taken {
			break
		}
	}
	sp.Former = nil
	i := len(x.terms)
	x.terms, x.parents = append(x.terms, sp), append(x.parents, parent)
	x.bySlug[termKey{sp.Kind, sp.Slug}] = i
	x.byFolded[termKey{sp.Kind, foldTerm(sp.Kind, sp.Name)}] = i
	if i/termRow == len(w.s.terms) {
		w.s.terms = append(w.s.terms, make([]*term, termRow))
		w.ownRow[i/termRow] = true
	}
	w.row(i)
	w.s.terms[i/termRow][i%termRow] = &term{sp, empty}
	w.s.nterms++
	return i
}

func counted(stem string, n int) string {
	if stem == "" {
		stem = "category"
	}
	if n == 1 {
		return stem
	}
	return fmt.Sprintf("%s-%d", stem, n)
}
