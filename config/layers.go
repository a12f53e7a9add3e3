package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// of gives the key's value in a Config.
func (k key) of(c *Config) any { return reflect.ValueOf(c).Elem().FieldByIndex(k.index).Interface() }

// given is a layer of texts: the environment, or flags.
type given struct {
	layer   *layer
	bad     problems
	notices []string
}

// readEnv takes the FEEDWRIGHT_ variables. An empty one counts as not set, as
// compose files and service managers pass what they do not know.
func readEnv(env []string) given {
	g := given{layer: newLayer()}
	byName := map[string]key{}
	var names []string
	for _, k := range keys() {
		byName[k.env()] = k
		names = append(names, k.env())
	}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) || name == envConfig || value == "" {
			continue
		}
		k, ok := byName[name]
		switch {
		case ok:
			g.set(k, name, value)
		case serviceLink(name):
		default:
			said := fmt.Sprintf("%s in the environment is no setting and is not used", name)
			if n := nearest(strings.TrimPrefix(strings.ToUpper(name), envPrefix), trimmed(names)); n != "" {
				said += ": did you mean " + envPrefix + n + "?"
			} else {
				said += "."
			}
			g.notices = append(g.notices, said)
		}
	}
	return g
}

func trimmed(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.TrimPrefix(n, envPrefix)
	}
	return out
}

// serviceLink says that Kubernetes sets the variable in every pod that can see
// a service called feedwright: it is nobody's typing error.
func serviceLink(name string) bool {
	rest := strings.TrimPrefix(name, envPrefix)
	return rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

// readFlags takes the flags that were given.
func readFlags(flags, shown map[string]string) given {
	g := given{layer: newLayer()}
	all := keys()
	for _, path := range slices.Sorted(maps.Keys(flags)) {
		name := shown[path]
		if name == "" {
			name = "--" + path
		}
		i := slices.IndexFunc(all, func(k key) bool { return k.path == path })
		if i < 0 {
			g.bad = append(g.bad, &Problem{Path: path, From: name, Message: "there is no key " + path})
			continue
		}
		g.set(all[i], name, flags[path])
	}
	return g
}

// set reads the text of one key.
func (g *given) set(k key, from, s string) {
	refuse := func(f *fault) {
		g.bad = append(g.bad, &Problem{Path: k.path, From: from, Message: f.of(k.path, k.as).message, Hint: f.advice})
	}
	if !k.scalar() {
		refuse(wrong("only the file can set this").hint("write it under %s: in config.yaml", k.path))
		return
	}
	if c := codecs[k.typ]; c != nil {
		v, f := decode(k.path, s, c)
		if f != nil {
			refuse(f)
			return
		}
		g.layer.spots[k.path] = spot{from: from, word: s}
		g.layer.values[k.path] = reflect.ValueOf(v).Convert(k.typ).Interface()
		return
	}
	items, f := splitList(s)
	if f != nil {
		refuse(f)
		return
	}
	out := reflect.MakeSlice(k.typ, 0, len(items))
	for _, item := range items {
		v, f := codecs[k.typ.Elem()].parse(item)
		if f != nil {
			refuse(f)
			return
		}
		out = reflect.Append(out, reflect.ValueOf(v).Convert(k.typ.Elem()))
	}
	g.layer.spots[k.path] = spot{from: from}
	g.layer.values[k.path] = out.Interface()
}

// splitList reads "a, b" or, where an item holds a comma, ["a,b", c].
func splitList(s string) ([]string, *fault) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "[") || !strings.HasSuffix(s, "]") {
		var items []string
		for item := range strings.SplitSeq(s, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
		return items, nil
	}
	doc := readDocument("", []byte("list: "+s))
	if len(doc.bad) > 0 || len(doc.roots) != 1 {
		return nil, wrong("%s is not a list", quoted(s)).hint(`write a,b or ["a,b", "c"]`)
	}
	r := &reader{document: doc, layer: newLayer()}
	var items []string
	for _, e := range r.entries(doc.roots[0], "") {
		r.into(reflect.ValueOf(&items).Elem(), e.value, "list", "")
	}
	if len(doc.bad) > 0 {
		return nil, wrong("%s is not a list of single values", quoted(s)).hint(`write a,b or ["a,b", "c"]`)
	}
	return items, nil
}

// lookup finds a variable.
func lookup(env []string, name string) string {
	for _, pair := range slices.Backward(env) {
		if n, v, _ := strings.Cut(pair, "="); n == name {
			return v
		}
	}
	return ""
}
