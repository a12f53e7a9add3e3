package parse

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"feedwright/source/parse/tree"
)

// maxFront is the most bytes front matter may have.
const maxFront = 256 << 10

var (
	fence   = regexp.MustCompile(`^(---|\+\+\+|;;;)[ \t]*(yaml|toml|json)?[ \t]*$`)
	keyLine = regexp.MustCompile(`^["']?[\pL_$@][\pL\pN_ .$@/-]*["']?[ \t]*[:=]`)
)

// front splits front matter from the body, fills the fields, and returns the
// body and the number of lines before it. Text without front matter is all
// body; front matter that never closes is a fault.
func (r *reading) front(text string) (body string, before int, err error) {
	lead := len(text) - len(strings.TrimLeft(text, "\n"))
	start := text[lead:]
	first, rest, _ := strings.Cut(start, "\n")
	m := []string{first, first, ""} // of nearly all
	if first != "---" {
		m = fence.FindStringSubmatch(first)
	}
	if m == nil {
		if inner := strings.TrimLeft(start, "{ \n\t"); strings.HasPrefix(start, "{") && !strings.HasPrefix(start, "{{") && strings.HasPrefix(inner, `"`) {
			return r.jsonFront(start, lead)
		}
		return text, 0, nil
	}
	if !keyFollows(rest) {
		return text, 0, nil // a rule, not front matter
	}
	inner, body, ok := untilFence(rest, m[1])
	switch {
	case !ok:
		return "", 0, r.fault(lead+1, "the front matter that opens here never closes", "end it with a line "+m[1])
	case len(inner) > maxFront:
		return "", 0, r.fault(lead+1, "the front matter is larger than 256 KB", "keep the text below it")
	}
	v, err := r.notation(inner, m[1], m[2], lead+1)
	if err != nil {
		return "", 0, err
	}
	r.fill(v, r.p.names, "front matter", lead+1)
	return body, lead + 2 + strings.Count(inner, "\n"), nil
}

// keyFollows says that the first line with something on it looks like
// `name: value`, which nobody writes after a rule.
func keyFollows(s string) bool {
	for line := range strings.Lines(s) {
		l := strings.TrimSpace(line)
		if l == "" || l[0] == '#' {
			continue
		}
		return plainKey(l) || keyLine.MatchString(l) || l[0] == '{' || l[0] == '[' || l == "---" || l == "..." || l == "+++"
	}
	return false
}

// plainKey says of most lines that keyLine matches that it does.
func plainKey(l string) bool {
	n := 0
	for n < len(l) && (l[n] >= 'a' && l[n] <= 'z' || l[n] == '_') {
		n++
	}
	return n > 0 && n < len(l) && l[n] == ':'
}

// untilFence finds the line that closes front matter.
func untilFence(s, open string) (inner, body string, ok bool) {
	pos := 0
	for line := range strings.Lines(s) {
		l := strings.TrimRight(line, " \t\n")
		if l == open || open == "---" && l == "..." {
			return s[:pos], s[pos+len(line):], true
		}
		pos += len(line)
	}
	return "", "", false
}

func (r *reading) notation(inner, open, name string, base int) (tree.Value, error) {
	var v tree.Value
	var err error
	mended := false
	switch {
	case name == "toml" || name == "" && open == "+++":
		v, err = tree.TOML(inner)
	case name == "json" || open == ";;;":
		v, err = tree.JSON(inner)
	default:
		v, mended, err = tree.YAML(inner)
	}
	if err != nil {
		return v, r.treeFault("front matter", err, base)
	}
	if mended {
		r.note(base, "front matter", "read as meant", "a value holds a sign that YAML reserves")
	}
	if v.Kind != tree.Map {
		return v, r.fault(base, "the front matter is no list of `name: value`", "write one name and value a line, such as title: News")
	}
	return v, nil
}

func (r *reading) treeFault(where string, err error, base int) error {
	line := base
	var te *tree.Error
	if errors.As(err, &te) && te.Line > 0 {
		line = te.Line + base
	}
	return r.fault(line, where+": "+short(err.Error(), 300), "put the value in quotes, or check the indentation")
}

func (r *reading) jsonFront(text string, lead int) (string, int, error) {
	v, rest, err := tree.JSONPrefix(text)
	if err != nil {
		return "", 0, r.treeFault("JSON front matter", err, lead)
	}
	r.fill(v, r.p.names, "front matter", lead)
	used := text[:len(text)-len(rest)]
	return rest, lead + strings.Count(used, "\n"), nil
}

var headerLine = regexp.MustCompile(`^([\pL][\pL\pN _-]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$`)

// headers reads `Name: value` lines that a blank line ends, as Pelican and
// MultiMarkdown write them. ok is false if text does not start with such.
func (r *reading) headers(text string) (body string, before int, ok bool) {
	var v tree.Value
	v.Kind = tree.Map
	n, pos, known, first, opening := 0, 0, 0, "", ""
	for line := range strings.Lines(text) {
		l := strings.TrimRight(line, " \t\n")
		if l == "" && n == 0 {
			pos += len(line)
			before++
			continue
		}
		if l == "" {
			break
		}
		m := headerLine.FindStringSubmatch(l)
		switch {
		case m == nil && n > 0 && (l[0] == ' ' || l[0] == '\t'):
			last := &v.Map[len(v.Map)-1].Value
			last.Text = strings.TrimSpace(last.Text + " " + strings.TrimSpace(l))
		case m == nil || n > 60:
			return text, 0, false
		default:
			name, isKnown := r.headerName(m[1])
			if isKnown {
				known++
			}
			if n++; n == 1 {
				first, opening = name, l
			}
			v.Map = append(v.Map, tree.Member{Name: name, Value: tree.Value{Text: m[2], Line: before + 1}})
		}
		pos += len(line)
		before++
	}
	f, err := fieldOf(first)
	if known == 0 || n == 1 && (err != nil || f != title) || known*2 < n {
		return text, 0, false
	}
	if top := v.Map[0].Value; !r.p.names.knows(first) && err != nil && strings.Contains(top.Text, " ") && !titled(v) {
		v.Map = v.Map[1:] // "Harbour: two dredgers sold" is no header
		r.set(title, tree.Value{Text: opening, Line: top.Line}, top.Line, "first line")
	}
	r.fill(v, r.p.names, "header", 0)
	return text[pos:], before, true
}

// titled says that a header gives the title.
func titled(v tree.Value) bool {
	return slices.ContainsFunc(v.Map, func(m tree.Member) bool {
		f, err := fieldOf(m.Name)
		return err == nil && f == title
	})
}

// headerName turns a label of any language into our name of the field.
func (r *reading) headerName(name string) (string, bool) {
	if r.p.names.knows(name) {
		return name, true
	}
	if l, ok := r.p.label(name); ok && l.field != ignored {
		return string(l.field), true
	}
	return name, false
}
