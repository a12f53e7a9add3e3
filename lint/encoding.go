package lint

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

var encodingRules = []Rule{
	{"encoding/not-utf8", Error, "XML 1.0 §4.3.3; RFC 8259 §8.1", "write the document in UTF-8, or declare the encoding that it is in"},
	{"encoding/unknown", Error, "XML 1.0 §4.3.3", "use UTF-8"},
	{"encoding/mislabelled", Warning, "XML 1.0 §4.3.3", "declare UTF-8"},
	{"encoding/obscure", Warning, "XML 1.0 §4.3.3", "use UTF-8, which every reader knows"},
	{"encoding/charset-mismatch", Warning, "RFC 7303 §3", "let the HTTP header and the document name the same encoding"},
	{"encoding/bom", Info, "RFC 7303 §3.3", "leave the byte order mark out"},
	{"encoding/control-character", Error, "XML 1.0 §2.2", "take the character out; it may not even stand as a reference"},
	{"encoding/odd-character", Warning, "XML 1.0 §2.2", "look where the text was read with the wrong encoding"},
	{"size/large", Info, "JSON Feed: Suggestions for Publishers", "a document of half the size is fetched gladly"},
	{"size/heavy", Warning, "JSON Feed: Suggestions for Publishers", "carry fewer items, or summaries; keep the rest in archive pages (RFC 5005)"},
	{"size/huge", Error, "limits of readers", "most readers and services stop reading: carry fewer items"},
	{"feed/empty", Error, "XML 1.0 §2.1", "nothing was received: look at the server's log"},
}

// Sizes, in bytes, from which a document is a burden.
const (
	largeSize = 500_000    // some services take no more than 512 kB
	heavySize = 1_000_000  // many small readers give up
	hugeSize  = 10_000_000 // nearly all do
)

func (l *linter) size(n int) {
	mb := float64(n) / 1e6
	switch {
	case n > hugeSize:
		l.found(0, "size/huge", "the document is %.1f MB long", mb)
	case n > heavySize:
		l.found(0, "size/heavy", "the document is %.1f MB long", mb)
	case n > largeSize:
		l.found(0, "size/large", "the document is %.1f MB long", mb)
	}
}

var (
	bomUTF8    = []byte("\xef\xbb\xbf")
	xmlDecl    = regexp.MustCompile(`^<\?xml\s[^>]*?>`)
	xmlVersion = regexp.MustCompile(`version\s*=\s*["']([^"'>]*)["']`)
	declaredAs = regexp.MustCompile(`encoding\s*=\s*["']([^"'>]*)["']`)
)

// decode makes doc UTF-8, whatever it is in, and reports what is wrong with
// its bytes. Bytes that are wrong in UTF-8 stay, so that offsets do too.
func (l *linter) decode(doc []byte) {
	l.text = doc
	declared := l.declared(doc)
	switch {
	case bytes.HasPrefix(doc, bomUTF8):
		l.found(0, "encoding/bom", "the document starts with a byte order mark")
		l.text = doc[len(bomUTF8):]
	case bytes.HasPrefix(doc, []byte{0xfe, 0xff}), bytes.HasPrefix(doc, []byte{0, '<'}), bytes.HasPrefix(doc, []byte{0, '{'}):
		l.decodeAs(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16")
	case bytes.HasPrefix(doc, []byte{0xff, 0xfe}), bytes.HasPrefix(doc, []byte{'<', 0}), bytes.HasPrefix(doc, []byte{'{', 0}):
		l.decodeAs(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16")
	case declared == "" || declared == "utf-8" || declared == "us-ascii":
	default:
		l.declaredEncoding(declared)
	}
	if l.text = bytes.TrimPrefix(l.text, bomUTF8); len(bytes.TrimSpace(l.text)) == 0 {
		l.found(0, "feed/empty", "the document is empty")
	}
	l.characters(declared)
}

// declared is the encoding that the HTTP header or the XML declaration names,
// in lower case; the header wins (RFC 7303 §3.2).
func (l *linter) declared(doc []byte) string {
	inDoc := ""
	if m := declaredAs.FindSubmatch(xmlDecl.Find(bytes.TrimPrefix(doc[:min(len(doc), 500)], bomUTF8))); m != nil {
		inDoc = strings.ToLower(string(m[1]))
	}
	_, params, err := mime.ParseMediaType(l.o.ContentType)
	header := strings.ToLower(params["charset"])
	if err != nil || header == "" {
		return inDoc
	}
	if other := inDoc; other == "" && header != "utf-8" || other != "" && other != header {
		if other == "" {
			other = "utf-8, by default"
		}
		l.found(0, "encoding/charset-mismatch", "the HTTP header says charset=%s and the document %s", header, other)
	}
	if inDoc != "" && header == "us-ascii" || utf8.Valid(doc) {
		return inDoc // readers trust the document; so does what follows
	}
	return header
}

// declaredEncoding reads a document in an encoding other than UTF-8.
func (l *linter) declaredEncoding(name string) {
	e, err := htmlindex.Get(name)
	if err != nil {
		l.found(0, "encoding/unknown", "no reader knows the encoding %s", quote(name))
		return
	}
	if !ascii(l.text) && utf8.Valid(l.text) {
		f := l.found(0, "encoding/mislabelled", "the document says that it is in %s, but its bytes are UTF-8", name)
		if strings.HasPrefix(name, "utf-16") {
			f.Severity = Error
		}
		return
	}
	l.found(0, "encoding/obscure", "the document is in %s", name)
	l.decodeAs(e, name)
}

func (l *linter) decodeAs(e encoding.Encoding, name string) {
	b, err := e.NewDecoder().Bytes(l.text)
	if err != nil {
		l.found(0, "encoding/not-utf8", "the document cannot be read as %s", name)
		return
	}
	if name == "utf-16" {
		l.found(0, "encoding/obscure", "the document is in %s", name)
	}
	l.text = b
}

// characters looks at every character.
func (l *linter) characters(declared string) {
	for i := 0; i < len(l.text); {
		if c := l.text[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(l.text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			name := declared
			if name == "" {
				name = "utf-8"
			}
			l.found(i, "encoding/not-utf8", "the byte 0x%02X is no %s", l.text[i], name)
		case !xmlChar(r):
			l.found(i, "encoding/control-character", "the control character U+%04X", r)
		case oddChar(r):
			l.found(i, "encoding/odd-character", "the character U+%04X", r)
		}
		i += n
	}
}

// xmlChar says that a character may stand in XML (XML 1.0 §2.2).
func xmlChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

// oddChar says that a character is allowed, and nearly always a fault: C1
// controls come from windows-1252 read as Latin-1, U+FFFD from what could not
// be read.
func oddChar(r rune) bool { return r >= 0x7f && r <= 0x9f && r != 0x85 || r == 0xfffd }

func ascii(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r >= 0x80 })
}
