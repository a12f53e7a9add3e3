package main

import (
	"encoding/json"
	"net"
	"slices"
	"testing"
	"time"

	"feedwright/lint"
)

// TestEveryFeedOfTheSampleSiteIsCleanWhenPolled asks a running server for every
// feed of the sample articles as readers do — whole, packed and plain, then with
// each validator — and wants nothing found, not so much as a hint.
func TestEveryFeedOfTheSampleSiteIsCleanWhenPolled(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	sampleSite(t, "http://"+address)
	s := serve(t, "--listen", address)

	var list []feedView
	if err := json.Unmarshal([]byte(good(t, "feeds", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	kinds := map[lint.Kind]int{}
	poll := func(url string) {
		page, kind, findings, err := lint.Poll(t.Context(), url, lint.FetchOptions{Now: time.Now})
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		kinds[kind]++
		if page.Status != 200 {
			t.Errorf("%s: %d", url, page.Status)
		}
		for _, f := range findings {
			t.Errorf("%s:%d:%d: %s %s (%s): %s", url, f.Line, f.Column, f.Severity, f.Rule, f.Clause, f.Message)
		}
	}
	groups := []string{}
	for _, f := range list {
		groups = append(groups, f.Group)
		for _, url := range f.Addresses {
			poll(url)
		}
	}
	for _, path := range []string{"/feeds.opml", "/atom.xml?q=category%3Aharbour+-category%3Aopinion", "/rss.xml?limit=2", "/feed.json?q=crane"} {
		poll(s.url + path)
	}
	for _, want := range []string{"all", "category", "tag", "author", "lang"} {
		if !slices.Contains(groups, want) {
			t.Errorf("no feed of the group %s among %q", want, groups)
		}
	}
	if kinds[lint.RSS] < 10 || kinds[lint.Atom] < 10 || kinds[lint.JSONFeed] < 10 || kinds[lint.OPML] != 1 {
		t.Errorf("only so many documents were polled: %v", kinds)
	}
}
