package parse

import (
	"path"
	"strings"
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
	found := countWords(s)
	scripts := [len(alphabets)]int{}
	if found.rare {
		countScripts(s, &scripts)
	}
	kana, han := scripts[0], scripts[1]
	if found.letters < minLetters && 3*(kana+han) < minLetters { // a sign of these says a word or half of one
		return ""
	}
	for i := range alphabets {
		n := scripts[i]
		if i == 0 && 10*kana > han {
			n += han // Japanese is written with both
		}
		if 2*n > found.letters {
			return alphabets[i].code
		}
	}
	return bySmallWords(found)
}

// countScripts counts the letters of each of alphabets.
func countScripts(s string, scripts *[len(alphabets)]int) {
	for _, c := range s {
		if !mayBeRare(c) || letterOf(c) == 0 {
			continue
		}
		for i := range alphabets {
			if unicode.Is(alphabets[i].script, c) {
				scripts[i]++
				break
			}
		}
	}
}

// letterOf is the lower case of a rune that is part of a word, else 0. Indian
// scripts write vowels as marks.
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

// Every letter of alphabets comes after the first of these, and none is between
// the others.
const (
	firstAlphabet = '\u0370'
	firstCyrillic = '\u0400'
	lastCyrillic  = '\u052f'
)

// mayBeRare says that a letter may be of one of alphabets: none of Latin and
// Cyrillic is.
func mayBeRare(c rune) bool { return c >= firstAlphabet && (c < firstCyrillic || c > lastCyrillic) }

var kana = rangetable.Merge(unicode.Hiragana, unicode.Katakana)

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
	return short(linkTexts(body, sampleLen+1), sampleLen)
}

// linkTexts leaves of Markdown's links their texts, as mdLinks does but for a
// mark before them, which does no harm here. What it gives is whole up to so
// many bytes at least.
func linkTexts(s string, enough int) string {
	if !strings.Contains(s, "](") {
		return s
	}
	out := make([]byte, 0, len(s))
	for {
		open := strings.IndexByte(s, '[')
		if open < 0 || len(out) >= enough {
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
