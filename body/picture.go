package body

import (
	"net/url"
	"strings"
	"unicode"

	"feedwright/article"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lazySources are where pages keep a picture's address until it scrolls into
// view, best first.
var lazySources = []string{
	"data-src", "data-lazy-src", "data-original", "data-orig-file", "data-hi-res-src", "data-full-src",
	"data-large-file", "data-url", "data-image", "data-srcset", "data-lazy-srcset",
}

// image writes an <img> with its address absolute and its description given.
func (k *walker) image(n *html.Node) {
	if isPixel(n) {
		k.remove("tracking image " + get(n, "src"))
		return
	}
	alt := article.Line(k.tokens.inText(get(n, "alt")))
	if isEmoji(n, alt) {
		k.text(alt)
		return
	}
	src, set := k.sources(n)
	if src == "" {
		if ref := get(n, "src"); ref != "" && !strings.Contains(ref, tokenStart) && !strings.Contains(ref, "%EF%B7%9") {
			k.remove("image " + ref)
		}
		return
	}
	extra := ""
	if set != "" {
		extra = attr("srcset", set)
	}
	if t := article.Line(k.tokens.inText(get(n, "title"))); t != "" && t != alt {
		extra += attr("title", t)
	}
	w, h := number(n, "width"), number(n, "height")
	if w != "" && h != "" {
		extra += attr("width", w) + attr("height", h)
	}
	k.picture(src, alt, extra)
}

func (k *walker) picture(src, alt, extra string) {
	k.atom("<img" + attr("src", src) + attr("alt", alt) + extra + ">")
	k.images = append(k.images, article.Image{URL: src, Alt: alt})
}

// sources finds the address of a picture, and its srcset.
func (k *walker) sources(n *html.Node) (src, set string) {
	ref := get(n, "src")
	lazy := ref == "" || isPlaceholder(ref)
	for _, key := range lazySources {
		v := get(n, key)
		if v == "" || !lazy && !has(n, "data-src") && key != "data-lazy-src" {
			continue
		}
		if strings.HasSuffix(key, "set") {
			_, v = k.urls.srcset(v)
		} else {
			v = k.urls.source(v)
		}
		if v != "" {
			src = v
			break
		}
	}
	if src == "" && !lazy {
		src = k.urls.source(ref)
	}
	best := ""
	set, best = k.urls.srcset(get(n, "srcset"))
	if src == "" {
		src = best
	}
	if src == "" && n.Parent != nil && n.Parent.DataAtom == atom.Picture {
		for c := n.Parent.FirstChild; c != nil && src == ""; c = c.NextSibling {
			if c.DataAtom == atom.Source {
				_, src = k.urls.srcset(get(c, "srcset"))
			}
		}
	}
	return src, set
}

// isPlaceholder says that an address shows nothing of the picture.
func isPlaceholder(ref string) bool {
	low := strings.ToLower(ref)
	if strings.HasPrefix(low, "data:") {
		return true
	}
	name := low[strings.LastIndexByte(low, '/')+1:]
	for _, s := range []string{"placeholder", "blank.gif", "spacer.gif", "transparent.gif", "1x1.", "pixel.gif", "lazy.gif", "loading.gif", "grey.gif"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// trackers are hosts that send nothing but pixels.
var trackers = []string{"pixel.wp.com", "stats.wp.com", "stats.wordpress.com", "feeds.feedburner.com", "pixel.quantserve.com", "b.scorecardresearch.com", "googleads.g.doubleclick.net", "www.facebook.com/tr", "www.google-analytics.com"}

// isPixel says that a picture is there to count readers.
func isPixel(n *html.Node) bool {
	tiny := func(v string) bool { v = strings.TrimSuffix(strings.TrimSpace(v), "px"); return v == "0" || v == "1" }
	if tiny(get(n, "width")) && (tiny(get(n, "height")) || !has(n, "height")) || tiny(get(n, "height")) {
		return true
	}
	style := strings.ToLower(strings.ReplaceAll(get(n, "style"), " ", ""))
	for s := range strings.SplitSeq(style, ";") {
		key, v, _ := strings.Cut(s, ":")
		if (key == "width" || key == "height") && tiny(v) {
			return true
		}
	}
	u, err := url.Parse(strings.TrimSpace(get(n, "src")))
	if err != nil {
		return false
	}
	at := u.Host + u.Path
	for _, t := range trackers {
		if strings.HasPrefix(at, t) {
			return true
		}
	}
	return false
}

// isEmoji says that a picture stands for a character that its alt holds.
func isEmoji(n *html.Node, alt string) bool {
	if alt == "" || len(alt) > 40 || !strings.Contains(get(n, "class"), "emoji") && !strings.Contains(get(n, "class"), "smiley") {
		return false
	}
	return strings.IndexFunc(alt, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsSpace(r) }) < 0
}

// player writes <video> and <audio>, which readers show with controls.
func (k *walker) player(n *html.Node) {
	var inner strings.Builder
	src := k.urls.source(get(n, "src"))
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Source {
			continue
		}
		if u := k.urls.source(get(c, "src")); u != "" && src == "" {
			inner.WriteString("<source" + attr("src", u))
			if t := article.Line(get(c, "type")); t != "" && len(t) < 100 && strings.Contains(t, "/") {
				inner.WriteString(attr("type", t))
			}
			inner.WriteString(">")
		}
	}
	if src == "" && inner.Len() == 0 {
		k.children(n) // what a page shows that cannot play it
		return
	}
	attrs := attr("controls", "")
	if src != "" {
		attrs += attr("src", src)
	}
	if n.DataAtom == atom.Video {
		if p := k.urls.source(get(n, "poster")); p != "" {
			attrs += attr("poster", p)
		}
		if w, h := number(n, "width"), number(n, "height"); w != "" && h != "" {
			attrs += attr("width", w) + attr("height", h)
		}
	}
	k.atom("<" + n.Data + attrs + ">" + inner.String() + "</" + n.Data + ">")
}

// frame makes of an embedded page a link to it.
func (k *walker) frame(n *html.Node) {
	ref := get(n, "src")
	if n.DataAtom == atom.Object {
		ref = get(n, "data")
	}
	if ref == "" || isPlaceholder(ref) || strings.HasPrefix(ref, "about:") {
		if v := get(n, "data-src"); v != "" {
			ref = v
		}
	}
	target := k.urls.source(ref)
	k.remove("<" + n.Data + "> " + ref)
	if n.DataAtom == atom.Object && n.FirstChild != nil {
		k.children(n)
		return
	}
	if target == "" || n.DataAtom == atom.Embed || isPixel(n) {
		return
	}
	target = watchPage(target)
	title := article.Line(k.tokens.inText(get(n, "title")))
	if title == "" {
		title = shortURL(target)
	}
	k.linkTo(target, title, true)
}

// linkTo writes a link, apart asks for a paragraph of its own.
func (k *walker) linkTo(target, title string, apart bool) {
	if apart {
		k.separate()
	}
	if k.inside("a") {
		k.text(title)
	} else {
		k.push(&span{tag: "a", attrs: attr("href", target)})
		k.text(title)
		k.pop()
	}
	if apart {
		k.separate()
	}
}

// watchPage is the page for people of a film that was embedded.
func watchPage(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	if id, ok := strings.CutPrefix(u.Path, "/embed/"); ok && (host == "youtube.com" || host == "youtube-nocookie.com") && id != "" && !strings.Contains(id, "/") && id != "videoseries" {
		return "https://www.youtube.com/watch?v=" + url.QueryEscape(id)
	}
	if id, ok := strings.CutPrefix(u.Path, "/video/"); ok && host == "player.vimeo.com" {
		return "https://vimeo.com/" + id
	}
	return target
}

// shortURL is what a link shows that has no words of its own.
func shortURL(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return target
	}
	s := strings.TrimPrefix(u.Host, "www.") + strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawQuery != "" && len(u.RawQuery) < 40 {
		s += "?" + u.RawQuery
	}
	return s
}
