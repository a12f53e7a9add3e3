package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"feedwright/article"
)

// memory is what the writer keeps between batches so as not to ask for it each
// time. It is thrown away when a batch fails, and read again.
type memory struct {
	article  article.Number
	revision int64
	sequence int64
	appeared uint32

	now      int64 // newest instant of a batch that wrote
	edition  int64 // newest instant of a batch that touched an article
	ledgered int64 // sequence up to which the ledger's copy is known to be whole
	unlearnt bool  // edges of a long scan wait to be counted
	unread   bool  // the first scan has begun and is not complete
	spooled  int64 // where the spool ended when it was last written; 0 if no text is there

	spellings map[spellingKey]article.SpellingNumber
	slugs     map[spellingKey]bool // taken: kind and slug
	unseen    map[article.SpellingNumber]article.Spelling
	stems     map[spellingKey]int // where counting went on
	folders   map[string]*folder
	paths     map[int64]*folder // folders by number
	counted   []*folder         // to be written
	learnt    map[int64]map[uint64]bool

	scan     int64 // when the scan began that further batches follow of; 0 if none goes on
	vanished int   // articles whose file is gone: while there are none, nothing is looked for
	kept     int   // those of them that stay all the same
}

type spellingKey struct {
	kind article.Field
	text string
}

type folder struct {
	number int64
	path   string
	files  int64
	dirty  bool
}

func loadMemory(ctx context.Context, q querier) (*memory, error) {
	m := &memory{
		spellings: map[spellingKey]article.SpellingNumber{}, slugs: map[spellingKey]bool{}, unseen: map[article.SpellingNumber]article.Spelling{}, stems: map[spellingKey]int{},
		folders: map[string]*folder{}, paths: map[int64]*folder{}, learnt: map[int64]map[uint64]bool{},
	}
	for query, dest := range map[string]any{
		`SELECT coalesce(max(number), 0) FROM article`:  &m.article,
		`SELECT coalesce(max(number), 0) FROM revision`: &m.revision,
		`SELECT coalesce(max(sequence), 0) FROM change`: &m.sequence,
		`SELECT count(*) FROM article WHERE kept <> 0`:  &m.kept,
		`SELECT (SELECT count(*) FROM article WHERE state = 2) + (SELECT count(*) FROM article WHERE kept <> 0 AND state <> 2)`: &m.vanished,
	} {
		if err := q.QueryRowContext(ctx, query).Scan(dest); err != nil {
			return nil, err
		}
	}
	if err := m.loadMeta(ctx, q); err != nil {
		return nil, err
	}
	err := each(ctx, q, `SELECT number, kind, folded, name, slug FROM spelling`, nil, func(rows *sql.Rows) error {
		var s article.Spelling
		if err := rows.Scan(&s.Number, &s.Kind, &s.Folded, &s.Name, &s.Slug); err != nil {
			return err
		}
		m.know(s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachGiven(ctx, q, func(_ article.SpellingNumber, t slugText) error {
		m.reserve(t.Kind, t.Slug)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, `SELECT number, path, files FROM folder`, nil, func(rows *sql.Rows) error {
		f := new(folder)
		if err := rows.Scan(&f.number, &f.path, &f.files); err != nil {
			return err
		}
		m.folders[f.path], m.paths[f.number] = f, f
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, each(ctx, q, `SELECT folder, hash FROM paragraph`, nil, func(rows *sql.Rows) error {
		var f, h int64
		if err := rows.Scan(&f, &h); err != nil {
			return err
		}
		m.learn(f, uint64(h))
		return nil
	})
}

func (m *memory) know(s article.Spelling) {
	m.spellings[spellingKey{s.Kind, s.Folded}] = s.Number
	if isUnseen(s) {
		m.unseen[s.Number] = s
		return
	}
	delete(m.unseen, s.Number)
	m.slugs[spellingKey{s.Kind, s.Slug}] = true
}

func (m *memory) learn(folder int64, hash uint64) {
	if m.learnt[folder] == nil {
		m.learnt[folder] = map[uint64]bool{}
	}
	m.learnt[folder][hash] = true
}

func (m *memory) folder(path string) *folder {
	f := m.folders[path]
	if f == nil {
		f = &folder{number: int64(len(m.folders)) + 1, path: path}
		m.folders[path], m.paths[f.number] = f, f
		m.mark(f)
	}
	return f
}

// count adds to a folder's files.
func (m *memory) count(path string, n int64) {
	f := m.folder(path)
	f.files += n
	m.mark(f)
}

func (m *memory) mark(f *folder) {
	if !f.dirty {
		f.dirty = true
		m.counted = append(m.counted, f)
	}
}

// Names in the table meta.
const (
	metaSite     = "site"
	metaNow      = "now"
	metaEdition  = "edition"
	metaAppeared = "appeared"
	metaLedgered = "ledgered"
	metaUnlearnt = "unlearnt"
	metaUnread   = "unread"
	metaSequence = "sequence"
	metaSpooled  = "spooled"
)

// loadMeta reads the numbers of meta. appeared and sequence are kept there too,
// as rows of change are pruned and appearances are never given twice.
func (m *memory) loadMeta(ctx context.Context, q querier) error {
	return each(ctx, q, `SELECT name, value FROM meta`, nil, func(rows *sql.Rows) error {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		switch name {
		case metaSite, metaLedgerSize, metaLedgerTime, metaLedgerWhole:
			return nil
		}
		if strings.HasPrefix(name, metaNote) || strings.HasPrefix(name, metaAssigned) {
			return nil
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fmt.Errorf("meta %s: %w", name, err)
		}
		switch name {
		case metaNow:
			m.now = n
		case metaEdition:
			m.edition = n
		case metaAppeared:
			m.appeared = uint32(n)
		case metaLedgered:
			m.ledgered = n
		case metaUnlearnt:
			m.unlearnt = n != 0
		case metaUnread:
			m.unread = n != 0
		case metaSpooled:
			m.spooled = n
		case metaSequence:
			m.sequence = max(m.sequence, n)
		}
		return nil
	})
}

func (m *memory) meta() map[string]int64 {
	return map[string]int64{
		metaNow: m.now, metaEdition: m.edition, metaAppeared: int64(m.appeared),
		metaLedgered: m.ledgered, metaUnlearnt: flag(m.unlearnt), metaUnread: flag(m.unread), metaSequence: m.sequence,
	}
}
