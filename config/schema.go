package config

import (
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"feedwright/feed"
)

// key is one setting, as the fields and tags of Config tell it: the schema is
// the type, so that the two cannot differ.
type key struct {
	path  string // dotted
	typ   reflect.Type
	index []int // of the field, from Config
	as    string
}

// restart says that a change of the key waits for the next start.
func (k key) restart() bool { return slices.Contains(strings.Fields(k.as), "restart") }

// scalar says that the key can be given in a variable or a flag: all can but
// maps and lists of maps.
func (k key) scalar() bool {
	return codecs[k.typ] != nil || k.typ.Kind() == reflect.Slice && codecs[k.typ.Elem()] != nil
}

// env is the variable that sets the key: FEEDWRIGHT_SITE_URL.
func (k key) env() string { return envPrefix + strings.ToUpper(strings.ReplaceAll(k.path, ".", "_")) }

const envPrefix = "FEEDWRIGHT_"

// keys lists all settings in the order of Config.
func keys() []key { return keysOf(reflect.TypeFor[Config](), "", nil) }

func keysOf(t reflect.Type, prefix string, index []int) []key {
	var all []key
	for f := range fields(t) {
		k := key{path: prefix + f.name, typ: f.typ, index: append(slices.Clone(index), f.index), as: f.as}
		if k.section() {
			all = append(all, keysOf(k.typ, k.path+".", k.index)...)
			continue
		}
		all = append(all, k)
	}
	return all
}

// section says that the key holds keys, and no value.
func (k key) section() bool { return k.typ.Kind() == reflect.Struct && codecs[k.typ] == nil }

// member is a field of a struct that has a key.
type member struct {
	name  string
	typ   reflect.Type
	index int
	as    string
}

// fields yields the fields of a struct that have keys.
func fields(t reflect.Type) func(func(member) bool) {
	return func(yield func(member) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			name := f.Tag.Get("mapstructure")
			if name == "-" {
				continue
			}
			if !yield(member{name, f.Type, i, f.Tag.Get("as")}) {
				return
			}
		}
	}
}

// lone is the field of a struct that a single value by itself stands for, -1 if
// there is none.
func lone(t reflect.Type) int {
	if t.Kind() == reflect.Struct && codecs[t] == nil {
		for f := range fields(t) {
			if slices.Contains(strings.Fields(f.as), "lone") {
				return f.index
			}
		}
	}
	return -1
}

// codec reads the text of one value, and shows one.
type codec struct {
	what  string // "a whole number", for messages
	parse func(string) (any, *fault)
	show  func(any) string
}

// codecs are the types a single value can have.
var codecs = map[reflect.Type]*codec{
	reflect.TypeFor[string]():        {"text", func(s string) (any, *fault) { return s, nil }, func(v any) string { return v.(string) }},
	reflect.TypeFor[bool]():          {"true or false", parseBool, func(v any) string { return strconv.FormatBool(v.(bool)) }},
	reflect.TypeFor[int]():           {"a whole number", parseInt, func(v any) string { return strconv.Itoa(v.(int)) }},
	reflect.TypeFor[float64]():       {"a number", parseShare, func(v any) string { return strconv.FormatFloat(v.(float64), 'g', -1, 64) }},
	reflect.TypeFor[time.Duration](): {"a duration", parsed(parseDuration), func(v any) string { return formatDuration(v.(time.Duration)) }},
	reflect.TypeFor[Size]():          {"a size", parsed(parseSize), func(v any) string { return v.(Size).String() }},
	reflect.TypeFor[Rescan]():        {"auto, a duration or a cron expression", parsed(parseRescan), func(v any) string { return v.(Rescan).String() }},
	reflect.TypeFor[Publish]():       choice(PublishAll, PublishMarked),
	reflect.TypeFor[OnRemove]():      choice(Withdraw, Keep),
	reflect.TypeFor[ShowType]():      choice[ShowType]("episodic", "serial"),
	reflect.TypeFor[Medium]():        choice[Medium]("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course"),
	reflect.TypeFor[Locked]():        {"yes or no", parseLocked, func(v any) string { return string(v.(Locked)) }},
	reflect.TypeFor[feed.Content]():  choice(feed.Full, feed.Summary, feed.Both),
	reflect.TypeFor[feed.Format]():   choice(feed.RSS, feed.Atom, feed.JSON),
	reflect.TypeFor[Sort]():          choice(SortPublished, SortUpdated),
	reflect.TypeFor[Require]():       choice(RequireImage, RequireSummary),
	reflect.TypeFor[feed.Part]():     choice(feed.Parts...),
	reflect.TypeFor[netip.Prefix]():  {"an address or a prefix", parsed(parsePrefix), func(v any) string { return v.(netip.Prefix).String() }},
}

// words are texts that stand for a value of another type, by key.
var words = map[string]map[string]any{
	"source.settle": {"auto": time.Duration(0)},
	"server.admin":  {"off": "", "none": "", "false": ""},
	"store.ledger":  {"off": "", "none": "", "false": ""},
	"websub.hub":    {"off": HubNone, "false": HubNone, "": HubNone},
}

func parsed[T any](parse func(string) (T, *fault)) func(string) (any, *fault) {
	return func(s string) (any, *fault) {
		v, f := parse(s)
		return v, f
	}
}

func parseBool(s string) (any, *fault) {
	switch s {
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	}
	return nil, wrong("%s is neither true nor false", quoted(s)).hint("write true or false")
}

func parseInt(s string) (any, *fault) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil, wrong("%s is not a whole number", quoted(s)).hint("write digits only, as 50")
	}
	return n, nil
}

func parseShare(s string) (any, *fault) {
	digits, percent := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil || n != n {
		return nil, wrong("%s is not a number", quoted(s)).hint("write a share between 0 and 1, as 0.1, or 10%%")
	}
	if percent {
		n /= 100
	}
	return n, nil
}

func parsePrefix(s string) (netip.Prefix, *fault) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, wrong("%s is neither an IP address nor a prefix", quoted(s)).hint("write 10.0.0.7, 10.0.0.0/8 or fd00::/8")
	}
	return p.Masked(), nil
}

// choice is the codec of a type with few values.
func choice[T ~string](values ...T) *codec {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return &codec{
		what: "one of " + strings.Join(names, ", "),
		parse: func(s string) (any, *fault) {
			if i := slices.Index(names, s); i >= 0 {
				return values[i], nil
			}
			f := wrong("%s is not known here", quoted(s))
			if n := nearest(strings.ToLower(s), names); n != "" {
				return nil, f.hint("did you mean %s? The choice is %s", n, list(names, "or"))
			}
			return nil, f.hint("write %s", list(names, "or"))
		},
		show: func(v any) string { return string(v.(T)) },
	}
}

// list joins words for a sentence: "a, b or c".
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}
