package feed

import (
	"time"
)

// Page is a page for people that lists articles: the index, a category, tag,
// author or language, a named feed, or a filter.
type Page struct {
	Channel   Channel // the feed that the page shows: its title, its addresses in each format, its language
	Site      string  // the site's title
	Root      string  // path of the site: "/" or "/news/"
	Canonical string  // absolute URL of the page; empty keeps search engines away (a filter)
	Term      *Term   // the category, tag, author or language that the page is of, else nil
	Filter    string  // the filter that the page is of, in its canonical spelling, else empty
	Items     []Item  // newest first
	Terms     []Term  // what can be chosen, by Kind, in the order to show
	Total     int     // public articles that the page could list; 0 if not counted
	Zone      *time.Location
}

// ArticlePage is the page of one article.
type ArticlePage struct {
	Channel   Channel   // of the whole site
	Feeds     []Channel // of its categories: their Title and Self, for autodiscovery
	Site      string    // the site's title
	Root      string    // path of the site: "/" or "/news/"
	Canonical string    // absolute URL: this page's, or the article's own elsewhere
	Item      Item
	Terms     []Term // what can be chosen, for the navigation
	Zone      *time.Location
}

// EncodePage renders a list of articles.
func EncodePage(p *Page) ([]byte, error) { return nil, nil }

// EncodeArticle renders the page of one article.
func EncodeArticle(p *ArticlePage) ([]byte, error) { return nil, nil }

// ErrorPage renders what a browser shows instead of a document.
func ErrorPage(lang string, status int, sentences []string, near []Term, home string) ([]byte, error) {
	return nil, nil
}

// FeedStylesheet is the CSS that dresses RSS and Atom in a browser, and its
// name under /assets/.
func FeedStylesheet() (name string, css []byte) { return "", nil }

// PageAssets are all files under /assets/ by name; names hold a hash of the
// content.
func PageAssets() map[string][]byte { return nil }
