package main

import (
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
)

// vocabularySize is how many different words the corpora use. Fewer would make
// compression and the index of words look better than they are with real text.
const vocabularySize = 24_000

// language makes text whose words are as long, as frequent and as many as a
// real language's: their frequency falls with their rank by Zipf's law as
// Mandelbrot mended it, and the frequent ones are short.
type language struct {
	words []string // by rank
	pick  *urn
}

func newLanguage(seed uint64) *language {
	r := rand.New(rand.NewPCG(seed, 1))
	l := &language{}
	seen := map[string]bool{}
	for len(l.words) < vocabularySize {
		w := invent(r, len(l.words))
		if !seen[w] {
			seen[w] = true
			l.words = append(l.words, w)
		}
	}
	weights := make([]float64, len(l.words))
	for rank := range weights {
		weights[rank] = 1 / math.Pow(float64(rank)+3.7, 1.05)
	}
	l.pick = newUrn(weights)
	return l
}

var (
	onsets = strings.Fields("b b br c c ch d d f f g g h h j k l l m m n n p p pr qu r r s s sh st t t tr v w z")
	vowels = strings.Fields("a a a e e e e i i i o o o u u ai ea ou é ö")
	codas  = []string{"", "", "", "", "", "n", "n", "r", "s", "t", "l", "m", "nd", "st"}
)

// invent makes a word that is short if its rank is low.
func invent(r *rand.Rand, rank int) string {
	syllables := 1
	switch {
	case rank < 80:
	case rank < 1500:
		syllables += r.IntN(2)
	case rank < 8000:
		syllables += 1 + r.IntN(4)/3
	default:
		syllables += 1 + r.IntN(2)
	}
	var b strings.Builder
	for range syllables {
		b.WriteString(onsets[r.IntN(len(onsets))])
		b.WriteString(vowels[r.IntN(len(vowels))])
		b.WriteString(codas[r.IntN(len(codas))])
	}
	return b.String()
}

func (l *language) word(r *rand.Rand) string { return l.words[l.pick.draw(r)] }

// phrase appends n words, the first with a capital.
func (l *language) phrase(b []byte, r *rand.Rand, n int) []byte {
	for i := range n {
		w := l.word(r)
		if i == 0 {
			w = capital(w)
		} else {
			b = append(b, ' ')
		}
		b = append(b, w...)
	}
	return b
}

// sentence appends 6 to 25 words with their commas and a full stop.
func (l *language) sentence(b []byte, r *rand.Rand) []byte {
	n := 6 + r.IntN(20)
	b = append(b, capital(l.word(r))...)
	for i := 1; i < n; i++ {
		if i%7 == 6 && r.IntN(2) == 0 {
			b = append(b, ',')
		}
		b = append(b, ' ')
		switch w := l.word(r); r.IntN(60) {
		case 0:
			b = append(append(append(b, '*'), w...), '*')
		case 1:
			b = append(append(append(b, '['), w...), "](https://www.example.org/"...)
			b = append(append(b, l.words[r.IntN(len(l.words))]...), ')')
		default:
			b = append(b, w...)
		}
	}
	return append(b, '.')
}

func capital(w string) string {
	for i, c := range w {
		if i == 0 {
			return string(unicode.ToUpper(c)) + w[len(string(c)):]
		}
	}
	return w
}

// urn draws numbers with given weights in constant time (Vose's alias method).
type urn struct {
	keep  []float64
	alias []int
}

func newUrn(weights []float64) *urn {
	n := len(weights)
	u := &urn{make([]float64, n), make([]int, n)}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	scaled := make([]float64, n)
	var small, large []int
	for i, w := range weights {
		u.keep[i], u.alias[i] = 1, i
		scaled[i] = w * float64(n) / sum
		if scaled[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		u.keep[s], u.alias[s] = scaled[s], l
		if scaled[l] -= 1 - scaled[s]; scaled[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	return u
}

func (u *urn) draw(r *rand.Rand) int {
	i := r.IntN(len(u.keep))
	if r.Float64() < u.keep[i] {
		return i
	}
	return u.alias[i]
}
