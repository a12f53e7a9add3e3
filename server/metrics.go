package server

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"feedwright/feed"
)

// kind is what was asked for, for counting: a fixed set, so that no stranger's
// address ever becomes a label.
type kind uint8

const (
	kindOther kind = iota
	kindRSS
	kindAtom
	kindJSON
	kindHTML
	kindOPML
	kindMedia
	kindAsset
	kindHub
	kindAdmin
	kinds
)

var kindNamed = [kinds]string{"other", "rss", "atom", "json", "html", "opml", "media", "asset", "hub", "admin"}

func kindOf(f feed.Format) kind {
	switch f {
	case feed.RSS:
		return kindRSS
	case feed.Atom:
		return kindAtom
	case feed.JSON:
		return kindJSON
	case feed.HTML:
		return kindHTML
	case feed.OPML:
		return kindOPML
	}
	return kindOther
}

// codeNamed are the statuses as labels.
var codeNamed = func() (names [600]string) {
	for code := range names {
		names[code] = strconv.Itoa(code)
	}
	return names
}()

// metrics counts what is answered and shows what the Library says of itself.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec // kind, code
	bytes    *prometheus.CounterVec // kind
}

func newMetrics(lib feed.Library, o Options) *metrics {
	m := &metrics{
		registry: o.Metrics,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feedwright_http_requests_total",
			Help: "Requests answered, by what was asked for and status; 304 is a poll that cost nothing.",
		}, []string{"kind", "code"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feedwright_http_response_bytes_total",
			Help: "Bytes of bodies sent, compressed as they were.",
		}, []string{"kind"}),
	}
	if m.registry == nil {
		m.registry = prometheus.NewRegistry()
		m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	// A second Server on the same registry goes on with the first one's counters.
	m.requests = registered(m.registry, m.requests)
	m.bytes = registered(m.registry, m.bytes)
	registered(m.registry, &status{lib: lib, version: o.Version})
	return m
}

func registered[C prometheus.Collector](r *prometheus.Registry, c C) C {
	err := r.Register(c)
	if already, ok := err.(prometheus.AlreadyRegisteredError); ok {
		if old, ok := already.ExistingCollector.(C); ok {
			return old
		}
	}
	return c
}

func (m *metrics) count(x *exchange) {
	code := x.code
	if code == 0 {
		code = http.StatusOK
	}
	k := kindNamed[x.kind]
	m.requests.WithLabelValues(k, codeNamed[code%len(codeNamed)]).Inc()
	if x.bytes > 0 {
		m.bytes.WithLabelValues(k).Add(float64(x.bytes))
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// status turns feed.Status into metrics when they are asked for.
type status struct {
	lib     feed.Library
	version string
}

var (
	descBuild     = prometheus.NewDesc("feedwright_build_info", "Always 1; the version is in the label.", []string{"version"}, nil)
	descReady     = prometheus.NewDesc("feedwright_ready", "1 once feeds can be answered.", nil, nil)
	descArticles  = prometheus.NewDesc("feedwright_articles", "Articles by state: published, held or expired.", []string{"state"}, nil)
	descRefused   = prometheus.NewDesc("feedwright_files_refused", "Files that could not be read; their last good version stays.", nil, nil)
	descWithheld  = prometheus.NewDesc("feedwright_removals_withheld", "Articles whose files vanished at once; they stay until feedwright accept-removals.", nil, nil)
	descDocuments = prometheus.NewDesc("feedwright_documents_kept", "Documents kept in memory.", nil, nil)
	descCache     = prometheus.NewDesc("feedwright_cache_bytes", "Memory that kept documents and fragments take.", nil, nil)
	descEdition   = prometheus.NewDesc("feedwright_edition_timestamp_seconds", "Instant of the edition being served.", nil, nil)
	descFollowers = prometheus.NewDesc("feedwright_subscriptions", "Subscriptions to feeds at the WebSub hub.", nil, nil)
	descEvents    = prometheus.NewDesc("feedwright_events_total", "What happened since the start: editions, renders, scans and the like.", []string{"event"}, nil)
)

// Describe lists the metrics.
func (s *status) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descBuild, descReady, descArticles, descRefused, descWithheld, descDocuments, descCache, descEdition, descFollowers, descEvents} {
		ch <- d
	}
}

// Collect reads the Library's Status once.
func (s *status) Collect(ch chan<- prometheus.Metric) {
	st := s.lib.Status()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	ready := 0.0
	if st.Ready {
		ready = 1
	}
	gauge(descBuild, 1, s.version)
	gauge(descReady, ready)
	gauge(descArticles, float64(st.Published), "published")
	gauge(descArticles, float64(st.Held), "held")
	gauge(descArticles, float64(st.Expired), "expired")
	gauge(descRefused, float64(st.Refused))
	gauge(descWithheld, float64(st.Withheld))
	gauge(descDocuments, float64(st.Documents))
	gauge(descCache, float64(st.CacheUsed))
	if !st.Edition.IsZero() {
		gauge(descEdition, float64(st.Edition.UnixMilli())/1000)
	}
	gauge(descFollowers, float64(st.Followers))
	for name, n := range st.Counters {
		ch <- prometheus.MustNewConstMetric(descEvents, prometheus.CounterValue, float64(n), name)
	}
}
