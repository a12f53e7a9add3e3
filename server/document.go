package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"feedwright/article"
	"feedwright/feed"
)

// document answers a feed, a page or the OPML list; p is without the prefix.
func (s *Server) document(x *exchange, r *http.Request, p string) {
	if r.URL.RawQuery == "" && !strings.ContainsAny(p, "?%") && s.lib.Ready() == nil {
		if a, ans := s.lib.Kept(p); ans != nil {
			x.kind = kindOf(a.Format)
			s.answer(x, r, a, ans)
			return
		}
	}
	q, err := query(r.URL.RawQuery)
	if err != nil {
		s.failWith(x, r, feed.Address{}, err)
		return
	}
	a, slash, err := parseAddress(p, q)
	if err != nil {
		s.failWith(x, r, a, err)
		return
	}
	x.kind = kindOf(a.Format)
	if _, password, ok := r.BasicAuth(); ok && a.Feed != "" && a.Token == "" {
		a.Token, a.Basic = password, true
	}
	if s.lib.Ready() != nil {
		s.notReady(x, r)
		return
	}
	ans, err := s.lib.Find(r.Context(), a)
	if err != nil {
		s.failWith(x, r, a, err)
		return
	}
	if slash {
		redirect(x, http.StatusMovedPermanently, s.o.Prefix+a.Path())
		return
	}
	if to := s.moved(a, ans); to != "" {
		redirect(x, http.StatusMovedPermanently, to)
		return
	}
	s.answer(x, r, a, ans)
}

// moved gives the path of a term's page where it was asked for under a former
// slug or another spelling, or "". A feed answers under each: readers need
// follow no redirect.
func (s *Server) moved(a feed.Address, ans *feed.Answer) string {
	if _, _, lone := a.Selector.AsLone(); !lone || a.Format != feed.HTML || a.Feed != "" {
		return ""
	}
	self, err := url.Parse(ans.Self)
	if err != nil || self.EscapedPath() == s.o.Prefix+a.Path() || strings.HasPrefix(self.EscapedPath(), "//") {
		return ""
	}
	return self.EscapedPath()
}

// filterKeys are the query keys that choose a document; all others are ignored.
var filterKeys = append([]string{"q", "limit", "has", "after", "before", "since", "source", "title", "with", "without"}, kindNames()...)

func kindNames() []string {
	var names []string
	for _, k := range article.Kinds {
		names = append(names, string(k))
	}
	return names
}

// query reads a query. A pair that cannot be read is an error only under a key
// that means something: dropping it would answer with more than was asked for.
func query(raw string) (url.Values, error) {
	if raw == "" {
		return nil, nil
	}
	q, err := url.ParseQuery(raw)
	if err == nil {
		return q, nil
	}
	for pair := range strings.SplitSeq(raw, "&") {
		if _, err := url.ParseQuery(pair); err == nil {
			continue
		}
		key, _, _ := strings.Cut(pair, "=")
		if slices.Contains(filterKeys, key) {
			return nil, &article.FilterError{Filter: pair, Err: "this cannot be read: write % as %25, ; as %3B, & as %26"}
		}
	}
	return q, nil
}

// news gives a client that takes deltas what is new to it, nil where it is to
// have the whole document. It asks for each such client, also one that has
// everything: that is how the library knows which documents to remember.
func (s *Server) news(r *http.Request, ans *feed.Answer, v variant, c coding) ([]byte, error) {
	if ans.Delta == nil || v != plain || !takesDelta(r.Header["A-Im"]) {
		return nil, nil
	}
	have := statesOf(r.Header["If-None-Match"])
	if slices.Contains(have, ans.ETag) {
		have = nil
	}
	body, ok, err := ans.Delta(r.Context(), have, encodingOf[c])
	if err != nil || !ok {
		return nil, err
	}
	return body, nil
}

// answer sends a document, or says that the client has it already. A 304 never
// renders.
func (s *Server) answer(x *exchange, r *http.Request, a feed.Address, ans *feed.Answer) {
	p := s.prepare(ans)
	v := plain
	if p.viewable && prefersHTML(r.Header["Accept"]) {
		v = viewed
	}
	c, taken := acceptEncoding(r.Header["Accept-Encoding"])
	h := x.Header()
	now := s.o.Now()
	same, unchanged := notModified(r.Header, p, v, c, taken, now)
	code := http.StatusOK
	body, err := s.news(r, ans, v, c)
	switch {
	case unchanged:
		p.validators(h, v, same, now)
		stored(h)
		x.WriteHeader(http.StatusNotModified)
		return
	case body != nil:
		code = http.StatusIMUsed
	case err == nil && v == viewed && ans.View != nil:
		body, err = ans.View(r.Context(), encodingOf[c])
	case err == nil:
		body, err = ans.Body(r.Context(), encodingOf[c])
	}
	if err != nil {
		if r.Context().Err() == nil || !errors.Is(err, context.Canceled) {
			s.failWith(x, r, a, fmt.Errorf("render %s: %w", logged(a.Path()), err))
		}
		return
	}
	p.validators(h, v, c, now)
	p.content(h, v, c)
	if code == http.StatusIMUsed {
		used(h, p)
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.WriteHeader(code)
	if r.Method != http.MethodHead {
		x.Write(body) // a client that went away is no news
	}
}
