package server

import (
	"net/http"
	"strings"
)

// takesDelta says whether a client takes deltas of feeds: A-IM with the
// instance manipulation "feed", unless with a weight of 0 (RFC 3229 §10.5.3).
func takesDelta(lines []string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			if name, q, ok := weighted(part); ok && q > 0 && strings.EqualFold(name, "feed") {
				return true
			}
		}
	}
	return false
}

// maxHave bounds how many states a client may name.
const maxHave = 32

// statesOf gives the opaque tags that If-None-Match names, without the marks of
// codings and variants: each names one state of the document.
func statesOf(lines []string) []string {
	var have []string
	for _, line := range lines {
		for line != "" && len(have) < maxHave {
			var t string
			t, line = nextTag(line)
			for cut := true; cut; {
				cut = false
				for _, m := range marks {
					if rest, ok := strings.CutSuffix(t, m); ok {
						t, cut = rest, true
					}
				}
			}
			if t != "" && t != "*" {
				have = append(have, t)
			}
		}
	}
	return have
}

// used makes a prepared answer's headers those of a 226: the tag is that of the
// whole document as it is now (RFC 3229 §10.4.1). What was left out depends on
// what the client has, so no cache may give it to another; one that knows
// deltas may keep it.
func used(h http.Header, p *prepared) {
	h["IM"] = []string{"feed"}
	h["Vary"] = []string{strings.Join(p.vary, ", ") + ", A-IM, If-None-Match"}
	if len(p.cacheControl) > 0 && strings.HasPrefix(p.cacheControl[0], "private") {
		h["Cache-Control"] = []string{"private, no-store, im"}
	} else {
		h["Cache-Control"] = []string{"no-store, im"}
	}
}
