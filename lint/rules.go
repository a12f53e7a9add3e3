package lint

import (
	"maps"
	"slices"
	"strings"
)

// Rule is what a document can break. A name that ends in "*" stands for a
// family: "atom/missing-*" is the rule of "atom/missing-id".
type Rule struct {
	Name     string
	Severity Severity
	Clause   string // of the specification; a finding may name a narrower one
	Hint     string // what to do; a finding may name a better one
}

// ruleSet finds a rule by its name.
type ruleSet map[string]Rule

// rules are all there are, by name; each vocabulary's file has its table.
var rules = gather(
	encodingRules, rootRules, xmlRules, shapeRules, valueRules, urlRules, dateRules, htmlRules, rssRules, profileRules, atomRules,
	archiveRules, mediaRules, itunesRules, podcastRules, jsonRules, opmlRules, answerRules,
)

func gather(tables ...[]Rule) ruleSet {
	set := ruleSet{}
	for _, t := range tables {
		for _, r := range t {
			if _, twice := set[r.Name]; twice {
				panic("rule " + r.Name + " is declared twice")
			}
			set[r.Name] = r
		}
	}
	return set
}

// find returns the rule of a name, else its family's in the vocabulary
// ("atom/missing-*"), else the one of all vocabularies ("*/missing-*").
func (s ruleSet) find(name string) (Rule, bool) {
	vocabulary, what, _ := strings.Cut(name, "/")
	verb, _, _ := strings.Cut(what, "-")
	for _, n := range []string{name, vocabulary + "/" + verb + "-*", "*/" + what, "*/" + verb + "-*"} {
		if r, ok := s[n]; ok {
			return r, true
		}
	}
	return Rule{}, false
}

// Rules lists every rule by name.
func Rules() []Rule {
	return slices.SortedFunc(maps.Values(rules), func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
}
