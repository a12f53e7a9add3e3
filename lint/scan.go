package lint

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var xmlRules = []Rule{
	{"xml/leading-junk", Error, "XML 1.0 §2.1, §2.8", "let nothing stand before the document, not even a blank line"},
	{"xml/trailing-junk", Error, "XML 1.0 §2.1", "let the document end with its root element"},
	{"xml/second-root", Error, "XML 1.0 §2.1", "a document has one root element"},
	{"xml/truncated", Error, "XML 1.0 §2.1", "the document ends too early: write it to the end before it is served"},
	{"xml/tag-mismatch", Error, "XML 1.0 §3", "close elements in the order in which they were opened; escape markup that is text"},
	{"xml/bad-tag", Error, "XML 1.0 §3.1", "write <name attribute=\"value\">, and a < that is text as &lt;"},
	{"xml/duplicate-attribute", Error, "XML 1.0 §3.1", "give an attribute once"},
	{"xml/bare-ampersand", Error, "XML 1.0 §2.4", "write &amp;"},
	{"xml/html-entity", Error, "XML 1.0 §4.6", "XML knows &amp; &lt; &gt; &quot; &apos; only: write the character itself"},
	{"xml/bad-reference", Error, "XML 1.0 §4.1", "refer to a character that XML allows, or leave it out"},
	{"xml/cdata-end", Error, "XML 1.0 §2.4, §2.7", "write ]]&gt; in text, and split it in CDATA"},
	{"xml/bad-comment", Error, "XML 1.0 §2.5", "let no -- stand in a comment"},
	{"xml/bad-instruction", Error, "XML 1.0 §2.6", "write <?target …?>; <?xml stands at the very start only"},
	{"xml/doctype", Warning, "XML 1.0 §2.8", "leave the document type out: readers do not read it, some refuse it"},
	{"xml/undeclared-prefix", Error, "Namespaces in XML §5", "declare the prefix on the root element"},
	{"xml/prefix", Info, "RSS Best Practices Profile", "use the customary prefix: some readers know no other"},
	{"xml/namespace", Error, "Namespaces in XML §2", "write the namespace exactly as its specification does"},
	{"xml/too-deep", Error, "limits of readers", "nest less deeply"},
	{"xml/no-root", Error, "XML 1.0 §2.1", "this is no XML document and no JSON: look at what the address really answers"},
}

// maxDepth bounds nesting: no feed needs a tenth of it.
const maxDepth = 200

// scanner reads XML into a tree. It never gives up: each fault is reported,
// and reading goes on where it makes sense.
type scanner struct {
	l      *linter
	b      []byte
	i      int
	root   *node
	open   *node // innermost open element
	depth  int
	texts  map[*node]*textBuilder
	closed bool // the root has ended
}

// xmlTree reads l.text. It returns nil if there is no element at all.
func (l *linter) xmlTree() *node {
	s := &scanner{l: l, b: l.text, texts: map[*node]*textBuilder{}}
	s.prolog()
	for s.i < len(s.b) && s.l.ctx.Err() == nil {
		if s.b[s.i] != '<' {
			s.text()
			continue
		}
		if !s.markup() {
			break
		}
	}
	s.finish()
	return s.root
}

// prolog looks at what stands before the first "<".
func (s *scanner) prolog() {
	n := bytes.IndexByte(s.b, '<')
	if n < 0 {
		s.l.found(0, "xml/no-root", "the document holds no element")
		s.i = len(s.b)
		return
	}
	rest := s.b[n:]
	if n > 0 && (len(bytes.TrimSpace(s.b[:n])) > 0 || bytes.HasPrefix(rest, []byte("<?xml "))) {
		s.l.found(0, "xml/leading-junk", "%s stands before the document", junk(s.b[:n]))
	}
	s.i = n
	if d := xmlDecl.Find(rest); d != nil {
		s.i += len(d)
		switch v := xmlVersion.FindSubmatch(d); {
		case v == nil:
			s.l.found(n, "xml/bad-instruction", "the XML declaration names no version")
		case string(v[1]) != "1.0": // XML 1.0 §2.8
			s.l.found(n, "xml/bad-instruction", "the XML declaration names version %s, and most readers know 1.0 alone", quote(string(v[1])))
		}
	}
}

func junk(b []byte) string {
	if len(bytes.TrimSpace(b)) == 0 {
		return "white space"
	}
	return quote(string(b[:min(len(b), 200)]))
}

// markup reads what starts with "<". It returns false if reading must end.
func (s *scanner) markup() bool {
	rest := s.b[s.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.cdata()
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.instruction()
	case bytes.HasPrefix(rest, []byte("<!")):
		return s.doctype()
	case bytes.HasPrefix(rest, []byte("</")):
		return s.endTag()
	}
	return s.startTag()
}

// until returns what stands up to an end mark and moves behind it.
func (s *scanner) until(skip int, mark, what string) ([]byte, bool) {
	from := s.i + skip
	n := bytes.Index(s.b[min(from, len(s.b)):], []byte(mark))
	if n < 0 {
		s.l.found(s.i, "xml/truncated", "the %s that starts here does not end", what)
		s.i = len(s.b)
		return nil, false
	}
	s.i = from + n + len(mark)
	return s.b[from : from+n], true
}

func (s *scanner) comment() bool {
	at := s.i
	c, ok := s.until(4, "-->", "comment")
	if ok && (bytes.Contains(c, []byte("--")) || bytes.HasSuffix(c, []byte("-"))) {
		s.l.found(at, "xml/bad-comment", "-- stands in a comment")
	}
	return ok
}

func (s *scanner) cdata() bool {
	at := s.i
	c, ok := s.until(9, "]]>", "CDATA section")
	if s.open == nil {
		s.l.found(at, s.outside(), "a CDATA section stands outside the root element")
	} else if len(c) > 0 {
		s.builder().add(string(c), at+9, len(c))
	}
	return ok
}

func (s *scanner) instruction() bool {
	at := s.i
	c, ok := s.until(2, "?>", "processing instruction")
	if !ok {
		return false
	}
	target, _, _ := strings.Cut(string(c), " ")
	target = strings.TrimRight(target, spaces)
	if strings.EqualFold(target, "xml") || !isName(target) {
		s.l.found(at, "xml/bad-instruction", "the processing instruction %s cannot stand here", quote("<?"+target))
	}
	return true
}

// doctype steps over <!DOCTYPE …>, with its internal subset if it has one.
func (s *scanner) doctype() bool {
	at := s.i
	if !bytes.HasPrefix(s.b[at:], []byte("<!DOCTYPE")) || s.root != nil {
		s.l.found(at, "xml/bad-tag", "<! starts nothing that may stand here")
		_, ok := s.until(2, ">", "declaration")
		return ok
	}
	s.l.found(at, "xml/doctype", "the document has a document type")
	depth := 0
	for s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>' && depth <= 0:
			return true
		}
	}
	s.l.found(at, "xml/truncated", "the document type does not end")
	return false
}

func (s *scanner) endTag() bool {
	at := s.i
	c, ok := s.until(2, ">", "end tag")
	if !ok {
		return false
	}
	name := strings.TrimRight(string(c), spaces)
	for n := s.open; n != nil; n = n.parent {
		if n.full() != name {
			continue
		}
		for s.open != n {
			s.l.found(s.open.at, "xml/tag-mismatch", "<%s> is not closed before </%s>", s.open.full(), name)
			s.close(at)
		}
		s.close(s.i)
		return true
	}
	if s.open != nil && misspelling(s.open.full(), name) {
		s.l.found(at, "xml/tag-mismatch", "<%s> is closed by </%s>", s.open.full(), short(name))
		s.close(s.i)
		return true
	}
	s.l.found(at, "xml/tag-mismatch", "</%s> closes nothing that is open", short(name))
	return true
}

// misspelling guesses that an end tag was meant for the open element.
func misspelling(open, end string) bool {
	return len(end) > 3 && len(end)-len(open) <= 1 && len(open)-len(end) <= 1 && strings.EqualFold(open[:1], end[:1])
}

// full is the name as written.
func (n *node) full() string {
	if n.prefix == "" {
		return n.name
	}
	return n.prefix + ":" + n.name
}

func (s *scanner) close(end int) {
	s.open.end = end
	if b := s.texts[s.open]; b != nil {
		s.open.text = b.text()
		delete(s.texts, s.open)
	}
	if len(s.open.text.marks) == 0 {
		s.open.text.marks = []mark{{0, s.open.inner}}
	}
	s.open = s.open.parent
	s.depth--
	s.closed = s.open == nil
}

// finish closes what is still open.
func (s *scanner) finish() {
	if s.open != nil && s.l.ctx.Err() == nil {
		s.l.found(len(s.b), "xml/truncated", "the document ends inside <%s>", s.open.full())
		s.l.cut = true
	}
	for s.open != nil {
		s.close(len(s.b))
	}
	if s.root == nil && s.i > 0 {
		s.l.found(0, "xml/no-root", "the document holds no element")
	}
}

func (s *scanner) builder() *textBuilder {
	b := s.texts[s.open]
	if b == nil {
		b = &textBuilder{}
		s.texts[s.open] = b
	}
	return b
}

// outside names the rule of what stands outside the root.
func (s *scanner) outside() string {
	if s.root == nil {
		return "xml/leading-junk"
	}
	return "xml/trailing-junk"
}

// text reads character data up to the next "<".
func (s *scanner) text() {
	end := len(s.b)
	if n := bytes.IndexByte(s.b[s.i:], '<'); n >= 0 {
		end = s.i + n
	}
	chunk, at := s.b[s.i:end], s.i
	s.i = end
	if s.open == nil {
		if t := bytes.TrimLeft(chunk, spaces); len(t) > 0 {
			s.l.found(at+len(chunk)-len(t), s.outside(), "%s stands outside the root element", junk(t))
		}
		return
	}
	if n := bytes.Index(chunk, []byte("]]>")); n >= 0 {
		s.l.found(at+n, "xml/cdata-end", "]]> stands in text")
	}
	s.characters(s.builder(), chunk, at)
}

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func isNameRune(r rune) bool {
	return isNameStart(r) || r == '-' || r == '.' || r == ':' || r == 0xb7 || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r)
}

// isName says that s is a name (Namespaces in XML §4).
func isName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isNameStart(r) && !strings.ContainsFunc(s, func(r rune) bool { return !isNameRune(r) }) &&
		strings.Count(s, ":") < 2 && !strings.HasSuffix(s, ":")
}

func short(s string) string { return s[:min(len(s), 60)] }

// knownAttr says whether an attribute stands in the list already.
func knownAttr(list []attribute, prefix, name string) bool {
	return slices.ContainsFunc(list, func(a attribute) bool { return a.prefix == prefix && a.name == name })
}
