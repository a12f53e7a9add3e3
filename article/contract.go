package article

import (
	"context"
	"time"
)

// Ref names one revision of one article. A zero Rev is the newest one.
type Ref struct {
	Number Number
	Rev    Hash
}

// Store is what lasts. One process writes; any may read. Every method is safe
// for concurrent use, but Apply, SaveDocuments and Upkeep come from one
// goroutine.
type Store interface {
	// Apply commits a batch in one transaction: identity, files, revisions,
	// terms and the ledger's text copy. It also makes visible what is due at
	// b.Now (an appearance number and a slug each), batch empty or not. After
	// an error nothing of the batch has happened and the same batch may be
	// applied again; applying a batch twice does nothing the second time.
	Apply(ctx context.Context, b Batch) (Outcome, error)

	// Entries calls yield for every article ever kept, by ascending Number,
	// reading while it calls.
	Entries(ctx context.Context, yield func(Entry) error) error
	// Name makes known what the config calls categories: their names get
	// spellings, and the slugs it gives stay theirs for ever.
	Name(ctx context.Context, list []Naming, now time.Time) error
	// Spellings lists all spellings by ascending number.
	Spellings(ctx context.Context) ([]Spelling, error)
	// Files calls yield for every file remembered, by path.
	Files(ctx context.Context, yield func(FileState) error) error
	// Faults lists what is wrong with the files remembered, by path.
	Faults(ctx context.Context) ([]Fault, error)

	// Articles loads whole articles, in the order asked, each as it was at the
	// revision asked for: an edition that is being replaced still renders what
	// its ETags promise, so all that the revision's hash covers (dates, slug,
	// media facts too) belongs to the revision. One that is not there is an
	// error that wraps ErrNotFound.
	Articles(ctx context.Context, refs []Ref) ([]Article, error)
	// BySlug finds the article that has, or once had, the public slug, in
	// whatever state it is, and the slug to link to now.
	BySlug(ctx context.Context, slug string) (Entry, string, error)
	// ByPath finds the articles of a file, gone or not, newest first.
	ByPath(ctx context.Context, path string) ([]Life, error)
	// MediaOwners finds the articles whose newest revision names a local file.
	MediaOwners(ctx context.Context, path string) ([]Number, Media, error)

	// Words finds the articles that may be shown and whose title, summary or
	// text, or whose title alone, hold a phrase: by ascending number, as of the
	// newest batch. Articles that name feeds of their own are among them only
	// if named. While too much waits for the index it is ErrUnready, never a
	// short list.
	Words(ctx context.Context, p Phrase, title, named bool) ([]Number, error)

	// Documents lists what is remembered of documents.
	Documents(ctx context.Context) ([]DocumentState, error)
	// SaveDocuments remembers documents, replacing what stood under the same
	// Address, in one transaction.
	SaveDocuments(ctx context.Context, docs []DocumentState) error
	// Cuts lists where the pages of all archives end, by feed and appearance.
	Cuts(ctx context.Context) ([]Cut, error)
	// SaveCuts closes pages for good, in one transaction and in the ledger's
	// copy. One that is closed already is no error.
	SaveCuts(ctx context.Context, cuts []Cut) error
	// LastEdition returns the instant of the newest Apply that touched
	// anything, zero if none did.
	LastEdition(ctx context.Context) (time.Time, error)

	// Upkeep prunes what need not last: raw text of superseded revisions after
	// an hour, documents nobody asked for in 30 days; and compacts the
	// ledger's copy if that is worth it.
	Upkeep(ctx context.Context, now time.Time) error
	Close() error
}

// Life is what the store knows of one article, for `why`.
type Life struct {
	Article   Article
	State     State
	FirstSeen time.Time
	DateFrom  DateFrom // where Published came from
	IDFrom    string   // "file", "minted", "renamed from old/path.md", "adopted"
	Due       time.Time
	Appeared  uint32
	Expires   time.Time
	Trace     []Note
	Revisions []Revision
}

// DocumentState is what is remembered of one document over restarts.
type DocumentState struct {
	Address      string    // canonical path and query
	ETag         string    // opaque, without quotes or encoding suffix
	LastModified time.Time // whole seconds; never falls
	HighWater    time.Time // newest feed date ever shown; never falls
	Outlived     bool      // no article tells HighWater any more: the ledger's copy must keep it. Only asked of SaveDocuments
	Asked        time.Time // last request
}
