package body

import (
	"strconv"
	"strings"

	"feedwright/article"
)

// A template tag is taken out of the source before anything else reads it, and
// a token stands in its place: a number between two noncharacters, which
// article.Clean has dropped from every input. (A character reference can still
// spell one; it then says again what a tag of the same body says.) What a token
// becomes is decided where it turns up: in text its meaning, in code
// the tag as it was written, in an address its value or no address at all.
const (
	tokenStart = "\ufdd0"
	tokenEnd   = "\ufdd1"
)

// meaning is what a template tag says to a reader.
type meaning int

const (
	nothing   meaning = iota
	words             // text
	address           // text that is part of an address, and nothing elsewhere
	picture           // source, text: alt, caption, target: link
	link              // target, text
	quotation         // text, caption: who said it
	strong            // text: a title, in a paragraph of its own
	listing           // text: code, caption: its language
)

// token is one template tag.
type token struct {
	raw     string // as written
	name    string // for Removed: "{{< tmp >}}"
	means   meaning
	source  string
	target  string
	text    string
	caption string
	live    bool // Hugo runs it even in code
	padded  bool // a line break was put before and after it
}

// tokens are the template tags of one body.
type tokens struct{ list []token }

// put keeps a token and gives what stands for it.
func (t *tokens) put(k token) string {
	t.list = append(t.list, k)
	return tokenStart + strconv.Itoa(len(t.list)-1) + tokenEnd
}

// cut finds the first token of s. Without one, before is s and k is nil.
func (t *tokens) cut(s string) (before string, k *token, after string) {
	i := strings.Index(s, tokenStart)
	if i < 0 {
		return s, nil, ""
	}
	num, rest, ok := strings.Cut(s[i+len(tokenStart):], tokenEnd)
	n, err := strconv.Atoi(num)
	if !ok || err != nil || n < 0 || n >= len(t.list) {
		return s[:i], &token{}, s[i+len(tokenStart):]
	}
	return s[:i], &t.list[n], rest
}

// cleanTokens is article.Clean, but leaves tokens standing.
func cleanTokens(s string) string {
	if !strings.Contains(s, tokenStart) {
		return article.Clean(s)
	}
	return strings.Map(func(r rune) rune {
		if !article.Legal(r) && string(r) != tokenStart && string(r) != tokenEnd {
			return -1
		}
		return r
	}, s)
}

// inCode puts the tags back as they were written.
func (t *tokens) inCode(s string) string {
	if !strings.Contains(s, tokenStart) {
		return s
	}
	var b strings.Builder
	for {
		before, k, after := t.cut(s)
		if k == nil {
			b.WriteString(s)
			return b.String()
		}
		if k.padded {
			before = strings.TrimSuffix(before, "\n")
			after = strings.TrimPrefix(after, "\n")
		}
		b.WriteString(before)
		b.WriteString(k.raw)
		s = after
	}
}

// speaks says that a text is more than space and tags that say nothing.
func (t *tokens) speaks(s string) bool {
	for {
		before, k, after := t.cut(s)
		if strings.TrimSpace(before) != "" || k != nil && k.means != nothing {
			return true
		}
		if k == nil {
			return false
		}
		s = after
	}
}

// inText keeps the words alone, for alt and title attributes.
func (t *tokens) inText(s string) string {
	if !strings.Contains(s, tokenStart) {
		return s
	}
	var b strings.Builder
	for {
		before, k, after := t.cut(s)
		b.WriteString(before)
		if k == nil {
			return b.String()
		}
		if k.means == words {
			b.WriteString(k.text)
		}
		s = after
	}
}

// inURL puts in what the tags of an address stand for; an address with a tag
// that is none, such as a link to another source file, is "".
func (t *tokens) inURL(s string) string {
	if strings.Contains(s, "%EF%B7%9") { // the Markdown renderer escapes addresses
		s = strings.NewReplacer("%EF%B7%90", tokenStart, "%EF%B7%91", tokenEnd).Replace(s)
	}
	if !strings.Contains(s, tokenStart) {
		return s
	}
	var b strings.Builder
	for {
		before, k, after := t.cut(s)
		b.WriteString(before)
		switch {
		case k == nil:
			return b.String()
		case k.means != words && k.means != address:
			return ""
		}
		b.WriteString(k.text)
		s = after
	}
}

// indentedRun gives the length of the indented and blank lines at the start of
// source, and whether a tag that Hugo would run stands in them.
func (t *tokens) indentedRun(source string) (n int, live bool) {
	for line := range strings.Lines(source) {
		if n > 0 && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "\t") {
			break
		}
		n += len(line)
		for !live {
			_, k, after := t.cut(line)
			if k == nil {
				break
			}
			live, line = k.live, after
		}
	}
	return n, live
}
