package lint

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// offering is a good server that answers otherwise who sends an Accept with
// some words.
type offering struct{ words, vary, typ, body, tag string }

func (o offering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Accept"), o.words) {
		server{head: put("Vary", o.vary)}.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Vary", o.vary)
	w.Header().Set("Content-Type", o.typ)
	w.Header().Set("ETag", o.tag)
	_, _ = w.Write([]byte(o.body))
}

func TestABrowserMayBeAnsweredOtherwiseIfCachesAreTold(t *testing.T) {
	const both, browser = "Accept, Accept-Encoding", "text/html,app"
	dressed := strings.Replace(small, "<channel>", `<channel><a xmlns="http://www.w3.org/1999/xhtml" href="https://news.example.org/">News</a>`, 1)
	if dressed == small {
		t.Fatal("there is no channel to dress")
	}
	for name, c := range map[string]struct {
		offering
		want []string
	}{
		"the feed with links":     {offering{browser, both, "text/xml; charset=utf-8", dressed, `"one-x"`}, nil},
		"a page":                  {offering{browser, both, "text/html; charset=utf-8", "<!DOCTYPE html><title>News</title>", `"page"`}, nil},
		"caches are not told":     {offering{browser, "Accept-Encoding", "text/xml; charset=utf-8", dressed, `"one-x"`}, []string{"http/vary"}},
		"one tag for two answers": {offering{browser, both, "text/xml; charset=utf-8", dressed, `"one"`}, []string{"http/shared-etag"}},
		"a broken feed":           {offering{browser, both, "text/xml; charset=utf-8", strings.Replace(dressed, "</a>", "", 1), `"one-x"`}, []string{"http/browser-view"}},
	} {
		if got := slices.Compact(poll(t, c.offering)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
