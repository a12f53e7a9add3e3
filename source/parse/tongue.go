package parse

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/rangetable"

	"feedwright/article"
	"feedwright/article/language"
)

// sampleLen is as much of a body as tells its language.
const sampleLen = 1000

// findLanguage looks at the name ("news.uk.md"), then at the text, where that
// is sure; else it is the site's.
func (r *reading) findLanguage() {
	x := &r.out.Fields
	if x.Lang != "" {
		return
	}
	base := strings.TrimSuffix(path.Base(r.f.Path), path.Ext(r.f.Path))
	if code := strings.TrimPrefix(path.Ext(base), "."); len(code) == 2 {
		for _, l := range language.All() {
			if l.Code == strings.ToLower(code) {
				x.Lang = l.Code
				r.note(0, "language", "name", code)
				return
			}
		}
	}
	if code := detect(sample(r.out.Body, r.out.Markup)); code != "" {
		x.Lang = code
		r.note(0, "language", "detected", code)
		return
	}
	if r.p.lang != "" {
		x.Lang = r.p.lang
		r.note(0, "language", "the site's", x.Lang)
	}
}

// Below this many letters no text tells its language.
const minLetters = 200

// detect gives the language of a text of at least 200 letters, "" if unsure: by
// its script where that has one language of note, else by its small words.
func detect(s string) string {
	letters, scripts := 0, [len(alphabets)]int{}
	for _, c := range s {
		if !lettered(c) {
			continue
		}
		letters++
		if c < firstAlphabet || c >= firstCyrillic && c <= lastCyrillic {
			continue // a script of many languages
		}
		for i := range alphabets {
			if unicode.Is(alphabets[i].script, c) {
				scripts[i]++
				break
			}
		}
	}
	kana, han := scripts[0], scripts[1]
	if letters < minLetters && 3*(kana+han) < minLetters { // a sign of these says a word or half of one
		return ""
	}
	for i := range alphabets {
		n := scripts[i]
		if i == 0 && 10*kana > han {
			n += han // Japanese is written with both
		}
		if 2*n > letters {
			return alphabets[i].code
		}
	}
	return bySmallWords(s)
}

// lettered says that a rune is part of a word; Indian scripts write vowels as marks.
func lettered(c rune) bool { return letterOf(c) != 0 }

// letterOf is the lower case of a rune that is part of a word, else 0.
func letterOf(c rune) rune {
	if int(c) < len(letters) {
		return rune(letters[c])
	}
	if unicode.IsLetter(c) || unicode.IsMark(c) {
		return unicode.ToLower(c)
	}
	return 0
}

// letters holds what letterOf gives for Latin and Cyrillic.
var letters = func() (table [lastCyrillic + 1]uint16) {
	for c := range table {
		if r := rune(c); unicode.IsLetter(r) || unicode.IsMark(r) {
			table[c] = uint16(unicode.ToLower(r))
		}
	}
	return table
}()

// alphabets are scripts in which one language is written above all; Han comes
// after the kana, with which Japanese mixes it.
var alphabets = [...]struct {
	script *unicode.RangeTable
	code   string
}{
	{kana, "ja"}, {unicode.Han, "zh"}, {unicode.Hangul, "ko"}, {unicode.Greek, "el"}, {unicode.Hebrew, "he"},
	{unicode.Thai, "th"}, {unicode.Georgian, "ka"}, {unicode.Armenian, "hy"}, {unicode.Bengali, "bn"}, {unicode.Tamil, "ta"},
	{unicode.Telugu, "te"}, {unicode.Gujarati, "gu"}, {unicode.Kannada, "kn"}, {unicode.Malayalam, "ml"}, {unicode.Gurmukhi, "pa"},
	{unicode.Sinhala, "si"}, {unicode.Khmer, "km"}, {unicode.Lao, "lo"}, {unicode.Myanmar, "my"}, {unicode.Ethiopic, "am"},
}

// firstAlphabet is below every letter of alphabets, none of which is Cyrillic.
const (
	firstAlphabet = '\u0370'
	firstCyrillic = '\u0400'
	lastCyrillic  = '\u052f'
)

var kana = rangetable.Merge(unicode.Hiragana, unicode.Katakana)

// smallWords are the small words of all tongues.
var smallWords = sync.OnceValue(func() map[string]smallWord {
	common := language.Common()
	m := map[string]smallWord{}
	for i, code := range tongues() {
		for _, w := range common[code] {
			known, ok := m[w]
			if !ok {
				known.number = len(m)
			}
			known.in = append(known.in, uint8(i))
			m[w] = known
		}
	}
	return m
})

// smallWord is one of them: where it stands among all, and the languages that
// have it, as places in tongues.
type smallWord struct {
	number int
	in     []uint8
}

var tongues = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(language.Common())) })

// tongueCount counts for one language how often its small words were met, what
// that says for it, and how many different ones they were.
type tongueCount struct{ hits, score, kinds int }

// bySmallWords is sure where a ninth of the words are small words of one
// language, and at least six different ones, and no other language comes near
// it. A word that several languages have speaks less for each.
func bySmallWords(s string) string {
	counts, total := countSmallWords(s)
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
	if b.hits*9 < total || b.kinds < 6 || counts[second].score*4 > b.score*3 {
		return ""
	}
	return tongues()[best]
}

// countSmallWords counts all words of a text, and for each of tongues its own.
func countSmallWords(s string) (counts []tongueCount, total int) {
	const whole = 60
	known := smallWords()
	counts = make([]tongueCount, len(tongues()))
	seen := make([]bool, len(known))
	end := func(word []byte) {
		if len(word) == 0 {
			return
		}
		total++
		small := known[string(word)] // no copy is made to look it up
		for _, i := range small.in {
			counts[i].hits++
			counts[i].score += whole / len(small.in)
			if !seen[small.number] {
				counts[i].kinds++
			}
		}
		if len(small.in) > 0 {
			seen[small.number] = true
		}
	}
	word := make([]byte, 0, 64)
	for _, c := range s {
		if c = letterOf(c); c != 0 {
			word = utf8.AppendRune(word, c)
			continue
		}
		end(word)
		word = word[:0]
	}
	end(word)
	return counts, total
}

// sample takes text from the body's start, without tags and links.
func sample(body string, m article.Markup) string {
	if m == article.PlainText {
		return short(body, sampleLen)
	}
	body = short(body, 2*sampleLen)
	if strings.Contains(body, "<") { // most texts have none
		body = htmlTags.ReplaceAllString(body, " ")
	}
	if strings.Contains(body, "{") {
		body = shortcodes.ReplaceAllString(body, " ")
	}
	return short(linkTexts(body), sampleLen)
}

// linkTexts leaves of Markdown's links their texts, as mdLinks does but for a
// mark before them, which does no harm here.
func linkTexts(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	out := make([]byte, 0, len(s))
	for {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			return string(append(out, s...))
		}
		out = append(out, s[:open]...)
		s = s[open:]
		end := 1 + strings.IndexAny(s[1:], "[]")
		if n := destination(s[end:]); end > 0 && n > 0 {
			out = append(out, s[1:end]...)
			s = s[end+n:]
			continue
		}
		out = append(out, '[')
		s = s[1:]
	}
}

// destination is the length of `](address "title")` that s starts with, or 0.
func destination(s string) int {
	rest, ok := strings.CutPrefix(s, "](")
	if !ok {
		return 0
	}
	const space = " \t\n\f\r"
	at := strings.IndexAny(rest, "()"+space)
	if at < 0 {
		return 0
	}
	rest = rest[at:]
	if title := strings.TrimLeft(rest, space); len(title) < len(rest) {
		if rest, ok = strings.CutPrefix(title, `"`); !ok {
			return 0
		}
		if _, rest, ok = strings.Cut(rest, `"`); !ok {
			return 0
		}
	}
	if !strings.HasPrefix(rest, ")") {
		return 0
	}
	return len(s) - len(rest) + 1
}

// languageNamed finds a language by its own name: "Українська".
func languageNamed(s string) (string, bool) {
	k := article.Fold(s)
	if code, ok := englishNames[k]; ok {
		return code, true
	}
	for _, l := range language.All() {
		if article.Fold(l.Name) == k {
			return l.Code, true
		}
	}
	return "", false
}

var englishNames = map[string]string{
	"english": "en", "ukrainian": "uk", "russian": "ru", "german": "de", "french": "fr",
	"spanish": "es", "polish": "pl", "italian": "it", "portuguese": "pt",
}
