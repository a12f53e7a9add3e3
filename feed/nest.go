package feed

import (
	"strings"

	"feedwright/article"
)

// Branch is a term with those that lie in it.
type Branch struct {
	Term
	Kids []Branch
}

// Nest puts terms that lie in others of the list under these, else at the top,
// in the order given. Terms that lie in each other in a circle are left out.
func Nest(terms []Term) []Branch {
	type place struct {
		kind article.Field
		slug string
	}
	listed := map[place]bool{}
	kids := map[place][]Term{}
	for _, t := range terms {
		listed[place{t.Kind, t.Slug}] = true
	}
	for _, t := range terms {
		above := place{t.Kind, t.Parent}
		if t.Parent == "" || !listed[above] {
			above = place{}
		}
		kids[above] = append(kids[above], t)
	}
	var grow func(place) []Branch
	grow = func(at place) []Branch {
		var all []Branch
		for _, t := range kids[at] {
			all = append(all, Branch{t, grow(place{t.Kind, t.Slug})})
		}
		return all
	}
	return grow(place{})
}

// Leaf is the term's name as it stands under the one it lies in: of
// News/Ukraine, Ukraine.
func (t Term) Leaf() string {
	if _, leaf, ok := article.Outer(t.Name); ok && t.Parent != "" {
		return leaf
	}
	return strings.TrimSpace(t.Name)
}
