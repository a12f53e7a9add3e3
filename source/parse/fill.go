package parse

import (
	"net/url"
	"strconv"
	"strings"

	"feedwright/article"
	"feedwright/source/parse/dates"
	"feedwright/source/parse/tree"
)

// maxTerms bounds categories, tags, authors and attachments of one article.
const maxTerms = 200

// fill takes from v the fields that are still empty. base is added to lines;
// where names the vocabulary's place in traces: "front matter", "header".
func (r *reading) fill(v tree.Value, names vocabulary, where string, base int) {
	top := v.Index()
	from := []*shelf{newShelf("", v, top)}
	for _, p := range places {
		if in := top[p]; in.Kind == tree.Map {
			from = append(from, newShelf(p+".", in, in.Index()))
		}
	}
	for _, f := range order {
		if r.has(f) {
			continue
		}
		r.fillOne(f, from, names[f], where, base)
	}
	if !r.has(expires) {
		r.noteExpiryElsewhere(top, base)
	}
}

func (r *reading) noteExpiryElsewhere(top map[string]tree.Value, base int) {
	for _, name := range expiryElsewhere {
		if v, ok := top[name]; ok && !v.Blank() {
			r.note(v.Line+base, "not used", "`"+name+"` is not taken for the date it expires; source.fields: {expires: ["+name+"]} would", v.Text)
		}
	}
}

// shelf is a map that fields are looked for in.
type shelf struct {
	place  string // "" or "params."
	v      tree.Value
	index  map[string]tree.Value
	begins [256]bool // the first bytes of its names, which most that are looked for have not
}

func newShelf(place string, v tree.Value, index map[string]tree.Value) *shelf {
	s := &shelf{place: place, v: v, index: index}
	for name := range index {
		if name != "" {
			s.begins[name[0]] = true
		}
	}
	return s
}

func (s *shelf) get(name string) (tree.Value, bool) {
	if name != "" && !s.begins[name[0]] {
		return tree.Value{}, false
	}
	if v, ok := s.index[name]; ok || !strings.Contains(name, ".") {
		return v, ok
	}
	return s.v.Get(name)
}

func (r *reading) fillOne(f field, from []*shelf, names []string, where string, base int) {
	for _, s := range from {
		for _, name := range names {
			val, ok := s.get(name)
			if !ok || val.Blank() {
				continue
			}
			line := 0
			if val.Line > 0 {
				line = val.Line + base
			}
			if r.set(f, val, line, where+" `"+s.place+name+"`") {
				return
			}
		}
	}
}

// has says that a field is filled.
func (r *reading) has(f field) bool {
	x := &r.out.Fields
	switch f {
	case title:
		return x.Title != ""
	case summary:
		return x.Summary != ""
	case published:
		return !x.Published.IsZero()
	case updated:
		return !x.Updated.IsZero()
	case expires:
		return !x.Expires.IsZero()
	case authors:
		return len(x.Authors) > 0
	case categories:
		return len(x.Categories) > 0
	case tags:
		return len(x.Tags) > 0
	case lang:
		return x.Lang != ""
	case link:
		return x.Link != ""
	case slug:
		return x.Slug != ""
	case id:
		return x.ID != ""
	case image:
		return x.Image != nil
	case attachments:
		return len(x.Attachments) > 0
	case source:
		return x.Source != nil
	case rights:
		return x.Rights != ""
	case comments:
		return x.Comments != ""
	case correction:
		return x.Correction != ""
	case feeds:
		return len(x.Feeds) > 0
	}
	return false
}

// set fills one field; false means that the value says nothing of this field
// and the next name may be tried.
func (r *reading) set(f field, v tree.Value, line int, rule string) bool {
	x := &r.out.Fields
	text := func(to *string) bool {
		s := plain(firstText(v))
		if s == "" {
			return false
		}
		*to = short(s, 4000)
		r.note(line, string(f), rule, *to)
		return true
	}
	switch f {
	case title:
		return text(&x.Title)
	case summary:
		return text(&x.Summary)
	case slug:
		return text(&x.Slug)
	case id:
		return text(&x.ID)
	case rights:
		return text(&x.Rights)
	case correction:
		return text(&x.Correction)
	case lang:
		return r.setLang(v, line, rule)
	case published:
		return r.setDate(&x.Published, f, v, line, rule)
	case updated:
		return r.setDate(&x.Updated, f, v, line, rule)
	case expires:
		return r.setDate(&x.Expires, f, v, line, rule)
	case categories:
		return r.setTerms(&x.Categories, f, v, line, rule)
	case tags:
		return r.setTerms(&x.Tags, f, v, line, rule)
	case feeds:
		if b, ok := truth(v); ok {
			return r.setFeed(b, line, rule)
		}
		return r.setTerms(&x.Feeds, f, v, line, rule)
	case authors:
		return r.setAuthors(v, line, rule)
	case link:
		return r.setLink(v, line, rule)
	case source:
		return r.setSource(v, line, rule)
	case comments:
		u := firstText(v)
		if !absolute(u) {
			return false
		}
		return text(&x.Comments)
	case image:
		return r.setImage(v, line, rule)
	case attachments:
		return r.setAttachments(v, line, rule)
	case via, related:
		return r.setLinks(f, v, line, rule)
	case inFeed:
		b, ok := truth(v)
		return ok && r.setFeed(b, line, rule)
	case draft, publish, status:
		return r.setDraft(f, v, line, rule)
	case season, number, sort, explicit, persons, hosts, guests, transcript, chapters, soundbites:
		return r.setEpisode(f, v, line, rule)
	}
	return false
}

func (r *reading) setFeed(in bool, line int, rule string) bool {
	if !in {
		r.out.Fields.NoFeed = true
		r.note(line, "feed", rule, "false")
	}
	return true
}

// setDraft reads what holds an article back. What is neither yes nor no stops
// the file: guessing could publish what is not meant to be.
func (r *reading) setDraft(f field, v tree.Value, line int, rule string) bool {
	hold := func() bool {
		r.out.Fields.Draft = true
		if r.out.Fields.DraftWhy == "" {
			r.out.Fields.DraftWhy = rule + " says " + short(firstText(v), 40)
		}
		r.note(line, "draft", rule, firstText(v))
		return true
	}
	yes, ok := truth(v)
	switch {
	case f == status:
		switch tree.Key(firstText(v)) {
		case "draft", "private", "pending", "hidden", "trash", "withheld", "canceled", "cancelled", "unpublished", "archived", "inreview", "idea", "wip":
			return hold()
		}
		return true
	case !ok && f == publish:
		return false
	case !ok:
		r.fail(line, rule+" is neither true nor false: "+strconv.Quote(short(firstText(v), 40)), "write true or false")
		return true
	case f == publish:
		if yes {
			r.marked = true
		} else {
			return hold()
		}
	case yes:
		return hold()
	}
	return true
}

// setDate reads a date. One that is there but cannot be read stops the file:
// publishing it at first sight could leak what is embargoed.
func (r *reading) setDate(to *article.Date, f field, v tree.Value, line int, rule string) bool {
	s := firstText(v)
	if s == "" {
		return false
	}
	if yes, ok := truth(v); ok { // `published: false` of Jekyll is no date
		if f == published && !yes {
			r.setDraft(publish, v, line, rule)
		}
		return false
	}
	l := r.out.Fields.Lang
	if l == "" {
		l = r.p.lang
	}
	d, doubt, err := dates.Parse(s, r.p.zone, l)
	if err != nil && r.lenient {
		r.note(line, string(f), rule+", cannot be read", s)
		if r.unread == nil && f == published {
			r.unread = r.fault(line, err.Error(), dates.Hint)
		}
		return false
	}
	if err != nil {
		r.fail(line, err.Error(), dates.Hint)
		return true
	}
	if doubt != "" {
		r.warn(line, "the date "+strconv.Quote(s)+" was "+doubt, dates.Hint)
	}
	if y, last := d.Time.Year(), r.lastYear(); y < 1900 || y > last {
		r.warn(line, "the year "+strconv.Itoa(y)+" is unlikely", "check the date")
	}
	*to = d
	r.note(line, string(f), rule, s)
	return true
}

// lastYear is the last year that is not odd for an article: fifty after its
// file was written.
func (r *reading) lastYear() int {
	if r.f.ModTime.IsZero() {
		return 2100
	}
	return r.f.ModTime.Year() + 50
}

func (r *reading) setLang(v tree.Value, line int, rule string) bool {
	s := strings.ReplaceAll(firstText(v), "_", "-")
	s, _, _ = strings.Cut(s, ".") // "uk_UA.UTF-8"
	t, ok := languageTag(s)
	if !ok {
		return false
	}
	r.out.Fields.Lang = t
	r.note(line, "language", rule, t)
	return true
}

// firstText is a scalar's text, or that of a list's first scalar.
func firstText(v tree.Value) string {
	switch v.Kind {
	case tree.Scalar:
		return strings.TrimSpace(v.Text)
	case tree.List:
		if len(v.List) > 0 && v.List[0].Kind == tree.Scalar {
			return strings.TrimSpace(v.List[0].Text)
		}
	case tree.Map:
		return v.First("name", "title", "value", "@value", "text", "content", "date", "url", "@id")
	}
	return ""
}

// truth reads yes and no; ok is false for anything else.
func truth(v tree.Value) (yes, ok bool) {
	switch strings.ToLower(firstText(v)) {
	case "true", "yes", "on", "y", "1":
		return true, true
	case "false", "no", "off", "n", "0":
		return false, true
	}
	return false, false
}

// absolute says that s is an absolute http(s) URL.
func absolute(s string) bool {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && !strings.ContainsAny(s, " \t\n<>\"")
}
