package config

import (
	"slices"
	"strings"
)

// synonyms are what people who know other programs write for our keys.
var synonyms = map[string]string{
	"address": "server.listen", "author_email": "site.author.email", "author_name": "site.author.name",
	"base_url": "site.url", "baseurl": "site.url", "count": "feed.items", "database": "store.dsn", "db": "store.dsn",
	"directory": "source.dir", "exclude": "source.ignore", "favicon": "site.icon", "filter": "feeds.where",
	"folder": "source.dir", "host": "server.listen", "lang": "site.language", "length": "feed.items",
	"limit": "feed.items", "link": "site.url", "locale": "site.language", "logo": "site.icon", "name": "site.title",
	"path": "source.dir", "port": "server.listen", "proxies": "server.trusted_proxies", "query": "feeds.where",
	"size": "feed.items", "ttl": "server.max_age", "tz": "site.timezone", "zone": "site.timezone",
}

// suggest says what an unknown key might have meant. known are the names that
// stand in its place; prefix is the path of that place, with a dot unless it is
// the top.
func suggest(name, prefix string, known []string) string {
	folded := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(name))
	if slices.Contains(known, folded) {
		return "write it " + folded
	}
	for _, k := range known {
		if strings.ReplaceAll(k, "_", "") == strings.ReplaceAll(folded, "_", "") {
			return "write it " + k
		}
	}
	if n := nearest(folded, known); n != "" {
		return "did you mean " + n + "?"
	}
	section := bracket.ReplaceAllString(strings.TrimSuffix(prefix, "."), "")
	if s, ok := synonyms[folded]; ok {
		if at, leaf, _ := cutLast(s); at == section || section == "feeds" && slices.Contains(known, leaf) {
			return "it is called " + leaf + " here"
		}
		return "did you mean " + s + "?"
	}
	if at := elsewhere(folded); at != "" {
		return at
	}
	return "the keys here are " + list(known, "and")
}

// elsewhere finds a key of this name in another place.
func elsewhere(name string) string {
	for _, k := range keys() {
		if at, leaf, ok := cutLast(k.path); ok && leaf == name {
			return "did you mean " + at + "." + leaf + "?"
		}
	}
	return ""
}

func cutLast(path string) (before, leaf string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// nearest is the word that s most likely meant: the one with the fewest
// changed, missing, added or swapped characters, if those are few for its
// length. It is "" if there is none.
func nearest(s string, words []string) string {
	best, least := "", 1+max(1, min(len(s)/3, 3))
	if len(s) > 40 {
		return ""
	}
	for _, w := range words {
		if d := distance(s, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance counts the changed, missing, added and swapped characters (optimal
// string alignment).
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	before, row := []int(nil), make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		next := make([]int, len(rb)+1)
		next[0] = i
		for j := 1; j <= len(rb); j++ {
			same := 1
			if ra[i-1] == rb[j-1] {
				same = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+same)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(rb)]
}
