package lint

import (
	"bytes"
	"context"
	"net/http"
	"strings"
)

// Poll fetches a feed as readers do — once whole, then with what the first
// answer gave them to ask again with — and judges document and answers.
func Poll(ctx context.Context, address string, o FetchOptions) (*Page, Kind, []Finding, error) {
	f := newFetcher(o)
	first, err := f.get(ctx, address, nil)
	if err != nil {
		return nil, Unknown, nil, err
	}
	opt := Options{URL: address, ContentType: first.Header.Get("Content-Type")}
	if o.Now != nil {
		opt.Now = o.Now()
	}
	l := newLinter(ctx, opt)
	l.answer(first)
	if first.Status != http.StatusOK {
		return first, Unknown, l.findings(), nil
	}
	kind, list, err := Check(ctx, first.Body, opt)
	if err != nil {
		return first, kind, nil, err
	}
	if kind != Unknown {
		if err := l.again(ctx, f, address, first); err != nil {
			return first, kind, nil, err
		}
	}
	return first, kind, append(l.findings(), list...), nil
}

// answer judges the first answer's head.
func (l *linter) answer(p *Page) {
	if p.Status != http.StatusOK {
		l.found(-1, "http/status", "the answer is %d %s", p.Status, http.StatusText(p.Status))
		return
	}
	for _, status := range p.Moved {
		switch status {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			l.found(-1, "http/redirect", "%s leads on to %s for good (%d)", l.o.URL, p.URL, status)
		default:
			l.found(-1, "http/temporary-redirect", "%s leads on to %s for now (%d)", l.o.URL, p.URL, status)
		}
	}
	if len(p.Header["Set-Cookie"]) > 0 {
		l.found(-1, "http/set-cookie", "the answer sets a cookie")
	}
	l.validators(p.Header)
}

func (l *linter) validators(h http.Header) {
	tag, modified := h.Get("ETag"), h.Get("Last-Modified")
	if tag == "" && modified == "" {
		l.found(-1, "http/no-validators", "the answer has neither ETag nor Last-Modified")
	}
	if opaque := strings.TrimPrefix(tag, "W/"); tag != "" && (len(opaque) < 2 || opaque[0] != '"' || !strings.HasSuffix(opaque, `"`)) {
		l.found(-1, "http/etag-form", "the ETag is %s", tag)
	}
	if t, err := http.ParseTime(modified); modified != "" && err != nil {
		l.found(-1, "http/last-modified", "the Last-Modified is %s, no date of HTTP", quote(modified))
	} else if err == nil && !l.o.Now.IsZero() && t.After(l.o.Now.Add(clockSlack)) {
		l.found(-1, "http/last-modified", "the Last-Modified is %s, in the future", quote(modified))
	}
}

// clockSlack is how far two clocks may differ, in nanoseconds.
const clockSlack = 60e9

// again asks as a reader does that has the first answer, and as one that takes
// no compression.
func (l *linter) again(ctx context.Context, f *fetcher, address string, first *Page) error {
	plain, err := f.get(ctx, address, http.Header{"Accept-Encoding": {"identity"}})
	if err != nil {
		return err
	}
	l.encodings(first, plain)
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	switch {
	case plain.Status != http.StatusOK:
		return nil
	case !bytes.Equal(plain.Body, first.Body):
		l.found(-1, "http/changes", "the document was another when it was fetched a second time")
		return nil
	}
	if err := l.others(ctx, f, address, plain); err != nil {
		return err
	}
	switch {
	case tag != "":
		if err := l.expect304(ctx, f, address, first, http.Header{"If-None-Match": {tag}}, "http/not-modified"); err != nil {
			return err
		}
		return l.expect304(ctx, f, address, nil, http.Header{"If-None-Match": {`"of-another", ` + weak(tag)}}, "http/list-not-matched")
	case modified != "":
		return l.expect304(ctx, f, address, first, http.Header{"If-Modified-Since": {modified}}, "http/not-modified")
	}
	return nil
}

func weak(tag string) string {
	if strings.HasPrefix(tag, "W/") {
		return tag
	}
	return "W/" + tag
}

// encodings compares the answer to one who takes gzip and one who takes none.
func (l *linter) encodings(zipped, plain *Page) {
	if e := plain.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		l.found(-1, "http/unasked-encoding", "the answer is packed as %s, though none was asked for", e)
	}
	if zipped.Header.Get("Content-Encoding") != "gzip" {
		if len(zipped.Body) > 2000 {
			l.found(-1, "http/not-compressed", "the answer is not compressed")
		}
		return
	}
	for _, p := range []*Page{zipped, plain} {
		if !varies(p.Header, "accept-encoding") {
			l.found(-1, "http/vary", "the answer depends on Accept-Encoding and does not say so in Vary")
		}
	}
	if tag := zipped.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") && tag == plain.Header.Get("ETag") {
		l.found(-1, "http/shared-etag", "the packed and the plain answer have the same strong ETag %s", tag)
	}
}

// expect304 sends a conditional request that must be answered with 304.
func (l *linter) expect304(ctx context.Context, f *fetcher, address string, first *Page, h http.Header, rule string) error {
	p, err := f.get(ctx, address, h)
	if err != nil {
		return err
	}
	if p.Status != http.StatusNotModified {
		for name, v := range h {
			l.found(-1, rule, "the answer to %s: %s is %d, not 304", name, v[0], p.Status)
		}
		return nil
	}
	if first == nil {
		return nil
	}
	for _, name := range []string{"ETag", "Last-Modified", "Cache-Control", "Vary"} {
		if first.Header.Get(name) != "" && p.Header.Get(name) == "" {
			l.found(-1, "http/not-modified-headers", "the 304 leaves %s out", name)
		}
	}
	return nil
}
