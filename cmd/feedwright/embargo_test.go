package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// secret is an article of tomorrow with names, a picture and an end of its own.
func secret() string {
	return fmt.Sprintf(`---
title: The minister resigns
date: %s
expires: %s
categories: [Harbour, Scandal, C++, "world NEWS"]
tags: [ferry, resignation]
author: Leaked Person
lang: uk
image: minister.png
slug: minister
---
Nobody may know it yet, not by a word of it.
`, time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339), time.Now().Add(48*time.Hour).UTC().Format(time.RFC3339))
}

// TestEmbargoBetraysNothingAnywhere: with and without an article of tomorrow
// the site is the same, byte for byte, and so is every answer to a probe.
func TestEmbargoBetraysNothingAnywhere(t *testing.T) {
	folder(t)
	write(t, map[string]string{ // it is read after the article of tomorrow, whose categories take nothing from it
		"articles/tongues.md": "---\ntitle: On tongues\ndate: 2026-01-02\ncategories: [\"C#\", World news]\n---\nIt is about languages.\n",
	})
	good(t, "build", "--out", "without", "--db", "sqlite:without.db", "--ledger", "without.ledger")
	probes := []string{
		"/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/", "/rss.xml?q=minister", "/category/harbour/rss.xml", "/rss.xml?since=24h",
		"/category/scandal/rss.xml", "/category/scandal/", "/tag/resignation/atom.xml", "/tag/ferry/rss.xml", "/author/leaked-person/feed.json", "/lang/uk/rss.xml",
		"/article/minister/", "/article/the-minister-resigns/", "/media/minister.png", "/minister.md", "/media/minister.md",
		"/rss.xml?category=scandal", "/rss.xml?category=-scandal", "/rss.xml?lang=uk", "/rss.xml?after=2026-01-01", "/category/scandel/", "/article/ministe/",
	}
	answers := func(args ...string) map[string]string {
		s := serve(t, args...)
		defer s.end()
		out := map[string]string{}
		for _, p := range probes {
			code, h, body := s.get(p, "")
			out[p] = fmt.Sprint(code, h.Get("ETag"), h.Get("Cache-Control"), body)
		}
		return out
	}
	before := answers("--db", "sqlite:without.db", "--ledger", "without.ledger")

	write(t, map[string]string{"articles/minister.md": secret(), "articles/minister.png": onePixel})
	good(t, "build", "--out", "with", "--db", "sqlite:with.db", "--ledger", "with.ledger")
	want, got := filesBelow(t, "without"), filesBelow(t, "with")
	delete(want, "manifest.json") // it holds the second of the build
	delete(got, "manifest.json")
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is there only with the article of tomorrow", name)
		}
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is another one with the article of tomorrow:\n%s\nwant\n%s", name, got[name], text)
		}
	}
	for path, text := range answers("--db", "sqlite:with.db", "--ledger", "with.ledger") {
		if text != before[path] {
			t.Errorf("%s answers\n%s\nwithout the article of tomorrow\n%s", path, text, before[path])
		}
		if strings.Contains(text, "eaked") || strings.Contains(text, "inister resigns") {
			t.Errorf("%s tells of it:\n%s", path, text)
		}
	}
	if code := strings.HasPrefix(before["/article/minister/"], fmt.Sprint(http.StatusNotFound)); !code {
		t.Errorf("a page that there is not answers %.80s", before["/article/minister/"])
	}
}
