package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pushed is a delivery of the hub.
type pushed struct {
	path, body string
	header     http.Header
	at         time.Time
}

// subscriber confirms what it is asked and notes what it is sent.
type subscriber struct {
	url  string
	mu   sync.Mutex
	told []url.Values
	got  []pushed
}

func newSubscriber(t *testing.T) *subscriber {
	u := &subscriber{}
	srv := httptest.NewServer(u)
	t.Cleanup(srv.Close)
	u.url = srv.URL
	return u
}

func (u *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	body, _ := io.ReadAll(r.Body)
	u.mu.Lock()
	defer u.mu.Unlock()
	if r.Method == http.MethodGet {
		u.told = append(u.told, r.URL.Query())
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	u.got = append(u.got, pushed{r.URL.Path, string(body), r.Header, at})
}

// at gives what came to a path.
func (u *subscriber) at(path string) []pushed {
	u.mu.Lock()
	defer u.mu.Unlock()
	var list []pushed
	for _, p := range u.got {
		if p.path == path {
			list = append(list, p)
		}
	}
	return list
}

// subscribe asks the hub and gives its answer.
func (s *serving) subscribe(u *subscriber, topic, path string, extra ...string) (int, string) {
	s.t.Helper()
	f := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {u.url + path}}
	for i := 0; i < len(extra); i += 2 {
		f.Set(extra[i], extra[i+1])
	}
	resp, err := http.PostForm(s.url+"/hub", f)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// subscribed asks and waits until it stands.
func (s *serving) subscribed(u *subscriber, topic, path string, extra ...string) {
	s.t.Helper()
	before := strings.Count(s.screen.String(), "msg=subscribed")
	if code, text := s.subscribe(u, topic, path, extra...); code != http.StatusAccepted {
		s.t.Fatalf("%s: answered %d %s", topic, code, text)
	}
	s.until("a subscription is confirmed", func() bool { return strings.Count(s.screen.String(), "msg=subscribed") > before })
}

// hubbed makes a working directory whose site has a hub of its own.
func hubbed(t *testing.T, extra string) {
	folder(t)
	b, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"config.yaml": string(b) + "websub: { hub: builtin }\n" + extra})
}

const tidings = "https://tidings.example.org"

var linked = regexp.MustCompile(`^<([^>]*)>; rel="hub", <([^>]*)>; rel="self"$`)

// TestSubscribersAreSentWhatAGetAnswers: whatever feed is subscribed to, under
// whatever spelling, the bytes and the type of a GET come, with its links.
func TestSubscribersAreSentWhatAGetAnswers(t *testing.T) {
	hubbed(t, "server: { aliases: [/old/blog.xml] }\n")
	s := serve(t, "--websub-allow", "127.0.0.0/8")
	u := newSubscriber(t)
	feeds := map[string]string{ // by callback's path: where it is
		"/rss": "/rss.xml", "/atom": "/atom.xml", "/json": "/feed.json", "/category": "/category/harbour/atom.xml", "/named": "/feeds/brief/rss.xml",
		"/filter": "/atom.xml?q=category%3Aharbour+category%3Anews",
	}
	spelled := map[string]string{
		"/rss": "http://Tidings.Example.org:80/old/blog.xml?utm_source=x", "/category": tidings + "/atom.xml?category=Harbour", "/filter": tidings + "/atom.xml?category=news&category=harbour",
	}
	for path, at := range feeds {
		_, h, body := s.get(at, "")
		m := linked.FindStringSubmatch(h.Get("Link"))
		if m == nil || len(h.Values("Link")) != 1 || m[1] != tidings+"/hub" || m[2] != tidings+at {
			t.Errorf("%s: Link is %q", at, h.Values("Link"))
		}
		if !strings.Contains(body, tidings+"/hub") {
			t.Errorf("%s names no hub:\n%.500s", at, body)
		}
		topic := tidings + at
		if other := spelled[path]; other != "" {
			topic = other
		}
		s.subscribed(u, topic, path, "hub.secret", "s3cret")
	}
	before := map[string]string{}
	for path, at := range feeds {
		_, _, before[path] = s.get(at, "")
	}
	write(t, map[string]string{"articles/harbour/dredger.txt": "The dredger has come\n\nCategory: Harbour, News\nPublication date: 2026-04-02 08:00\n\nIt makes a noise that nobody has heard here before.\n"})
	for path, at := range feeds {
		s.until("news came to "+path, func() bool { return len(u.at(path)) > 0 })
		p := u.at(path)[0]
		_, h, body := s.get(at, "")
		if p.body != body || p.body == before[path] || !strings.Contains(p.body, "dredger") {
			t.Errorf("%s was sent\n%.300s\nand a GET answers\n%.300s", path, p.body, body)
		}
		for _, name := range []string{"Content-Type", "Link"} {
			if got, want := p.header.Values(name), h.Values(name); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %q, of a GET %q", path, name, got, want)
			}
		}
		mac := hmac.New(sha256.New, []byte("s3cret"))
		mac.Write([]byte(p.body))
		if got := p.header.Get("X-Hub-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%s: X-Hub-Signature is %q", path, got)
		}
		if n := len(u.at(path)); n != 1 {
			t.Errorf("%s was sent %d times", path, n)
		}
	}
	for topic, want := range map[string]int{
		"https://elsewhere.example.org/rss.xml": 403, tidings + "/rss.xml?q=(": 400, tidings + "/nothing.xml": 404, tidings + "/category/none/rss.xml": 404,
		tidings + "/": 404, tidings + "/feeds.opml": 404, tidings + "/article/ferry/": 404, tidings + "/feeds/partner/rss.xml": 404, "rss.xml": 403,
	} {
		if code, text := s.subscribe(u, topic, "/no"); code != want || len(text) < 20 {
			t.Errorf("%s: answered %d %q, want %d", topic, code, text, want)
		}
	}
}

// TestEmbargoedArticleIsPushedAtItsInstantAndNotBefore: other news come before
// it and tell nothing of it.
func TestEmbargoedArticleIsPushedAtItsInstantAndNotBefore(t *testing.T) {
	hubbed(t, "")
	s := serve(t, "--websub-allow", "127.0.0.0/8")
	u := newSubscriber(t)
	s.subscribed(u, tidings+"/atom.xml", "/cb")
	due := time.Now().Add(6 * time.Second).Truncate(time.Second)
	write(t, map[string]string{"articles/minister.md": fmt.Sprintf("---\ntitle: The minister resigns\ndate: %s\n---\nNobody may know it yet.\n", due.UTC().Format(time.RFC3339))})
	write(t, map[string]string{"articles/tide.md": "---\ntitle: The tide is late\ndate: 2026-04-01T00:00:00Z\n---\nBy an hour.\n"})
	find := func(text string) *pushed {
		for _, p := range u.at("/cb") {
			if strings.Contains(p.body, text) {
				return &p
			}
		}
		return nil
	}
	s.until("the other one is pushed", func() bool { return find("tide is late") != nil })
	s.until("it is pushed", func() bool { return find("minister") != nil })
	if p := find("minister"); p.at.Before(due) {
		t.Errorf("it came at %v and was due at %v", p.at, due)
	}
	if p := find("tide is late"); strings.Contains(p.body, "minister") && p.at.Before(due) {
		t.Errorf("it came with another one at %v", p.at)
	}
}

// TestPrivateFeedIsPushedToWhoHasItsToken and to nobody else, and the token
// stands in no log.
func TestPrivateFeedIsPushedToWhoHasItsToken(t *testing.T) {
	hubbed(t, "")
	s := serve(t, "--websub-allow", "127.0.0.0/8", "--verbose")
	u := newSubscriber(t)
	const private = "/feeds/partner/3f1c9a7be2d04455/atom.xml"
	_, h, _ := s.get(private, "")
	if m := linked.FindStringSubmatch(h.Get("Link")); m == nil || m[2] != tidings+private {
		t.Errorf("Link is %q", h.Get("Link"))
	}
	for _, topic := range []string{"/feeds/partner/3f1c9a7be2d04456/atom.xml", "/feeds/nothing/3f1c9a7be2d04455/atom.xml"} {
		if code, _ := s.subscribe(u, tidings+topic, "/no"); code != http.StatusForbidden {
			t.Errorf("%s: answered %d", topic, code)
		}
	}
	s.subscribed(u, tidings+private, "/cb")
	s.subscribed(u, tidings+"/atom.xml", "/public")
	write(t, map[string]string{"articles/brief.md": "---\ntitle: For partners only\nfeeds: [partner]\ndate: 2026-04-01T00:00:00Z\n---\nIt is theirs.\n"})
	s.until("it is pushed", func() bool { return len(u.at("/cb")) > 0 })
	if p := u.at("/cb")[0]; !strings.Contains(p.body, "For partners only") {
		t.Errorf("pushed:\n%s", p.body)
	}
	write(t, map[string]string{"articles/tide.md": "---\ntitle: The tide is late\ndate: 2026-04-01T00:00:00Z\n---\nBy an hour.\n"})
	s.until("the public feed is pushed", func() bool { return len(u.at("/public")) > 0 })
	for _, p := range u.at("/public") {
		if strings.Contains(p.body, "partners") {
			t.Errorf("what is private was pushed to the public:\n%s", p.body)
		}
	}
	// A token that is taken back opens nothing, and its subscriber is told.
	b, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"config.yaml": strings.Replace(string(b), "3f1c9a7be2d04455", "0123456789abcdef", 1)})
	s.until("its subscriber is told", func() bool {
		u.mu.Lock()
		defer u.mu.Unlock()
		last := u.told[len(u.told)-1]
		return last.Get("hub.mode") == "denied" && last.Get("hub.topic") == tidings+private
	})
	if log := s.screen.String(); strings.Contains(log, "3f1c9a7be2d0445") || !strings.Contains(log, "/feeds/partner/…/atom.xml") {
		t.Errorf("the log:\n%s", log)
	}
}

// TestBuildNamesNoHub: the files of a build and what serve answers differ in
// the links to the hub and in what follows from them, their tags, alone.
func TestBuildNamesNoHub(t *testing.T) {
	hubbed(t, "")
	good(t, "build", "--out", "public")
	s := serve(t)
	links := map[string]string{
		"application/rss+xml; charset=utf-8":  "\n    <atom:link href=\"https://tidings.example.org/hub\" rel=\"hub\"></atom:link>",
		"application/atom+xml; charset=utf-8": "\n  <link href=\"https://tidings.example.org/hub\" rel=\"hub\"></link>",
		"application/feed+json":               `"hubs":[{"type":"WebSub","url":"https://tidings.example.org/hub"}],`,
	}
	feeds := 0
	for name, file := range filesBelow(t, "public") {
		_, h, body := s.get("/"+name, "")
		link, isFeed := links[h.Get("Content-Type")]
		if !isFeed {
			continue // pages that are files offer no queries
		}
		if strings.Contains(name, "archive/") {
			link = "" // nothing new comes to it
		}
		feeds++
		if strings.Contains(file, "/hub") {
			t.Errorf("the file %s names a hub", name)
		}
		if named := strings.Contains(body, link) && strings.Contains(h.Get("Link"), "/hub"); link != "" && !named || strings.Replace(body, link, "", 1) != file {
			t.Errorf("%s is\n%.900s\nand the file\n%.900s", name, body, file)
		}
	}
	if feeds < 20 {
		t.Errorf("only %d feeds were compared", feeds)
	}
}

// TestHubThatNobodyCanReachIsNotNamed: readers that subscribed would wait for it
// in vain.
func TestHubThatNobodyCanReachIsNotNamed(t *testing.T) {
	for _, site := range []string{"http://127.0.0.1:8080", "http://localhost", "http://192.168.1.5", "http://nas.local", "http://news", "http://[fd00::1]:8080"} {
		t.Run(site, func(t *testing.T) {
			hubbed(t, "")
			s := serve(t, "--url", site)
			_, h, body := s.get("/atom.xml", "")
			if strings.Contains(h.Get("Link")+body, "/hub") {
				t.Errorf("Link is %q; the feed\n%s", h.Get("Link"), body)
			}
			contains(t, "the log", s.screen.String(), "no feed names the hub", "site.url")
		})
	}
}

func TestWithoutAHubThereIsNone(t *testing.T) {
	folder(t)
	s := serve(t)
	_, h, body := s.get("/atom.xml", "")
	if strings.Contains(h.Get("Link")+body, "hub") {
		t.Errorf("Link is %q; the feed\n%s", h.Get("Link"), body)
	}
	if code, _ := s.subscribe(newSubscriber(t), tidings+"/atom.xml", "/cb"); code != http.StatusMethodNotAllowed {
		t.Errorf("POST /hub: %d", code)
	}
	if code, _, _ := s.get("/hub", ""); code != http.StatusNotFound {
		t.Errorf("GET /hub: %d", code)
	}
}

// TestCallbacksOfThisMachineAreNotCalled without the flag of tests.
func TestCallbacksOfThisMachineAreNotCalled(t *testing.T) {
	hubbed(t, "")
	s := serve(t, "--verbose")
	u := newSubscriber(t)
	if code, text := s.subscribe(u, tidings+"/atom.xml", "/cb"); code != http.StatusBadRequest {
		t.Errorf("answered %d %s", code, text)
	}
	u.url = strings.Replace(u.url, "127.0.0.1", "localhost", 1)
	if code, text := s.subscribe(u, tidings+"/atom.xml", "/cb"); code != http.StatusAccepted {
		t.Errorf("answered %d %s", code, text)
	}
	s.until("it is given up", func() bool { return strings.Contains(s.screen.String(), "not confirmed") })
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.told) != 0 {
		t.Errorf("it was asked %v", u.told)
	}
}

// foreignHub is another's hub: told of a feed, it fetches it.
type foreignHub struct {
	subscriber
	site atomic.Value // where the site is fetched, a string
}

func (f *foreignHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	topic := r.PostForm.Get("hub.url")
	body := ""
	if site, ok := f.site.Load().(string); ok {
		if resp, err := http.Get(site + strings.TrimPrefix(topic, tidings)); err == nil {
			b, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			body = string(b)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, pushed{path: topic, body: body, header: r.Header})
	w.WriteHeader(http.StatusNoContent)
}

// TestAnotherHubIsToldAndFetchesWhatIsNew: feeds, files and headers name it, and
// what it fetches when it is told is the new state. Private feeds do not name it,
// and it is told nothing of them.
func TestAnotherHubIsToldAndFetchesWhatIsNew(t *testing.T) {
	folder(t)
	h := &foreignHub{}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	b, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"config.yaml": string(b) + "websub: { hub: " + srv.URL + "/ }\n"})
	good(t, "build", "--out", "public", "--db", "sqlite:build.db", "--ledger", "build.ledger") // a build asks for everything
	s := serve(t)
	h.site.Store(s.url)
	for _, path := range []string{"/rss.xml", "/category/harbour/feed.json"} {
		file, err := os.ReadFile("public" + path)
		if err != nil {
			t.Fatal(err)
		}
		_, head, body := s.get(path, "")
		if body != string(file) || !strings.Contains(body, srv.URL) || !strings.HasPrefix(head.Get("Link"), "<"+srv.URL+`/>; rel="hub", <`+tidings+path) {
			t.Errorf("%s: Link %q, and\n%.500s", path, head.Get("Link"), body)
		}
	}
	const private = "/feeds/partner/3f1c9a7be2d04455/rss.xml"
	if _, head, body := s.get(private, ""); strings.Contains(head.Get("Link")+body, srv.URL) {
		t.Error("a private feed names another's hub")
	}
	if code, _ := s.subscribe(&h.subscriber, tidings+"/rss.xml", "/cb"); code != http.StatusMethodNotAllowed {
		t.Errorf("POST /hub: %d", code)
	}
	write(t, map[string]string{"articles/harbour/dredger.txt": "The dredger has come\n\nCategory: Harbour\nPublication date: 2026-04-02 08:00\n\nIt makes a noise that nobody has heard here before.\n"})
	toldOf := func(path, text string) func() bool {
		return func() bool {
			for _, p := range h.at(tidings + path) {
				if strings.Contains(p.body, text) {
					return true
				}
			}
			return false
		}
	}
	s.until("it fetched the feed of everything", toldOf("/rss.xml", "dredger"))
	s.until("it fetched the category's", toldOf("/category/harbour/feed.json", "dredger"))
	h.mu.Lock()
	told := slices.Clone(h.got)
	h.mu.Unlock()
	for _, p := range told {
		if strings.Contains(p.path, "partner") || p.path == tidings+"/atom.xml" {
			t.Errorf("it was told of %s", p.path)
		}
	}
	// What changes while nothing runs is told after the start.
	s.end()
	write(t, map[string]string{"articles/harbour/dredger.txt": "The dredger has left\n\nCategory: Harbour\nPublication date: 2026-04-02 08:00\n\nIt makes a noise that nobody has heard here before.\n"})
	s = serve(t)
	h.site.Store(s.url)
	s.until("it fetched the change", toldOf("/rss.xml", "has left"))
}
