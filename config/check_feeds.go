package config

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// minToken is the shortest token: one that nobody can guess.
const minToken = 16

// shape checks what every feed may set.
func (c *checker) shape(path string, s *FeedShape) {
	if s.Items < 1 || s.Items > feed.MaxLimit {
		c.report(path+".items", wrong("%d is not between 1 and %d", s.Items, feed.MaxLimit).hint("50 suits most readers; what is older goes into the archive"))
	}
	if s.MaxBytes < 10*KB || s.MaxBytes > 10*MB {
		c.report(path+".max_bytes", wrong("%s is not between 10KB and 10MB", s.MaxBytes).hint("many readers give up above 1MB"))
	}
	if len(s.Formats) == 0 {
		c.report(path+".formats", wrong("no format is left").hint("name at least one of rss, atom, json"))
	}
	for i, f := range s.Formats {
		if slices.Contains(s.Formats[:i], f) {
			c.report(item(path+".formats", i), wrong("%s stands here twice", f).hint("keep one of them"))
		}
	}
}

func (c *checker) feeds() {
	tokens := map[string]string{}
	names := map[string]int{}
	for i := range c.Feeds {
		f, path := &c.Feeds[i], item("feeds", i)
		if c.refused(path) {
			continue
		}
		c.inherit(path, f)
		c.feedName(path, f, names, i)
		f.Title = article.Line(f.Title)
		f.Description = article.Line(f.Description)
		selector, err := article.ParseSelector(f.Where)
		if err != nil {
			c.filter(path+".where", err)
		}
		f.Selector = selector
		if f.Window != 0 || c.isSet(path+".window") {
			c.between(path+".window", f.Window, time.Minute, 10*365*24*time.Hour)
			if f.Window > time.Minute && f.Window%time.Minute != 0 {
				c.report(path+".window", wrong("%s is no whole number of minutes", f.Window).hint("write minutes, hours or days: 90m, 24h, 7d"))
			}
		}
		c.once(path+".require", f.Require)
		c.once(path+".fields", f.Fields)
		c.podcast(path+".podcast", &f.Podcast)
		if f.Podcast.On() && !slices.Contains(f.Formats, feed.RSS) {
			c.report(path+".formats", wrong("a podcast is fetched as rss").hint("add rss to the formats"))
		}
		c.tokens(path, f, tokens)
	}
}

// once reports what a list names twice.
func (c *checker) once(path string, list any) {
	v := reflect.ValueOf(list)
	seen := map[any]bool{}
	for i := range v.Len() {
		if x := v.Index(i).Interface(); seen[x] {
			c.report(item(path, i), wrong("%v stands here twice", x).hint("keep one of them"))
		} else {
			seen[x] = true
		}
	}
}

// inherit fills in what the feed leaves to Config.Feed.
func (c *checker) inherit(path string, f *NamedFeed) {
	s := FeedShape{Items: f.Items, MaxBytes: f.MaxBytes, Content: f.Content, Formats: f.Formats}
	own := s
	if !c.isSet(path + ".items") {
		s.Items, own.Items = c.Feed.Items, 1
	}
	if !c.isSet(path + ".max_bytes") {
		s.MaxBytes, own.MaxBytes = c.Feed.MaxBytes, MB
	}
	if !c.isSet(path + ".content") {
		s.Content = c.Feed.Content
	}
	if !c.isSet(path + ".formats") {
		s.Formats = slices.Clone(c.Feed.Formats)
		own.Formats = []feed.Format{feed.RSS}
	}
	c.shape(path, &own) // what is inherited was checked under feed
	f.Items, f.MaxBytes, f.Content, f.Formats = s.Items, s.MaxBytes, s.Content, s.Formats
}

var feedName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) feedName(path string, f *NamedFeed, names map[string]int, i int) {
	at := path + ".name"
	switch first, twice := names[f.Name]; {
	case f.Name == "":
		at := at
		if !c.isSet(at) {
			at = path
		}
		c.report(at, wrong("the feed has no name").hint("give it one: name: partner makes /feeds/partner/rss.xml"))
	case len(f.Name) > 80 || !feedName.MatchString(f.Name):
		bad := wrong("%s cannot stand in an address", quoted(f.Name)).hint("use lower-case letters, digits and hyphens; title: takes any text")
		if s := article.Slugify(f.Name); feedName.MatchString(s) {
			bad.hint("write %s; title: takes any text", s)
		}
		c.report(at, bad)
	case twice:
		c.report(at, wrong("%s is the name of two feeds, of feeds[%d] too", f.Name, first).hint("give each a name of its own"))
	default:
		names[f.Name] = i
	}
}

// filter reports a fault in a where, pointing into it.
func (c *checker) filter(path string, err error) {
	var fe *article.FilterError
	if !errors.As(err, &fe) {
		c.report(path, wrong("%v", err))
		return
	}
	at := []rune(fe.Filter[:min(fe.Pos, len(fe.Filter))])
	c.report(path, wrong("at character %d: %s", len(at)+1, fe.Err).hint(`write terms as category:ukraine, -tag:sponsored, author:"A. Roe", joined by OR or a space`))
	s, _, ok := c.spot(path)
	if !ok || s.token == nil || s.from != "" {
		return
	}
	// The value may be quoted, and then stands one to the right; where quoting
	// or line breaks hide characters, the caret stays at the start.
	p := c.bad[len(c.bad)-1]
	written := c.doc.line(p.Line)
	column := p.Column
	if column <= len(written) && (written[column-1] == '"' || written[column-1] == '\'') {
		column++
	}
	column += len(at)
	if text := string(written); strings.Contains(text, fe.Filter) && column <= len(written)+1 {
		p.Column = column
		p.Excerpt = excerpt(c.doc.lines, p.Line, column, 1)
	}
}

// line gives a line's characters, none if it is not there.
func (d *document) line(n int) []rune {
	if n < 1 || n > len(d.lines) {
		return nil
	}
	return []rune(d.lines[n-1])
}

var tokenForm = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)

// tokens gathers a feed's tokens. No message repeats one.
func (c *checker) tokens(path string, f *NamedFeed, seen map[string]string) {
	type given struct {
		Token
		at string // its key
	}
	var all []given
	for i, t := range f.Tokens {
		if at := item(path+".tokens", i); !c.refused(at) {
			t.Ends = c.ends(at+".until", t.Until)
			all = append(all, given{t, at})
		}
	}
	if f.Token != "" {
		all = append(all, given{Token{Token: f.Token}, path + ".token"})
	}
	f.Tokens = nil
	for _, g := range all {
		t, at := g.Token.Token, g.at
		switch owner, twice := seen[t]; {
		case t == "":
			c.report(at, wrong("the token is missing").hint("write token: and what this makes: openssl rand -hex 16"))
		case !tokenForm.MatchString(t):
			c.report(at, wrong("a token may hold letters, digits and - . _ ~ only").hint("make one with: openssl rand -hex 16"))
		case len(t) < minToken:
			c.report(at, wrong("a token of %d characters can be guessed", len(t)).hint("take %d or more: openssl rand -hex 16", minToken))
		case len(t) > 200:
			c.report(at, wrong("a token has at most 200 characters").hint("make one with: openssl rand -hex 16"))
		case twice && owner == path:
			c.report(at, wrong("the feed has this token twice").hint("keep one of them"))
		case twice:
			c.report(at, wrong("the feeds %s and %s share a token", owner, path).hint("give each its own, so that one can be withdrawn"))
		default:
			seen[t] = path
		}
		f.Tokens = append(f.Tokens, g.Token)
	}
	if c.isSet(path+".tokens") && len(f.Tokens) == 0 {
		c.report(path+".tokens", wrong("no token is left, so the feed would be public").hint("name at least one, or take out tokens"))
	}
}

// ends reads the last day of a token, or its last instant. A day is over at
// midnight in the site's zone.
func (c *checker) ends(path, until string) time.Time {
	if until == "" {
		return time.Time{}
	}
	if day, err := time.ParseInLocation(time.DateOnly, until, c.Zone()); err == nil {
		return day.AddDate(0, 0, 1)
	}
	at, err := time.Parse(time.RFC3339, until)
	if err != nil {
		c.report(path, wrong("%s is no date", quoted(until)).hint("write the last day, as 2026-12-31, or an instant, as 2026-12-31T18:00:00Z"))
	}
	return at
}

func (c *checker) categories() {
	names := map[string]int{} // folded name or other spelling → category
	slugs := map[string]int{}
	for i := range c.Categories {
		k, path := &c.Categories[i], item("categories", i)
		if c.refused(path) {
			continue
		}
		if k.Name = article.Line(k.Name); k.Name == "" {
			c.report(path, wrong("the category has no name").hint("write name: and the name as readers see it"))
			continue
		}
		if _, twice := names[article.Fold(k.Name)]; !twice { // one complaint is enough
			c.categorySlug(path, k, slugs, i)
		}
		for n, spelling := range append([]string{k.Name}, k.Also...) {
			at := path + ".name"
			if n > 0 {
				at = item(path+".also", n-1)
			}
			folded := article.Fold(spelling)
			if first, twice := names[folded]; twice && first != i {
				c.report(at, wrong("%s means the category %s already", quoted(spelling), quoted(c.Categories[first].Name)).hint("capitals and accents make no difference: keep it in one place"))
			} else if folded == "" {
				c.report(at, wrong("the spelling is empty").hint("take it out"))
			} else {
				names[folded] = i
			}
		}
		k.Description = article.Line(k.Description)
		k.Image = c.link(path+".image", k.Image)
	}
	c.parents(names)
}

func (c *checker) categorySlug(path string, k *Category, slugs map[string]int, i int) {
	at := path + ".slug"
	slug := k.Slug
	if slug == "" { // stays empty: the store may have given the name another
		slug = article.Slugify(k.Name)
		at = path + ".name"
	}
	first, twice := slugs[slug]
	switch {
	case slug == "":
		c.report(at, wrong("%s has no letters to make an address of", quoted(k.Name)).hint("give it a slug, as slug: culture"))
	case !feedName.MatchString(slug) || len(slug) > 80:
		bad := wrong("%s cannot stand in an address", quoted(slug)).hint("use lower-case letters, digits and hyphens")
		if s := article.Slugify(slug); feedName.MatchString(s) {
			bad.hint("write %s", s)
		}
		c.report(at, bad)
	case twice:
		c.report(at, wrong("%s is the slug of %s too", slug, quoted(c.Categories[first].Name)).hint("give one of them another slug"))
	default:
		slugs[slug] = i
	}
}

// parents finds parents by name, and circles.
func (c *checker) parents(names map[string]int) {
	parent := make(map[int]int)
	for i := range c.Categories {
		k := &c.Categories[i]
		if k.Parent == "" {
			continue
		}
		at := item("categories", i) + ".parent"
		p, ok := names[article.Fold(k.Parent)]
		if !ok {
			var all []string
			for _, other := range c.Categories {
				all = append(all, other.Name)
			}
			bad := wrong("there is no category %s", quoted(k.Parent)).hint("add - name: %s to categories", k.Parent)
			if n := nearest(k.Parent, all); n != "" {
				bad.hint("did you mean %s?", n)
			}
			c.report(at, bad)
			continue
		}
		k.Parent = c.Categories[p].Name
		parent[i] = p
	}
	for i := range c.Categories {
		at, steps := i, 0
		for {
			next, ok := parent[at]
			if !ok || steps > len(c.Categories) {
				break
			}
			if at = next; at == i {
				c.report(item("categories", i)+".parent", wrong("%s would be its own parent", quoted(c.Categories[i].Name)).hint("take out one parent of the circle"))
				delete(parent, i)
				break
			}
			steps++
		}
	}
}
