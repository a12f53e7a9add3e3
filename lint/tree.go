package lint

import "strings"

// node is an element, with the place of everything in it.
type node struct {
	prefix, name string
	space        string // namespace URI; "" none
	at, inner    int    // offsets of its "<" and of what follows its start tag
	end          int    // offset behind its end tag
	attrs        []attribute
	kids         []*node
	text         text // its own character data, children left out
	parent       *node
	scope        *scope // namespaces
	bad          bool   // its prefix is not declared: nothing is known of it
}

// attribute is one attribute of an element.
type attribute struct {
	prefix, name string
	space        string
	at           int
	value        text
}

// scope holds the namespaces declared by an element; those of its ancestors
// hold too.
type scope struct {
	outer  *scope
	spaces map[string]string // by prefix; "" is the default
}

// lookup is the namespace of a prefix; false if it is not declared.
func (s *scope) lookup(prefix string) (string, bool) {
	for ; s != nil; s = s.outer {
		if uri, ok := s.spaces[prefix]; ok {
			return uri, true
		}
	}
	if prefix == "xml" {
		return nsXML, true
	}
	return "", prefix == ""
}

// is says that the element has this namespace and name.
func (n *node) is(space, name string) bool { return n != nil && n.space == space && n.name == name }

// all lists the children with this namespace and name.
func (n *node) all(space, name string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.is(space, name) {
			out = append(out, k)
		}
	}
	return out
}

// first is the first child with this namespace and name, or nil.
func (n *node) first(space, name string) *node {
	for _, k := range n.kids {
		if k.is(space, name) {
			return k
		}
	}
	return nil
}

// attr is the value of an attribute in no namespace.
func (n *node) attr(name string) (text, bool) { return n.attrIn("", name) }

func (n *node) attrIn(space, name string) (text, bool) {
	for i := range n.attrs {
		if n.attrs[i].space == space && n.attrs[i].name == name {
			return n.attrs[i].value, true
		}
	}
	return text{}, false
}

// get is an attribute's trimmed string, "" if there is none.
func (n *node) get(name string) string {
	v, _ := n.attr(name)
	return strings.TrimSpace(v.s)
}

// value is the element's character data without white space at its ends.
func (n *node) value() text { return n.text.trim() }

// place is where the value starts, or the element if it has none.
func (n *node) place() int {
	if v := n.value(); v.s != "" {
		return v.start()
	}
	return n.at
}

// label is the element as people know it: with the customary prefix of its
// namespace, "itunes:image".
func (n *node) label() string { return label(n.space, n.name) }

// key is how tables name the element: like label, and Atom's own elements with
// their prefix, since tables of RSS speak of them too.
func (n *node) key() string {
	if n.space == "" {
		return n.name
	}
	if p, ok := customary[n.space]; ok {
		return p + ":" + n.name
	}
	return "{" + n.space + "}" + n.name
}

func label(space, name string) string {
	if p := customary[space]; p != "" && space != nsAtom {
		return p + ":" + name
	}
	return name
}

// walk calls f for n and all below it.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, k := range n.kids {
		k.walk(f)
	}
}

// base is what relative addresses in n are resolved against by xml:base, ""
// if no ancestor gives one.
func (n *node) base() string {
	for ; n != nil; n = n.parent {
		if v, ok := n.attrIn(nsXML, "base"); ok {
			return strings.TrimSpace(v.s)
		}
	}
	return ""
}
