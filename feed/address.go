package feed

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"strconv"
	"strings"

	"feedwright/article"
)

// Format is the form of a document.
type Format string

// The formats. HTML documents are pages for people; OPML lists all feeds.
const (
	RSS  Format = "rss"
	Atom Format = "atom"
	JSON Format = "json"
	HTML Format = "html"
	OPML Format = "opml"

	Categories Format = "categories" // the list of categories, for programs
)

// file is the last part of a feed's path in each format; a page's is empty.
var file = map[Format]string{RSS: "rss.xml", Atom: "atom.xml", JSON: "feed.json", HTML: ""}

var byFile = map[string]Format{"rss.xml": RSS, "atom.xml": Atom, "feed.json": JSON, "": HTML}

// MaxLimit is the most items an address may ask for.
const MaxLimit = 500

// Address names one document of the site. Every spelling of an address that
// means the same is one Address, and Path is its canonical spelling.
type Address struct {
	Format   Format
	Article  string           // slug of an article's page (Format HTML); the rest is then empty
	Feed     string           // named feed of the config, or empty
	Token    string           // secret of a private named feed
	Basic    bool             // Token came by HTTP Basic, so the address does not carry it
	Selector article.Selector // of what the feed would hold
	Limit    int              // items asked for; 0 means the feed's own number
	Archive  uint32           // appearance that closes an archive document; 0 for none
	Before   uint32           // a page of what appeared before; 0 for the newest
}

// Path is the canonical path and query, starting with a slash, without the
// site's own prefix: /rss.xml, /category/ukraine/atom.xml,
// /feed.json?limit=5&q=category%3Aa+-category%3Ab, /article/talks/,
// /category/ukraine/archive/1234/atom.xml, /rss.xml?before=1234&q=has%3Aimage.
func (a Address) Path() string {
	switch {
	case a.Format == OPML:
		return "/feeds.opml"
	case a.Format == Categories:
		return "/categories.json"
	case a.Article != "":
		return "/article/" + url.PathEscape(a.Article) + "/"
	}
	dir := "/"
	q := url.Values{}
	if a.Feed != "" {
		dir = "/feeds/" + url.PathEscape(a.Feed) + "/"
		if a.Token != "" && !a.Basic {
			dir += url.PathEscape(a.Token) + "/"
		}
	}
	if f, v, ok := a.Selector.AsLone(); ok && a.Feed == "" {
		dir = "/" + string(f) + "/" + url.PathEscape(v) + "/"
	} else if !a.Selector.IsAll() {
		q.Set("q", a.Selector.String())
	}
	if a.Limit > 0 {
		q.Set("limit", strconv.Itoa(a.Limit))
	}
	if a.Before > 0 {
		q.Set("before", strconv.FormatUint(uint64(a.Before), 10))
	}
	if a.Archive > 0 {
		dir += "archive/" + strconv.FormatUint(uint64(a.Archive), 10) + "/"
	}
	p := dir + file[a.Format]
	if len(q) > 0 {
		p += "?" + q.Encode()
	}
	return p
}

// ParseAddress reads a path (unescaped, without the site's prefix) and its
// query. Unknown query keys are ignored: readers add their own. A path that
// names no kind of document is article.ErrNotFound; a bad filter or limit is an
// *article.FilterError. Whether the named feed, term or article is there is not
// looked at.
func ParseAddress(p string, q url.Values) (Address, error) {
	if p == "/feeds.opml" {
		return Address{Format: OPML}, nil
	}
	if p == "/categories.json" {
		return Address{Format: Categories}, nil
	}
	dir, base := path.Split(p)
	format, ok := byFile[base]
	if !ok || !strings.HasPrefix(p, "/") {
		return Address{}, fmt.Errorf("address %s: %w", p, article.ErrNotFound)
	}
	a := Address{Format: format}
	if dir, a.Archive, ok = cutArchive(dir); !ok || a.Archive > 0 && (format == HTML || filtered(q)) {
		return Address{}, fmt.Errorf("address %s: %w", p, article.ErrNotFound)
	}
	parts := strings.Split(strings.Trim(dir, "/"), "/")
	q, a.Before = cutBefore(q)
	sel, err := article.FromQuery(q)
	if err != nil {
		return Address{}, err
	}
	ticked, err := mixed(q)
	if err != nil {
		return Address{}, err
	}
	sel = sel.And(ticked)
	switch {
	case dir == "/":
	case len(parts) == 3 && parts[0] == "feeds" && parts[1] != "" && parts[2] != "":
		a.Feed, a.Token = parts[1], parts[2]
	case len(parts) != 2 || parts[1] == "":
		return Address{}, fmt.Errorf("address %s: %w", p, article.ErrNotFound)
	case parts[0] == "article" && format == HTML:
		return Address{Format: HTML, Article: parts[1]}, nil
	case parts[0] == "feeds":
		a.Feed = parts[1]
	default:
		kind, ok := kindOf(parts[0])
		if !ok {
			return Address{}, fmt.Errorf("address %s: %w", p, article.ErrNotFound)
		}
		sel = article.Lone(kind, parts[1]).And(sel)
	}
	a.Selector = sel
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return Address{}, &article.FilterError{Filter: "limit=" + v, Err: "limit is a whole number from 1"}
		}
		a.Limit = min(n, MaxLimit)
	}
	return a, nil
}

// cutArchive takes "archive/1234/" off the end of a directory. A number is
// there in one spelling only, so that a document has one address.
func cutArchive(dir string) (string, uint32, bool) {
	i := strings.LastIndex(dir, "/archive/")
	if i < 0 {
		return dir, 0, true
	}
	number := strings.TrimSuffix(dir[i+len("/archive/"):], "/")
	if number == "" || strings.Contains(number, "/") {
		return dir, 0, true // a term or feed of that name
	}
	n, ok := appearance(number)
	if !ok && i > 0 {
		return dir, 0, true // /feeds/archive/TOKEN/
	}
	return dir[:i+1], n, ok
}

// appearance reads the number of an appearance as Path writes it.
func appearance(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n > 0 && s[0] >= '1' && s[0] <= '9'
}

// filtered says that a query chooses articles. An archive has no part that does.
func filtered(q url.Values) bool {
	sel, err := article.FromQuery(q)
	return err != nil || !sel.IsAll()
}

// cutBefore takes `before=1234`, an appearance, out of a query: a date is a
// filter.
func cutBefore(q url.Values) (url.Values, uint32) {
	v := q[string(article.Before)]
	if len(v) != 1 {
		return q, 0
	}
	n, ok := appearance(v[0])
	if !ok {
		return q, 0
	}
	rest := maps.Clone(q)
	delete(rest, string(article.Before))
	return rest, n
}

func kindOf(s string) (article.Field, bool) {
	for _, k := range article.Kinds {
		if string(k) == s {
			return k, true
		}
	}
	return "", false
}
