package server

import (
	"net/http/httptest"
	"testing"
	"time"
)

// TestNoCacheKeepsWhatIsAboutToLeave: an answer is fresh until the first of its
// articles leaves it, to the second, in a 200 and in a 304.
func TestNoCacheKeepsWhatIsAboutToLeave(t *testing.T) {
	l := newLibrary()
	end := now.Add(10 * time.Minute)
	l.docs["/rss.xml"].Ends = end
	clock := now
	h := New(l, Options{Now: func() time.Time { return clock }}).Public()
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{end.Add(-time.Hour), "public, max-age=900, s-maxage=30, stale-if-error=3600"},
		{end.Add(-15 * time.Minute), "public, max-age=900, s-maxage=30, stale-if-error=3600"},
		{end.Add(-10 * time.Minute), "public, max-age=600, s-maxage=30, stale-if-error=3600"},
		{end.Add(-1500 * time.Millisecond), "public, max-age=1, s-maxage=30, stale-if-error=3600"},
		{end.Add(-time.Millisecond), "public, max-age=0, s-maxage=30, stale-if-error=3600"},
		{end.Add(time.Second), "public, max-age=0, s-maxage=30, stale-if-error=3600"}, // another edition is being made
		{end.Add(time.Minute), "public, max-age=900, s-maxage=30, stale-if-error=3600"},
	} {
		clock = c.at
		for _, tag := range []string{"", `"a1rss"`} {
			r := httptest.NewRequest("GET", "/rss.xml", nil)
			r.Header.Set("If-None-Match", tag)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Cache-Control"); got != c.want {
				t.Errorf("%v before its end, status %d: %s, want %s", end.Sub(c.at), w.Code, got, c.want)
			}
		}
	}
}
