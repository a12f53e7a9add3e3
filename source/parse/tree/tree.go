// Package tree holds structured metadata (YAML, TOML, JSON) as one kind of
// value whose scalars keep the text as the file wrote it, so that dates are
// read by our own rules, and whose members keep their lines.
//
// It owns reading the three notations; it never decides what a name means.
// The data's path: front matter or a JSON file → YAML, TOML or JSON → Value →
// package parse, which maps names to fields.
package tree

import (
	"strings"
	"unicode"
)

// Value is a scalar (Text), a list or a map. The zero Value is an empty scalar.
type Value struct {
	Kind Kind
	Line int    // 1-based line within the text read; 0 if unknown
	Text string // scalars only; empty for null
	List []Value
	Map  []Member
}

// Member is one name and value of a map.
type Member struct {
	Name  string // as written
	Value Value
}

// Kind tells what a Value is.
type Kind uint8

// The kinds of Value.
const (
	Scalar Kind = iota
	List
	Map
)

// Error is a text that cannot be read.
type Error struct {
	Line  int // 1-based within the text; 0 if unknown
	Msg   string
	bound bool // it is well written and too much
}

// Error says what is wrong, without the line.
func (e *Error) Error() string { return e.Msg }

// maxNodes bounds what a text may grow to, aliases expanded: a bomb is refused
// long before it hurts.
const (
	maxNodes = 200_000
	maxDepth = 60
)

// Key makes names comparable: case, '-', '_' and spaces make no difference, so
// "pubDate", "pub_date" and "Pub date" are one.
func Key(name string) string {
	plain := true
	for i := 0; i < len(name); i++ {
		if c := name[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == ':') {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || unicode.IsSpace(r):
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Get finds a member by name (compared by Key), or by a path of names joined by
// dots: "params.topics". The first member of that name wins.
func (v Value) Get(name string) (Value, bool) {
	key := Key(name)
	for _, m := range v.Map {
		if Key(m.Name) == key {
			return m.Value, true
		}
	}
	if head, rest, ok := strings.Cut(name, "."); ok && head != "" && rest != "" {
		if in, ok := v.Get(head); ok {
			return in.Get(rest)
		}
	}
	return Value{}, false
}

// First is the text of the first of the names that is a scalar and not blank.
func (v Value) First(names ...string) string {
	for _, n := range names {
		if m, ok := v.Get(n); ok && m.Kind == Scalar && strings.TrimSpace(m.Text) != "" {
			return strings.TrimSpace(m.Text)
		}
	}
	return ""
}

// Blank says that nothing is in it: null, "", [] or {}.
func (v Value) Blank() bool {
	switch v.Kind {
	case List:
		return len(v.List) == 0
	case Map:
		return len(v.Map) == 0
	}
	return strings.TrimSpace(v.Text) == ""
}

// Items are a list's values, or the value itself.
func (v Value) Items() []Value {
	if v.Kind == List {
		return v.List
	}
	if v.Blank() {
		return nil
	}
	return []Value{v}
}

// Add puts a member into a map; a name that is there already becomes a list.
func (v *Value) Add(name string, val Value) {
	v.Kind = Map
	for i := range v.Map {
		m := &v.Map[i].Value
		if Key(v.Map[i].Name) != Key(name) {
			continue
		}
		if m.Kind != List {
			*m = Value{Kind: List, List: []Value{*m}}
		}
		m.List = append(m.List, val)
		return
	}
	v.Map = append(v.Map, Member{Name: name, Value: val})
}

// Index maps the keys of a map's members to their values; of equal keys the
// first counts.
func (v Value) Index() map[string]Value {
	out := make(map[string]Value, len(v.Map))
	for _, m := range v.Map {
		k := Key(m.Name)
		if _, taken := out[k]; !taken {
			out[k] = m.Value
		}
	}
	return out
}
