package lint

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var pollRules = []string{
	"http/content-type", "http/text-xml", "http/wrong-content-type", "http/status", "http/temporary-redirect", "http/redirect",
	"http/no-validators", "http/etag-form", "http/last-modified", "http/not-modified", "http/list-not-matched",
	"http/not-modified-headers", "http/shared-etag", "http/vary", "http/unasked-encoding", "http/not-compressed",
	"http/set-cookie", "http/changes", "http/html-for-readers", "http/browser-view",
}

const modified = "Sun, 22 Nov 2026 09:00:00 GMT"

// good answers as a feed's server should; break0 may spoil an answer.
type server struct {
	head func(http.Header, *http.Request) // changes the headers
	take func(*http.Request) *http.Request
	body func() string
}

func (s server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	doc := small + strings.Repeat(" ", 3000)
	if s.body != nil {
		doc = s.body()
	}
	asked := r
	if s.take != nil {
		r = s.take(r)
	}
	h := w.Header()
	tag := `"one"`
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		tag = `"one-gzip"`
	}
	for name, v := range map[string]string{"Content-Type": "application/rss+xml; charset=utf-8", "ETag": tag, "Last-Modified": modified, "Vary": "Accept-Encoding", "Cache-Control": "max-age=900"} {
		h.Set(name, v)
	}
	if s.head != nil {
		s.head(h, asked)
	}
	if strings.Contains(strings.ReplaceAll(r.Header.Get("If-None-Match"), "W/", ""), strings.TrimPrefix(tag, "W/")) || r.Header.Get("If-Modified-Since") == modified && r.Header.Get("If-None-Match") == "" {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if h.Get("Content-Encoding") == "gzip" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(doc))
		_ = z.Close()
		doc = b.String()
	}
	_, _ = w.Write([]byte(doc))
}

// poll returns the rules that a server's answers break.
func poll(t *testing.T, h http.Handler) []string {
	t.Helper()
	ts := httptest.NewServer(h)
	defer ts.Close()
	_, _, list, err := Poll(t.Context(), ts.URL+"/rss.xml", FetchOptions{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range list {
		if f.Rule != "link/self-mismatch" {
			out = append(out, f.Rule)
		}
	}
	return out
}

func drop(name string) func(http.Header, *http.Request) {
	return func(h http.Header, _ *http.Request) { h.Del(name) }
}

func put(name, value string) func(http.Header, *http.Request) {
	return func(h http.Header, _ *http.Request) { h.Set(name, value) }
}

// without takes header fields out of a request before it is answered.
func without(names ...string) func(*http.Request) *http.Request {
	return func(r *http.Request) *http.Request {
		r = r.Clone(r.Context())
		for _, n := range names {
			r.Header.Del(n)
		}
		return r
	}
}

func TestAnswersAreJudgedAsPollingReadersMeetThem(t *testing.T) {
	if got := poll(t, server{}); len(got) > 0 {
		t.Errorf("a good server: %v", got)
	}
	var count atomic.Int32
	cases := map[string]http.Handler{
		"http/content-type":       server{head: put("Content-Type", "text/html")},
		"http/text-xml":           server{head: put("Content-Type", "application/xml")},
		"http/wrong-content-type": server{head: put("Content-Type", "text/plain")},
		"http/no-validators": server{head: func(h http.Header, _ *http.Request) {
			h.Del("ETag")
			h.Del("Last-Modified")
		}},
		"http/etag-form":     server{head: put("ETag", "one")},
		"http/last-modified": server{head: put("Last-Modified", "2026-11-22")},
		"http/not-modified":  server{take: without("If-None-Match", "If-Modified-Since")},
		"http/list-not-matched": server{take: func(r *http.Request) *http.Request {
			if strings.Contains(r.Header.Get("If-None-Match"), ",") {
				return without("If-None-Match")(r)
			}
			return r
		}},
		"http/not-modified-headers": server{head: func(h http.Header, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				h.Del("Cache-Control")
			}
		}},
		"http/shared-etag": server{head: put("ETag", `"one"`), take: func(r *http.Request) *http.Request { return r }},
		"http/vary":        server{head: drop("Vary")},
		"http/unasked-encoding": server{take: func(r *http.Request) *http.Request {
			r = r.Clone(r.Context())
			r.Header.Set("Accept-Encoding", "gzip")
			return r
		}},
		"http/not-compressed": server{take: without("Accept-Encoding")},
		"http/set-cookie":     server{head: put("Set-Cookie", "a=b")},
		"http/changes": server{body: func() string {
			return strings.Replace(small, "Ärger", fmt.Sprint("built ", count.Add(1)), 1)
		}},
		"http/html-for-readers":   offering{"text/html", "Accept, Accept-Encoding", "text/html", "<!DOCTYPE html><title>Example</title>", `"page"`},
		"http/browser-view":       offering{"text/html,app", "Accept, Accept-Encoding", "text/xml; charset=utf-8", strings.Replace(small, "</channel>", "", 1), `"view"`},
		"http/status":             http.NotFoundHandler(),
		"http/redirect":           moved(http.StatusMovedPermanently),
		"http/temporary-redirect": moved(http.StatusFound),
	}
	for _, rule := range pollRules {
		h, ok := cases[rule]
		if !ok {
			t.Errorf("no server breaks %s", rule)
			continue
		}
		if got := poll(t, h); !slices.Contains(got, rule) {
			t.Errorf("%s is not reported: %v", rule, got)
		}
	}
}

func moved(status int) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/rss.xml", http.RedirectHandler("/new.xml", status))
	mux.Handle("/new.xml", server{})
	return mux
}

func TestFetchStaysWithinItsBounds(t *testing.T) {
	huge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip") // a small answer that unpacks to a large one
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, maxFetch+1))
		_ = z.Close()
	}))
	defer huge.Close()
	if _, err := Fetch(t.Context(), huge.URL, FetchOptions{}); !errors.Is(err, ErrTooLong) {
		t.Errorf("got %v, want %v", err, ErrTooLong)
	}
	loop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	}))
	defer loop.Close()
	if _, err := Fetch(t.Context(), loop.URL+"/", FetchOptions{}); err == nil || !strings.Contains(err.Error(), "redirects") {
		t.Errorf("got %v, want an error that speaks of redirects", err)
	}
}
