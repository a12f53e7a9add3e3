package feed

import (
	"net/url"
	"strings"

	"feedwright/article"
)

// Query keys of the form that pages offer: a repeated `with` means any of them,
// `without` none of them; values are field:slug. A form of check boxes can say
// neither "or" nor "not" in the keys of a filter.
const (
	withKey    = "with"
	withoutKey = "without"
)

// mixed reads what the form sends as a filter.
func mixed(q url.Values) (article.Selector, error) {
	var or, and []article.Node
	for _, v := range q[withKey] {
		n, err := mixTerm(withKey, v)
		if err != nil {
			return article.Selector{}, err
		}
		or = append(or, n)
	}
	if len(or) > 0 {
		and = append(and, article.Node{Op: article.Or, Kids: or})
	}
	for _, v := range q[withoutKey] {
		n, err := mixTerm(withoutKey, v)
		if err != nil {
			return article.Selector{}, err
		}
		and = append(and, article.Node{Op: article.Not, Kids: []article.Node{n}})
	}
	sel := article.Select(article.Node{Op: article.And, Kids: and})
	_, err := article.ParseSelector(sel.String()) // as bounded as any filter
	return sel, err
}

func mixTerm(key, v string) (article.Node, error) {
	kind, value, _ := strings.Cut(v, ":")
	field, ok := kindOf(kind)
	if !ok {
		return article.Node{}, &article.FilterError{Filter: key + "=" + v, Err: "write a field and its value, as category:world"}
	}
	n, err := article.NewTerm(field, value)
	if err != nil {
		return article.Node{}, &article.FilterError{Filter: key + "=" + v, Err: err.Error()}
	}
	return n, nil
}

// mixView is the form that makes a feed of terms.
type mixView struct {
	common
	Open   bool // shown at once: the page is of a filter
	Groups []mixGroup
}

type mixGroup struct {
	Key, Name string // "with", "Any of these"
	Folded    bool
	Shelves   []mixShelf
}

type mixShelf struct {
	Name  string
	Boxes []mixBox
}

type mixBox struct {
	Value, Name string
	Depth       int
	Ticked      bool
}

// mixTerms is how many terms of a kind the form offers.
const mixTerms = 40

// newMixView ticks what the page's filter asks for. A filter that is more than
// the form can say ticks what it can.
func newMixView(c common, terms []Term, sel article.Selector) *mixView {
	with, without := map[article.Leaf]bool{}, map[article.Leaf]bool{}
	ticks(sel.Root(), false, with, without)
	_, _, lone := sel.AsLone()
	v := &mixView{common: c, Open: !sel.IsAll() && !lone}
	for _, g := range []struct {
		key, name string
		ticked    map[article.Leaf]bool
	}{{withKey, "any-of", with}, {withoutKey, "leave-out", without}} {
		group := mixGroup{Key: g.key, Name: c.Word(g.name), Folded: g.key == withoutKey && len(without) == 0}
		for _, kind := range []article.Field{article.Category, article.Tag} {
			s := mixShelf{Name: c.Word(shelfNames[kind])}
			s.fill(Nest(some(terms, kind, mixTerms)), g.ticked, 0)
			if len(s.Boxes) > 0 {
				group.Shelves = append(group.Shelves, s)
			}
		}
		v.Groups = append(v.Groups, group)
	}
	if len(v.Groups[0].Shelves) == 0 || len(v.Groups[0].Shelves) == 1 && len(v.Groups[0].Shelves[0].Boxes) < 2 {
		return nil // nothing to combine
	}
	return v
}

func some(terms []Term, kind article.Field, most int) []Term {
	var list []Term
	for _, t := range terms {
		if t.Kind == kind && t.Name != "" && len(list) < most {
			list = append(list, t)
		}
	}
	return list
}

// maxIndent is how deep boxes are set in.
const maxIndent = 3

func (s *mixShelf) fill(list []Branch, ticked map[article.Leaf]bool, depth int) {
	for _, b := range list {
		s.Boxes = append(s.Boxes, mixBox{
			Value: string(b.Kind) + ":" + b.Slug, Name: b.Leaf(), Depth: min(depth, maxIndent),
			Ticked: ticked[article.Leaf{Field: b.Kind, Value: b.Slug}],
		})
		s.fill(b.Kids, ticked, depth+1)
	}
}

func ticks(n article.Node, not bool, with, without map[article.Leaf]bool) {
	switch {
	case n.Op == article.Term && not:
		without[n.Leaf()] = true
	case n.Op == article.Term:
		with[n.Leaf()] = true
	}
	for _, k := range n.Kids {
		ticks(k, not != (n.Op == article.Not), with, without)
	}
}
