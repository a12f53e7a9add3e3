// Package boilerplate knows the paragraphs that stand around an article and are
// no part of it: consent banners, language switches, "read also", share and
// subscribe lines. The shipped patterns are built of meaning, not of anybody's
// wording: a consent banner is a short paragraph that speaks of cookies, of
// agreeing or using, and to "you" or of "us".
//
// It only judges one paragraph; which paragraphs may be judged (never one
// between others) is package parse's business. The data's path: paragraph →
// Match → rule.
package boilerplate

import (
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"feedwright/article/language"
)

// MaxLen is the most bytes a paragraph may have to be judged by a shipped
// pattern: what is longer is somebody's writing.
const MaxLen = 600

// Matcher judges paragraphs. It is safe for concurrent use.
type Matcher struct {
	shipped           func() *rules
	owner, ownerKeeps []*regexp.Regexp
}

// rule is a conjunction of expressions over a paragraph's words.
type rule struct {
	name  string // "uk/consent"
	all   []*regexp.Regexp
	max   int      // most characters of the paragraph's words, 0 for no limit
	trick []string // literals of which one must occur, empty if none is known
}

// New adds the owner's patterns to the shipped ones. The error names the
// pattern that is wrong.
func New(owner, keep []string) (*Matcher, error) {
	m := &Matcher{shipped: shippedRules}
	var err error
	if m.owner, err = compileAll("boilerplate", owner); err != nil {
		return nil, err
	}
	m.ownerKeeps, err = compileAll("keep", keep)
	return m, err
}

// rules are the languages' patterns, compiled once for all matchers, and only
// when a paragraph is judged: a start that finds all files as they were needs none.
type rules struct {
	drop, keep   []rule
	drops, keeps triggers
}

var shippedRules = sync.OnceValue(func() *rules {
	s := &rules{}
	for _, l := range language.All() {
		for _, kind := range slices.Sorted(maps.Keys(l.Boilerplate)) {
			for _, p := range l.Boilerplate[kind] {
				r := shippedRule(l.Code+"/"+kind, p)
				s.drops.add(r.trick, len(s.drop))
				s.drop = append(s.drop, r)
			}
		}
		for _, p := range l.Keep {
			r := shippedRule(l.Code+"/keep", p)
			s.keeps.add(r.trick, len(s.keep))
			s.keep = append(s.keep, r)
		}
	}
	return s
})

func shippedRule(name, pattern string) rule {
	r, err := compile(name, pattern)
	if err != nil {
		panic(err) // embedded, so a test finds it first
	}
	return r
}

func compile(name, pattern string) (rule, error) {
	r := rule{name: name}
	for part := range strings.SplitSeq(pattern, " && ") {
		if n, err := strconv.Atoi(strings.TrimPrefix(part, "<")); err == nil && part[0] == '<' {
			r.max = n
			continue
		}
		re, err := regexp.Compile(part)
		if err != nil {
			return r, fmt.Errorf("language pattern %s %q: %w", name, part, err)
		}
		r.all = append(r.all, re)
		if lits := literals(part); len(lits) > 0 && (len(r.trick) == 0 || len(lits) < len(r.trick)) {
			r.trick = lits
		}
	}
	return r, nil
}

func compileAll(what string, patterns []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile("(?i)" + p)
		if err != nil {
			return nil, fmt.Errorf("%s: pattern %q: %w", what, p, err)
		}
		out = append(out, re)
	}
	return out, nil
}

// Match says by which rule a paragraph is boilerplate: "uk/consent", or the
// owner's pattern. shipped asks the shipped patterns too.
func (m *Matcher) Match(paragraph string, shipped bool) (rule string, ok bool) {
	p := strings.TrimSpace(paragraph)
	if p == "" {
		return "", false
	}
	for _, re := range m.owner {
		if re.MatchString(p) {
			return "the owner's " + strings.TrimPrefix(re.String(), "(?i)"), true
		}
	}
	if !shipped || len(p) > MaxLen {
		return "", false
	}
	w := Normal(p)
	for _, i := range m.shipped().drops.worth([]byte(w)) {
		if r := m.shipped().drop[i]; r.match(w) {
			return r.name, true
		}
	}
	return "", false
}

// Subject says that a title names what a rule's banners are about: the article
// is then on cookies, say, and the paragraph may be part of it.
func (m *Matcher) Subject(name, title string) bool {
	if !strings.HasSuffix(name, "/consent") {
		return false
	}
	w := Normal(title)
	return slices.ContainsFunc(m.shipped().drop, func(r rule) bool { return r.name == name && r.all[0].MatchString(w) })
}

// Keeps says that a paragraph must never be dropped.
func (m *Matcher) Keeps(paragraph string) bool {
	for _, re := range m.ownerKeeps {
		if re.MatchString(paragraph) {
			return true
		}
	}
	if strings.Contains(paragraph, "©") {
		return true
	}
	if len(paragraph) > 2*MaxLen {
		return false
	}
	var space [2*MaxLen + 2]byte
	w := appendNormal(space[:0], paragraph)
	rules := m.shipped().keeps.worth(w)
	if len(rules) == 0 { // as for most: then no copy is made
		return false
	}
	words := string(w)
	return slices.ContainsFunc(rules, func(i int) bool { return m.shipped().keep[i].match(words) })
}

func (r rule) match(w string) bool {
	if r.max > 0 && utf8.RuneCountInString(w) > r.max {
		return false
	}
	if len(r.trick) > 0 && !slices.ContainsFunc(r.trick, func(l string) bool { return strings.Contains(w, l) }) {
		return false
	}
	for _, re := range r.all {
		if !re.MatchString(w) {
			return false
		}
	}
	return true
}

// Normal is what the shipped patterns see: lower-case words with one space
// before, between and after.
func Normal(p string) string {
	return string(appendNormal(make([]byte, 0, len(p)+2), p))
}

func appendNormal(b []byte, p string) []byte {
	b = append(b, ' ')
	for _, r := range p {
		switch r = wordly(r); {
		case r == 0 && b[len(b)-1] == ' ':
		case r == 0:
			b = append(b, ' ')
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	if b[len(b)-1] != ' ' {
		b = append(b, ' ')
	}
	return b
}

// wordly is the lower case of a rune that words have, else 0.
func wordly(r rune) rune {
	if int(r) < len(plainWordly) {
		return rune(plainWordly[r])
	}
	return anyWordly(r)
}

func anyWordly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
		return unicode.ToLower(r)
	}
	return 0
}

// plainWordly holds what wordly gives for Latin, Greek and Cyrillic.
var plainWordly = func() (table [0x530]uint16) {
	for r := range table {
		table[r] = uint16(anyWordly(rune(r)))
	}
	return table
}()

// literals gives strings of which one occurs in every match, or nil.
func literals(pattern string) []string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return required(re.Simplify())
}

func required(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if s := string(re.Rune); len(s) >= trigger && re.Flags&syntax.FoldCase == 0 {
			return []string{s}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l := required(sub); len(l) > 0 && (best == nil || len(l) < len(best)) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := required(sub)
			if len(l) == 0 {
				return nil
			}
			all = append(all, l...)
		}
		return all
	}
	return nil
}
