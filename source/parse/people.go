package parse

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"feedwright/article"
	"feedwright/source/parse/tree"
)

// joined separates two names: "A. Roe and B. Poe", "А. Роу та Б. По".
var joined = regexp.MustCompile(`\s+(?:and|und|et|та|і|й|и|y|e|i|oraz|&)\s+|\s*[;|،、]\s*`)

var byPrefix = regexp.MustCompile(`(?i)^(?:by|von|par|por|di|автор:?|текст:?)\s+`)

func (r *reading) setAuthors(v tree.Value, line int, rule string) bool {
	x := &r.out.Fields
	add := func(a article.Author) {
		if (a.Name != "" || a.Email != "") && len(x.Authors) < maxTerms && !slices.Contains(x.Authors, a) {
			x.Authors = append(x.Authors, a)
		}
	}
	for _, item := range v.Items() {
		if item.Kind == tree.Map {
			add(personOf(item))
			continue
		}
		if v.Kind == tree.List {
			add(person(item.Text))
			continue
		}
		for _, name := range names(item.Text) {
			add(person(name))
		}
	}
	if len(x.Authors) == 0 {
		return false
	}
	var all []string
	for _, a := range x.Authors {
		all = append(all, strings.TrimSpace(a.Name+" "+a.Email))
	}
	r.note(line, "authors", rule, strings.Join(all, ", "))
	return true
}

func personOf(v tree.Value) article.Author {
	a := article.Author{
		Name:  plain(v.First("name", "display_name", "title", "nickname", "byline")),
		Email: strings.TrimPrefix(v.First("email", "mail"), "mailto:"),
		URL:   v.First("url", "link", "uri", "homepage", "website", "href"),
	}
	if !absolute(a.URL) {
		a.URL = ""
	}
	if !strings.Contains(a.Email, "@") {
		a.Email = ""
	}
	if a.Name == "" {
		a.Name = plain(strings.TrimSpace(v.First("first_name", "givenname") + " " + v.First("last_name", "familyname")))
	}
	return a
}

// person reads "A. Roe", "A. Roe <a@example.org>", "a@example.org (A. Roe)" and
// a bare address.
func person(s string) article.Author {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "@") {
		if at, err := mail.ParseAddress(s); err == nil {
			return article.Author{Name: article.Line(at.Name), Email: at.Address}
		}
		if email, name, ok := strings.Cut(s, "("); ok && strings.HasSuffix(name, ")") {
			return article.Author{Name: plain(strings.TrimSuffix(name, ")")), Email: strings.TrimSpace(email)}
		}
	}
	if absolute(s) {
		return article.Author{}
	}
	return article.Author{Name: short(plain(byPrefix.ReplaceAllString(s, "")), 200)}
}

// names splits a line of several authors. A comma parts them only where each
// side has two words, for "Roe, Jane" and "Jane Roe, PhD" are one person.
func names(s string) []string {
	var out []string
	for _, part := range joined.Split(s, 50) {
		commas := strings.Split(part, ",")
		if len(commas) > 1 && !slices.ContainsFunc(commas, func(c string) bool { return len(strings.Fields(c)) < 2 }) {
			out = append(out, commas...)
		} else {
			out = append(out, part)
		}
	}
	return out
}

// languageTag makes a canonical BCP 47 tag; false if s is none.
func languageTag(s string) (string, bool) {
	if s == "" || len(s) > 35 {
		return "", false
	}
	t, err := language.Parse(s)
	if err != nil || t == language.Und {
		return languageNamed(s)
	}
	return t.String(), true
}
