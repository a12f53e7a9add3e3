package article

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/gosimple/slug"
)

// A text is measured by hand-made loops; this is what they must amount to.
func plainMeasure(s string) (words []string, print uint64) {
	words = strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var sums [64]int
	prev := uint64(14695981039346656037)
	for i, w := range words {
		w = strings.ToLower(w)
		words[i] = w
		h := uint64(14695981039346656037)
		for _, c := range []byte(w) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		pair := mix(bits.RotateLeft64(prev, 17) ^ h)
		prev = h
		for b := range sums {
			sums[b] += int(pair >> b & 1)
		}
	}
	for b, n := range sums {
		if 2*n > len(words) {
			print |= 1 << b
		}
	}
	return words, print
}

// checkMeasure holds each fast loop over a text against what it must amount to.
func checkMeasure(t *testing.T, s string) {
	t.Helper()
	words, print := plainMeasure(s)
	if n, got := Measure(s); n != len(words) || got != print {
		t.Fatalf("Measure(%q) = %d, %x; want %d, %x", s, n, got, len(words), print)
	}
	if got, want := ParagraphHash(s), plainHash(s); got != want {
		t.Fatalf("ParagraphHash(%q) = %x, want %x", s, got, want)
	}
	if got, want := Line(s), strings.Join(strings.Fields(Clean(s)), " "); got != want {
		t.Fatalf("Line(%q) = %q, want %q", s, got, want)
	}
	if at, want := FirstIllegal(s), strings.IndexFunc(s, func(r rune) bool { return !Legal(r) }); at != want {
		t.Fatalf("FirstIllegal(%q) = %d, want %d", s, at, want)
	}
	var listed []string
	Words(s, func(w string) bool { listed = append(listed, w); return true })
	if !slices.Equal(listed, words) {
		t.Fatalf("Words(%q) = %q, want %q", s, listed, words)
	}
}

func TestMeasureEqualsAPlainOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"word", "Word", "WORD", " ", "\n", ", ", "é", "É", "Ж", "ж9", "İ", "ẞ", "123", "\xff", "\xc3", "a\u0301", "語", "—", "…", "x", "ſ", "K", "K", "Ⱥ", "\t", "\u00a0", "\u2028", "\u0085", "\x01", "\x7f", "\ufffe", "\ufffd", "٣", "ἈΘΗΝΑ", "a long run of plain text"}
	for range 2000 {
		var b strings.Builder
		for range r.IntN(1200) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		checkMeasure(t, b.String())
	}
}

// Every rune, alone and among letters, at every place of eight.
func TestMeasureKnowsEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0x34000 && r < 0xe0000 {
			continue // not assigned
		}
		checkMeasure(t, "abcdefgh"[:r&7]+string(r)+"Xy. \t")
	}
}

func FuzzMeasureEqualsAPlainOne(f *testing.F) {
	for _, s := range []string{"", "The peace talks, and THE Peace.", "Київ — ЇЖАК 9", "\xff\x80é\x01", strings.Repeat("word ", 200)} {
		f.Add(s)
	}
	f.Fuzz(checkMeasure)
}

func plainHash(p string) uint64 {
	h := fnv.New64a()
	for _, r := range p {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			h.Write([]byte(string(unicode.ToLower(r))))
		}
	}
	if h.Sum64() == fnvBegin {
		return 0
	}
	return h.Sum64()
}

func TestSlugOfAPlainNameIsThatOfAnyOther(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const letters = "abc XYZ 019 -  --"
	for range 5000 {
		b := make([]byte, r.IntN(120))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		got, ok := slugOfPlain(string(b))
		want := strings.Trim(slug.Make(Line(string(b))), "-")
		if !ok || got != want {
			t.Fatalf("slugOfPlain(%q) = %q, %v; want %q", b, got, ok, want)
		}
	}
	if _, ok := slugOfPlain("Café & Co."); ok {
		t.Error("a name with accents and signs passed for a plain one")
	}
}
