package body

import (
	"net/url"
	"strings"

	"feedwright/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// await keeps the id of an element that is not kept for the paragraph to come.
func (k *walker) await(n *html.Node, what kind) {
	if what != unknown && what != block && what != division && what != anchor && what != quote && what != box1 {
		return
	}
	name := get(n, "id")
	if name == "" && what == anchor {
		name = get(n, "name")
	}
	if what == anchor && has(n, "href") && k.open != nil {
		return // anchorElement writes it
	}
	if name != "" && k.anchor == "" && k.wanted[name] && !k.used[name] && isID(name) && (k.open == nil || n.FirstChild == nil) {
		k.used[name] = true
		k.anchor = name
	}
}

// id gives the id that an element keeps: one that a link of the body wants, or
// any of a heading; never one twice.
func (k *walker) id(n *html.Node, any bool) string {
	v := get(n, "id")
	if v == "" || !any && !k.wanted[v] || k.used[v] || !isID(v) {
		return ""
	}
	k.used[v] = true
	return v
}

func isID(s string) bool {
	return len(s) <= 200 && !strings.ContainsAny(s, " \t\n\r\f\"'<>&{}`"+tokenStart+tokenEnd) && article.Clean(s) == s
}

// direction keeps lang and dir.
func (k *walker) direction(n *html.Node) string {
	if len(n.Attr) == 0 {
		return ""
	}
	out := ""
	if d := strings.ToLower(get(n, "dir")); d == "ltr" || d == "rtl" || d == "auto" {
		out = attr("dir", d)
	}
	lang := get(n, "lang")
	if lang == "" {
		lang = get(n, "xml:lang")
	}
	if isLang(lang) {
		out += attr("lang", lang)
	}
	return out
}

// isLang says that s has the form of a BCP 47 tag.
func isLang(s string) bool {
	if len(s) < 2 || len(s) > 35 {
		return false
	}
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || i == 0 && (len(part) < 2 || strings.ContainsAny(part, "0123456789")) {
			return false
		}
		for j := 0; j < len(part); j++ {
			if c := part[j]; (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// get gives an attribute's value, in which tokens may stand.
func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return cleanTokens(a.Val)
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// number gives an attribute that is a whole number of at most five digits.
func number(n *html.Node, key string) string {
	v := strings.TrimSuffix(strings.TrimSpace(get(n, key)), "px")
	if v == "" || len(v) > 5 || strings.Trim(v, "0123456789") != "" {
		return ""
	}
	return v
}

// wants gathers the ids that links of the body point to.
func wants(n *html.Node, base *url.URL, into map[string]bool) {
	if n.DataAtom == atom.A {
		for _, a := range n.Attr {
			if a.Key != "href" {
				continue
			}
			ref := strings.TrimSpace(a.Val)
			if base != nil {
				ref = strings.TrimPrefix(ref, base.String())
			}
			if !strings.HasPrefix(ref, "#") || len(ref) < 2 {
				continue
			}
			into[ref[1:]] = true
			if v, err := url.PathUnescape(ref[1:]); err == nil {
				into[v] = true
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		wants(c, base, into)
	}
}
