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
// language, sorted. A name met for the first time becomes a spelling; shown says
// that everybody sees the article.
func (w *work) terms(f *article.Fields, shown bool) []article.SpellingNumber {
	var ns []article.SpellingNumber
	add := func(kind article.Field, name string) {
		if n := w.spelling(kind, name, shown); n != 0 {
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

// spelling finds or makes the number of a name; 0 for an empty one. One that no
// shown article writes has neither slug nor say in how the name is written:
// what is held must leave no trace in what comes before it.
func (w *work) spelling(kind article.Field, name string, shown bool) article.SpellingNumber {
	name = cut(article.Line(name), maxName)
	folded := article.Fold(name)
	if folded == "" {
		return 0
	}
	key := spellingKey{kind, folded}
	n := w.m.spellings[key]
	if _, unseen := w.m.unseen[n]; n != 0 && !(unseen && shown) {
		return n
	}
	if outer, _, ok := article.Outer(name); ok && kind == article.Category {
		w.spelling(kind, outer, shown) // what it lies in gets its slug, once and for all
	}
	if n == 0 {
		n = article.SpellingNumber(len(w.m.spellings) + 1)
	}
	s := article.Spelling{Number: n, Kind: kind, Folded: folded, Name: name, Slug: unseenSlug(n)}
	if shown {
		s.Slug = w.m.spellingSlug(s)
	}
	w.m.know(s)
	w.spellings = append(w.spellings, s)
	return s.Number
}

// unseenMark begins what stands for the slug of a spelling that has none yet; no
// slug begins so.
const unseenMark = "#"

func unseenSlug(n article.SpellingNumber) string { return fmt.Sprintf("%s%d", unseenMark, n) }

func isUnseen(s article.Spelling) bool { return strings.HasPrefix(s.Slug, unseenMark) }

// reveal gives the spellings of an article that appears their slugs.
func (w *work) reveal(r *record) {
	if len(w.m.unseen) == 0 {
		return
	}
	for _, n := range r.terms {
		if s, ok := w.m.unseen[n]; ok {
			w.spelling(s.Kind, s.Name, true)
		}
	}
}

// seen are the batch's spellings that everybody may know.
func (w *work) seen() []article.Spelling {
	return slices.DeleteFunc(slices.Clone(w.spellings), isUnseen)
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

// saveSpellings writes the batch's new spellings, and those that have got their
// slugs. The ledger's copy hears of them only then.
func (w *work) saveSpellings() error {
	for _, s := range w.spellings[w.saved:] {
		w.saved++
		w.wrote = true
		if err := w.out.spellings.add(w.ctx, int64(s.Number), string(s.Kind), s.Folded, s.Name, s.Slug); err != nil {
			return err
		}
		if isUnseen(s) {
			continue
		}
		if err := w.changed("spelling", int64(s.Number)); err != nil {
			return err
		}
		w.lines = append(w.lines, spellingLine(s))
	}
	return nil
}
