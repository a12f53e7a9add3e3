package body

import (
	"path"
	"strings"

	"golang.org/x/net/html/atom"
)

// wikilink takes Obsidian's [[Note|text]] and ![[picture.png]].
func (s *scanner) wikilink(i int, rest string) int {
	embed := rest[0] == '!'
	open := strings.TrimPrefix(rest, "!")
	if !strings.HasPrefix(open, "[[") || len(open) < 5 || open[2] == ' ' {
		return 0
	}
	end := strings.Index(open[:min(len(open), 512)], "]]")
	inner := ""
	if end > 2 {
		inner = open[2:end]
	}
	if inner == "" || strings.ContainsAny(inner, "[\n`") || strings.Trim(inner, "0123456789") == "" {
		return 0
	}
	n := len(rest) - len(open) + end + 2
	if n < len(rest) && strings.IndexByte("([", rest[n]) >= 0 {
		return 0
	}
	target, text, named := strings.Cut(inner, "|")
	target, text = strings.TrimSpace(strings.TrimSuffix(target, `\`)), strings.TrimSpace(text)
	if embed {
		k := token{name: "![[" + target + "]]"}
		if isPictureFile(target) {
			k.means, k.source = picture, target
			if strings.Trim(text, "0123456789x") != "" {
				k.text = text
			}
		}
		return s.take(i, n, k)
	}
	if low := strings.ToLower(target); low == "toc" || low == "_toc_" {
		return s.take(i, n, token{})
	}
	if !named {
		text, _, _ = strings.Cut(target, "#")
		if text == "" {
			text = strings.TrimLeft(target, "#^")
		}
		text = strings.TrimSuffix(path.Base(text), ".md")
	}
	return s.take(i, n, token{means: words, text: text})
}

func isPictureFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp":
		return true
	}
	return false
}

// comment takes Obsidian's %%comment%%, in one line or as a block.
func (s *scanner) comment(i int, rest string) int {
	if !strings.HasPrefix(rest, "%%") || i > 0 && (s.src[i-1] == '%' || s.src[i-1] >= '0' && s.src[i-1] <= '9') {
		return 0
	}
	line, _, _ := strings.Cut(rest, "\n")
	if n := strings.Index(line[2:], "%%"); n > 0 {
		return s.take(i, n+4, token{})
	}
	if strings.TrimSpace(line) == "%%" && s.alone(i, 2) {
		if n := s.find(i+2, "\n%%"); n > 0 {
			return s.take(i, n+2, token{})
		}
	}
	return 0
}

// callout takes the marker of "> [!note] Title"; the title becomes a paragraph
// of its own.
func (s *scanner) callout(i int, rest string) int {
	line, _, _ := strings.Cut(rest, "\n")
	if len(line) > 512 {
		return 0
	}
	at := 1 + len(line[1:]) - len(strings.TrimLeft(line[1:], " "))
	if !strings.HasPrefix(line[at:], "[!") {
		return 0
	}
	end := strings.IndexByte(line, ']')
	if end < 0 || tagName(line[at+2:end]) == "" {
		return 0
	}
	title := strings.TrimSpace(strings.TrimLeft(line[end+1:], "+-"))
	k := token{}
	if title != "" {
		k.means, k.text = strong, strings.NewReplacer("*", "", "`", "", "__", "").Replace(title)
	}
	k.raw = line[at:]
	s.out.WriteString(s.src[s.copied : i+at])
	s.out.WriteString(s.tokens.put(k))
	return len(strings.TrimSuffix(line, "\r"))
}

// component takes an MDX component or a tag with {expressions}; what it wraps
// stays.
func (s *scanner) component(i int, rest string) int {
	at := 1
	closing := len(rest) > 1 && rest[1] == '/'
	if closing {
		at = 2
	}
	name := ""
	if at < len(rest) && (rest[at]|0x20 >= 'a' && rest[at]|0x20 <= 'z') {
		name = tagName(rest[at:min(len(rest), at+64)])
	}
	if name == "" {
		return 0
	}
	n, scripted := tagEnd(rest, at+len(name))
	if n == 0 {
		return 0
	}
	upper := name[0] >= 'A' && name[0] <= 'Z'
	if !scripted && (!upper || atom.Lookup([]byte(strings.ToLower(name))) != 0) {
		return 0
	}
	k := token{name: "<" + name + ">"}
	if closing {
		return s.take(i, n, token{})
	}
	args := strings.TrimSuffix(rest[at+len(name):n-1], "/")
	if strings.HasSuffix(rest[:n], "/>") && !strings.Contains(args, "={") {
		return s.take(i, n, understand(k, name, args, false))
	}
	if !strings.HasSuffix(rest[:n], "/>") {
		k.name = ""
	}
	return s.take(i, n, k)
}

// tagEnd gives the length of a tag, quotes and braces minded, and whether an
// attribute is an {expression}.
func tagEnd(s string, i int) (n int, scripted bool) {
	depth := 0
	for ; i < len(s) && i < maxTag; i++ {
		switch c := s[i]; {
		case c == '{':
			depth++
			scripted = true
		case c == '}':
			depth = max(0, depth-1)
		case c == '"' || c == '\'' || c == '`' && depth > 0:
			j := strings.IndexByte(s[i+1:min(len(s), i+maxTag)], c)
			if j < 0 {
				return 0, false
			}
			i += j + 1
		case c == '>' && depth == 0:
			return i + 1, scripted
		case c == '<' && depth == 0:
			return 0, false
		case c == '\n' && strings.HasPrefix(s[i:], "\n\n") && depth == 0:
			return 0, false
		}
	}
	return 0, false
}

// module takes the import and export lines of MDX.
func (s *scanner) module(i int, rest string) int {
	line, _, _ := strings.Cut(rest[:min(len(rest), maxTag)], "\n")
	words := strings.Fields(line)
	if len(words) < 2 {
		return 0
	}
	last := strings.TrimSuffix(words[len(words)-1], ";")
	quoted := len(last) > 2 && (last[0] == '"' || last[0] == '\'') && last[len(last)-1] == last[0]
	switch words[0] {
	case "import":
		if quoted && (len(words) == 2 || words[len(words)-2] == "from") {
			return s.take(i, len(line), token{})
		}
	case "export":
		known := words[1] == "const" || words[1] == "let" || words[1] == "function" || words[1] == "async"
		if known && strings.ContainsAny(line, "=({") || words[1] == "default" && strings.ContainsAny(line, "({;=") {
			n := strings.Index(rest[:min(len(rest), 4*maxTag)], "\n\n")
			if n < 0 {
				n = len(line)
			}
			return s.take(i, n, token{})
		}
	}
	return 0
}
