package adopt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"feedwright/article"
)

// dayApart is how far two dates of one article may be from one another: a day
// without a time, in any zone.
const dayApart = 36 * time.Hour

// stage is one way of knowing an item again. Surer ways go first; what one has
// settled the next does not see.
type stage struct {
	by    string
	item  func(*Item) []string
	ours  func(*Article) []string
	holds func(*matching, int, int) bool // nil: a common key is enough
}

var stages = []stage{
	{"id", func(it *Item) []string { return one(it.ID) }, func(a *Article) []string { return one(string(a.ID)) }, nil},
	{"link", itemLinks, func(a *Article) []string { return addresses(a.Links) }, nil},
	{"slug", itemSlugs, articleSlugs, (*matching).slugHolds},
	{"title and date", func(it *Item) []string { return titleKey(it.Title) }, func(a *Article) []string { return titleKey(a.Title) }, (*matching).sameTime},
	{"title", func(it *Item) []string { return titleKey(it.Title) }, func(a *Article) []string { return titleKey(a.Title) }, (*matching).titleHolds},
	{"text", func(it *Item) []string { return textKeys(whole(it.Title, it.Text)) }, func(a *Article) []string { return textKeys(whole(a.Title, a.Text())) }, (*matching).sameText},
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// maxFit bounds the articles that one item is compared with in one stage.
const maxFit = 50

// matching is a Match at work; items and articles go by their index.
type matching struct {
	items []Item
	ours  []Article
	itemP []int // the article of each item, -1 none
	oursP []int
	by    []string
	tie   []string // why an item stayed without an article though several fit
}

// Match finds out which article each item is. The same input gives the same
// result, whatever its order of maps. An item that two articles fit equally
// well is neither: a wrong id is worse than a new one.
func Match(items []Item, ours []Article) Result {
	m := &matching{items: items, ours: ours, itemP: make([]int, len(items)), oursP: make([]int, len(ours)), by: make([]string, len(items)), tie: make([]string, len(items))}
	for i := range m.itemP {
		m.itemP[i] = -1
	}
	for i := range m.oursP {
		m.oursP[i] = -1
	}
	m.repeated()
	for _, s := range stages {
		m.run(s)
	}
	return m.result()
}

// repeated leaves out items whose id stood before: readers show the first.
func (m *matching) repeated() {
	seen := map[string]bool{}
	for i := range m.items {
		id := m.items[i].ID
		if id != "" && seen[id] {
			m.itemP[i] = len(m.ours) // no article at all
		}
		seen[id] = true
	}
}

type fit struct{ item, ours, points int }

func (m *matching) run(s stage) {
	at := map[string][]int{}
	for j := range m.ours {
		if m.oursP[j] < 0 {
			for _, k := range s.ours(&m.ours[j]) {
				at[k] = append(at[k], j)
			}
		}
	}
	var fits []fit
	for i := range m.items {
		if m.itemP[i] >= 0 {
			continue
		}
		var near []int
		for _, k := range s.item(&m.items[i]) {
			near = append(near, at[k][:min(len(at[k]), maxFit)]...)
		}
		slices.Sort(near)
		for _, j := range slices.Compact(near) {
			if s.holds == nil || s.holds(m, i, j) {
				fits = append(fits, fit{i, j, m.points(i, j)})
			}
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return cmp.Compare(b.points, a.points) })
	for len(fits) > 0 { // those with as many points are judged together
		n := 1
		for n < len(fits) && fits[n].points == fits[0].points {
			n++
		}
		m.settle(s.by, fits[:n])
		fits = fits[n:]
	}
}

// settle pairs what fits equally well, where it is no question.
func (m *matching) settle(by string, fits []fit) {
	fits = slices.DeleteFunc(slices.Clone(fits), func(f fit) bool { return m.itemP[f.item] >= 0 || m.oursP[f.ours] >= 0 })
	ofItem, ofOurs := map[int]int{}, map[int]int{}
	for _, f := range fits {
		ofItem[f.item]++
		ofOurs[f.ours]++
	}
	for _, f := range fits {
		switch {
		case ofItem[f.item] == 1 && ofOurs[f.ours] == 1:
			m.itemP[f.item], m.oursP[f.ours], m.by[f.item] = f.ours, f.item, by
		case m.tie[f.item] == "" && ofItem[f.item] > 1:
			m.tie[f.item] = fmt.Sprintf("Its %s fits %s equally well.", by, m.paths(f.item, fits))
		case m.tie[f.item] == "":
			m.tie[f.item] = fmt.Sprintf("Its %s fits %s, as do other items.", by, m.ours[f.ours].Path)
		}
	}
}

func (m *matching) paths(item int, fits []fit) string {
	var list []string
	for _, f := range fits {
		if f.item == item {
			list = append(list, m.ours[f.ours].Path)
		}
	}
	slices.Sort(list)
	if len(list) > 3 {
		list = append(list[:3], fmt.Sprintf("%d more", len(list)-3))
	}
	return strings.Join(list, " and ")
}

// points say how well an item and an article fit beside what brought them
// together.
func (m *matching) points(i, j int) int {
	n := 0
	if m.sameTitle(i, j) {
		n += 2
	}
	it, a := &m.items[i], &m.ours[j]
	switch {
	case !it.Published.IsZero() && it.Published.Equal(a.Published):
		n += 3
	case m.sameTime(i, j):
		n++
	}
	return n
}

func (m *matching) sameTitle(i, j int) bool {
	t := article.Fold(m.items[i].Title)
	return t != "" && t == article.Fold(m.ours[j].Title)
}

func (m *matching) sameTime(i, j int) bool {
	a, b := m.items[i].Published, m.ours[j].Published
	return !a.IsZero() && !b.IsZero() && a.Sub(b).Abs() <= dayApart
}

func (m *matching) sameText(i, j int) bool {
	a, b := whole(m.items[i].Title, m.items[i].Text), whole(m.ours[j].Title, m.ours[j].Text())
	if x, y := article.Fingerprint(a), article.Fingerprint(b); x != 0 && y != 0 && article.Distance(x, y) <= alikeBits && len(words(a)) >= fewWords {
		return true
	}
	return alike(a, b)
}

// slugHolds: a slug alone is no proof ("hello", "2", "post"); something else
// must speak for it, unless the item says nothing else.
func (m *matching) slugHolds(i, j int) bool {
	it := &m.items[i]
	return m.sameTime(i, j) || article.Similarity(it.Title, m.ours[j].Title) >= 0.5 || it.Title == "" && it.Published.IsZero() || m.sameText(i, j)
}

// titleHolds: the weekly letter has one title and many dates.
func (m *matching) titleHolds(i, j int) bool {
	dated := m.ours[j].Date
	if m.items[i].Published.IsZero() || dated.IsZero() {
		return true // a file without a date of its own has that of its first sight
	}
	return m.sameText(i, j)
}

func (m *matching) result() Result {
	var r Result
	for i := range m.items {
		it := &m.items[i]
		switch j := m.itemP[i]; {
		case j == len(m.ours):
			r.Misses = append(r.Misses, Miss{it, "Another item has the same id."})
		case j >= 0:
			r.Pairs = append(r.Pairs, Pair{it, &m.ours[j], m.by[i]})
		case m.tie[i] != "":
			r.Misses = append(r.Misses, Miss{it, m.tie[i]})
		default:
			r.Misses = append(r.Misses, Miss{it, "No article has its link, its slug, its title or its text."})
		}
	}
	for j := range m.ours {
		if m.oursP[j] < 0 {
			r.Alone = append(r.Alone, &m.ours[j])
		}
	}
	return r
}
