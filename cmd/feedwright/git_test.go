package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// git runs git in a folder, as nobody in particular.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	c := exec.Command("git", append([]string{"-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "init.defaultBranch=main", "-c", "advice.detachedHead=false"}, args...)...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// repository makes a working directory whose articles, settings and ledger are
// under git, and the database is not.
func repository(t *testing.T) string {
	t.Helper()
	dir := folder(t)
	write(t, map[string]string{
		".gitignore":           "feedwright.db*\npublic/\n",
		"articles/undated.txt": "The buoy is lit\n\nSince the storm nobody had seen it, and the keeper rowed out by himself to put in a new lamp.\n",
		"articles/old.txt":     "The net is mended\n\nPublication date: 2026-01-05 07:00\n\nThree women sat on the quay for two days, and then it was whole.\n",
	})
	git(t, dir, "init", "-q")
	return dir
}

// committed takes everything into git and names the commit.
func committed(t *testing.T, dir, message string) string {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", message)
	return git(t, dir, "rev-parse", "HEAD")
}

// clone makes a fresh clone and works there until the test goes elsewhere.
func clone(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "clone")
	git(t, dir, "clone", "-q", dir, to)
	t.Chdir(to)
	return to
}

// feeds are the documents that must be the same wherever they are made.
var sameEverywhere = []string{"/rss.xml", "/atom.xml", "/feed.json", "/category/harbour/atom.xml", "/feeds/brief/rss.xml", "/feeds.opml"}

func (s *serving) documents() map[string]string {
	docs := map[string]string{}
	for _, path := range sameEverywhere {
		_, _, docs[path] = s.get(path, "")
	}
	return docs
}

func builtDocuments(t *testing.T) map[string]string {
	t.Helper()
	good(t, "build", "--out", "public")
	docs := map[string]string{}
	for _, path := range sameEverywhere {
		docs[path] = read(t, "public"+path)
	}
	return docs
}

func sameDocuments(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for path, text := range want {
		if got[path] != text {
			t.Errorf("%s: %s is\n%s\nwant\n%s", what, path, got[path], text)
		}
	}
}

func TestBuildsFromFreshClonesEqualALongLivedServe(t *testing.T) {
	dir := repository(t)
	s := serve(t)
	check := func(what string) {
		t.Helper()
		committed(t, dir, what)
		want := s.documents()
		clone(t, dir)
		sameDocuments(t, what, builtDocuments(t), want)
		t.Chdir(dir)
	}
	check("the first build")

	if err := os.Rename("articles/undated.txt", "articles/harbour/buoy.txt"); err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"articles/second.txt": "The mast is stepped\n\nIt took four men, a crane and most of the afternoon, and nobody was hurt this time.\n"})
	s.until("a rename and an undated file are in", func() bool {
		return s.everywhere("The mast is stepped", true)() && strings.Contains(good(t, "why", "articles/harbour/buoy.txt"), "undated.txt")
	})
	check("after a rename and an undated file")

	if err := os.Remove("articles/old.txt"); err != nil {
		t.Fatal(err)
	}
	s.until("a deletion is in", s.everywhere("The net is mended", false))
	check("after a deletion")

	if err := os.Remove("articles/second.txt"); err != nil {
		t.Fatal(err)
	}
	s.until("the newest is gone", s.everywhere("The mast is stepped", false))
	check("after the newest was deleted")
}

// TestFreshCloneKnowsDatesThatNoArticleTells: the newest article leaves a feed in
// every way but a deletion. The feed's date stays, and the ledger's copy tells it.
func TestFreshCloneKnowsDatesThatNoArticleTells(t *testing.T) {
	dir := repository(t)
	if err := os.Remove("articles/undated.txt"); err != nil { // its date is this very day
		t.Fatal(err)
	}
	s := serve(t)
	newest := func(lines string) {
		write(t, map[string]string{"articles/mast.md": "---\ntitle: The mast is stepped\ndate: 2026-03-09T10:00:00Z\n" + lines + "---\nIt took four men and most of the afternoon.\n"})
	}
	check := func(what string) {
		t.Helper()
		want := s.documents()
		for _, path := range []string{"/atom.xml", "/category/harbour/atom.xml"} {
			_, after, _ := strings.Cut(want[path], "<updated>")
			if date, _, _ := strings.Cut(after, "<"); date != "2026-03-09T10:00:00Z" {
				t.Errorf("%s: %s is of %s", what, path, date)
			}
		}
		committed(t, dir, what)
		clone(t, dir)
		sameDocuments(t, what, builtDocuments(t), want)
		t.Chdir(dir)
	}
	newest("categories: [Harbour]\n")
	s.until("it is in", func() bool { return strings.Contains(s.documents()["/category/harbour/atom.xml"], "The mast") })
	newest("categories: [Yard]\n")
	s.until("it has left its category", func() bool { return !strings.Contains(s.documents()["/category/harbour/atom.xml"], "The mast") })
	check("another category")
	newest("categories: [Yard]\nexpires: 2026-03-10\n")
	s.until("it has expired", s.everywhere("The mast is stepped", false))
	check("expired")
	newest("categories: [Yard]\n")
	s.until("it is back", s.everywhere("The mast is stepped", true))
	newest("categories: [Yard]\ndraft: true\n")
	s.until("it is a draft", s.everywhere("The mast is stepped", false))
	check("a draft")
	contains(t, "the ledger", read(t, "feedwright.ledger"), `{"feed_date":{"feed":"/atom.xml","at":"2026-03-09T10:00:00.000Z"}}`)
}

func TestSwitchingCommitsKeepsIDsAndBytes(t *testing.T) {
	dir := repository(t)
	s := serve(t)
	// The ledger is kept beside git here: checking an old one out must not make
	// the program forget.
	write(t, map[string]string{".gitignore": "feedwright.db*\nfeedwright.ledger*\npublic/\n"})
	first := committed(t, dir, "first")
	ids := s.ids()
	write(t, map[string]string{
		"articles/ferry.md": strings.Replace(article1, "four months", "eleven months", 1),
		"articles/new.txt":  "The light is out\n\nPublication date: 2026-02-20 09:00\n\nIt will be lit again when the oil has come.\n",
	})
	git(t, dir, "mv", "articles/undated.txt", "articles/harbour/buoy.txt")
	git(t, dir, "rm", "-q", "articles/old.txt")
	second := committed(t, dir, "second")
	after := func() bool {
		return s.everywhere("eleven months", true)() && s.everywhere("The light is out", true)() && s.everywhere("The net is mended", false)()
	}
	s.until("the second commit is served", after)
	for title, id := range s.ids() {
		if was, ok := ids[title]; ok && was != id {
			t.Errorf("%q was %s, is %s", title, was, id)
		}
		ids[title] = id
	}
	var want [2]map[string]string
	for round := range 3 {
		for i, at := range []string{first, second} {
			git(t, dir, "checkout", "-q", at)
			if i == 0 {
				s.until("the first commit is served again", func() bool {
					return s.everywhere("four months", true)() && s.everywhere("The light is out", false)() && s.everywhere("The net is mended", true)()
				})
			} else {
				s.until("the second commit is served again", after)
			}
			now := s.ids()
			for title, id := range now {
				if ids[title] != id {
					t.Errorf("%q was %s, is %s", title, ids[title], id)
				}
			}
			docs := s.documents()
			for path := range docs { // tombstones tell how often an article went
				if strings.Contains(path, "atom") {
					delete(docs, path)
				}
			}
			if round > 1 { // in the first the feeds' own dates still rise: they never fall
				sameDocuments(t, "back at commit "+at, docs, want[i])
			}
			want[i] = docs
		}
	}
	if titles := slices.Sorted(func(yield func(string) bool) {
		for title := range s.ids() {
			if !yield(title) {
				return
			}
		}
	}); len(titles) != 4 {
		t.Errorf("in the end there are %q", titles)
	}
}
