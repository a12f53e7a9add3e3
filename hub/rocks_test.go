package hub_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
)

// notified checks a delivery as websub.rocks does each one.
func notified(t *testing.T, f *feeds, p push, self, secret string) {
	t.Helper()
	f.mu.Lock()
	body, kind := f.text[self], f.types[self]
	f.mu.Unlock()
	if p.body == "" || p.body != body {
		t.Errorf("the delivery is %q, the topic %q", p.body, body)
	}
	if got := p.header.Get("Content-Type"); got != kind {
		t.Errorf("Content-Type is %q, the topic's %q", got, kind)
	}
	if got, want := p.header.Values("Link"), fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, hubURL, self); len(got) != 1 || got[0] != want {
		t.Errorf("Link is %q, want one of %q", got, want)
	}
	want := ""
	if secret != "" {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(body))
		want = "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	if got := p.header.Get("X-Hub-Signature"); got != want {
		t.Errorf("X-Hub-Signature is %q, want %q", got, want)
	}
	if got := p.header.Get("Content-Encoding"); got != "" {
		t.Errorf("Content-Encoding is %q", got)
	}
}

// lastQuestion checks the newest question of a mode as websub.rocks does.
func (s *scene) lastQuestion(mode, topic string) url.Values {
	s.t.Helper()
	all := s.questions()
	q := all[len(all)-1]
	if q.Get("hub.mode") != mode || q.Get("hub.topic") != topic || len(q.Get("hub.challenge")) < 20 {
		s.t.Errorf("the question is %v", q)
	}
	if n, err := strconv.Atoi(q.Get("hub.lease_seconds")); mode == "subscribe" && (err != nil || n <= 0) {
		s.t.Errorf("hub.lease_seconds is %q", q.Get("hub.lease_seconds"))
	}
	return q
}

// TestHubDoesWhatWebSubRocksAsksOfOne follows the hub tests of websub.rocks, by
// their numbers.
func TestHubDoesWhatWebSubRocksAsksOfOne(t *testing.T) {
	t.Run("100 typical", func(t *testing.T) {
		s := begin(t)
		s.subscribe(rss, "/cb")
		s.lastQuestion("subscribe", rss)
		s.publish(rss, "<rss>two</rss>")
		notified(t, s.feeds, s.arrives(1), rss, "")
		s.publish(rss, "<rss>three</rss>")
		notified(t, s.feeds, s.arrives(2), rss, "")
	})
	t.Run("101 secret", func(t *testing.T) {
		s := begin(t)
		s.subscribe(rss, "/cb", "hub.secret", "a secret, ünd more")
		s.publish(rss, "<rss>two</rss>")
		notified(t, s.feeds, s.arrives(1), rss, "a secret, ünd more")
	})
	t.Run("102 extra parameters", func(t *testing.T) {
		s := begin(t)
		s.subscribe(rss, "/cb", "foo", "bar", "hub.foo", "bar", "hub.verify", "async", "hub.verify_token", "xyz")
		if q := s.lastQuestion("subscribe", rss); q.Has("foo") || q.Has("hub.foo") || q.Has("hub.verify_token") {
			t.Errorf("the question is %v", q)
		}
		s.publish(rss, "<rss>two</rss>")
		notified(t, s.feeds, s.arrives(1), rss, "")
	})
	t.Run("103 re-subscribe", func(t *testing.T) {
		s := begin(t)
		s.subscribe(rss, "/cb", "hub.secret", "old")
		s.subscribe(rss, "/cb", "hub.secret", "new", "hub.lease_seconds", "90000")
		q := s.questions()
		if len(q) < 2 || q[len(q)-1].Get("hub.challenge") == q[len(q)-2].Get("hub.challenge") {
			t.Errorf("two questions had one challenge: %v", q)
		}
		if got := q[len(q)-1].Get("hub.lease_seconds"); got != "90000" {
			t.Errorf("hub.lease_seconds is %s", got)
		}
		s.publish(rss, "<rss>two</rss>")
		notified(t, s.feeds, s.arrives(1), rss, "new")
		if n := s.subscriptions(); n != 1 {
			t.Errorf("there are %d subscriptions", n)
		}
	})
	t.Run("104 unsubscribe", func(t *testing.T) {
		s := begin(t)
		s.subscribe(rss, "/cb")
		s.subscribe(rss, "/other")
		if w := s.post(s.form("unsubscribe", rss, "/cb", "hub.lease_seconds", "5")); w.Code != http.StatusAccepted {
			t.Fatalf("answered %d", w.Code)
		}
		s.wait("the subscription has ended", func() bool { return s.subscriptions() == 1 })
		if q := s.lastQuestion("unsubscribe", rss); q.Has("hub.lease_seconds") {
			t.Errorf("the question is %v", q)
		}
		s.publish(rss, "<rss>two</rss>")
		if p := s.arrives(1); p.path != "/other" {
			t.Errorf("a delivery came to %s", p.path)
		}
	})
	t.Run("105 another type", func(t *testing.T) { // theirs is plain text; here are only feeds
		s := begin(t)
		s.subscribe(atom, "/cb", "hub.secret", "x")
		s.publish(atom, "<feed>two – ü</feed>")
		notified(t, s.feeds, s.arrives(1), atom, "x")
	})
	t.Run("106 JSON", func(t *testing.T) {
		s := begin(t)
		s.subscribe(jsonf, "/cb")
		s.publish(jsonf, `{"items":[2,1]}`)
		notified(t, s.feeds, s.arrives(1), jsonf, "")
	})
}
