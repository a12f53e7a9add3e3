// Package store is what lasts: the ledger of identities and dates, every
// revision of every article with its text, the files they came from, the names
// of categories, and what is remembered of documents. It decides which article
// a file is, what its dates are, when it appears and under which slug; all of
// that is given once and kept.
//
// It never reads the articles' folder, renders nothing, and does not know what
// a feed is.
//
// The data's path: publish gathers changes → Apply plans a batch in memory and
// writes it in one transaction → the ledger's text copy is extended → the
// Outcome tells publish what moved. Everything is derived from the rows and the
// batch, never from a clock of its own.
//
// Durability: a killed process loses nothing that Apply has returned. After a
// power cut the database is whole, but may lack the last batches; the next scan
// of the folder brings their articles again, and the text copy, which is synced
// at each batch, brings their ids, dates and slugs.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"sync"
	"time"

	"feedwright/article"
)

var _ article.Store = (*Store)(nil)

// ErrReadOnly is returned by everything that writes in a Store opened with
// Options.ReadOnly.
var ErrReadOnly = errors.New("the store is open for reading only")

// Options say where the store lies and how it decides.
type Options struct {
	DSN    string // "sqlite:PATH"; a bare path means the same
	Ledger string // path of the ledger's text copy; "" keeps none

	SiteID  string // a UUID, "" if the config names none
	SiteURL string // its host names the site if nothing else does

	Zone *time.Location // of dates without a time; nil means UTC

	// Linger is how long a file may be gone before that counts (source waits
	// for it): a copy made within Linger of its original's end was a move.
	Linger time.Duration
	// Grace is how long after a withdrawal its tombstone and 410 follow: when
	// it has passed, the article is reported as Touched once more.
	Grace time.Duration

	// Hold is how long a new article is kept from everybody, counted from its
	// first sight or, for a draft, from when it is let go. What a first scan
	// finds is not new.
	Hold time.Duration
	// KeepRemoved lets articles that have been public outlive their files.
	KeepRemoved bool

	// Significant is the share of words (0 to 1) an edit must change to move
	// Updated; 0 means DefaultSignificant.
	Significant float64
	Learn       bool     // learn boilerplate from what recurs
	Keep        []string // regular expressions (RE2, case-insensitive) of paragraphs never to be learnt

	// Text gives an article's body as plain text, for full text; nil takes the
	// body as its file has it.
	Text func(*article.Article) string

	Crew     article.Crew // who packs texts while the database is at work
	Log      *slog.Logger // nil discards
	ReadOnly bool         // read beside a running writer
}

// DefaultSignificant is the share of words that makes an edit a correction.
const DefaultSignificant = 0.1

// Store is an article.Store over SQL.
type Store struct {
	opt  Options
	keep []*regexp.Regexp

	eng   engine
	write *sql.DB // one connection
	read  *sql.DB

	site     string
	siteFrom string
	fresh    bool
	unread   bool // see Unread; guarded by mu

	formerSite string // as the database had it

	mu     turns   // held by what writes; guards mem and ledger
	mem    *memory // nil until the first batch and after a failed one
	ledger *ledger // nil if none is kept

	stirred   chan struct{} // wakes Run
	unindexed unindexed
	packers   sync.WaitGroup
	spool     spool
	spoolEnd  int64     // what the database expects of the spool, 0 if nothing; guarded by mu
	unspooled int64     // Run's own: the last revision whose text it has moved,
	emptied   time.Time // and when none was left; zero if there is no spool to be removed
	strange   sync.Once // tells that the index of words is of an unknown layout
}

// Open opens the store and creates it if it is not there. Its errors are
// sentences for people. A second writer is refused; ReadOnly stores may be
// opened at any time. The caller closes it.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if opt.Significant <= 0 {
		opt.Significant = DefaultSignificant
	}
	keep, err := keepers(opt.Keep)
	if err != nil {
		return nil, err
	}
	eng, err := engineFor(opt.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, keep: keep, eng: eng, stirred: make(chan struct{}, 1), spool: spool{name: eng.spool(), flags: os.O_RDWR}}
	if opt.ReadOnly {
		s.spool.flags = os.O_RDONLY
	}
	if err := s.open(ctx); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.write, s.read, s.fresh, err = s.eng.open(ctx, s.opt.ReadOnly); err != nil {
		return err
	}
	if s.opt.Ledger != "" {
		s.ledger = &ledger{path: s.opt.Ledger, log: s.opt.Log}
	}
	if s.opt.ReadOnly {
		return s.resolveSite(ctx, "")
	}
	if err := s.restore(ctx); err != nil {
		return err
	}
	m := new(memory)
	if err := m.loadMeta(ctx, s.write); err != nil {
		return s.eng.explain(err)
	}
	s.unread = m.unread
	if err := s.openSpool(ctx, m.spooled); err != nil {
		return err
	}
	return s.retell(ctx)
}

// SiteID is the site's UUID, the namespace of minted ids.
func (s *Store) SiteID() string { return s.site }

// SiteIDFrom says where SiteID was found: "config", "ledger", "ledger copy",
// "site.url" or "new".
func (s *Store) SiteIDFrom() string { return s.siteFrom }

// Fresh says that Open created the database.
func (s *Store) Fresh() bool { return s.fresh }

// Unread says that the first scan is not complete: what the store holds has not
// been seen by anybody, and is not all.
func (s *Store) Unread() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unread
}

// Paths lists the files the store keeps, there or not: a watcher must take none
// of them for an article.
func (s *Store) Paths() []string {
	paths := s.eng.paths()
	if s.opt.Ledger != "" {
		paths = append(paths, s.opt.Ledger, s.opt.Ledger+tmpSuffix)
	}
	return paths
}

// LedgerSentence says where the ledger lies and how it is, for the first
// screen.
func (s *Store) LedgerSentence() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ledger == nil {
		return "The ledger is in the database only: set store.ledger to keep a text copy beside the articles."
	}
	return s.ledger.sentence()
}

// Close compacts the ledger's copy if that is worth it and lets go of the
// database. It may be called twice.
func (s *Store) Close() error {
	s.packers.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.write != nil && s.ledger != nil && !s.opt.ReadOnly {
		err = s.settleLedger(context.Background())
	}
	return errors.Join(err, s.release())
}

func (s *Store) release() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	s.read, s.write = nil, nil
	errs = append(errs, s.spool.close())
	if s.eng != nil {
		errs = append(errs, s.eng.release())
	}
	return errors.Join(errs...)
}

// reader is where queries go that need not see an open batch.
func (s *Store) reader() (*sql.DB, error) {
	if s.read == nil {
		return nil, errors.New("the store is closed")
	}
	return s.read, nil
}

// writing runs f in one transaction that nothing else writes beside.
func (s *Store) writing(ctx context.Context, f func(*sql.Tx) error) error {
	if s.opt.ReadOnly {
		return ErrReadOnly
	}
	if s.write == nil {
		return errors.New("the store is closed")
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.eng.explain(fmt.Errorf("begin: %w", err))
	}
	if err := f(tx); err != nil {
		return s.eng.explain(errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return s.eng.explain(fmt.Errorf("commit: %w", err))
	}
	return nil
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
