package publish_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
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

// sheet is a document as a reader of archives sees it.
type sheet struct {
	titles            []string
	links             map[string]string // by relation
	complete, archive bool
	dead              map[string]string // id → when
	updated           string
}

// read reads an RSS, Atom or JSON document.
func read(t *testing.T, f feed.Format, doc string) sheet {
	t.Helper()
	s := sheet{links: map[string]string{}, dead: map[string]string{}}
	if f == feed.JSON {
		var j struct {
			Next  string                   `json:"next_url"`
			Items []struct{ Title string } `json:"items"`
		}
		if err := json.Unmarshal([]byte(doc), &j); err != nil {
			t.Fatal(err)
		}
		for _, it := range j.Items {
			s.titles = append(s.titles, it.Title)
		}
		if j.Next != "" {
			s.links["next"] = j.Next
		}
		return s
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type item struct {
		Title string `xml:"title"`
	}
	type head struct {
		Links    []link    `xml:"http://www.w3.org/2005/Atom link"`
		Complete *struct{} `xml:"http://purl.org/syndication/history/1.0 complete"`
		Archive  *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
		Dead     []struct {
			Ref  string `xml:"ref,attr"`
			When string `xml:"when,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Built   string `xml:"lastBuildDate"`
		Items   []item `xml:"item"`
		Entries []item `xml:"entry"`
	}
	var h head
	var err error
	if f == feed.RSS {
		var d struct {
			Channel head `xml:"channel"`
		}
		err = xml.Unmarshal([]byte(doc), &d)
		h = d.Channel
	} else {
		err = xml.Unmarshal([]byte(doc), &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range append(h.Items, h.Entries...) {
		s.titles = append(s.titles, it.Title)
	}
	for _, l := range h.Links {
		s.links[l.Rel] = l.Href
	}
	for _, d := range h.Dead {
		s.dead[d.Ref] = d.When
	}
	s.complete, s.archive, s.updated = h.Complete != nil, h.Archive != nil, h.Updated+h.Built
	return s
}

// at reads the address of a link.
func at(t *testing.T, set publish.Settings, link string) feed.Address {
	t.Helper()
	rest, ok := strings.CutPrefix(link, set.URL)
	if !ok {
		t.Fatalf("link %s leads elsewhere", link)
	}
	a, err := parse(rest)
	if err != nil {
		t.Fatalf("link %s: %v", link, err)
	}
	if set.URL+a.Path() != link {
		t.Errorf("link %s is not canonical: %s", link, a.Path())
	}
	return a
}

func (h *house) sheet(a feed.Address) sheet {
	h.t.Helper()
	return read(h.t, a.Format, h.get(a))
}

// walk follows a feed's archive from the document to subscribe to, and gives
// its pages by address, the newest first, with their members.
func (h *house) walk(a feed.Address) (order []string, pages map[string][]string) {
	h.t.Helper()
	rel := "prev-archive"
	if a.Format == feed.JSON {
		rel = "next"
	}
	pages = map[string][]string{}
	top := h.sheet(a)
	current := h.find(a).Self
	if top.complete || a.Format == feed.JSON && top.links[rel] == "" {
		delete(top.links, "self")
		delete(top.links, "alternate")
		if len(top.links) != 0 {
			h.t.Errorf("%s is complete and has the links %v", a.Path(), top.links)
		}
		return []string{current}, map[string][]string{current: top.titles}
	}
	later := ""
	for s := top; s.links[rel] != ""; {
		link := s.links[rel]
		if _, seen := pages[link]; seen {
			h.t.Fatalf("%s comes twice", link)
		}
		s = h.sheet(at(h.t, h.set, link))
		order, pages[link] = append(order, link), s.titles
		if a.Format == feed.JSON {
			continue
		}
		if s.links["self"] != link {
			h.t.Errorf("%s says that it is %s", link, s.links["self"])
		}
		if !s.complete && (!s.archive || s.links["current"] != current) {
			h.t.Errorf("%s is no archive document of %s: %+v", link, current, s)
		}
		if next := s.links["next-archive"]; later != "" && next != "" && next != later && s.links["prev-archive"] != "" {
			h.t.Errorf("%s names %s as the page after it, not %s", link, next, later)
		}
		later = link
	}
	return order, pages
}

func all(pages map[string][]string) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p...)
	}
	slices.Sort(out)
	return out
}

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

func TestAFilterIsPagedByAppearance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 3
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for i := range 11 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i), dated(time.Now().Add(-time.Duration(i*7%11)*time.Hour))))
		}
		a, err := parse("/atom.xml?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		s := h.sheet(a)
		pages := 1
		for ; ; pages++ {
			for _, title := range s.titles {
				seen[title] = true
			}
			if s.archive || s.complete || s.links["prev-archive"] != "" {
				t.Errorf("%+v is no page that may shift", s)
			}
			if s.links["first"] != h.find(a).Self {
				t.Errorf("first is %s", s.links["first"])
			}
			next := s.links["next"]
			if next == "" {
				break
			}
			s = h.sheet(at(t, set, next))
		}
		if len(seen) != 11 || pages > 6 {
			t.Errorf("%d pages hold %d of 11 articles", pages, len(seen))
		}
		b, err := parse("/feed.json?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		if s := h.sheet(b); !strings.Contains(s.links["next"], "/feed.json?before=") {
			t.Errorf("next_url is %q", s.links["next"])
		}
	})
}

func TestWhatMaxBytesCutsIsInTheArchive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.MaxBytes = 1500
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i)))
		}
		top := h.sheet(atom)
		if top.complete || len(top.titles) >= 8 || top.links["prev-archive"] == "" {
			t.Errorf("%+v", top)
		}
		if _, pages := h.walk(atom); len(all(pages)) != 8 {
			t.Errorf("%v", pages)
		}
		a, err := parse("/atom.xml?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for s := h.sheet(a); ; s = h.sheet(at(t, set, s.links["next"])) {
			for _, title := range s.titles {
				seen[title] = true
			}
			if s.complete {
				t.Errorf("%+v is said to be complete", s)
			}
			if s.links["next"] == "" {
				break
			}
		}
		if len(seen) != 8 {
			t.Errorf("%d of 8 articles are on the filter's pages", len(seen))
		}
	})
}

// TestAClosedPageIsThereWhenItsArticlesAreNot: a page that was closed keeps its
// address, and whoever lists the pages finds each.
func TestAClosedPageIsThereWhenItsArticlesAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 2
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for n := range 6 {
			h.write(file(fmt.Sprintf("%d.txt", n), fmt.Sprintf("Story %d", n), dated(time.Now()), func(p *article.Parsed) {
				if n > 2 {
					p.Fields.Expires = article.Date{Time: time.Now().Add(time.Hour), From: article.FromFile}
				}
			}))
		}
		time.Sleep(2 * time.Hour)
		n := 0
		if err := h.p.Archives(func(a feed.Address) error {
			n++
			_, err := h.p.Find(t.Context(), a)
			return err
		}); err != nil || n < 6 {
			t.Errorf("of %d documents: %v", n, err)
		}
		if _, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS, Archive: 7}); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a page that never was: %v", err)
		}
	})
}

func TestAnArchiveDocumentKeepsItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 3
		h := open(t, t.TempDir(), set)
		defer h.stop()
		n := 0
		add := func(back time.Duration) {
			n++
			h.write(file(fmt.Sprintf("%d.txt", n), fmt.Sprintf("Story %d", n), dated(time.Now().Add(-back))))
		}
		for range 7 {
			add(0)
		}
		first := feed.Address{Format: feed.RSS, Archive: 3}
		want, answer := h.get(first), h.find(first)
		for range 9 {
			add(1000 * time.Hour) // with an old date
		}
		if got := h.get(first); got != want {
			t.Errorf("a closed page changed:\n%s", cmp.Diff(want, got))
		}
		if h.find(first) != answer {
			t.Error("a closed page was made anew")
		}
		if _, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS, Archive: 1000}); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a page that is not there yet: %v", err)
		}
		private := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret", Archive: 3}
		if _, err := h.p.Find(t.Context(), private); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a private feed's archive: %v", err)
		}
	})
}

func TestPagesLeftOpenAreClosedAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		h := open(t, t.TempDir(), set)
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i)))
		}
		h.stop()
		set.Items = 3 // as if a crash had come between the articles and their pages
		h = open(t, h.dir, set)
		defer h.stop()
		time.Sleep(2 * time.Second)
		order, pages := h.walk(atom)
		if len(order) != 3 || len(all(pages)) != 8 || len(pages[order[2]]) != 3 {
			t.Errorf("%v", pages)
		}
		cuts, err := h.st.Cuts(t.Context())
		if err != nil || len(cuts) == 0 {
			t.Errorf("nothing is written down: %v, %v", cuts, err)
		}
	})
}
