package store

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"feedwright/article"
)

// Bounds of what one article can bring: bytes of a name, names of a kind.
const (
	maxName  = 300
	maxNames = 200
)

// terms gives the numbers of an article's categories, tags, authors and
// language, sorted. A name met for the first time becomes a spelling.
func (w *work) terms(f *article.Fields) []article.SpellingNumber {
	var ns []article.SpellingNumber
	add := func(kind article.Field, name string) {
		if n := w.spelling(kind, name); n != 0 {
			ns = append(ns, n)
		}
	}
	for _, c := range f.Categories[:min(maxNames, len(f.Categories))] {
		add(article.Category, c)
	}
	for _, t := range f.Tags[:min(maxNames, len(f.Tags))] {
		add(article.Tag, t)
	}
	for _, a := range f.Authors[:min(maxNames, len(f.Authors))] {
		name := a.Name
		if article.Line(name) == "" {
			name = a.Email
		}
		add(article.By, name)
	}
	add(article.Lang, f.Lang)
	add(article.Origin, origin(f.Source))
	slices.Sort(ns)
	return slices.Compact(ns)
}

// origin names where an article was taken from: as its file does, else by the
// host of the address.
func origin(l *article.Link) string {
	if l == nil {
		return ""
	}
	if article.Line(l.Title) != "" {
		return l.Title
	}
	u, err := url.Parse(l.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// spelling finds or makes the number of a name; 0 for an empty one.
func (w *work) spelling(kind article.Field, name string) article.SpellingNumber {
	name = cut(article.Line(name), maxName)
	folded := article.Fold(name)
	if folded == "" {
		return 0
	}
	key := spellingKey{kind, folded}
	if n := w.m.spellings[key]; n != 0 {
		return n
	}
	if outer, _, ok := article.Outer(name); ok && kind == article.Category {
		w.spelling(kind, outer) // what it lies in gets its slug, once and for all
	}
	s := article.Spelling{Number: article.SpellingNumber(len(w.m.spellings) + 1), Kind: kind, Folded: folded, Name: name}
	s.Slug = w.m.spellingSlug(s)
	w.m.know(s)
	w.spellings = append(w.spellings, s)
	return s.Number
}

// spellingSlug finds a slug that is free within the kind: "C++" and "C#" become
// c and c-2, a name without letters its kind and number.
func (m *memory) spellingSlug(s article.Spelling) string {
	stem := article.Slugify(s.Name)
	if s.Kind == article.Lang {
		if tag := strings.ToLower(s.Name); tag == article.Slugify(tag) {
			stem = tag
		}
	}
	if stem == "" {
		stem = fmt.Sprintf("%s-%d", s.Kind, s.Number)
	}
	free := stem
	for n := max(2, m.stems[spellingKey{s.Kind, stem}]); m.slugs[spellingKey{s.Kind, free}]; n++ {
		free = fmt.Sprintf("%s-%d", stem, n)
		m.stems[spellingKey{s.Kind, stem}] = n + 1
	}
	return free
}

// saveSpellings writes the batch's new spellings.
func (w *work) saveSpellings() error {
	for _, s := range w.spellings[w.saved:] {
		w.saved++
		if err := w.out.spellings.add(w.ctx, int64(s.Number), string(s.Kind), s.Folded, s.Name, s.Slug); err != nil {
			return err
		}
		if err := w.changed("spelling", int64(s.Number)); err != nil {
			return err
		}
		w.lines = append(w.lines, spellingLine(s))
		w.wrote = true
	}
	return nil
}
