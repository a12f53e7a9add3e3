// Package config turns config.yaml, FEEDWRIGHT_* variables and flags into one
// Config of typed, checked values, and says of each where it came from. It
// owns the names, defaults, bounds and spellings of all settings, and viper,
// which layers them, never leaves it. It opens no article, database or socket,
// keeps no global, and logs nothing: what it finds it returns.
//
// The data's path: file → text → syntax tree with positions → a layer of typed
// values; variables and flags → layers of their own; viper lays the layers over
// the defaults → checks over the whole → Loaded. Every problem of every layer
// is reported at once, at its line or with the name of its variable. Watch
// walks the same path again whenever the file changes, and a faulty file never
// replaces settings that work.
package config

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // site.timezone means the same in an image without zone files

	"feedwright/article"
	"feedwright/feed"
)

// Config is every setting, defaults filled in, paths absolute. Its keys are the
// mapstructure tags joined by dots. `as:"secret"` values are masked wherever
// they are shown; `as:"restart"` values cannot change while running.
type Config struct {
	Site       Site        `mapstructure:"site"`
	Source     Source      `mapstructure:"source"`
	Feed       FeedShape   `mapstructure:"feed"`
	Feeds      []NamedFeed `mapstructure:"feeds"`
	Categories []Category  `mapstructure:"categories"`
	Podcast    Podcast     `mapstructure:"podcast"` // of the feed of everything
	Media      Media       `mapstructure:"media"`
	Store      Store       `mapstructure:"store"`
	Server     Server      `mapstructure:"server"`
	WebSub     WebSub      `mapstructure:"websub"`
}

// Site is who publishes.
type Site struct {
	ID          string  `mapstructure:"id" as:"restart"` // a UUID in lower case, or empty: the store then finds or mints one
	Title       string  `mapstructure:"title"`           // one line, never empty
	Description string  `mapstructure:"description"`
	URL         string  `mapstructure:"url"`      // absolute http(s), no trailing slash, query or fragment; derived from server.listen if unset
	Language    string  `mapstructure:"language"` // BCP 47
	Timezone    string  `mapstructure:"timezone"` // IANA name; Config.Zone gives the location
	Author      Author  `mapstructure:"author"`
	Webmaster   Contact `mapstructure:"webmaster"` // who minds the machine, for RSS; nobody without an address
	Icon        string  `mapstructure:"icon"`      // absolute URL of a square picture, or empty
	Image       string  `mapstructure:"image"`     // absolute URL of a wide picture, or empty
	Copyright   string  `mapstructure:"copyright"`
}

// Contact is somebody to write to.
type Contact struct {
	Name  string `mapstructure:"name"`
	Email string `mapstructure:"email"`
}

// Author is the author of articles that name none.
type Author struct {
	Name  string `mapstructure:"name"`
	Email string `mapstructure:"email"`
	URL   string `mapstructure:"url"`
}

// Source is the folder of articles and how it is read.
type Source struct {
	Dir         string              `mapstructure:"dir" as:"restart"`     // absolute
	Include     []string            `mapstructure:"include" as:"restart"` // doublestar globs over slash paths; empty means all
	Ignore      []string            `mapstructure:"ignore" as:"restart"`  // likewise; wins over Include
	Publish     Publish             `mapstructure:"publish"`
	Settle      time.Duration       `mapstructure:"settle" as:"restart"` // 0 is auto
	Rescan      Rescan              `mapstructure:"rescan" as:"restart"` // zero is auto
	Linger      time.Duration       `mapstructure:"linger" as:"restart"`
	Grace       time.Duration       `mapstructure:"grace" as:"restart"`
	Hold        time.Duration       `mapstructure:"hold" as:"restart"`
	OnRemove    OnRemove            `mapstructure:"on_remove" as:"restart"`
	Significant float64             `mapstructure:"significant" as:"restart"` // share of words, 0 to 1
	Fields      map[string][]string `mapstructure:"fields"`                   // one of FieldNames → the owner's names in front matter
	Labels      map[string][]string `mapstructure:"labels"`                   // one of FieldNames → the owner's label lines in texts
	Boilerplate []string            `mapstructure:"boilerplate"`              // RE2 patterns of paragraphs to drop
	Keep        []string            `mapstructure:"keep"`                     // RE2 patterns of paragraphs never to drop
	Learn       bool                `mapstructure:"learn" as:"restart"`       // learn boilerplate from what recurs
}

// FeedShape is the size and form that feeds have unless they say otherwise.
type FeedShape struct {
	Items    int           `mapstructure:"items"`     // 1 to feed.MaxLimit
	MaxBytes Size          `mapstructure:"max_bytes"` // of one uncompressed document
	Content  feed.Content  `mapstructure:"content"`
	Formats  []feed.Format `mapstructure:"formats"` // at least one of rss, atom, json

	// Tombstones is how long Atom feeds tell of an article that was withdrawn;
	// 0 not at all. It is the same for every feed.
	Tombstones time.Duration `mapstructure:"tombstones"`
}

// NamedFeed is a feed of its own address, /feeds/<name>/. Items, MaxBytes,
// Content and Formats are never empty: what the feed does not say is taken from
// Config.Feed.
type NamedFeed struct {
	Name        string        `mapstructure:"name"` // lower-case letters, digits, hyphens; unique
	Title       string        `mapstructure:"title"`
	Description string        `mapstructure:"description"`
	Where       string        `mapstructure:"where"` // the filter as written; Selector is what it means
	Items       int           `mapstructure:"items"`
	MaxBytes    Size          `mapstructure:"max_bytes"`
	Content     feed.Content  `mapstructure:"content"`
	Formats     []feed.Format `mapstructure:"formats"`
	Sort        Sort          `mapstructure:"sort"`    // empty means SortPublished
	Window      time.Duration `mapstructure:"window"`  // only articles of the last so long; whole minutes; 0 all
	Require     []Require     `mapstructure:"require"` // only articles that have each of these
	Fields      []feed.Part   `mapstructure:"fields"`  // parts of an item; nil means all
	Podcast     Podcast       `mapstructure:"podcast"`
	Token       string        `mapstructure:"token" as:"secret"` // one token; Tokens holds it too
	Tokens      []Token       `mapstructure:"tokens"`            // any one opens the feed; empty means public

	Selector article.Selector `mapstructure:"-"`
}

// Private says that the feed opens only with a token.
func (f *NamedFeed) Private() bool { return len(f.Tokens) > 0 }

// Filter is all that an article must meet to be in the feed: Selector, Window
// and Require.
func (f *NamedFeed) Filter() article.Selector {
	s := f.Selector
	if f.Window > 0 {
		s = s.And(article.Within(int(f.Window / time.Minute)))
	}
	for _, r := range f.Require {
		s = s.And(article.Lone(article.HasMedia, string(r)))
	}
	return s
}

// Token opens a private feed. In a list of tokens it may stand by itself.
type Token struct {
	Token string `mapstructure:"token" as:"secret lone"`
	Until string `mapstructure:"until"` // as written: the last day, or an instant; empty: without end

	Ends time.Time `mapstructure:"-"` // the first instant at which it opens nothing; zero: none
}

// Category is what the owner says of a category.
type Category struct {
	Name        string   `mapstructure:"name"`
	Slug        string   `mapstructure:"slug"`   // of its address; empty: the one that the store gives the name
	Also        []string `mapstructure:"also"`   // other spellings that mean this category
	Parent      string   `mapstructure:"parent"` // Name of another category, or empty
	Description string   `mapstructure:"description"`
	Image       string   `mapstructure:"image"` // absolute URL, or empty
}

// Store is what lasts.
type Store struct {
	DSN    string `mapstructure:"dsn" as:"restart secret-dsn"` // sqlite:ABSOLUTE PATH
	Ledger string `mapstructure:"ledger" as:"restart"`         // absolute path of the ledger's text copy, or empty: none
}

// Server is how the feeds are served.
type Server struct {
	Listen         string         `mapstructure:"listen" as:"restart"` // host:port, unix:ABSOLUTE PATH or systemd
	Admin          string         `mapstructure:"admin" as:"restart"`  // likewise, or empty: none
	MaxAge         time.Duration  `mapstructure:"max_age"`             // whole seconds
	Cache          Size           `mapstructure:"cache"`
	TrustedProxies []netip.Prefix `mapstructure:"trusted_proxies"`
	Aliases        []string       `mapstructure:"aliases"` // paths that answer as /rss.xml does
	Pprof          bool           `mapstructure:"pprof" as:"restart"`
}

// Default gives every key's default, before paths are made absolute. Nothing in
// it depends on the machine, so that a folder publishes the same everywhere.
func Default() Config {
	return Config{
		Site: Site{
			Title:    "News",
			Language: "en",
			Timezone: "UTC", // not the machine's: dates in files must mean the same on every one
		},
		Source: Source{
			Dir:         "./articles",
			Publish:     PublishAll,
			Linger:      2 * time.Second,
			Grace:       2 * time.Minute,
			OnRemove:    Withdraw,
			Significant: 0.1,
			Learn:       true,
		},
		Feed: FeedShape{
			Items:    50,
			MaxBytes: 1 * MB,
			Content:  feed.Full,
			Formats:  []feed.Format{feed.RSS, feed.Atom, feed.JSON},

			Tombstones: 30 * 24 * time.Hour,
		},
		Store: Store{DSN: "sqlite:feedwright.db", Ledger: "feedwright.ledger"},
		Server: Server{
			Listen: "127.0.0.1:8080",
			Admin:  "127.0.0.1:8081",
			MaxAge: 15 * time.Minute,
			Cache:  256 * MB,
		},
		WebSub: WebSub{Hub: HubNone},
	}
}

// Zone is the site's time zone.
func (c *Config) Zone() *time.Location {
	zone, err := time.LoadLocation(c.Site.Timezone)
	if err != nil { // Load has checked it; a Config made by hand gets the default
		return time.UTC
	}
	return zone
}

// Prefix is the path of site.url, "" or "/news", unescaped: it stands before
// every address.
func (c *Config) Prefix() string {
	u, err := url.Parse(c.Site.URL)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}
