package store

import (
	"slices"
	"testing"
	"time"

	"feedwright/article"
)

// slugs gives each spelling's slug and those the config gave it.
func slugsOf(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	list, err := s.Spellings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, sp := range list {
		all[sp.Name] = append([]string{sp.Slug}, sp.Former...)
	}
	return all
}

func TestSlugsOfTheConfigStayForEver(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	opt := Options{DSN: "sqlite:" + dir + "/f.db", Ledger: dir + "/f.ledger", SiteID: "0b9e2c53-1c1b-4a55-9d43-9e5f9f1f1d10"}
	s, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	name := func(list ...article.Naming) {
		t.Helper()
		for range 2 { // twice does nothing more
			if err := s.Name(t.Context(), list, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	name(article.Naming{Name: "World", Slug: "globe"}, article.Naming{Name: "Globe"}, article.Naming{Name: "News", Slug: "news"})
	name(article.Naming{Name: "World", Slug: "planet"})
	want := map[string][]string{"World": {"world", "globe", "planet"}, "Globe": {"globe-2"}, "News": {"news"}}
	check := func(when string) {
		t.Helper()
		got := slugsOf(t, s)
		for n, slugs := range want {
			if !slices.Equal(got[n], slugs) {
				t.Errorf("%s: %s has the slugs %q, want %q", when, n, got[n], slugs)
			}
		}
	}
	check("at once")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	check("after a restart")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	opt.DSN = "sqlite:" + dir + "/other.db"
	if s, err = Open(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	check("after the loss of the database")
	name(article.Naming{Name: "Planet"})
	if got := slugsOf(t, s)["Planet"]; !slices.Equal(got, []string{"planet-2"}) {
		t.Errorf("a slug that the config once gave was given again: %q", got)
	}
}
