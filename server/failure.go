package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"feedwright/article"
	"feedwright/feed"
)

// retryAfter is how long, in seconds, a client is asked to wait.
const retryAfter = 10

// failure is an answer that is no document.
type failure struct {
	code int
	text string      // a sentence for people; "" takes the page's own
	near []feed.Term // what may have been meant
}

// failWith answers an error of the Library or of an address. This is the one
// table from errors to HTTP.
func (s *Server) failWith(x *exchange, r *http.Request, a feed.Address, err error) {
	var filter *article.FilterError
	var expired *feed.Expired
	switch {
	case errors.As(err, &filter):
		s.fail(x, r, failure{code: http.StatusBadRequest, text: "This filter cannot be read: " + filter.Error() + "."})
	case errors.Is(err, article.ErrUnready):
		x.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		s.fail(x, r, failure{code: http.StatusServiceUnavailable, text: "The texts are still being indexed, or many ask for words at once. Please come back in a few seconds."})
	case errors.Is(err, feed.ErrReplaced):
		x.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		s.fail(x, r, failure{code: http.StatusServiceUnavailable, text: "This file is being replaced. Please come back in a few seconds."})
	case errors.As(err, &expired):
		at := expired.At.Format("2006-01-02 15:04 MST")
		s.fail(x, r, failure{code: http.StatusForbidden, text: "This private feed could be read by this address until " + at + ". Please ask its publisher for a new one."})
	case errors.Is(err, article.ErrGone):
		s.fail(x, r, failure{code: http.StatusGone})
	case errors.Is(err, article.ErrNotFound):
		s.notFound(x, r, a)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		s.notReady(x, r)
	default:
		s.log.Error("answer request", "path", logged(r.URL.Path), "client", s.client(r), "err", err)
		s.notReady(x, r)
	}
}

// notFound leads on from a former name, else offers the nearest ones.
func (s *Server) notFound(x *exchange, r *http.Request, a feed.Address) {
	if a.Format == "" || s.lib.Ready() != nil {
		s.fail(x, r, failure{code: http.StatusNotFound})
		return
	}
	if to := s.lib.Moved(r.Context(), a); to != "" {
		// One slash: two would name another host.
		redirect(x, http.StatusMovedPermanently, s.o.Prefix+"/"+strings.TrimLeft(to, "/"))
		return
	}
	s.fail(x, r, failure{code: http.StatusNotFound, near: s.lib.Near(r.Context(), a)})
}

// notReady asks to come back soon. It never stands in for an empty feed, and is
// never a 404, after which some readers stay away for days.
func (s *Server) notReady(x *exchange, r *http.Request) {
	x.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	s.fail(x, r, failure{code: http.StatusServiceUnavailable})
}

func (s *Server) methodNotAllowed(x *exchange, r *http.Request) {
	x.Header().Set("Allow", "GET, HEAD, OPTIONS")
	s.fail(x, r, failure{code: http.StatusMethodNotAllowed})
}

// fail sends a page to a browser and plain text to everyone else.
func (s *Server) fail(x *exchange, r *http.Request, f failure) {
	h := x.Header()
	for _, k := range []string{"Etag", "Last-Modified", "Link", "Content-Encoding"} {
		h.Del(k)
	}
	h["Cache-Control"] = noCache
	h.Set("Vary", "Accept, Accept-Language, Accept-Encoding")
	var body []byte
	if prefersHTML(r.Header["Accept"]) {
		h.Set("Content-Type", "text/html; charset=utf-8")
		h["Content-Security-Policy"] = policy
		body = s.errorPage(r, f)
	} else {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		body = plainFailure(f)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	x.WriteHeader(f.code)
	if r.Method != http.MethodHead {
		x.Write(body)
	}
}

func (s *Server) errorPage(r *http.Request, f failure) []byte {
	var sentences []string
	if f.text != "" {
		sentences = []string{f.text}
	}
	lang := languageOf(r.Header["Accept-Language"], s.o.Lang)
	return feed.ErrorPage(lang, f.code, sentences, f.near, s.o.Prefix+"/")
}

// sentences are the plain texts of failures that bring none of their own.
var sentences = map[int]string{
	http.StatusNotFound:            "There is no feed or page at this address.",
	http.StatusGone:                "This was withdrawn and will not come back.",
	http.StatusMethodNotAllowed:    "Only GET, HEAD and OPTIONS are understood here.",
	http.StatusServiceUnavailable:  "The feeds are being prepared. Please come back in a few seconds.",
	http.StatusInternalServerError: "Something went wrong here. It has been noted.",
}

func plainFailure(f failure) []byte {
	text := f.text
	if text == "" {
		text = sentences[f.code]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n%s\n", f.code, http.StatusText(f.code), text)
	if len(f.near) > 0 {
		b.WriteString("Near it:\n")
	}
	for _, t := range f.near {
		fmt.Fprintf(&b, "  %s %s\n", article.Line(t.Name), t.URL)
	}
	return []byte(b.String())
}

// logged is a path as a log may keep it: without the token of a private feed.
func logged(p string) string {
	if before, rest, ok := strings.Cut(p, "/feeds/"); ok {
		if name, secret, ok := strings.Cut(rest, "/"); ok && strings.Contains(secret, "/") {
			_, file, _ := strings.Cut(secret, "/")
			return before + "/feeds/" + name + "/…/" + file
		}
	}
	return p
}

// finish ends an exchange: it turns a panic into a 500 and counts.
func (s *Server) finish(x *exchange, r *http.Request) {
	if v := recover(); v != nil {
		if v == http.ErrAbortHandler {
			panic(v)
		}
		s.log.Error("panic", "path", logged(r.URL.Path), "client", s.client(r), "panic", v, "stack", string(debug.Stack()))
		if x.code != 0 {
			s.metrics.count(x)
			panic(http.ErrAbortHandler) // half an answer must not look whole
		}
		s.fail(x, r, failure{code: http.StatusInternalServerError})
	}
	s.metrics.count(x)
}
