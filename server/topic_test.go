package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/feed"
)

// TestAddressOfEverySpellingIsThatOfTheAnswer: what subscribers name is read as
// what readers ask for.
func TestAddressOfEverySpellingIsThatOfTheAnswer(t *testing.T) {
	s := New(&shelfLibrary{}, Options{Prefix: "/news", Aliases: []string{"/blog/atom.xml"}})
	for spelling, want := range map[string]string{
		"/news/rss.xml": "/rss.xml", "/news/feed": "/rss.xml", "/news//rss.xml": "/rss.xml", "/news/rss.xml?utm_source=x": "/rss.xml",
		"/blog/atom.xml": "/atom.xml", "/news/blog/atom.xml": "/atom.xml", "/news/atom.xml?category=b,a": "/atom.xml?q=category%3Aa+OR+category%3Ab",
		"/news/atom.xml?tag=x": "/tag/x/atom.xml", "/news/tag/x": "/tag/x/", "/news/feeds/p/t0ken/rss.xml": "/feeds/p/t0ken/rss.xml",
		"/rss.xml": "", "/newsletter/rss.xml": "", "/news/none.xml": "", "/news/rss.xml?q=" + strings.Repeat("a", maxQuery): "",
	} {
		u, err := url.Parse(spelling)
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Address(u)
		if want == "" {
			if !errors.Is(err, article.ErrNotFound) {
				t.Errorf("%.60s: %v, %v", spelling, a, err)
			}
			continue
		}
		if err != nil || a.Path() != want {
			t.Errorf("%s is %s, %v; want %s", spelling, a.Path(), err, want)
		}
	}
	var filter *article.FilterError
	if _, err := s.Address(&url.URL{Path: "/news/rss.xml", RawQuery: "q=("}); !errors.As(err, &filter) {
		t.Errorf("a broken filter: %v", err)
	}
}

// TestHubAnswersAtItsAddressAlone: below the prefix, whatever the method, but
// for the question of the CORS protocol.
func TestHubAnswersAtItsAddressAlone(t *testing.T) {
	hub := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, c := range []struct {
		hub          http.Handler
		method, path string
		want         int
	}{
		{hub, "POST", "/news/hub", http.StatusTeapot}, {hub, "GET", "/news/hub", http.StatusTeapot}, {hub, "OPTIONS", "/news/hub", http.StatusNoContent},
		{hub, "POST", "/hub", http.StatusMethodNotAllowed}, {hub, "POST", "/news/hub/", http.StatusMethodNotAllowed}, {hub, "POST", "/news/rss.xml", http.StatusMethodNotAllowed},
		{nil, "POST", "/news/hub", http.StatusMethodNotAllowed}, {nil, "GET", "/news/hub", http.StatusNotFound},
	} {
		w := httptest.NewRecorder()
		New(&shelfLibrary{}, Options{Prefix: "/news", Hub: c.hub}).Public().ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.want)
		}
	}
}

// TestHubStandsFirstInTheOneLinkHeader: npm's pubsubhubbub reads no more than the
// first link, and WebSub §4 wants one self.
func TestHubStandsFirstInTheOneLinkHeader(t *testing.T) {
	lib := &shelfLibrary{docs: map[string]*feed.Answer{"/rss.xml": {
		ETag: "abc", ContentType: "application/rss+xml; charset=utf-8", Self: "https://news.example.org/rss.xml", Hub: "https://news.example.org/hub", LastModified: changed,
		Body: func(context.Context, feed.Encoding) ([]byte, error) { return []byte("<rss/>"), nil },
	}}}
	for _, tag := range []string{"", `"abc"`} {
		r := httptest.NewRequest("GET", "/rss.xml", nil)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		} else {
			r.Method = "HEAD"
		}
		w := httptest.NewRecorder()
		New(lib, Options{}).Public().ServeHTTP(w, r)
		const want = `<https://news.example.org/hub>; rel="hub", <https://news.example.org/rss.xml>; rel="self"`
		if got := w.Header().Values("Link"); len(got) != 1 || got[0] != want {
			t.Errorf("%d: Link is %q", w.Code, got)
		}
	}
}
