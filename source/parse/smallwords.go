package parse

import (
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"feedwright/article/language"
)

// smallWord is one of the commonest words, and the languages that have it, as
// places in tongues.
type smallWord struct {
	text string
	in   []uint8
}

// lexicon holds the small words of all tongues. Each stands in the first free
// slot from that of its hash on, so that it is found with hardly a comparison.
type lexicon struct {
	words []smallWord
	slots [1 << 14]uint16 // a place in words and one, or 0; most are free
}

var smallWords = sync.OnceValue(func() *lexicon {
	common, places := language.Common(), map[string]int{}
	l := &lexicon{}
	for i, code := range tongues() {
		for _, w := range common[code] {
			at, ok := places[w]
			if !ok {
				at = len(l.words)
				places[w] = at
				l.words = append(l.words, smallWord{text: w})
			}
			l.words[at].in = append(l.words[at].in, uint8(i))
		}
	}
	for at, w := range l.words {
		slot := l.slot([]byte(w.text))
		for l.slots[slot] != 0 {
			slot = l.next(slot)
		}
		l.slots[slot] = uint16(at + 1)
	}
	return l
})

// find gives the place of a word, or -1.
func (l *lexicon) find(word []byte) int {
	for slot := l.slot(word); l.slots[slot] != 0; slot = l.next(slot) {
		if at := int(l.slots[slot]) - 1; l.words[at].text == string(word) {
			return at
		}
	}
	return -1
}

// slot is where to look for a word first: by its FNV-1a hash of 32 bits.
func (l *lexicon) slot(word []byte) int {
	h := uint32(2166136261)
	for _, c := range word {
		h = (h ^ uint32(c)) * 16777619
	}
	return int(h % uint32(len(l.slots)))
}

func (l *lexicon) next(slot int) int { return (slot + 1) % len(l.slots) }

var tongues = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(language.Common())) })

// wordCount is what a text's words say of its language.
type wordCount struct {
	words, letters int
	rare           bool          // some letter may be of one of alphabets
	tongues        []tongueCount // for each of tongues
}

// tongueCount counts for one language how often its small words were met, what
// that says for it, and how many different ones they were.
type tongueCount struct{ hits, score, kinds int }

// bySmallWords is sure where a ninth of the words are small words of one
// language, and at least six different ones, and no other language comes near
// it.
func bySmallWords(found wordCount) string {
	counts := found.tongues
	best, second := 0, -1
	for i := 1; i < len(counts); i++ {
		switch {
		case counts[i].score > counts[best].score:
			best, second = i, best
		case second < 0 || counts[i].score > counts[second].score:
			second = i
		}
	}
	b := counts[best]
	if b.hits*9 < found.words || b.kinds < 6 || counts[second].score*4 > b.score*3 {
		return ""
	}
	return tongues()[best]
}

// countWords counts a text's words, and for each of tongues its small ones.
func countWords(s string) wordCount {
	known := smallWords()
	found := wordCount{tongues: make([]tongueCount, len(tongues()))}
	seen := make([]bool, len(known.words))
	word := make([]byte, 0, 64)
	for _, c := range s {
		if c = letterOf(c); c != 0 {
			word = utf8.AppendRune(word, c)
			found.letters++
			found.rare = found.rare || mayBeRare(c)
			continue
		}
		if len(word) > 0 {
			found.add(known, word, seen)
			word = word[:0]
		}
	}
	if len(word) > 0 {
		found.add(known, word, seen)
	}
	return found
}

// add counts a word. One that several languages have speaks less for each.
func (c *wordCount) add(known *lexicon, word []byte, seen []bool) {
	const whole = 60
	c.words++
	at := known.find(word)
	if at < 0 {
		return
	}
	in := known.words[at].in
	for _, i := range in {
		c.tongues[i].hits++
		c.tongues[i].score += whole / len(in)
		if !seen[at] {
			c.tongues[i].kinds++
		}
	}
	seen[at] = true
}
