//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shown is what a reader must show of an article.
type shown struct {
	title      string
	published  string // RFC 3339
	authors    []string
	categories []string // categories, then tags
	words      string   // of the content
	enclosure  string   // last part of its URL, or ""
}

// newsroom fills a site's folder with an article of each kind and gives what
// readers must show of them, newest first.
func newsroom(s *site) []shown {
	s.t.Helper()
	s.article("harbour/ferry.md", `---
title: "Fish & chips < 5 crowns on the \"Agnes\""
date: 2025-11-21 09:00
authors: [Marta Linde, Ole Brandt]
categories: [Harbour, Food & Drink]
tags: [ferry]
audio: bells.mp3
source: { title: The Wire & Sons, url: "https://wire.example.org/ferry?a=1&b=2" }
related: [{ title: "Fish < chips", url: "https://wire.example.org/fish" }]
via: https://wire.example.org/seen
---
The kitchen of the ferry has **reopened**, with four dishes & one soup.
`)
	s.put("articles/harbour/bells.mp3", silence(200))
	s.article("маяк.txt", `На молу знову світить маяк
Категорія
Harbour
Дата публікації
20 листопада 2025, 20:10
Автор
Оксана Береза

Після семи років темряви маяк на північному молу знову працює. Лінзу 1889 року залишили.

Перший вечір зібрав на набережній близько двохсот людей.
`)
	s.article("museums.html", `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Night of the museums</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Night of the museums",
"datePublished": "2025-11-19T16:45:00Z", "author": {"@type": "Person", "name": "Ines Aalto"}, "articleSection": "Culture"}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Night of the museums</h1><p>For one night the harbour crane of 1902 lifts
visitors instead of crates, twelve at a time, in a basket that the shipyard has built.</p><p>Tickets are three crowns and can be
had at any of the doors.</p></article><footer>Subscribe to our newsletter!</footer></body></html>
`)
	s.article("bay.json", `{"title": "Why the bay glowed", "content_html": "<p>It was <em>Noctiluca scintillans</em>, a creature of one cell.</p>",
"date_published": "2025-11-18T08:15:00+01:00", "authors": [{"name": "Hanna Roos"}], "tags": ["science"]}`)
	s.article("opinion.md", `+++
title = "A car park less"
date = 2025-11-17T09:00:00Z
authors = ["Ole Brandt"]
categories = ["Opinion"]
+++
A crane stays where it is.
`)
	return []shown{
		{`Fish & chips < 5 crowns on the "Agnes"`, "2025-11-21T09:00:00Z", []string{"Marta Linde", "Ole Brandt"}, []string{"Harbour", "Food & Drink", "ferry"}, "with four dishes", "bells.mp3"},
		{"На молу знову світить маяк", "2025-11-20T20:10:00Z", []string{"Оксана Береза"}, []string{"Harbour"}, "близько двохсот людей", ""},
		{"Night of the museums", "2025-11-19T16:45:00Z", []string{"Ines Aalto"}, []string{"Culture"}, "twelve at a time", ""},
		{"Why the bay glowed", "2025-11-18T07:15:00Z", []string{"Hanna Roos"}, []string{"science"}, "Noctiluca scintillans", ""},
		{"A car park less", "2025-11-17T09:00:00Z", []string{"Ole Brandt"}, []string{"Opinion"}, "A crane stays where it is", ""},
	}
}

// silence is an MP3 of so many frames of nothing, 26 ms each.
func silence(frames int) string {
	frame := append([]byte{0xff, 0xfb, 0x90, 0x64}, bytes.Repeat([]byte{0}, 413)...)
	return string(bytes.Repeat(frame, frames))
}

// samples fills a site's folder with the project's own sample articles.
func samples(s *site) {
	s.t.Helper()
	s.copyIn("../testdata/articles", "articles")
}

// copyIn copies a tree of files into the site's folder.
func (s *site) copyIn(from, to string) {
	s.t.Helper()
	n := 0
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		n++
		s.put(to+"/"+filepath.ToSlash(rel), string(b))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if n == 0 {
		s.t.Fatalf("there is nothing in %s", from)
	}
}

// seen is an article as some reader understood it.
type seen struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Link       string   `json:"link"`
	Published  int64    `json:"published"` // Unix seconds
	Authors    []string `json:"authors"`
	Categories []string `json:"categories"`
	Content    string   `json:"content"`
	Enclosure  string   `json:"enclosure"`
}

// lacks says what a reader cannot show by its nature.
type lacks struct {
	coauthors  bool // it knows the first author only
	lists      bool // it shows authors as one line of text, or one of them
	categories bool
	enclosures bool
	edits      bool // it never takes a changed text over
}

// compare fails unless the reader shows exactly what it must.
func compare(t *testing.T, s *site, want []shown, got []seen, not lacks) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d articles are shown instead of %d: %+v", len(got), len(want), got)
	}
	byTitle := map[string]seen{}
	ids := map[string]bool{}
	for _, g := range got {
		byTitle[g.Title], ids[g.ID] = g, true
	}
	if len(ids) != len(got) {
		t.Errorf("%d ids for %d articles", len(ids), len(got))
	}
	for _, w := range want {
		g, ok := byTitle[w.title]
		if !ok {
			t.Errorf("%q is not shown, only %q", w.title, titles(got))
			continue
		}
		at, err := time.Parse(time.RFC3339, w.published)
		if err != nil {
			t.Fatal(err)
		}
		check := func(what string, ok bool, got any) {
			if !ok {
				t.Errorf("%s: %s is %#v", w.title, what, got)
			}
		}
		check("the date", g.Published == at.Unix(), time.Unix(g.Published, 0).UTC())
		check("the link", strings.HasPrefix(g.Link, "http://"+s.public+"/article/"), g.Link)
		check("the content", strings.Contains(g.Content, w.words), g.Content)
		if not.coauthors {
			w.authors = w.authors[:1]
		}
		named := fmt.Sprint(g.Authors) == fmt.Sprint(w.authors)
		if not.lists {
			named = slices.ContainsFunc(w.authors, func(name string) bool { return strings.Contains(strings.Join(g.Authors, "\n"), name) })
		}
		check("the authors", named, g.Authors)
		check("the categories", not.categories || fmt.Sprint(g.Categories) == fmt.Sprint(w.categories), g.Categories)
		check("the enclosure", not.enclosures || w.enclosure == "" && g.Enclosure == "" || w.enclosure != "" && strings.Contains(g.Enclosure, "/"+w.enclosure+"?v="), g.Enclosure)
	}
}

func titles(list []seen) []string {
	var out []string
	for _, g := range list {
		out = append(out, g.Title)
	}
	return out
}
