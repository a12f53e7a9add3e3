package feed

import (
	"context"
	"errors"
	"io"
	"time"

	"feedwright/article"
)

// Library is all that a server needs of what is published. It always answers
// from one edition: RSS, Atom, JSON and pages agree.
type Library interface {
	// Ready is nil once a feed can be answered, else a sentence that says what
	// is being waited for.
	Ready() error
	// Find looks a document up without rendering it. The error wraps
	// article.ErrNotFound or article.ErrGone, or is an *article.FilterError or
	// an *Expired; article.ErrUnready asks to come back, as full text is still
	// being indexed or too many ask for words at once.
	// A path that means the same by another spelling finds the same Answer.
	Find(ctx context.Context, a Address) (*Answer, error)
	// Kept is Find for what nearly every poll asks for: a public document that is
	// kept, by its canonical path, which is neither read nor written anew. It is
	// nil for anything else, which may be there all the same.
	Kept(path string) (Address, *Answer)
	// Media opens a local file that a public article names; path is
	// slash-separated and relative to the source folder.
	Media(ctx context.Context, path string) (*MediaFile, error)
	// Moved gives the path that a former slug now has, or "".
	Moved(ctx context.Context, a Address) string
	// Near gives the names closest to a term nobody uses, for a 404's page.
	Near(ctx context.Context, a Address) []Term
	// Status is what an operator wants to know; it marshals to JSON.
	Status() Status
}

// Expired is the error of a token that was right and has come to its end.
type Expired struct {
	At time.Time // in the site's zone
}

// Error is a sentence for who holds the token.
func (e *Expired) Error() string {
	return "access by this token ended on " + e.At.Format("2006-01-02 15:04 MST")
}

// ErrReplaced is returned for a local file that is no longer what the article
// says, because another is being put in its place: for a while neither is there.
var ErrReplaced = errors.New("the file is being replaced")

// Answer is what is known of a document before it is rendered: all that a
// conditional request needs.
type Answer struct {
	ETag         string    // opaque: no quotes, no encoding suffix, [0-9a-v] only
	LastModified time.Time // whole seconds, UTC
	ContentType  string    // with charset
	Self         string    // canonical absolute URL
	Hub          string    // absolute URL of the hub that a feed names, else empty
	MaxAge       time.Duration
	Ends         time.Time // when something leaves the document by itself, by expiry or from a window; zero if nothing will
	Private      bool      // never to a shared cache
	// Body renders and compresses at most once, and keeps what it made as long
	// as memory lasts.
	Body func(ctx context.Context, enc Encoding) ([]byte, error)
	// View is Body dressed for a person's browser: the same document with links
	// to click on. Nil for what browsers show without help, or not at all.
	View func(ctx context.Context, enc Encoding) ([]byte, error)
	// Delta is for a client that takes deltas of feeds (RFC 3229): the document
	// with only what is new since the newest state that one of the client's
	// tags (opaque, as ETag) names; false if there is no such state, and then
	// Body is the answer. Being asked, with or without tags, is what has states
	// remembered, so each request that takes deltas asks. Nil for what is no
	// feed.
	Delta func(ctx context.Context, have []string, enc Encoding) ([]byte, bool, error)
}

// MediaFile is an open local file that a public article names.
type MediaFile struct {
	io.ReadSeekCloser
	article.Media
	ModTime time.Time
}

// Status is what /status shows and metrics count.
type Status struct {
	Version   string            `json:"version"`
	Site      string            `json:"site"`
	SiteID    string            `json:"site_id"`
	Ready     bool              `json:"ready"`
	Started   time.Time         `json:"started"`
	Edition   time.Time         `json:"edition"`            // instant of the edition being served
	Published int               `json:"published"`          // articles visible now
	Held      int               `json:"held"`               // drafts, and articles before their time
	Expired   int               `json:"expired,omitempty"`  // past their time
	Refused   int               `json:"refused"`            // files that could not be read
	NextDue   time.Time         `json:"next_due,omitzero"`  // admin only: it betrays an embargo
	Watching  string            `json:"watching"`           // what is watched and how, a sentence
	Withheld  int               `json:"withheld,omitempty"` // articles whose files vanished at once and that stay until the owner says so
	Faults    []article.Fault   `json:"faults,omitempty"`
	Warnings  []string          `json:"warnings,omitempty"` // things to mend that are no file's fault
	Documents int               `json:"documents_kept"`
	Followers int               `json:"subscriptions,omitempty"` // to the hub, if one runs
	CacheUsed int64             `json:"cache_bytes"`
	Counters  map[string]uint64 `json:"counters,omitempty"` // editions, renders, scans, … for metrics
}
