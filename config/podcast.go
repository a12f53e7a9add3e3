package config

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"feedwright/article"
	"feedwright/feed"
)

// Podcast makes a feed a podcast: it then holds episodes only, and all of them.
// A feed is one if Category names at least one category.
type Podcast struct {
	Category []string  `mapstructure:"category"` // Apple's, as "Society & Culture > Documentary"
	Author   string    `mapstructure:"author"`   // empty: the site's
	Owner    Contact   `mapstructure:"owner"`    // whom directories write to
	Explicit bool      `mapstructure:"explicit"`
	Type     ShowType  `mapstructure:"type"`   // empty means episodic
	Image    string    `mapstructure:"image"`  // absolute URL, or empty: the folder's cover
	GUID     string    `mapstructure:"guid"`   // a UUID, or empty: made of the first address and kept
	Locked   Locked    `mapstructure:"locked"` // empty says nothing
	Medium   Medium    `mapstructure:"medium"` // empty means podcast
	Funding  []Funding `mapstructure:"funding"`
	Persons  []Person  `mapstructure:"persons"`
	NewURL   string    `mapstructure:"new_feed_url"` // absolute URL, or empty
	Complete bool      `mapstructure:"complete"`     // no further episode will come
	Block    bool      `mapstructure:"block"`        // directories are asked not to show it

	Categories []feed.PodcastCategory `mapstructure:"-"` // what Category means
}

// On says that the feed is a podcast.
func (p *Podcast) On() bool { return len(p.Categories) > 0 }

// Funding is a place where listeners can give.
type Funding struct {
	URL  string `mapstructure:"url"`
	Text string `mapstructure:"text"` // at most 128 characters
}

// Person takes part in every episode that names nobody.
type Person struct {
	Name  string `mapstructure:"name"`
	Role  string `mapstructure:"role"` // of the Podcast Taxonomy; empty means host
	Image string `mapstructure:"image"`
	URL   string `mapstructure:"url"`
}

// Media is where sound and pictures are fetched.
type Media struct {
	Base string `mapstructure:"base"` // absolute URL of a copy of the folder, no trailing slash; empty: site.url/media
}

// ShowType says whether episodes stand by themselves.
type ShowType string

// Locked says whether other hosts may import the feed: yes, no or nothing.
type Locked string

// Medium is what a podcast holds, a word of Podcasting 2.0's list.
type Medium string

// parseLocked reads yes and no, which YAML may take for true and false.
func parseLocked(s string) (any, *fault) {
	switch strings.ToLower(s) {
	case "yes", "true":
		return Locked("yes"), nil
	case "no", "false":
		return Locked("no"), nil
	}
	return nil, wrong("%s is neither yes nor no", quoted(s)).hint("write yes to keep other hosts from importing the feed")
}

// podcast checks what makes a feed a podcast.
func (c *checker) podcast(path string, p *Podcast) {
	at := func(key string) string { return path + "." + key }
	p.Author, p.Owner.Name = article.Line(p.Author), article.Line(p.Owner.Name)
	if len(p.Category) == 0 {
		texts := p.Author + p.Owner.Name + p.Owner.Email + string(p.Type) + p.Image + p.GUID + string(p.Locked) + string(p.Medium) + p.NewURL
		if texts != "" || p.Explicit || p.Complete || p.Block || len(p.Funding)+len(p.Persons) > 0 {
			c.notices = append(c.notices, path+" has no category, so that feed is no podcast: name one of Apple's, as category: News > Daily News.")
		}
	}
	for i, s := range p.Category {
		c.podcastCategory(item(at("category"), i), p, s)
	}
	c.email(at("owner"), p.Owner.Email)
	p.Image = c.link(at("image"), p.Image)
	if file, _, _ := strings.Cut(strings.ToLower(p.Image), "?"); p.Image != "" && !hasAny(file, ".jpg", ".jpeg", ".png") {
		c.report(at("image"), wrong("%s is neither JPEG nor PNG by its name", quoted(p.Image)).hint("directories take a square .jpg or .png of 1400 to 3000 pixels"))
	}
	p.NewURL = c.link(at("new_feed_url"), p.NewURL)
	if p.GUID != "" {
		id, err := uuid.Parse(p.GUID)
		if err != nil {
			c.report(at("guid"), wrong("%s is not a UUID", quoted(p.GUID)).hint("take the one that your feed has had so far, or leave it out"))
		}
		p.GUID = id.String()
	}
	for i := range p.Funding {
		f := &p.Funding[i]
		if f.URL = c.link(item(at("funding"), i)+".url", f.URL); f.URL == "" {
			c.report(item(at("funding"), i), wrong("the place to give has no address").hint("write url: and the address"))
		}
		f.Text = c.short(item(at("funding"), i)+".text", f.Text)
	}
	for i := range p.Persons {
		f := &p.Persons[i]
		if f.Name = c.short(item(at("persons"), i)+".name", f.Name); f.Name == "" {
			c.report(item(at("persons"), i), wrong("the person has no name").hint("write name: and the name"))
		}
		f.Role = strings.ToLower(article.Line(f.Role))
		f.Image, f.URL = c.link(item(at("persons"), i)+".image", f.Image), c.link(item(at("persons"), i)+".url", f.URL)
	}
}

// short is a text of at most 128 characters, as Podcasting 2.0 has it.
func (c *checker) short(path, s string) string {
	s = article.Line(s)
	if n := len([]rune(s)); n > 128 {
		c.report(path, wrong("a text of %d characters is too long", n).hint("at most 128 are shown"))
	}
	return s
}

func hasAny(s string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(s, e) })
}

// podcastCategory finds one of Apple's categories, whatever stands between the
// two names.
func (c *checker) podcastCategory(path string, p *Podcast, s string) {
	name, sub, _ := strings.Cut(s, ">")
	name, sub = article.Line(name), article.Line(sub)
	all := feed.PodcastCategories()
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.Name
		if !strings.EqualFold(one.Name, name) {
			continue
		}
		found := feed.PodcastCategory{Name: one.Name}
		if i := slices.IndexFunc(one.Subs, func(t string) bool { return strings.EqualFold(t, sub) }); i >= 0 {
			found.Sub = one.Subs[i]
		} else if sub != "" {
			bad := wrong("Apple has no category %s in %s", quoted(sub), one.Name)
			if len(one.Subs) == 0 {
				c.report(path, bad.hint("write %s alone", one.Name))
			} else {
				c.report(path, bad.hint("it has %s", list(one.Subs, "and")))
			}
		}
		p.Categories = append(p.Categories, found)
		return
	}
	bad := wrong("Apple has no podcast category %s", quoted(name))
	if n := nearest(name, names); n != "" {
		bad.hint("did you mean %s?", n)
	} else {
		bad.hint("they are %s", list(names, "and"))
	}
	c.report(path, bad)
}

// media checks where sound and pictures are fetched.
func (c *checker) media() {
	m := &c.Media
	if m.Base == "" {
		return
	}
	u, f := webURL(m.Base)
	switch {
	case f != nil:
		c.report("media.base", f)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		c.report("media.base", wrong("%s is no plain address", quoted(m.Base)).hint("write it as https://cdn.example.org/media, without ? # or @"))
	default:
		m.Base = strings.TrimRight(u.String(), "/")
	}
}
