package store

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"feedwright/article"
)

// line is one line of the ledger's text copy: JSON, without its newline.
type line []byte

// ledgerVersion is the version of the text copy's form.
const ledgerVersion = 1

// ledgerLine is any line but an article's: the header, a spelling or a learnt
// paragraph. Later lines of the same thing win.
type ledgerLine struct {
	Ledger  int    `json:"feedwright_ledger,omitempty"` // the header: version
	Site    string `json:"site,omitempty"`
	Comment string `json:"comment,omitempty"`

	Spelling  *spellingText  `json:"spelling,omitempty"`
	Slug      *slugText      `json:"given_slug,omitempty"`
	Paragraph *paragraphText `json:"boilerplate,omitempty"`
	Cut       *cutText       `json:"archive,omitempty"`
	Assigned  *assignedText  `json:"assigned,omitempty"`
	FeedDate  *feedDateText  `json:"feed_date,omitempty"`
}

type spellingText struct {
	Number int64         `json:"n"`
	Kind   article.Field `json:"kind"`
	Name   string        `json:"name"`
	Slug   string        `json:"slug"`
}

type paragraphText struct {
	Folder string `json:"folder"`
	Hash   bits64 `json:"hash"`
	Text   string `json:"text"`
}

// articleText is what makes an article itself, with no word of its text.
type articleText struct {
	ID        string   `json:"id"`
	From      string   `json:"from"`
	Path      string   `json:"path"`
	Part      string   `json:"part,omitempty"`
	Paths     []string `json:"paths,omitempty"` // former ones
	Number    int64    `json:"n"`
	State     string   `json:"state"` // live, draft or gone
	Title     string   `json:"title,omitempty"`
	Slug      string   `json:"slug,omitempty"`
	Slugs     []string `json:"slugs,omitempty"` // former ones
	Wish      string   `json:"wish,omitempty"`
	FirstSeen instant  `json:"first_seen"`
	Published instant  `json:"published"`
	DateFrom  string   `json:"published_from"`
	DateAs    string   `json:"published_as,omitempty"`
	Updated   instant  `json:"updated,omitempty"`
	UpdatedAs string   `json:"updated_as,omitempty"`
	Withdrawn instant  `json:"withdrawn,omitempty"`
	Appeared  uint32   `json:"appeared,omitempty"`
	Content   hexBytes `json:"content"`
	Same      hexBytes `json:"same,omitempty"`
	TitleKey  bits64   `json:"title_key,omitempty"`
	Print     bits64   `json:"print,omitempty"`
	Words     int      `json:"words,omitempty"`

	// Only of one that was public and is gone: which feeds tell of it.
	Terms   []article.SpellingNumber `json:"terms,omitempty"`
	Feeds   []string                 `json:"feeds,omitempty"`
	NoFeed  bool                     `json:"no_feed,omitempty"`
	Expires instant                  `json:"expires,omitzero"`
}

var stateNames = map[article.State]string{article.Live: "live", article.Drafted: "draft", article.Withdrawn: "gone"}

func encodeLine(l any) line {
	b, err := json.Marshal(l)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return b
}

func headerLine(site string) line {
	return encodeLine(ledgerLine{Ledger: ledgerVersion, Site: site, Comment: "ids, dates and slugs of the articles: keep this file with them; one line an article, later lines win"})
}

func spellingLine(s article.Spelling) line {
	return encodeLine(ledgerLine{Spelling: &spellingText{Number: int64(s.Number), Kind: s.Kind, Name: s.Name, Slug: s.Slug}})
}

func paragraphLine(folder string, hash uint64, text string) line {
	return encodeLine(ledgerLine{Paragraph: &paragraphText{Folder: folder, Hash: bits64(hash), Text: text}})
}

func articleLine(r *record) line { return encodeLine(textOf(r)) }

func textOf(r *record) *articleText {
	t := &articleText{
		ID: string(r.uri), From: r.uriFrom, Path: r.path, Part: r.part, Number: int64(r.number), State: stateNames[r.state],
		Title: r.title, Slug: r.slug, Wish: r.wish, FirstSeen: instant(r.firstSeen), Published: instant(r.published),
		DateFrom: string(r.dateFrom), DateAs: r.dateAs, Updated: instant(r.updated), UpdatedAs: r.updatedAs,
		Withdrawn: instant(r.withdrawn), Appeared: r.appeared, Content: r.content[:], Same: r.same,
		TitleKey: bits64(r.titleKey), Print: bits64(r.print), Words: r.words,
	}
	if r.state == article.Withdrawn && r.appeared > 0 {
		t.Terms, t.Feeds, t.NoFeed, t.Expires = r.terms, r.feeds, r.noFeed, instant(r.expires)
	}
	return t
}

// record makes the row of an article that is known from the copy only: its file
// has not been met yet.
func (t *articleText) record() *record {
	r := &record{
		number: article.Number(t.Number), uri: article.ID(t.ID), uriFrom: t.From, path: t.Path, part: t.Part,
		state: article.Withdrawn, slug: t.Slug, wish: t.Wish, firstSeen: int64(t.FirstSeen), published: int64(t.Published),
		dateFrom: article.DateFrom(t.DateFrom), dateAs: t.DateAs, updated: int64(t.Updated), updatedAs: t.UpdatedAs,
		due: int64(t.Published), withdrawn: int64(t.Withdrawn), appeared: t.Appeared, same: t.Same,
		title: t.Title, titleKey: int64(t.TitleKey), print: uint64(t.Print), words: t.Words,
		fresh: true, dirty: true, moved: true,
	}
	r.feeds, r.noFeed, r.expires = t.Feeds, t.NoFeed, int64(t.Expires)
	copy(r.content[:], t.Content)
	return r
}

// place names an article without its id.
func (t *articleText) place() string {
	return fmt.Sprintf("%d %s\n%s", t.Number, t.Path, t.Part)
}

func (t *articleText) check() error {
	switch {
	case t.ID == "":
		return errors.New("an article without id")
	case t.Path == "":
		return errors.New("an article without path")
	case t.Number < 0 || t.Number >= 1<<32:
		return errors.New("an article with an impossible number")
	}
	return nil
}

// instant is Unix milliseconds, written for people.
type instant int64

func (i instant) MarshalText() ([]byte, error) {
	return []byte(time.UnixMilli(int64(i)).UTC().Format("2006-01-02T15:04:05.000Z07:00")), nil
}

func (i *instant) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("bad instant %q", b)
	}
	*i = instant(t.UnixMilli())
	return nil
}

// bits64 is a hash of 64 bits, written in hexadecimal: JSON numbers cannot hold it.
type bits64 uint64

func (h bits64) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%016x", uint64(h)), nil }

func (h *bits64) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 16, 64)
	if err != nil {
		return fmt.Errorf("bad hash %q", b)
	}
	*h = bits64(n)
	return nil
}

type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

func (h *hexBytes) UnmarshalText(b []byte) error {
	raw, err := hex.DecodeString(string(b))
	if err != nil {
		return fmt.Errorf("bad hash %q", b)
	}
	*h = raw
	return nil
}
