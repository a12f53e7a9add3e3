package server

import (
	"strconv"
	"strings"

	"feedwright/feed"
)

// coding indexes the encodings in order of preference, the least first.
type coding uint8

const (
	identity coding = iota
	gzipped
	brotlied
	zstded
	codings
)

var (
	encodingOf = [codings]feed.Encoding{feed.Identity, feed.Gzip, feed.Brotli, feed.Zstd}
	suffixOf   = [codings]string{"", "-gz", "-br", "-zst"}
)

// codingSet is a set of codings that a client takes.
type codingSet uint8

func (s codingSet) has(c coding) bool { return s&(1<<c) != 0 }

// acceptEncoding reads Accept-Encoding (RFC 9110 §12.5.3) and gives the coding
// to send and all that the client takes. Compressed bytes go only to who asks:
// without the header, the answer is identity. Of equal weights the smallest
// result wins: zstd, br, gzip. "*" asks for gzip, which everyone can read. A
// client that refuses everything gets identity all the same: never a 406.
func acceptEncoding(lines []string) (coding, codingSet) {
	if len(lines) == 0 {
		return identity, 1 << identity
	}
	q := [codings]float64{-1, -1, -1, -1}
	star := -1.0
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			name, weight, ok := weighted(part)
			if !ok {
				continue
			}
			switch strings.ToLower(name) {
			case "zstd":
				q[zstded] = weight
			case "br":
				q[brotlied] = weight
			case "gzip", "x-gzip":
				q[gzipped] = weight
			case "identity":
				q[identity] = weight
			case "*":
				star = weight
			}
		}
	}
	if star >= 0 {
		if q[gzipped] < 0 {
			q[gzipped] = star
		}
		if q[identity] < 0 && star == 0 {
			q[identity] = 0
		}
	}
	best, taken := identity, codingSet(0)
	if q[identity] != 0 {
		taken = 1 << identity
	}
	for c := gzipped; c < codings; c++ {
		if q[c] <= 0 {
			continue
		}
		taken |= 1 << c
		if q[c] >= q[best] {
			best = c
		}
	}
	return best, taken
}

// prefersHTML says whether an Accept header ranks text/html strictly above
// every type a feed may have: so do browsers, and no reader does. A missing
// header prefers nothing.
func prefersHTML(lines []string) bool {
	if len(lines) == 0 {
		return false
	}
	type rule struct {
		q        float64
		specific int // 0 */*, 1 type/*, 2 type/subtype
	}
	wanted := [...]string{"text/html", "application/rss+xml", "application/atom+xml", "application/feed+json",
		"application/xml", "text/xml", "application/rdf+xml", "application/json"}
	var got [len(wanted)]rule
	for i := range got {
		got[i].specific = -1
	}
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			name, weight, ok := weighted(part)
			if !ok {
				continue
			}
			name = strings.ToLower(name)
			for i, w := range wanted {
				specific := -1
				major, _, _ := strings.Cut(w, "/")
				switch name {
				case w:
					specific = 2
				case major + "/*":
					specific = 1
				case "*/*":
					specific = 0
				}
				if specific > got[i].specific {
					got[i] = rule{weight, specific}
				}
			}
		}
	}
	for _, g := range got[1:] {
		if g.q >= got[0].q {
			return false
		}
	}
	return true
}

// weighted reads "name;q=0.5", with any other parameters before it. The weight
// is 1 where none is given; ok is false for an element that is empty or whose
// weight is no qvalue (RFC 9110 §12.4.2).
func weighted(part string) (name string, q float64, ok bool) {
	name, params, _ := strings.Cut(part, ";")
	name = strings.TrimSpace(name)
	if name == "" {
		return "", 0, false
	}
	for params != "" {
		var p string
		p, params, _ = strings.Cut(params, ";")
		k, v, _ := strings.Cut(p, "=")
		if !strings.EqualFold(strings.TrimSpace(k), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return "", 0, false
		}
		return name, q, true
	}
	return name, 1, true
}
