package body

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Excerpt shortens a plain text to at most n runes, on one line: whole
// sentences where they fill at least half of n, else whole words and "…". A
// script without spaces is cut between runes, never inside a letter and its
// combining marks. n below 1 gives "".
func Excerpt(text string, n int) string {
	if n < 1 {
		return ""
	}
	text, more := oneLine(text, n)
	if !more {
		return text
	}
	rs := []rune(text)
	if i := sentenceEnd(rs[:n], rs[n], n/2); i > 0 {
		return string(rs[:i])
	}
	if n == 1 {
		return "…"
	}
	i := wordEnd(rs, n-1)
	return strings.TrimRightFunc(string(rs[:i]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-(•、،", r)
	}) + "…"
}

// oneLine folds white space and reads no further than n+1 runes: more says
// that there was something after the first n.
func oneLine(text string, n int) (line string, more bool) {
	var b strings.Builder
	count, space := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			count++
			space = false
		}
		if count > n {
			return b.String(), true
		}
		b.WriteRune(r)
		count++
	}
	return b.String(), count > n
}

// sentenceEnd gives the length of the whole sentences in rs, at least min
// runes, or 0. next is the rune after rs.
func sentenceEnd(rs []rune, next rune, min int) int {
	for i := len(rs) - 1; i >= min && i > 0; i-- {
		end := i + 1
		after := next
		if end < len(rs) {
			after = rs[end]
		}
		if strings.ContainsRune("。！？｡", rs[i]) {
			return end
		}
		closed := strings.ContainsRune("\"'”’»)", rs[i]) && i > 0 && isStop(rs[i-1])
		stop := i
		if closed {
			stop--
		}
		if (isStop(rs[i]) || closed) && unicode.IsSpace(after) && !abbreviated(rs[:stop]) {
			return end
		}
	}
	return 0
}

func isStop(r rune) bool { return strings.ContainsRune(".!?…؟۔।", r) }

// abbreviated says that a full stop after rs more likely ends an abbreviation
// or an initial ("U.S", "J", "Dr") than a sentence.
func abbreviated(rs []rune) bool {
	i := len(rs)
	for i > 0 && !unicode.IsSpace(rs[i-1]) {
		i--
	}
	word := rs[i:]
	letters := 0
	for _, r := range word {
		if r == '.' {
			return true
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters == len(word) && letters <= 2 && letters > 0 && unicode.IsUpper(word[0])
}

// wordEnd gives the last place at or before i where rs may be cut.
func wordEnd(rs []rune, i int) int {
	for j := i; j > i/2; j-- {
		if unicode.IsSpace(rs[j]) || wide(rs[j]) || wide(rs[j-1]) {
			return cluster(rs, j)
		}
	}
	return cluster(rs, i)
}

// cluster moves i back so that it does not part a letter from its marks.
func cluster(rs []rune, i int) int {
	for i > 1 && i < len(rs) && (unicode.Is(unicode.M, rs[i]) || rs[i] == '\u200d' || rs[i-1] == '\u200d') {
		i--
	}
	return i
}

// wide says that r belongs to a script that puts no spaces between words.
func wide(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// runes counts letters as a reader sees them: combining marks do not count,
// and a wide letter counts as two.
func runes(s string) int {
	if len(s) < utf8.RuneSelf {
		ascii := true
		for i := 0; i < len(s) && ascii; i++ {
			ascii = s[i] < utf8.RuneSelf
		}
		if ascii {
			return len(s)
		}
	}
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}
