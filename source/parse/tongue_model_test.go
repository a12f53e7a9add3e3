package parse

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"

	"feedwright/article/language"
)

// What detecting a language by hand-made loops must amount to.

var plainLinkTexts = regexp.MustCompile(`\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)

func plainLettered(c rune) bool {
	if c < unicode.MaxASCII {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return unicode.IsLetter(c) || unicode.IsMark(c)
}

var plainSmallWords = sync.OnceValue(func() map[string][]int {
	common, known := language.Common(), map[string][]int{}
	for i, code := range tongues() {
		for _, w := range common[code] {
			known[w] = append(known[w], i)
		}
	}
	return known
})

func plainCountWords(s string) (found wordCount) {
	known := plainSmallWords()
	found.tongues = make([]tongueCount, len(tongues()))
	for _, c := range s {
		if plainLettered(c) {
			found.letters++
		}
	}
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !plainLettered(c) }) {
		found.words++
		in := known[w]
		for _, i := range in {
			found.tongues[i].hits++
			found.tongues[i].score += 60 / len(in)
			if !seen[w] {
				found.tongues[i].kinds++
			}
		}
		seen[w] = true
	}
	return found
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
		for _, a := range alphabets {
			if plainLettered(c) && unicode.Is(a.script, c) && !(mayBeRare(c) && mayBeRare(letterOf(c))) {
				t.Errorf("%U is of the script of %s", c, a.code)
			}
		}
	}
}

func checkDetecting(t *testing.T, s string) {
	t.Helper()
	plain := plainLinkTexts.ReplaceAllString(s, "$1")
	if got := linkTexts(s, len(s)); got != plain {
		t.Fatalf("linkTexts(%q) = %q, want %q", s, got, plain)
	}
	if got := linkTexts(s, 11); short(got, 10) != short(plain, 10) {
		t.Fatalf("linkTexts(%q, 11) = %q, want %q", s, got, plain)
	}
	got, want := countWords(s), plainCountWords(s)
	got.rare = false
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q has %+v, want %+v", s, got, want)
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
