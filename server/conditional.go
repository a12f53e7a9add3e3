package server

import (
	"net/http"
	"strings"
	"time"
)

// variant tells the two content types of one document apart: each is a
// representation with tags of its own.
type variant uint8

const (
	plain  variant = iota
	viewed         // the same bytes as text/xml, for a person's browser
	variants
)

var variantSuffix = [variants]string{"", "-x"}

// marks are what may follow a document's own tag: our suffixes, and what
// proxies append when they compress (Apache, Jetty and their kin) and forget to
// take off again. Longer ones come before their beginnings.
var marks = []string{"--gzip", "-gzip", ";gzip", "-deflate", ";br", "-zst", "-gz", "-br", "-x"}

// matched is what If-None-Match said of a document.
type matched struct {
	any   bool
	exact [variants]codingSet // representations of ours that were named exactly
}

// ifNoneMatch compares a document's opaque tag with a list of entity tags
// (RFC 9110 §13.1.2): weakly, and as real clients send them: several lines, W/,
// "*", no quotes, a proxy's mark. One document has one state in all its
// representations, so the tag of any of them means that nothing changed.
func ifNoneMatch(lines []string, tag string) matched {
	var m matched
	if tag == "" {
		return m
	}
	for _, line := range lines {
		for line != "" {
			var t string
			if t, line = nextTag(line); t == "*" {
				m.any = true
				continue
			}
			rest, ok := strings.CutPrefix(t, tag)
			if !ok || !onlyMarks(rest) {
				continue
			}
			m.any = true
			for v := range variants {
				for c := range codings {
					if rest == variantSuffix[v]+suffixOf[c] {
						m.exact[v] |= 1 << c
					}
				}
			}
		}
	}
	return m
}

// nextTag takes the first element off a list of entity tags and gives its
// opaque part, with whatever a proxy put between the closing quote and the
// comma.
func nextTag(s string) (tag, rest string) {
	s = strings.TrimLeft(s, " \t,")
	if len(s) >= 2 && (s[0] == 'W' || s[0] == 'w') && s[1] == '/' {
		s = s[2:]
	}
	if strings.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			inner, after := s[1:1+end], s[end+2:]
			outer, rest, _ := strings.Cut(after, ",")
			if outer = strings.TrimSpace(outer); !onlyMarks(outer) {
				return "", rest // no entity tag
			}
			return inner + outer, rest
		}
		s = s[1:]
	}
	tag, rest, _ = strings.Cut(s, ",")
	return strings.TrimSpace(tag), rest
}

func onlyMarks(s string) bool {
next:
	for s != "" {
		for _, m := range marks {
			if rest, ok := strings.CutPrefix(s, m); ok {
				s = rest
				continue next
			}
		}
		return false
	}
	return true
}

// notModified says whether a conditional request already has the document, and
// under which coding's tag to say so. If-Modified-Since counts only where
// If-None-Match is absent (RFC 9110 §13.2.2).
//
// The 304 names the tag of the representation that a 200 would carry, unless
// the client named only others that it takes: a shared cache finds by this tag
// the stored answer that it may reuse (RFC 9111 §4.3.4).
func notModified(h http.Header, p *prepared, v variant, c coding, taken codingSet, now time.Time) (coding, bool) {
	if lines, ok := h["If-None-Match"]; ok {
		m := ifNoneMatch(lines, p.tag)
		if usable := m.exact[v] & taken; usable != 0 && !usable.has(c) {
			for other := codings; other > 0; other-- {
				if usable.has(other - 1) {
					return other - 1, true
				}
			}
		}
		return c, m.any
	}
	if ims := h.Get("If-Modified-Since"); ims != "" {
		return c, unchangedSince(ims, p.modified, now)
	}
	return c, false
}

// unchangedSince reads If-Modified-Since as a time, never as a token. Readers
// make dates up; one that is no HTTP date or lies in the future is ignored
// (RFC 9110 §13.1.3).
func unchangedSince(ims string, modified, now time.Time) bool {
	t, err := http.ParseTime(ims)
	if err != nil || modified.IsZero() || t.After(now) {
		return false
	}
	return !modified.After(t)
}
