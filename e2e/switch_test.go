//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// oldSite is a site as another program publishes it.
type oldSite struct {
	feed     string // its feed's path
	document string // the feed
	adopt    string // what is adopted: a file, "" for the feed's address, or "nothing"
	articles string // the folder that its owner brings along
	settings string // of ours
}

// TestReadersOfAnotherProgramSeeNothingNew: newsboat reads the feed of a site
// made by another program, feedwright adopts the feed and answers at the same
// address, and newsboat takes none of its items for new.
func TestReadersOfAnotherProgramSeeNothingNew(t *testing.T) {
	const slipway = "site: {title: The Slipway, url: \"https://slipway.example.org\", timezone: Europe/Oslo}\n"
	for name, old := range map[string]oldSite{
		"hugo":             {feed: "/index.xml", document: hugo(t), articles: "testdata/hugo/content", settings: slipway + "source: {fields: {expires: [expiryDate]}}"},
		"wordpress":        {feed: "/feed/", document: contents(t, "testdata/wordpress/feed.xml"), articles: "testdata/wordpress/articles", settings: slipway},
		"wordpress export": {feed: "/feed/", document: contents(t, "testdata/wordpress/feed.xml"), adopt: "testdata/wordpress/export.xml", articles: "testdata/wordpress/articles", settings: slipway},
		"jekyll":           {feed: "/feed.xml", document: contents(t, "testdata/jekyll/feed.xml"), articles: "testdata/jekyll/_posts", settings: slipway},
		"not adopted":      {feed: "/feed.xml", document: contents(t, "testdata/jekyll/feed.xml"), adopt: "nothing", articles: "testdata/jekyll/_posts", settings: slipway},
		"ghost":            {feed: "/rss/", document: contents(t, "testdata/ghost/rss.xml"), articles: "testdata/ghost/articles", settings: slipway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old.handOver(t)
		})
	}
}

func contents(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// hugo has Hugo build its site.
func hugo(t *testing.T) string {
	t.Helper()
	p, err := exec.LookPath("hugo")
	if err != nil {
		t.Fatal("hugo is missing: apt-get install hugo")
	}
	out := t.TempDir()
	c := exec.Command(p, "--source", "testdata/hugo", "--destination", out, "--cacheDir", t.TempDir(), "--noBuildLock", "--quiet")
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("hugo: %v\n%s", err, said)
	}
	return contents(t, out+"/index.xml")
}

// against is what `diff --against` says in JSON.
type against struct {
	New, Changed, Again, Gone []struct{ ID, Title string }
}

// handOver is the day on which the site moves.
func (old oldSite) handOver(t *testing.T) {
	s := newSite(t, old.settings)
	s.copyIn(old.articles, "articles")
	end := old.serve(t, s.public)
	u := newSubscriber(t, s.url(old.feed))
	f, err := gofeed.NewParser().ParseString(old.document)
	if err != nil {
		t.Fatal(err)
	}
	n := len(f.Items)
	if boat, parser := u.news(); boat != n || parser != n || n < 4 {
		t.Fatalf("of %d items newsboat has %d, gofeed %d", n, boat, parser)
	}

	if d := s.against(old.feed); len(d.Again) != n || len(d.New)+len(d.Changed)+len(d.Gone) > 0 {
		t.Errorf("before the adoption diff says %+v", d)
	}
	old.take(s, n)
	promised := s.against(old.feed)
	want := len(promised.New) + len(promised.Again)
	if old.adopt != "nothing" && want+len(promised.Gone) > 0 {
		t.Errorf("after the adoption diff says %+v", promised)
	}

	end()
	s.start()
	boat, parser := u.news()
	t.Logf("%d items known; after the switch new in newsboat %d, in gofeed %d; diff had said %d new, %d again", n, boat, parser, len(promised.New), len(promised.Again))
	if boat != want || parser != want {
		t.Errorf("after the switch %d items are new in newsboat, %d in gofeed, and diff said %d", boat, parser, want)
	}
	if want == 0 {
		audience{u}.hold(n)
	}
	s.article("one-more.md", story("A new hull", "Yard", "She is to be of oak, as her mother was."))
	audience{u}.see("a new article", func() { s.in("A new hull", "/") }, 1)
}

// take adopts the feed, twice.
func (old oldSite) take(s *site, items int) {
	s.t.Helper()
	from := s.url(old.feed)
	switch old.adopt {
	case "nothing":
		return
	case "":
	default:
		from = s.path("export.xml")
		s.put("export.xml", contents(s.t, old.adopt))
	}
	s.does(fmt.Sprintf("%d taken over, 0 so already, 0 without an article", items), "adopt", from)
	kept := contents(s.t, s.path("feedwright.ledger"))
	s.does(fmt.Sprintf("0 taken over, %d so already", items), "adopt", from)
	if contents(s.t, s.path("feedwright.ledger")) != kept {
		s.t.Error("the second run changed the ledger")
	}
}

// serve answers with the old feed at the address where readers know it.
func (old oldSite) serve(t *testing.T, address string) (end func()) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != old.feed {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte(old.document))
	})}
	go func() { _ = srv.Serve(l) }()
	end = func() { _ = srv.Close() }
	t.Cleanup(end)
	return end
}

// does runs the program, which must end well and say words.
func (s *site) does(words string, args ...string) {
	s.t.Helper()
	out, err := feedwright(s.dir, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), words) {
		s.t.Errorf("feedwright %v: %v, and not %q:\n%s", args, err, words, out)
	}
}

// against asks what readers of a feed would see.
func (s *site) against(path string) against {
	s.t.Helper()
	out, err := feedwright(s.dir, "diff", "--against", s.url(path), "--json").Output()
	if code, ok := err.(*exec.ExitError); err != nil && (!ok || code.ExitCode() != 3) {
		s.t.Fatal(err)
	}
	var d against
	if err := json.Unmarshal(out, &d); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
	return d
}
