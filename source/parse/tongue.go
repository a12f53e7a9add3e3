package parse

import (
	"path"
	"strings"
	"sync"
	"unicode"

	"github.com/abadojack/whatlanggo"

	"feedwright/article"
	"feedwright/article/language"
)

// sampleLen is as much of a body as tells its language.
const sampleLen = 1500

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

// detect gives the language of a text of at least 200 letters, "" if unsure.
// Small words decide for the languages we know well, in microseconds; trigrams
// are asked only where those leave doubt.
func detect(s string) string {
	letters := 0
	for _, c := range s {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	if letters < minLetters {
		return ""
	}
	if code := bySmallWords(s); code != "" {
		return code
	}
	info := whatlanggo.Detect(s)
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}

// smallWords maps each small word to the languages that have it, as bits in
// the order of language.All.
var smallWords = sync.OnceValue(func() map[string]uint32 {
	m := map[string]uint32{}
	for i, l := range language.All() {
		for _, w := range l.Common {
			m[w] |= 1 << i
		}
	}
	return m
})

// bySmallWords is sure where three tenths of the words are small words of one
// language, and no other of ours has more than two thirds as many.
func bySmallWords(s string) string {
	known := smallWords()
	var hits [32]int
	total := 0
	article.Words(s, func(w string) bool {
		total++
		for i, bits := 0, known[w]; bits != 0; i, bits = i+1, bits>>1 {
			hits[i] += int(bits & 1)
		}
		return true
	})
	best, second := 0, -1
	for i := 1; i < len(hits); i++ {
		switch {
		case hits[i] > hits[best]:
			best, second = i, best
		case second < 0 || hits[i] > hits[second]:
			second = i
		}
	}
	if hits[best]*10 < total*3 || hits[second]*3 > hits[best]*2 {
		return ""
	}
	return language.All()[best].Code
}

// sample takes text from the body's start, without tags and links.
func sample(body string, m article.Markup) string {
	body = short(body, 2*sampleLen)
	if m != article.PlainText {
		body = shortcodes.ReplaceAllString(htmlTags.ReplaceAllString(body, " "), " ")
		body = mdLinks.ReplaceAllString(body, "$1")
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
