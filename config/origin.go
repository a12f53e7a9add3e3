package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Value is one setting as it stands.
type Value struct {
	Key   string // dotted; "feeds[0].name" inside lists
	Value string // as it would be written; secrets masked; "" if empty
	From  string // "default", "config.yaml:12", "FEEDWRIGHT_SITE_URL" or "--listen"
}

// Origins lists every setting with its value and where it came from, in the
// order of Config. Paths are absolute. Nothing secret is among them.
func (l *Loaded) Origins() []Value {
	var all []Value
	for _, k := range keys() {
		v := reflect.ValueOf(k.of(&l.Config))
		all = append(all, l.values(k.path, k.as, v, "")...)
	}
	return all
}

func (l *Loaded) values(path, as string, v reflect.Value, from string) []Value {
	from = l.from(path, from)
	switch {
	case v.Kind() == reflect.Slice && codecs[v.Type().Elem()] == nil && v.Len() > 0:
		var all []Value
		for i := range v.Len() {
			at := fmt.Sprintf("%s[%d]", path, i)
			base := l.from(at, from)
			for f := range fields(v.Type().Elem()) {
				field := v.Index(i).Field(f.index)
				if field.IsZero() {
					continue
				}
				above := base
				if _, ok := reflect.TypeFor[FeedShape]().FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, strings.ReplaceAll(f.name, "_", "")) }); ok && path == "feeds" {
					above = l.from("feed."+f.name, "")
				}
				all = append(all, l.values(at+"."+f.name, f.as, field, above)...)
			}
		}
		return all
	case v.Kind() == reflect.Struct && codecs[v.Type()] == nil:
		var all []Value
		for f := range fields(v.Type()) {
			if field := v.Field(f.index); !field.IsZero() {
				all = append(all, l.values(path+"."+f.name, f.as, field, from)...)
			}
		}
		return all
	case v.Kind() == reflect.Map:
		var all []Value
		for _, name := range slices.Sorted(maps.Keys(v.Interface().(map[string][]string))) {
			all = append(all, Value{path + "." + name, show(v.MapIndex(reflect.ValueOf(name)), ""), l.from(path+"."+name, from)})
		}
		if len(all) > 0 {
			return all
		}
	}
	s := show(v, as)
	if v.IsZero() {
		for _, word := range []string{"auto", "off"} {
			if _, ok := words[path][word]; ok {
				s = word
			}
		}
	}
	return []Value{{path, s, from}}
}

// from says where a key was set: above is the answer for what holds it.
func (l *Loaded) from(path, above string) string {
	for _, layer := range l.layers.topDown() {
		s, ok := layer.spots[path]
		switch {
		case !ok || s.null:
		case s.from != "":
			return s.from
		default:
			return fmt.Sprintf("%s:%d", l.name, s.token.Position.Line)
		}
	}
	if above != "" {
		return above
	}
	return "default"
}

// show is a value as it would be written.
func show(v reflect.Value, as string) string {
	switch {
	case strings.Contains(as, "secret-dsn"):
		return maskURL(v.String())
	case strings.Contains(as, "secret"):
		if v.Len() == 0 {
			return ""
		}
		return mask
	case codecs[v.Type()] != nil:
		return codecs[v.Type()].show(v.Interface())
	case v.Kind() == reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = show(v.Index(i), "")
			if strings.ContainsAny(items[i], ",[]\"' :") {
				items[i] = fmt.Sprintf("%q", items[i])
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return ""
}

// Changes names the keys in which two configs differ, in the order of Config,
// and those among them that need a restart to be applied: a server listens, and
// a database is open, until then.
func Changes(before, after *Config) (changed, restart []string) {
	for _, k := range keys() {
		if reflect.DeepEqual(k.of(before), k.of(after)) {
			continue
		}
		changed = append(changed, k.path)
		if k.restart() {
			restart = append(restart, k.path)
		}
	}
	return changed, restart
}
