// Package server answers by HTTP: routes, conditional requests, content
// codings, errors for people and machines, and the operator's pages. It renders
// no feed, opens no file of the folder and knows no store: all of that stands
// behind feed.Library. A poll that changed nothing touches nothing but a
// look-up and a comparison of validators.
//
// The data's path: request → route → feed.ParseAddress → Library.Find → Answer
// → 304, or Answer.Body → bytes.
package server

import (
	"hash/maphash"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feedwright/feed"
)

// Options say how a Server answers. The zero value serves at the root of the
// site, trusts no proxy and logs nothing.
type Options struct {
	Prefix         string         // path of site.url: "" or "/news"
	Lang           string         // of error pages, for a browser that asks for none we have; "" means en
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Aliases        []string       // further paths that answer like /rss.xml; one that says atom or json in its name answers that format
	MaxAge         time.Duration  // of answers that name none, and of media; 0 means 15 minutes
	Version        string
	Log            *slog.Logger
	Pprof          bool // /debug/pprof on the admin listener
	// AcceptRemovals lets a mass removal that is being withheld go through, and
	// says how many articles it concerns; 0 means that none is withheld. nil:
	// the admin listener does not offer it.
	AcceptRemovals func() int
	Hub            http.Handler         // answers /hub; nil: there is no such address
	Metrics        *prometheus.Registry // nil: an own one, with Go and process collectors

	// DrainFor is how long Serve goes on accepting after health says
	// "draining", so that a load balancer can notice. 0 means not at all.
	DrainFor time.Duration
	Now      func() time.Time // nil: time.Now
}

// Server answers from one Library. It is safe for concurrent use, holds no
// goroutine and needs no closing.
type Server struct {
	lib      feed.Library
	o        Options
	log      *slog.Logger
	aliases  map[string]string // alias, whole → canonical path without the prefix
	metrics  *metrics
	draining atomic.Bool

	seed     maphash.Seed
	prepared [preparedSlots]atomic.Pointer[prepared]
}

// New builds a Server; it starts nothing.
func New(lib feed.Library, o Options) *Server {
	o.Prefix = strings.TrimRight(o.Prefix, "/")
	if o.MaxAge <= 0 {
		o.MaxAge = 15 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{lib: lib, o: o, log: o.Log, seed: maphash.MakeSeed()}
	s.aliases = aliases(o.Aliases, o.Prefix)
	s.metrics = newMetrics(lib, o)
	return s
}

// Public is the handler for the world.
func (s *Server) Public() http.Handler { return &handler{s, s.public} }

// Admin is the handler for the operator: /status, /metrics, /healthz, /readyz,
// POST /accept-removals and, if asked for, /debug/pprof. It betrays embargoes and paths: never give
// it a public address.
func (s *Server) Admin() http.Handler { return &handler{s, s.admin()} }

// handler is an http.Handler that Serve can tell to drain.
type handler struct {
	s     *Server
	serve func(*exchange, *http.Request)
}

// ServeHTTP answers one request, turning a panic into a 500.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchanges.Get().(*exchange)
	*x = exchange{ResponseWriter: w, kind: kindOther}
	defer func() {
		*x = exchange{} // nothing keeps it: what could, gets its ResponseWriter
		exchanges.Put(x)
	}()
	defer h.s.finish(x, r)
	h.serve(x, r)
}

// exchanges are used again, as a poll is answered in microseconds.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// drain makes health say that the end is near.
func (h *handler) drain() { h.s.draining.Store(true) }

// exchange is a response being written, and what is counted of it.
type exchange struct {
	http.ResponseWriter
	kind  kind
	code  int // 0 until the header is written
	bytes int64
}

// WriteHeader notes the first final status.
func (x *exchange) WriteHeader(code int) {
	if x.code == 0 && code >= 200 {
		x.code = code
	}
	x.ResponseWriter.WriteHeader(code)
}

// Write counts what leaves.
func (x *exchange) Write(p []byte) (int, error) {
	if x.code == 0 {
		x.code = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(p)
	x.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }
