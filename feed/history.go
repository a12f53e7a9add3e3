package feed

import (
	"time"

	"feedwright/article"
)

// Paging says how a document hangs together with the others of its feed
// (RFC 5005). Its URLs are absolute and name documents of the same format;
// those that are empty are left out. The zero value says nothing.
type Paging struct {
	Complete bool // it holds everything: §2. The URLs are then empty
	Archive  bool // it is an archive document, whose members stay: §4

	Current     string // the document to subscribe to; archive documents only
	PrevArchive string // the archive document before this one
	NextArchive string // the one after it
	First, Next string // pages that may shift: §3
}

// Withdrawal tells of an article that was public and is no more (RFC 6721).
type Withdrawal struct {
	ID   article.ID
	When time.Time
}

const (
	historyNamespace   = "http://purl.org/syndication/history/1.0"
	tombstoneNamespace = "http://purl.org/atompub/tombstones/1.0"
)

// pageLink is a link of RFC 5005 from one document to another.
type pageLink struct{ rel, href string }

// links are the document's links to others. A complete feed has none: RFC 5005
// §2 forbids it to be paged or archived.
func (p Paging) links() []pageLink {
	if p.Complete {
		return nil
	}
	var out []pageLink
	for _, l := range []pageLink{
		{"current", p.Current}, {"prev-archive", p.PrevArchive}, {"next-archive", p.NextArchive},
		{"first", p.First}, {"next", p.Next},
	} {
		if l.href = webURL(l.href); l.href != "" {
			out = append(out, l)
		}
	}
	return out
}

// older is where older articles are, for JSON Feed's next_url ("Top-level").
func (p Paging) older() string {
	switch {
	case p.Complete:
		return ""
	case p.PrevArchive != "":
		return p.PrevArchive
	}
	return p.Next
}

// historyMarks are the elements of RFC 5005 §2 and §4, without content.
type historyMarks struct {
	Complete *struct{} `xml:"fh:complete"`
	Archive  *struct{} `xml:"fh:archive"`
}

func marksOf(p Paging) historyMarks {
	switch {
	case p.Complete:
		return historyMarks{Complete: &struct{}{}}
	case p.Archive:
		return historyMarks{Archive: &struct{}{}}
	}
	return historyMarks{}
}

// historyNamespaceOf is empty for a document without marks, so that nothing is
// declared in vain.
func historyNamespaceOf(p Paging) string {
	if p.Complete || p.Archive {
		return historyNamespace
	}
	return ""
}

// atomHistory is what an Atom document says of RFC 5005 and RFC 6721. It ends
// the feed's head: deleted entries stand before the first entry, because the
// grammar of RFC 4287 takes nothing after entries.
type atomHistory struct {
	History    string `xml:"xmlns:fh,attr,omitempty"`
	Tombstones string `xml:"xmlns:at,attr,omitempty"`
	historyMarks
	Deleted []deletedEntry `xml:"at:deleted-entry"`
}

// deletedEntry has both attributes that RFC 6721 §3 requires.
type deletedEntry struct {
	Ref  string `xml:"ref,attr"`
	When string `xml:"when,attr"`
}

func atomHistoryOf(ch *Channel) atomHistory {
	h := atomHistory{History: historyNamespaceOf(ch.Paging), historyMarks: marksOf(ch.Paging)}
	for _, w := range ch.Withdrawn {
		id, when := block(string(w.ID)), rfc3339(w.When)
		if id == "" || when == "" {
			continue
		}
		h.Tombstones = tombstoneNamespace
		h.Deleted = append(h.Deleted, deletedEntry{Ref: iri(id), When: when})
	}
	return h
}
