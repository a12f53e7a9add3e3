// Package adopt knows the items of a living feed again among our articles: an
// RSS, Atom or JSON feed, or an export of WordPress, as another program made it.
// It says which article is which item, by what that is known, and why an item
// is nobody's. Whoever moves here can so keep every id that readers know.
//
// It fetches nothing, stores nothing and decides nothing: what it says is
// carried out by store and told by cmd. It reads feeds through gofeed and shares
// no code with feed, whose faults it would else not see.
//
// The data's path: bytes → Read → Feed; Feed and articles → Match → Result.
package adopt

import (
	"time"

	"feedwright/article"
)

// Feed is another program's feed as its readers see it.
type Feed struct {
	Kind  string // "RSS 2.0", "Atom 1.0", "JSON Feed 1.1", "WordPress export"
	Title string
	Items []Item // in the order of the document
	Next  string // absolute URL of the page that goes on, or empty
}

// Item is one item of a feed. Readers know it by its ID.
type Item struct {
	ID        string // as written, character by character; the link if none is written; may be empty
	Link      string
	Slug      string // what an export names it
	Title     string // plain text, one line
	Published time.Time
	Updated   time.Time
	Text      string // plain text: the whole, or as much as the feed carries
}

// Article is one of our own, as far as an item can be known by it.
type Article struct {
	Number    article.Number
	ID        article.ID
	IDFrom    string // as in article.Life
	Path      string
	Slugs     []string // as its file or its page names it
	Links     []string // absolute URLs: its own page elsewhere, its page here
	Title     string
	Published time.Time
	Date      article.Date // as its file gives it
	Text      func() string
}

// Pair is an item and the article that it is.
type Pair struct {
	Item    *Item
	Article *Article
	By      string // what it was known by: "id", "link", "slug", "title and date", "title" or "text"
}

// Miss is an item that is no article's.
type Miss struct {
	Item *Item
	Why  string // a sentence
}

// Result is what Match found. Each item is in one pair or one miss, and each
// article in at most one pair.
type Result struct {
	Pairs  []Pair // in the order of the items
	Misses []Miss
	Alone  []*Article // articles that are no item, in the order given
}

// Date gives the date of publication that the article gets from its item, and
// whether it differs from the one it has. What the file itself writes to the
// second is the owner's word, and stays; a day without a time takes the item's
// time of that day.
func (p *Pair) Date(zone *time.Location) (time.Time, bool) {
	d, was := p.Article.Date, p.Article.Published
	at := p.Item.Published
	if at.IsZero() {
		return was, false
	}
	written := !d.IsZero() && (d.From == article.FromFile || d.From == "")
	if written && (!d.DayOnly || !sameDay(d.Time, at.In(zone))) {
		return was, false
	}
	return at, !at.Equal(was)
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}
