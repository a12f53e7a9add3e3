package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// spot is where a value was set.
type spot struct {
	from  string       // the variable or flag; empty for the file
	token *token.Token // in the file
	width int          // of the value, in characters
	word  string       // the text of a single value that a word may stand for: auto, off
	null  bool         // the key is there without a value: its default holds
}

// layer is what one source of settings says: typed values by dotted key, and
// the spot of each, of each list item and of each key inside a list.
type layer struct {
	values map[string]any
	spots  map[string]spot
}

func newLayer() *layer { return &layer{values: map[string]any{}, spots: map[string]spot{}} }

// reader turns a document's tree into a layer.
type reader struct {
	*document
	layer   *layer
	config  reflect.Value // a Config, to hold what was read
	anchors map[string]ast.Node
	visited int
}

// maxNodes bounds what aliases can make of a small file.
const maxNodes = 50_000

// read gives what the document sets. Its problems are added to d.bad.
func (d *document) read() *layer {
	r := &reader{document: d, layer: newLayer(), config: reflect.ValueOf(new(Config)).Elem(), anchors: map[string]ast.Node{}}
	for _, root := range d.roots {
		r.collect(root, 0)
	}
	for _, root := range d.roots {
		if n := r.plain(root); n != nil && !isMap(n) {
			r.report("", n, wrong("the file holds %s, not keys", kind(n)).hint("write key: value, as in site: {title: My news}"))
			continue
		}
		r.into(r.config, root, "", "")
	}
	for _, k := range keys() {
		if s, ok := r.layer.spots[k.path]; ok && !s.null {
			r.layer.values[k.path] = r.config.FieldByIndex(k.index).Interface()
		}
	}
	return r.layer
}

func (r *reader) report(path string, n ast.Node, f *fault) {
	if len(r.bad) > maxProblems {
		return
	}
	p := &Problem{Path: path, Message: f.message, Hint: f.advice}
	t := firstToken(n)
	r.place(p, t, width(t))
	r.bad = append(r.bad, p)
}

// into puts the value of a node into dst. path is its dotted key, as the tags
// of its field.
func (r *reader) into(dst reflect.Value, n ast.Node, path, as string) {
	v := r.plain(n)
	if path != "" {
		t := firstToken(n)
		r.layer.spots[path] = spot{token: t, width: width(t), null: v == nil}
	}
	if v == nil {
		return
	}
	switch c := codecs[dst.Type()]; {
	case c != nil:
		r.scalar(dst, v, path, as, c)
	case dst.Kind() == reflect.Struct:
		if i := lone(dst.Type()); i >= 0 && !isMap(v) {
			f := dst.Type().Field(i)
			r.scalar(dst.Field(i), v, path, f.Tag.Get("as"), codecs[f.Type])
			return
		}
		r.structure(dst, v, path)
	case dst.Kind() == reflect.Slice:
		r.slice(dst, v, path, as)
	case dst.Kind() == reflect.Map:
		r.lists(dst, v, path)
	}
}

func (r *reader) unset(path string) {
	s := r.layer.spots[path]
	s.null = true
	r.layer.spots[path] = s
}

func (r *reader) scalar(dst reflect.Value, n ast.Node, path, as string, c *codec) {
	s, ok := text(n)
	if !ok {
		r.unset(path)
		r.report(path, n, wrong("%s is %s, and %s stands here", path, c.what, kind(n)).hint("write %s: and one value", leaf(path)))
		return
	}
	v, f := decode(path, s, c)
	if f != nil {
		r.unset(path)
		r.report(path, n, f.of(path, as))
		return
	}
	if _, special := words[path][s]; special {
		at := r.layer.spots[path]
		at.word = s
		r.layer.spots[path] = at
	}
	dst.Set(reflect.ValueOf(v).Convert(dst.Type()))
}

// decode reads one value of a key.
func decode(path, s string, c *codec) (any, *fault) {
	if v, ok := words[path][s]; ok {
		return v, nil
	}
	return c.parse(s)
}

// of names the key in a message. A secret is never repeated.
func (f *fault) of(path, as string) *fault {
	if strings.Contains(as, "secret") {
		return wrong("%s cannot be read", path).hint("%s", f.advice)
	}
	return wrong("%s: %s", path, f.message).hint("%s", f.advice)
}

func (r *reader) structure(dst reflect.Value, n ast.Node, path string) {
	if !isMap(n) {
		r.unset(path)
		r.report(path, n, wrong("%s holds keys, and %s stands here", path, kind(n)).hint("write its keys below it, indented by two spaces"))
		return
	}
	var known []string
	byName := map[string]member{}
	for f := range fields(dst.Type()) {
		known = append(known, f.name)
		byName[f.name] = f
	}
	for _, e := range r.entries(n, path) {
		f, ok := byName[e.name]
		if !ok {
			prefix := join(path, "")
			r.report(join(path, e.name), e.key, wrong("there is no key %s", join(path, e.name)).hint("%s", suggest(e.name, prefix, known)))
			continue
		}
		r.into(dst.Field(f.index), e.value, join(path, e.name), f.as)
		if e.value != nil && e.value.Type() == ast.NullType { // an absent value has no token of its own
			r.layer.spots[join(path, e.name)] = spot{token: e.key.GetToken(), width: width(e.key.GetToken()), null: true}
		}
	}
}

// slice reads a list; one value by itself is a list of one.
func (r *reader) slice(dst reflect.Value, n ast.Node, path, as string) {
	list, ok := n.(*ast.SequenceNode)
	items := []ast.Node{n}
	switch _, single := text(n); {
	case ok:
		items = list.Values
	case !single || codecs[dst.Type().Elem()] == nil && lone(dst.Type().Elem()) < 0:
		r.unset(path)
		r.report(path, n, wrong("%s is a list, and %s stands here", path, kind(n)).hint("start each item with a dash and a space"))
		return
	}
	out := reflect.MakeSlice(dst.Type(), 0, len(items))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		v := reflect.New(dst.Type().Elem()).Elem()
		if r.plain(item) == nil {
			r.report(at, item, wrong("item %d of %s is empty", i+1, path).hint("take it out, or give it a value"))
			r.unset(at)
		} else {
			r.into(v, item, at, as)
		}
		out = reflect.Append(out, v)
	}
	dst.Set(out)
}

// lists reads a map of lists of texts. Its keys are ours, so nothing is lost
// to viper's folding of keys.
func (r *reader) lists(dst reflect.Value, n ast.Node, path string) {
	if !isMap(n) {
		r.unset(path)
		r.report(path, n, wrong("%s holds keys, and %s stands here", path, kind(n)).hint("write a key below it, as published: [pubDate]"))
		return
	}
	names := fieldNames[path]
	out := map[string][]string{}
	for _, e := range r.entries(n, path) {
		name, f := names.find(e.name)
		if f != nil {
			r.report(join(path, e.name), e.key, f.of(path, ""))
			continue
		}
		var list []string
		r.into(reflect.ValueOf(&list).Elem(), e.value, join(path, e.name), "")
		out[name] = append(out[name], list...)
	}
	dst.Set(reflect.ValueOf(out))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func leaf(path string) string {
	_, l, _ := cutLast(path)
	return bracket.ReplaceAllString(l, "")
}

var bracket = regexp.MustCompile(`\[\d+\]`)
