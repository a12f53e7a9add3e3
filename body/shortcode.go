package body

import (
	"strings"
	"unicode"
)

// arguments of a shortcode: {{< name "one" key="two" >}}.
type arguments struct {
	list  []string
	named map[string]string // keys lower-cased
}

// parseArguments reads what follows a shortcode's name: words, "quoted" or
// `raw` strings, and key=value of either.
func parseArguments(s string) arguments {
	a := arguments{named: map[string]string{}}
	for {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" {
			return a
		}
		key := ""
		if i := strings.IndexAny(s, "=:\"'` \t\r\n"); i > 0 && (s[i] == '=' || s[i] == ':' && strings.TrimLeft(s[i+1:], " ") != s[i+1:]) {
			key = strings.ToLower(strings.TrimSpace(s[:i]))
			s = strings.TrimLeft(s[i+1:], " \t")
		}
		var v string
		v, s = argument(s)
		if key != "" {
			a.named[key] = v
		} else if v != "" {
			a.list = append(a.list, v)
		}
	}
}

// argument reads one value from the front of s.
func argument(s string) (value, rest string) {
	if s == "" {
		return "", ""
	}
	switch q := s[0]; q {
	case '`', '\'', '"':
		for i := 1; i < len(s); i++ {
			if s[i] == '\\' && q == '"' {
				i++
			} else if s[i] == q {
				v := s[1:i]
				if q == '"' {
					v = strings.ReplaceAll(strings.ReplaceAll(v, `\"`, `"`), `\\`, `\`)
				}
				return v, s[i+1:]
			}
		}
		return s[1:], ""
	}
	if i := strings.IndexAny(s, " \t\r\n\"`"); i > 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// get gives the first of the keys that has a value.
func (a arguments) get(keys ...string) string {
	for _, k := range keys {
		if v := a.named[k]; v != "" {
			return v
		}
	}
	return ""
}

// or gives a named value, or else the n-th unnamed one.
func (a arguments) or(n int, keys ...string) string {
	if v := a.get(keys...); v != "" || n >= len(a.list) {
		return v
	}
	return a.list[n]
}

// players are the shortcodes of a film, a message or a picture that lives on
// another site: the address is made of the first value that is given.
var players = map[string]struct{ before, after string }{
	"youtube":      {"https://www.youtube.com/watch?v=", ""},
	"youtube-lite": {"https://www.youtube.com/watch?v=", ""},
	"lite-youtube": {"https://www.youtube.com/watch?v=", ""},
	"vimeo":        {"https://vimeo.com/", ""},
	"dailymotion":  {"https://www.dailymotion.com/video/", ""},
	"bilibili":     {"https://www.bilibili.com/video/", ""},
	"tweet":        {"https://twitter.com/i/status/", ""},
	"twitter":      {"https://twitter.com/i/status/", ""},
	"x":            {"https://x.com/i/status/", ""},
	"instagram":    {"https://www.instagram.com/p/", "/"},
	"gist":         {"https://gist.github.com/", ""},
	"asciinema":    {"https://asciinema.org/a/", ""},
	"codepen":      {"https://codepen.io/pen/", ""},
}

// titled are the shortcodes whose first unnamed value is shown to readers.
var titled = map[string]bool{
	"details": true, "tab": true, "expand": true, "collapse": true, "accordion": true,
	"spoiler": true, "foldable": true, "step": true, "toggle": true, "admonition": false,
}

// hidden are the shortcodes whose inside is for nobody.
var hidden = map[string]bool{"comment": true, "hidden": true, "draft": true, "todo": true}

// sourceCode are the shortcodes whose inside is code.
var sourceCode = map[string]bool{
	"highlight": true, "code": true, "mermaid": true, "plantuml": true, "math": true, "katex": true, "chart": true,
	"codeblock": true, "prism": true, "gnuplot": true, "graphviz": true,
}

// understand says what a shortcode, an include tag or a component means to a
// reader. paired: a closing tag follows, so what it wraps is shown after it.
func understand(k token, name, rest string, paired bool) token {
	name = strings.ToLower(strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".html"))
	a := parseArguments(rest)
	p, player := players[name]
	switch {
	case name == "ref" || name == "relref" || name == "link" && len(a.named) == 0 || name == "post_url" || name == "url_for":
		if v := a.or(0, "path"); strings.HasPrefix(v, "#") || isWeb(v) {
			k.means, k.text = address, v
		}
	case player && !paired:
		id := a.get("id", "video", "videoid", "url", "src")
		if id == "" && len(a.list) > 0 {
			id = a.list[len(a.list)-1] // {{< tweet user id >}}
		}
		if user := a.get("user"); user != "" && (name == "tweet" || name == "twitter" || name == "x") {
			p.before = strings.Replace(p.before, "/i/", "/"+user+"/", 1)
		}
		if name == "gist" {
			id = strings.Join(a.list[:min(2, len(a.list))], "/")
		}
		return playerLink(k, id, p.before, p.after, a.get("title", "caption", "alt"))
	case isPictureName(name):
		k.means, k.source = picture, a.or(0, "src", "url", "image", "path", "image_path", "file", "uid")
		k.text = a.or(1, "alt", "title")
		k.caption = a.get("caption", "cap", "attr", "legend")
		if k.caption == "" && name == "figure" {
			k.caption = a.get("title")
		}
		k.target = a.get("link", "href")
	case strings.Contains(name, "quote") && a.get("text", "quote", "content") != "":
		k.means, k.text, k.caption = quotation, a.get("text", "quote", "content"), a.get("cite", "author", "source", "attribution", "by")
	case paired:
		k.text = a.get("title", "summary", "header", "heading", "kicker", "label")
		if k.text == "" && titled[name] {
			k.text = a.or(0, "name")
		}
		k.name = "" // what it wraps is shown
		if k.text != "" {
			k.means = strong
		}
	default:
		k = remote(k, a)
	}
	return k
}

// remote is what an unknown tag without an inside may still say: a link to
// another site, or words.
func remote(k token, a arguments) token {
	title := a.get("text", "title", "label", "name", "caption", "alt")
	for _, key := range []string{"href", "link", "url", "src"} {
		if v := a.named[key]; isWeb(v) {
			k.means, k.target, k.text = link, v, title
			if k.text == "" {
				k.text = v
			}
			return k
		}
	}
	if v := a.get("text", "content"); v != "" {
		k.means, k.text = words, v
	}
	return k
}

func playerLink(k token, id, before, after, title string) token {
	switch {
	case isWeb(id):
		k.target = id
	case id == "" || strings.IndexFunc(id, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_/.?=&", r)
	}) >= 0:
		return k
	default:
		k.target = before + id + after
	}
	k.means, k.text = link, title
	if title == "" {
		k.text = k.target
	}
	return k
}

func isPictureName(name string) bool {
	for _, s := range []string{"img", "image", "figure", "picture", "photo"} {
		if strings.Contains(name, s) {
			return !strings.Contains(name, "gallery") && !strings.Contains(name, "compare")
		}
	}
	return name == "fig" || name == "asset-static"
}

func isWeb(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \t\n<>\"")
}
