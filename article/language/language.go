// Package language holds what feedwright knows of languages: one YAML file a
// language, with the labels of a newsroom's text, the names of months, the
// lines that are no part of an article, and the words of the pages. To add a
// language, add its file and its sample article under testdata/languages. Of
// languages without a file, common.txt has the words by which they are told.
package language

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Language is one language's data file.
type Language struct {
	Code   string              `yaml:"code"`   // BCP 47 primary subtag
	Name   string              `yaml:"name"`   // in itself: "Deutsch"
	Labels map[string][]string `yaml:"labels"` // field (title, category, published, author, tags, source, language, …) → label lines, as written
	Months [][]string          `yaml:"months"` // twelve lists: every form a month's name takes in dates
	// Weekdays are every form of a weekday's name, DateWords the small words that
	// may stand in a date and change nothing: "of", "le", "Uhr", "року".
	Weekdays  []string `yaml:"weekdays"`
	DateWords []string `yaml:"date_words"`
	// Common are the language's commonest small words, lower-case: a text that is
	// full of them is in it.
	Common []string `yaml:"common"`
	// Boilerplate are patterns of lines that are no part of an article, by what
	// they are: consent, language-switch, read-also, share, subscribe. A pattern
	// is one or more regular expressions (RE2) joined by " && ": all must match;
	// "<200" among them is the most characters that the words may have.
	// They see one paragraph's words: lower-cased, everything but letters and
	// digits turned into one space, with a space before and after; so " your "
	// is a word and " agree" begins one.
	Boilerplate map[string][]string `yaml:"boilerplate"`
	// Keep are patterns, in the same notation, of paragraphs that are never
	// dropped: disclosure, sponsored, correction, credit, ©.
	Keep  []string          `yaml:"keep"`
	Words map[string]string `yaml:"words"` // the words of the pages, by English key
}

//go:embed *.yaml
var files embed.FS

//go:embed common.txt
var common string

// Common gives the commonest small words of each language that is told by
// them, by its BCP 47 subtag: those of All and many more.
func Common() map[string][]string {
	words := map[string][]string{}
	for line := range strings.Lines(common) {
		if code, list, ok := strings.Cut(line, ":"); ok && line[0] != '#' {
			words[code] = strings.Fields(list)
		}
	}
	for _, l := range All() {
		words[l.Code] = l.Common
	}
	return words
}

var load = sync.OnceValue(func() []*Language {
	names, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	var all []*Language
	for _, n := range names {
		raw, err := files.ReadFile(n.Name())
		if err != nil {
			panic(err)
		}
		l := new(Language)
		if err := yaml.Unmarshal(raw, l); err != nil {
			panic(fmt.Sprintf("language file %s: %v", n.Name(), err)) // embedded, so a test finds it first
		}
		if l.Code != strings.TrimSuffix(n.Name(), path.Ext(n.Name())) {
			panic(fmt.Sprintf("language file %s has code %q", n.Name(), l.Code))
		}
		all = append(all, l)
	}
	return all
})

// All lists the languages by code.
func All() []*Language { return load() }

// For gives the language of a BCP 47 tag ("uk-UA" → uk), or English.
func For(tag string) *Language {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	all := load()
	find := func(code string) *Language {
		i := slices.IndexFunc(all, func(l *Language) bool { return l.Code == code })
		if i < 0 {
			return nil
		}
		return all[i]
	}
	if l := find(primary); l != nil {
		return l
	}
	return find("en")
}

// Word gives the page's word for an English key in this language, or the
// English one.
func (l *Language) Word(key string) string {
	if w := l.Words[key]; w != "" {
		return w
	}
	if w := For("en").Words[key]; w != "" {
		return w
	}
	return key
}
