package body

import (
	"strings"

	"feedwright/article"
)

// maxTag is longer than any template tag that people write.
const maxTag = 4096

// scanner finds the template tags of a body: Hugo and Liquid in every markup,
// WordPress in Markdown and HTML, Obsidian, kramdown and MDX in Markdown.
type scanner struct {
	src    string
	markup article.Markup
	out    strings.Builder
	tokens *tokens
	copied int             // src up to here is in out
	tags   []openTag       // to pair opening with closing tags
	none   map[string]bool // ends that do not stand further on
	broken bool            // a tag is opened and never closed
}

// openTag is a tag whose meaning depends on whether it is closed later on.
type openTag struct {
	token      int
	name, rest string
	end        bool
}

// takeTags replaces the template tags of a body by tokens.
func takeTags(markup article.Markup, src string) (out string, t *tokens, broken bool) {
	t = new(tokens)
	if !strings.ContainsAny(src, "{[<%") && !(markup == article.Markdown && strings.Contains(src, "port ")) {
		return src, t, false
	}
	s := &scanner{src: src, markup: markup, tokens: t, none: map[string]bool{}}
	for i := 0; i < len(src); {
		if n := s.tag(i); n > 0 {
			i += n
			s.copied = i
			continue
		}
		i++
		for i < len(src) && !tagByte[src[i]] && !(src[i-1] == '\n') {
			i++
		}
	}
	s.out.WriteString(src[s.copied:])
	s.pair()
	return s.out.String(), t, s.broken
}

// tagByte are the bytes that a tag may begin with; a line's first byte is
// looked at in any case.
var tagByte = [256]bool{'{': true, '[': true, '<': true, '%': true, '!': true, '>': true}

// tag takes the tag that starts at i and gives its length, or 0.
func (s *scanner) tag(i int) int {
	rest := s.src[i:]
	switch rest[0] {
	case '{':
		return s.brace(i, rest)
	case '[', '!':
		if s.markup == article.PlainText {
			return 0
		}
		if n := s.wordpress(i, rest); n > 0 {
			return n
		}
		if s.markup == article.Markdown {
			return s.wikilink(i, rest)
		}
	case '%':
		if s.markup == article.Markdown {
			return s.comment(i, rest)
		}
	case '<':
		if s.markup == article.Markdown {
			return s.component(i, rest)
		}
	case '>':
		if s.markup == article.Markdown && s.lineStart(i) {
			return s.callout(i, rest)
		}
	case 'i', 'e':
		if s.markup == article.Markdown && (i == 0 || s.src[i-1] == '\n') {
			return s.module(i, rest)
		}
	}
	return 0
}

// brace takes Hugo's and Liquid's tags, and kramdown's attributes.
func (s *scanner) brace(i int, rest string) int {
	if len(rest) < 4 {
		return 0
	}
	switch rest[:2] {
	case "{{":
		switch rest[2] {
		case '<':
			return s.hugo(i, rest, ">}}")
		case '%':
			return s.hugo(i, rest, "%}}")
		}
		return s.expression(i, rest)
	case "{%":
		return s.liquid(i, rest)
	case "{.", "{#": // [text](address){.class}
		if n := strings.IndexAny(rest[:min(len(rest), 200)], "}\n \"<"); s.markup == article.Markdown && n > 2 && rest[n] == '}' && i > 0 && (s.src[i-1] == ')' || s.src[i-1] == ']') {
			return s.take(i, n+1, token{})
		}
	case "{:":
		if s.markup == article.Markdown {
			if n := strings.IndexAny(rest, "}\n"); n > 2 && rest[n] == '}' {
				return s.take(i, n+1, token{})
			}
		}
	case "{/":
		if s.markup == article.Markdown && strings.HasPrefix(rest, "{/*") {
			if n := s.find(i, "*/}"); n > 0 {
				return s.take(i, n, token{})
			}
		}
	}
	return 0
}

// hugo takes {{< name … >}} or {{% name … %}}.
func (s *scanner) hugo(i int, rest, end string) int {
	head := strings.TrimLeft(rest[3:min(len(rest), maxTag)], " \t\r\n")
	if strings.HasPrefix(head, "/*") { // a tag that is shown, not run
		from := strings.Index(rest, "/*") + 2
		if n := s.find(i+from, "*/"+end); n > 0 && n < maxTag {
			n += from
			inner := strings.TrimSpace(rest[3 : n-len(end)-2])
			shown := rest[:3] + " " + strings.TrimSpace(inner[2:]) + " " + end
			k := token{means: words, text: shown}
			s.take(i, n, k)
			s.tokens.list[len(s.tokens.list)-1].raw = shown
			return n
		}
	}
	closing := strings.HasPrefix(head, "/")
	name := tagName(strings.TrimLeft(head, "/ \t"))
	if name == "" {
		return 0
	}
	n := hugoEnd(rest, end)
	if n == 0 {
		s.broken = true
		return s.take(i, 3, token{name: "{{" + rest[2:3] + " " + name})
	}
	inner := strings.TrimSpace(rest[3 : n-len(end)])
	args := strings.TrimSuffix(strings.TrimPrefix(strings.TrimLeft(inner, "/ \t"), name), "/")
	k := token{name: rest[:3] + " " + name + " " + end, live: true}
	if closing {
		s.tags = append(s.tags, openTag{name: name, end: true})
		k.name = ""
		return s.take(i, n, k)
	}
	if (hidden[name] || sourceCode[name]) && !strings.HasSuffix(inner, "/") {
		if m, from := s.region(i+n, rest[:3], name, end); m > 0 {
			return s.enclosed(i, i+n, from, m, name, args, k)
		}
	}
	if strings.HasSuffix(inner, "/") {
		return s.take(i, n, understand(k, name, args, false))
	}
	return s.open(i, n, k, name, args)
}

// open takes a tag that may have a closing one further on.
func (s *scanner) open(i, n int, k token, name, args string) int {
	s.tags = append(s.tags, openTag{token: len(s.tokens.list), name: name, rest: args})
	return s.take(i, n, k)
}

// enclosed takes a tag with all that it wraps.
func (s *scanner) enclosed(i, from, to, end int, name, args string, k token) int {
	if !hidden[name] {
		k.means, k.text = listing, strings.Trim(s.src[from:to], "\r\n")
		if a := parseArguments(args); len(a.list) > 0 || a.get("lang", "language") != "" {
			k.caption = a.or(0, "lang", "language")
		}
	}
	return s.take(i, end-i, k)
}

// region finds {{< /name >}} from position i on: where it starts and ends.
func (s *scanner) region(i int, start, name, end string) (stop, from int) {
	key := start + "/" + name
	if s.none[key] {
		return 0, 0
	}
	for at := i; ; {
		n := strings.Index(s.src[at:], start)
		if n < 0 {
			break
		}
		at += n
		head := strings.TrimLeft(s.src[at+3:min(len(s.src), at+3+maxTag)], " \t")
		if strings.HasPrefix(head, "/") && tagName(strings.TrimLeft(head, "/ \t")) == name {
			if m := hugoEnd(s.src[at:], end); m > 0 {
				return at + m, at
			}
		}
		at += 3
	}
	s.none[key] = true
	return 0, 0
}

// hugoEnd gives the length of the shortcode at the start of s, quoted strings
// minded, or 0 if it has no end.
func hugoEnd(s, end string) int {
	s = s[:min(len(s), maxTag)]
	for i := 3; i < len(s); i++ {
		switch s[i] {
		case '"', '`':
			j := i + 1
			for j < len(s) && s[j] != s[i] {
				if s[j] == '\\' && s[i] == '"' {
					j++
				}
				j++
			}
			if j >= len(s) { // one quote too many: any end will do
				if n := strings.Index(s[i:], end); n >= 0 && !strings.Contains(s[i:i+n], "{{") {
					return i + n + len(end)
				}
				return 0
			}
			i = j
		case '{':
			if strings.HasPrefix(s[i:], "{{<") || strings.HasPrefix(s[i:], "{{%") {
				return 0
			}
		case end[0]:
			if strings.HasPrefix(s[i:], end) {
				return i + len(end)
			}
		}
	}
	return 0
}

// tagName is the name that s begins with.
func tagName(s string) string {
	n := 0
	for n < len(s) && (isWordByte(s[n]) || n > 0 && strings.IndexByte("-./", s[n]) >= 0) {
		n++
	}
	return strings.TrimRight(s[:n], "/")
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// find gives the length of src from i up to and with end, or 0. An end that is
// nowhere further on is looked for once.
func (s *scanner) find(i int, end string) int {
	if s.none[end] {
		return 0
	}
	n := strings.Index(s.src[i:], end)
	if n < 0 {
		s.none[end] = true
		return 0
	}
	return n + len(end)
}

// take puts a token in place of src[i:i+n], alone in its paragraph if it was
// alone on its line. It gives n.
func (s *scanner) take(i, n int, k token) int {
	k.raw = s.src[i : i+n]
	if s.markup == article.Markdown && s.alone(i, n) {
		k.padded = true
		start := strings.LastIndexByte(s.src[:i], '\n') + 1
		start = max(start, s.copied)
		s.out.WriteString(s.src[s.copied:start])
		s.out.WriteString("\n")
		s.out.WriteString(s.src[start:i])
		s.out.WriteString(s.tokens.put(k))
		s.out.WriteString("\n")
		return n
	}
	s.out.WriteString(s.src[s.copied:i])
	s.out.WriteString(s.tokens.put(k))
	return n
}

// alone says that nothing but space stands around src[i:i+n] on its lines.
func (s *scanner) alone(i, n int) bool {
	for j := i - 1; j >= 0 && s.src[j] != '\n'; j-- {
		if (s.src[j] != ' ' && s.src[j] != '\t') || i-j > 64 {
			return false
		}
	}
	for j := i + n; j < len(s.src) && s.src[j] != '\n'; j++ {
		if !isBlank(s.src[j]) || j-i-n > 64 {
			return false
		}
	}
	return true
}

// lineStart says that only space and ">" stand before i on its line.
func (s *scanner) lineStart(i int) bool {
	for j := i - 1; j >= 0 && s.src[j] != '\n'; j-- {
		if (s.src[j] != ' ' && s.src[j] != '>') || i-j > 64 {
			return false
		}
	}
	return true
}

// pair finds the closing tag of each opening one, and with it its meaning.
func (s *scanner) pair() {
	open := map[string][]int{}
	closed := make([]bool, len(s.tags))
	for i, t := range s.tags {
		if !t.end {
			open[t.name] = append(open[t.name], i)
		} else if o := open[t.name]; len(o) > 0 {
			closed[o[len(o)-1]] = true
			open[t.name] = o[:len(o)-1]
		}
	}
	for i, t := range s.tags {
		if !t.end {
			s.tokens.list[t.token] = understand(s.tokens.list[t.token], t.name, t.rest, closed[i])
		}
	}
}
