package lint

import "strings"

var profileRules = []Rule{
	{"profile/missing-self", Warning, "RSS Best Practices Profile: atom:link", "add <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"…\"/> to the channel"},
	{"profile/item-order", Warning, "RSS Best Practices Profile: item", "let all items follow the channel's other elements"},
	{"profile/image-title", Warning, "RSS Best Practices Profile: image", "repeat the channel's title"},
	{"profile/image-link", Warning, "RSS Best Practices Profile: image", "repeat the channel's link"},
	{"profile/text-input", Warning, "RSS Best Practices Profile: textInput", "leave it out: no reader shows it"},
	{"profile/content-without-description", Warning, "RSS Best Practices Profile: content:encoded", "put a description before it, or put the text into description"},
	{"profile/duplicate-semantics", Warning, "RSS Best Practices Profile: Namespace Elements", "keep the one of RSS"},
	{"profile/comments-without-date", Warning, "RSS Best Practices Profile: slash:comments", "add lastBuildDate to the channel"},
	{"profile/several-enclosures", Warning, "RSS Best Practices Profile: enclosure", "keep one: readers take the first or the last; Media RSS carries more"},
	{"profile/wanted-language", Info, "RSS Best Practices Profile: language", "say what language the channel is in"},
}

// rivals are elements that say the same thing twice.
var rivals = map[bool][][2]string{
	true: { // in the channel
		{"managingEditor", "dc:creator"}, {"pubDate", "dc:date"}, {"category", "dc:subject"}, {"webMaster", "dc:publisher"},
		{"language", "dc:language"}, {"copyright", "dc:rights"}, {"lastBuildDate", "dcterms:modified"},
	},
	false: { // in an item
		{"author", "dc:creator"}, {"pubDate", "dc:date"}, {"category", "dc:subject"}, {"guid", "atom:id"},
		{"pubDate", "atom:published"}, {"source", "dc:source"}, {"description", "xhtml:body"}, {"description", "atom:content"},
	},
}

func duplicateSemantics(l *linter, n *node, channel bool) {
	have := map[string]*node{}
	for _, k := range n.kids {
		if _, ok := have[k.key()]; !ok {
			have[k.key()] = k
		}
	}
	for _, r := range rivals[channel] {
		a, b := have[r[0]], have[r[1]]
		if a != nil && b != nil {
			l.found(max(a.at, b.at), "profile/duplicate-semantics", "<%s> and <%s> say the same", r[0], r[1])
		}
	}
}

// rssChannelRules are what the tables cannot say of a channel.
func rssChannelRules(l *linter, n *node) {
	duplicateSemantics(l, n, true)
	l.itemOrder(n)
	l.imageAgrees(n)
	if t := n.first("", "textInput"); t != nil {
		l.found(t.at, "profile/text-input", "the channel has a <textInput>")
	}
	if n.first("", "language") == nil && n.first(nsDC, "language") == nil {
		l.found(n.at, "profile/wanted-language", "the channel names no language")
	}
	items := n.all("", "item")
	if len(items) == 0 && n.first(nsPodcast, "liveItem") == nil && !isPodcastList(n) {
		l.found(n.at, "rss/no-items", "the channel has no items")
	}
	l.uniqueGUIDs(items)
	for _, it := range items {
		if c := it.first(nsSlash, "comments"); c != nil && n.first("", "lastBuildDate") == nil {
			l.found(c.at, "profile/comments-without-date", "slash:comments is used, but the channel has no <lastBuildDate>")
			break
		}
	}
	l.selfLink(n, "profile/missing-self")
	l.history(n)
	l.podcast(n, items)
}

func (l *linter) uniqueGUIDs(items []*node) {
	seen := map[string]bool{}
	for _, it := range items {
		if g := it.first("", "guid"); g != nil && g.value().s != "" {
			if seen[g.value().s] {
				l.found(g.place(), "rss/duplicate-guid", "the guid %s stands for two items", quote(g.value().s))
			}
			seen[g.value().s] = true
		}
	}
}

// itemOrder wants the channel's own elements before the items.
func (l *linter) itemOrder(n *node) {
	var item *node
	for _, k := range n.kids {
		if k.is("", "item") {
			item = k
		} else if item != nil && (k.space == "" || k.is(nsAtom, "link")) {
			l.found(k.at, "profile/item-order", "<%s> stands behind an <item>", k.label())
		}
	}
}

func (l *linter) imageAgrees(n *node) {
	image := n.first("", "image")
	if image == nil {
		return
	}
	for _, name := range []string{"title", "link"} {
		ours, its := n.first("", name), image.first("", name)
		if ours != nil && its != nil && ours.value().s != its.value().s {
			l.found(its.place(), "profile/image-"+name, "the image's %s is %s, the channel's %s", name, quote(its.value().s), quote(ours.value().s))
		}
	}
}

// rssItemRules are what the tables cannot say of an item.
func rssItemRules(l *linter, n *node) {
	duplicateSemantics(l, n, false)
	title, description := n.first("", "title"), n.first("", "description")
	if title == nil && description == nil {
		l.found(n.at, "rss/empty-item", "the item has neither <title> nor <description>")
	}
	if c := n.first(nsContent, "encoded"); c != nil && (description == nil || description.at > c.at) {
		l.found(c.at, "profile/content-without-description", "no <description> stands before <content:encoded>")
	}
	if e := n.all("", "enclosure"); len(e) > 1 {
		l.found(e[1].at, "profile/several-enclosures", "the item has %d enclosures", len(e))
	}
	l.entryLinks(n)
}

// selfLink wants a link rel=self, and compares it with where the document was
// fetched.
func (l *linter) selfLink(n *node, missing string) {
	var self *node
	for _, k := range n.all(nsAtom, "link") {
		if k.get("rel") == "self" {
			self = k
			break
		}
	}
	if self == nil {
		l.found(n.at, missing, "<%s> does not say where it is to be found", n.label())
		return
	}
	href, _ := self.attr("href")
	if web(href.s) {
		l.sameAsFetched(href)
	} else if href.s != "" && !strings.Contains(self.base(), "://") {
		l.found(href.start(), "link/relative-self", "rel=self is %s", quote(href.s))
	}
	if t, ok := self.attr("type"); ok && !feedType(t.s) {
		l.found(t.start(), "link/self-type", "the type of rel=self is %s", quote(t.s))
	}
}

func feedType(s string) bool {
	s, _, _ = strings.Cut(s, ";")
	return s == "application/atom+xml" || s == "application/rss+xml" || s == "application/rdf+xml"
}

func (l *linter) sameAsFetched(self text) {
	if web(l.o.URL) && !sameAddress(self.s, l.o.URL) {
		l.found(self.start(), "link/self-mismatch", "the feed says that it is at %s, but it was found at %s", quote(self.s), quote(l.o.URL))
	}
}
