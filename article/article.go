// Package article holds the nouns of feedwright: what an article is, what a
// file says of it, what changed, and which articles a feed selects. It imports
// no other room and does no I/O; every other room speaks in its words.
//
// An article is born once, in source, as a Parsed inside a Change; it gets its
// identity once, in store; it is never changed after: an edit makes a new
// Revision of the same ID.
package article

import (
	"errors"
	"time"
)

// ErrNotFound is returned for an article, term or document that is not there,
// or that the asker may not know of: the two are never told apart.
var ErrNotFound = errors.New("not found")

// ErrGone is returned for an article that was public and has been withdrawn or
// has expired.
var ErrGone = errors.New("gone")

// ErrUnready is returned for what cannot be answered yet and soon will be: a
// short answer would be wrong.
var ErrUnready = errors.New("not ready yet: full text is still being indexed")

// ID names an article for ever: an IRI, equal in every format and every feed
// (RFC 4287 §4.2.6). Minted ids are "urn:uuid:" and a UUIDv5; an id that the
// file gives, or that was adopted, is kept character by character.
type ID string

// Number is the store's small number of an article. It is dense, starts at 1,
// is never used twice in one database, and never leaves the program.
type Number uint32

// Hash is a content hash: the first 16 bytes of a SHA-256.
type Hash [16]byte

// Article is one article at its newest revision, whole.
type Article struct {
	Number    Number
	ID        ID
	Slug      string    // public name in /article/<slug>/; empty while held
	Path      string    // slash-separated, relative to the source folder
	Published time.Time // never moves by itself
	Updated   time.Time // zero, or after Published: the last significant change
	Revision  Revision
	Fields    Fields
	Markup    Markup
	Body      string   // in Markup; paragraphs separated by blank lines
	Drop      []uint64 // Paragraph hashes learnt to be boilerplate
	Media     []Media  // local files that the article names
}

// Revision is one state of an article's content.
type Revision struct {
	Number int64
	Hash   Hash // covers everything that is shown
	At     time.Time
}

// Markup is the language a body is written in.
type Markup string

// The markups that package body renders.
const (
	PlainText Markup = "text"     // a newsroom's text: bullets, sub-headings and paragraphs by layout
	Markdown  Markup = "markdown" // CommonMark with GFM, raw HTML allowed
	HTML      Markup = "html"     // a fragment, not yet sanitised
)

// Fields is what a file says of its article, as parsed, before the store adds
// what lasts. All texts are plain text (no markup), clean UTF-8, untrimmed of
// nothing but space. The zero value of a field means that the file is silent.
type Fields struct {
	ID          string       `json:"id,omitempty"`    // `id:` or `guid:`, kept as given
	Title       string       `json:"title,omitempty"` // plain text, one line
	Slug        string       `json:"slug,omitempty"`  // as written
	Link        string       `json:"link,omitempty"`  // absolute http(s) URL of the article's own page elsewhere
	Summary     string       `json:"summary,omitempty"`
	Authors     []Author     `json:"authors,omitempty"`
	Categories  []string     `json:"categories,omitempty"` // as written; "News/Ukraine" names a child
	Tags        []string     `json:"tags,omitempty"`
	Lang        string       `json:"lang,omitempty"` // BCP 47
	Published   Date         `json:"published,omitzero"`
	Updated     Date         `json:"updated,omitzero"`
	Expires     Date         `json:"expires,omitzero"`
	Draft       bool         `json:"draft,omitempty"`
	DraftWhy    string       `json:"draft_why,omitempty"` // the rule that holds it, for `why`
	NoFeed      bool         `json:"no_feed,omitempty"`   // `feed: false`
	Feeds       []string     `json:"feeds,omitempty"`     // only these named feeds
	Image       *Image       `json:"image,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Source      *Link        `json:"source,omitempty"` // where the article was taken from
	Rights      string       `json:"rights,omitempty"`
	Comments    string       `json:"comments,omitempty"` // URL of the comments page
	Links       []Link       `json:"links,omitempty"`    // rel via or related
	Correction  string       `json:"correction,omitempty"`
	Episode     *Episode     `json:"episode,omitempty"` // what a podcast's episode says beside
}

// Author is a person. Name may be empty only if Email is given.
type Author struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Link is a link with its relation ("source", "via", "related").
type Link struct {
	Rel   string `json:"rel,omitempty"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Image is the article's main picture. Path names a file of the folder
// (slash-separated, relative to it) and wins over URL.
type Image struct {
	Path    string `json:"path,omitempty"`
	URL     string `json:"url,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Caption string `json:"caption,omitempty"`
}

// Attachment is a file that comes with the article. Path names a file of the
// folder and wins over URL; its facts are then read from the file (Media).
type Attachment struct {
	Path     string        `json:"path,omitempty"`
	URL      string        `json:"url,omitempty"`
	Title    string        `json:"title,omitempty"`
	Type     string        `json:"type,omitempty"`   // media type
	Length   int64         `json:"length,omitempty"` // bytes; 0 unknown
	Duration time.Duration `json:"duration,omitempty"`
}

// Media is what was read from a local file that an article names.
type Media struct {
	Path     string        `json:"path"`
	Type     string        `json:"type"`   // media type by content, then by name
	Length   int64         `json:"length"` // bytes
	Hash     Hash          `json:"hash"`
	Width    int           `json:"width,omitempty"`  // pixels; 0 if no picture
	Height   int           `json:"height,omitempty"` // pixels
	Duration time.Duration `json:"duration,omitempty"`
}

// Date is an instant and where it came from.
type Date struct {
	Time    time.Time `json:"time,omitzero"`
	DayOnly bool      `json:"day_only,omitempty"` // the file gave a date without a time: Time is 00:00 in the site's zone
	From    DateFrom  `json:"from,omitempty"`
}

// IsZero says that no date was given.
func (d Date) IsZero() bool { return d.Time.IsZero() }

// DateFrom says where a date was found.
type DateFrom string

// Sources of dates, best first.
const (
	FromFile      DateFrom = "file"       // written in the file
	FromName      DateFrom = "name"       // in the file's name
	FromMTime     DateFrom = "mtime"      // modification time when first seen
	FromFirstSeen DateFrom = "first-seen" // the clock when first seen
	FromFeed      DateFrom = "adopted"    // the feed that the article was in before it came here
)
