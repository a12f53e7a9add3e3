package tree

import (
	"strings"
	"unicode/utf8"
)

// maxPlain is the most bytes that are read as plain YAML.
const maxPlain = 64 << 10

// plainYAML reads YAML as nearly all front matter is written, in a tenth of the
// time: names at the line's start, each with a scalar on its line, a list in
// brackets on it, or lines of `- scalar` below it. It gives what readYAML gives;
// ok is false for all that it is not sure of, mistakes included.
func plainYAML(text string) (v Value, ok bool) {
	if len(text) > maxPlain || !sure(text) {
		return v, false
	}
	v.Kind = Map
	n, indent := 0, -1 // the line, and how far the items of the open list stand in
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, " \n")
		if line == "" || line[0] == '#' {
			continue
		}
		if item := strings.TrimLeft(line, " "); item[0] == '-' {
			in := len(line) - len(item)
			if indent >= 0 && in != indent || !v.addItem(item, n) {
				return v, false
			}
			indent = in
			continue
		}
		name, rest, ok := plainName(line)
		if !ok {
			return v, false
		}
		m := Value{Line: n}
		if rest != "" && rest[0] == '[' {
			m.Kind = List
			m.List, ok = plainList(rest, n)
		} else {
			m.Text, ok = plainScalar(rest, "")
		}
		if !ok {
			return v, false
		}
		if v.Line == 0 {
			v.Line = n
		}
		v.Map = append(v.Map, Member{Name: name, Value: m})
		if indent = -1; rest != "" {
			indent = closed
		}
	}
	return v, len(v.Map) > 0
}

// closed is the indent after a name that has its value: no item may follow.
const closed = 1 << 20

// sure says that a text holds no rune that YAML might treat as a line's end, as
// indentation, as a mark of order or as a mistake.
func sure(text string) bool {
	for _, r := range text {
		switch {
		case r < ' ' && r != '\n', r >= 0x7f && r < 0xa0, r == utf8.RuneError, r == '\u2028', r == '\u2029', r == '\ufeff', r&0xfffe == 0xfffe:
			return false
		}
	}
	return true
}

// plainName splits `name: value`.
func plainName(line string) (name, rest string, ok bool) {
	i := 0
	for i < len(line) && (line[i]|0x20 >= 'a' && line[i]|0x20 <= 'z' || i > 0 && (line[i] >= '0' && line[i] <= '9' || line[i] == '-') || line[i] == '_') {
		i++
	}
	if i == 0 || i > 100 || i == len(line) || line[i] != ':' {
		return "", "", false
	}
	name, rest = line[:i], line[i+1:]
	return name, strings.TrimLeft(rest, " "), rest == "" || rest[0] == ' '
}

// plainScalar reads a scalar that fills the rest of its line, or of its place in
// a list in brackets, where certain other signs may not stand either.
func plainScalar(s, excluded string) (text string, ok bool) {
	if s == "" {
		return "", true
	}
	switch s[0] {
	case '"', '\'':
		in := s[1:]
		end := strings.IndexByte(in, s[0])
		return in[:max(end, 0)], end >= 0 && end == len(in)-1 && (s[0] == '\'' || strings.IndexByte(in, '\\') < 0)
	case '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '%', '@', '`':
		return "", false
	}
	if strings.Contains(s, ": ") || s[len(s)-1] == ':' || strings.Contains(s, " #") || strings.ContainsAny(s, excluded) {
		return "", false
	}
	switch s {
	case "~", "null", "Null", "NULL":
		return "", true
	}
	return s, true
}

// plainList reads `[a, "b"]`. A comma within quotes parts them, and so is
// declined.
func plainList(s string, line int) (list []Value, ok bool) {
	in, ok := strings.CutSuffix(s[1:], "]")
	if in = strings.Trim(in, " "); !ok || in == "" {
		return nil, ok
	}
	list = make([]Value, 0, 1+strings.Count(in, ","))
	for item := range strings.SplitSeq(in, ",") {
		item = strings.Trim(item, " ")
		text, ok := plainScalar(item, ":?[]{}")
		if !ok || item == "" {
			return nil, false
		}
		list = append(list, Value{Line: line, Text: text})
	}
	return list, true
}

// addItem adds the scalar of a line `- scalar` to the list that the last name
// has.
func (v *Value) addItem(line string, n int) bool {
	item, ok := strings.CutPrefix(line, "- ")
	if !ok || len(v.Map) == 0 {
		return false
	}
	text, ok := plainScalar(strings.TrimLeft(item, " "), "")
	last := &v.Map[len(v.Map)-1].Value
	last.Kind = List
	last.List = append(last.List, Value{Line: n, Text: text})
	return ok
}
