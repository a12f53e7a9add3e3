package lint

import "strings"

const opmlClause = "OPML 2.0"

var opmlRules = []Rule{
	{"opml/version", Error, "OPML 2.0: What is an OPML file?", "write version=\"2.0\""},
	{"opml/old-version", Warning, "OPML 2.0: What is an OPML file?", "write version=\"2.0\""},
	{"opml/missing-text", Error, "OPML 2.0: Text attribute", "give each outline a text: it is what readers show"},
	{"opml/missing-xmlUrl", Error, "OPML 2.0: Subscription lists", "add xmlUrl, the feed's address"},
	{"opml/wanted-title", Warning, "OPML 2.0: Subscription lists", "add title, the feed's own title"},
	{"opml/wanted-htmlUrl", Info, "OPML 2.0: Subscription lists", "add htmlUrl, the site's address"},
	{"opml/missing-url", Error, "OPML 2.0: Inclusion", "add url, what is linked or included"},
	{"opml/missing-type", Warning, "OPML 2.0: Subscription lists", "add type=\"rss\", for Atom too"},
	{"opml/outline-version", Warning, "OPML 2.0: Subscription lists", "write RSS, RSS1, RSS2 or scriptingNews, or leave it out: Atom has none"},
	{"opml/type", Warning, "OPML 2.0: Subscription lists", "write rss for every feed, or link or include"},
	{"opml/empty-body", Error, "OPML 2.0: What is a <body>?", "a body holds at least one outline"},
	{"opml/duplicate-feed", Info, "OPML 2.0: Subscription lists", "list each feed once"},
}

var (
	opmlText   = &shape{vocabulary: "opml", clause: "OPML 2.0: What is a <head>?", value: anything}
	opmlDate   = &shape{vocabulary: "opml", clause: "OPML 2.0: What is a <head>?", value: isRFC822}
	opmlNumber = &shape{vocabulary: "opml", clause: "OPML 2.0: What is a <head>?", value: number(0)}

	opmlHead = &shape{vocabulary: "opml", clause: "OPML 2.0: What is a <head>?", kids: map[string]kid{
		"title": {max: 1, want: true, shape: opmlText}, "dateCreated": {max: 1, shape: opmlDate}, "dateModified": {max: 1, shape: opmlDate},
		"ownerName": {max: 1, shape: opmlText}, "ownerEmail": {max: 1, shape: extra("opml", opmlClause, isEmail)},
		"ownerId": {max: 1, shape: extra("opml", opmlClause, isWeb)}, "docs": {max: 1, shape: extra("opml", opmlClause, isWeb)},
		"expansionState":  {max: 1, shape: extra("opml", opmlClause, matching(expansion, "line numbers with commas"))},
		"vertScrollState": {max: 1, shape: opmlNumber}, "windowTop": {max: 1, shape: opmlNumber}, "windowLeft": {max: 1, shape: opmlNumber},
		"windowBottom": {max: 1, shape: opmlNumber}, "windowRight": {max: 1, shape: opmlNumber},
	}}
	expansion = pattern(`^(\d+(,\s*\d+)*)?$`)

	opmlRoot = &shape{vocabulary: "opml", clause: "OPML 2.0: What is an OPML file?", attrs: []attr{{name: "version", need: true}}, kids: map[string]kid{
		"head": {min: 1, max: 1, shape: opmlHead}, "body": {min: 1, max: 1, shape: &shape{vocabulary: "opml", free: true}},
	}}

	// An <outline> may have any other attribute too.
	outlineAttr = []attr{
		{name: "created", check: isRFC822}, {name: "htmlUrl", check: isURL}, {name: "xmlUrl", check: isURL}, {name: "url", check: isURL},
		{name: "isComment", check: isBoolean}, {name: "isBreakpoint", check: isBoolean},
		{name: "version", check: outlineVersion},
	}
)

func outlineVersion(l *linter, v value) {
	switch v.s {
	case "RSS", "RSS1", "RSS2", "scriptingNews":
	default:
		l.found(v.start(), "opml/outline-version", "the version is %s", quote(v.s))
	}
}

// opml judges an <opml> document.
func (l *linter) opml(root *node) {
	switch v, _ := root.attr("version"); v.s {
	case "", "2.0":
	case "1.0", "1.1":
		l.found(v.start(), "opml/old-version", "the version is %s", quote(v.s))
	default:
		l.found(v.start(), "opml/version", "the version is %s", quote(v.s))
	}
	l.apply(root, opmlRoot)
	body := root.first("", "body")
	if body == nil {
		return
	}
	if body.first("", "outline") == nil {
		l.found(body.at, "opml/empty-body", "the body holds no outline")
	}
	feeds := map[string]bool{}
	body.walk(func(n *node) {
		switch {
		case n == body || n.space != "" || l.ctx.Err() != nil:
		case n.name != "outline":
			l.found(n.at, "opml/unknown-element", "<%s> knows no <%s>", n.parent.label(), n.name).Clause = opmlClause
		default:
			l.outline(n, feeds)
		}
		if n.value().s != "" {
			l.found(n.place(), "opml/unexpected-text", "<%s> may not hold text", n.label()).Clause = opmlClause
		}
	})
}

func (l *linter) outline(n *node, feeds map[string]bool) {
	for _, a := range outlineAttr {
		if v, ok := n.attr(a.name); ok {
			a.check(l, valueOfAttr(n, a.name, v))
		}
	}
	if v, ok := n.attr("text"); !ok || strings.TrimSpace(v.s) == "" {
		l.found(n.at, "opml/missing-text", "the outline has no text")
	}
	_, hasFeed := n.attr("xmlUrl")
	switch typ := n.get("type"); strings.ToLower(typ) {
	case "rss":
		l.subscription(n, hasFeed, feeds)
	case "link", "include":
		if n.get("url") == "" {
			l.found(n.at, "opml/missing-url", "the outline is of type %s, and has no url", typ)
		}
	case "":
		if hasFeed {
			l.found(n.at, "opml/missing-type", "the outline has xmlUrl, and no type")
		}
	case "atom", "atom1", "rss2", "json", "feed":
		v, _ := n.attr("type")
		l.found(v.start(), "opml/type", "the type is %s", quote(typ))
	}
}

func (l *linter) subscription(n *node, hasFeed bool, feeds map[string]bool) {
	if !hasFeed {
		l.found(n.at, "opml/missing-xmlUrl", "the outline is of type rss, and has no xmlUrl")
	}
	for _, name := range []string{"title", "htmlUrl"} {
		if _, ok := n.attr(name); !ok {
			l.found(n.at, "opml/wanted-"+name, "the outline has no %s", name)
		}
	}
	if at := n.get("xmlUrl"); at != "" {
		if feeds[at] {
			l.found(n.at, "opml/duplicate-feed", "the feed %s is listed twice", quote(at))
		}
		feeds[at] = true
	}
}
