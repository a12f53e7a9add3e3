// Package lint judges feeds: is this document valid, and will readers take it?
// Anybody's document: RSS 2.0 with its Best Practices Profile and the usual
// extensions, Atom, JSON Feed, OPML. It owns the rules, each with a short name
// and the clause it comes from, and names the line and column of each breach.
//
// It shares no code with package feed, or it would share its faults; it never
// changes a document, and only Fetch and Poll speak to the network.
//
// A document's way: bytes are decoded (encoding.go) and read into a tree that
// knows the offset of everything (scan.go, jsontree.go); the tables of its
// vocabulary (rss.go, atom.go, media.go, …) say which elements may stand where
// and what their values must be (shape.go, values.go, dates.go, html.go); what
// no table can say is a function beside it. After a fault it goes on, so that
// one run finds most of what there is to mend.
//
// XML is read by a scanner of its own, not by encoding/xml, which stops at the
// first fault, does not say where attributes stand, and takes some documents
// that are not well-formed. A test holds it to encoding/xml all the same.
package lint

import (
	"context"
	"slices"
	"time"
)

// Severity says how bad a finding is.
type Severity int

// Severities, worst first.
const (
	Error   Severity = iota // a specification says must, or most readers fail
	Warning                 // a specification says should, or some readers fail
	Info                    // good to know
)

// String is "error", "warning" or "info".
func (s Severity) String() string { return [...]string{"error", "warning", "info"}[s] }

// MarshalText makes a severity a word in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Kind is the format of a document.
type Kind int

// Formats.
const (
	Unknown Kind = iota
	RSS
	Atom
	JSONFeed
	OPML
)

// String is the format's name for people.
func (k Kind) String() string {
	return [...]string{"unknown format", "RSS", "Atom", "JSON Feed", "OPML"}[k]
}

// MarshalText makes a kind a word in JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Finding is one breach of a rule.
type Finding struct {
	Severity Severity `json:"severity"`
	Line     int      `json:"line"`   // 1-based; 0 if it concerns the HTTP answer
	Column   int      `json:"column"` // 1-based, in characters
	Rule     string   `json:"rule"`   // stable short name: "atom/missing-id"
	Clause   string   `json:"clause"` // "RFC 4287 §4.1.1"
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"` // what to do about it
}

// Options is what is known of a document besides its bytes.
type Options struct {
	URL         string    // where it was fetched, absolute: rel=self is compared with it; "" unknown
	ContentType string    // of the HTTP answer; "" unknown
	Now         time.Time // dates after it are reported; zero: not
}

// MaxFindings bounds what Check returns, and maxSame how often one rule is
// reported: a feed that breaks one rule in each item has one thing to mend.
const (
	MaxFindings = 200
	maxSame     = 20
)

// Check judges a document. It returns the findings in the order of their
// place; an error only if ctx ended. No finding of severity Error means that
// the document is valid.
func Check(ctx context.Context, doc []byte, o Options) (Kind, []Finding, error) {
	l := newLinter(ctx, o)
	l.size(len(doc))
	l.decode(doc)
	var kind Kind
	if looksJSON(l.text) {
		kind = l.json()
	} else {
		kind = l.xml()
	}
	l.contentType(kind)
	if err := ctx.Err(); err != nil {
		return kind, nil, err
	}
	return kind, l.findings(), nil
}

// Sniff says what a file that starts with head is, by its first element or
// member; Unknown if it is no feed. 4 kB are enough.
func Sniff(head []byte) Kind {
	l := newLinter(context.Background(), Options{})
	l.decode(head)
	if looksJSON(l.text) {
		return sniffJSON(l.text)
	}
	return sniffXML(l.text)
}

// Worst is the severity of the worst finding, and false if there is none.
func Worst(list []Finding) (Severity, bool) {
	if len(list) == 0 {
		return Info, false
	}
	return slices.MinFunc(list, func(a, b Finding) int { return int(a.Severity - b.Severity) }).Severity, true
}
