package article

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of a filter, so that a stranger cannot make us work for ever.
const (
	MaxFilterBytes = 2000
	MaxFilterTerms = 64
	MaxFilterDepth = 16
	MaxFilterWords = 10 // words and phrases: each is a question to the full text
)

// FilterError is a fault in a filter, with the byte it was found at.
type FilterError struct {
	Filter string
	Pos    int // byte offset into Filter
	Err    string
}

func (e *FilterError) Error() string {
	return fmt.Sprintf("filter %q: at character %d: %s", e.Filter, utf8.RuneCountInString(e.Filter[:e.Pos])+1, e.Err)
}

// ParseSelector reads the filter language: `field:value`, values quoted where
// they hold spaces; a word, or a "phrase", by itself is looked for in the texts;
// side by side is and, OR is or, - or NOT excludes, parentheses group. The empty
// filter and * select everything. docs/filters.md has the grammar. An error is
// a *FilterError.
func ParseSelector(filter string) (Selector, error) {
	if len(filter) > MaxFilterBytes {
		return Selector{}, &FilterError{Filter: filter[:40] + "…", Err: fmt.Sprintf("longer than %d bytes", MaxFilterBytes)}
	}
	p := &parser{s: filter}
	n, err := p.or(0)
	if err != nil {
		return Selector{}, err
	}
	if p.space(); p.pos < len(p.s) {
		return Selector{}, p.errorf("unexpected %q", p.s[p.pos:p.pos+1])
	}
	sel := Select(n)
	if err := sel.bounded(); err != "" {
		return Selector{}, &FilterError{Filter: filter, Pos: len(filter), Err: err}
	}
	return sel, nil
}

// bounded says what is too much of a Selector, or "": its canonical spelling is
// a filter too, and must be read again.
func (s Selector) bounded() string {
	count, words := 0, 0
	for n := range s.Terms {
		count++
		if n.IsWords() {
			words++
		}
	}
	switch {
	case words > MaxFilterWords:
		return fmt.Sprintf("more than %d words and phrases", MaxFilterWords)
	case count > MaxFilterTerms:
		return fmt.Sprintf("more than %d terms", MaxFilterTerms)
	case depth(s.root, true) > MaxFilterDepth:
		return fmt.Sprintf("nested deeper than %d", MaxFilterDepth)
	case len(s.String()) > MaxFilterBytes:
		return fmt.Sprintf("written out it is longer than %d bytes", MaxFilterBytes)
	}
	return ""
}

// depth counts the parentheses and minuses that a node is spelled in.
func depth(n Node, outermost bool) int {
	deepest := 0
	for _, k := range n.Kids {
		deepest = max(deepest, depth(k, false))
	}
	if n.Op == Not || !outermost && (n.Op == And || n.Op == Or) {
		deepest++
	}
	return deepest
}

type parser struct {
	s     string
	pos   int
	terms int
}

func (p *parser) errorf(format string, args ...any) error {
	return &FilterError{Filter: p.s, Pos: min(p.pos, len(p.s)), Err: fmt.Sprintf(format, args...)}
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }

func (p *parser) space() {
	p.pos += len(p.s[p.pos:]) - len(strings.TrimLeftFunc(p.s[p.pos:], isSpace))
}

// word says whether the keyword w stands here by itself, and steps over it.
func (p *parser) word(w string) bool {
	rest, ok := strings.CutPrefix(p.s[p.pos:], w)
	if !ok {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(r) && r != '(' && r != ')' {
		return false
	}
	p.pos += len(w)
	return true
}

// sign steps over a minus, if one stands here.
func (p *parser) sign() bool {
	if p.s[p.pos] != '-' {
		return false
	}
	p.pos++
	return true
}

func (p *parser) or(depth int) (Node, error) {
	if depth > MaxFilterDepth {
		return Node{}, p.errorf("parentheses nested deeper than %d", MaxFilterDepth)
	}
	var kids []Node
	for {
		n, err := p.and(depth)
		if err != nil {
			return Node{}, err
		}
		kids = append(kids, n)
		if p.space(); !p.word("OR") {
			break
		}
		if p.space(); p.pos == len(p.s) || p.s[p.pos] == ')' {
			return Node{}, p.errorf("a term is missing after OR")
		}
	}
	if len(kids) == 1 {
		return kids[0], nil
	}
	return Node{Op: Or, Kids: kids}, nil
}

func (p *parser) and(depth int) (Node, error) {
	var kids []Node
	for {
		p.space()
		if p.pos == len(p.s) || p.s[p.pos] == ')' {
			break
		}
		if at := p.pos; p.word("OR") {
			p.pos = at
			if len(kids) == 0 {
				return Node{}, p.errorf("a term is missing before OR")
			}
			break
		}
		n, err := p.unary(depth)
		if err != nil {
			return Node{}, err
		}
		kids = append(kids, n)
	}
	switch len(kids) {
	case 0:
		return Node{}, nil
	case 1:
		return kids[0], nil
	}
	return Node{Op: And, Kids: kids}, nil
}

func (p *parser) unary(depth int) (Node, error) {
	switch {
	case p.word("NOT") || p.sign():
		p.space()
		if p.pos == len(p.s) {
			return Node{}, p.errorf("a term is missing after the minus")
		}
		if depth >= MaxFilterDepth {
			return Node{}, p.errorf("nested deeper than %d", MaxFilterDepth)
		}
		n, err := p.unary(depth + 1)
		if err != nil {
			return Node{}, err
		}
		return Node{Op: Not, Kids: []Node{n}}, nil
	case p.s[p.pos] == '(':
		p.pos++
		n, err := p.or(depth + 1)
		if err != nil {
			return Node{}, err
		}
		if p.space(); p.pos == len(p.s) || p.s[p.pos] != ')' {
			return Node{}, p.errorf("a closing parenthesis is missing")
		}
		p.pos++
		return n, nil
	case p.s[p.pos] == ')':
		return Node{}, p.errorf("a closing parenthesis without an opening one")
	case p.word("*"):
		return Node{}, nil
	}
	return p.term()
}

// fields are all fields, as messages list them.
const fields = "category, tag, author, lang, source, title, has, after, before, since"

func (p *parser) term() (Node, error) {
	start := p.pos
	end := strings.IndexFunc(p.s[start:], func(r rune) bool {
		return isSpace(r) || strings.ContainsRune(`:()"`, r)
	})
	field, at := Word, start
	if end >= 0 && p.s[start+end] == ':' {
		field = Field(strings.ToLower(p.s[start : start+end]))
		switch field {
		case Category, Tag, By, Lang, Origin, InTitle, HasMedia, After, Before, Since:
		default:
			return Node{}, p.errorf("unknown field %q: the fields are %s; words that hold a colon are written in quotation marks", string(field), fields)
		}
		at = start + end + 1
	}
	p.pos = at
	value, err := p.value()
	if err != nil {
		return Node{}, err
	}
	if p.terms++; p.terms > MaxFilterTerms {
		return Node{}, p.errorf("more than %d terms", MaxFilterTerms)
	}
	n, err := NewTerm(field, value)
	if err != nil {
		p.pos = at
		return Node{}, p.errorf("%v", err)
	}
	return n, nil
}

func (p *parser) value() (string, error) {
	if p.pos < len(p.s) && p.s[p.pos] == '"' {
		p.pos++
		var b strings.Builder
		for p.pos < len(p.s) {
			c := p.s[p.pos]
			p.pos++
			switch {
			case c == '"':
				return b.String(), nil
			case c == '\\' && p.pos < len(p.s):
				b.WriteByte(p.s[p.pos])
				p.pos++
			default:
				b.WriteByte(c)
			}
		}
		return "", p.errorf("a closing quotation mark is missing")
	}
	start := p.pos
	n := strings.IndexFunc(p.s[start:], func(r rune) bool { return isSpace(r) || strings.ContainsRune(`()"`, r) })
	if n < 0 {
		n = len(p.s) - start
	}
	p.pos = start + n
	return p.s[start:p.pos], nil
}

// NewTerm makes a term of a field and a value as written, checking the values
// that have a form of their own. Instants become RFC 3339 in UTC; a bare day
// stays a day, to be read in the site's zone.
func NewTerm(f Field, value string) (Node, error) {
	value = Line(value)
	if value == "" && f != Word {
		return Node{}, fmt.Errorf("%s needs a value", f)
	}
	switch f {
	case Word, InTitle:
		words, err := newWords(value)
		if err != nil {
			return Node{}, err
		}
		value = words
	case Since:
		minutes, ok := window(value)
		if !ok {
			return Node{}, fmt.Errorf("since:%s is no span of whole minutes up to ten years: write 90m, 24h, 7d or 2w", value)
		}
		value = spellWindow(minutes)
	case HasMedia:
		value = strings.ToLower(value)
		if value != "image" && value != "audio" && value != "video" && value != "summary" {
			return Node{}, fmt.Errorf("has:%s is not known: image, audio, video and summary are", value)
		}
	case After, Before:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			t, err := time.Parse(time.RFC3339, value)
			if err != nil {
				return Node{}, fmt.Errorf("%s:%s is no date: write 2026-11-22 or 2026-11-22T09:00:00Z", f, value)
			}
			value = t.UTC().Format(time.RFC3339)
		}
	}
	return Node{Op: Term, Field: f, Value: value}, nil
}

// FromQuery reads the short form of a filter from an address: within one key
// commas mean or, a repeated key means and, a leading minus excludes; `q` is a
// filter in the full language. Keys that mean nothing here are ignored, as
// readers add their own.
func FromQuery(q url.Values) (Selector, error) {
	var kids []Node
	for _, f := range []Field{Category, Tag, By, Lang, Origin, InTitle, HasMedia, After, Before, Since} {
		for _, v := range q[string(f)] {
			n, err := shortForm(f, v)
			if err != nil {
				return Selector{}, err
			}
			kids = append(kids, n)
		}
	}
	for _, v := range q["q"] {
		s, err := ParseSelector(v)
		if err != nil {
			return Selector{}, err
		}
		kids = append(kids, s.root)
	}
	s := Select(Node{Op: And, Kids: kids})
	if err := s.bounded(); err != "" {
		return Selector{}, &FilterError{Filter: "?…", Err: err}
	}
	return s, nil
}

func shortForm(f Field, v string) (Node, error) {
	var or []Node
	var and []Node
	for part := range strings.SplitSeq(v, ",") {
		name, exclude := strings.CutPrefix(strings.TrimSpace(part), "-")
		if name == "" {
			continue
		}
		n, err := NewTerm(f, name)
		if err != nil {
			return Node{}, &FilterError{Filter: string(f) + "=" + v, Err: err.Error()}
		}
		if exclude {
			and = append(and, Node{Op: Not, Kids: []Node{n}})
		} else {
			or = append(or, n)
		}
	}
	if len(or) > 0 {
		and = append(and, Node{Op: Or, Kids: or})
	}
	return Node{Op: And, Kids: and}, nil
}
