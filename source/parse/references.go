package parse

import (
	"html"
	"strings"
)

// reference is what a body names: a picture or sound it shows, or a link.
type reference struct {
	to, alt string
	shown   bool // an image or an embed, not a link
	quiet   bool // inside a template tag, whose arguments need not be files
}

// maxScan bounds how far a reference may reach.
const maxScan = 1000

// references finds what a Markdown or HTML body names, in one pass and without
// rendering: ![alt](file), [text](file), ![[file]], src="file", href="file".
func references(body string) []reference {
	var out []reference
	signs := seeker{body: body, next: [...]int{-1, -1, -1}}
	for at := signs.from(0); at < len(body) && len(out) < maxRefs; at = signs.from(at + 1) {
		rest := body[at:]
		switch {
		case strings.HasPrefix(rest, "]("):
			if to := target(rest[2:]); to != "" {
				alt, shown := label(body, at)
				out = append(out, reference{to: to, alt: alt, shown: shown})
			}
		case strings.HasPrefix(rest, "[[") && at > 0 && body[at-1] == '!':
			if in, _, ok := strings.Cut(rest[2:min(len(rest), maxScan)], "]]"); ok {
				to, _, _ := strings.Cut(in, "|")
				out = append(out, reference{to: strings.TrimSpace(to), shown: true})
			}
		case rest[0] == '=':
			if name := attribute(body, at); name == "src" || name == "href" {
				if to := quoted(rest[1:min(len(rest), maxScan)]); to != "" {
					out = append(out, reference{to: html.UnescapeString(to), shown: name == "src", quiet: inTag(body[:at])})
				}
			}
		}
	}
	return out
}

// seeker finds the signs by which references are known. Where each stands next
// is kept, so that a body is looked through once for each.
type seeker struct {
	body string
	next [3]int // of "]", "=" and "["
}

// from is where the first sign stands from a place on, or the body's length.
func (k *seeker) from(pos int) int {
	first := len(k.body)
	for i, sign := range [...]byte{']', '=', '['} {
		if k.next[i] < pos {
			if at := strings.IndexByte(k.body[pos:], sign); at >= 0 {
				k.next[i] = pos + at
			} else {
				k.next[i] = len(k.body)
			}
		}
		first = min(first, k.next[i])
	}
	return first
}

// inTag says that text ends inside {{ … }} or {% … %}.
func inTag(s string) bool {
	s = s[max(0, len(s)-maxScan):]
	if strings.IndexByte(s, '{') < 0 {
		return false
	}
	open := max(strings.LastIndex(s, "{{"), strings.LastIndex(s, "{%"))
	return open >= 0 && open > max(strings.LastIndex(s, "}}"), strings.LastIndex(s, "%}"))
}

// target reads a Markdown link's destination: bare, or in angle brackets.
func target(s string) string {
	s = s[:min(len(s), maxScan)]
	s = strings.TrimLeft(s, " \n")
	if strings.HasPrefix(s, "<") {
		to, _, ok := strings.Cut(s[1:], ">")
		if !ok || strings.Contains(to, "\n") {
			return ""
		}
		return to
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == ')' || c == ' ' || c == '\n' || c == '\t':
			return s[:i]
		}
	}
	return ""
}

// label finds whether an exclamation mark makes a picture of the brackets that
// end at the byte at, and its text then.
func label(body string, at int) (text string, shown bool) {
	from := max(0, at-300)
	open := strings.LastIndexByte(body[from:at], '[')
	if open < 0 {
		return "", false
	}
	open += from
	if open == 0 || body[open-1] != '!' {
		return "", false
	}
	return plain(body[open+1 : at]), true
}

// attribute is the name before an equals sign.
func attribute(body string, at int) string {
	start := at
	for start > 0 && at-start < 5 && body[start-1]|0x20 >= 'a' && body[start-1]|0x20 <= 'z' {
		start--
	}
	return strings.ToLower(body[start:at])
}

func quoted(s string) string {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return ""
	}
	in, _, ok := strings.Cut(s[1:], s[:1])
	if !ok || strings.Contains(in, "\n") {
		return ""
	}
	return strings.TrimSpace(in)
}
