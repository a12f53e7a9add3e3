package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// topics are words that stand nowhere in a file but where it names its
// categories, and none in another, so that grep can count them.
var topics = strings.Fields("Harbour Opinion Budget Weather Fisheries Schools Railway Theatre Chess Gardens Elections Économie Море")

// topical writes a file that names topics in one of the ways people do.
func topical(r *rand.Rand, n int, has []string) (name, text string) {
	var named []string
	for _, t := range has {
		named = append(named, []string{t, strings.ToUpper(t), strings.ToLower(t)}[r.IntN(3)])
	}
	body := fmt.Sprintf("\nThe %dth piece says little.\n", n)
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("articles/%d.md", n), "---\ntitle: Piece " + fmt.Sprint(n) + "\ncategories:\n  - " + strings.Join(named, "\n  - ") + "\n---\n" + body
	case 1:
		return fmt.Sprintf("articles/a/%d.md", n), "---\ntitle: Piece " + fmt.Sprint(n) + "\ntopics: [" + strings.Join(named, ", ") + "]\n---\n" + body
	case 2:
		return fmt.Sprintf("articles/b/%d.txt", n), fmt.Sprintf("Piece %d\n\nCategory: %s\n", n, strings.Join(named, ", ")) + body
	}
	return fmt.Sprintf("articles/c/%d.md", n), "+++\ntitle = \"Piece " + fmt.Sprint(n) + "\"\ncategories = [\"" + strings.Join(named, "\", \"") + "\"]\n+++\n" + body
}

// TestCountsAreThoseOfGrep: what feeds hold of each topic and of a hundred
// combinations is what a search through the files themselves finds.
func TestCountsAreThoseOfGrep(t *testing.T) {
	t.Chdir(t.TempDir())
	r := rand.New(rand.NewPCG(11, 4))
	files := map[string]string{"config.yaml": "site: { id: 5d0d2f0e-43a4-4f6c-9f3b-0b8f2c9a1a11, title: Tidings, url: \"https://tidings.example.org\" }\nsource: { learn: false }\n"}
	for n := range 240 {
		shuffled := slices.Clone(topics)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		name, text := topical(r, n, shuffled[:1+r.IntN(4)])
		files[name] = text
	}
	write(t, files)
	s := serve(t)
	texts := grepped(t)
	count := func(holds func(text string) bool) int {
		n := 0
		for _, text := range texts {
			if holds(text) {
				n++
			}
		}
		return n
	}
	ask := func(filter string, want int) {
		t.Helper()
		code, _, body := s.get("/feed.json?limit=500&q="+url.QueryEscape(filter), "")
		var got struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &got); code != http.StatusOK || err != nil {
			t.Fatalf("%s: status %d, %v", filter, code, err)
		}
		if len(got.Items) != want {
			t.Errorf("%s holds %d articles, grep finds %d", filter, len(got.Items), want)
		}
	}
	for _, topic := range topics {
		ask("category:"+topic, count(grep(topic)))
	}
	for range 100 {
		filter, holds := combination(r, 3)
		ask(filter, count(holds))
	}
	_, _, body := s.get("/categories.json", "")
	var list struct {
		Categories []struct {
			Name  string
			Count int
		}
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Categories) != len(topics) {
		t.Fatalf("%d categories, %v", len(list.Categories), err)
	}
	for _, c := range list.Categories {
		if want := count(grep(c.Name)); c.Count != want {
			t.Errorf("categories.json counts %d of %s, grep finds %d", c.Count, c.Name, want)
		}
	}
}

// grepped reads the articles' files.
func grepped(t *testing.T) []string {
	t.Helper()
	var texts []string
	for _, pattern := range []string{"articles/*.*", "articles/*/*.*"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, strings.ToLower(string(b)))
		}
	}
	if len(texts) != 240 {
		t.Fatalf("%d files", len(texts))
	}
	return texts
}

func grep(topic string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, strings.ToLower(topic)) }
}

// combination is a random filter of topics, and the same of greps.
func combination(r *rand.Rand, depth int) (string, func(string) bool) {
	if depth == 0 || r.IntN(4) == 0 {
		topic := topics[r.IntN(len(topics))]
		return "category:" + topic, grep(topic)
	}
	a, one := combination(r, depth-1)
	if r.IntN(4) == 0 {
		return "-(" + a + ")", func(s string) bool { return !one(s) }
	}
	b, two := combination(r, depth-1)
	if r.IntN(2) == 0 {
		return "(" + a + " OR " + b + ")", func(s string) bool { return one(s) || two(s) }
	}
	return "(" + a + " " + b + ")", func(s string) bool { return one(s) && two(s) }
}
