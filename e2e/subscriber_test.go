//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// subscriber is somebody who reads all that is new at each poll: in newsboat,
// and in a reader made with gofeed that knows items by their id.
type subscriber struct {
	t     *testing.T
	url   string
	boat  *newsboat        // nil for a format that it does not read
	known map[string]int64 // published, by id, as gofeed understood it
	dates map[string]int64 // the same in newsboat
}

func newSubscriber(t *testing.T, url string) *subscriber {
	u := &subscriber{t: t, url: url, known: map[string]int64{}, dates: map[string]int64{}}
	if !strings.HasSuffix(url, ".json") {
		n := newNewsboat(t, url).(newsboat)
		u.boat = &n
	}
	return u
}

const newsboatRead = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
n = db.execute('UPDATE rss_item SET unread = 0 WHERE unread = 1').rowcount
db.commit()
print(n)
`

// news polls once with each reader, says how many items newsboat and gofeed
// take for new, and reads them.
func (u *subscriber) news() (boat, parser int) {
	u.t.Helper()
	f, err := gofeed.NewParser().ParseURL(u.url)
	if err != nil {
		u.t.Fatal(err)
	}
	once := map[string]bool{}
	for _, i := range f.Items {
		if once[i.GUID] {
			u.t.Errorf("%s holds %q twice", u.url, i.Title)
		}
		once[i.GUID] = true
		if u.sameDate("gofeed", u.known, i.GUID, i.Title, i.PublishedParsed.Unix()) {
			parser++
		}
	}
	if u.boat == nil {
		return 0, parser
	}
	u.boat.run(u.t, "reload")
	var got []seen
	ask(u.t, &got, u.boat.python, "-c", newsboatQuery, u.boat.dir+"/cache.db")
	for _, g := range got {
		u.sameDate("newsboat", u.dates, g.ID, g.Title, g.Published)
	}
	if _, err := fmt.Sscan(u.boat.run(u.t, "print-unread"), &boat); err != nil {
		u.t.Fatal(err)
	}
	marked := 0
	if ask(u.t, &marked, u.boat.python, "-c", newsboatRead, u.boat.dir+"/cache.db"); marked != boat {
		u.t.Errorf("newsboat counts %d unread and keeps %d", boat, marked)
	}
	return boat, parser
}

// sameDate notes an item's date, which must stay, and says whether the item is
// new.
func (u *subscriber) sameDate(who string, dates map[string]int64, id, title string, at int64) bool {
	was, known := dates[id]
	if known && was != at && was > 0 { // Hugo dates what has no date to the year 1
		u.t.Errorf("%s: %s was of %d, is of %d", who, title, was, at)
	}
	dates[id] = at
	return !known
}

// audience is one subscriber to each format.
type audience []*subscriber

func newAudience(t *testing.T, s *site) audience {
	var all audience
	for _, f := range formats {
		all = append(all, newSubscriber(t, s.url("/"+f)))
	}
	return all
}

// see polls twice, at once and when what was done is served, and fails unless
// that many items were news in all.
func (a audience) see(step string, settled func(), want int) {
	counts := make([][2]int, len(a))
	look := func() {
		for i, u := range a {
			boat, parser := u.news()
			counts[i][0] += boat
			counts[i][1] += parser
		}
	}
	look()
	settled()
	look()
	for i, u := range a {
		u.t.Helper()
		u.t.Logf("%-34s %-9s new in newsboat %d, in gofeed %d", step, u.url[strings.LastIndexByte(u.url, '/')+1:], counts[i][0], counts[i][1])
		if counts[i][1] != want || u.boat != nil && counts[i][0] != want {
			u.t.Errorf("%s: %s has %d new items in newsboat, %d in gofeed, want %d", step, u.url, counts[i][0], counts[i][1], want)
		}
	}
}

// known waits until the program knows the file as the article of that id, from
// which on nothing of a rename is still to come.
func (s *site) known(path, id string) {
	s.t.Helper()
	s.await(path+" is known as "+id, func() error {
		out, err := feedwright(s.dir, "why", "articles/"+path).CombinedOutput()
		if err == nil && strings.Contains(string(out), id) {
			return nil
		}
		return fmt.Errorf("%v: %s", err, out)
	})
}

// calm is a second text that is like no other.
const calm = `Nothing moved on the water this morning. The pilots played cards, the gulls walked,
and the master of the ferry said that he could have rowed her over. It is the ninth such day of
this month, which the oldest log of the station, begun in 1871, has seen only twice.`

// subscribed is a story of the Weather that knows more than story: lines are
// further lines of its head.
func subscribed(title, words string, lines ...string) string {
	return strings.Replace(story(title, "Weather", words), "\nauthor:", "\n"+strings.Join(append(lines, "author:"), "\n"), 1)
}

// siteAt is the config of the tests below, as readers reach it at url.
func siteAt(url string) string {
	return "site: {title: The Lantern, url: \"" + url + "\"}\nsource: {grace: 1s}"
}

// subscribedSite is a site of three articles and readers who have seen them.
func subscribedSite(t *testing.T) (*site, audience) {
	t.Helper()
	s := newSite(t, siteAt("http://news.example.org"))
	s.article("gale.md", story("Gale warning", "Weather", gale))
	s.article("calm.md", story("A calm sea", "Weather", calm))
	s.article("undated.txt", "The buoy is lit\n\nSince the storm nobody had seen it, and the keeper rowed out by himself to put in a new lamp.\n")
	s.start()
	readers := newAudience(t, s)
	readers.see("first sight", func() {}, 3)
	return s, readers
}

// TestNothingAWriterDoesIsNewsTwice: what happens to an article in its life is
// no news to those who have read it, in any format, and a new article is news
// to all, once.
func TestNothingAWriterDoesIsNewsTwice(t *testing.T) {
	t.Parallel()
	s, readers := subscribedSite(t)
	id, buoy := s.titled("Gale warning").ID, s.titled("The buoy is lit").ID

	s.move("articles/gale.md", "articles/storm.md")
	readers.see("rename", func() { s.known("storm.md", id) }, 0)

	text := strings.Replace(gale, "nets on the quay", "nets on the mole", 1)
	s.article("storm.md", story("Gale warning", "Weather", text))
	readers.see("typo fix", func() { s.in("nets on the mole", "/") }, 0)

	s.remove("articles/storm.md")
	text = strings.Replace(text, "about nine", "about ten", 1)
	s.article("north-wester.md", story("Gale warning", "Weather", text))
	readers.see("rename and edit in one step", func() { s.in("about ten", "/"); s.known("north-wester.md", id) }, 0)

	s.article("north-wester.md", subscribed("Gale warning", text, "updated: 2025-11-21 10:00", "correction: The smokehouse stood in another garden."))
	readers.see("correction", func() { s.in("another garden", "/") }, 0)
	if it := s.titled("Gale warning"); it.Modified != "2025-11-21T10:00:00Z" || it.Published != "2025-11-20T09:00:00Z" {
		t.Errorf("corrected, it is of %s, modified %s", it.Published, it.Modified)
	}

	s.move("articles/north-wester.md", "articles/harbour/2025/north-wester.md")
	s.move("articles/undated.txt", "articles/harbour/buoy.txt")
	readers.see("move between folders", func() { s.known("harbour/2025/north-wester.md", id); s.known("harbour/buoy.txt", buoy) }, 0)

	s.article("calm.md", story("A calm sea", "Harbour, Life", calm))
	readers.see("another category", func() { s.in("A calm sea", "/category/life/") }, 0)

	s.remove("articles/calm.md")
	readers.see("deletion", func() { s.gone("A calm sea", "/"); s.pageIs("/article/a-calm-sea/", 410) }, 0)
	s.article("calm.md", story("A calm sea", "Harbour, Life", calm))
	readers.see("restoration", func() { s.in("A calm sea", "/", "/category/life/") }, 0)

	s.article("fog.md", story("Fog in the sound", "Weather", "The horn is heard since midnight."))
	readers.see("a new article", func() { s.in("Fog in the sound", "/") }, 1)
	readers.hold(4)
}

// TestNothingThatHappensToTheSiteIsNews: neither is a move of the whole site,
// nor the loss of the program's memory.
func TestNothingThatHappensToTheSiteIsNews(t *testing.T) {
	t.Parallel()
	s, readers := subscribedSite(t)
	s.move("articles/undated.txt", "articles/buoy.txt") // from now on only the ledger knows it
	readers.see("rename", func() { s.known("buoy.txt", s.titled("The buoy is lit").ID) }, 0)

	s.stop()
	s.put("config.yaml", siteAt("https://lantern.example.com"))
	s.start()
	readers.see("another host, and https", func() { s.in("https://lantern.example.com/article/gale-warning/", "/") }, 0)

	s.article("gale.md", subscribed("Gale warning", gale, "slug: 2025-11-20-gale"))
	s.article("calm.md", subscribed("A calm sea", calm, "link: https://calm.example.net/2025/11/calm.html"))
	readers.see("another form of addresses", func() {
		s.in("lantern.example.com/article/2025-11-20-gale/", "/")
		s.in("https://calm.example.net/2025/11/calm.html", "/")
		s.pageIs("/article/gale-warning/", 301)
	}, 0)

	s.stop()
	for _, name := range []string{"feedwright.db", "feedwright.db-wal", "feedwright.db-shm"} {
		s.remove(name)
	}
	s.start()
	readers.see("the loss of the database", func() {}, 0)

	s.article("thaw.md", story("Thaw", "Weather", "It drips from every roof."))
	readers.see("a new article", func() { s.in("Thaw", "/") }, 1)
	readers.hold(4)
}

// hold fails unless newsboat keeps that many items, each once.
func (a audience) hold(want int) {
	for _, u := range a {
		if u.boat == nil {
			continue
		}
		u.t.Helper()
		var got []seen
		ask(u.t, &got, u.boat.python, "-c", newsboatQuery, u.boat.dir+"/cache.db")
		if names := map[string]bool{}; len(got) != want {
			u.t.Errorf("in the end newsboat holds %d items, want %d: %q", len(got), want, titles(got))
		} else {
			for _, g := range got {
				name := fmt.Sprint(g.Title, g.Published)
				if names[name] {
					u.t.Errorf("newsboat holds %q twice", g.Title)
				}
				names[name] = true
			}
		}
	}
}

// pageIs waits until a page answers so.
func (s *site) pageIs(path string, code int) {
	s.t.Helper()
	s.await(fmt.Sprintf("%s answers %d", path, code), func() error {
		r, err := s.ask(s.url(path))
		if err == nil && r.code != code {
			err = fmt.Errorf("it answers %d", r.code)
		}
		return err
	})
}
