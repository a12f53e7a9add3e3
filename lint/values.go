package lint

import (
	"bytes"
	"html"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

var valueRules = []Rule{
	{"value/blank", Warning, "", "give it a value, or leave it out"},
	{"value/space", Warning, "", "leave the white space out: readers compare such values letter by letter"},
	{"value/number", Error, "", "write digits only"},
	{"value/choice", Error, "", ""},
	{"value/too-long", Warning, "", "shorten it: it is cut or refused"},
	{"value/email", Error, "RFC 2822 §3.4.1", "write name@host"},
	{"value/email-name", Warning, "RSS Best Practices Profile: author", "write name@host (Real Name)"},
	{"value/language", Error, "BCP 47", "use a language code as en, pt-BR or uk"},
	{"value/media-type", Error, "RFC 2045 §5.1", "write type/subtype, as audio/mpeg"},
	{"value/uuid", Error, "RFC 9562 §4", "write a UUID"},
	{"value/markup", Warning, "RSS Best Practices Profile: Character Data", "write plain text; a < that is text as &#x3C;"},
	{"value/double-escaped", Warning, "RSS Best Practices Profile: Character Data", "escape once: readers show the entity"},
}

// every applies all checks, in order.
func every(checks ...check) check {
	return func(l *linter, v value) {
		for _, c := range checks {
			c(l, v)
		}
	}
}

// some applies checks to a value that is not blank, and reports a blank one.
func some(checks ...check) check {
	return func(l *linter, v value) {
		if v.empty() {
			l.found(v.start(), "value/blank", "%s is empty", v.name)
			return
		}
		every(checks...)(l, v)
	}
}

// anything is the check of a value that may be whatever it likes.
func anything(*linter, value) {}

// exact reports white space around a value. Atom forbids it.
func exact(l *linter, v value) {
	if strings.Trim(v.s, spaces) == v.s {
		return
	}
	f := l.found(v.start(), "value/space", "white space stands around the value of %s", v.name)
	if v.node != nil && v.node.space == nsAtom {
		f.Severity, f.Clause = Error, "RFC 4287 §2, §3.3"
	}
}

func number(least int) check {
	return func(l *linter, v value) {
		n, err := strconv.ParseInt(strings.TrimSpace(v.s), 10, 64)
		if err != nil || n < int64(least) {
			l.found(v.trim().start(), "value/number", "%s is %s, no number of at least %d", v.name, quote(v.s), least)
		}
	}
}

func decimal(l *linter, v value) {
	if f, err := strconv.ParseFloat(strings.TrimSpace(v.s), 64); err != nil || f < 0 || f > 1e15 {
		l.found(v.trim().start(), "value/number", "%s is %s, no number", v.name, quote(v.s)).Hint = "write digits, with a point if need be"
	}
}

// oneOf lets a value be one of a few words.
func oneOf(words ...string) check {
	return func(l *linter, v value) {
		s := strings.TrimSpace(v.s)
		for _, w := range words {
			if s == w {
				return
			}
		}
		l.found(v.trim().start(), "value/choice", "%s is %s", v.name, quote(v.s)).Hint = "write " + or(words...)
	}
}

var pattern = regexp.MustCompile

// matching lets a value match a pattern; hint says in words what that is.
func matching(p *regexp.Regexp, hint string) check {
	return func(l *linter, v value) {
		if !p.MatchString(strings.TrimSpace(v.s)) {
			l.found(v.trim().start(), "value/choice", "%s is %s", v.name, quote(v.s)).Hint = "write " + hint
		}
	}
}

func atMostBytes(n int, clause string) check {
	return func(l *linter, v value) {
		if len(v.s) > n {
			l.found(v.start(), "value/too-long", "%s has %d bytes, more than %d", v.name, len(v.s), n).Clause = clause
		}
	}
}

func atMostChars(n int, clause string) check {
	return func(l *linter, v value) {
		if c := utf8.RuneCountInString(strings.TrimSpace(v.s)); c > n {
			l.found(v.start(), "value/too-long", "%s has %d characters, more than %d", v.name, c, n).Clause = clause
		}
	}
}

// addrSpec is RFC 2822's without comments and quoted names.
var addrSpec = pattern(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.\x60\x80-\x{10ffff}-]+@[A-Za-z0-9.\x80-\x{10ffff}\[\]:-]+$`)

func isEmail(l *linter, v value) {
	if s := strings.TrimSpace(v.s); !addrSpec.MatchString(s) {
		l.found(v.trim().start(), "value/email", "%s is %s, no e-mail address", v.name, quote(s))
	}
}

// isContact wants an e-mail address with a name (RSS "author", profile 3.3).
func isContact(l *linter, v value) {
	s := strings.TrimSpace(v.s)
	mail, name, named := strings.Cut(s, " ")
	switch {
	case !addrSpec.MatchString(strings.TrimPrefix(mail, "mailto:")):
		l.found(v.trim().start(), "value/email", "%s is %s and does not start with an e-mail address", v.name, quote(s)).Hint =
			"write name@host (Real Name); if no address may be shown, use dc:creator"
	case !named || !strings.HasPrefix(name, "(") || !strings.HasSuffix(name, ")") || len(name) < 3:
		l.found(v.trim().start(), "value/email-name", "%s names no person", v.name)
	}
}

// isLanguage wants a tag that BCP 47 knows.
func isLanguage(l *linter, v value) {
	s := strings.TrimSpace(v.s)
	if _, err := language.Parse(s); err != nil || strings.Contains(s, "_") {
		l.found(v.trim().start(), "value/language", "%s is %s, no language code", v.name, quote(s))
	}
}

func isMediaType(l *linter, v value) {
	if !mediaType(v.s) {
		l.found(v.trim().start(), "value/media-type", "%s is %s, no media type", v.name, quote(v.s))
	}
}

func mediaType(s string) bool {
	t, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Count(t, "/") == 1 && !strings.HasPrefix(t, "/") && !strings.HasSuffix(t, "/")
}

var uuidForm = pattern(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isUUID(l *linter, v value) {
	if s := strings.TrimSpace(v.s); !uuidForm.MatchString(s) {
		l.found(v.trim().start(), "value/uuid", "%s is %s, no UUID", v.name, quote(s))
	}
}

var (
	markup      = pattern(`</?(?i:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre|q|s|small|span|strong|sub|sup|table|td|th|tr|tt|u|ul)(?:\s[^<>]*)?/?>|<!--`)
	entityInUse = pattern(`&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});`)
)

// isPlain wants plain text: what is no markup once the XML is read. A < or &
// written as a numeric reference is text by the profile's own rule.
func isPlain(l *linter, v value) {
	if at, ok := l.markupIn(v.text); ok {
		l.found(v.offset(at[0]), "value/markup", "%s holds the markup %s", v.name, quote(v.s[at[0]:at[1]]))
	} else if at, ok := l.entityIn(v.text); ok {
		l.found(v.offset(at[0]), "value/double-escaped", "%s shows %s to readers", v.name, v.s[at[0]:at[1]])
	}
}

// markupIn finds the first tag in a text.
func (l *linter) markupIn(t text) ([]int, bool) {
	return l.firstOf(markup.FindAllStringIndex(t.s, maxSame), t)
}

// meantMarkup finds markup that is meant as such: an element that is opened and
// closed, or a tag with attributes. A text may well speak of <b>.
func meantMarkup(s string) ([]int, bool) {
	open := map[string][]int{}
	for _, at := range markup.FindAllStringIndex(s, maxSame) {
		tag := strings.ToLower(strings.Trim(s[at[0]:at[1]], "<> /"))
		name, _, _ := strings.Cut(tag, " ")
		first, closed := open[name]
		switch closing := s[at[0]+1] == '/'; {
		case closing && closed:
			return first, true
		case !closing && (strings.Contains(tag, "=") || name == "br" || name == "hr"):
			return at, true
		case !closing && !closed:
			open[name] = at
		}
	}
	return nil, false
}

// entityIn finds the first reference that readers would show as such.
func (l *linter) entityIn(t text) ([]int, bool) {
	list := entityInUse.FindAllStringIndex(t.s, maxSame)
	return l.firstOf(slices.DeleteFunc(list, func(at []int) bool {
		return html.UnescapeString(t.s[at[0]:at[1]]) == t.s[at[0]:at[1]]
	}), t)
}

func (l *linter) firstOf(list [][]int, t text) ([]int, bool) {
	for _, at := range list {
		if from := t.offset(at[0]); from >= len(l.text) || !bytes.HasPrefix(l.text[from:], []byte("&#")) {
			return at, true
		}
	}
	return nil, false
}
