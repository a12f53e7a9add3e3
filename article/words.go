package article

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Bounds of full text: the longest word that is told from others by more than
// its beginning, in bytes, and the longest phrase, in tokens.
const (
	maxToken        = 64
	MaxPhraseTokens = 64
)

// FoldWords makes texts comparable word by word: compatibility forms, case and
// accents make no difference, and whatever is no letter or digit parts words.
// What it gives holds single spaces only, and folding it again changes nothing:
// FoldWords("Économie, « ﬁnale »!") == "economie finale".
func FoldWords(s string) string {
	if ascii(s) {
		return foldASCII(s)
	}
	if folded, ok := foldByTable(s); ok {
		return folded
	}
	return foldSlowly(s)
}

func foldSlowly(s string) string {
	// A fold can bring to light what another fold changes (U+0345 under a Greek
	// letter): the second time round nearly always finds nothing to do.
	for range 4 {
		next := foldOnce(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

func foldASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		default:
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteByte(c)
	}
	return b.String()
}

// foldOnce takes a text apart into letters and accents, and puts it together
// again without the latter.
func foldOnce(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap, word := false, false // a space is due; the last rune was part of a word
	for _, r := range norm.NFKD.String(cases.Fold().String(norm.NFKC.String(s))) {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
		case accent(r) || unicode.Is(unicode.Cf, r): // soft hyphens, joiners
			continue
		case word && unicode.IsMark(r): // a vowel of an Indic script, a voicing of a kana
		default:
			gap, word = b.Len() > 0, false
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		word = true
		if plain := undivided[r]; plain != "" {
			b.WriteString(plain)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// accent says whether a mark may be missing in what people type: the diacritics
// of Latin, Greek and Cyrillic, the points of Hebrew and Arabic.
func accent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f, r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff, r >= 0xfe20 && r <= 0xfe2f:
		return true
	case r >= 0x483 && r <= 0x487, r >= 0x591 && r <= 0x5c7, r >= 0x610 && r <= 0x61a, r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x6d6 && r <= 0x6ed:
		return unicode.IsMark(r)
	case r >= 0xfe00 && r <= 0xfe0f: // variation selectors
		return true
	}
	return false
}

// undivided are the letters with an accent that no normal form takes off.
var undivided = map[rune]string{'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'æ': "ae", 'œ': "oe"}

// unspaced says whether a rune is of a script that puts no spaces between
// words, or glues particles to them: there, every two neighbours are a token.
func unspaced(r rune) bool {
	if r < 0xe00 {
		return false
	}
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// tokens calls yield for each token of a folded text. A word is a token; a run
// of an unspaced script gives each pair of neighbours, then its last letter
// alone, so that every single letter begins some token. last tells the
// letter that ends such a run, and whether the run has no other.
func tokens(folded string, yield func(token string, last, alone bool)) {
	for len(folded) > 0 {
		if folded[0] == ' ' {
			folded = folded[1:]
			continue
		}
		r, _ := utf8.DecodeRuneInString(folded)
		dense := unspaced(r)
		end := strings.IndexFunc(folded, func(r rune) bool {
			return r == ' ' || unspaced(r) != dense && !unicode.IsMark(r)
		})
		if end < 0 {
			end = len(folded)
		}
		run := folded[:end]
		folded = folded[end:]
		if !dense {
			yield(shorten(run), false, false)
			continue
		}
		first := letter(run)
		for alone := true; ; alone = false {
			second := letter(run[first:])
			if second == 0 {
				yield(shorten(run), true, alone)
				break
			}
			yield(shorten(run[:first+second]), false, false)
			run, first = run[first:], second
		}
	}
}

// letter is the length of the first letter of a text with its marks.
func letter(s string) int {
	if s == "" {
		return 0
	}
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsMark(r) {
			break
		}
		n += size
	}
	return n
}

func shorten(token string) string {
	if len(token) <= maxToken {
		return token
	}
	n := maxToken
	for !utf8.RuneStart(token[n]) {
		n--
	}
	return token[:n]
}

// Stream gives the tokens of a text, each between two spaces: what a full-text
// index is made of. Tokens hold lower-case ASCII letters and digits, and other
// letters, digits and marks of Unicode; nothing that a query language knows.
func Stream(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	tokens(FoldWords(text), func(t string, _, _ bool) {
		b.WriteByte(' ')
		b.WriteString(t)
	})
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String()
}

// Phrase is what a word or "phrase" of a filter looks for: neighbouring tokens.
type Phrase struct {
	Tokens []string
	Open   bool // the last token stands for all that begin with it
}

// NewPhrase reads words as a filter gives them. It has no tokens if there is no
// letter or digit among them.
func NewPhrase(words string) Phrase {
	var p Phrase
	folded := FoldWords(words)
	ends, single := false, false
	tokens(folded, func(t string, last, alone bool) {
		p.Tokens = append(p.Tokens, t)
		ends, single = last, alone
	})
	if ends {
		// In a text the run may go on: its last letter begins a pair there.
		if p.Open = single; !single {
			p.Tokens = p.Tokens[:len(p.Tokens)-1]
		}
	}
	return p
}

// Text is what full text knows of an article: streams of its parts. A phrase
// never goes from one part into another.
type Text struct{ Title, Lead, Body string }

// NewText makes the streams of plain texts.
func NewText(title, lead, body string) Text {
	return Text{Stream(title), Stream(lead), Stream(body)}
}

// Size is the memory that the streams take, in bytes.
func (t Text) Size() int { return len(t.Title) + len(t.Lead) + len(t.Body) }

// Holds says whether a phrase is in the text, or in its title.
func (t Text) Holds(p Phrase, title bool) bool {
	if len(p.Tokens) == 0 {
		return false
	}
	want := " " + strings.Join(p.Tokens, " ")
	if !p.Open {
		want += " "
	}
	return strings.Contains(t.Title, want) || !title && (strings.Contains(t.Lead, want) || strings.Contains(t.Body, want))
}

// newWords checks the value of a term of words and folds it.
func newWords(value string) (string, error) {
	folded := FoldWords(value)
	switch n := len(NewPhrase(folded).Tokens); {
	case n == 0:
		return "", fmt.Errorf("%q has no letter or digit to look for", value)
	case n > MaxPhraseTokens:
		return "", fmt.Errorf("a phrase of %d words is too long: %d are the most", n, MaxPhraseTokens)
	}
	return folded, nil
}
