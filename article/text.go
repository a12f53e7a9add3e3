package article

import (
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

// FirstIllegal is where the first rune stands that Legal forbids, or -1. Most
// text is plain ASCII for long stretches: those are passed eight bytes at a time.
func FirstIllegal(s string) int {
	for i := 0; i < len(s); {
		if rest := s[i:]; len(rest) >= 8 && allPrint(rest) {
			i += 8
			continue
		}
		for end := min(i+8, len(s)); i < end; {
			switch c := s[i]; {
			case c >= ' ' && c < 0x7f:
				i++
				continue
			case c >= 0xc3 && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80:
				i += 2 // a rune from U+00C0 to U+07FF: all of those are legal
				continue
			}
			r, size := utf8.DecodeRuneInString(s[i:])
			if !Legal(r) {
				return i
			}
			i += size
		}
	}
	return -1
}

// allPrint says that the first eight bytes of s, which has as many, are all
// printable ASCII: no byte has its high bit, is below a space or is DEL, each of
// which sets the high bit of its own byte in what is made of all eight.
func allPrint(s string) bool {
	const each = 0x0101010101010101
	w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return (w|(w-each*' ')|(w+each))&(each*0x80) == 0
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
	s = strings.TrimSpace(s)
	if isLine(s) {
		return s
	}
	return strings.Join(strings.Fields(Clean(s)), " ")
}

// isLine says that Line has nothing to do on a text without space at its ends,
// as on most.
func isLine(s string) bool {
	space := false
	for _, r := range s {
		switch {
		case r == ' ' && !space:
			space = true
			continue
		case r <= ' ', r >= 0x7f && (!Legal(r) || unicode.IsSpace(r)):
			return false
		}
		space = false
	}
	return true
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
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
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
