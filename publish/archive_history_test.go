package publish_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

// TestNothingMovesBetweenPagesOfTheArchive holds random histories to what the
// archive promises.
func TestNothingMovesBetweenPagesOfTheArchive(t *testing.T) {
	parted := 0
	for seed := range uint64(rounds(4, 2)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { parted += archiveHistory(t, seed) })
		})
	}
	if parted == 0 {
		t.Error("no history made a page so long that it was parted")
	}
}

// archiveHistory gives how often a page was parted.
func archiveHistory(t *testing.T, seed uint64) int {
	r := rand.New(rand.NewPCG(seed, 5))
	set := settings()
	set.Items = 4
	set.Tombstones = 24 * time.Hour
	set.Feeds = append(set.Feeds, publish.Named{Name: "open", Items: 3, MaxBytes: 1 << 20, Content: feed.Full, Formats: set.Formats, Where: article.Select(article.Node{Op: article.Not, Kids: []article.Node{article.Lone(article.Category, "sport").Root()}})})
	dir := t.TempDir()
	h := open(t, dir, set)
	defer func() { h.stop() }()
	live := map[string][]string{} // title → categories
	gone := map[string]article.Change{}
	files := map[string]article.Change{}
	categories := func() []string { return [][]string{{"World"}, {"Sport"}, {"World", "Sport"}}[r.IntN(3)] }
	feeds := map[string]func(categories []string) bool{
		"/rss.xml":                  func([]string) bool { return true },
		"/category/world/atom.xml":  func(cs []string) bool { return slices.Contains(cs, "World") },
		"/category/sport/feed.json": func(cs []string) bool { return slices.Contains(cs, "Sport") },
		"/feeds/open/atom.xml":      func(cs []string) bool { return !slices.Contains(cs, "Sport") },
	}
	closed := map[string]map[string][]string{} // feed → page → members when first seen closed, and who joined it since
	filled := map[string]bool{}                // pages that were seen with members
	moved := map[string]bool{}                 // titles that were put into other categories
	parted := 0
	for step := range rounds(90, 60) {
		var changes []article.Change
		for range 1 + r.IntN(4) {
			n := r.IntN(60)
			path, title := fmt.Sprintf("%d.txt", n), fmt.Sprintf("Story number %d of the house", n)
			if slices.ContainsFunc(changes, func(c article.Change) bool { return c.Path == path }) {
				continue
			}
			switch c, was := files[path]; {
			case live[title] != nil && r.IntN(2) == 0:
				changes = append(changes, article.Change{Op: article.Gone, Path: path})
				gone[path] = c
				delete(live, title)
			case live[title] != nil: // it is put into other categories
				cs := categories()
				c = file(path, title, in(cs...), dated(c.Articles[0].Fields.Published.Time))
				files[path], live[title], moved[title] = c, cs, true
				changes = append(changes, c)
			case was: // it comes back
				changes = append(changes, c)
				live[title] = c.Articles[0].Fields.Categories
			default:
				cs := categories()
				c := file(path, title, in(cs...), dated(time.Now().Add(-time.Duration(r.IntN(100))*time.Hour)))
				files[path], live[title] = c, cs
				changes = append(changes, c)
			}
		}
		h.write(changes...)
		switch r.IntN(12) {
		case 0: // a restart
			h.stop()
			h = open(t, dir, set)
		case 1: // the database is lost
			h.stop()
			names, err := filepath.Glob(filepath.Join(dir, "f.db*"))
			if err != nil || len(names) == 0 {
				t.Fatal("no database", err)
			}
			for _, n := range names {
				if err := os.Remove(n); err != nil {
					t.Fatal(err)
				}
			}
			h = openCold(t, dir, set, live, files)
		}
		for path, holds := range feeds {
			a, err := parse(path)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for title, cs := range live {
				if holds(cs) {
					want = append(want, title)
				}
			}
			slices.Sort(want)
			if len(want) == 0 {
				continue
			}
			order, pages := h.walk(a)
			if diff := cmp.Diff(want, all(pages)); diff != "" {
				t.Fatalf("step %d: %s: the pages do not hold each article once (-want +got):\n%s", step, path, diff)
			}
			if closed[path] == nil {
				closed[path] = map[string][]string{}
			}
			for i, link := range order {
				members := pages[link]
				if i > 0 && a.Format != feed.JSON && len(members) == 0 && !filled[link] {
					t.Errorf("step %d: page %s is empty from the start", step, link)
				}
				filled[link] = filled[link] || len(members) > 0
				if i == 0 {
					continue // it may be open
				}
				first, seen := closed[path][link]
				if !seen {
					closed[path][link] = members
					continue
				}
				for _, m := range members { // a file that comes back is on its page again; who comes from another category joins
					if !slices.Contains(first, m) {
						if !moved[m] && !returned(m, gone, files) {
							t.Fatalf("step %d: %s has got %q", step, link, m)
						}
						first = append(slices.Clip(first), m)
					}
				}
				short := false
				for _, m := range first {
					short = short || live[m] != nil && holds(live[m]) && !slices.Contains(members, m)
				}
				if short { // only what was parted, because those who joined have made it twice as long
					with := slices.Clone(first)
					for _, l := range order {
						if closed[path][l] == nil {
							with = append(with, pages[l]...)
						}
					}
					slices.Sort(with)
					if with = slices.Compact(with); len(with) < 2*3 || !slices.ContainsFunc(with, func(m string) bool { return moved[m] }) {
						t.Fatalf("step %d: %s had %q, and has %q", step, link, first, members)
					}
					parted++
					first = members
				}
				closed[path][link] = first
			}
		}
	}
	return parted
}

// returned says whether a title is that of a file that was gone once.
func returned(title string, gone, files map[string]article.Change) bool {
	for path := range gone {
		if files[path].Articles[0].Fields.Title == title {
			return true
		}
	}
	return false
}

// openCold opens a house whose database is new, beside the ledger's copy, and
// reads the files that are there.
func openCold(t *testing.T, dir string, set publish.Settings, live map[string][]string, files map[string]article.Change) *house {
	t.Helper()
	h := begin(t, dir, set)
	var changes []article.Change
	for _, c := range files {
		if live[c.Articles[0].Fields.Title] != nil {
			changes = append(changes, c)
		}
	}
	slices.SortFunc(changes, func(a, b article.Change) int { return strings.Compare(a.Path, b.Path) })
	if err := h.p.Changes(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	if err := h.p.Scanned(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

func identified(id string) func(*article.Parsed) {
	return func(p *article.Parsed) { p.Fields.ID = id }
}
