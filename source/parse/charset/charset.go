// Package charset turns the bytes of a text file, in whatever encoding, into
// UTF-8, or says that they are no text. It never cleans: control characters are
// the caller's business.
//
// The data's path: a file's bytes → Decode → Text → package parse.
package charset

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
)

// Text is what bytes say.
type Text struct {
	UTF8    string // may hold U+FFFD where bytes made no sense
	Charset string // "utf-8", "utf-16le", "windows-1251", …
	How     string // the rule: "valid", "byte order mark", "declared", "detected", "mostly valid"
}

// NotText is the error for bytes that are no text.
type NotText struct {
	What string // "a PDF document"
	Hint string // what to do
}

// Error says what the bytes are.
func (e *NotText) Error() string { return "it is " + e.What + ", not text" }

// signatures are the first bytes of what people save under a text's name.
var signatures = []struct{ magic, what, hint string }{
	{"%PDF-", "a PDF document", "export it as plain text, Markdown or HTML"},
	{"PK\x03\x04", "a ZIP archive or an office document", "export it as plain text, Markdown or HTML"},
	{"\xd0\xcf\x11\xe0", "an old office document", "export it as plain text, Markdown or HTML"},
	{`{\rtf`, "an RTF document", "export it as plain text, Markdown or HTML"},
	{"\x89PNG", "a PNG picture", "give it its own extension"},
	{"\xff\xd8\xff", "a JPEG picture", "give it its own extension"},
	{"GIF8", "a GIF picture", "give it its own extension"},
	{"\x1f\x8b", "a gzip archive", "unpack it"},
	{"\x7fELF", "a program", "move it out of the articles"},
	{"SQLite format 3", "a database", "move it out of the articles"},
}

// Decode reads bytes as text. declared is what the document itself says of its
// encoding, "" if nothing; a byte order mark and valid UTF-8 are believed first.
// The error is a *NotText.
func Decode(raw []byte, declared string) (Text, error) {
	for _, s := range signatures {
		if bytes.HasPrefix(raw, []byte(s.magic)) {
			return Text{}, &NotText{s.what, s.hint}
		}
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return Text{utf16Text(raw[2:], false), "utf-16le", "byte order mark"}, nil
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return Text{utf16Text(raw[2:], true), "utf-16be", "byte order mark"}, nil
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return zeros(raw)
	}
	if bytes.Contains(raw, []byte("\x1b$")) || bytes.Contains(raw, []byte("\x1b(J")) {
		if s, ok := convert(raw, "iso-2022-jp"); ok { // it is valid UTF-8 too
			return Text{s, "iso-2022-jp", "escape sequences"}, nil
		}
	}
	if utf8.Valid(raw) {
		return Text{string(raw), "utf-8", "valid"}, nil
	}
	if s, ok := mostly(raw); ok {
		return Text{s, "utf-8", "mostly valid"}, nil
	}
	if controls(raw) {
		return Text{}, &NotText{"binary data", "give it its own extension or move it out of the articles"}
	}
	if declared != "" {
		if s, ok := convert(raw, declared); ok {
			return Text{s, strings.ToLower(declared), "declared"}, nil
		}
	}
	return detect(raw)
}

func detect(raw []byte) (Text, error) {
	name := "windows-1252"
	sample := raw[:min(len(raw), 64<<10)]
	if r, err := chardet.NewTextDetector().DetectBest(sample); err == nil && r != nil && !strings.HasPrefix(strings.ToLower(r.Charset), "utf") {
		name = strings.ToLower(r.Charset)
	}
	// Browsers' rule: what calls itself Latin-1 is windows-1252, its superset.
	if name == "iso-8859-1" {
		name = "windows-1252"
	}
	if s, ok := convert(raw, name); ok {
		return Text{s, name, "detected"}, nil
	}
	s, _ := convert(raw, "windows-1252")
	return Text{s, "windows-1252", "detected"}, nil
}

// convert decodes raw by a charset's name; false for one that nobody knows.
func convert(raw []byte, name string) (string, bool) {
	enc, canonical := charset.Lookup(name)
	if enc == nil || canonical == "utf-8" || canonical == "replacement" {
		return "", false
	}
	if canonical == "utf-16le" || canonical == "utf-16be" {
		return "", false // bytes without zeros are no such thing, whatever they claim
	}
	out, err := enc.NewDecoder().Bytes(raw)
	return string(out), err == nil
}

// mostly says that raw is UTF-8 with a few broken bytes: at least four whole
// sequences for each broken one. They become U+FFFD.
func mostly(raw []byte) (string, bool) {
	whole, broken := 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			broken++
		} else {
			whole++
		}
		i += n
	}
	if whole < 4*broken {
		return "", false
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD"), true
}

// controls says that control bytes stand where no text has them.
func controls(raw []byte) bool {
	n := 0
	for _, c := range raw[:min(len(raw), 64<<10)] {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			n++
		}
	}
	return n > 8+len(raw)/100
}

// zeros decides what bytes with NULs among them are: UTF-16 without a mark,
// text with a stray NUL or two, or no text.
func zeros(raw []byte) (Text, error) {
	if len(raw) >= 4 {
		le, be := utf16Score(raw, false), utf16Score(raw, true)
		switch {
		case le > 0.9 && le > be:
			return Text{utf16Text(raw, false), "utf-16le", "detected"}, nil
		case be > 0.9:
			return Text{utf16Text(raw, true), "utf-16be", "detected"}, nil
		}
	}
	if n := bytes.Count(raw, []byte{0}); n <= 8+len(raw)/1000 && !controls(raw) {
		if utf8.Valid(raw) {
			return Text{string(raw), "utf-8", "valid"}, nil
		}
		return detect(raw)
	}
	return Text{}, &NotText{"binary data", "give it its own extension or move it out of the articles"}
}

// utf16Score is the share of code units that are what texts are made of, with
// at least one space or line end, which UTF-16 of any script has.
func utf16Score(raw []byte, big bool) float64 {
	n, good, spaces := 0, 0, 0
	for i := 0; i+1 < len(raw) && n < 4096; i += 2 {
		u := unit(raw, i, big)
		n++
		switch {
		case u == ' ' || u == '\n' || u == '\r':
			spaces++
			good++
		case u == '\t' || u >= 0x21 && u < 0x7f || u >= 0xa0 && u < 0x600 || u >= 0x3000 && u < 0xd7a4 || u >= 0x2010 && u < 0x2050:
			good++
		}
	}
	if n == 0 || spaces == 0 {
		return 0
	}
	return float64(good) / float64(n)
}

func unit(raw []byte, i int, big bool) uint16 {
	if big {
		return uint16(raw[i])<<8 | uint16(raw[i+1])
	}
	return uint16(raw[i+1])<<8 | uint16(raw[i])
}

func utf16Text(raw []byte, big bool) string {
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, unit(raw, i, big))
	}
	return string(utf16.Decode(units))
}

// Declared finds the encoding that an XML declaration or an HTML meta element
// in the first 2 KB names, "" if none.
func Declared(raw []byte) string {
	head := strings.ToLower(string(raw[:min(len(raw), 2048)]))
	for _, key := range []string{"charset=", "encoding="} {
		_, after, ok := strings.Cut(head, key)
		if !ok {
			continue
		}
		after = strings.TrimLeft(after, `"' `)
		end := strings.IndexFunc(after, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != ':'
		})
		if end < 0 {
			end = len(after)
		}
		if end > 0 {
			return after[:end]
		}
	}
	return ""
}

// Label is for people: "windows-1251 (detected)".
func (t Text) Label() string { return fmt.Sprintf("%s (%s)", t.Charset, t.How) }
