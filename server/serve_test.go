package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feedwright/feed"
)

// running serves a Library on a real port until the test ends.
func running(t *testing.T, lib feed.Library, o Options) (addr string, stop func() error) {
	t.Helper()
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, New(lib, o).Public(), o) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	return l.Addr().String(), stop
}

func TestStoppingFinishesWhatIsUnderWay(t *testing.T) {
	lib := newLibrary()
	entered, release := make(chan bool), make(chan bool)
	slow := lib.add("/category/slow/rss.xml", "a1slow", "application/rss+xml; charset=utf-8", "")
	slow.Body = func(_ context.Context, enc feed.Encoding) ([]byte, error) {
		close(entered)
		<-release
		return feed.Compress(enc, []byte("whole"))
	}
	addr, stop := running(t, lib, Options{})
	got := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + addr + "/category/slow/rss.xml")
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got <- string(b)
	}()
	<-entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	select {
	case err := <-ended:
		t.Fatalf("stopped in the middle of an answer: %v", err)
	case <-time.After(50 * time.Millisecond): // nothing to wait for: the end must not come
	}
	close(release)
	if b := <-got; b != "whole" {
		t.Errorf("got %q", b)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestHealthSaysDrainingBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(newLibrary(), Options{})
		h := s.Public()
		l := &quietListener{closed: make(chan bool)}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- Serve(ctx, l, h, Options{DrainFor: 5 * time.Second}) }()
		health := func() int {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
			return w.Code
		}
		if got := health(); got != 200 {
			t.Errorf("before: %d", got)
		}
		stop()
		synctest.Wait()
		if got := health(); got != 503 {
			t.Errorf("draining: %d", got)
		}
		select {
		case <-done:
			t.Error("ended before DrainFor")
		default:
		}
		begin := time.Now()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if d := time.Since(begin); d != 5*time.Second {
			t.Errorf("drained for %v", d)
		}
	})
}

// quietListener accepts nothing.
type quietListener struct {
	closed chan bool
	once   sync.Once
}

func (l *quietListener) Accept() (net.Conn, error) { <-l.closed; return nil, net.ErrClosed }
func (l *quietListener) Close() error              { l.once.Do(func() { close(l.closed) }); return nil }
func (l *quietListener) Addr() net.Addr            { return &net.TCPAddr{} }

func TestListenerThatBreaksIsAnError(t *testing.T) {
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := Serve(t.Context(), l, http.NotFoundHandler(), Options{}); err == nil {
		t.Error("no error")
	}
}

func TestHugeHeadersAndQueriesAreRefused(t *testing.T) {
	addr, _ := running(t, newLibrary(), Options{})
	ask := func(request string) int {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := ask("GET /rss.xml?x=" + strings.Repeat("a", maxQuery) + " HTTP/1.1\r\nHost: x\r\n\r\n"); got != http.StatusRequestURITooLong {
		t.Errorf("long query: %d", got)
	}
	if got := ask("GET /rss.xml HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + strings.Repeat("a", 24<<10) + "\r\n\r\n"); got != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("huge header: %d", got)
	}
	if got := ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"); got/100 != 2 {
		t.Errorf("OPTIONS *: %d", got)
	}
}

func TestTokensStayOutOfTheLog(t *testing.T) {
	var log bytes.Buffer
	lib := newLibrary()
	lib.broken = errDisk
	s := New(lib, Options{Prefix: "/news", Log: slog.New(slog.NewTextHandler(&log, nil))})
	w := httptest.NewRecorder()
	s.Public().ServeHTTP(w, httptest.NewRequest("GET", "/news/feeds/partner/s3cret/rss.xml", nil))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(log.String(), "the disk is gone") {
		t.Fatalf("%d, log %s", w.Code, log.String())
	}
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("the log keeps the token: %s", log.String())
	}
}

func TestClientIsTheRightMostUntrustedAddress(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"203.0.113.9:4711", []string{"6.6.6.6"}, "203.0.113.9"},
		{"10.0.0.1:80", []string{"6.6.6.6, 198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"6.6.6.6, 198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"6.6.6.6", "198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"6.6.6.6, garbage"}, "10.0.0.1"},
		{"10.0.0.1:80", nil, "10.0.0.1"},
		{"[::ffff:10.0.0.1]:80", []string{"198.51.100.7"}, "198.51.100.7"},
		{"[fd00::1]:80", []string{"2001:db8::5"}, "2001:db8::5"},
		{"@", []string{"198.51.100.7"}, "198.51.100.7"}, // a unix socket
	} {
		if got := clientOf(c.remote, c.forwarded, trusted); got.String() != c.want {
			t.Errorf("%s %v: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestSecondServerGoesOnCounting(t *testing.T) {
	reg := prometheus.NewRegistry()
	for range 2 {
		s := New(newLibrary(), Options{Metrics: reg})
		s.Public().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/rss.xml", nil))
	}
	w := httptest.NewRecorder()
	New(newLibrary(), Options{Metrics: reg}).Admin().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), `feedwright_http_requests_total{code="200",kind="rss"} 2`) {
		t.Error(w.Body.String())
	}
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	h := New(newLibrary(), Options{Prefix: "/news"}).Public()
	for name, want := range feed.PageAssets() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/news/assets/"+name, nil))
		if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
		r := httptest.NewRequest("GET", "/news/assets/"+name, nil)
		r.Header.Set("If-None-Match", w.Header().Get("Etag"))
		w = httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 304 {
			t.Errorf("%s again: %d", name, w.Code)
		}
		r = httptest.NewRequest("GET", "/news/assets/"+name, nil)
		r.Header.Set("Accept-Encoding", "br")
		w = httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if strings.HasSuffix(name, ".css") && (w.Header().Get("Content-Encoding") != "br" || w.Body.Len() >= len(want)) {
			t.Errorf("%s is not compressed: %v", name, w.Header())
		}
	}
}

func TestPanicMidwayDoesNotLookLikeAWholeAnswer(t *testing.T) {
	s := New(newLibrary(), Options{})
	srv := httptest.NewServer(&handler{s, func(x *exchange, _ *http.Request) {
		fmt.Fprint(x, strings.Repeat("half ", 2000))
		panic("midway")
	}})
	defer srv.Close()
	res, err := http.Get(srv.URL)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("the client saw a whole answer")
	}
}

// TestPollAllocatesLittle guards the path of every poll.
func TestPollAllocatesLittle(t *testing.T) {
	h := New(newLibrary(), Options{Now: func() time.Time { return now }}).Public()
	r := httptest.NewRequest("GET", "/rss.xml", nil)
	r.Header.Set("If-None-Match", `"a1rss-gz"`)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := &discard{http.Header{}}
	n := testing.AllocsPerRun(200, func() {
		clear(w.h)
		h.ServeHTTP(w, r)
	})
	if n > 8 {
		t.Errorf("a 304 makes %v allocations", n)
	}
}

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// What the HTTP library itself allocates is not seen here.
func TestAPollThatChangesNothingAllocatesNothing(t *testing.T) {
	h := New(newLibrary(), Options{}).Public()
	r := httptest.NewRequest("GET", "/rss.xml", nil)
	r.Header.Set("If-None-Match", `"a1rss-gz"`)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := &discard{http.Header{}}
	if n := testing.AllocsPerRun(100, func() { clear(w.h); h.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPoll(b *testing.B) {
	h := New(newLibrary(), Options{}).Public()
	r := httptest.NewRequest("GET", "/rss.xml", nil)
	r.Header.Set("If-None-Match", `"a1rss-gz"`)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := &discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
	}
}
