package main

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"
)

// told is one article as the three formats tell of it.
type told struct {
	id, text           string
	published, updated time.Time
}

func parseTime(t *testing.T, layout, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// article gives the article of a title as each format tells of it. Where a
// format leaves updated out, it is published.
func (s *serving) article(title string) map[string]told {
	s.t.Helper()
	all := map[string]told{}
	var rss struct {
		Items []struct {
			Title   string `xml:"title"`
			GUID    string `xml:"guid"`
			Date    string `xml:"pubDate"`
			Updated string `xml:"http://www.w3.org/2005/Atom updated"`
			Content string `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
		} `xml:"channel>item"`
	}
	var atom struct {
		Entries []struct {
			Title     string `xml:"title"`
			ID        string `xml:"id"`
			Published string `xml:"published"`
			Updated   string `xml:"updated"`
			Content   string `xml:"content"`
		} `xml:"entry"`
	}
	var js struct {
		Items []struct {
			Title, ID string
			Published string `json:"date_published"`
			Updated   string `json:"date_modified"`
			Content   string `json:"content_html"`
		}
	}
	for path, into := range map[string]any{"/rss.xml": &rss, "/atom.xml": &atom, "/feed.json": &js} {
		_, _, b := s.get(path, "")
		decode := xml.Unmarshal
		if path == "/feed.json" {
			decode = json.Unmarshal
		}
		if err := decode([]byte(b), into); err != nil {
			s.t.Fatalf("%s: %v", path, err)
		}
	}
	add := func(format string, x told) {
		if x.updated.IsZero() {
			x.updated = x.published
		}
		all[format] = x
	}
	for _, i := range rss.Items {
		if i.Title == title {
			add("rss", told{i.GUID, i.Content, parseTime(s.t, time.RFC1123, i.Date), parseTime(s.t, time.RFC3339, i.Updated)})
		}
	}
	for _, i := range atom.Entries {
		if i.Title == title {
			add("atom", told{i.ID, i.Content, parseTime(s.t, time.RFC3339, i.Published), parseTime(s.t, time.RFC3339, i.Updated)})
		}
	}
	for _, i := range js.Items {
		if i.Title == title {
			add("json", told{i.ID, i.Content, parseTime(s.t, time.RFC3339, i.Published), parseTime(s.t, time.RFC3339, i.Updated)})
		}
	}
	return all
}

const dredger = `---
title: The dredger stays
date: 2026-03-02T10:00:00Z
EXTRA---
The board met on Tuesday and weighed the plan against the costs of last year, which were higher than any survey had foreseen.
Fishermen left the hall before the vote, and the two boats that were asked for will not be bought before the winter is over.
`

func TestCorrectionsAreToldInEveryFormat(t *testing.T) {
	folder(t)
	text := func(extra, from, to string) map[string]string {
		return map[string]string{"articles/dredger.md": strings.Replace(strings.Replace(dredger, "EXTRA", extra, 1), from, to, 1)}
	}
	write(t, text("", "", ""))
	s := serve(t)
	published := parseTime(t, time.RFC3339, "2026-03-02T10:00:00Z")
	step := func(what, sign string, updated func(time.Time) bool) {
		t.Helper()
		s.until(what+" is in all formats", s.everywhere(sign, true))
		all := s.article("The dredger stays")
		if len(all) != 3 {
			t.Fatalf("%s: %v", what, all)
		}
		for format, x := range all {
			if !x.published.Equal(published) || x.id != all["json"].id {
				t.Errorf("%s: %s has id %s of %v", what, format, x.id, x.published)
			}
			if !updated(x.updated) || !x.updated.Equal(all["atom"].updated.Truncate(time.Second)) && !x.updated.Equal(all["atom"].updated) {
				t.Errorf("%s: %s says updated %v, Atom %v", what, format, x.updated, all["atom"].updated)
			}
		}
	}
	same := func(u time.Time) bool { return u.Equal(published) }
	step("the article", "met on Tuesday", same)

	write(t, text("", "Tuesday", "Wednesday"))
	step("a small edit", "met on Wednesday", same)

	write(t, text("updated: 2026-03-05T12:00:00Z\n", "Tuesday", "Thursday"))
	own := parseTime(t, time.RFC3339, "2026-03-05T12:00:00Z")
	step("a date of its own", "met on Thursday", func(u time.Time) bool { return u.Equal(own) })

	write(t, text("updated: 2026-03-05T12:00:00Z\ncorrection: The day was given wrongly.\n", "Tuesday", "Friday"))
	step("a note", "The day was given wrongly.", func(u time.Time) bool { return u.Equal(own) })
	for format, x := range s.article("The dredger stays") {
		if note, body := strings.Index(x.text, "given wrongly"), strings.Index(x.text, "met on Friday"); note < 0 || note > body {
			t.Errorf("%s does not show the note at the top: %s", format, x.text)
		}
	}
	_, _, page := s.get("/article/the-dredger-stays/", "")
	if note, body := strings.Index(page, "given wrongly"), strings.Index(page, `<div class="body">`); note < 0 || note > body {
		t.Errorf("the page does not show the note at the top:\n%s", page)
	}

	before := time.Now().Add(-time.Second)
	write(t, text("updated: 2026-03-05T12:00:00Z\n", "weighed the plan against the costs of last year", "threw the plan out after a night of talks that nobody had thought possible"))
	step("a large change", "nobody had thought possible", func(u time.Time) bool { return u.After(before) })
}

func TestFarDatesAreQuestionedByCheck(t *testing.T) {
	folder(t)
	write(t, map[string]string{
		"articles/ahead.md": "---\ntitle: Ahead\ndate: 2206-11-22\n---\nSomebody turned two digits round.\n",
		"articles/long.md":  "---\ntitle: Long ago\ndate: 1970-01-01\n---\nThe clock was empty.\n",
	})
	for range 2 { // new files, then known ones
		said := feedwright(t, "check")
		contains(t, "check", said.out, "ahead.md: its date 2206-11-22 is more than a year ahead", "long.md: its date 1970-01-01 is before there was a web")
		if n := strings.Count(said.out, "ahead.md: its date"); n != 1 {
			t.Errorf("it is said %d times:\n%s", n, said.out)
		}
		good(t, "build", "--out", "public")
	}
	if strings.Contains(read(t, "public/rss.xml"), "Ahead") {
		t.Error("an article of the far future is published")
	}
}
