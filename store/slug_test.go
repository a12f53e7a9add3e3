package store_test

import (
	"fmt"
	"testing"
	"time"

	"feedwright/article"
)

func TestSlugIsKeptThroughATitleAndLeadsOnFromAChangedOne(t *testing.T) {
	b := begin(t)
	body := fullText("a", 60)
	b.apply(wrote("a.txt", "First title", body))
	b.apply(wrote("a.txt", "Second title", body))
	if got := b.life("a.txt").Article.Slug; got != "first-title" {
		t.Errorf("a new title moved the slug to %q", got)
	}
	b.apply(wrote("a.txt", "Second title", body, slugged("Mine")))
	if got := b.life("a.txt").Article.Slug; got != "mine" {
		t.Errorf("slug %q", got)
	}
	e, now, err := b.BySlug(t.Context(), "first-title")
	if err != nil || now != "mine" || e.Number != 1 {
		t.Errorf("the old slug leads to %q, %v", now, err)
	}
	b.apply(wrote("b.txt", "First title", fullText("b", 60)))
	if got := b.life("b.txt").Article.Slug; got != "first-title-2" {
		t.Errorf("an old slug was given away: %q", got)
	}
	b.apply(wrote("a.txt", "Second title", body, slugged("first title")))
	if got := b.life("a.txt").Article.Slug; got != "first-title" {
		t.Errorf("its own old slug came back as %q", got)
	}
}

func TestArticlesWithoutLettersHaveASlug(t *testing.T) {
	b := begin(t)
	b.apply(wrote("★.txt", "★", fullText("star", 30)))
	if got := b.life("★.txt").Article.Slug; got != "article-1" {
		t.Errorf("slug %q", got)
	}
}

func TestEqualTitlesHaveSlugsOfTheirOwn(t *testing.T) {
	b := begin(t)
	seen := map[string]bool{}
	for round := range 3 {
		var cs []article.Change
		for i := range 40 {
			name := fmt.Sprintf("%d-%d.txt", round, i)
			cs = append(cs, wrote(name, "Weather", fullText(name, 30), dated(monday.Add(-time.Duration(i)*time.Hour))))
		}
		b.apply(cs...)
		for _, c := range cs {
			s := b.life(c.Path).Article.Slug
			if s == "" || seen[s] {
				t.Fatalf("slug %q", s)
			}
			seen[s] = true
		}
	}
	if !seen["weather"] || !seen["weather-120"] {
		t.Error("the numbers have gaps")
	}
}

func TestSpellingsOfOneNameAreOne(t *testing.T) {
	b := begin(t)
	names := func(path string, ns ...string) article.Change {
		return wrote(path, path, fullText(path, 30), func(p *article.Parsed) { p.Fields.Categories = ns; p.Fields.Tags = ns[:1] })
	}
	b.apply(names("a.txt", "Ukraine", "C++", "C#", "★"))
	b.reopen()
	out := b.apply(names("b.txt", "UKRAINE", "c++"), names("c.txt", "c"))
	if len(out.Spellings) != 2 {
		t.Errorf("new: %+v", out.Spellings)
	}
	list, err := b.Spellings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slugs := map[string]string{}
	for i, s := range list {
		if int(s.Number) != i+1 {
			t.Errorf("number %d at %d", s.Number, i)
		}
		if slugs[string(s.Kind)+s.Slug] != "" {
			t.Errorf("slug %s twice", s.Slug)
		}
		slugs[string(s.Kind)+s.Slug] = s.Name
	}
	for slug, name := range map[string]string{"categoryukraine": "Ukraine", "tagukraine": "Ukraine", "categoryc": "C++", "categoryc-2": "C#", "categoryc-3": "c", "category-": ""} {
		if slugs[slug] != name {
			t.Errorf("%s is %q, want %q", slug, slugs[slug], name)
		}
	}
}
