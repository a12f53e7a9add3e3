package body

import (
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second lock on the door. The walker writes nothing that is not
// named here; should it ever, this takes it out. It must not be the only lock:
// it knows neither nesting nor srcset.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure",
		"figcaption", "details", "summary", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "hr",
		"br", "div", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "code", "kbd",
		"samp", "var", "abbr", "cite", "q", "dfn", "time", "bdi", "span", "ruby", "rt", "rp",
	)
	p.AllowAttrs("id", "lang", "dir").Globally()
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "srcset", "alt", "title", "width", "height").OnElements("img")
	p.AllowAttrs("src", "controls", "poster", "width", "height").OnElements("video", "audio")
	p.AllowAttrs("src", "type").OnElements("source")
	p.AllowAttrs("title").OnElements("abbr", "dfn")
	p.AllowAttrs("datetime").OnElements("time")
	p.AllowAttrs("class").OnElements("code")
	p.AllowAttrs("start", "reversed", "type").OnElements("ol")
	p.AllowAttrs("value").OnElements("li")
	p.AllowAttrs("colspan", "rowspan", "scope").OnElements("td", "th")
	p.RequireParseableURLs(true)
	for s := range linkSchemes {
		p.AllowURLSchemes(s)
	}
	return p
})

// guard passes HTML through the policy, and then writes quotes in text as they
// are and braces and brackets so that no template engine finds a tag in them.
func guard(s string) (out, warning string) {
	safe := policy().Sanitize(s)
	if safe != s {
		warning = "The sanitiser found something that should not have been written; it was taken out."
	}
	return settle(safe), warning
}

// settle gives text its final spelling. Inside tags, quotes keep theirs.
func settle(s string) string {
	if !strings.ContainsAny(s, "&{[") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	last, tag := 0, false
	replace := func(i, n int, with string) {
		b.WriteString(s[last:i])
		b.WriteString(with)
		last = i + n
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<':
			tag = true
		case '>':
			tag = false
		case '&':
			switch {
			case strings.HasPrefix(s[i:], "&#39;"):
				replace(i, 5, "'")
			case !tag && strings.HasPrefix(s[i:], "&#34;"):
				replace(i, 5, `"`)
			}
		case '{':
			if i+1 < len(s) && (s[i+1] == '{' || s[i+1] == '%') {
				replace(i, 1, "&#123;")
			}
		case '[':
			// Whole or not: what makes it none here may be written otherwise behind it.
			if name, _ := shortcodeName(s[i:]); name != "" {
				replace(i, 1, "&#91;")
			}
		}
	}
	b.WriteString(s[last:])
	return b.String()
}
