package article

import (
	"fmt"
	"strings"
	"time"
)

// Op says what became of a file.
type Op int

// What a Change reports of its file.
const (
	Wrote  Op = iota // read and parsed: Change.Articles holds what it says
	Failed           // could not be read or parsed: Change.Fault says why; the last good version stays
	Gone             // no longer there
)

// Change is one file's news, from source to publish. A batch holds at most one
// Change a path.
type Change struct {
	Op       Op
	Path     string   // slash-separated, relative to the source folder, never starting with "./"
	File     FileStat // zero if Gone
	Articles []Parsed // Wrote only: one, or one an entry for a file that holds many
	Fault    *Fault   // Failed only

	// Prepared is what a store has computed of Articles ahead of the batch, and
	// its own; nil if nobody has asked it to.
	Prepared any
}

// FileStat is what tells that a file has not changed. A scan compares Size,
// ModTime and Inode; only when one differs is the file read and hashed.
type FileStat struct {
	Size    int64
	ModTime int64 // Unix nanoseconds
	Inode   uint64
	Hash    Hash // of the whole file
}

// FileState is a file as the store remembers it.
type FileState struct {
	Path  string
	Stat  FileStat
	Media []string // paths of local files that its articles name
	Fault *Fault   // set if its last reading failed
}

// Parsed is one article as its file gives it.
type Parsed struct {
	Part   string // "" or, in a file of many, what tells this entry from the others
	Fields Fields
	Markup Markup
	Body   string // labels, title and shipped boilerplate already taken out
	Words  int
	Print  uint64 // Fingerprint of the body's words
	Edges  []Edge // paragraphs at the body's start and end that might be boilerplate
	Media  []Media
	Trace  []Note // how each field was found and what was dropped, for `why`
}

// Edge is a paragraph of the leading or trailing run of a body: a candidate
// for learning that it recurs in many files and is no part of the article.
type Edge struct {
	Hash     uint64 `json:"hash"`
	Text     string `json:"text"` // at most 200 bytes, to be shown
	Trailing bool   `json:"trailing,omitempty"`
}

// Note is one step of understanding a file, for people.
type Note struct {
	Line int    `json:"line,omitempty"` // 1-based line of the file, 0 if none
	What string `json:"what"`           // "title", "category", "dropped", …
	Rule string `json:"rule"`           // "front matter `topics`", "label Category", "boilerplate en/cookie-consent"
	Text string `json:"text,omitempty"` // the value or the dropped text, at most 200 bytes
}

// Fault is a problem with a file that a person can mend. As an error it reads
// "notes/a.md: line 3: bad date "Tomorow": write it as 2026-11-22 09:00".
type Fault struct {
	Path string `json:"path"`
	Line int    `json:"line,omitempty"` // 1-based; 0 if it concerns the whole file
	Err  string `json:"error"`          // what is wrong
	Hint string `json:"hint,omitempty"` // what to do
	Warn bool   `json:"warn,omitempty"` // the article is published all the same
}

// Error gives path, line, what is wrong and what to do, in one line.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Path != "" {
		fmt.Fprintf(&b, "%s: ", f.Path)
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	b.WriteString(f.Err)
	if f.Hint != "" {
		fmt.Fprintf(&b, ": %s", f.Hint)
	}
	return b.String()
}

// State says whether an article may be shown at all.
type State uint8

// The states of an article in the store.
const (
	Live      State = iota // may be shown from Due to Expires
	Drafted                // its file holds it back
	Withdrawn              // its file is gone
)

// Entry is what the catalog keeps of an article: numbers only, so that
// selecting reads no text.
type Entry struct {
	Number    Number
	Rev       Hash // Revision.Hash
	State     State
	Private   bool   // names only feeds that have a token
	NoFeed    bool   // has a page, is in no feed
	Appeared  uint32 // rank of becoming visible, 1-based; 0 until then
	Published int64  // Unix milliseconds
	Changed   int64  // Unix milliseconds: the newer of published and updated
	Due       int64  // Unix milliseconds: when it may be shown
	Expires   int64  // Unix milliseconds; 0 never
	Withdrawn int64  // Unix milliseconds: when its file went, if Withdrawn and known; else 0
	ID        ID     // if Withdrawn; else empty
	Spellings []SpellingNumber
	Feeds     []string // only these named feeds; empty means all
	Has       Has
}

// Has tells what an article carries.
type Has uint8

// Bits of Has.
const (
	HasImage Has = 1 << iota
	HasAudio
	HasVideo
	HasSummary // of its own, not made of the text
)

// SpellingNumber is the store's small number of a Spelling.
type SpellingNumber uint32

// Spelling is a name of a category, tag, author or language as articles write
// it, folded: "Ukraine" and "UKRAINE" are one. Slug is unique within Kind and
// never changes once given.
type Spelling struct {
	Number SpellingNumber
	Kind   Field  // Category, Tag, By or Lang
	Folded string // Fold(Name)
	Name   string // as first written
	Slug   string
	Former []string // slugs that the config gave it, now or once: each leads to it for ever
}

// Batch is what Store.Apply commits in one transaction.
type Batch struct {
	Now     time.Time // the instant of the edition: first sight of new articles, and the clock for what is due
	Changes []Change
	// More says that other batches of the same scan follow at once: making
	// visible what is due, and learning, are left to the last, which may be
	// empty. So a cold start's appearance numbers follow publication.
	More bool
	// Unseen says that nobody has seen anything yet, and all will be read anew:
	// Outcome.Touched stays empty, which for a million articles is a lot.
	Unseen bool
}

// Touched is an article before and after a batch. Before is nil for a new
// article; After is nil if the article left the database.
type Touched struct {
	Before, After *Entry
}

// Outcome is what a batch did.
type Outcome struct {
	Touched   []Touched
	Spellings []Spelling // met for the first time
	Reports   []Report
}

// Report is something a person should know of a batch: a rename that was
// followed, an id given twice, boilerplate learnt.
type Report struct {
	Path string `json:"path"`
	What string `json:"what"` // a sentence
	Warn bool   `json:"warn,omitempty"`
}
