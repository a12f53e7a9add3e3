package hub_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/hub"
)

func TestRefusedRequestsSayWhy(t *testing.T) {
	s := begin(t)
	gone, private, unready, filter := "https://news.example.org/gone/rss.xml", "https://news.example.org/feeds/p/wrong/rss.xml", "https://news.example.org/later.xml", "https://news.example.org/rss.xml?q=("
	s.feeds.fail(gone, article.ErrGone)
	s.feeds.fail(private, hub.ErrRevoked)
	s.feeds.fail(unready, errors.New("the words are being read"))
	s.feeds.fail(filter, &article.FilterError{Filter: "(", Err: "a bracket is open"})
	with := func(key, value string) url.Values {
		f := s.form("subscribe", rss, "/cb")
		if f.Set(key, value); value == "" {
			f.Del(key)
		}
		return f
	}
	for name, c := range map[string]struct {
		form url.Values
		code int
		says string
	}{
		"no mode":              {with("hub.mode", ""), 400, "hub.mode is missing"},
		"another mode":         {with("hub.mode", "list"), 400, "neither subscribe nor unsubscribe"},
		"no topic":             {with("hub.topic", ""), 400, "hub.topic is missing"},
		"a long topic":         {with("hub.topic", rss+"?q="+strings.Repeat("a", 4096)), 400, "longer than"},
		"another's topic":      {with("hub.topic", "https://other.example.org/rss.xml"), 403, "no feed of this site"},
		"no such feed":         {with("hub.topic", "https://news.example.org/none.xml"), 404, "no feed at hub.topic"},
		"a withdrawn feed":     {with("hub.topic", gone), 410, "withdrawn"},
		"a private feed":       {with("hub.topic", private), 403, "private"},
		"a broken filter":      {with("hub.topic", filter), 400, "a bracket is open"},
		"too early":            {with("hub.topic", unready), 503, "come back"},
		"no callback":          {with("hub.callback", ""), 400, "hub.callback is missing"},
		"a callback's scheme":  {with("hub.callback", "ftp://reader.example.net/"), 400, "http or https"},
		"a callback's file":    {with("hub.callback", "file:///etc/passwd"), 400, "http or https"},
		"a relative callback":  {with("hub.callback", "/cb"), 400, "http or https"},
		"a callback's line":    {with("hub.callback", "http://reader.example.net/\r\nX: y"), 400, "http or https"},
		"a callback's part":    {with("hub.callback", "http://reader.example.net/#a"), 400, "fragment"},
		"a mail server":        {with("hub.callback", "http://reader.example.net:25/"), 400, "port"},
		"a long callback":      {with("hub.callback", "http://reader.example.net/"+strings.Repeat("a", 2048)), 400, "longer than"},
		"a private callback":   {with("hub.callback", "http://10.1.2.3/"), 400, "not public"},
		"a link-local address": {with("hub.callback", "http://[fe80::1]/"), 400, "not public"},
		"metadata of a cloud":  {with("hub.callback", "http://169.254.169.254/latest/"), 400, "not public"},
		"a secret of 200":      {with("hub.secret", strings.Repeat("s", 200)), 400, "200 bytes"},
		"a secret of 201":      {with("hub.secret", strings.Repeat("é", 100)+"s"), 400, "201 bytes"},
	} {
		w := s.post(c.form)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: answered %d %q, want %d with %q", name, w.Code, w.Body, c.code, c.says)
		}
		if got := w.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" {
			t.Errorf("%s: Content-Type is %q", name, got)
		}
		if again := w.Header().Get("Retry-After") != ""; again != (c.code == 503) {
			t.Errorf("%s: Retry-After is %q", name, w.Header().Get("Retry-After"))
		}
	}
	if w := s.post(with("hub.secret", strings.Repeat("s", 199))); w.Code != http.StatusAccepted {
		t.Errorf("a secret of 199 bytes: %d %s", w.Code, w.Body)
	}
	s.wait("that is confirmed", func() bool { return s.subscriptions() == 1 })
	if n := len(s.questions()); n != 1 {
		t.Errorf("the callback was asked %d times", n)
	}
}

func TestOtherRequestsThanFormsAreRefused(t *testing.T) {
	s := begin(t)
	do := func(method, kind, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/hub", strings.NewReader(body))
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		w := httptest.NewRecorder()
		s.hub.ServeHTTP(w, r)
		return w
	}
	form := s.form("subscribe", rss, "/cb").Encode()
	if w := do(http.MethodGet, "", ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := do(http.MethodPost, "application/json", "{}"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: %d", w.Code)
	}
	if w := do(http.MethodPost, "", form); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("no type: %d", w.Code)
	}
	if w := do(http.MethodPost, "application/x-www-form-urlencoded", "hub.mode=%zz"); w.Code != http.StatusBadRequest {
		t.Errorf("a broken form: %d", w.Code)
	}
	if w := do(http.MethodPost, "application/x-www-form-urlencoded", form+"&x="+strings.Repeat("y", 17<<10)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("17 KB: %d", w.Code)
	}
	if w := do(http.MethodPost, "application/x-www-form-urlencoded", "hub.mode=publish&hub.url="+url.QueryEscape(rss)); w.Code != http.StatusNoContent {
		t.Errorf("a ping: %d", w.Code)
	}
	if w := do(http.MethodPost, "Application/X-WWW-Form-Urlencoded; charset=UTF-8", form); w.Code != http.StatusAccepted {
		t.Errorf("a type with a charset: %d %s", w.Code, w.Body)
	}
}

func TestEverySpellingIsOneSubscription(t *testing.T) {
	s := begin(t)
	s.subscribe("https://news.example.org/feed", "/cb")
	s.lastQuestion("subscribe", "https://news.example.org/feed") // as it was asked for
	s.subscribe(rss, "/cb")
	if n := s.subscriptions(); n != 1 {
		t.Errorf("there are %d subscriptions", n)
	}
	s.publish(rss, "<rss>two</rss>")
	notified(t, s.feeds, s.arrives(1), rss, "")
	s.post(s.form("unsubscribe", "https://news.example.org/feed", "/cb"))
	s.wait("it has ended", func() bool { return s.subscriptions() == 0 })
}

func TestLeasesAreWithinBounds(t *testing.T) {
	s := begin(t)
	for asked, want := range map[string]string{"": "864000", "abc": "864000", "-5": "864000", "0": "864000", "60": "86400", "90000": "90000", "31536000": "1296000", "99999999999999": "864000"} {
		s.subscribe(rss, "/cb", "hub.lease_seconds", asked)
		if got := s.lastQuestion("subscribe", rss).Get("hub.lease_seconds"); got != want {
			t.Errorf("asked for %q: a lease of %s, want %s", asked, got, want)
		}
	}
}

func TestStrangersCannotFillTheHub(t *testing.T) {
	s := begin(t, func(o *hub.Options) { o.Limit(4, 3, 1, 100, 100) })
	filter := "https://news.example.org/rss.xml?q=title%3Aa"
	second := "https://news.example.org/rss.xml?q=title%3Ab"
	for _, self := range []string{filter, second} {
		s.feeds.set(self, "<rss>filtered</rss>")
		s.feeds.odd[self] = true
	}
	s.subscribe(filter, "/1")
	if w := s.post(s.form("subscribe", second, "/1")); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "filters") {
		t.Errorf("one filter too many: %d %s", w.Code, w.Body)
	}
	s.subscribe(filter, "/2") // the filter is there already
	s.subscribe(rss, "/1")
	if w := s.post(s.form("subscribe", atom, "/1")); w.Code != http.StatusTooManyRequests {
		t.Errorf("one too many of a host: %d %s", w.Code, w.Body)
	}
	s.subscribe(rss, "/1") // to renew takes no room
	elsewhere := s.form("subscribe", atom, "/1")
	elsewhere.Set("hub.callback", strings.Replace(elsewhere.Get("hub.callback"), "127.0.0.1", "127.0.0.2", 1))
	before := s.stat("hub_unconfirmed")
	if w := s.post(elsewhere); w.Code != http.StatusAccepted { // nobody is there to confirm it
		t.Errorf("another host: %d %s", w.Code, w.Body)
	}
	s.wait("that is not confirmed", func() bool { return s.stat("hub_unconfirmed") == before+1 })
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	s := begin(t)
	s.answers(func(push) int { return 500 })
	s.subscribe(rss, "/callback-of-mine?key=hunter2", "hub.secret", "hunter3")
	s.publish(rss, "<rss>two</rss>")
	s.wait("a delivery failed", func() bool { return s.stat("hub_failed") == 1 })
	s.agrees(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) })
	s.post(s.form("subscribe", rss, "/callback-of-mine?key=hunter2&x", "hub.secret", "hunter3"))
	s.wait("another is refused", func() bool { return s.stat("hub_unconfirmed") == 1 })
	nobody := httptest.NewServer(nil)
	nobody.Close()
	s.reader.url = nobody.URL
	s.post(s.form("subscribe", rss, "/callback-of-mine?key=hunter2"))
	s.wait("a third is not reached", func() bool { return s.stat("hub_unconfirmed") == 2 })
	if log := s.log.String(); strings.Contains(log, "hunter") || strings.Contains(log, "callback-of-mine") || !strings.Contains(log, "127.0.0.1") {
		t.Errorf("the log holds\n%s", log)
	}
}
