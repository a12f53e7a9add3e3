package article

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gosimple/slug"
	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Legal says whether a rune may stand in a feed: a Char of XML 1.0 §2.2 that is
// neither a C1 control, a noncharacter nor U+FFFD, which validators warn of.
func Legal(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return true
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == utf8.RuneError:
		return false
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe, r > unicode.MaxRune:
		return false
	}
	return true
}

// FirstIllegal is where the first rune stands that Legal forbids, or -1.
func FirstIllegal(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			if at := strings.IndexFunc(s[i:], func(r rune) bool { return !Legal(r) }); at >= 0 {
				return i + at
			}
			return -1
		}
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
			return i
		}
	}
	return -1
}

// Clean drops what Legal forbids, and bytes that are not UTF-8.
func Clean(s string) string {
	if FirstIllegal(s) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if Legal(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Line makes one line of clean text: runs of white space become one space.
func Line(s string) string {
	if isLine(s) {
		return s
	}
	return strings.Join(strings.Fields(Clean(s)), " ")
}

// isLine says of most lines that they are what Line would make of them.
func isLine(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// Fold makes names comparable: compatibility forms, case, diacritics and runs
// of space make no difference. Fold("Économie ") == Fold("economie").
func Fold(s string) string {
	s = Line(s)
	if ascii(s) {
		return strings.ToLower(s)
	}
	// The chain keeps state, so each call makes its own.
	t := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	folded, _, err := transform.String(t, s)
	if err != nil {
		return strings.ToLower(s)
	}
	return folded
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Slugify makes the part of an address that names a thing: lower-case ASCII
// letters, digits and hyphens, at most 80 bytes, cut between words. It may be
// empty ("★") and is not unique ("C++", "C#"): never an identity.
func Slugify(s string) string {
	if plain, ok := slugOfPlain(s); ok {
		s = plain
	} else {
		s = slug.Make(strings.ReplaceAll(Line(s), "&", " & "))
		s = strings.Trim(strings.ReplaceAll(s, "_", "-"), "-")
	}
	if len(s) > 80 {
		s = s[:80]
		if i := strings.LastIndexByte(s, '-'); i > 40 {
			s = s[:i]
		}
	}
	return strings.Trim(s, "-")
}

// slugOfPlain is the slug of a name of nothing but ASCII letters, digits, spaces
// and hyphens, as most are: no table of other scripts need be asked.
func slugOfPlain(s string) (string, bool) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case inWord[c]:
			b = append(b, c)
		case c != ' ' && c != '-':
			return "", false
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return strings.Trim(string(b), "-"), true
}

// Paragraphs splits a body at blank lines. Every markup uses them as the unit
// that boilerplate is dropped in, so both sides of that must agree: source
// offers Edges, body drops what was learnt.
func Paragraphs(body string) []string {
	var out []string
	start := -1
	pos := 0
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == "" {
			if start >= 0 {
				out = append(out, body[start:pos])
				start = -1
			}
		} else if start < 0 {
			start = pos
		}
		pos += len(line)
	}
	if start >= 0 {
		out = append(out, body[start:])
	}
	return out
}

// ParagraphHash names a paragraph by its letters and digits, so that markup,
// case and spacing make no difference. It is 0 for a paragraph without any.
func ParagraphHash(p string) uint64 {
	h := uint64(fnvBegin)
	var buf [utf8.UTFMax]byte
	any := false
	for _, r := range p {
		if r < utf8.RuneSelf {
			if !inWord[r] {
				continue
			}
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
			any = true
			h = (h ^ uint64(r)) * fnvPrime
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			any = true
			for _, c := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
				h = (h ^ uint64(c)) * fnvPrime
			}
		}
	}
	if !any {
		return 0
	}
	return h
}

// The 64-bit FNV-1a hash.
const (
	fnvBegin = 14695981039346656037
	fnvPrime = 1099511628211
)

// DropEdges takes out of a body the paragraphs of its leading and trailing runs
// whose hash is in drop; a paragraph between others is never dropped.
func DropEdges(body string, drop []uint64) string {
	if len(drop) == 0 {
		return body
	}
	set := make(map[uint64]bool, len(drop))
	for _, h := range drop {
		set[h] = true
	}
	ps := Paragraphs(body)
	for len(ps) > 0 && set[ParagraphHash(ps[0])] {
		ps = ps[1:]
	}
	for len(ps) > 0 && set[ParagraphHash(ps[len(ps)-1])] {
		ps = ps[:len(ps)-1]
	}
	return strings.Join(ps, "\n")
}

// Words calls yield for each run of letters and digits, lower-cased.
func Words(s string, yield func(string) bool) {
	for start, end := nextWord(s, 0); start < end; start, end = nextWord(s, end) {
		if !yield(strings.ToLower(s[start:end])) {
			return
		}
	}
}

// nextWord finds the first run of letters and digits at or after a place; it is
// empty if there is none.
func nextWord(s string, from int) (start, end int) {
	start = -1
	for i := from; i < len(s); {
		inside, size := inWord[s[i]], 1
		if s[i] >= utf8.RuneSelf {
			var c rune
			c, size = utf8.DecodeRuneInString(s[i:])
			inside = unicode.IsLetter(c) || unicode.IsDigit(c)
		}
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			return start, i
		}
		i += size
	}
	if start < 0 {
		return len(s), len(s)
	}
	return start, len(s)
}

// inWord are the ASCII letters and digits.
var inWord = func() (in [256]bool) {
	for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" {
		in[c] = true
	}
	return in
}()

// Fingerprint is a 64-bit similarity hash of a text's words (Charikar's
// simhash over pairs of words): texts that share nine tenths of their words
// differ in few bits. An empty text has fingerprint 0.
func Fingerprint(s string) uint64 {
	_, print := Measure(s)
	return print
}

// Measure counts the words of a text, as Words gives them, and takes its
// Fingerprint.
func Measure(s string) (words int, print uint64) {
	var sum tally
	prev := uint64(fnvBegin)
	for start, end := nextWord(s, 0); start < end; start, end = nextWord(s, end) {
		w, h := s[start:end], uint64(fnvBegin)
		for i := 0; i < len(w); i++ {
			c := w[i]
			if c >= utf8.RuneSelf { // from the start, as its lower case may be of another length
				h = fnvBegin
				for _, c := range []byte(strings.ToLower(w)) {
					h = (h ^ uint64(c)) * fnvPrime
				}
				break
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			h = (h ^ uint64(c)) * fnvPrime
		}
		sum.add(mix(bits.RotateLeft64(prev, 17) ^ h))
		prev = h
		words++
	}
	return words, sum.majority(words)
}

// tally counts, for each of 64 bits, how many values have it. Eight counts
// share a word, a byte each, until one might overflow.
type tally struct {
	lanes [8]uint64
	n     int // values in lanes
	sums  [64]int
}

// spread gives each bit of a byte a byte of its own.
var spread = func() (m [256]uint64) {
	for b := range m {
		for i := range 8 {
			m[b] |= uint64(b>>i&1) << (8 * i)
		}
	}
	return m
}()

func (t *tally) add(v uint64) {
	for i := range t.lanes {
		t.lanes[i] += spread[byte(v>>(8*i))]
	}
	if t.n++; t.n == 255 {
		t.carry()
	}
}

func (t *tally) carry() {
	for i, lane := range t.lanes {
		for b := range 8 {
			t.sums[8*i+b] += int(byte(lane >> (8 * b)))
		}
	}
	t.lanes, t.n = [8]uint64{}, 0
}

// majority has the bits that more than half of n values had.
func (t *tally) majority(n int) uint64 {
	t.carry()
	var f uint64
	for b, v := range t.sums {
		if 2*v > n {
			f |= 1 << b
		}
	}
	return f
}

// mix spreads every bit of x over the whole word (the finaliser of splitmix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Distance is the number of bits in which two fingerprints differ: about 32
// for unrelated texts, under 12 for near copies.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// Similarity is the share of words two texts have in common, counted with
// repetition: 0 nothing, 1 the same words (in any order).
func Similarity(a, b string) float64 {
	count := map[string]int{}
	na, nb, common := 0, 0, 0
	Words(a, func(w string) bool { count[w]++; na++; return true })
	Words(b, func(w string) bool {
		nb++
		if count[w] > 0 {
			count[w]--
			common++
		}
		return true
	})
	if na+nb == 0 {
		return 1
	}
	return 2 * float64(common) / float64(na+nb)
}
