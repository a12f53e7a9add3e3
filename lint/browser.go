package lint

import (
	"bytes"
	"context"
	"net/http"
	"strings"
)

// What browsers, and readers that take HTML too, ask for. A feed's address may
// answer a browser otherwise, if caches are told and no reader meets it.
const (
	browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	readerAccept  = "application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,application/feed+json,text/html,*/*;q=0.9"
)

// others asks as a reader that names text/html beside the types of feeds, and
// as a browser, and compares with what a reader got that names none. What a
// browser is given is judged as a document only if it is a feed: as it is with
// links of XHTML in it, which readers pass over.
func (l *linter) others(ctx context.Context, f *fetcher, address string, plain *Page) error {
	reader, err := f.get(ctx, address, http.Header{"Accept-Encoding": {"identity"}, "Accept": {readerAccept}})
	if err != nil {
		return err
	}
	if reader.Status != http.StatusOK || Sniff(reader.Body[:min(len(reader.Body), 4096)]) == Unknown {
		l.found(-1, "http/html-for-readers", "a reader that takes text/html beside the types of feeds is answered with %d %s", reader.Status, reader.Header.Get("Content-Type"))
	}
	browser, err := f.get(ctx, address, http.Header{"Accept-Encoding": {"identity"}, "Accept": {browserAccept}})
	if err != nil || browser.Status != http.StatusOK {
		return err
	}
	typ := browser.Header.Get("Content-Type")
	if bytes.Equal(browser.Body, plain.Body) && typ == plain.Header.Get("Content-Type") {
		return nil
	}
	for _, p := range []*Page{plain, browser} {
		if !varies(p.Header, "accept") {
			l.found(-1, "http/vary", "a browser is answered otherwise, as %s, and Vary does not say so", quote(typ)).Hint = "send Vary: Accept with each variant"
		}
	}
	tag := browser.Header.Get("ETag")
	if tag != "" && !strings.HasPrefix(tag, "W/") && tag == plain.Header.Get("ETag") {
		l.found(-1, "http/shared-etag", "what a browser gets and what a reader gets have the same strong ETag %s", tag).Hint = "give each variant a strong tag of its own"
	}
	kind, list, err := Check(ctx, browser.Body, Options{URL: l.o.URL, Now: l.o.Now})
	if err != nil || kind == Unknown {
		return err
	}
	for _, x := range list {
		if x.Severity == Error {
			l.found(-1, "http/browser-view", "what a browser is given breaks %s in line %d: %s", x.Rule, x.Line, x.Message)
			break
		}
	}
	return nil
}

// varies says whether Vary names a header, given in lower case.
func varies(h http.Header, name string) bool {
	for part := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Vary"), ",")), ",") {
		if part = strings.TrimSpace(part); part == name || part == "*" {
			return true
		}
	}
	return false
}
