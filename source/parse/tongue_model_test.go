package parse

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// What detecting a language by hand-made loops must amount to.

var plainLinkTexts = regexp.MustCompile(`\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)

func plainLettered(c rune) bool {
	if c < unicode.MaxASCII {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return unicode.IsLetter(c) || unicode.IsMark(c)
}

func plainCountSmallWords(s string) (counts []tongueCount, total int) {
	known := smallWords()
	counts = make([]tongueCount, len(tongues()))
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !plainLettered(c) }) {
		total++
		in := known[w].in
		for _, i := range in {
			counts[i].hits++
			counts[i].score += 60 / len(in)
			if !seen[w] {
				counts[i].kinds++
			}
		}
		seen[w] = true
	}
	return counts, total
}

func TestLettersAreThoseOfUnicode(t *testing.T) {
	for c := rune(0); c <= unicode.MaxRune; c++ {
		want := rune(0)
		if plainLettered(c) {
			want = unicode.ToLower(c)
		}
		if got := letterOf(c); got != want {
			t.Fatalf("letterOf(%U) = %U, want %U", c, got, want)
		}
		if plainLettered(c) != plainLettered(unicode.ToLower(c)) {
			t.Errorf("%U in lower case is not what it was", c) // the text may be lower-cased after or before
		}
		if c >= firstCyrillic && c <= lastCyrillic || c < firstAlphabet {
			for _, a := range alphabets {
				if plainLettered(c) && unicode.Is(a.script, c) {
					t.Errorf("%U is of the script of %s", c, a.code)
				}
			}
		}
	}
}

func checkDetecting(t *testing.T, s string) {
	t.Helper()
	if got, want := linkTexts(s), plainLinkTexts.ReplaceAllString(s, "$1"); got != want {
		t.Fatalf("linkTexts(%q) = %q, want %q", s, got, want)
	}
	got, n := countSmallWords(s)
	want, total := plainCountSmallWords(s)
	if n != total {
		t.Fatalf("%q has %d words, want %d", s, n, total)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%q: %s has %v, want %v", s, tongues()[i], got[i], want[i])
		}
	}
}

func TestDetectingIsWhatItMustAmountTo(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pieces := strings.Fields("the und та і що de la les et İ Straße W Ελλάδα हिन्दी 語 [ ] ( ) ]( [a]( ) \" ) a(b) http://x [t](u) word")
	pieces = append(pieces, " ", "\n", "\t", "\v", "\u00a0", ` "t")`, "[x](y", `[x](y "z")`, "[[", "]]", "\xff")
	for range 5000 {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		checkDetecting(t, b.String())
	}
}

func FuzzDetecting(f *testing.F) {
	f.Add(`A [link](https://example.org "and its title") and [another](x) ![p](q.png)`)
	f.Add("Громада вирішила, що [гавань](/h) не буде зачинена")
	f.Fuzz(checkDetecting)
}
