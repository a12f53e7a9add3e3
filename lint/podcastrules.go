package lint

import "strings"

// podcast judges a feed that says by Apple's or Podcasting 2.0's elements that
// it is a podcast.
func (l *linter) podcast(n *node, items []*node) {
	l.podcastTwo(n, items)
	if !usesApple(n, items) {
		return
	}
	language := n.first("", "language") != nil || n.first(nsDC, "language") != nil
	if _, ok := n.attrIn(nsXML, "lang"); !ok && !language {
		l.found(n.at, "itunes/missing-language", "the podcast names no language")
	}
	for _, want := range []struct{ verb, name string }{
		{"missing", "image"}, {"missing", "category"}, {"missing", "explicit"}, {"wanted", "owner"}, {"wanted", "author"},
	} {
		if n.first(nsITunes, want.name) == nil {
			l.found(n.at, "itunes/"+want.verb+"-"+want.name, "the podcast has no <itunes:%s>", want.name).Clause = itunesClause
		}
	}
	if d := n.first("", "description"); d != nil {
		atMostBytes(4000, itunesClause)(l, valueOf(d))
	}
	serial := n.first(nsITunes, "type")
	l.episodes(items, serial != nil && serial.value().s == "serial")
}

// usesApple says whether a feed is a podcast for Apple: artwork alone makes
// none, episodes with Apple's elements do.
func usesApple(n *node, items []*node) bool {
	for _, k := range n.kids {
		if k.space == nsITunes {
			return true
		}
	}
	for _, it := range items {
		for _, k := range it.kids {
			if k.space == nsITunes {
				return true
			}
		}
	}
	return false
}

func (l *linter) episodes(items []*node, serial bool) {
	seen := map[string]bool{}
	for _, it := range items {
		if it.space != "" {
			continue // Atom
		}
		if it.first("", "pubDate") == nil {
			l.found(it.at, "itunes/wanted-date", "the episode has no <pubDate>")
		}
		if serial && it.first(nsITunes, "episode") == nil && episodeType(it) == "full" {
			l.found(it.at, "itunes/serial-without-number", "the episode has no <itunes:episode>")
		}
		if title := it.first("", "title"); title != nil && numbered.MatchString(title.value().s) {
			l.found(title.place(), "itunes/number-in-title", "the title starts with a number")
		}
		e := it.first("", "enclosure")
		if e == nil {
			l.found(it.at, "itunes/missing-enclosure", "the episode has no <enclosure>")
			continue
		}
		if at := e.get("url"); seen[at] && at != "" {
			l.found(e.at, "itunes/duplicate-enclosure", "two episodes have the file %s", quote(at))
		}
		seen[e.get("url")] = true
		l.episodeFile(e)
	}
}

var numbered = pattern(`^(?i:(episode|ep\.?|folge|#)\s*#?\d+|S\d+\s*E\d+)\b`)

func episodeType(it *node) string {
	if t := it.first(nsITunes, "episodeType"); t != nil {
		return t.value().s
	}
	return "full"
}

// appleTypes are the media types that Apple names for each kind of file.
var appleTypes = map[string]map[string]bool{
	".m4a": set("audio/x-m4a", "audio/mp4", "audio/m4a"), ".mp3": set("audio/mpeg", "audio/mp3"), ".mov": set("video/quicktime"),
	".mp4": set("video/mp4", "audio/mp4"), ".m4v": set("video/x-m4v", "video/mp4"), ".pdf": set("application/pdf"),
}

func (l *linter) episodeFile(e *node) {
	s := suffix(e.get("url"))
	types, ok := appleTypes[s]
	if s != "" && !ok {
		l.found(e.at, "itunes/enclosure-format", "the file's name ends in %s", quote(s))
	} else if t := e.get("type"); ok && t != "" && !types[strings.ToLower(t)] {
		v, _ := e.attr("type")
		l.found(v.start(), "itunes/enclosure-mime", "the type of a %s file is %s", s, quote(t))
	}
}
