//go:build e2e

package e2e

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Rules that no specification states: each was learnt from a reader that lost
// something (docs/notes/conformance.md, "What real readers taught").

// types are what each format is sent as.
var types = map[string]string{
	"rss.xml": "application/rss+xml; charset=utf-8", "atom.xml": "application/atom+xml; charset=utf-8", "feed.json": "application/feed+json; charset=utf-8",
}

func lantern(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	newsroom(s)
	s.start()
	return s
}

func TestEveryFeedHasTheTypeThatReadersTake(t *testing.T) {
	s := lantern(t)
	for _, dir := range []string{"/", "/category/harbour/", "/tag/ferry/", "/author/ole-brandt/", "/lang/en/"} {
		for f, want := range types {
			h := s.get(dir + f).header
			if got := h.Get("Content-Type"); got != want {
				t.Errorf("%s%s: %q", dir, f, got)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s%s: a browser may guess its type", dir, f)
			}
		}
	}
}

func TestNoAcceptIsRefused(t *testing.T) {
	s := lantern(t)
	for f, want := range types {
		for _, accept := range []string{"application/rss+xml", "*/*", "application/json", "text/xml, text/html, */*", "image/png", "nonsense", "*/*;q=0", ""} {
			for _, header := range []string{"Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset"} {
				r := s.get("/"+f, header, accept)
				if got := r.header.Get("Content-Type"); got != want || len(r.body) == 0 {
					t.Errorf("/%s, %s %q: %s, %d bytes", f, header, accept, got, len(r.body))
				}
			}
		}
	}
}

// feedText is a feed of any format as the little that these tests ask of it.
type feedText struct {
	ids    map[string]string // by title
	titles []string          // as they are written, between the tags
	self   string
	ttl    int // minutes; RSS only
}

var titleElement = regexp.MustCompile(`<title( [^>]*)?>([^<]*)</title>`)

func readFeed(t *testing.T, doc []byte) feedText {
	t.Helper()
	f := feedText{ids: map[string]string{}}
	if doc[0] == '{' {
		f.self = string(regexp.MustCompile(`"feed_url":"([^"]*)"`).FindSubmatch(doc)[1])
		for _, it := range parseItems(t, doc) {
			f.ids[it.Title] = it.ID
		}
		return f
	}
	type item struct {
		Title string `xml:"title"`
		GUID  string `xml:"guid"`
		ID    string `xml:"id"`
	}
	type head struct {
		Links []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
		TTL     int    `xml:"ttl"`
		Items   []item `xml:"item"`
		Entries []item `xml:"entry"`
	}
	var v struct {
		head
		Channel head `xml:"channel"`
	}
	if err := xml.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	f.ttl = v.Channel.TTL
	for _, l := range append(v.Links, v.Channel.Links...) {
		if l.Rel == "self" {
			f.self += l.Href
		}
	}
	for _, it := range append(v.Channel.Items, v.Entries...) {
		f.ids[it.Title] = it.GUID + it.ID
	}
	for _, m := range titleElement.FindAllSubmatch(doc, -1) {
		if len(m[1]) > 0 {
			t.Errorf("a title has attributes: %s", m[0])
		}
		f.titles = append(f.titles, string(m[2]))
	}
	return f
}

func TestOneArticleHasOneIDInEveryFeed(t *testing.T) {
	s := lantern(t)
	want := readFeed(t, s.get("/rss.xml").body).ids
	if len(want) != 5 {
		t.Fatalf("%d articles: %v", len(want), want)
	}
	seen := map[string]int{}
	for _, dir := range []string{"/", "/category/harbour/", "/category/culture/", "/tag/science/", "/author/ole-brandt/", "/lang/en/"} {
		for f := range types {
			for title, id := range readFeed(t, s.get(dir+f).body).ids {
				if id == "" || id != want[title] {
					t.Errorf("%s%s: %q has the id %q, elsewhere %q", dir, f, title, id, want[title])
				}
				seen[title]++
			}
		}
	}
	for title, n := range seen {
		if n < 6 {
			t.Errorf("%q was seen in %d feeds only", title, n)
		}
	}
}

func TestTitlesArePlainTextInEveryFormat(t *testing.T) {
	s := lantern(t)
	const title = `Fish & chips < 5 crowns on the "Agnes"`
	written := map[string][]string{
		"rss.xml":  {`Fish &#x26; chips &#x3C; 5 crowns on the "Agnes"`},
		"atom.xml": {`Fish &amp; chips &lt; 5 crowns on the "Agnes"`, `Fish &amp; chips &lt; 5 crowns on the &#34;Agnes&#34;`},
	}
	for f := range types {
		got := readFeed(t, s.get("/"+f).body)
		if got.ids[title] == "" {
			t.Errorf("%s: no article is called %s: %v", f, title, got.ids)
		}
		if want := written[f]; want != nil && !slices.ContainsFunc(got.titles, func(s string) bool { return slices.Contains(want, s) }) {
			t.Errorf("%s: titles are written as %q", f, got.titles)
		}
	}
}

// TestTheDocumentSaysWhatItsHeadSays: readers move their subscription to
// rel=self, and come back as late as ttl or max-age says.
func TestTheDocumentSaysWhatItsHeadSays(t *testing.T) {
	s := lantern(t)
	link := regexp.MustCompile(`<([^>]*)>; rel="self"`)
	maxAge := regexp.MustCompile(`max-age=(\d+)`)
	for _, dir := range []string{"/", "/category/harbour/", "/lang/en/"} {
		for f := range types {
			path := dir + f
			r := s.get(path)
			got := readFeed(t, r.body)
			links := link.FindAllStringSubmatch(strings.Join(r.header.Values("Link"), ", "), -1)
			if len(links) != 1 || links[0][1] != got.self || got.self != s.url(path) {
				t.Errorf("%s: Link is %q, self is %q", path, r.header.Values("Link"), got.self)
			}
			if strings.Contains(strings.Join(r.header.Values("Link"), ""), `rel="hub"`) || bytes.Contains(r.body, []byte("hub")) {
				t.Errorf("%s: a hub is named, and none runs", path)
			}
			age := maxAge.FindStringSubmatch(r.header.Get("Cache-Control"))
			if age == nil || f == "rss.xml" && age[1] != strconv.Itoa(60*got.ttl) {
				t.Errorf("%s: Cache-Control is %q, ttl %d", path, r.header.Get("Cache-Control"), got.ttl)
			}
			head := s.head(path)
			for _, name := range []string{"Link", "ETag", "Last-Modified", "Cache-Control", "Content-Type", "Content-Length", "Vary"} {
				if a, b := r.header.Get(name), head.Get(name); a != b {
					t.Errorf("%s: %s is %q to GET and %q to HEAD", path, name, a, b)
				}
			}
		}
	}
}

func (s *site) head(path string) http.Header {
	s.t.Helper()
	r, err := plainClient.Head(s.url(path))
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	return r.Header
}

func TestUnknownKeysChangeNothing(t *testing.T) {
	s := lantern(t)
	for _, c := range []struct{ plain, with string }{
		{"/rss.xml", "/rss.xml?_=1234567"},
		{"/atom.xml", "/atom.xml?utm_source=x&null"},
		{"/feed.json", "/feed.json?fbclid=%zz"},
		{"/atom.xml?category=harbour,culture", "/atom.xml?category=culture,harbour&_=7"},
	} {
		a, b := s.get(c.plain), s.get(c.with)
		if !bytes.Equal(a.body, b.body) || a.header.Get("ETag") != b.header.Get("ETag") || a.header.Get("Link") != b.header.Get("Link") {
			t.Errorf("%s is another document than %s", c.with, c.plain)
		}
	}
}

// TestNoReaderMeetsAnEmptyFeedAtTheStart polls from the moment the program
// listens, the first time with nothing kept, the second with a database.
func TestNoReaderMeetsAnEmptyFeedAtTheStart(t *testing.T) {
	t.Parallel()
	const articles = 400
	s := newSite(t, "site: {title: The Lantern}\nfeed: {items: 500, max_bytes: 10MB}")
	for i := range articles {
		s.article(fmt.Sprintf("%03d.md", i), fmt.Sprintf("---\ntitle: Ship %d\ndate: 2025-11-01\ncategories: [Ships]\n---\nIt came in.\n", i))
	}
	for _, run := range []string{"first", "second"} {
		s.launch()
		early := 0
		s.await("all articles are there", func() error {
			r, err := s.ask(s.url("/category/ships/feed.json"))
			if err != nil {
				return err // it does not listen yet
			}
			switch r.code {
			case http.StatusOK:
				if n := len(parseItems(t, r.body)); n != articles {
					t.Fatalf("%s start: a feed of %d articles", run, n)
				}
				return nil
			case http.StatusServiceUnavailable:
				early++
				if n, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || n < 1 || run == "second" {
					t.Fatalf("%s start: 503, Retry-After %q", run, r.header.Get("Retry-After"))
				}
				return fmt.Errorf("not ready after %d polls", early)
			}
			t.Fatalf("%s start: %d %s", run, r.code, r.body)
			return nil
		})
		s.stop()
	}
}

func TestDefaultDocumentsStayBelowAMegabyte(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	for i := range 60 {
		s.article(fmt.Sprintf("%02d.md", i), fmt.Sprintf("---\ntitle: Ship %d\ndate: 2025-11-01\n---\n%s\n", i, strings.Repeat("It came in with the tide & went out with it. ", 1500)))
	}
	s.start()
	for f := range types {
		if n := len(s.get("/" + f).body); n > 1_000_000 || n < 500_000 {
			t.Errorf("/%s has %d bytes", f, n)
		}
	}
}
