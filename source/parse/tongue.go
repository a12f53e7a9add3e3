package parse

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

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
		if c < firstAlphabet {
			continue
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
func lettered(c rune) bool {
	if c < unicode.MaxASCII {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return unicode.IsLetter(c) || unicode.IsMark(c)
}

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

// firstAlphabet is below every letter of alphabets.
const firstAlphabet = '\u0370'

var kana = rangetable.Merge(unicode.Hiragana, unicode.Katakana)

// smallWords maps each small word to the languages that have it, as places in
// tongues.
var smallWords = sync.OnceValue(func() map[string][]uint8 {
	common := language.Common()
	m := map[string][]uint8{}
	for i, code := range tongues() {
		for _, w := range common[code] {
			m[w] = append(m[w], uint8(i))
		}
	}
	return m
})

var tongues = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(language.Common())) })

// bySmallWords is sure where a ninth of the words are small words of one
// language, and at least six different ones, and no other language comes near
// it. A word that several languages have speaks less for each.
func bySmallWords(s string) string {
	const whole = 60
	known := smallWords()
	type count struct{ hits, score, kinds int }
	counts := make([]count, len(tongues()))
	seen := map[string]bool{}
	total := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(c rune) bool { return !lettered(c) }) {
		total++
		in := known[w]
		if len(in) == 0 {
			continue
		}
		first := !seen[w]
		seen[w] = true
		for _, i := range in {
			counts[i].hits++
			counts[i].score += whole / len(in)
			if first {
				counts[i].kinds++
			}
		}
	}
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

// linkTexts is mdLinks where a mark left standing does no harm: beginning with
// a certain sign, it is found much faster.
var linkTexts = regexp.MustCompile(`\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)

// sample takes text from the body's start, without tags and links.
func sample(body string, m article.Markup) string {
	body = short(body, 2*sampleLen)
	if m == article.PlainText {
		return short(body, sampleLen)
	}
	for _, x := range []struct {
		mark, with string
		re         *regexp.Regexp
	}{{"<", " ", htmlTags}, {"{", " ", shortcodes}, {"](", "$1", linkTexts}} {
		if strings.Contains(body, x.mark) { // most texts have none
			body = x.re.ReplaceAllString(body, x.with)
		}
	}
	return short(body, sampleLen)
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
