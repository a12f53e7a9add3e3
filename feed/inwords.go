package feed

import (
	"strconv"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/article/language"
)

// InWords is a filter as people say it, in a page's language: "World or Ukraine,
// without Opinion". name gives a term's name as shown, from its field and slug;
// zone reads bare days. Of everything it is the word for it.
func InWords(lang string, sel article.Selector, zone *time.Location, name func(article.Field, string) string) string {
	if zone == nil {
		zone = time.UTC
	}
	s := sayer{language.For(lang), zone, name}
	return s.node(sel.Root(), 0)
}

type sayer struct {
	words *language.Language
	zone  *time.Location
	name  func(article.Field, string) string
}

// How tightly a phrase must hold together where it stands.
const (
	loose = iota // by itself
	part         // one of several that stand side by side
	tight        // inside another choice
)

func (s sayer) node(n article.Node, hold int) string {
	switch n.Op {
	case article.Term:
		return s.term(n)
	case article.Not:
		text := s.words.Word("everything") + ", " + s.without(n.Kids)
		return bracket(text, hold > loose)
	case article.Or:
		return bracket(s.join(n.Kids, " "+s.words.Word("or")+" ", tight), hold > loose)
	case article.And:
		return bracket(s.all(n.Kids), hold > loose)
	}
	return s.words.Word("everything")
}

// all says what stands side by side: first what is wanted, then how it is
// qualified, then what is left out.
func (s sayer) all(kids []article.Node) string {
	var wanted, qualified, out []article.Node
	for _, k := range kids {
		switch {
		case k.Op == article.Not:
			out = append(out, k)
		case k.Op == article.Term && qualifies(k.Field):
			qualified = append(qualified, k)
		default:
			wanted = append(wanted, k)
		}
	}
	text := s.words.Word("everything")
	switch hold := part; {
	case len(wanted) == 1:
		text = s.node(wanted[0], loose)
	case len(wanted) > 1:
		text = s.join(wanted, " "+s.words.Word("and")+" ", hold)
	}
	if len(qualified) > 0 {
		text += ", " + s.join(qualified, ", ", loose)
	}
	if len(out) > 0 {
		text += ", " + s.without(out)
	}
	return text
}

// without says what each of some exclusions leaves out.
func (s sayer) without(nots []article.Node) string {
	var kids []article.Node
	for _, n := range nots {
		if n.Op == article.Not {
			n = n.Kids[0]
		}
		if n.Op == article.Or {
			kids = append(kids, n.Kids...)
		} else {
			kids = append(kids, n)
		}
	}
	return s.words.Word("without") + " " + s.join(kids, " "+s.words.Word("or")+" ", tight)
}

func (s sayer) join(kids []article.Node, between string, hold int) string {
	parts := make([]string, len(kids))
	for i, k := range kids {
		parts[i] = s.node(k, hold)
	}
	return strings.Join(parts, between)
}

func bracket(text string, wanted bool) string {
	if wanted {
		return "(" + text + ")"
	}
	return text
}

// qualifies says whether a term of the field reads better behind the others.
func qualifies(f article.Field) bool {
	switch f {
	case article.By, article.HasMedia, article.After, article.Before, article.Since, article.Origin:
		return true
	}
	return false
}

func (s sayer) term(n article.Node) string {
	switch n.Field {
	case article.Category, article.Lang:
		return line(s.name(n.Field, n.Value))
	case article.Tag:
		return "#" + line(s.name(n.Field, n.Value))
	case article.By:
		return s.fill("by", "{name}", line(s.name(n.Field, n.Value)))
	case article.Origin:
		return s.fill("from", "{name}", line(s.name(n.Field, n.Value)))
	case article.HasMedia:
		return s.words.Word("has-" + n.Value)
	case article.After, article.Before:
		return s.fill(string(n.Field), "{day}", s.day(n.Value))
	case article.Since:
		return s.fill("since", "{span}", s.span(n.Value))
	case article.InTitle:
		return s.fill("in-title", "{text}", line(n.Value))
	case article.Word:
		return s.fill("quoted", "{text}", line(n.Value))
	}
	return string(n.Field) + ":" + line(n.Value)
}

func (s sayer) fill(key, mark, text string) string {
	return strings.ReplaceAll(s.words.Word(key), mark, text)
}

// day is a date, or an instant, as the language has it.
func (s sayer) day(value string) string {
	c := common{words: s.words, zone: s.zone}
	if t, err := time.ParseInLocation(time.DateOnly, value, s.zone); err == nil {
		return c.Day(t)
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return c.Moment(t)
	}
	return value
}

// span is the value of since: with the language's units.
func (s sayer) span(value string) string {
	n, err := strconv.Atoi(strings.TrimRight(value, "mhd"))
	unit, ok := map[byte]string{'m': "minutes", 'h': "hours", 'd': "days"}[value[len(value)-1]]
	if err != nil || !ok {
		return value
	}
	if unit == "days" && n <= 2 {
		n, unit = 24*n, "hours"
	}
	return strconv.Itoa(n) + "\u00a0" + s.words.Word(unit)
}
