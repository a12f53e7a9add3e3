package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"feedwright/article"
)

// OPMLType is the content type of an OPML document.
const OPMLType = "text/x-opml; charset=utf-8"

// maxOutlineDepth bounds how deep a list of feeds is written.
const maxOutlineDepth = 16

// Outline is a feed (XMLURL is set), or a group of feeds. URLs are absolute;
// one that is not is left out.
type Outline struct {
	Text    string // shown; Title or an address stands in for an empty one
	Title   string // the feed's own title, empty if it is the same
	XMLURL  string
	HTMLURL string
	Kids    []Outline
}

type opml struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Date    string        `xml:"head>dateModified,omitempty"`
	Owner   string        `xml:"head>ownerName,omitempty"`
	Mail    string        `xml:"head>ownerEmail,omitempty"`
	Page    string        `xml:"head>ownerId,omitempty"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text    string        `xml:"text,attr"`
	Title   string        `xml:"title,attr,omitempty"`
	Type    string        `xml:"type,attr,omitempty"`
	XMLURL  string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL string        `xml:"htmlUrl,attr,omitempty"`
	Kids    []opmlOutline `xml:"outline"`
}

// EncodeOPML writes a list of feeds as OPML 2.0, for readers to import. updated
// is the newest date of any of them; a body has at least one outline
// (opml.org/spec2, "body").
func EncodeOPML(title string, owner article.Author, updated time.Time, groups []Outline) ([]byte, error) {
	name, mail, page, _ := person(owner)
	x := opml{Version: "2.0", Title: line(title), Date: rfc822(updated), Owner: name, Mail: mail, Page: page}
	x.Body = opmlOutlines(groups, maxOutlineDepth)
	if len(x.Body) == 0 {
		x.Body = []opmlOutline{{Text: x.Title}}
	}
	head, err := write(new(bytes.Buffer), &x)
	if err != nil {
		return nil, fmt.Errorf("encode list of feeds: %w", err)
	}
	return assemble(nil, head, "\n</opml>", "", nil)
}

// opmlOutlines gives every outline a text, and every feed type="rss", which
// stands for Atom too (opml.org/spec2, "Subscription lists").
func opmlOutlines(list []Outline, depth int) []opmlOutline {
	if depth == 0 {
		return nil
	}
	var out []opmlOutline
	for _, o := range list {
		x := opmlOutline{Text: line(o.Text), Title: line(o.Title), XMLURL: webURL(o.XMLURL), HTMLURL: webURL(o.HTMLURL)}
		x.Kids = opmlOutlines(o.Kids, depth-1)
		for _, s := range []string{x.Title, x.XMLURL, x.HTMLURL} {
			if x.Text == "" {
				x.Text = s
			}
		}
		if x.XMLURL != "" {
			x.Type = "rss"
			if x.Title == "" {
				x.Title = x.Text
			}
		}
		if x.Text != "" {
			out = append(out, x)
		}
	}
	return out
}
