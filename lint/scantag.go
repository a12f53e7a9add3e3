package lint

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxAttributes bounds an element's attributes; the rest are skipped.
const maxAttributes = 500

// startTag reads <name a="v" …> or <name/>. A "<" that starts no tag is text.
func (s *scanner) startTag() bool {
	at := s.i
	s.i++
	name := s.name()
	if name == "" {
		s.l.found(at, "xml/bad-tag", "a < starts no tag")
		if s.open != nil {
			s.builder().add("<", at, 1)
		}
		return true
	}
	if !isName(name) {
		s.l.found(at, "xml/bad-tag", "%s is no name for an element", quote(name))
	}
	n := &node{at: at, parent: s.open}
	n.prefix, n.name = split(name)
	empty, ok := s.attributes(n)
	n.inner, n.end = s.i, s.i
	s.namespaces(n)
	return s.enter(n, empty) && ok
}

// enter hangs an element into the tree.
func (s *scanner) enter(n *node, empty bool) bool {
	switch {
	case s.open != nil:
		s.open.kids = append(s.open.kids, n)
	case s.root == nil:
		s.root = n
	default:
		s.l.found(n.at, "xml/second-root", "<%s> stands behind the root element", short(n.full()))
		return false
	}
	if s.depth++; s.depth > maxDepth {
		s.l.found(n.at, "xml/too-deep", "elements are nested more than %d deep", maxDepth)
		s.open = n
		return false
	}
	s.open = n
	if empty {
		s.close(s.i)
	}
	return true
}

func split(name string) (prefix, local string) {
	if p, l, ok := strings.Cut(name, ":"); ok {
		return p, l
	}
	return "", name
}

// name reads a name, or "" if none stands here.
func (s *scanner) name() string {
	from := s.i
	for s.i < len(s.b) {
		r, n := rune(s.b[s.i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(s.b[s.i:])
		}
		if !isNameRune(r) || s.i == from && !isNameStart(r) && r != ':' {
			break
		}
		s.i += n
	}
	return string(s.b[from:s.i])
}

func (s *scanner) space() bool {
	from := s.i
	for s.i < len(s.b) && strings.IndexByte(spaces, s.b[s.i]) >= 0 {
		s.i++
	}
	return s.i > from
}

// attributes reads up to the end of a start tag.
func (s *scanner) attributes(n *node) (empty, ok bool) {
	for {
		spaced := s.space()
		rest := s.b[s.i:]
		switch {
		case len(rest) == 0:
			s.l.found(n.at, "xml/truncated", "the tag <%s that starts here does not end", short(n.full()))
			return false, false
		case rest[0] == '>':
			s.i++
			return false, true
		case bytes.HasPrefix(rest, []byte("/>")):
			s.i += 2
			return true, true
		case rest[0] == '<':
			s.l.found(n.at, "xml/bad-tag", "the tag <%s does not end before the next one", short(n.full()))
			return false, true
		}
		at := s.i
		name := s.name()
		if name == "" {
			s.l.found(at, "xml/bad-tag", "%s cannot stand in a tag", quote(string(rest[:1])))
			s.i++
			continue
		}
		if !spaced || !isName(name) {
			s.l.found(at, "xml/bad-tag", "a space is missing before %s, or it is no name", quote(name))
		}
		s.attribute(n, name, at)
	}
}

// attribute reads ="value".
func (s *scanner) attribute(n *node, name string, at int) {
	a := attribute{at: at}
	a.prefix, a.name = split(name)
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != '=' {
		s.l.found(at, "xml/bad-tag", "the attribute %s has no value", quote(name))
		return
	}
	s.i++
	s.space()
	var end int
	if s.i < len(s.b) && (s.b[s.i] == '"' || s.b[s.i] == '\'') {
		quoteMark := s.b[s.i]
		s.i++
		if end = bytes.IndexByte(s.b[s.i:], quoteMark); end < 0 {
			s.l.found(at, "xml/truncated", "the value of the attribute %s does not end", quote(name))
			s.i = len(s.b)
			return
		}
		defer func() { s.i++ }()
	} else {
		s.l.found(at, "xml/bad-tag", "the value of the attribute %s is not quoted", quote(name))
		if end = bytes.IndexAny(s.b[s.i:], " \t\r\n>"); end < 0 {
			end = len(s.b) - s.i
		}
	}
	raw, from := s.b[s.i:s.i+end], s.i
	s.i += end
	if n := bytes.IndexByte(raw, '<'); n >= 0 {
		s.l.found(from+n, "xml/bad-tag", "a < stands in the value of the attribute %s", quote(name))
	}
	var b textBuilder
	s.characters(&b, raw, from)
	if a.value = b.text(); len(a.value.marks) == 0 {
		a.value.marks = []mark{{0, from}}
	}
	switch {
	case len(n.attrs) >= maxAttributes:
	case knownAttr(n.attrs, a.prefix, a.name):
		s.l.found(at, "xml/duplicate-attribute", "the attribute %s is given twice", quote(name))
	default:
		n.attrs = append(n.attrs, a)
	}
}

// characters decodes references in character data.
func (s *scanner) characters(b *textBuilder, chunk []byte, at int) {
	for len(chunk) > 0 {
		n := bytes.IndexByte(chunk, '&')
		if n < 0 {
			b.add(string(chunk), at, len(chunk))
			return
		}
		if n > 0 {
			b.add(string(chunk[:n]), at, n)
		}
		value, size := s.reference(chunk[n:], at+n)
		b.add(value, at+n, size)
		chunk, at = chunk[n+size:], at+n+size
	}
}

var xmlEntities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// reference decodes what starts with "&", and says how long it is.
func (s *scanner) reference(b []byte, at int) (string, int) {
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end < 2 || bytes.ContainsAny(b[1:end], " \t\r\n&<\"'=") {
		s.l.found(at, "xml/bare-ampersand", "a & starts no reference")
		return "&", 1
	}
	name := string(b[1:end])
	if v, ok := xmlEntities[name]; ok {
		return v, end + 1
	}
	if name[0] == '#' {
		return s.charReference(name[1:], at), end + 1
	}
	if v := html.UnescapeString("&" + name + ";"); v != "&"+name+";" {
		s.l.found(at, "xml/html-entity", "XML does not know &%s;", name)
		return v, end + 1
	}
	s.l.found(at, "xml/bare-ampersand", "&%s; names nothing", name)
	return "&", 1
}

func (s *scanner) charReference(digits string, at int) string {
	base := 10
	if d, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = d, 16
	}
	c, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !xmlChar(rune(c)) || c > utf8.MaxRune {
		s.l.found(at, "xml/bad-reference", "&#%s; refers to no character that XML allows", short(digits))
		return "\ufffd"
	}
	if oddChar(rune(c)) {
		s.l.found(at, "encoding/odd-character", "the character U+%04X", c)
	}
	return string(rune(c))
}

// namespaces takes up an element's declarations and resolves its names.
func (s *scanner) namespaces(n *node) {
	if n.parent != nil {
		n.scope = n.parent.scope
	}
	var own map[string]string
	for i := range n.attrs {
		a := &n.attrs[i]
		prefix, declares := "", a.prefix == "" && a.name == "xmlns"
		if a.prefix == "xmlns" {
			prefix, declares = a.name, true
		}
		if declares {
			if own == nil {
				own = map[string]string{}
				n.scope = &scope{n.scope, own}
			}
			own[prefix] = s.declaration(a, prefix)
		}
	}
	n.space = s.resolve(n.scope, n.prefix, n.at, n)
	for i := range n.attrs {
		if a := &n.attrs[i]; a.prefix == "xmlns" || a.prefix == "" && a.name == "xmlns" {
			a.space = nsXMLNS
		} else if a.prefix != "" {
			a.space = s.resolve(n.scope, a.prefix, a.at, nil)
		}
	}
}

func (s *scanner) resolve(in *scope, prefix string, at int, n *node) string {
	uri, ok := in.lookup(prefix)
	if ok {
		return uri
	}
	if n != nil {
		n.bad = true
	}
	f := s.l.found(at, "xml/undeclared-prefix", "the prefix %s is not declared", quote(prefix))
	if known, ok := namespaceOf[prefix]; ok {
		f.Hint = "add xmlns:" + prefix + "=\"" + known + "\" to the root element"
		return known
	}
	return "undeclared:" + prefix
}

// declaration looks at xmlns:prefix="uri" and returns the namespace that was
// meant.
func (s *scanner) declaration(a *attribute, prefix string) string {
	uri := a.value.s
	if uri == "" && prefix != "" {
		s.l.found(a.at, "xml/namespace", "the prefix %s is bound to no namespace", quote(prefix))
	}
	if right, wrong := misspelt(uri); wrong {
		s.l.found(a.value.start(), "xml/namespace", "%s is no namespace that readers know", quote(uri)).Hint = "write " + right
		return right
	}
	if want, ok := customary[uri]; ok && prefix != want && prefix != "" {
		s.l.found(a.at, "xml/prefix", "the customary prefix of %s is %s, not %s", uri, want, prefix)
	}
	return uri
}
