package body

import (
	"slices"
	"strings"
)

// expression takes {{ … }} of Liquid, Jinja, Handlebars and their kin. Braces
// that hold no expression ({{1,2},{3,4}}, \frac{{a}}{b}) are left alone.
func (s *scanner) expression(i int, rest string) int {
	end := strings.Index(rest[2:min(len(rest), 600)], "}}")
	if end < 0 {
		return 0
	}
	n := end + 4
	inner := rest[2 : end+2]
	if strings.ContainsAny(inner, "{\n") && !strings.HasPrefix(inner, "{") {
		return 0
	}
	if strings.HasPrefix(inner, "{") { // {{{ raw }}}
		inner = inner[1:]
		if strings.HasPrefix(rest[n:], "}") {
			n++
		}
	}
	code := strings.TrimSpace(strings.Trim(inner, "-~"))
	if code == "" || !expressionByte(code[0]) {
		return 0
	}
	if tight := inner[0] != ' ' && inner[0] != '-'; tight && i > 0 && (isWordByte(s.src[i-1]) || strings.IndexByte(`^\}`, s.src[i-1]) >= 0) {
		return 0 // mathematics
	}
	k := token{name: "{{ " + firstWord(code) + " }}"}
	switch {
	case code == "site.baseurl" || code == "site.url" || code == "base_url" || code == "site.baseUrl" || code == "SITEURL":
		k.means = address
	case code[0] == '"' || code[0] == '\'':
		v, filters := argument(code)
		filters = strings.TrimSpace(filters)
		if filters != "" && filters[0] != '|' {
			return 0
		}
		k.means, k.text = address, v
		if !strings.Contains(filters, "url") {
			k.means = words
		}
	}
	return s.take(i, n, k)
}

func expressionByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_$.\"'(#^/>&!", c) >= 0
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	if len(w) > 40 {
		w = w[:40]
	}
	return w
}

// liquid takes {% name … %}.
func (s *scanner) liquid(i int, rest string) int {
	end := strings.Index(rest[:min(len(rest), maxTag)], "%}")
	if end < 2 || strings.Contains(rest[2:end], "{%") {
		if end < 0 && tagName(strings.TrimLeft(rest[2:min(len(rest), 64)], "- ")) != "" && s.lineStart(i) {
			s.broken = true
			return s.take(i, 2, token{name: "{%"})
		}
		return 0
	}
	n := end + 2
	inner := strings.TrimSpace(strings.Trim(rest[2:end], "-"))
	name := tagName(inner)
	if name == "" {
		return 0
	}
	args := inner[len(name):]
	k := token{name: "{% " + name + " %}"}
	switch name {
	case "raw", "verbatim":
		return s.rawRegion(i, n, name)
	case "comment", "highlight", "codeblock":
		if m := s.endTag(i+n, name); m > 0 {
			from := strings.LastIndex(s.src[:m], "{%")
			hiddenName := name
			if name == "comment" {
				k.name = ""
			}
			return s.enclosed(i, i+n, from, m, hiddenName, args, k)
		}
	case "include", "include_relative", "includes", "render", "embed", "oembed":
		file, more := argument(strings.TrimSpace(args))
		if isWeb(file) {
			k.means, k.target, k.text = link, file, file
			return s.take(i, n, k)
		}
		return s.take(i, n, understand(k, file, more, false))
	}
	if strings.HasPrefix(name, "end") {
		s.tags = append(s.tags, openTag{name: name[3:], end: true})
		k.name = ""
		return s.take(i, n, k)
	}
	return s.open(i, n, k, name, args)
}

// endTag finds {% endname %} from i on and gives the position after it.
func (s *scanner) endTag(i int, name string) int {
	key := "{% end" + name
	if s.none[key] {
		return 0
	}
	for at := i; ; {
		n := strings.Index(s.src[at:], "{%")
		if n < 0 {
			s.none[key] = true
			return 0
		}
		at += n
		if tagName(strings.TrimLeft(s.src[at+2:min(len(s.src), at+64)], "- \t")) == "end"+name {
			if m := strings.Index(s.src[at:min(len(s.src), at+128)], "%}"); m > 0 {
				return at + m + 2
			}
		}
		at += 2
	}
}

// rawRegion takes {% raw %} … {% endraw %}: the tags inside are shown.
func (s *scanner) rawRegion(i, n int, name string) int {
	end := s.endTag(i+n, name)
	if end == 0 {
		return s.take(i, n, token{})
	}
	from := strings.LastIndex(s.src[:end], "{%")
	s.take(i, n, token{})
	s.copied = i + n
	for at := i + n; at < from; at++ {
		if s.src[at] != '{' && s.src[at] != '}' && s.src[at] != '[' {
			continue
		}
		stop := at
		for stop < from && strings.IndexByte("{}[%<>", s.src[stop]) >= 0 {
			stop++
		}
		s.take(at, stop-at, token{means: words, text: s.src[at:stop]})
		s.copied = stop
		at = stop - 1
	}
	s.take(from, end-from, token{})
	return end - i
}

// blocks are WordPress's own shortcodes; builders are the prefixes of those of
// its page builders.
var (
	blocks = map[string]bool{
		"caption": true, "wp_caption": true, "gallery": true, "embed": true, "audio": true, "video": true,
		"playlist": true, "contact-form": true, "contact-form-7": true, "sourcecode": true, "youtube": true, "vimeo": true,
	}
	builders = []string{"vc_", "et_pb_", "fusion_", "av_", "su_", "mk_", "fl_", "wpforms", "elementor"}
)

// shortcode reads a WordPress tag at the start of s: its length and parts.
func shortcode(s string) (n int, name, rest string, closing bool) {
	name, at := shortcodeName(s)
	if name == "" {
		return 0, "", "", false
	}
	closing = s[1] == '/'
	for i := at + len(name); i < len(s) && i < maxTag; i++ {
		switch s[i] {
		case '"', '\'':
			j := strings.IndexByte(s[i+1:min(len(s), i+maxTag)], s[i])
			if j < 0 {
				return 0, "", "", false
			}
			i += j + 1
		case '[', '\n':
			return 0, "", "", false
		case ']':
			return i + 1, name, s[at+len(name) : i], closing
		}
	}
	return 0, "", "", false
}

// shortcodeName gives the name of the WordPress tag that may begin s, and where
// the name begins; "" if none does.
func shortcodeName(s string) (name string, at int) {
	if len(s) < 3 || s[0] != '[' {
		return "", 0
	}
	at = 1
	if s[1] == '/' {
		at = 2
	}
	name = tagName(s[at:min(len(s), at+64)])
	if blocks[name] || slices.ContainsFunc(builders, func(b string) bool { return strings.HasPrefix(name, b) }) {
		return name, at
	}
	return "", 0
}

// wordpress takes [name key="value"] and what it wraps.
func (s *scanner) wordpress(i int, rest string) int {
	n, name, args, closing := shortcode(rest)
	if n == 0 || blocks[name] && !closing && !strings.Contains(args, "=") && n < len(rest) && strings.IndexByte("([:", rest[n]) >= 0 {
		return 0
	}
	k := token{name: "[" + name + "]"}
	if closing {
		return s.take(i, n, token{})
	}
	if u, ok := strings.CutPrefix(args, "="); ok && isWeb(u) { // [youtube=https://…]
		k.means, k.target, k.text = link, u, u
		return s.take(i, n, k)
	}
	if !strings.Contains(args, "=") && name != "gallery" && !strings.HasPrefix(name, "vc_") && !strings.Contains(rest[n:min(len(rest), n+2048)], "[/"+name+"]") {
		return 0 // [video] alone may be a link of Markdown
	}
	a := parseArguments(args)
	switch name {
	case "audio", "video", "youtube", "vimeo":
		k = remote(k, arguments{named: map[string]string{"src": a.or(0, "src", "mp3", "mp4", "m4a", "ogg", "webm", "url")}})
	case "caption", "wp_caption":
		if c := a.get("caption"); c != "" {
			k.means, k.text = words, c
		}
		k.name = ""
	case "embed":
		k.name = ""
		if u, _, ok := strings.Cut(rest[n:min(len(rest), n+2048)], "[/embed]"); ok && isWeb(strings.TrimSpace(u)) {
			k.means, k.target, k.text = link, strings.TrimSpace(u), strings.TrimSpace(u)
			n += len(u) + len("[/embed]")
		}
	}
	return s.take(i, n, k)
}
