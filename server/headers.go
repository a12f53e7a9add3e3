package server

import (
	"fmt"
	"hash/maphash"
	"net/http"
	"strings"
	"time"
	"weak"

	"feedwright/feed"
)

// pagePolicy lets a page show pictures and sound from anywhere and run nothing.
const pagePolicy = "default-src 'none'; img-src * data:; media-src *; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Header values that never change, shared by all answers: never to be edited
// in place.
var (
	anyOrigin    = []string{"*"}
	exposed      = []string{"ETag, Last-Modified, Link"}
	noSniff      = []string{"nosniff"}
	referrer     = []string{"strict-origin-when-cross-origin"}
	noReferrer   = []string{"no-referrer"} // the address of a private page holds its token
	policy       = []string{pagePolicy}
	varyEncoding = []string{"Accept-Encoding"}
	varyBoth     = []string{"Accept, Accept-Encoding"}
	viewedType   = []string{"text/xml; charset=utf-8"}
	encodingName = [codings][]string{nil, {"gzip"}, {"br"}, {"zstd"}}
	noCache      = []string{"no-cache"}
	noStore      = []string{"no-store"}
)

// common sets what every public answer carries, errors too.
func common(h http.Header) {
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Access-Control-Expose-Headers"] = exposed
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = referrer
}

// stored takes off a 304 what its client has of the 200 and keeps (RFC 9111
// §3.2): most answers are 304s, and most of their bytes are headers. The origin
// is looked at on every answer.
func stored(h http.Header) {
	delete(h, "Access-Control-Expose-Headers")
	delete(h, "X-Content-Type-Options")
	delete(h, "Referrer-Policy")
}

// prepared is an Answer's headers, made once and set by reference at each poll.
type prepared struct {
	answer       weak.Pointer[feed.Answer] // weak: an edition that is gone must not be kept
	tag          string
	modified     time.Time
	ends         time.Time
	maxAge       time.Duration
	viewable     bool // RSS or Atom: shown styled in a browser, as text/xml
	page         bool
	private      bool
	etag         [variants][codings][]string
	lastModified []string
	cacheControl []string
	contentType  []string
	link         []string
	vary         []string
}

// preparedSlots bounds the memory for prepared headers; a collision costs one
// preparation. A power of two.
const preparedSlots = 1024

// prepare gives the headers of an Answer, from the last time if it was asked
// for before.
func (s *Server) prepare(a *feed.Answer) *prepared {
	key := weak.Make(a)
	slot := &s.prepared[maphash.Comparable(s.seed, key)&(preparedSlots-1)]
	if p := slot.Load(); p != nil && p.answer == key {
		return p
	}
	p := newPrepared(a, s.o.MaxAge)
	p.answer = key
	slot.Store(p)
	return p
}

func newPrepared(a *feed.Answer, maxAge time.Duration) *prepared {
	kind, _, _ := strings.Cut(a.ContentType, ";")
	p := &prepared{
		tag:         a.ETag,
		modified:    a.LastModified,
		viewable:    kind == "application/rss+xml" || kind == "application/atom+xml",
		page:        kind == "text/html",
		private:     a.Private,
		contentType: []string{a.ContentType},
		vary:        varyEncoding,
	}
	if p.viewable {
		p.vary = varyBoth
	}
	if a.ETag != "" {
		for v := range variants {
			for c := range codings {
				p.etag[v][c] = []string{`"` + a.ETag + variantSuffix[v] + suffixOf[c] + `"`}
			}
		}
	}
	if !a.LastModified.IsZero() {
		p.lastModified = []string{a.LastModified.UTC().Format(http.TimeFormat)}
	}
	if a.MaxAge > 0 {
		maxAge = a.MaxAge
	}
	p.ends, p.maxAge = a.Ends, maxAge
	p.cacheControl = []string{cacheControl(maxAge, a.Private)}
	if a.Self != "" {
		rel := "self" // WebSub §4: exactly one
		if p.page {
			rel = "canonical" // RFC 6596
		}
		p.link = []string{"<" + a.Self + `>; rel="` + rel + `"`}
		if a.Hub != "" { // one header, the hub first: some read the first link only
			p.link[0] = "<" + a.Hub + `>; rel="hub", ` + p.link[0]
		}
	}
	return p
}

// swapping is within what time another edition follows an end.
const swapping = 10 * time.Second

// cacheControl lets a browser keep an answer for maxAge and a shared cache for
// half a minute, so that what is due appears there soon; while we are down both
// may show the last answer for an hour (RFC 5861 §4).
func cacheControl(maxAge time.Duration, private bool) string {
	if private {
		return fmt.Sprintf("private, max-age=%d", int(maxAge.Seconds()))
	}
	return fmt.Sprintf("public, max-age=%d, s-maxage=30, stale-if-error=3600", int(maxAge.Seconds()))
}

// validators sets what a 200 and a 304 have in common (RFC 9110 §15.4.5).
// Last-Modified stands on a 304 too: some readers forget what a 304 leaves out.
func (p *prepared) validators(h http.Header, v variant, c coding, now time.Time) {
	set := func(key string, value []string) {
		if value != nil {
			h[key] = value
		}
	}
	set("Etag", p.etag[v][c])
	set("Last-Modified", p.lastModified)
	set("Cache-Control", p.cacheControl)
	// No cache is to show an article for longer than we do. Where the end is long
	// past, all members have stayed.
	if left := p.ends.Sub(now); left > -swapping && left < p.maxAge {
		h["Cache-Control"] = []string{cacheControl(max(left, 0), p.private)}
	}
	set("Vary", p.vary)
	set("Link", p.link)
}

// content sets what only a 200 carries.
func (p *prepared) content(h http.Header, v variant, c coding) {
	h["Content-Type"] = p.contentType
	if v == viewed {
		h["Content-Type"] = viewedType
	}
	if p.private {
		h["Referrer-Policy"] = noReferrer
	}
	if v == viewed || p.page {
		h["Content-Security-Policy"] = policy
	}
	if name := encodingName[c]; name != nil {
		h["Content-Encoding"] = name
	}
}

// redirect names another address. It is never used for a feed that is there.
func redirect(x *exchange, code int, to string) {
	h := x.Header()
	h.Set("Location", to)
	h["Cache-Control"] = noCache
	h.Set("Content-Length", "0")
	x.WriteHeader(code)
}

// preflight answers OPTIONS: the CORS protocol's question, or a plain one.
func preflight(x *exchange) {
	h := x.Header()
	h.Set("Allow", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "A-IM, Accept, Cache-Control, If-Modified-Since, If-None-Match, Range")
	h.Set("Access-Control-Max-Age", "86400")
	x.WriteHeader(http.StatusNoContent)
}
