// Package feed turns a channel and its articles into documents: RSS 2.0,
// Atom 1.0, JSON Feed 1.1, OPML 2.0 and pages for people. It is pure: no clock,
// no disk, no network, no randomness. The same values give the same bytes on
// every machine; strong ETags, golden files and replicas that agree rest on
// that.
//
// github.com/gorilla/feeds is the encoder, through its XmlFeed seam and with
// wire structs that embed its types and correct them. Each item is encoded once
// per article revision into a Fragment, which every document then shares.
//
// The data's path: publish fills Item and Channel → an Encoder's Item gives a
// Fragment → its Feed puts fragments into a document → Compress.
package feed

import (
	"time"

	"feedwright/article"
)

// Content says how much of an article a feed carries.
type Content string

// Fullness of items. Full is the summary, if the article has one, and the whole
// text. Summary is the summary, else the start of the text. Both is Full, with
// the start of the text for a summary where the article has none. A value that
// is none of these is Full.
const (
	Full    Content = "full"
	Summary Content = "summary"
	Both    Content = "both"
)

// Term is a category, tag, author or language as pages and feeds show it.
type Term struct {
	Kind  article.Field
	Name  string
	Slug  string
	URL   string // absolute, of its page
	Count int    // public articles; 0 where nobody asked

	Parent string // slug of the category that it lies in, or empty
}

// Item is one article ready for the wire: every URL absolute, every text clean,
// HTML sanitised and balanced. Fields that are empty are left out.
type Item struct {
	ID          article.ID
	Rev         article.Hash
	URL         string // the article's own page, here or where Link says
	Title       string // plain text
	Summary     string // plain text
	HTML        string // the body
	Text        string // the body as plain text
	Lang        string
	Authors     []article.Author
	Categories  []Term
	Tags        []Term
	Published   time.Time
	Updated     time.Time // never zero, never before Published
	Image       *Picture
	Attachments []Enclosure
	Source      *article.Link // where it was taken from
	Rights      string
	Comments    string
	Links       []article.Link
	Correction  string   // plain text, shown at the top
	Episode     *Episode // in a feed that is a podcast; else nil
}

// Picture is an image on the web.
type Picture struct {
	URL, Alt, Caption string
	Type              string // media type, empty if unknown
	Length            int64  // bytes, 0 if unknown
	Width, Height     int    // pixels, 0 if unknown
}

// Enclosure is a file on the web that comes with an item.
type Enclosure struct {
	URL, Title, Type string
	Length           int64 // bytes, 0 if unknown
	Duration         time.Duration
	Width, Height    int
}

// Channel is all of a feed that is not its items.
type Channel struct {
	ID          string // the feed's id, an IRI: never changes, not even with the site's URL
	Title       string
	Description string
	Home        string            // absolute URL of its page for people
	Self        map[Format]string // absolute canonical URL in each format that it has
	Hub         string            // absolute URL while a hub runs, else empty
	Lang        string
	Author      article.Author
	Webmaster   article.Author // who minds the machine; RSS alone names them
	Copyright   string
	Icon        string // absolute URL of a square picture
	Image       string // absolute URL of a GIF, JPEG or PNG
	Categories  []Term
	Content     Content
	MaxAge      time.Duration
	Updated     time.Time // newest published, updated or withdrawal ever shown; never a clock's reading
	Generator   string    // "feedwright 1.2"
	Stylesheet  string    // absolute path of the feeds' CSS, or empty
	Paging      Paging
	Withdrawn   []Withdrawal // newest first; Atom alone tells of them
	Podcast     *Podcast     // nil of a feed that is none; RSS alone tells of it
}

// Fragment is one item encoded for one format. It is never changed.
type Fragment []byte

// Encoder writes one format.
type Encoder interface {
	Format() Format
	ContentType() string
	// Item encodes one item. It depends on nothing but its arguments, so the
	// fragment may be kept as long as the revision stands.
	Item(it *Item, c Content) (Fragment, error)
	// Feed puts fragments, in their order, into a whole document.
	Feed(ch *Channel, items []Fragment) ([]byte, error)
	// Append is Feed into memory of the caller's: it writes behind dst, which
	// it grows at most once. What is only compressed and dropped needs no new
	// memory for each document.
	Append(dst []byte, ch *Channel, items []Fragment) ([]byte, error)
}

// Encoders are all feed formats. A new format is one file and one line here.
func Encoders() []Encoder { return []Encoder{rssEncoder{}, atomEncoder{}, jsonEncoder{}} }
