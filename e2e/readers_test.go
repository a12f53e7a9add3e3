//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// subscription is a real feed reader that keeps what it has seen.
type subscription interface {
	// poll asks the feed once and gives all articles that the reader now shows.
	poll(t *testing.T) []seen
}

// TestReadersShowEveryArticle subscribes real readers to real feeds, and then
// does to the folder what writers do.
func TestReadersShowEveryArticle(t *testing.T) {
	for _, r := range []struct {
		name    string
		formats []string
		not     lacks
		make    func(t *testing.T, url string) subscription
	}{
		{"newsboat", []string{"rss.xml", "atom.xml"}, lacks{lists: true, categories: true}, newNewsboat},
		{"feedparser", []string{"rss.xml", "atom.xml"}, lacks{}, newFeedparser},
		{"sfeed", []string{"rss.xml", "atom.xml"}, lacks{lists: true, edits: true}, newSfeed},
		{"gofeed", []string{"rss.xml"}, lacks{coauthors: true}, newGofeed},
		{"gofeed", []string{"atom.xml", "feed.json"}, lacks{}, newGofeed},
		{"rss-parser", []string{"rss.xml"}, lacks{coauthors: true}, newNPM("rss-parser")},
		{"rss-parser", []string{"atom.xml"}, lacks{coauthors: true, categories: true, enclosures: true}, newNPM("rss-parser")},
		{"feedsmith", []string{"rss.xml", "atom.xml", "feed.json"}, lacks{}, newNPM("feedsmith")},
		{"feedparser of npm", []string{"rss.xml", "atom.xml"}, lacks{}, newNPM("feedparser")},
	} {
		for _, f := range r.formats {
			t.Run(r.name+"/"+f, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, "site: {title: The Lantern}")
				want := newsroom(s)
				s.start()
				sub := r.make(t, s.url("/"+f))
				first := sub.poll(t)
				compare(t, s, want, first, r.not)

				// A typing error mended: the same articles, the new text.
				s.article("opinion.md", "+++\ntitle = \"A car park less\"\ndate = 2025-11-17T09:00:00Z\nauthors = [\"Ole Brandt\"]\ncategories = [\"Opinion\"]\n+++\nA crane stays where it is now.\n")
				if !r.not.edits {
					want[4].words = "stays where it is now"
				}
				s.in("stays where it is now", "/")
				compare(t, s, want, sub.poll(t), r.not)

				// The file renamed: nothing to be seen.
				s.move("articles/bay.json", "articles/glow.json")
				s.article("harbour/pilot.md", "---\ntitle: The pilot retires\ndate: 2025-11-22 07:00\nauthor: Jonas Wik\ncategories: [Harbour]\n---\nAfter forty years at the mole.\n")
				s.in("The pilot retires", "/")
				want = append([]shown{{"The pilot retires", "2025-11-22T07:00:00Z", []string{"Jonas Wik"}, []string{"Harbour"}, "forty years", ""}}, want...)
				last := sub.poll(t)
				compare(t, s, want, last, r.not)
				ids := map[string]string{}
				for _, g := range last {
					ids[g.Title] = g.ID
				}
				for _, g := range first {
					if ids[g.Title] != g.ID {
						t.Errorf("%s had the id %s and now has %s", g.Title, g.ID, ids[g.Title])
					}
				}
			})
		}
	}
}

// newsboat keeps its articles in a database, of which python tells.
type newsboat struct{ program, python, dir string }

func newNewsboat(t *testing.T, url string) subscription {
	n := newsboat{program(t, "newsboat", "newsboat"), python(t), t.TempDir()}
	for name, text := range map[string]string{"urls": url + "\n", "config": "auto-reload no\n"} {
		if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func (n newsboat) run(t *testing.T, act string) string {
	t.Helper()
	c := exec.Command(n.program, "-u", n.dir+"/urls", "-c", n.dir+"/cache.db", "-C", n.dir+"/config", "-x", act)
	c.Env = append(os.Environ(), "HOME="+n.dir, "TERM=dumb")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("newsboat -x %s: %v\n%s", act, err, out)
	}
	return string(out)
}

const newsboatQuery = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
q = 'SELECT guid, title, url, pubDate, author, content, enclosure_url FROM rss_item WHERE deleted = 0'
print(json.dumps([dict(id=g, title=t, link=u, published=p, authors=[a], content=c, enclosure=e or '') for g, t, u, p, a, c, e in db.execute(q)]))
`

func (n newsboat) poll(t *testing.T) []seen {
	t.Helper()
	n.run(t, "reload")
	var got []seen
	ask(t, &got, n.python, "-c", newsboatQuery, n.dir+"/cache.db")
	if said := n.run(t, "print-unread"); !strings.HasPrefix(said, strconv.Itoa(len(got))+" unread") {
		t.Errorf("%d articles, and newsboat says: %s", len(got), said)
	}
	return got
}

// feedparser is asked as rss2email and planets ask it: with what it was told
// the last time.
type feedparser struct{ python, state, url string }

func newFeedparser(t *testing.T, url string) subscription {
	return &feedparser{python(t), filepath.Join(t.TempDir(), "state.json"), url}
}

const feedparserQuery = `
import calendar, json, os, sys
import feedparser
url, state = sys.argv[1:]
kept = json.load(open(state)) if os.path.exists(state) else dict(etag=None, modified=None, items={})
f = feedparser.parse(url, etag=kept['etag'], modified=kept['modified'])
if f.bozo and f.status != 304:
    sys.exit('feedparser complains: %r' % f.bozo_exception)
for e in f.entries:
    kept['items'][e.id] = dict(id=e.id, title=e.title, link=e.link, published=calendar.timegm(e.published_parsed),
        authors=[a.name for a in e.get('authors', []) if a.get('name')], categories=[t.term for t in e.get('tags', [])],
        content=e.content[0].value, enclosure=e.enclosures[0].href if e.enclosures else '')
kept['etag'], kept['modified'] = f.get('etag'), f.get('modified')
json.dump(kept, open(state, 'w'))
print(json.dumps(list(kept['items'].values())))
`

func (f *feedparser) poll(t *testing.T) []seen {
	t.Helper()
	var got []seen
	ask(t, &got, f.python, "-c", feedparserQuery, f.url, f.state)
	return got
}

// sfeed keeps a file of tab-separated lines.
type sfeed struct{ program, dir string }

func newSfeed(t *testing.T, url string) subscription {
	program(t, "curl", "curl")
	s := sfeed{program(t, "sfeed_update", "sfeed"), t.TempDir()}
	rc := fmt.Sprintf("sfeedpath=%q\nfeeds() {\n\tfeed lantern %q\n}\n", s.dir+"/feeds", url)
	if err := os.WriteFile(s.dir+"/sfeedrc", []byte(rc), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s sfeed) poll(t *testing.T) []seen {
	t.Helper()
	if out, err := exec.Command(s.program, s.dir+"/sfeedrc").CombinedOutput(); err != nil || !strings.Contains(string(out), "OK") {
		t.Fatalf("sfeed_update: %v\n%s", err, out)
	}
	b, err := os.ReadFile(s.dir + "/feeds/lantern")
	if err != nil {
		t.Fatal(err)
	}
	var got []seen
	for line := range strings.Lines(string(b)) {
		// time, title, link, content, its type, id, author, enclosure, categories
		x := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(x) < 9 {
			t.Fatalf("sfeed wrote %q", line)
		}
		at, err := strconv.ParseInt(x[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, seen{ID: x[5], Title: x[1], Link: x[2], Published: at, Authors: x[6:7], Content: x[3], Enclosure: x[7], Categories: strings.Split(x[8], "|")})
	}
	return got
}

// gofeedReader is the library of many Go readers. It keeps nothing.
type gofeedReader struct{ url string }

func newGofeed(_ *testing.T, url string) subscription { return gofeedReader{url} }

func (g gofeedReader) poll(t *testing.T) []seen {
	t.Helper()
	f, err := gofeed.NewParser().ParseURL(g.url)
	if err != nil {
		t.Fatal(err)
	}
	var got []seen
	for _, i := range f.Items {
		x := seen{ID: i.GUID, Title: i.Title, Link: i.Link, Published: i.PublishedParsed.Unix(), Categories: i.Categories, Content: i.Content}
		for _, a := range i.Authors {
			x.Authors = append(x.Authors, a.Name)
		}
		for _, e := range i.Enclosures {
			x.Enclosure = e.URL
		}
		got = append(got, x)
	}
	return got
}

// python is Debian's, which has Debian's feedparser.
func python(t *testing.T) string {
	t.Helper()
	const p = "/usr/bin/python3"
	if out, err := exec.Command(p, "-c", "import feedparser, sqlite3").CombinedOutput(); err != nil {
		t.Fatalf("Debian's python3-feedparser is missing: %v\n%s", err, out)
	}
	return p
}

// ask runs a program that answers in JSON.
func ask(t *testing.T, into any, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	var complaint strings.Builder
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, complaint.String())
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func TestSecondPollCostsNothing(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T, string) subscription{"feedparser": newFeedparser, "newsboat": newNewsboat} {
		s := newSite(t, "site: {title: The Lantern}")
		want := newsroom(s)
		s.start()
		for _, f := range []string{"rss", "atom"} {
			sub := make(t, s.url("/"+f+".xml"))
			sub.poll(t)
			// Old newsboats send what they were told from the third poll on.
			for range 2 {
				if got := sub.poll(t); len(got) != len(want) {
					t.Errorf("%s shows %d articles of %d", name, len(got), len(want))
				}
			}
			if n := s.counted(fmt.Sprintf(`feedwright_http_requests_total{code="304",kind=%q}`, f)); n < 1 {
				t.Errorf("%s, %s: no poll was answered 304", name, f)
			}
		}
	}
}

func TestEitherValidatorAloneGives304(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	newsroom(s)
	s.start()
	for _, f := range formats {
		for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
			full := s.get("/"+f, "Accept-Encoding", coding)
			tag, since := full.header.Get("ETag"), full.header.Get("Last-Modified")
			if at, err := time.Parse(time.RFC1123, since); err != nil || at.After(time.Now()) {
				t.Errorf("%s: Last-Modified is %q", f, since)
			}
			for _, header := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", since}, {"If-None-Match", tag, "If-Modified-Since", since}, {"If-None-Match", "W/" + tag}} {
				r, err := s.ask(s.url("/"+f), append(header, "Accept-Encoding", coding)...)
				if err != nil {
					t.Fatal(err)
				}
				if r.code != 304 || len(r.body) > 0 || r.header.Get("ETag") != tag || r.header.Get("Last-Modified") != since {
					t.Errorf("%s, %s, %v: %d %v", f, coding, header, r.code, r.header)
				}
			}
		}
	}
}
