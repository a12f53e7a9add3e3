package parse

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feedwright/article"
)

var (
	shortcodes = regexp.MustCompile(`\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{\{.*?\}\}`)
	htmlTags   = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--.*?-->`)
	mdLinks    = regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)
	wikiLinks  = regexp.MustCompile(`!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]`)
	strong     = regexp.MustCompile(`\*\*(\S|\S.*?\S)\*\*|__(\S|\S.*?\S)__|~~(\S|\S.*?\S)~~`)
	emphasis   = regexp.MustCompile(`\*([^\s*]|[^\s*][^*]*?[^\s*])\*`)
	underline  = regexp.MustCompile(`(^|[^\pL\pN_])_([^\s_]|[^\s_][^_]*?[^\s_])_($|[^\pL\pN_])`)
	code       = regexp.MustCompile("`([^`]+)`")
)

// marks are what plain takes away, in this order. Each begins with one of its
// signs, which are found much faster.
var marks = []struct {
	signs []string
	re    *regexp.Regexp
	with  string
}{
	{[]string{"{{", "{%"}, shortcodes, ""},
	{[]string{"<"}, htmlTags, ""},
	{[]string{"]("}, mdLinks, "$1"},
	{[]string{"[["}, wikiLinks, "$1"},
	{[]string{"`"}, code, "$1"},
	{[]string{"**", "__", "~~"}, strong, "$1$2$3"},
	{[]string{"*"}, emphasis, "$1"},
	{[]string{"_"}, underline, "$1$2$3"},
}

// plain makes one line of plain text of what front matter holds as a title or
// summary: template tags, HTML, Markdown and entities are taken away, not
// shown.
func plain(s string) string {
	if len(s) > 20_000 {
		s = short(s, 20_000)
	}
	if strings.ContainsAny(s, "<{&*_[`~") {
		for _, m := range marks {
			if slices.ContainsFunc(m.signs, func(sign string) bool { return strings.Contains(s, sign) }) {
				s = m.re.ReplaceAllString(s, m.with)
			}
		}
		s = html.UnescapeString(s)
	}
	return article.Line(s)
}

// terminal says that a line ends as a sentence does.
func terminal(s string) bool {
	s = strings.TrimRight(s, " \t\"'»”’)]")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…:;。！？؟।", r)
}

// runes counts characters.
func runes(s string) int { return utf8.RuneCountInString(s) }

// same says that two lines are the same words: case, accents and punctuation at
// the ends make no difference.
func same(a, b string) bool {
	if a == b {
		return true
	}
	return a != "" && b != "" && bare(a) == bare(b) && bare(a) != ""
}

func bare(s string) string {
	return strings.TrimFunc(article.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// cut takes the first sentence of a text, or as many words as fit into n
// characters, followed by an ellipsis.
func cut(s string, n int) string {
	s = article.Line(short(s, 4*n+100))
	for i, r := range s {
		if i > 15 && strings.ContainsRune(".!?。！？", r) {
			end := i + utf8.RuneLen(r)
			if end == len(s) || s[end] == ' ' || r > 127 {
				if runes(s[:end]) <= n {
					return strings.TrimRight(s[:end], ".。")
				}
				break
			}
		}
	}
	if runes(s) <= n {
		if strings.HasSuffix(s, "..") {
			return s
		}
		return strings.TrimRight(s, ".。")
	}
	count, last := 0, 0
	for i, r := range s {
		if r == ' ' {
			last = i
		}
		if count++; count > n-1 {
			if last == 0 {
				last = i
			}
			break
		}
	}
	return strings.TrimRight(s[:last], " ,;:–-") + "…"
}
