package lint

const (
	feedClause  = "RFC 4287 §4.1.1"
	entryClause = "RFC 4287 §4.1.2"
)

var atomRules = []Rule{
	{"atom/version-03", Error, feedClause, "write Atom 1.0: xmlns=\"http://www.w3.org/2005/Atom\""},
	{"atom/missing-self", Warning, feedClause, "add <link rel=\"self\" href=\"…\"/>"},
	{"atom/missing-author", Error, entryClause, "give the feed or each entry an author"},
	{"atom/missing-content-or-alternate", Error, entryClause, "give the entry content, or a link rel=alternate"},
	{"atom/wanted-text", Warning, entryClause, "give the entry content or a summary"},
	{"atom/missing-summary", Error, entryClause, "add a summary: the content itself is elsewhere, or no text"},
	{"atom/misplaced-metadata", Error, feedClause, "let all entries follow the feed's other elements"},
	{"atom/duplicate-alternate", Error, feedClause, "keep one alternate link of a type and language"},
	{"atom/duplicate-id", Error, feedClause, "give each entry an id of its own"},
	{"atom/same-updated", Info, "RFC 4287 §4.2.15", "let each entry's date say when it was changed, as exactly as is known"},
	{"atom/id-form", Warning, "RFC 4287 §4.2.6.1", "write ids in their canonical form: they are compared letter by letter"},
	{"atom/text-markup", Error, "RFC 4287 §3.1.1", "escape markup in type=\"html\"; give type=\"xhtml\" a div"},
	{"atom/undeclared-html", Warning, "RFC 4287 §3.1.1.1", "say type=\"html\", or write plain text"},
	{"atom/html-title", Info, "RFC 4287 §4.2.14", "write plain text: many readers show the markup of a title"},
	{"atom/xhtml-div", Error, "RFC 4287 §3.1.1.3", "put the whole content into one <div xmlns=\"http://www.w3.org/1999/xhtml\">"},
	{"atom/xhtml-namespace", Error, "RFC 4287 §3.1.1.3", "write xmlns=\"http://www.w3.org/1999/xhtml\" on the div, and not xmlns=\"\" inside"},
	{"atom/xml-content", Error, "RFC 4287 §4.1.3.3", "content of an XML type is one element"},
	{"atom/content-type", Error, "RFC 4287 §4.1.3.1", "use text, html, xhtml or a media type that is not composite"},
	{"atom/content-src", Error, "RFC 4287 §4.1.3.2", "leave the element empty if it has src"},
	{"atom/wanted-content-type", Warning, "RFC 4287 §4.1.3.2", "say what type the content has that src points to"},
	{"atom/base64", Error, "RFC 4287 §4.1.3.3", "encode content of this type in base64"},
	{"atom/link-text", Warning, "RFC 4287 §4.2.7", "leave the element empty"},
	{"atom/category-text", Warning, "RFC 4287 §4.2.2", "put the name into term or label: text is shown by no reader"},
	{"link/rel", Warning, "RFC 4287 §4.2.7.2", "use a relation that IANA has registered, or an IRI"},
	{"link/same-document", Warning, "RFC 3986 §4.4", "write the whole address: this one means the feed itself"},
	{"link/relative-self", Warning, feedClause, "write the whole address"},
	{"link/self-type", Warning, "RFC 4287 §7", "write application/atom+xml or application/rss+xml"},
	{"link/self-mismatch", Warning, feedClause, "let rel=self be the address that readers fetch: some move their subscription to it"},
	{"link/wanted-length", Info, "RFC 4287 §4.2.7.6", "say how long the file is, so that readers can"},
}

var (
	atomPerson = &shape{vocabulary: "atom", clause: "RFC 4287 §3.2", kids: map[string]kid{
		"atom:name":  {min: 1, max: 1, shape: &shape{vocabulary: "atom", clause: "RFC 4287 §3.2.1", value: some(isPlain)}},
		"atom:uri":   {max: 1, shape: &shape{vocabulary: "atom", clause: "RFC 4287 §3.2.2", value: some(exact, isReference)}},
		"atom:email": {max: 1, shape: &shape{vocabulary: "atom", clause: "RFC 4287 §3.2.3", value: some(exact, isEmail)}},
	}}
	atomID        = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.6", value: every(exact, isIRI, canonicalID)}
	atomDate      = &shape{vocabulary: "atom", clause: "RFC 4287 §3.3", value: some(isRFC3339)}
	atomPicture   = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.5", value: some(exact, isReference)}
	atomText      = &shape{vocabulary: "atom", clause: "RFC 4287 §3.1", free: true, attrs: []attr{{name: "type", check: oneOf("text", "html", "xhtml")}}, also: textConstruct}
	atomTitle     = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.14", free: true, attrs: atomText.attrs, also: title}
	atomContent   = &shape{vocabulary: "atom", clause: "RFC 4287 §4.1.3", free: true, attrs: []attr{{name: "type"}, {name: "src", check: isReference}}, also: content}
	atomGenerator = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.4", value: some(), attrs: []attr{{name: "uri", check: isReference}, {name: "version", check: some()}}}
	atomCategory  = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.2", free: true, attrs: []attr{
		{name: "term", need: true, check: some()}, {name: "scheme", check: every(exact, isIRI)}, {name: "label", check: some(isPlain)},
	}, also: categoryText}
	atomLink = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.7", free: true, attrs: []attr{
		{name: "href", need: true, check: isReference}, {name: "rel", check: some(isRelation)}, {name: "type", check: isMediaType},
		{name: "hreflang", check: isLanguage}, {name: "title", check: some(isPlain)}, {name: "length", check: number(0)},
	}, also: linkRules}

	// atomMetadata are the elements of a feed that a source has too.
	atomMetadata = map[string]kid{
		"atom:author": {shape: atomPerson}, "atom:contributor": {shape: atomPerson}, "atom:category": {shape: atomCategory},
		"atom:generator": {max: 1, shape: atomGenerator}, "atom:icon": {max: 1, shape: atomPicture}, "atom:logo": {max: 1, shape: atomPicture},
		"atom:link": {shape: atomLink}, "atom:rights": {max: 1, shape: atomText}, "atom:subtitle": {max: 1, shape: atomText},
	}

	atomSource = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.11", also: sourceRules, kids: join(feedExtensions, atomMetadata, map[string]kid{
		"atom:id": {max: 1, want: true, shape: atomID}, "atom:title": {max: 1, want: true, shape: atomTitle}, "atom:updated": {max: 1, want: true, shape: atomDate},
	})}

	atomEntry = &shape{vocabulary: "atom", clause: entryClause, kids: join(itemExtensions, map[string]kid{
		"atom:id": {min: 1, max: 1, shape: atomID}, "atom:title": {min: 1, max: 1, shape: atomTitle},
		"atom:updated": {min: 1, max: 1, shape: atomDate}, "atom:published": {max: 1, shape: atomDate},
		"atom:author": {shape: atomPerson}, "atom:contributor": {shape: atomPerson}, "atom:category": {shape: atomCategory},
		"atom:link": {shape: atomLink}, "atom:rights": {max: 1, shape: atomText}, "atom:summary": {max: 1, shape: atomText},
		"atom:content": {max: 1, shape: atomContent}, "atom:source": {max: 1, shape: atomSource},
	}), also: entryRules}

	atomFeed = &shape{vocabulary: "atom", clause: feedClause, kids: join(feedExtensions, atomMetadata, map[string]kid{
		"atom:id": {min: 1, max: 1, shape: atomID}, "atom:title": {min: 1, max: 1, shape: atomTitle},
		"atom:updated": {min: 1, max: 1, shape: atomDate}, "atom:entry": {shape: atomEntry},
		"at:deleted-entry": {shape: tombstone},
	}), also: feedRules}
)

// atom judges a <feed> or <entry> document.
func (l *linter) atom(root *node) {
	if root.space != nsAtom {
		l.found(root.at, "xml/namespace", "<%s> is not in the namespace of Atom", root.name).Hint = "write xmlns=\"" + nsAtom + "\""
		space := root.space
		root.walk(func(n *node) {
			if n.space == space {
				n.space = nsAtom
			}
		})
	}
	if v, ok := root.attr("version"); ok {
		l.found(v.start(), "atom/version-03", "this is Atom %s, a draft that most readers no longer take", quote(v.s))
	}
	if root.name == "entry" {
		l.apply(root, atomEntry)
		return
	}
	l.apply(root, atomFeed)
}

// feedRules are what the tables cannot say of a feed.
func feedRules(l *linter, n *node) {
	var entry *node
	for _, k := range n.kids {
		switch {
		case k.is(nsAtom, "entry"):
			entry = k
		case entry != nil && k.space == nsAtom:
			l.found(k.at, "atom/misplaced-metadata", "<%s> stands behind an <entry>", k.label())
		}
	}
	entries := n.all(nsAtom, "entry")
	l.selfLink(n, "atom/missing-self")
	l.alternates(n)
	l.uniqueIDs(entries)
	l.history(n)
	l.tombstones(n, entries)
	l.podcast(n, entries)
}

// uniqueIDs wants an id once; twice only if the dates tell two states of one
// entry apart.
func (l *linter) uniqueIDs(entries []*node) {
	byID, dates := map[string]string{}, map[string]bool{}
	for _, e := range entries {
		updated := ""
		if u := e.first(nsAtom, "updated"); u != nil {
			updated = u.value().s
			if dates[updated] && updated != "" {
				l.found(u.place(), "atom/same-updated", "two entries were updated at %s", updated)
			}
			dates[updated] = true
		}
		id := e.first(nsAtom, "id")
		if id == nil || id.value().s == "" {
			continue
		}
		if before, twice := byID[id.value().s]; twice {
			f := l.found(id.place(), "atom/duplicate-id", "two entries have the id %s", quote(id.value().s))
			if before != updated {
				f.Severity = Warning
			}
		}
		byID[id.value().s] = updated
	}
}

// entryRules are what the tables cannot say of an entry.
func entryRules(l *linter, n *node) {
	l.alternates(n)
	l.entryLinks(n)
	if source := n.first(nsAtom, "source"); n.first(nsAtom, "author") == nil &&
		(source == nil || source.first(nsAtom, "author") == nil) && (n.parent == nil || n.parent.first(nsAtom, "author") == nil) {
		l.found(n.at, "atom/missing-author", "neither the entry nor its feed has an <author>")
	}
	c, summary := n.first(nsAtom, "content"), n.first(nsAtom, "summary")
	alternate := false
	for _, k := range n.all(nsAtom, "link") {
		alternate = alternate || relation(k) == "alternate"
	}
	switch {
	case c == nil && !alternate:
		l.found(n.at, "atom/missing-content-or-alternate", "the entry has neither <content> nor a link to it")
	case c == nil && summary == nil:
		l.found(n.at, "atom/wanted-text", "the entry has no text")
	case c == nil || summary != nil:
	default:
		if _, ok := c.attr("src"); ok {
			l.found(c.at, "atom/missing-summary", "the content is elsewhere, and there is no <summary>")
		} else if contentKind(c) == "base64" {
			l.found(c.at, "atom/missing-summary", "the content is no text, and there is no <summary>")
		}
	}
}

func sourceRules(l *linter, n *node) { l.alternates(n) }

// alternates wants one alternate link of a type and language.
func (l *linter) alternates(n *node) {
	seen := map[[2]string]bool{}
	for _, k := range n.all(nsAtom, "link") {
		if key := [2]string{k.get("type"), k.get("hreflang")}; relation(k) == "alternate" {
			if seen[key] {
				l.found(k.at, "atom/duplicate-alternate", "<%s> has two alternate links of one type and language", n.label())
			}
			seen[key] = true
		}
	}
}
