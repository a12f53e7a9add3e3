//go:build e2e

package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// follower is a reader that subscribes as WebSub says: it finds hub and topic in
// a feed's head, confirms, checks each signature, and keeps the newest feed.
type follower struct {
	t      *testing.T
	url    string
	secret string

	mu     sync.Mutex
	newest []byte
	kind   string
	count  int
	stands int
	hold   chan struct{} // deliveries wait for it, if there is one
}

func newFollower(t *testing.T) *follower {
	f := &follower{t: t, secret: "of the follower"}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

func (f *follower) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		if r.URL.Query().Get("hub.mode") == "subscribe" {
			f.mu.Lock()
			f.stands++
			f.mu.Unlock()
		}
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program was killed
	}
	mac := hmac.New(sha256.New, []byte(f.secret))
	mac.Write(body)
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); r.Header.Get("X-Hub-Signature") != want {
		f.t.Errorf("X-Hub-Signature is %q, want %q", r.Header.Get("X-Hub-Signature"), want)
	}
	f.mu.Lock()
	f.newest, f.kind = body, r.Header.Get("Content-Type")
	f.count++
	hold := f.hold
	f.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (f *follower) has(text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !strings.Contains(string(f.newest), text) {
		return fmt.Errorf("of %d deliveries the newest does not hold %q", f.count, text)
	}
	return nil
}

func (f *follower) deliveries() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

func (f *follower) holding(c chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hold = c
}

var hubAndSelf = regexp.MustCompile(`^<([^>]+)>; rel="hub", <([^>]+)>; rel="self"$`)

// follow subscribes to what a feed says of itself. The site's public name is not
// ours, so the hub is reached at the address that the program listens on.
func (f *follower) follow(s *site, path string) {
	f.t.Helper()
	m := hubAndSelf.FindStringSubmatch(s.get(path).header.Get("Link"))
	if m == nil {
		f.t.Fatalf("%s: Link is %q", path, s.get(path).header.Values("Link"))
	}
	hub, err := url.Parse(m[1])
	if err != nil {
		f.t.Fatal(err)
	}
	resp, err := http.PostForm(s.url(hub.Path), url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {m[2]}, "hub.callback": {f.url + "/cb?feed=1"}, "hub.secret": {f.secret},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		f.t.Fatalf("%s: the hub answers %s", path, resp.Status)
	}
	s.await("the subscription stands", func() error {
		if !strings.Contains(s.log.String(), "msg=subscribed") {
			return errors.New("it does not")
		}
		return nil
	})
}

const hubConfig = "site: {title: The Lantern, url: 'https://lantern.example.org/news'}\nwebsub: {hub: builtin}\n"

func news(n int) string {
	return fmt.Sprintf("---\ntitle: News number-%d-\ndate: 2026-05-01T%02d:%02d:00Z\n---\nThey are told in the order in which they came, of which this is %d.\n", n, n/60, n%60, n)
}

// TestKilledBeforeADeliveryItIsDeliveredAfterTheNextStart kills the program, as
// a power cut does it, while a subscriber takes its time over a delivery, and
// then at any moment after an article was written.
func TestKilledBeforeADeliveryItIsDeliveredAfterTheNextStart(t *testing.T) {
	kills := 8
	if v := os.Getenv("E2E_KILLS"); v != "" {
		if _, err := fmt.Sscan(v, &kills); err != nil || kills < 1 {
			t.Fatalf("E2E_KILLS=%s is no number of kills", v)
		}
	}
	s := newSite(t, hubConfig)
	s.article("0.md", news(0))
	allow := []string{"--websub-allow", "127.0.0.0/8"}
	s.start(allow...)
	f := newFollower(t)
	f.follow(s, "/news/atom.xml")

	hold := make(chan struct{})
	f.holding(hold)
	s.article("1.md", news(1))
	s.await("the delivery has begun", func() error { return f.has("number-1-") })
	s.kill()
	close(hold)
	f.holding(nil)
	before := f.deliveries()
	s.start(allow...)
	s.await("it is delivered again, as nobody had confirmed it", func() error {
		if f.deliveries() == before {
			return errors.New("nothing comes")
		}
		return f.has("number-1-")
	})

	for n := range kills {
		s.article(fmt.Sprintf("%d.md", n+2), news(n+2))
		<-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond)
		s.kill()
		s.start(allow...)
		s.await("the news came", func() error { return f.has(fmt.Sprintf("number-%d-", n+2)) })
	}
	s.await("the newest is what a GET answers", func() error {
		r := s.get("/news/atom.xml")
		f.mu.Lock()
		defer f.mu.Unlock()
		if string(r.body) != string(f.newest) || r.header.Get("Content-Type") != f.kind {
			return errors.New("they differ")
		}
		return nil
	})
	if f.stands != 1 {
		t.Errorf("it was asked %d times whether it subscribes", f.stands)
	}
	t.Logf("%d kills, %d deliveries", kills+1, f.deliveries())

	// A lost database loses the subscriptions, and nobody is told anything.
	s.stop()
	for _, name := range []string{"feedwright.db", "feedwright.db-wal", "feedwright.db-shm"} {
		s.remove(name)
	}
	before = f.deliveries()
	s.start(allow...)
	s.article("last.md", news(59))
	s.await("the last article is served", func() error {
		if !strings.Contains(string(s.get("/news/atom.xml").body), "number-59-") {
			return errors.New("not yet")
		}
		return nil
	})
	s.stop()
	if n := f.deliveries() - before; n != 0 {
		t.Errorf("after the loss of the database there were %d deliveries", n)
	}
}
