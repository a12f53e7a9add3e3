package lint

import (
	"math"
	"slices"
	"strings"
)

const jsonVersion = "https://jsonfeed.org/version/1.1"

var jsonRules = []Rule{
	{"json/syntax", Error, "RFC 8259 §2", "write JSON: names and strings in \"\", no comma behind the last"},
	{"json/truncated", Error, "RFC 8259 §2", "the document ends too early: write it to the end before it is served"},
	{"json/trailing-junk", Error, "RFC 8259 §2", "let the document end with its object"},
	{"json/duplicate-member", Error, "RFC 8259 §4", "give a member once"},
	{"json/no-object", Error, "JSON Feed 1.1: Top-level", "a feed is an object"},
	{"json/version", Error, "JSON Feed 1.1: Top-level", "write \"version\": \"" + jsonVersion + "\""},
	{"json/old-version", Warning, "JSON Feed 1.1: Top-level", "write version 1.1, with authors instead of author"},
	{"json/version-first", Info, "JSON Feed 1.1: Top-level", "let version stand first: programs look for it there"},
	{"json/type", Error, "JSON Feed 1.1", ""},
	{"json/unknown-member", Warning, "JSON Feed 1.1: Extensions", "look at its spelling; names of extensions start with _"},
	{"json/extension", Warning, "JSON Feed 1.1: Extensions", "let the name start with _ and a letter, without dots, and the value be an object"},
	{"json/empty-author", Error, "JSON Feed 1.1: Top-level", "give the author a name, url or avatar"},
	{"json/author", Info, "JSON Feed 1.1: Deprecations", "use authors"},
	{"json/missing-content", Error, "JSON Feed 1.1: Items", "add content_html or content_text"},
	{"json/duplicate-id", Error, "JSON Feed 1.1: Items", "give each item an id of its own"},
	{"json/id-type", Warning, "JSON Feed 1.1: Items", "write the id as a string"},
	{"json/markup-in-text", Warning, "JSON Feed 1.1: Items", "put HTML into content_html; plain text stands everywhere else"},
	{"json/next-loop", Error, "JSON Feed 1.1: Top-level", "next_url leads to other items"},
	{"json/missing-self", Warning, "JSON Feed 1.1: Top-level", "say where the feed is"},
}

// jshape says what an object may hold.
type jshape struct {
	clause  string
	members []jrule
	also    func(*linter, *jvalue)
}

// jrule says what a member must be.
type jrule struct {
	name       string
	kind       byte // as jvalue.kind
	need, want bool
	check      check   // of a string
	object     *jshape // of an object, or of each in an array
	each       check   // of each string in an array
}

var (
	jsonText0  = every(noMarkup)
	jsonAuthor = &jshape{clause: "JSON Feed 1.1: Top-level, authors", members: []jrule{
		{name: "name", kind: '"', check: some(noMarkup)}, {name: "url", kind: '"', check: isURL}, {name: "avatar", kind: '"', check: isURL},
	}, also: authorHas}
	jsonHub = &jshape{clause: "JSON Feed 1.1: Top-level, hubs", members: []jrule{
		{name: "type", kind: '"', need: true, check: some()}, {name: "url", kind: '"', need: true, check: isURL},
	}}
	jsonAttachment = &jshape{clause: "JSON Feed 1.1: attachments", members: []jrule{
		{name: "url", kind: '"', need: true, check: isURL}, {name: "mime_type", kind: '"', need: true, check: isMediaType},
		{name: "title", kind: '"', check: jsonText0}, {name: "size_in_bytes", kind: '0'}, {name: "duration_in_seconds", kind: '0'},
	}, also: attachmentNumbers}
	jsonItem = &jshape{clause: "JSON Feed 1.1: Items", members: []jrule{
		{name: "id", kind: '"', need: true, check: some(exact)}, {name: "url", kind: '"', check: isURL}, {name: "external_url", kind: '"', check: isURL},
		{name: "title", kind: '"', check: jsonText0}, {name: "content_html", kind: '"', check: isHTML}, {name: "content_text", kind: '"', check: anything},
		{name: "summary", kind: '"', check: jsonText0}, {name: "image", kind: '"', check: isURL}, {name: "banner_image", kind: '"', check: isURL},
		{name: "date_published", kind: '"', check: isRFC3339}, {name: "date_modified", kind: '"', check: isRFC3339},
		{name: "authors", kind: '[', object: jsonAuthor}, {name: "author", kind: '{', object: jsonAuthor},
		{name: "tags", kind: '[', each: some(noMarkup)}, {name: "language", kind: '"', check: isLanguage},
		{name: "attachments", kind: '[', object: jsonAttachment},
	}, also: itemHas}
	jsonTop = &jshape{clause: "JSON Feed 1.1: Top-level", members: []jrule{
		{name: "version", kind: '"', need: true}, {name: "title", kind: '"', need: true, check: some(noMarkup)},
		{name: "home_page_url", kind: '"', want: true, check: isURL}, {name: "feed_url", kind: '"', check: isURL},
		{name: "description", kind: '"', check: jsonText0}, {name: "user_comment", kind: '"', check: anything},
		{name: "next_url", kind: '"', check: isURL}, {name: "icon", kind: '"', check: isURL}, {name: "favicon", kind: '"', check: isURL},
		{name: "authors", kind: '[', object: jsonAuthor}, {name: "author", kind: '{', object: jsonAuthor},
		{name: "language", kind: '"', check: isLanguage}, {name: "expired", kind: 't'}, {name: "hubs", kind: '[', object: jsonHub},
		{name: "items", kind: '[', need: true, object: jsonItem},
	}, also: topHas}
)

var kindNames = map[byte]string{'{': "an object", '[': "an array", '"': "a string", '0': "a number", 't': "true or false", 'n': "null"}

// json judges a JSON document.
func (l *linter) json() Kind {
	v := l.jsonTree()
	if v == nil {
		return Unknown
	}
	if v.kind != '{' {
		l.found(v.at, "json/no-object", "the document is %s", kindNames[v.kind])
		return Unknown
	}
	version := v.get("version")
	switch {
	case version == nil && v.get("items") == nil:
		l.found(v.at, "feed/unknown-format", "this JSON is no feed: it has neither version nor items")
		return Unknown
	case version == nil || version.kind != '"' || version.str.s == jsonVersion:
	case version.str.s == "https://jsonfeed.org/version/1":
		l.found(version.at, "json/old-version", "the version is 1")
	default:
		l.found(version.at, "json/version", "the version is %s", quote(version.str.s))
	}
	l.object(v, jsonTop, "the feed")
	return JSONFeed
}

// object judges an object by its shape.
func (l *linter) object(v *jvalue, s *jshape, whose string) {
	if l.ctx.Err() != nil {
		return
	}
	for _, r := range s.members {
		m := v.get(r.name)
		switch {
		case m != nil:
			l.member(m, &r, s)
		case l.cut:
		case r.need:
			l.found(v.at, "json/missing-"+r.name, "%s has no %s", whose, r.name).Clause = s.clause
		case r.want:
			l.found(v.at, "json/wanted-"+r.name, "%s has no %s", whose, r.name).Clause = s.clause
		}
	}
	for _, m := range v.members {
		if slices.ContainsFunc(s.members, func(r jrule) bool { return r.name == m.name }) {
			continue
		}
		if !strings.HasPrefix(m.name, "_") {
			l.found(m.at, "json/unknown-member", "%s has no member %s", s.clause, quote(m.name))
		} else if len(m.name) < 2 || !hexOrLetter(rune(m.name[1])) || strings.Contains(m.name, ".") || m.v.kind != '{' {
			l.found(m.at, "json/extension", "the extension %s is not as extensions are", quote(m.name))
		}
	}
	if s.also != nil {
		s.also(l, v)
	}
}

func (l *linter) member(m *jvalue, r *jrule, s *jshape) {
	if m.kind == '0' && r.name == "id" {
		l.found(m.at, "json/id-type", "the id is a number")
		return
	}
	if m.kind != r.kind {
		f := l.found(m.at, "json/type", "%s is %s", r.name, kindNames[m.kind])
		f.Clause, f.Hint = s.clause, "write "+kindNames[r.kind]
		return
	}
	switch {
	case r.check != nil:
		r.check(l, value{m.str, nil, r.name})
	case r.object != nil && m.kind == '{':
		l.object(m, r.object, r.name)
	}
	for _, it := range m.items {
		want := byte('"')
		if r.object != nil {
			want = '{'
		}
		switch {
		case it.kind != want:
			f := l.found(it.at, "json/type", "%s holds %s", r.name, kindNames[it.kind])
			f.Clause, f.Hint = s.clause, "write "+kindNames[want]
		case r.object != nil:
			l.object(it, r.object, strings.TrimSuffix(r.name, "s"))
		default:
			r.each(l, value{it.str, nil, r.name})
		}
	}
}

// noMarkup wants text without HTML.
func noMarkup(l *linter, v value) {
	if at, ok := meantMarkup(v.s); ok {
		l.found(v.offset(at[0]), "json/markup-in-text", "%s is plain text, but holds %s", v.name, quote(v.s[at[0]:at[1]]))
	}
}

func authorHas(l *linter, v *jvalue) {
	for _, name := range []string{"name", "url", "avatar"} {
		if v.get(name) != nil {
			return
		}
	}
	l.found(v.at, "json/empty-author", "an author has nothing")
}

func attachmentNumbers(l *linter, v *jvalue) {
	for _, name := range []string{"size_in_bytes", "duration_in_seconds"} {
		if m := v.get(name); m != nil && m.kind == '0' && (m.num < 0 || name == "size_in_bytes" && m.num != math.Trunc(m.num)) {
			l.found(m.at, "value/number", "%s is %s", name, m.raw)
		}
	}
}

func itemHas(l *linter, v *jvalue) {
	if v.get("content_html") == nil && v.get("content_text") == nil {
		l.found(v.at, "json/missing-content", "the item has neither content_html nor content_text")
	}
	if t := v.get("content_text"); t != nil && v.get("content_html") == nil && t.kind == '"' {
		noMarkup(l, value{t.str, nil, "content_text"})
	}
	deprecated(l, v)
}

func deprecated(l *linter, v *jvalue) {
	if a := v.get("author"); a != nil && v.get("authors") == nil {
		l.found(a.at, "json/author", "author is out of use")
	}
}

// topHas is what the tables cannot say of a feed.
func topHas(l *linter, v *jvalue) {
	deprecated(l, v)
	if len(v.members) > 0 && v.members[0].name != "version" {
		l.found(v.at, "json/version-first", "version does not stand first")
	}
	feed := v.get("feed_url")
	if feed == nil {
		l.found(v.at, "json/missing-self", "the feed has no feed_url")
	} else if feed.kind == '"' {
		l.sameAsFetched(feed.str)
	}
	if next := v.get("next_url"); next != nil && next.kind == '"' && (feed != nil && sameAddress(next.str.s, v.text("feed_url")) || web(l.o.URL) && sameAddress(next.str.s, l.o.URL)) {
		l.found(next.at, "json/next-loop", "next_url leads to the feed itself")
	}
	items := v.get("items")
	if items == nil {
		return
	}
	seen := map[string]bool{}
	for _, it := range items.items {
		id := it.get("id")
		if id == nil || id.kind != '"' {
			continue
		}
		if seen[id.str.s] {
			l.found(id.at, "json/duplicate-id", "two items have the id %s", quote(id.str.s))
		}
		seen[id.str.s] = true
	}
}
