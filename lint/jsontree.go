package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jvalue is a JSON value with its place.
type jvalue struct {
	kind    byte // '{' '[' '"' '0' 't' 'n'
	at      int
	str     text // of a string; its marks lead to the document
	num     float64
	raw     string // of a number
	yes     bool
	members []jmember // of an object, in order
	items   []*jvalue // of an array
}

type jmember struct {
	name string
	at   int
	v    *jvalue
}

// get is a member's value, nil if there is none.
func (v *jvalue) get(name string) *jvalue {
	for i := range v.members {
		if v.members[i].name == name {
			return v.members[i].v
		}
	}
	return nil
}

// text is a member's string, "" if it is none.
func (v *jvalue) text(name string) string {
	if m := v.get(name); m != nil && m.kind == '"' {
		return m.str.s
	}
	return ""
}

// looksJSON says that a document is meant to be JSON.
func looksJSON(doc []byte) bool {
	doc = bytes.TrimLeft(doc, spaces)
	return len(doc) > 0 && (doc[0] == '{' || doc[0] == '[')
}

// jsonReader builds a tree from the tokens of encoding/json, whose offsets say
// where each stands.
type jsonReader struct {
	l *linter
	d *json.Decoder
}

var errDeep = errors.New("nested too deeply")

// jsonTree reads l.text; it reports what is wrong with it and returns nil if
// nothing could be read.
func (l *linter) jsonTree() *jvalue {
	r := &jsonReader{l, json.NewDecoder(bytes.NewReader(l.text))}
	r.d.UseNumber()
	v, err := r.value(0)
	if err == nil {
		if rest := bytes.TrimLeft(l.text[r.d.InputOffset():], spaces); len(rest) > 0 {
			l.found(len(l.text)-len(rest), "json/trailing-junk", "%s stands behind the document", junk(rest))
		}
		return v
	}
	l.cut = true
	at := int(r.d.InputOffset())
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		l.found(len(l.text), "json/truncated", "the document ends too early")
	case errors.As(err, &syntax):
		l.found(max(at, int(syntax.Offset)-1), "json/syntax", "%s", syntax)
	default:
		l.found(at, "json/syntax", "%s", err)
	}
	return v
}

// next reads a token and says where it starts.
func (r *jsonReader) next() (json.Token, int, error) {
	at := int(r.d.InputOffset())
	t, err := r.d.Token()
	for at < len(r.l.text) && strings.IndexByte(spaces+",:", r.l.text[at]) >= 0 {
		at++
	}
	return t, at, err
}

// value reads one value; what could be read stands in it even if err is set.
func (r *jsonReader) value(depth int) (*jvalue, error) {
	t, at, err := r.next()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errDeep
	}
	v := &jvalue{at: at}
	switch t := t.(type) {
	case json.Delim:
		v.kind = byte(t)
		if t == '{' {
			err = r.object(v, depth)
		} else {
			err = r.array(v, depth)
		}
	case string:
		v.kind, v.str = '"', jsonText(t, r.l.text, at)
	case json.Number:
		v.kind, v.raw = '0', t.String()
		v.num, _ = t.Float64()
	case bool:
		v.kind, v.yes = 't', t
	default:
		v.kind = 'n'
	}
	return v, err
}

func (r *jsonReader) object(v *jvalue, depth int) error {
	seen := map[string]bool{}
	for r.d.More() {
		t, at, err := r.next()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return errors.New("a name is missing")
		}
		if seen[name] {
			r.l.found(at, "json/duplicate-member", "the member %s is given twice", quote(name))
		}
		seen[name] = true
		m, err := r.value(depth + 1)
		if m != nil {
			v.members = append(v.members, jmember{name, at, m})
		}
		if err != nil {
			return err
		}
	}
	_, _, err := r.next()
	return err
}

func (r *jsonReader) array(v *jvalue, depth int) error {
	for r.d.More() {
		if r.l.ctx.Err() != nil {
			return r.l.ctx.Err()
		}
		m, err := r.value(depth + 1)
		if m != nil {
			v.items = append(v.items, m)
		}
		if err != nil {
			return err
		}
	}
	_, _, err := r.next()
	return err
}

// jsonText gives a decoded string the places of its parts, by walking over the
// escapes of the string that starts at an offset.
func jsonText(s string, doc []byte, at int) text {
	t := text{s: s, marks: []mark{{0, at + 1}}}
	if at >= len(doc) || doc[at] != '"' {
		return t
	}
	for i, n := at+1, 0; i+1 < len(doc) && doc[i] != '"'; {
		if doc[i] != '\\' {
			i, n = i+1, n+1
			continue
		}
		size, width := escape(doc[i:])
		i, n = i+size, n+width
		t.marks = append(t.marks, mark{n, i})
	}
	return t
}

// escape says how long an escape is in the document and in the string.
func escape(b []byte) (size, width int) {
	if b[1] != 'u' {
		return 2, 1
	}
	r := unit(b)
	if utf16.IsSurrogate(r) && len(b) > 8 && b[6] == '\\' && b[7] == 'u' {
		if both := utf16.DecodeRune(r, unit(b[6:])); both != utf8.RuneError {
			return 12, 4
		}
	}
	if n := utf8.RuneLen(r); n > 0 {
		return 6, n
	}
	return 6, 3 // U+FFFD
}

func unit(b []byte) rune {
	if len(b) < 6 {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// sniffJSON tells whether a JSON document is a feed, from its first bytes.
func sniffJSON(doc []byte) Kind {
	if bytes.Contains(doc, []byte("jsonfeed.org/version/")) || bytes.Contains(doc, []byte(`jsonfeed.org\/version\/`)) {
		return JSONFeed
	}
	return Unknown
}
