package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// collect finds the anchors. The depth is the parser's, which bounded keeps
// small for brackets and indentation alike.
func (r *reader) collect(n ast.Node, depth int) {
	if depth > 4*maxNesting {
		return
	}
	switch v := n.(type) {
	case *ast.AnchorNode:
		r.anchors[v.Name.GetToken().Value] = v.Value
		r.collect(v.Value, depth+1)
	case *ast.MappingNode:
		for _, kv := range v.Values {
			r.collect(kv.Value, depth+1)
		}
	case *ast.MappingValueNode:
		r.collect(v.Value, depth+1)
	case *ast.SequenceNode:
		for _, item := range v.Values {
			r.collect(item, depth+1)
		}
	case *ast.TagNode:
		r.collect(v.Value, depth+1)
	}
}

// plain follows anchors, aliases and tags to the value. It is nil for null, and
// for what has been reported.
func (r *reader) plain(n ast.Node) ast.Node {
	for range 20 {
		switch v := n.(type) {
		case nil, *ast.NullNode:
			return nil
		case *ast.AnchorNode:
			n = v.Value
		case *ast.TagNode:
			n = v.Value
		case *ast.AliasNode:
			name := v.Value.GetToken().Value
			to, ok := r.anchors[name]
			if !ok {
				if !r.partly {
					r.report("", v, wrong("*%s refers to no &%s", name, name).hint("put quotation marks around a text that starts with *"))
				}
				return nil
			}
			n = to
		default:
			if r.visited++; r.visited > maxNodes {
				if r.visited == maxNodes+1 {
					r.report("", n, wrong("the aliases of this file stand for more than %d values", maxNodes).hint("write out what is meant"))
				}
				return nil
			}
			return n
		}
	}
	return nil
}

func isMap(n ast.Node) bool {
	_, ok := n.(ast.MapNode)
	return ok
}

// entry is one key of a map with its value.
type entry struct {
	key   ast.MapKeyNode
	name  string
	value ast.Node
}

// entries lists a map's keys; what << merges comes after them, and gives way.
func (r *reader) entries(n ast.Node, path string) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		return nil
	}
	var own, merged []entry
	first := map[string]*token.Token{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		if key.IsMergeKey() {
			merged = append(merged, r.merged(it.Value(), path)...)
			continue
		}
		name := key.GetToken().Value
		if at, twice := first[name]; twice {
			r.report(join(path, name), key, wrong("%s is given twice", join(path, name)).hint("line %d has it already: keep one of them", at.Position.Line))
			continue
		}
		first[name] = key.GetToken()
		own = append(own, entry{key, name, it.Value()})
	}
	for _, e := range merged {
		if first[e.name] == nil {
			first[e.name] = e.key.GetToken()
			own = append(own, e)
		}
	}
	return own
}

func (r *reader) merged(n ast.Node, path string) []entry {
	n = r.plain(n)
	if list, ok := n.(*ast.SequenceNode); ok {
		var all []entry
		for _, item := range list.Values {
			all = append(all, r.merged(item, path)...)
		}
		return all
	}
	return r.entries(n, path)
}

// text is the text of a single value as it was written: 2026-11-22 and 017 stay
// what they are.
func text(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return strings.TrimSuffix(v.Value.Value, "\n"), true
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		return "", false
	case ast.ScalarNode:
		return v.GetToken().Value, true
	}
	return "", false
}

// kind names what a node is, for messages.
func kind(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a map of keys"
	case *ast.SequenceNode:
		return "a list"
	}
	return "a single value"
}

func width(t *token.Token) int {
	n := len([]rune(strings.TrimSpace(t.Value)))
	if o := strings.TrimSpace(t.Origin); len(o) > 1 && (o[0] == '"' || o[0] == '\'') && !strings.Contains(o, "\n") {
		n = len([]rune(o))
	}
	return n
}
