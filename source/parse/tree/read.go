package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?`)

// YAML reads one YAML document. Where it is no YAML only because a text holds
// ": " or starts with a sign that YAML reserves, as people write titles, it is
// read as they meant it, and mended is true.
func YAML(text string) (v Value, mended bool, err error) {
	if v, ok := plainYAML(text); ok {
		return v, false, nil
	}
	v, err = readYAML(text)
	var te *Error
	if err == nil || errors.As(err, &te) && te.bound {
		return v, false, err
	}
	if m := quoteLines(text); m != text {
		if v, again := readYAML(m); again == nil {
			return v, true, nil
		}
	}
	return Value{}, false, err
}

func readYAML(text string) (v Value, err error) {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		msg, line := err.Error(), 0
		if m := yamlLine.FindStringSubmatch(msg); m != nil {
			line, _ = strconv.Atoi(m[1])
			msg = strings.TrimPrefix(msg, m[0])
		}
		return Value{}, &Error{Line: line, Msg: msg}
	}
	b := budget{left: maxNodes}
	if n.Kind == 0 {
		return Value{Kind: Map}, nil
	}
	return b.yaml(&n, 0)
}

type budget struct{ left int }

func (b *budget) take(line, depth int) error {
	b.left--
	if b.left < 0 || depth > maxDepth {
		return &Error{Line: line, Msg: "aliases or nesting make it grow without end", bound: true}
	}
	return nil
}

func (b *budget) yaml(n *yaml.Node, depth int) (Value, error) {
	v := Value{Line: n.Line}
	if err := b.take(n.Line, depth); err != nil {
		return v, err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return b.yaml(n.Content[0], depth+1)
	case yaml.AliasNode:
		return b.yaml(n.Alias, depth+1)
	case yaml.SequenceNode:
		v.Kind = List
		for _, c := range n.Content {
			item, err := b.yaml(c, depth+1)
			if err != nil {
				return v, err
			}
			v.List = append(v.List, item)
		}
	case yaml.MappingNode:
		v.Kind = Map
		for i := 0; i+1 < len(n.Content); i += 2 {
			m, err := b.yaml(n.Content[i+1], depth+1)
			if err != nil {
				return v, err
			}
			m.Line = n.Content[i].Line
			if n.Content[i].Value == "<<" && m.Kind == Map {
				v.Map = append(v.Map, m.Map...)
				continue
			}
			v.Map = append(v.Map, Member{Name: n.Content[i].Value, Value: m})
		}
	default:
		if n.Tag != "!!null" {
			v.Text = n.Value
		}
	}
	return v, nil
}

var yamlPair = regexp.MustCompile(`^(\s*(?:- )?[\pL\pN_][\pL\pN_ .-]*:)[ \t]+(.*?)[ \t]*$`)

// quoteLines puts quotes around one-line values that YAML would misread.
func quoteLines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimRight(line, "\n")
		if trimmed := strings.TrimLeft(body, " \t"); strings.Contains(body[:len(body)-len(trimmed)], "\t") {
			body = strings.ReplaceAll(body[:len(body)-len(trimmed)], "\t", "  ") + trimmed
		}
		if m := yamlPair.FindStringSubmatch(body); m != nil && misread(m[2]) {
			body = m[1] + " '" + strings.ReplaceAll(m[2], "'", "''") + "'"
		}
		out.WriteString(body)
		if strings.HasSuffix(line, "\n") {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// misread says that a bare value means something else in YAML than to a person.
func misread(s string) bool {
	if s == "" {
		return false
	}
	last := s[len(s)-1]
	switch s[0] {
	case '"', '\'':
		return len(s) < 2 || last != s[0] || strings.Contains(strings.Trim(s, s[:1]), s[:1])
	case '[':
		return last != ']' && strings.Contains(s, "]")
	case '{':
		return last != '}' && strings.Contains(s, "}") || strings.HasPrefix(s, "{{")
	case '|', '>':
		return len(s) > 3
	case '@', '`', '%', '*', '&', '!', ']', '}', ',':
		return true
	}
	return strings.Contains(s, ": ") || last == ':'
}

// TOML reads a TOML document. Lines are those of the top-level names.
func TOML(text string) (Value, error) {
	var m map[string]any
	if err := toml.Unmarshal([]byte(text), &m); err != nil {
		var de *toml.DecodeError
		if errors.As(err, &de) {
			row, _ := de.Position()
			return Value{}, &Error{Line: row, Msg: strings.TrimPrefix(de.Error(), "toml: ")}
		}
		return Value{}, &Error{Msg: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	b := budget{left: maxNodes}
	v, err := b.any(m, 0)
	if err != nil {
		return v, err
	}
	setLines(&v, text, func(name, line string) bool {
		rest, ok := strings.CutPrefix(strings.Trim(line, " \t\"'["), name)
		return ok && strings.IndexAny(strings.TrimLeft(rest, " \t\"']"), "=.") <= 0
	})
	return v, nil
}

// JSON reads one JSON value; whatever follows it is an error. Lines are those
// of the top-level names.
func JSON(text string) (Value, error) {
	v, rest, err := JSONPrefix(text)
	if err == nil && strings.TrimSpace(rest) != "" {
		return v, &Error{Line: lineAt(text, len(text)-len(rest)), Msg: "something follows the JSON value"}
	}
	return v, err
}

// JSONPrefix reads the JSON value that text starts with and returns what
// follows it.
func JSONPrefix(text string) (v Value, rest string, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var a any
	if err := d.Decode(&a); err != nil {
		line := 0
		var se *json.SyntaxError
		switch {
		case errors.As(err, &se):
			line = lineAt(text, int(se.Offset))
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
			return Value{}, "", &Error{Line: strings.Count(text, "\n") + 1, Msg: "the JSON ends too soon"}
		}
		return Value{}, "", &Error{Line: line, Msg: strings.TrimPrefix(err.Error(), "json: ")}
	}
	b := budget{left: maxNodes}
	v, err = b.any(a, 0)
	if err != nil {
		return v, "", err
	}
	setLines(&v, text, func(name, line string) bool {
		q, err := json.Marshal(name)
		return err == nil && bytes.Contains([]byte(line), q)
	})
	return v, text[d.InputOffset():], nil
}

func lineAt(text string, offset int) int {
	return strings.Count(text[:min(max(offset, 0), len(text))], "\n") + 1
}

// any turns decoded TOML or JSON into a Value, names in sorted order so that
// the same text always gives the same Value.
func (b *budget) any(a any, depth int) (Value, error) {
	var v Value
	if err := b.take(0, depth); err != nil {
		return v, err
	}
	switch a := a.(type) {
	case nil:
	case string:
		v.Text = a
	case time.Time:
		v.Text = a.Format(time.RFC3339Nano)
	case []any:
		v.Kind = List
		for _, e := range a {
			item, err := b.any(e, depth+1)
			if err != nil {
				return v, err
			}
			v.List = append(v.List, item)
		}
	case map[string]any:
		v.Kind = Map
		names := make([]string, 0, len(a))
		for n := range a {
			names = append(names, n)
		}
		slices.Sort(names)
		for _, n := range names {
			m, err := b.any(a[n], depth+1)
			if err != nil {
				return v, err
			}
			v.Map = append(v.Map, Member{Name: n, Value: m})
		}
	default:
		v.Text = fmt.Sprint(a)
	}
	return v, nil
}

// setLines finds the first line that introduces each top-level name. It looks
// only at short texts: a line is a courtesy.
func setLines(v *Value, text string, introduces func(name, line string) bool) {
	if v.Kind != Map || len(text) > 64<<10 || len(v.Map) > 200 {
		return
	}
	left := make([]*Member, len(v.Map))
	for i := range v.Map {
		left[i] = &v.Map[i]
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if len(left) == 0 {
			return
		}
		left = slices.DeleteFunc(left, func(m *Member) bool {
			if !introduces(m.Name, line) {
				return false
			}
			m.Value.Line = n
			return true
		})
	}
}
