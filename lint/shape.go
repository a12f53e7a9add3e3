package lint

import (
	"maps"
	"slices"
	"strings"
)

// shapeRules hold in every vocabulary; a shape says by which clause.
var shapeRules = []Rule{
	{"*/missing-*", Error, "", "add it"},
	{"*/wanted-*", Warning, "", "add it"},
	{"*/repeated-*", Error, "", "keep one"},
	{"*/unknown-element", Error, "", "look at its spelling; an extension needs a namespace of its own"},
	{"*/misplaced-element", Warning, "", "move it to where its specification has it"},
	{"*/unknown-attribute", Error, "", "look at its spelling"},
	{"*/missing-attribute", Error, "", "add it"},
	{"*/unexpected-text", Error, "", "take the text out, or put it into an element"},
}

// shape says what an element of a vocabulary may hold.
type shape struct {
	vocabulary string // the first half of its rules' names
	clause     string
	value      check // of its character data; nil: none may stand there
	attrs      []attr
	kids       map[string]kid // by node.key
	free       bool           // any text and elements may stand in it; any attributes, if attrs is nil
	also       func(*linter, *node)
}

// kid says how often an element may stand in another.
type kid struct {
	min, max int // max 0: any number
	want     bool
	shape    *shape
	clause   string // instead of the outer shape's
	hint     string // for a missing one
}

// attr says what an attribute must be.
type attr struct {
	name  string
	need  bool
	check check // nil: anything
}

// check judges one value.
type check func(*linter, value)

// value is a text and whose it is.
type value struct {
	text
	node *node  // nil in JSON
	name string // "<link>", "the attribute url of <enclosure>"
}

func valueOf(n *node) value {
	v := value{n.text, n, "<" + n.label() + ">"}
	if len(v.marks) == 0 {
		v.marks = []mark{{0, n.at}}
	}
	return v
}

func valueOfAttr(n *node, name string, t text) value {
	return value{t, n, "the attribute " + name + " of <" + n.label() + ">"}
}

// empty says that there is nothing but white space.
func (v value) empty() bool { return strings.TrimSpace(v.s) == "" }

// apply judges an element and all below it by a shape.
func (l *linter) apply(n *node, s *shape) {
	if l.ctx.Err() != nil {
		return
	}
	l.attributes(n, s)
	if s.free {
		if s.also != nil {
			s.also(l, n)
		}
		return
	}
	switch v := valueOf(n); {
	case s.value != nil:
		s.value(l, v)
	case !v.empty():
		l.found(n.place(), s.vocabulary+"/unexpected-text", "<%s> may not hold text", n.label()).Clause = s.clause
	}
	l.children(n, s)
	if s.also != nil {
		s.also(l, n)
	}
}

// attributes compares attributes with the table. Those of other namespaces
// may stand anywhere.
func (l *linter) attributes(n *node, s *shape) {
	known := map[string]bool{}
	for _, a := range s.attrs {
		known[a.name] = true
		v, ok := n.attr(a.name)
		switch {
		case ok && a.check != nil:
			a.check(l, valueOfAttr(n, a.name, v))
		case !ok && a.need:
			l.found(n.at, s.vocabulary+"/missing-attribute", "<%s> has no attribute %s", n.label(), a.name).Clause = s.clause
		}
	}
	for i := range n.attrs {
		a := &n.attrs[i]
		if a.space == "" && !known[a.name] && !(s.free && s.attrs == nil) {
			l.found(a.at, s.vocabulary+"/unknown-attribute", "<%s> knows no attribute %s", n.label(), quote(a.name)).Clause = s.clause
		}
		if a.space == nsXML && a.name == "lang" && a.value.s != "" {
			isLanguage(l, valueOfAttr(n, "xml:lang", a.value))
		}
		if a.space == nsXML && a.name == "base" && a.value.s != "" {
			isReference(l, valueOfAttr(n, "xml:base", a.value))
		}
	}
}

// children compares child elements with the table.
func (l *linter) children(n *node, s *shape) {
	count := map[string]int{}
	for _, k := range n.kids {
		key := k.key()
		rule, ok := s.kids[key]
		if !ok {
			l.stranger(n, k, s)
			continue
		}
		if count[key]++; rule.max > 0 && count[key] > rule.max {
			l.found(k.at, vocabularyOf(key, s)+"/repeated-"+k.name, "<%s> holds more than %s <%s>", n.label(), numeral(rule.max), k.label()).Clause = rule.clauseOr(s)
			continue
		}
		if rule.shape != nil {
			l.apply(k, rule.shape)
		}
	}
	if l.cut && n.end == len(l.text) {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(s.kids)) {
		k := s.kids[key]
		if k.min == 0 && !k.want || count[key] > 0 {
			continue
		}
		verb := "/missing-"
		if k.min == 0 {
			verb = "/wanted-"
		}
		_, local := split(key)
		f := l.found(n.at, vocabularyOf(key, s)+verb+local, "<%s> holds no <%s>", n.label(), strings.TrimPrefix(key, "atom:"))
		f.Clause = k.clauseOr(s)
		if k.hint != "" {
			f.Hint = k.hint
		}
	}
}

func (k kid) clauseOr(s *shape) string {
	if k.clause != "" {
		return k.clause
	}
	return s.clause
}

func numeral(n int) string {
	if n == 1 {
		return "one"
	}
	return "the allowed number of"
}

// vocabularyOf is the first half of a rule's name for an element named in the
// tables of a shape.
func vocabularyOf(key string, s *shape) string {
	if prefix, _ := split(key); prefix != "" {
		return prefix
	}
	return s.vocabulary
}

// stranger judges an element that the table does not name. Elements of
// namespaces that we do not know are welcome.
func (l *linter) stranger(n, k *node, s *shape) {
	prefix := customary[k.space]
	switch {
	case k.bad:
	case k.space == "" || k.space == n.space:
		f := l.found(k.at, s.vocabulary+"/unknown-element", "<%s> knows no <%s>", n.label(), k.label())
		if f.Rule == "" {
			return // said often enough
		}
		f.Clause = s.clause
		if right := nearest(k.name, s.kids); right != "" {
			f.Hint = "did you mean <" + right + ">?"
		}
	case known[k.key()]:
		l.found(k.at, prefix+"/misplaced-element", "<%s> does not belong into <%s>", k.label(), n.label()).Clause = clauseOf[k.space]
	case clauseOf[k.space] != "" && !openNamespaces[k.space]:
		l.found(k.at, prefix+"/unknown-element", "%s has no element <%s>", clauseOf[k.space], k.label()).Clause = clauseOf[k.space]
	}
}

// openNamespaces have more elements than our tables.
var openNamespaces = map[string]bool{nsDCTerms: true, nsXHTML: true, nsRDF: true, nsThread: true}

// nearest is the element of a table that differs in letter case only, or in
// one letter.
func nearest(name string, kids map[string]kid) string {
	best := ""
	for key := range kids {
		_, local := split(key)
		if strings.EqualFold(local, name) {
			return key
		}
		if oneOff(strings.ToLower(local), strings.ToLower(name)) && (best == "" || key < best) {
			best = key
		}
	}
	return best
}

// oneOff says that a and b differ by one letter added, left out or changed.
func oneOff(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || len(a) < 4 {
		return false
	}
	for i := range len(b) {
		if a[i] != b[i] {
			return a[i+1:] == b[i:] || len(a) == len(b) && a[i+1:] == b[i+1:]
		}
	}
	return true
}

// join makes one table of several.
func join(tables ...map[string]kid) map[string]kid {
	out := map[string]kid{}
	for _, t := range tables {
		maps.Copy(out, t)
	}
	return out
}
