package publish

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Settings are what the config says of publishing. They are never changed once
// handed in; a reload hands in new ones.
type Settings struct {
	Version     string
	SiteID      string // a UUID: the name space of feed ids
	Title       string
	Description string
	URL         string // absolute, of the site, without a trailing slash; its path prefixes every address
	Lang        string
	Zone        *time.Location
	Author      article.Author
	Webmaster   article.Author
	Copyright   string
	Icon, Image string // absolute URLs, or empty
	Items       int    // of a feed that says nothing else
	MaxBytes    int64  // of a document
	Content     feed.Content
	Formats     []feed.Format
	MaxAge      time.Duration
	Grace       time.Duration // how long after its file went an article counts as withdrawn
	Tombstones  time.Duration // how long after that Atom feeds tell of it; 0 not at all
	Cache       int64         // bytes of documents and fragments kept in memory
	Feeds       []Named
	Categories  []Category
	Podcast     *feed.Podcast // of the feed of everything; nil if it is none
	MediaBase   string        // absolute URL of a copy of the folder, without a trailing slash; empty: /media of the site
	Static      bool          // pages are files: they offer no address with a query
	Hub         string        // absolute URL of the WebSub hub that feeds name, or empty
	OwnHub      bool          // that hub is ours: private feeds name it too
}

// Category is what the config says of one category.
type Category struct {
	article.Naming
	Description string
	Image       string // absolute URL, or empty
}

// Named is a feed that the config names.
type Named struct {
	Name, Title, Description string
	Where                    article.Selector // with the window and all else that articles must meet
	Fresh                    bool             // the last changed first, not the last published
	Items                    int
	MaxBytes                 int64
	Content                  feed.Content
	Formats                  []feed.Format
	Parts                    []feed.Part   // of its items; nil means all
	Podcast                  *feed.Podcast // nil if it is none
	Tokens                   []Token       // any of them opens a private feed; empty means public
}

// Token opens a private feed.
type Token struct {
	Secret string
	Ends   time.Time // the first instant at which it opens nothing; zero: none
}

// Private says whether the feed has a token.
func (n *Named) Private() bool { return len(n.Tokens) > 0 }

// opens finds the token that a secret is, nil if none. It compares in constant
// time, whatever the lengths.
func (n *Named) opens(secret string) *Token {
	got := sha256.Sum256([]byte(secret))
	at := -1
	for i := range n.Tokens {
		want := sha256.Sum256([]byte(n.Tokens[i].Secret))
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(got[:], want[:]), i, at)
	}
	if at < 0 {
		return nil
	}
	return &n.Tokens[at]
}

// admit says whether a named feed may be answered at all. It stands before every
// look-up: documents that were made for one asker are no other's.
func (s *Settings) admit(a feed.Address, now time.Time) error {
	if a.Feed == "" {
		return nil
	}
	p, err := s.open(a)
	if err != nil {
		return err
	}
	if t := p.opens(a.Token); t != nil && !t.Ends.IsZero() && !now.Before(t.Ends) {
		return &feed.Expired{At: t.Ends.In(s.Zone)}
	}
	return nil
}

func (s *Settings) named(name string) *Named {
	i := slices.IndexFunc(s.Feeds, func(n Named) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	return &s.Feeds[i]
}

// rules is the gate's part of the settings, and the names of the categories.
func (s *Settings) rules() catalog.Rules {
	return catalog.Rules{
		Grace: s.Grace, Tombstones: s.Tombstones,
		Private: func(name string) bool {
			n := s.named(name)
			return n == nil || n.Private()
		},
		Categories: s.namings(),
	}
}

func (s *Settings) namings() []article.Naming {
	var list []article.Naming
	for i := range s.Categories {
		list = append(list, s.Categories[i].Naming)
	}
	return list
}

// spellings are all that the config lists of categories' names.
func (s *Settings) spellings() []string {
	var list []string
	for i := range s.Categories {
		list = append(append(list, s.Categories[i].Name), s.Categories[i].Also...)
	}
	return list
}

// category is what the config says of a term, nil if nothing.
func (s *Settings) category(t *feed.Term) *Category {
	i := slices.IndexFunc(s.Categories, func(c Category) bool {
		return t.Kind == article.Category && article.Fold(c.Name) == article.Fold(t.Name)
	})
	if i < 0 {
		return nil
	}
	return &s.Categories[i]
}

// profile is how one address is to be filled: the defaults, or a named feed's.
type profile struct {
	*Named
	title   string
	podcast *feed.Podcast // nil if it is none
}

// open finds the profile of an address. A private feed is there only for who
// brings its token; a token on a public feed is a wrong address.
func (s *Settings) open(a feed.Address) (profile, error) {
	if a.Feed == "" {
		n := &Named{Items: s.Items, MaxBytes: s.MaxBytes, Content: s.Content, Formats: s.Formats}
		x := s.podcastOf(a, n)
		if x != nil {
			n.Where = episodes
		}
		return profile{n, s.Title, x}, nil
	}
	n := s.named(a.Feed)
	if n == nil {
		// Compare anyway, so that the answer takes as long for a name nobody uses.
		(&Named{Tokens: []Token{{Secret: a.Feed}}}).opens(a.Token)
		return profile{}, article.ErrNotFound
	}
	switch {
	case !n.Private() && (a.Token == "" || a.Basic): // who signs in everywhere does so here
	case !n.Private() || n.opens(a.Token) == nil:
		return profile{}, article.ErrNotFound
	}
	return profile{n, n.title(s), n.Podcast}, nil
}

// feedID names a feed for ever: it holds neither host nor format, so moving the
// site, or changing from RSS to Atom, leaves it as it is (RFC 4287 §4.2.6).
func (s *Settings) feedID(a feed.Address) string {
	space, err := uuid.Parse(s.SiteID)
	if err != nil {
		space = uuid.NameSpaceURL
	}
	a.Format, a.Limit, a.Token, a.Basic = feed.HTML, 0, "", false
	return "urn:uuid:" + uuid.NewSHA1(space, []byte("feed "+a.Path())).String()
}

// abs makes an absolute URL of a canonical path.
func (s *Settings) abs(path string) string { return s.URL + path }

func (s *Settings) termURL(kind article.Field, slug string) string {
	return s.abs(feed.Address{Format: feed.HTML, Selector: article.Lone(kind, slug)}.Path())
}

// hub is the hub that a feed names: a private one no hub but our own, and a page
// of an archive none, as nothing comes to it.
func (s *Settings) hub(a feed.Address, p profile) string {
	if a.Archive > 0 || a.Before > 0 || p.Private() && !s.OwnHub {
		return ""
	}
	return s.Hub
}

// stylesheet is the name of the feeds' CSS.
var stylesheet, _ = feed.FeedStylesheet()

// channel is the head of the feed at an address; lone is its one category, tag,
// author or language, if it is that of one, and said its filter in words.
func (s *Settings) channel(a feed.Address, p profile, lone *feed.Term, said string) *feed.Channel {
	self := map[feed.Format]string{}
	for _, f := range p.Formats {
		b := a
		b.Format = f
		self[f] = s.abs(b.Path())
	}
	home := a
	home.Format, home.Limit = feed.HTML, 0
	ch := &feed.Channel{
		ID:          s.feedID(a),
		Title:       p.title,
		Description: s.Description,
		Home:        s.abs(home.Path()),
		Self:        self,
		Hub:         s.hub(a, p),
		Lang:        s.Lang,
		Author:      s.Author,
		Webmaster:   s.Webmaster,
		Copyright:   s.Copyright,
		Icon:        s.Icon,
		Image:       s.Image,
		Content:     p.Content,
		MaxAge:      s.MaxAge,
		Generator:   strings.TrimSpace("feedwright " + s.Version),
		Stylesheet:  s.root() + "assets/" + stylesheet,
	}
	if p.Description != "" {
		ch.Description = p.Description
	}
	switch {
	case lone != nil:
		ch.Title += " – " + lone.Name
		ch.Categories = []feed.Term{*lone}
		if lone.Kind == article.Lang {
			ch.Lang = lone.Slug
		}
		if c := s.category(lone); c != nil {
			ch.Description, ch.Image = cmp.Or(c.Description, ch.Description), cmp.Or(c.Image, ch.Image)
		}
	case said != "":
		ch.Title += " – " + said
	}
	if ch.Description == "" {
		ch.Description = ch.Title
	}
	return ch
}
