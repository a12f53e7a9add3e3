package lint

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var htmlRules = []Rule{
	{"html/script", Warning, "RSS Best Practices Profile: description", "readers remove it: leave it out"},
	{"html/active-element", Warning, "RSS Best Practices Profile: description", "most readers remove it: link to it instead"},
	{"html/handler", Warning, "RSS Best Practices Profile: description", "readers remove it: leave it out"},
	{"html/script-url", Warning, "RSS Best Practices Profile: description", "readers remove it: leave it out"},
	{"html/style", Warning, "RSS Best Practices Profile: description", "leave the property out: readers do not let a text leave its place"},
	{"html/relative-url", Warning, "RSS Best Practices Profile: URLs", "write the whole address: readers resolve it against different ones"},
	{"html/unknown-element", Warning, "HTML §4", "use an element of HTML"},
	{"html/document", Warning, "RSS Best Practices Profile: description", "give a fragment: what stands inside <body>"},
	{"html/unclosed", Warning, "HTML §13.1.2", "close elements in the order in which they were opened"},
	{"html/stray-end", Warning, "HTML §13.1.2", "close elements in the order in which they were opened"},
	{"html/nesting", Warning, "HTML §13.1.2", "let the element stand where HTML allows it"},
	{"html/syntax", Warning, "HTML §13.1", "write what is text as &lt; and &amp;"},
}

// maxHTMLDepth bounds the open elements that are remembered. How those below
// lie in one another is not judged.
const maxHTMLDepth = 500

// htmlReader goes over the tokens of one fragment. It is a check of markup as
// people write it, not a tree: what the tree builder repairs is the fault.
type htmlReader struct {
	l       *linter
	v       value
	base    string // relative addresses are fine if there is one
	open    []htmlTag
	count   map[string]int // of open elements, by name
	foreign int            // open svg and math elements
	below   int            // open elements that are too deep to be remembered
}

type htmlTag struct {
	name string
	at   int
}

// isHTML wants a fragment of clean HTML.
func isHTML(l *linter, v value) { l.html(v, "") }

// html judges a fragment. base is the xml:base that holds for it.
func (l *linter) html(v value, base string) {
	if !strings.ContainsAny(v.s, "<&") {
		return
	}
	r := &htmlReader{l: l, v: v, base: base, count: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(v.s))
	for at := 0; l.ctx.Err() == nil; {
		kind := z.Next()
		raw := z.Raw()
		if kind == html.ErrorToken {
			break
		}
		r.token(kind, string(raw), z, at)
		at += len(raw)
	}
	for _, t := range r.open {
		if !optionalEnd[t.name] {
			l.found(v.offset(t.at), "html/unclosed", "%s leaves <%s> open", v.name, t.name)
		}
	}
}

func (r *htmlReader) token(kind html.TokenType, raw string, z *html.Tokenizer, at int) {
	switch kind {
	case html.TextToken:
		r.text(raw, at)
	case html.StartTagToken, html.SelfClosingTagToken:
		r.start(z.Token(), raw, at, kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		name, _ := z.TagName()
		r.end(string(name), at)
	case html.CommentToken:
		if !strings.HasPrefix(raw, "<!--") || !strings.HasSuffix(raw, "-->") {
			r.found(at, "html/syntax", "%s holds %s", r.v.name, quote(raw))
		}
	case html.DoctypeToken:
		r.found(at, "html/document", "%s is a whole document", r.v.name)
	}
}

func (r *htmlReader) found(at int, rule, format string, args ...any) {
	r.l.found(r.v.offset(at), rule, format, args...)
}

// badReference is a named reference without its semicolon, or an unknown one;
// a bare & is fine in HTML as long as it starts no name.
var badReference = regexp.MustCompile(`&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*)(?:;|$|[^A-Za-z0-9;])`)

func (r *htmlReader) text(raw string, at int) {
	for from := 0; ; {
		n := strings.IndexByte(raw[from:], '<')
		if n < 0 {
			break
		}
		from += n
		if !r.inRaw() {
			r.found(at+from, "html/syntax", "%s holds a < that starts no tag", r.v.name)
		}
		from++
	}
	for _, m := range badReference.FindAllStringIndex(raw, maxSame+1) {
		ref := raw[m[0]:m[1]]
		if !strings.HasSuffix(ref, ";") {
			if strings.HasPrefix(ref, "&#") || entityNoEnd(ref) {
				r.found(at+m[0], "html/syntax", "%s holds %s without its semicolon", r.v.name, quote(strings.TrimRight(ref, " \n")))
			}
		} else if html.UnescapeString(ref) == ref {
			r.found(at+m[0], "html/syntax", "%s holds %s, which names nothing", r.v.name, ref)
		}
	}
}

// entityNoEnd says that browsers read a reference though its semicolon is
// missing, as &copy.
func entityNoEnd(ref string) bool {
	name := strings.TrimRightFunc(ref[1:], func(c rune) bool { return !hexOrLetter(c) })
	return html.UnescapeString("&"+name+" ") != "&"+name+" "
}

func hexOrLetter(c rune) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func (r *htmlReader) inRaw() bool {
	if len(r.open) == 0 {
		return false
	}
	switch r.open[len(r.open)-1].name {
	case "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes":
		return true
	}
	return false
}

func (r *htmlReader) start(t html.Token, raw string, at int, selfClosing bool) {
	name := t.Data
	if name == "svg" || name == "math" {
		r.foreign++
	}
	r.element(t, at)
	r.attributes(t, raw, at)
	if r.foreign == 0 && r.below == 0 && len(r.open) < maxHTMLDepth {
		r.nest(name, at)
		if selfClosing && !void[name] && htmlElement(name) {
			r.found(at, "html/syntax", "%s writes <%s/>, which HTML does not close", r.v.name, name)
		}
	}
	switch {
	case void[name] && r.foreign == 0:
	case selfClosing && (r.foreign > 0 || !htmlElement(name)):
		if name == "svg" || name == "math" {
			r.foreign--
		}
	case len(r.open) < maxHTMLDepth:
		r.open = append(r.open, htmlTag{name, at})
		r.count[name]++
	default:
		r.below++
	}
}

// element judges the element by itself.
func (r *htmlReader) element(t html.Token, at int) {
	switch name := t.Data; {
	case r.foreign > 0:
		if name == "script" {
			r.found(at, "html/script", "%s holds <script>", r.v.name)
		}
	case name == "script":
		r.found(at, "html/script", "%s holds <script>", r.v.name)
	case activeElements[name]:
		r.found(at, "html/active-element", "%s holds <%s>", r.v.name, name)
	case name == "html" || name == "head" || name == "body" || name == "title" || name == "frameset":
		r.found(at, "html/document", "%s holds <%s>", r.v.name, name)
	case !htmlElement(name):
		r.found(at, "html/unknown-element", "%s holds <%s>, which HTML does not know", r.v.name, name)
	}
}

func htmlElement(name string) bool {
	a := atom.Lookup([]byte(name))
	return a != 0 && (elements[name] || void[name])
}

// attributes judges a tag's attributes; each is looked for in the raw tag, so
// that its place can be told.
func (r *htmlReader) attributes(t html.Token, raw string, at int) {
	for _, a := range t.Attr {
		where := at + max(0, strings.Index(strings.ToLower(raw), a.Key))
		switch {
		case strings.HasPrefix(a.Key, "on") && len(a.Key) > 2:
			r.found(where, "html/handler", "%s holds <%s %s=…>", r.v.name, t.Data, a.Key)
		case a.Key == "style" && dangerousStyle.MatchString(a.Val):
			r.found(where, "html/style", "%s holds style=%s", r.v.name, quote(a.Val))
		case a.Key == "srcset":
			for _, candidate := range strings.Split(a.Val, ", ") {
				link, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
				r.link(link, t.Data, a.Key, where)
			}
		case linkAttributes[a.Key] && (a.Key != "data" || t.Data == "object"):
			r.link(a.Val, t.Data, a.Key, where)
		case a.Key == "srcdoc":
			r.found(where, "html/active-element", "%s holds <%s srcdoc=…>", r.v.name, t.Data)
		}
	}
}

var (
	linkAttributes = set("href", "src", "poster", "cite", "data", "action", "formaction", "background", "longdesc", "usemap", "ping")
	// dangerousStyle lets a text leave its place, cover others, call home or run.
	dangerousStyle = regexp.MustCompile(`(?i)(?:^|[;\s])position\s*:|behaviou?r\s*:|-moz-binding|expression\s*\(|url\s*\(|@import|javascript:`)
	control        = regexp.MustCompile(`[\x00-\x20]+`)
)

// link judges an address in HTML: it must be absolute, in-page anchors too,
// since a reader's page is another.
func (r *htmlReader) link(s, element, key string, at int) {
	s = strings.TrimSpace(s)
	scheme, _, ok := strings.Cut(control.ReplaceAllString(strings.ToLower(s), ""), ":")
	if ok && (scheme == "javascript" || scheme == "vbscript" || scheme == "livescript" || scheme == "mocha") {
		r.found(at, "html/script-url", "%s holds <%s %s=%s>", r.v.name, element, key, quote(s))
		return
	}
	u, err := url.Parse(s)
	if r.foreign > 0 && strings.HasPrefix(s, "#") || r.base != "" || err != nil && strings.Contains(s, "://") {
		return
	}
	if err != nil || u.Scheme == "" {
		r.found(at, "html/relative-url", "%s holds <%s %s=%s>", r.v.name, element, key, quote(s))
	}
}
