package hub_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/hub"
	"feedwright/store"
)

const (
	hubURL = "https://news.example.org/hub"
	rss    = "https://news.example.org/rss.xml"
	atom   = "https://news.example.org/atom.xml"
	jsonf  = "https://news.example.org/feed.json"
)

// feeds are topics that a test changes.
type feeds struct {
	mu    sync.Mutex
	text  map[string]string // by Self
	types map[string]string
	errs  map[string]error
	also  map[string]string // spelling → Self
	odd   map[string]bool   // filters
	asked int
}

func newFeeds() *feeds {
	return &feeds{
		text:  map[string]string{rss: "<rss>one</rss>", atom: "<feed>one</feed>", jsonf: `{"items":[1]}`},
		types: map[string]string{rss: "application/rss+xml; charset=utf-8", atom: "application/atom+xml; charset=utf-8", jsonf: "application/feed+json"},
		errs:  map[string]error{}, also: map[string]string{"https://news.example.org/feed": rss}, odd: map[string]bool{},
	}
}

func (f *feeds) set(self, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text[self] = text
}

func (f *feeds) fail(self string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs[self] = err
}

func (f *feeds) Topic(_ context.Context, address string) (hub.Topic, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if !strings.HasPrefix(address, "https://news.example.org/") {
		return hub.Topic{}, hub.ErrForeign
	}
	self := address
	if s := f.also[address]; s != "" {
		self = s
	}
	if err := f.errs[self]; err != nil {
		return hub.Topic{}, err
	}
	text, ok := f.text[self]
	if !ok {
		return hub.Topic{}, article.ErrNotFound
	}
	sum := fnv.New64a()
	io.WriteString(sum, text)
	return hub.Topic{
		Self: self, Hub: hubURL, Name: strings.TrimPrefix(self, "https://news.example.org"), Site: !f.odd[self],
		State: fmt.Sprintf("%x", sum.Sum64()), Type: f.types[self],
		Body: func(context.Context) ([]byte, error) { return []byte(text), nil },
	}, nil
}

// push is a delivery as it came.
type push struct {
	path, body string
	header     http.Header
	at         time.Time
}

// reader is a subscriber: it confirms what it is asked, and notes everything.
type reader struct {
	t   *testing.T
	url string

	mu     sync.Mutex
	asked  []url.Values // questions, by their whole query
	pushes []push
	under  int
	peak   int
	forget bool           // the bodies
	answer func(push) int // status of a delivery; nil means 204
	agree  func(http.ResponseWriter, *http.Request)
}

func (r *reader) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodGet {
		r.mu.Lock()
		r.asked = append(r.asked, q.URL.Query())
		agree := r.agree
		r.mu.Unlock()
		if agree != nil {
			agree(w, q)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		io.WriteString(w, q.URL.Query().Get("hub.challenge"))
		return
	}
	r.mu.Lock()
	r.under++
	r.peak = max(r.peak, r.under)
	r.mu.Unlock()
	b, err := io.ReadAll(q.Body)
	if err != nil {
		r.t.Errorf("a delivery broke off: %v", err)
	}
	if r.forget {
		b = nil
	}
	p := push{path: q.URL.RequestURI(), body: string(b), header: q.Header, at: time.Now()}
	r.mu.Lock()
	r.under--
	r.pushes = append(r.pushes, p)
	answer := r.answer
	r.mu.Unlock()
	code := http.StatusNoContent
	if answer != nil {
		code = answer(p)
	}
	w.WriteHeader(code)
}

func (r *reader) questions() []url.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]url.Values(nil), r.asked...)
}

func (r *reader) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pushes)
}

func (r *reader) got() []push {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]push(nil), r.pushes...)
}

func (r *reader) answers(f func(push) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *reader) agrees(f func(http.ResponseWriter, *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.agree = f
}

// scene is a hub over a real database, its topics, and a subscriber.
type scene struct {
	t     *testing.T
	feeds *feeds
	*reader
	dir  string
	opt  hub.Options
	hub  *hub.Hub
	log  *lines
	stop func()
	wait func(what string, holds func() bool)
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// begin sets a scene whose subscriber is a real server on this machine.
func begin(t *testing.T, change ...func(*hub.Options)) *scene {
	s := prepare(t)
	srv := httptest.NewServer(s.reader)
	t.Cleanup(srv.Close)
	s.reader.url = srv.URL
	s.wait = func(what string, holds func() bool) {
		t.Helper()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		deadline := time.After(30 * time.Second)
		for !holds() {
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatalf("in 30 seconds it did not come true that %s; the hub says\n%s", what, s.log)
			}
		}
	}
	s.opt.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for _, f := range change {
		f(&s.opt)
	}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

func prepare(t *testing.T) *scene {
	s := &scene{t: t, feeds: newFeeds(), reader: &reader{t: t}, dir: t.TempDir(), log: &lines{}}
	s.opt = hub.Options{
		Topics: s.feeds, Agent: "feedwright/test",
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return s
}

// start opens the database and runs a hub over it until stop.
func (s *scene) start() {
	s.t.Helper()
	st, err := store.Open(context.Background(), s.storeOptions())
	if err != nil {
		s.t.Fatal(err)
	}
	s.opt.Store = st
	s.hub = hub.New(s.opt)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.hub.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the hub ended: %v", err)
		}
		if err := st.Close(); err != nil {
			s.t.Error(err)
		}
	})
	s.wait("the hub takes requests", s.hub.Ready)
}

func (s *scene) storeOptions() store.Options {
	return store.Options{DSN: "sqlite:" + filepath.Join(s.dir, "f.db"), SiteID: "6f1e1d6c-3f5a-4c1e-9b7e-1d1d3f0c2a55"}
}

// post sends a form to the hub.
func (s *scene) post(form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hub", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.hub.ServeHTTP(w, r)
	return w
}

// form is a request of the subscriber; extra are further pairs.
func (s *scene) form(mode, topic, callback string, extra ...string) url.Values {
	f := url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.callback": {s.reader.url + callback}}
	for i := 0; i < len(extra); i += 2 {
		f.Set(extra[i], extra[i+1])
	}
	return f
}

// subscribe asks and waits until the subscription stands.
func (s *scene) subscribe(topic, callback string, extra ...string) {
	s.t.Helper()
	before := s.stat("hub_subscribed")
	if w := s.post(s.form("subscribe", topic, callback, extra...)); w.Code != http.StatusAccepted {
		s.t.Fatalf("a subscription was answered %d %s", w.Code, w.Body)
	}
	s.wait("a subscription is confirmed", func() bool { return s.stat("hub_subscribed") == before+1 })
}

// publish changes a topic and tells the hub.
func (s *scene) publish(self, text string) {
	s.feeds.set(self, text)
	s.hub.Wake()
}

func (s *scene) stat(name string) uint64 {
	_, counts := s.hub.Stats()
	return counts[name]
}

func (s *scene) subscriptions() int {
	n, _ := s.hub.Stats()
	return n
}

// arrives waits for so many deliveries in all, and gives the last.
func (s *scene) arrives(n int) push {
	s.t.Helper()
	s.wait(fmt.Sprintf("%d deliveries came", n), func() bool { return len(s.got()) >= n })
	got := s.got()
	if len(got) != n {
		s.t.Errorf("%d deliveries came, want %d", len(got), n)
	}
	return got[n-1]
}

// wire is a network in memory, for bubbles of testing/synctest.
type wire struct {
	conns chan net.Conn
	shut  chan struct{}
}

func newWire() *wire { return &wire{make(chan net.Conn), make(chan struct{})} }

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.shut:
		return nil, net.ErrClosed
	}
}
func (w *wire) Close() error   { close(w.shut); return nil }
func (w *wire) Addr() net.Addr { return &net.TCPAddr{} }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	select {
	case w.conns <- b:
		return a, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.shut:
		return nil, net.ErrClosed
	}
}
