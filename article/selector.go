package article

import (
	"slices"
	"strings"
)

// Field is what a term of a Selector asks about.
type Field string

// The fields of the filter language. Category, Tag, By and Lang are the kinds
// that have addresses of their own.
const (
	Category Field = "category"
	Tag      Field = "tag"
	By       Field = "author"
	Lang     Field = "lang"
	HasMedia Field = "has"    // image, audio, video or summary
	After    Field = "after"  // an instant (RFC 3339) or a day
	Before   Field = "before" // likewise
	Since    Field = "since"  // published within the last so many whole minutes: 90m, 24h, 7d
	Origin   Field = "source" // where the article was taken from
	InTitle  Field = "title"  // words of the title
	Word     Field = "word"   // words of title, summary or text; written without a field
)

// Kinds are the fields whose terms have pages and feeds of their own, in the
// order that pages list them.
var Kinds = []Field{Category, Tag, By, Lang}

// Op is what a Node does.
type NodeOp uint8

// The operators of a Selector's syntax tree.
const (
	All  NodeOp = iota // everything; the zero Node
	Term               // Field:Value
	Not                // Kids[0]
	And                // every one of Kids
	Or                 // any one of Kids
)

// Node is a Selector's syntax tree. It is never changed once it stands in a
// Selector.
type Node struct {
	Op    NodeOp
	Field Field
	Value string
	Kids  []Node
}

// Leaf names a term: a comparable value.
type Leaf struct {
	Field Field
	Value string
}

// Leaf gives the term of a Node whose Op is Term.
func (n Node) Leaf() Leaf { return Leaf{n.Field, n.Value} }

// Selector says which articles a feed holds. It is a value: the config, an
// address and the search box all become one. The zero Selector selects all.
// Two Selectors in Normal form that mean the same by the laws of and, or and
// not over equal terms have one spelling, so `a,b` and `b,a` are one document.
type Selector struct{ root Node }

// Select makes a Selector of a syntax tree, in normal form.
func Select(n Node) Selector { return Selector{normal(n)} }

// Lone selects one term.
func Lone(f Field, value string) Selector {
	return Selector{Node{Op: Term, Field: f, Value: value}}
}

// Root is the syntax tree, not to be changed.
func (s Selector) Root() Node { return s.root }

// IsAll says that the Selector selects everything.
func (s Selector) IsAll() bool { return s.root.Op == All }

// AsLone gives the one term of a Selector that is a single category, tag,
// author or language: those have an address by path.
func (s Selector) AsLone() (Field, string, bool) {
	if s.root.Op == Term && slices.Contains(Kinds, s.root.Field) {
		return s.root.Field, s.root.Value, true
	}
	return "", "", false
}

// And selects what both select.
func (s Selector) And(t Selector) Selector {
	return Select(Node{Op: And, Kids: []Node{s.root, t.root}})
}

// Map returns the Selector with each term replaced by what f makes of it.
// The first error ends it.
func (s Selector) Map(f func(Node) (Node, error)) (Selector, error) {
	n, err := mapTerms(s.root, f)
	if err != nil {
		return Selector{}, err
	}
	return Select(n), nil
}

func mapTerms(n Node, f func(Node) (Node, error)) (Node, error) {
	if n.Op == Term {
		return f(n)
	}
	kids := make([]Node, len(n.Kids))
	for i, k := range n.Kids {
		m, err := mapTerms(k, f)
		if err != nil {
			return Node{}, err
		}
		kids[i] = m
	}
	n.Kids = kids
	return n, nil
}

// Match evaluates the Selector for one article, of which has answers whether a
// term holds.
func (s Selector) Match(has func(Field, string) bool) bool { return match(s.root, has) }

func match(n Node, has func(Field, string) bool) bool {
	switch n.Op {
	case Term:
		return has(n.Field, n.Value)
	case Not:
		return !match(n.Kids[0], has)
	case And:
		for _, k := range n.Kids {
			if !match(k, has) {
				return false
			}
		}
		return true
	case Or:
		for _, k := range n.Kids {
			if match(k, has) {
				return true
			}
		}
		return false
	}
	return true
}

// IsWords says whether a term asks for words, which no index of numbers can
// tell.
func (n Node) IsWords() bool { return n.Op == Term && (n.Field == Word || n.Field == InTitle) }

// Asks says whether any term of the Selector is of one of the fields.
func (s Selector) Asks(fields ...Field) bool {
	for n := range s.Terms {
		if slices.Contains(fields, n.Field) {
			return true
		}
	}
	return false
}

// Terms calls yield for each term of the Selector.
func (s Selector) Terms(yield func(Node) bool) { terms(s.root, yield) }

func terms(n Node, yield func(Node) bool) bool {
	if n.Op == Term {
		return yield(n)
	}
	for _, k := range n.Kids {
		if !terms(k, yield) {
			return false
		}
	}
	return true
}

// normal flattens nested operators, removes double negation and repeated
// operands, sorts what is left by its spelling, and puts exclusions last.
func normal(n Node) Node {
	switch n.Op {
	case Not:
		k := normal(n.Kids[0])
		if k.Op == Not {
			return k.Kids[0]
		}
		return Node{Op: Not, Kids: []Node{k}}
	case And, Or:
		var kids []Node
		for _, k := range n.Kids {
			k = normal(k)
			switch {
			case k.Op == All && n.Op == Or:
				return Node{}
			case k.Op == All:
			case k.Op == n.Op:
				kids = append(kids, k.Kids...)
			default:
				kids = append(kids, k)
			}
		}
		slices.SortFunc(kids, compare)
		kids = slices.CompactFunc(kids, func(a, b Node) bool { return compare(a, b) == 0 })
		switch len(kids) {
		case 0:
			return Node{}
		case 1:
			return kids[0]
		}
		return Node{Op: n.Op, Kids: kids}
	}
	return n
}

func compare(a, b Node) int {
	if an, bn := a.Op == Not, b.Op == Not; an != bn {
		if bn {
			return -1
		}
		return 1
	}
	return strings.Compare(spell(a, false), spell(b, false))
}

// String is the one canonical spelling: `category:ukraine`,
// `(category:a OR category:b) -author:"A. Roe"`. The Selector of everything is
// the empty string.
func (s Selector) String() string {
	if s.root.Op == All {
		return ""
	}
	return spell(s.root, false)
}

// spell writes a node; inner asks for parentheses where it stands inside
// another operator.
func spell(n Node, inner bool) string {
	switch n.Op {
	case Term:
		if n.Field == Word {
			return quote(n.Value)
		}
		return string(n.Field) + ":" + quote(n.Value)
	case Not:
		return "-" + spell(n.Kids[0], true)
	case And, Or:
		sep := " "
		if n.Op == Or {
			sep = " OR "
		}
		parts := make([]string, len(n.Kids))
		for i, k := range n.Kids {
			parts[i] = spell(k, true)
		}
		s := strings.Join(parts, sep)
		if inner {
			return "(" + s + ")"
		}
		return s
	}
	return "*"
}

func quote(v string) string {
	if v != "" && !strings.ContainsAny(v, " \t\n\r\v\f\u0085\u00a0()\":\\,") && v[0] != '-' && strings.IndexFunc(v, isSpace) < 0 {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}
