package article

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParagraphHash names a paragraph by its letters and digits, so that markup,
// case and spacing make no difference. It is 0 for a paragraph without any.
func ParagraphHash(p string) uint64 {
	h, any := uint64(fnvBegin), 0
	for _, r := range p {
		if r >= utf8.RuneSelf {
			if r = lower(r); r != 0 {
				h, any = hashRune(h, r), 1
			}
			continue
		}
		l := letters[r]
		next := (h ^ l.lower) * fnvPrime
		if l.in != 0 {
			h = next
		}
		any |= l.in
	}
	if any == 0 {
		return 0
	}
	return h
}

// The 64-bit FNV-1a hash.
const (
	fnvBegin = 14695981039346656037
	fnvPrime = 1099511628211
)

// hashRune takes the UTF-8 bytes of a rune into an FNV-1a hash.
func hashRune(h uint64, r rune) uint64 {
	if r < utf8.RuneSelf {
		return (h ^ uint64(r)) * fnvPrime
	}
	return hashBytes(h, r)
}

// hashBytes is hashRune for what is not ASCII; apart, so that that one is inlined.
func hashBytes(h uint64, r rune) uint64 {
	if r < twoBytes {
		h = (h ^ uint64(0xc0|r>>6)) * fnvPrime
		return (h ^ uint64(0x80|r&0x3f)) * fnvPrime
	}
	var buf [utf8.UTFMax]byte
	for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
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
	for i, r := range s[from:] {
		switch inside := lower(r) != 0; {
		case inside && start < 0:
			start = from + i
		case !inside && start >= 0:
			return start, from + i
		}
	}
	if start < 0 {
		return len(s), len(s)
	}
	return start, len(s)
}

// lower gives the lower case of a letter or a digit, and 0 for any other rune.
func lower(r rune) rune {
	if r < twoBytes {
		return rune(lowered[r])
	}
	return lowerSlowly(r)
}

func lowerSlowly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return unicode.ToLower(r)
	}
	return 0
}

// lowered holds what lower gives for the letters that most alphabets have:
// those that UTF-8 writes in at most two bytes.
var lowered = func() (table [twoBytes]uint16) {
	for r := range table {
		table[r] = uint16(lowerSlowly(rune(r)))
	}
	return table
}()

// twoBytes is the first rune that takes three bytes in UTF-8.
const twoBytes = 0x800

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
	var ended [ahead]uint64 // hashes of words that are not yet counted
	n, prev := 0, uint64(fnvBegin)
	h, inside := uint64(fnvBegin), 0
	for _, r := range s {
		if r >= utf8.RuneSelf {
			if r = lower(r); r != 0 {
				h, inside = hashRune(h, r), 1
				continue
			}
		}
		// Nobody foresees where a word ends, and no processor: so nothing
		// branches there, which takes half the time.
		l := letters[r&0x7f]
		ended[n] = h
		n += inside &^ l.in
		h = (h ^ l.lower) * fnvPrime
		if l.in == 0 {
			h = fnvBegin
		}
		if inside = l.in; n == ahead {
			prev = sum.add(&ended, n, prev)
			words, n = words+n, 0
		}
	}
	ended[n] = h
	n += inside
	sum.add(&ended, n, prev)
	words += n
	return words, sum.majority(words)
}

// ahead is how many words Measure hashes before it counts them.
const ahead = 64

// letters holds what lower gives for ASCII, so that nothing need branch on it;
// NUL stands for whatever else is no letter or digit.
var letters = func() (table [utf8.RuneSelf]struct {
	lower uint64
	in    int // 1 for a letter or digit
}) {
	for r := range table {
		if c := lowerSlowly(rune(r)); c != 0 {
			table[r].lower, table[r].in = uint64(c), 1
		}
	}
	return table
}()

// tally counts, for each of 64 bits, how many values have it. A count's binary
// digits stand apart: bit b of digit k of it is bit b of tally[k], so that one
// addition counts for all 64 at once.
type tally [48]uint64

// add counts the pairs that n words make, each with the one before it, and
// gives the last word. It uses up what it is given.
func (t *tally) add(words *[ahead]uint64, n int, prev uint64) (last uint64) {
	for i, h := range words[:n] {
		words[i] = mix(bits.RotateLeft64(prev, 17) ^ h)
		prev = h
	}
	clear(words[n:])
	for i := 0; i < n; i += 8 {
		t.eight((*[8]uint64)(words[i:]))
	}
	return prev
}

// eight adds eight values: nearly all carries end within them.
func (t *tally) eight(v *[8]uint64) {
	one, a := sum3(t[0], v[0], v[1])
	one, b := sum3(one, v[2], v[3])
	one, c := sum3(one, v[4], v[5])
	one, d := sum3(one, v[6], v[7])
	two, e := sum3(t[1], a, b)
	two, f := sum3(two, c, d)
	four, g := sum3(t[2], e, f)
	t[0], t[1], t[2] = one, two, four
	for k := 3; g != 0; k++ {
		t[k], g = t[k]^g, t[k]&g
	}
}

// sum3 adds three binary digits in each of 64 places.
func sum3(a, b, c uint64) (digit, carry uint64) {
	ab := a ^ b
	return ab ^ c, a&b | ab&c
}

// majority has the bits that more than half of n values had.
func (t *tally) majority(n int) uint64 {
	var f uint64
	for b := range 64 {
		count := 0
		for k, digits := range t[:bits.Len(uint(n))] {
			count |= int(digits>>b&1) << k
		}
		if 2*count > n {
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
