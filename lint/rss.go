package lint

import "strings"

const (
	rssClause  = "RSS 2.0: Required channel elements"
	itemClause = "RSS 2.0: Elements of item"
)

var rssRules = []Rule{
	{"rss/version", Error, "RSS 2.0: What is RSS?", "write <rss version=\"2.0\">"},
	{"rss/old-version", Warning, "RSS 2.0: What is RSS?", "write RSS 2.0: some readers know no older one"},
	{"rss/rdf", Info, "RSS 1.0", "only the XML is judged: write RSS 2.0 or Atom"},
	{"rss/namespace", Error, "RSS 2.0: Extending RSS", "leave xmlns off the elements of RSS"},
	{"rss/empty-item", Error, itemClause, "give the item a title or a description"},
	{"rss/wanted-guid", Warning, "RSS 2.0: guid", "give each item a permanent id, or readers show it again after an edit"},
	{"rss/guid-not-permalink", Error, "RSS 2.0: guid", "add isPermaLink=\"false\""},
	{"rss/guid-weak", Warning, "RSS 2.0: guid", "use an id that no other feed has, as a tag: or urn:uuid: URI"},
	{"rss/duplicate-guid", Error, "RSS 2.0: guid", "give each item an id of its own"},
	{"rss/image-format", Warning, "RSS 2.0: image", "use GIF, JPEG or PNG"},
	{"rss/image-size", Error, "RSS 2.0: image", "the width is at most 144, the height at most 400"},
	{"rss/repeated-hour", Error, "RSS 2.0: skipHours", "name an hour once"},
	{"rss/enclosure-type", Warning, "RSS 2.0: enclosure", "let type and the file's name agree: some readers go by the one, some by the other"},
	{"rss/no-items", Info, "RSS 2.0: Elements of item", "a feed may be empty, but some readers refuse to subscribe to it"},
}

var (
	plainText = &shape{vocabulary: "rss", clause: rssClause, value: some(isPlain)}
	urlText   = &shape{vocabulary: "rss", clause: "RSS 2.0: Comments on URLs", value: every(exact, isURL)}
	contact   = &shape{vocabulary: "rss", clause: "RSS 2.0: author", value: some(isContact)}
	date822   = &shape{vocabulary: "rss", clause: "RSS 2.0: pubDate", value: some(isRFC822)}
	anyText   = &shape{vocabulary: "rss", clause: rssClause, value: anything}

	rssCategory = &shape{vocabulary: "rss", clause: "RSS 2.0: category", value: some(isPlain), attrs: []attr{{name: "domain"}}}

	rssImage = &shape{vocabulary: "rss", clause: "RSS 2.0: image", kids: map[string]kid{
		"url": {min: 1, max: 1, shape: urlText}, "title": {min: 1, max: 1, shape: plainText}, "link": {min: 1, max: 1, shape: urlText},
		"width":       {max: 1, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: image", value: pixels(144)}},
		"height":      {max: 1, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: image", value: pixels(400)}},
		"description": {max: 1, shape: anyText},
	}, also: imageFormat}

	rssCloud = &shape{vocabulary: "rss", clause: "RSS 2.0: cloud", attrs: []attr{
		{name: "domain", need: true}, {name: "port", need: true, check: number(1)}, {name: "path", need: true},
		{name: "registerProcedure", need: true}, {name: "protocol", need: true, check: oneOf("http-post", "xml-rpc", "soap")},
	}}

	rssTextInput = &shape{vocabulary: "rss", clause: "RSS 2.0: textInput", kids: map[string]kid{
		"title": {min: 1, max: 1, shape: plainText}, "description": {min: 1, max: 1, shape: plainText},
		"name": {min: 1, max: 1, shape: plainText}, "link": {min: 1, max: 1, shape: urlText},
	}}

	rssSkipHours = &shape{vocabulary: "rss", clause: "RSS 2.0: skipHours", kids: map[string]kid{
		"hour": {min: 1, max: 24, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: skipHours", value: hour}},
	}, also: distinct}
	rssSkipDays = &shape{vocabulary: "rss", clause: "RSS 2.0: skipDays", kids: map[string]kid{
		"day": {min: 1, max: 7, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: skipDays",
			value: oneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}},
	}, also: distinct}

	rssEnclosure = &shape{vocabulary: "rss", clause: "RSS 2.0: enclosure", attrs: []attr{
		{name: "url", need: true, check: isWeb}, {name: "length", need: true, check: number(0)},
		{name: "type", need: true, check: isMediaType},
	}, also: enclosureType}

	rssItem = &shape{vocabulary: "rss", clause: itemClause, kids: join(map[string]kid{
		"title": {max: 1, shape: plainText}, "link": {max: 1, shape: urlText},
		"description": {max: 1, shape: &shape{vocabulary: "rss", clause: itemClause, value: isHTML}},
		"author":      {max: 1, shape: contact}, "category": {shape: rssCategory}, "comments": {max: 1, shape: urlText},
		"enclosure": {shape: rssEnclosure},
		"guid":      {max: 1, want: true, clause: "RSS 2.0: guid", shape: &shape{vocabulary: "rss", clause: "RSS 2.0: guid", value: exact, attrs: []attr{{name: "isPermaLink", check: oneOf("true", "false")}}, also: permalink}},
		"pubDate":   {max: 1, shape: date822},
		"source":    {max: 1, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: source", value: isPlain, attrs: []attr{{name: "url", need: true, check: isURL}}}},
	}, itemExtensions), also: rssItemRules}

	rssChannel = &shape{vocabulary: "rss", clause: rssClause, kids: join(map[string]kid{
		"title": {min: 1, max: 1, shape: plainText}, "link": {min: 1, max: 1, shape: urlText},
		"description": {min: 1, max: 1, shape: &shape{vocabulary: "rss", clause: rssClause, value: isPlain}},
		"language":    {max: 1, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: language", value: isLanguage}},
		"copyright":   {max: 1, shape: plainText}, "managingEditor": {max: 1, shape: contact}, "webMaster": {max: 1, shape: contact},
		"pubDate": {max: 1, shape: date822}, "lastBuildDate": {max: 1, shape: date822},
		"category": {shape: rssCategory}, "generator": {max: 1, shape: anyText}, "docs": {max: 1, shape: urlText},
		"cloud": {max: 1, shape: rssCloud}, "ttl": {max: 1, shape: &shape{vocabulary: "rss", clause: "RSS 2.0: ttl", value: number(1)}},
		"image": {max: 1, shape: rssImage}, "rating": {max: 1, shape: anyText}, "textInput": {max: 1, shape: rssTextInput},
		"skipHours": {max: 1, shape: rssSkipHours}, "skipDays": {max: 1, shape: rssSkipDays}, "item": {shape: rssItem},
	}, feedExtensions), also: rssChannelRules}

	rssRoot = &shape{vocabulary: "rss", clause: "RSS 2.0: What is RSS?", attrs: []attr{{name: "version", need: true}}, kids: map[string]kid{
		"channel": {min: 1, max: 1, shape: rssChannel},
	}}
)

// rss judges an <rss> document.
func (l *linter) rss(root *node) {
	switch v, _ := root.attr("version"); {
	case v.s == "" || v.s == "2.0":
	case strings.HasPrefix(v.s, "2.") || v.s == "0.91" || v.s == "0.92" || v.s == "0.93" || v.s == "0.94":
		l.found(v.start(), "rss/old-version", "the version is %s", quote(v.s))
	default:
		l.found(v.start(), "rss/version", "the version is %s", quote(v.s))
	}
	if root.space != "" {
		l.found(root.at, "rss/namespace", "the elements of RSS are in the namespace %s", root.space)
		bare(root, root.space)
	}
	l.apply(root, rssRoot)
}

// bare takes elements out of a namespace that they should not be in, so that
// the rest can be judged.
func bare(root *node, space string) {
	root.walk(func(n *node) {
		if n.space == space {
			n.space = ""
		}
	})
}

func pixels(most int) check {
	return func(l *linter, v value) {
		limit := number(1)
		if s := strings.TrimSpace(v.s); len(s) > 9 || atoi(s) > most {
			l.found(v.trim().start(), "rss/image-size", "%s is %s, more than %d", v.name, quote(v.s), most)
			return
		}
		limit(l, v)
	}
}

func atoi(s string) int {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1e8 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func hour(l *linter, v value) {
	number(0)(l, v)
	if n := atoi(strings.TrimSpace(v.s)); n > 23 {
		l.found(v.trim().start(), "value/number", "%s is %d, and a day has the hours 0 to 23", v.name, n)
	}
}

// distinct wants all children to differ.
func distinct(l *linter, n *node) {
	seen := map[string]bool{}
	for _, k := range n.kids {
		s := k.value().s
		if seen[s] {
			l.found(k.at, "rss/repeated-hour", "<%s> names %s twice", n.label(), quote(s))
		}
		seen[s] = true
	}
}

func imageFormat(l *linter, n *node) {
	u := n.first("", "url")
	if u == nil {
		return
	}
	switch s := suffix(u.value().s); s {
	case "", ".gif", ".jpg", ".jpeg", ".png":
	default:
		if len(s) <= 5 {
			l.found(u.place(), "rss/image-format", "the picture's name ends in %s", s)
		}
	}
}

// permalink judges a guid: by default it must be an address to open.
func permalink(l *linter, n *node) {
	s := n.value().s
	if s == "" {
		l.found(n.at, "value/blank", "<guid> is empty").Severity = Error
		return
	}
	if n.get("isPermaLink") == "false" {
		if len(s) < 9 && atoi(s) >= 0 {
			l.found(n.place(), "rss/guid-weak", "the guid is %s, which other feeds have too", quote(s))
		}
	} else if rule, why := fault(s); rule == "" && !web(s) || rule != "" && rule != "url/iri" {
		if why == "" {
			why = "is no web address"
		}
		l.found(n.place(), "rss/guid-not-permalink", "the guid is a permalink, but %s %s", quote(s), why)
	}
}

// kindOfSuffix is the first half of the media type of a file by its name.
var kindOfSuffix = map[string]string{
	".mp3": "audio", ".m4a": "audio", ".oga": "audio", ".opus": "audio", ".wav": "audio", ".flac": "audio", ".aac": "audio",
	".m4v": "video", ".mov": "video", ".webm": "video", ".avi": "video", ".mkv": "video",
	".jpg": "image", ".jpeg": "image", ".png": "image", ".gif": "image", ".webp": "image", ".svg": "image", ".avif": "image",
	".pdf": "application", ".epub": "application", ".zip": "application",
}

func enclosureType(l *linter, n *node) {
	typ, _, _ := strings.Cut(strings.ToLower(n.get("type")), "/")
	if want := kindOfSuffix[suffix(n.get("url"))]; want != "" && typ != want && typ != "" && mediaType(n.get("type")) {
		v, _ := n.attr("type")
		l.found(v.start(), "rss/enclosure-type", "the type is %s, but the name ends in %s", quote(v.s), suffix(n.get("url")))
	}
}
