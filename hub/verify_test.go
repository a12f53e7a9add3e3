package hub_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestOnlyTheChallengeConfirms(t *testing.T) {
	s := begin(t)
	s.subscribe(rss, "/cb", "hub.secret", "kept")
	echo := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Query().Get("hub.challenge")) }
	failed := uint64(0)
	for name, agree := range map[string]func(http.ResponseWriter, *http.Request){
		"another text": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "yes") },
		"nothing":      func(http.ResponseWriter, *http.Request) {},
		"more than it": func(w http.ResponseWriter, r *http.Request) { echo(w, r); io.WriteString(w, "!") },
		"404":          func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404); echo(w, r) },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
		},
		"an endless text": func(w http.ResponseWriter, r *http.Request) {
			echo(w, r)
			io.WriteString(w, strings.Repeat("x", 1<<20))
		},
		"a broken answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		s.agrees(agree)
		for _, mode := range []string{"subscribe", "unsubscribe"} {
			if w := s.post(s.form(mode, rss, "/cb", "hub.secret", "changed")); w.Code != http.StatusAccepted {
				t.Fatalf("%s: %d", name, w.Code)
			}
			failed++
			s.wait(name+" confirms nothing", func() bool { return s.stat("hub_unconfirmed") == failed })
		}
	}
	for _, q := range s.questions() {
		if q.Get("hub.mode") == "" {
			t.Errorf("a redirect was followed: %v", q)
		}
	}
	// WebSub §5.1: what was there is as it was.
	s.publish(rss, "<rss>two</rss>")
	notified(t, s.feeds, s.arrives(1), rss, "kept")
}

func TestCallbackKeepsItsQuery(t *testing.T) {
	s := begin(t)
	s.subscribe(rss, "/cb?hub.topic=mine&a=%2F&b=c+d&a=2")
	s.publish(rss, "<rss>two</rss>")
	if p := s.arrives(1); p.path != "/cb?hub.topic=mine&a=%2F&b=c+d&a=2" {
		t.Errorf("the delivery came to %s", p.path)
	}
	q := s.questions()[0]
	if got := strings.Join(q["a"], "|") + strings.Join(q["hub.topic"], "|"); got != "/|2mine|"+rss || q.Get("b") != "c d" || len(q["hub.challenge"]) != 1 {
		t.Errorf("the question is %v", q)
	}
	s.subscribe(rss, "/cb?")
	if q := s.questions()[1]; q.Get("hub.mode") != "subscribe" {
		t.Errorf("the question is %v", q)
	}
}

func TestNewestRequestTakesThePlaceOfOneThatWaits(t *testing.T) {
	s := begin(t)
	hold, asked := make(chan struct{}), make(chan struct{}, 10)
	s.agrees(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-hold
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	})
	s.post(s.form("subscribe", rss, "/a")) // two take the places there are for one host
	s.post(s.form("subscribe", rss, "/b"))
	<-asked
	<-asked
	for _, secret := range []string{"one", "two", "three"} {
		if w := s.post(s.form("subscribe", rss, "/cb", "hub.secret", secret)); w.Code != http.StatusAccepted {
			t.Fatalf("answered %d", w.Code)
		}
	}
	close(hold)
	s.wait("all stand", func() bool { return s.subscriptions() == 3 })
	if n := len(s.questions()); n != 3 {
		t.Errorf("%d questions were asked", n)
	}
	s.publish(rss, "<rss>two</rss>")
	s.wait("all have it", func() bool { return len(s.got()) == 3 })
	for _, p := range s.got() {
		if p.path == "/cb" {
			notified(t, s.feeds, p, rss, "three")
		}
	}
}
