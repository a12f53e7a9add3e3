package feed

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"feedwright/article"
)

func parsePath(s string) (Address, error) {
	p, query, _ := strings.Cut(s, "?")
	unescaped, err := url.PathUnescape(p)
	if err != nil {
		return Address{}, err
	}
	q, err := url.ParseQuery(query)
	if err != nil {
		return Address{}, err
	}
	return ParseAddress(unescaped, q)
}

func TestAnAddressIsReadAsItIsWritten(t *testing.T) {
	image, err := article.ParseSelector("has:image")
	if err != nil {
		t.Fatal(err)
	}
	world := article.Lone(article.Category, "world")
	for path, a := range map[string]Address{
		"/archive/1234/rss.xml":                            {Format: RSS, Archive: 1234},
		"/archive/4294967295/feed.json":                    {Format: JSON, Archive: 1<<32 - 1},
		"/category/world/archive/7/atom.xml":               {Format: Atom, Selector: world, Archive: 7},
		"/category/archive/archive/7/atom.xml":             {Format: Atom, Selector: article.Lone(article.Category, "archive"), Archive: 7},
		"/category/archive/rss.xml":                        {Format: RSS, Selector: article.Lone(article.Category, "archive")},
		"/feeds/partner/archive/7/rss.xml":                 {Format: RSS, Feed: "partner", Archive: 7},
		"/feeds/partner/archive/rss.xml":                   {Format: RSS, Feed: "partner", Token: "archive"},
		"/feeds/archive/s3cret-s3cret/rss.xml":             {Format: RSS, Feed: "archive", Token: "s3cret-s3cret"},
		"/rss.xml?before=12&q=has%3Aimage":                 {Format: RSS, Selector: image, Before: 12},
		"/feeds/partner/s3cret/feed.json?before=9&limit=5": {Format: JSON, Feed: "partner", Token: "s3cret", Before: 9, Limit: 5},
	} {
		if got := a.Path(); got != path {
			t.Errorf("%+v is written %s, want %s", a, got, path)
		}
		got, err := parsePath(path)
		if err != nil || got.Path() != path || got.Archive != a.Archive || got.Before != a.Before || got.Feed != a.Feed || got.Token != a.Token {
			t.Errorf("%s is read as %+v (%v), want %+v", path, got, err, a)
		}
	}
}

func TestAnArchiveDocumentHasNoOtherAddress(t *testing.T) {
	for _, path := range []string{
		"/archive/rss.xml", "/archive/0/rss.xml", "/archive/007/rss.xml", "/archive/+7/rss.xml", "/archive/4294967296/rss.xml", "/archive/-1/rss.xml", "/archive/1e3/rss.xml",
		"/archive/7/", "/archive/7/8/rss.xml", "/archive/7/archive/8/rss.xml", "/archive//rss.xml", "/category/world/archive/07/rss.xml",
		"/archive/7/rss.xml?category=world", "/archive/7/rss.xml?after=2026-01-01", "/archive/7/rss.xml?q=(",
	} {
		if a, err := parsePath(path); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("%s is read as %+v (%v)", path, a, err)
		}
	}
	if a, err := parsePath("/archive/7/rss.xml?_=17&utm_source=x"); err != nil || a.Archive != 7 {
		t.Errorf("what readers add: %+v, %v", a, err)
	}
	if a, err := parsePath("/rss.xml?before=2026-01-31"); err != nil || a.Before != 0 || a.Selector.String() != "before:2026-01-31" {
		t.Errorf("a date is a filter: %+v, %v", a, err)
	}
}
