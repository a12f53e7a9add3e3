package catalog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"feedwright/article"
)

// The names that articles of these tests write.
var written = []string{
	"News", "NEWS / Ukraine", "News/Ukraine", "Ukraine", "World", "Світ", "International", "Sport", "Sport/Football",
	"Sport/Football/Cup", "Світ/Київ", "AC/DC", "Économie", "economie", "http://example.org/a", "Kyiv", "Miscellany/",
}

func spellingsOf(names ...string) []article.Spelling {
	var list []article.Spelling
	known, slugs := map[string]bool{}, map[string]bool{}
	var add func(string)
	add = func(name string) {
		if outer, _, ok := article.Outer(name); ok {
			add(outer)
		}
		if folded := article.Fold(name); !known[folded] {
			known[folded] = true
			slug := article.Slugify(name)
			for n := 2; slugs[slug]; n++ {
				slug = fmt.Sprintf("%s-%d", article.Slugify(name), n)
			}
			slugs[slug] = true
			list = append(list, article.Spelling{Number: article.SpellingNumber(len(list) + 1), Kind: article.Category, Folded: folded, Name: name, Slug: slug})
		}
	}
	for _, n := range names {
		add(n)
	}
	return list
}

// plainNames says by definition what a name means and what that lies in.
type plainNames []article.Naming

func (p plainNames) owned(name string) *article.Naming {
	for i, c := range p {
		if slices.ContainsFunc(append([]string{c.Name}, c.Also...), func(s string) bool { return article.Fold(s) == article.Fold(name) }) {
			return &p[i]
		}
	}
	return nil
}

func (p plainNames) lineage(name string) []string {
	if c := p.owned(name); c != nil {
		if c.Parent == "" {
			return []string{c.Name}
		}
		return append([]string{c.Name}, p.lineage(c.Parent)...)
	}
	outer, leaf, ok := article.Outer(name)
	if !ok {
		return []string{article.Fold(name)}
	}
	above := p.lineage(outer)
	if c := p.owned(leaf); c != nil && c.Parent != "" && p.lineage(c.Parent)[0] == above[0] {
		return p.lineage(c.Name)
	}
	return append([]string{strings.ReplaceAll(article.Fold(name), " / ", "/")}, above...)
}

func TestEveryArticleIsInWhatItsCategoriesLieIn(t *testing.T) {
	configs := []plainNames{
		nil,
		{{Name: "World", Slug: "planet", Also: []string{"International", "Світ"}, Parent: "News"}, {Name: "News"}, {Name: "AC/DC"}},
		{{Name: "Ukraine", Parent: "News", Also: []string{"Kyiv"}}, {Name: "Nouvelles", Also: []string{"News"}, Parent: "World"}, {Name: "World"}},
		{{Name: "Football", Slug: "sport", Parent: "Sport"}, {Name: "Sport"}, {Name: "Économie", Also: []string{"Miscellany/"}}},
	}
	spellings := spellingsOf(written...)
	for seed := range uint64(3) {
		for i, config := range configs {
			w := &world{r: rand.New(rand.NewPCG(seed, 3)), now: day0, spellings: spellings, entries: map[article.Number]article.Entry{}}
			c := New(Rules{Categories: config})
			c.Load(nil, spellings[:4], w.now)
			for step := range 8 {
				var more []article.Spelling
				if step == 0 {
					more = spellings[4:]
				}
				c.Apply(w.batch(), more, w.now)
				checkCounts(t, fmt.Sprintf("config %d, seed %d, step %d", i, seed, step), c.Snapshot(), w, config)
			}
		}
	}
}

func checkCounts(t *testing.T, where string, s *Snapshot, w *world, config plainNames) {
	t.Helper()
	want := map[string]int{}
	for _, e := range w.entries {
		if !Visible(&e, w.now) {
			continue
		}
		in := map[string]bool{}
		for _, n := range e.Spellings {
			for _, term := range config.lineage(spelling(w, n).Name) {
				in[term] = true
			}
		}
		for term := range in {
			want[term]++
		}
	}
	seen := 0
	for _, sp := range w.spellings {
		line := config.lineage(sp.Name)
		found, ok := s.Lookup(article.Category, sp.Name)
		if !ok {
			if want[line[0]] != 0 {
				t.Fatalf("%s: %s is unknown, %d articles have it", where, sp.Name, want[line[0]])
			}
			continue
		}
		seen++
		sel := article.Lone(article.Category, found.Slug)
		if got := s.Count(sel, Scope{Pages: true}); got != want[line[0]] {
			t.Fatalf("%s: %s (%s) counts %d, want %d", where, sp.Name, found.Slug, got, want[line[0]])
		}
		for n := range w.entries {
			e := w.entries[n]
			in := slices.ContainsFunc(e.Spellings, func(n article.SpellingNumber) bool {
				return slices.Contains(config.lineage(spelling(w, n).Name), line[0])
			})
			if s.Match(sel, Scope{Pages: true}, &e) != in {
				t.Fatalf("%s: whether article %d is in %s is told wrongly", where, n, sp.Name)
			}
		}
	}
	terms := s.Terms(article.Category)
	if len(want) > 0 && seen == 0 || len(terms) != len(want) {
		t.Fatalf("%s: %d terms, want %d", where, len(terms), len(want))
	}
	for _, x := range terms {
		if n := s.Count(article.Lone(article.Category, x.Slug), Scope{Pages: true}); n != x.Count {
			t.Fatalf("%s: %s is listed with %d articles and holds %d", where, x.Name, x.Count, n)
		}
	}
}

func spelling(w *world, n article.SpellingNumber) article.Spelling { return w.spellings[n-1] }

// TestACategoryKeepsTheSlugThatItsSpellingHad: a name that the config gives
// later, and that makes the same slug, is not counted up.
func TestACategoryKeepsTheSlugThatItsSpellingHad(t *testing.T) {
	spellings := spellingsOf("user-experience", "usability", "User Experience")
	if spellings[2].Slug != "user-experience-2" {
		t.Fatalf("%+v", spellings)
	}
	c := New(Rules{Categories: []article.Naming{{Name: "User Experience", Also: []string{"usability", "user-experience"}}}})
	c.Load([]*article.Entry{{Number: 1, Appeared: 1, Spellings: []article.SpellingNumber{1}}}, spellings, day0)
	for _, value := range []string{"user-experience", "user-experience-2", "User Experience", "usability"} {
		if sp, ok := c.Snapshot().Lookup(article.Category, value); !ok || sp.Slug != "user-experience" || sp.Name != "User Experience" {
			t.Errorf("%s leads to %+v, %v", value, sp, ok)
		}
	}
}

func TestNamesAndSlugsAreThoseOfTheConfig(t *testing.T) {
	spellings := spellingsOf("world", "Світ", "C++", "C#", "Politics")
	spellings[0].Former = []string{"globe"}
	load := func(list ...article.Naming) *Snapshot {
		c := New(Rules{Categories: list})
		e := article.Entry{Number: 1, Appeared: 1, Spellings: []article.SpellingNumber{1, 2, 3, 4, 5}}
		c.Load([]*article.Entry{&e}, spellings, day0)
		return c.Snapshot()
	}
	s := load(article.Naming{Name: "World", Slug: "politics", Also: []string{"СВІТ"}}, article.Naming{Name: "C#"}, article.Naming{Name: "C ++"})
	for value, want := range map[string]string{
		"World": "politics World", "world": "politics World", "svit": "politics World", "globe": "politics World", "світ": "politics World",
		"c": "c C++", "C++": "c C++", "c-2": "c-2 C#", "C#": "c-2 C#",
		"politics": "politics World", "politics-2": "politics-2 Politics", "Politics": "politics-2 Politics", // a slug goes before a name
	} {
		if sp, ok := s.Lookup(article.Category, value); !ok || sp.Slug+" "+sp.Name != want {
			t.Errorf("%s leads to %q, want %q", value, sp.Slug+" "+sp.Name, want)
		}
	}
	if sp, ok := s.Names().Of(article.Category, "politics"); !ok || sp.Name != "Politics" {
		t.Errorf("the name Politics is taken for %q", sp.Name)
	}
	of := func(s *Snapshot) uint64 {
		h, _ := s.Get(1)
		return h.Names
	}
	if of(s) != of(load(article.Naming{Name: "C ++"}, article.Naming{Name: "C#"}, article.Naming{Name: "World", Slug: "politics", Also: []string{"світ"}})) {
		t.Error("the same names, given in another order, count as others")
	}
	seen := map[uint64]string{}
	for what, list := range map[string][]article.Naming{
		"nothing": nil, "another name": {{Name: "WORLD"}},
		"an alias": {{Name: "world", Also: []string{"Світ"}}}, "swapped": {{Name: "Світ", Also: []string{"world"}, Slug: "world"}},
		"swapped one for the other": {{Name: "world", Slug: "world", Also: []string{"C#"}}, {Name: "C#2", Slug: "c-2", Also: []string{"Світ"}}},
	} {
		if twin, ok := seen[of(load(list...))]; ok {
			t.Errorf("%s is shown as %s is, by the hash", what, twin)
		}
		seen[of(load(list...))] = what
	}
	if of(load()) != of(load(article.Naming{Name: "world", Slug: "planet"})) {
		t.Error("a slug, which feeds do not show, counts")
	}
	if of(load()) != of(load(article.Naming{Name: "Elsewhere", Slug: "elsewhere"})) {
		t.Error("a category that the article is not in changes how it is shown")
	}
}
