package lint

import (
	"mime"
	"strings"
)

var answerRules = []Rule{
	{"http/content-type", Warning, "RFC 9110 §8.3", ""},
	{"http/text-xml", Info, "RFC 7303 §9.2", ""},
	{"http/wrong-content-type", Error, "RFC 9110 §8.3", ""},
	{"http/status", Error, "RFC 9110 §15", "answer 200"},
	{"http/temporary-redirect", Warning, "RFC 9110 §15.4", "answer 301 or 308, or no redirect at all: some readers follow none"},
	{"http/redirect", Info, "RFC 9110 §15.4", "some readers follow no redirect: give them the new address"},
	{"http/no-validators", Warning, "RFC 9110 §8.8", "send ETag and Last-Modified, or readers fetch all of it each time"},
	{"http/etag-form", Error, "RFC 9110 §8.8.3", "put the tag into quotation marks"},
	{"http/last-modified", Error, "RFC 9110 §8.8.2", "send the time of the last change, as Sun, 22 Nov 2026 10:00:00 GMT"},
	{"http/not-modified", Error, "RFC 9110 §13.1.2", "answer 304 if one of the tags sent is the current one"},
	{"http/list-not-matched", Warning, "RFC 9110 §13.1.2", "compare all tags of a list, weakly: W/\"x\" matches \"x\""},
	{"http/not-modified-headers", Warning, "RFC 9110 §15.4.5", "repeat ETag, Cache-Control and Vary on a 304, and Last-Modified for readers that store what it says"},
	{"http/shared-etag", Error, "RFC 9110 §8.8.3.3", "give each encoding a strong tag of its own"},
	{"http/vary", Error, "RFC 9110 §12.5.5", "send Vary: Accept-Encoding with each variant"},
	{"http/unasked-encoding", Error, "RFC 9110 §12.5.3", "compress only for those who ask"},
	{"http/not-compressed", Info, "RFC 9110 §8.4", "compress: feeds shrink to a fifth"},
	{"http/html-for-readers", Error, "RFC 9110 §12.5.1", "answer with HTML only who ranks text/html above every type of feed"},
	{"http/browser-view", Error, "RFC 9110 §12.5.1", "a reader that poses as a browser gets this: let it be a valid feed, or a page of HTML"},
	{"http/set-cookie", Warning, "RFC 6265 §7", "set no cookie: readers keep none, caches keep nothing that sets one"},
	{"http/changes", Warning, "RFC 9110 §8.8.2", "make a new document only when something has changed: ids and dates stay"},
}

// contentTypes are those of each kind: the right one first, then those that
// readers take too.
var contentTypes = map[Kind][]string{
	RSS:      {"application/rss+xml", "application/rdf+xml", "text/xml", "application/xml"},
	Atom:     {"application/atom+xml", "text/xml", "application/xml"},
	JSONFeed: {"application/feed+json", "application/json"},
	OPML:     {"text/x-opml", "application/xml", "text/xml", "text/x-opml+xml", "application/opml+xml"},
}

// contentType compares the HTTP header with what the document is.
func (l *linter) contentType(kind Kind) {
	list := contentTypes[kind]
	if l.o.ContentType == "" || list == nil {
		return
	}
	typ, params, err := mime.ParseMediaType(l.o.ContentType)
	hint := "send Content-Type: " + list[0] + "; charset=utf-8"
	if err != nil {
		l.found(-1, "http/wrong-content-type", "the Content-Type %s cannot be read", quote(l.o.ContentType)).Hint = hint
		return
	}
	good := false
	for _, t := range list {
		good = good || t == typ
	}
	switch {
	case typ == list[0] || kind == RSS && typ == list[1] || kind == JSONFeed && typ == list[1]:
	case typ == "text/plain" || typ == "application/octet-stream":
		l.found(-1, "http/wrong-content-type", "the Content-Type is %s, and some readers refuse that", typ).Hint = hint
	case !good:
		l.found(-1, "http/content-type", "the Content-Type of %s is %s", kind, typ).Hint = hint
	case strings.HasPrefix(typ, "text/xml") && params["charset"] == "":
		l.found(-1, "http/content-type", "the Content-Type is text/xml without charset, which some take for us-ascii").Hint = hint
	default:
		l.found(-1, "http/text-xml", "the Content-Type is %s, which does not say what kind of feed it is", typ).Hint = hint
	}
}
