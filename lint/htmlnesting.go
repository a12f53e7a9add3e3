package lint

var (
	void = set("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "keygen")
	// activeElements load or run what is not the text.
	activeElements = set("iframe", "object", "embed", "applet", "frame", "link", "meta", "base", "style", "form", "portal", "plaintext")
	// elements are those of HTML, old ones too, but for the void ones.
	elements = set("a", "abbr", "acronym", "address", "applet", "article", "aside", "audio", "b", "bdi", "bdo", "big",
		"blockquote", "body", "button", "canvas", "caption", "center", "cite", "code", "colgroup", "data", "datalist", "dd",
		"del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "font",
		"footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html", "i",
		"iframe", "ins", "kbd", "label", "legend", "li", "listing", "main", "map", "mark", "math", "menu", "meter", "nav",
		"nobr", "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "picture", "plaintext", "pre",
		"progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search", "section", "select", "slot",
		"small", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template",
		"textarea", "tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video", "xmp")
	// optionalEnd may be left open (HTML §13.1.2.4).
	optionalEnd = set("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "option", "optgroup", "rt", "rp", "rb", "rtc", "html", "head", "body")
	// blocks close an open <p> (HTML §13.2.6.4.7).
	blocks = set("address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "listing", "main", "menu",
		"nav", "ol", "p", "pre", "search", "section", "summary", "table", "ul", "plaintext", "xmp")
	// closes says which open elements a start tag ends by itself.
	closes = map[string][]string{
		"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "option": {"option"}, "optgroup": {"option", "optgroup"},
		"tr": {"tr", "td", "th", "caption", "colgroup"}, "td": {"td", "th"}, "th": {"td", "th"},
		"tbody": {"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"},
		"thead": {"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"},
		"tfoot": {"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"},
		"rt":    {"rt", "rp"}, "rp": {"rt", "rp"},
	}
	// inTable may stand directly in a table's parts.
	inTable = map[string]map[string]bool{
		"table": set("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "script", "template", "style", "td", "th", "form", "input"),
		"tbody": set("tr", "td", "th", "script", "template", "tbody", "thead", "tfoot"),
		"thead": set("tr", "td", "th", "script", "template", "tbody", "thead", "tfoot"),
		"tfoot": set("tr", "td", "th", "script", "template", "tbody", "thead", "tfoot"),
		"tr":    set("td", "th", "script", "template", "tr", "tbody", "thead", "tfoot"),
	}
	// tableParts stand in tables only.
	tableParts = set("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th")
	// walls are elements that no implied end tag reaches over.
	walls      = set("table", "td", "th", "caption", "ul", "ol", "dl", "blockquote", "div", "section", "article", "button", "object", "template", "select", "figure", "details")
	tableWalls = set("table", "template")
	textWalls  = set("button", "td", "th", "caption", "table", "object", "template")
)

// nest ends what a start tag ends, and reports where it may not stand.
func (r *htmlReader) nest(name string, at int) {
	if blocks[name] {
		r.imply("p", textWalls)
	}
	for _, c := range closes[name] {
		outer := walls
		if tableParts[name] {
			outer = tableWalls
		}
		r.imply(c, outer)
	}
	top := ""
	if len(r.open) > 0 {
		top = r.open[len(r.open)-1].name
	}
	switch allowed, ok := inTable[top]; {
	case ok && !allowed[name]:
		r.found(at, "html/nesting", "%s lets <%s> stand directly in <%s>", r.v.name, name, top)
	case tableParts[name] && !ok && !(name == "col" && top == "colgroup") && !r.within("table"):
		r.found(at, "html/nesting", "%s lets <%s> stand outside a table", r.v.name, name)
	case name == "a" && r.within("a"):
		r.found(at, "html/nesting", "%s lets <a> stand in <a>", r.v.name)
		r.imply("a", nil)
	case heading(name) && heading(top):
		r.found(at, "html/nesting", "%s lets <%s> stand in <%s>", r.v.name, name, top)
	}
}

func heading(name string) bool {
	return len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
}

func (r *htmlReader) within(name string) bool {
	return r.count[name] > 0
}

// imply ends the innermost open element of a name, and all in it, unless a
// wall stands between.
func (r *htmlReader) imply(name string, walls map[string]bool) {
	for i := len(r.open) - 1; i >= 0 && r.count[name] > 0; i-- {
		switch t := r.open[i].name; {
		case t == name:
			r.drop(i)
			return
		case walls[t]:
			return
		}
	}
}

// drop ends the open elements from i on, reporting those inside that were to
// be closed.
func (r *htmlReader) drop(i int) {
	for _, t := range r.open[min(i+1, len(r.open)):] {
		if !optionalEnd[t.name] && r.foreign == 0 {
			r.found(t.at, "html/unclosed", "%s leaves <%s> open", r.v.name, t.name)
		}
	}
	for _, t := range r.open[i:] {
		r.count[t.name]--
	}
	r.open = r.open[:i]
}

func (r *htmlReader) end(name string, at int) {
	if r.below > 0 {
		r.below--
		return
	}
	for i := len(r.open) - 1; i >= 0 && r.count[name] > 0; i-- {
		if r.open[i].name == name {
			r.drop(i)
			if name == "svg" || name == "math" {
				r.foreign = max(0, r.foreign-1)
			}
			return
		}
	}
	switch {
	case void[name]:
		r.found(at, "html/stray-end", "%s closes <%s>, which is never open", r.v.name, name)
	default:
		r.found(at, "html/stray-end", "%s closes <%s>, which is not open", r.v.name, name)
	}
}
