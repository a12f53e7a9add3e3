package lint

var archiveRules = []Rule{
	{"archive/complete-with-links", Error, "RFC 5005 §2", "a complete feed has no other pages: take the links out"},
	{"archive/past-end", Error, "RFC 5005 §3", "the first page has no previous one, the last no next one"},
	{"archive/missing-current", Warning, "RFC 5005 §4", "link to the subscription document with rel=current"},
	{"archive/incomplete", Warning, "RFC 5005 §4", "link to its neighbours with rel=prev-archive and next-archive"},
	{"archive/link-in-entry", Warning, "RFC 5005 §3", "let the link stand in the feed"},
	{"archive/self-loop", Error, "RFC 5005 §4", "an archive document is not its own neighbour"},
	{"archive/repeated-link", Warning, "RFC 5005 §3", "keep one link of this relation"},
	{"at/live-entry", Error, "RFC 6721 §3", "take either the entry or its tombstone out"},
	{"at/late-tombstone", Warning, "RFC 6721 §3; RFC 4287 §4.1.1", "let tombstones stand before the first entry: the grammar of Atom takes them nowhere else"},
	{"thr/when", Error, "RFC 4685 §4", "thr:when was a draft's name: write thr:updated"},
	{"thr/count", Error, "RFC 4685 §4", "use thr:count and thr:updated with rel=\"replies\" only"},
}

var (
	historyMark = &shape{vocabulary: "fh", clause: "RFC 5005 §2, §4"}

	archiveInFeed = map[string]kid{
		"fh:complete": {max: 1, shape: historyMark}, "fh:archive": {max: 1, shape: historyMark},
	}
	archiveInItem = map[string]kid{
		"thr:in-reply-to": {shape: &shape{vocabulary: "thr", clause: "RFC 4685 §3", free: true, attrs: []attr{
			{name: "ref", need: true, check: isIRI}, {name: "href", check: isReference}, {name: "source", check: isReference}, {name: "type", check: isMediaType},
		}}},
		"thr:total": {max: 1, shape: extra("thr", "RFC 4685 §5", number(0))},
	}

	tombstone = &shape{vocabulary: "at", clause: "RFC 6721 §3", attrs: []attr{
		{name: "ref", need: true, check: isIRI}, {name: "when", need: true, check: isRFC3339},
	}, kids: map[string]kid{
		"at:by": {max: 1, shape: atomPerson}, "at:comment": {max: 1, shape: atomText}, "atom:link": {shape: atomLink},
		"atom:source": {max: 1, shape: atomSourceInItem},
	}}
)

// pageLinks are the relations of RFC 5005.
var pageLinks = set("first", "last", "next", "previous", "prev-archive", "next-archive", "current")

// history judges the links between the documents of one feed.
func (l *linter) history(n *node) {
	self, at := "", map[string]*node{}
	for _, k := range n.all(nsAtom, "link") {
		rel := relation(k)
		if rel == "self" && self == "" {
			self = k.get("href")
		}
		if !pageLinks[rel] {
			continue
		}
		if at[rel] != nil {
			l.found(k.at, "archive/repeated-link", "<%s> has two links rel=%s", n.label(), rel)
		}
		at[rel] = k
	}
	complete, archive := n.first(nsHistory, "complete"), n.first(nsHistory, "archive")
	if complete != nil {
		for rel, k := range at {
			if rel != "current" || !sameAddress(k.get("href"), self) {
				l.found(k.at, "archive/complete-with-links", "the feed is complete, and has a link rel=%s", rel)
			}
		}
	}
	l.ends(at, self)
	if archive == nil || complete != nil {
		return
	}
	if at["prev-archive"] == nil && at["next-archive"] == nil {
		l.found(archive.at, "archive/incomplete", "the archive document links to no other")
	}
	if at["current"] == nil {
		l.found(archive.at, "archive/missing-current", "the archive document does not link to the feed that it belongs to")
	}
}

// ends judges the first and the last page, and links to the page itself.
func (l *linter) ends(at map[string]*node, self string) {
	for _, end := range [][2]string{{"first", "previous"}, {"last", "next"}} {
		a, b := at[end[0]], at[end[1]]
		if a != nil && b != nil && self != "" && sameAddress(a.get("href"), self) {
			l.found(b.at, "archive/past-end", "this is the %s page, and has a link rel=%s", end[0], end[1])
		}
	}
	for _, rel := range []string{"next", "previous", "prev-archive", "next-archive"} {
		if k := at[rel]; k != nil && self != "" && k.get("href") != "" && sameAddress(k.get("href"), self) {
			l.found(k.at, "archive/self-loop", "the link rel=%s leads to the document itself", rel)
		}
	}
}

// entryLinks wants the links between documents out of entries.
func (l *linter) entryLinks(n *node) {
	for _, k := range n.all(nsAtom, "link") {
		if rel := relation(k); pageLinks[rel] {
			l.found(k.at, "archive/link-in-entry", "a link rel=%s stands in <%s>", rel, n.label())
		}
	}
}

// tombstones judges what is said of withdrawn entries (RFC 6721 §3).
func (l *linter) tombstones(n *node, entries []*node) {
	live := map[string]string{}
	for _, e := range entries {
		id, updated := e.first(nsAtom, "id"), e.first(nsAtom, "updated")
		if id != nil && updated != nil {
			live[id.value().s] = updated.value().s
		}
	}
	for _, k := range n.all(nsTombstones, "deleted-entry") {
		if len(entries) > 0 && k.at > entries[0].at {
			l.found(k.at, "at/late-tombstone", "a tombstone stands behind an entry")
		}
		when, ok := parse3339(k.get("when"))
		if updated, ok2 := parse3339(live[k.get("ref")]); ok && ok2 && !when.After(updated) {
			l.found(k.at, "at/live-entry", "the entry %s is deleted, and in the feed with a later date", quote(k.get("ref")))
		}
	}
}

// threadLink judges thr:count and thr:updated of a link (RFC 4685 §4).
func (l *linter) threadLink(n *node) {
	if v, ok := n.attrIn(nsThread, "when"); ok {
		l.found(v.start(), "thr/when", "thr:when stands on a link")
	}
	for _, name := range []string{"count", "updated"} {
		v, ok := n.attrIn(nsThread, name)
		switch {
		case !ok:
		case relation(n) != "replies":
			l.found(v.start(), "thr/count", "thr:%s stands on a link rel=%s", name, relation(n))
		case name == "count":
			number(0)(l, valueOfAttr(n, "thr:count", v))
		default:
			isRFC3339(l, valueOfAttr(n, "thr:updated", v))
		}
	}
}
