package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"feedwright/article"
)

// record is an article's row while a batch is planned.
type record struct {
	number     article.Number
	uri        article.ID
	uriFrom    string // "file", "minted", "renamed from …", "adopted"
	path, part string
	state      article.State
	slug, wish string
	firstSeen  int64
	published  int64
	dateFrom   article.DateFrom
	dateAs     string // Published as its file wrote it, see written
	updated    int64
	updatedAs  string
	due        int64
	expires    int64
	withdrawn  int64
	appeared   uint32
	revision   int64
	content    article.Hash
	same       []byte // article.Hash, or empty
	title      string
	titleKey   int64
	print      uint64
	words      int
	terms      []article.SpellingNumber
	feeds      []string
	noFeed     bool
	has        article.Has
	edges      []uint64
	drops      []uint64
	shown      article.Hash
	kept       int64 // when the file went of an article that stays, else 0

	// What is not in the row.
	fresh    bool // to be inserted
	dirty    bool // to be written
	shows    bool // to be written as far as appeared, slug, wish and drops go
	wantSlug bool // to be given wish, or what is free near it
	slugged  bool // slug is new to it
	moved    bool // path is new to it
	reparse  *sight
	old      placing
	face     face // as readers knew it
}

// face is what a revision's hash covers beside the content itself.
type face struct {
	shown     article.Hash
	revision  int64
	uri       article.ID
	path      string
	slug      string
	published int64
	updated   int64
	drops     []uint64
}

func (r *record) faceNow() face {
	return face{r.shown, r.revision, r.uri, r.path, r.slug, r.published, r.updated, r.drops}
}

// placing is what edge counts and bands depend on, as it stands in the database.
type placing struct {
	folder string
	counts bool // for the folder: neither withdrawn nor one of many in a file
	edges  []uint64
	banded bool
	kept   int64
	print  uint64
}

// columns are record's columns in the order of fields and scan.
const columns = `number, uri, uri_from, path, part, state, slug, wish, first_seen, published, published_from, published_as,
	updated, updated_as, due, expires, withdrawn, appeared, revision, content, same, title, title_key, print, words,
	terms, feeds, no_feed, has, edges, drops, shown, kept`

type scanner interface{ Scan(...any) error }

func scanRecord(rows scanner, more ...any) (*record, error) {
	r := new(record)
	var content, terms, edges, drops, shown []byte
	var feeds string
	var print int64
	dest := []any{&r.number, &r.uri, &r.uriFrom, &r.path, &r.part, &r.state, &r.slug, &r.wish, &r.firstSeen, &r.published, &r.dateFrom, &r.dateAs,
		&r.updated, &r.updatedAs, &r.due, &r.expires, &r.withdrawn, &r.appeared, &r.revision, &content, &r.same, &r.title, &r.titleKey, &print, &r.words,
		&terms, &feeds, &r.noFeed, &r.has, &edges, &drops, &shown, &r.kept}
	if err := rows.Scan(append(dest, more...)...); err != nil {
		return nil, err
	}
	copy(r.content[:], content)
	copy(r.shown[:], shown)
	r.print = uint64(print)
	r.terms = unpackTerms(terms)
	r.edges, r.drops = unpackHashes(edges), unpackHashes(drops)
	var err error
	if r.feeds, err = unpackFeeds(r.number, feeds); err != nil {
		return nil, err
	}
	r.old, r.face = r.placing(), r.faceNow()
	return r, nil
}

// unpackFeeds reads the feeds that an article names; most name none.
func unpackFeeds(n article.Number, feeds string) (list []string, err error) {
	if feeds == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(feeds), &list); err != nil {
		return nil, fmt.Errorf("article %d: feeds: %w", n, err)
	}
	return list, nil
}

func (r *record) args() ([]any, error) {
	feeds := ""
	if len(r.feeds) > 0 {
		b, err := json.Marshal(r.feeds)
		if err != nil {
			return nil, err
		}
		feeds = string(b)
	}
	same := r.same
	if same == nil {
		same = []byte{}
	}
	return []any{int64(r.number), string(r.uri), r.uriFrom, r.path, r.part, int64(r.state), r.slug, r.wish, r.firstSeen, r.published, string(r.dateFrom), r.dateAs,
		r.updated, r.updatedAs, r.due, r.expires, r.withdrawn, int64(r.appeared), r.revision, r.content[:], same, r.title, r.titleKey, int64(r.print), int64(r.words),
		packTerms(r.terms), feeds, flag(r.noFeed), int64(r.has), packHashes(r.edges), packHashes(r.drops), r.shown[:], r.kept}, nil
}

// placing says where the record stands now.
func (r *record) placing() placing {
	p := placing{folder: folderOf(r.path), edges: r.edges, banded: r.away(), kept: r.kept, print: r.print}
	p.counts = r.state != article.Withdrawn && r.part == ""
	if !p.counts {
		p.edges = nil
	}
	return p
}

// entry is what the catalog keeps.
func (r *record) entry() *article.Entry {
	e := &article.Entry{
		Number: r.number, Rev: r.shown, State: r.state, NoFeed: r.noFeed, Appeared: r.appeared,
		Published: r.published, Changed: max(r.published, r.updated), Due: r.due, Expires: r.expires,
		Spellings: r.terms, Feeds: r.feeds, Has: r.has,
	}
	if r.state == article.Withdrawn {
		e.Withdrawn, e.ID = r.withdrawn, r.uri
	}
	return e
}

func sameEntry(a, b *article.Entry) bool {
	return a.Rev == b.Rev && a.State == b.State && a.NoFeed == b.NoFeed && a.Appeared == b.Appeared &&
		a.Published == b.Published && a.Changed == b.Changed && a.Due == b.Due && a.Expires == b.Expires && a.Withdrawn == b.Withdrawn &&
		slices.Equal(a.Spellings, b.Spellings) && slices.Equal(a.Feeds, b.Feeds) && a.Has == b.Has
}

// seal computes the hash of everything that readers see. When it may be seen is
// no part of it: a hold is forgotten once it has passed.
func (r *record) seal() {
	h := sha256.New()
	h.Write(r.content[:])
	fmt.Fprintf(h, "\n%s\n%s\n%d\n%d\n%d\n", r.uri, r.slug, r.published, r.updated, r.expires)
	h.Write(packHashes(r.drops))
	r.shown = article.Hash(h.Sum(nil)[:16])
}

func (r *record) life() string {
	if r.part != "" {
		return r.path + " (" + r.part + ")"
	}
	return r.path
}

func folderOf(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func packHashes(hs []uint64) []byte {
	b := make([]byte, 0, 8*len(hs))
	for _, h := range hs {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return b
}

func unpackHashes(b []byte) []uint64 {
	var hs []uint64
	for ; len(b) >= 8; b = b[8:] {
		hs = append(hs, binary.BigEndian.Uint64(b))
	}
	return hs
}

func packTerms(ts []article.SpellingNumber) []byte {
	b := make([]byte, 0, 4*len(ts))
	for _, t := range ts {
		b = binary.BigEndian.AppendUint32(b, uint32(t))
	}
	return b
}

func unpackTerms(b []byte) []article.SpellingNumber {
	if len(b) < 4 {
		return nil
	}
	ts := make([]article.SpellingNumber, 0, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		ts = append(ts, article.SpellingNumber(binary.BigEndian.Uint32(b)))
	}
	return ts
}

// byPlace orders records by path and part, for everything that must not depend
// on the order of rows.
func byPlace(a, b *record) int {
	return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.part, b.part), cmp.Compare(a.number, b.number))
}
