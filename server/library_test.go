package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// now and changed are the instants that the tests live in.
var (
	now     = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	changed = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
)

// shelfLibrary is a small Library: documents by canonical path, compressed by the real
// feed.Compress.
type shelfLibrary struct {
	docs    map[string]*feed.Answer
	gone    map[string]bool
	moved   map[string]string
	media   map[string]feed.MediaFile
	files   map[string][]byte
	ready   error
	renders atomic.Int64
	broken  error // what Body answers
}

func (l *shelfLibrary) Ready() error { return l.ready }

func (l *shelfLibrary) Find(_ context.Context, a feed.Address) (*feed.Answer, error) {
	if a.Token == "expired" {
		return nil, &feed.Expired{At: changed}
	}
	a.Basic = false
	p := a.Path()
	if ans := l.docs[p]; ans != nil {
		return ans, nil
	}
	if l.gone[p] {
		return nil, fmt.Errorf("find %s: %w", p, article.ErrGone)
	}
	if p == "/category/panic/rss.xml" {
		panic("a fault in the library")
	}
	return nil, fmt.Errorf("find %s: %w", p, article.ErrNotFound)
}

func (l *shelfLibrary) Kept(p string) (feed.Address, *feed.Answer) {
	ans := l.docs[p]
	if ans == nil || ans.Private || p != "/rss.xml" { // the others take the long way
		return feed.Address{}, nil
	}
	return feed.Address{Format: feed.RSS}, ans
}

func (l *shelfLibrary) Media(_ context.Context, p string) (*feed.MediaFile, error) {
	m, ok := l.media[p]
	if p == "replaced.mp3" {
		return nil, fmt.Errorf("media %s: %w", p, feed.ErrReplaced)
	}
	if !ok {
		return nil, fmt.Errorf("media %s: %w", p, article.ErrNotFound)
	}
	m.ReadSeekCloser = struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader(l.files[p]), io.NopCloser(nil)}
	return &m, nil
}

func (l *shelfLibrary) Moved(_ context.Context, a feed.Address) string { return l.moved[a.Path()] }

func (l *shelfLibrary) Near(_ context.Context, a feed.Address) []feed.Term {
	if _, v, ok := a.Selector.AsLone(); ok && strings.HasPrefix(v, "ukr") {
		return []feed.Term{{Kind: article.Category, Name: "Ukraine", Slug: "ukraine", URL: "https://news.example.org/category/ukraine/"}}
	}
	return nil
}

func (l *shelfLibrary) Status() feed.Status {
	return feed.Status{
		Version: "1.0", Site: "The <Harbour> Post", SiteID: "0b5d", Ready: l.ready == nil, Started: changed, Edition: changed,
		Published: 3, Held: 2, Refused: 1, NextDue: now.Add(time.Hour), Watching: "articles, by events and every 5 minutes",
		Faults:    []article.Fault{{Path: "notes/a.md", Line: 3, Err: `bad date "Tomorow"`, Hint: "write it as 2026-11-22 09:00"}},
		Documents: 5, CacheUsed: 4096, Counters: map[string]uint64{"editions": 7},
	}
}

func (l *shelfLibrary) add(path, tag, contentType, body string) *feed.Answer {
	ans := &feed.Answer{
		ETag: tag, LastModified: changed, ContentType: contentType, Self: "https://news.example.org" + path,
		Body: func(_ context.Context, enc feed.Encoding) ([]byte, error) {
			l.renders.Add(1)
			if l.broken != nil {
				return nil, l.broken
			}
			return feed.Compress(enc, []byte(body))
		},
	}
	if kind, _, _ := strings.Cut(contentType, ";"); strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "+json") {
		ans.Delta = func(_ context.Context, have []string, enc feed.Encoding) ([]byte, bool, error) {
			if !slices.Contains(have, "old"+tag) {
				return nil, false, nil
			}
			if l.broken != nil {
				return nil, false, l.broken
			}
			b, err := feed.Compress(enc, []byte("<news/>"))
			return b, true, err
		}
	}
	if contentType == "application/atom+xml; charset=utf-8" {
		ans.View = func(_ context.Context, enc feed.Encoding) ([]byte, error) {
			return feed.Compress(enc, []byte("<dressed/>"))
		}
	}
	l.docs[path] = ans
	return ans
}

func newLibrary() *shelfLibrary {
	l := &shelfLibrary{
		docs:  map[string]*feed.Answer{},
		gone:  map[string]bool{"/article/withdrawn/": true},
		moved: map[string]string{"/article/old-name/": "/article/ferry/", "/category/ukrayina/rss.xml": "/category/ukraine/rss.xml", "/article/evil/": "//evil.example.net/"},
	}
	long := strings.Repeat("<p>The ferry returns to the old quay.</p>", 200)
	l.add("/rss.xml", "a1rss", "application/rss+xml; charset=utf-8", "<rss>all</rss>"+long)
	l.add("/atom.xml", "a1atom", "application/atom+xml; charset=utf-8", "<feed>all</feed>")
	l.add("/feed.json", "a1json", "application/feed+json; charset=utf-8", `{"version":"all"}`)
	l.add("/feeds.opml", "a1opml", "text/x-opml; charset=utf-8", "<opml/>")
	l.add("/", "a1html", feed.PageType, "<!DOCTYPE html><title>index</title>")
	l.add("/category/ukraine/rss.xml", "a1ukr", "application/rss+xml; charset=utf-8", "<rss>ukraine</rss>")
	l.add("/category/ukraine/", "a1ukrp", feed.PageType, "<!DOCTYPE html><title>Ukraine</title>")
	l.docs["/category/ukrayina-old/"] = l.docs["/category/ukraine/"]
	l.docs["/category/ukrayina-old/rss.xml"] = l.docs["/category/ukraine/rss.xml"]
	l.add("/categories.json", "a1cats", feed.CategoriesType, "{}")
	l.add("/article/ferry/", "a1ferry", feed.PageType, "<!DOCTYPE html><title>Ferry</title>")
	either, err := feed.ParseAddress("/rss.xml", map[string][]string{"category": {"b,a"}})
	if err != nil {
		panic(err)
	}
	l.add(either.Path(), "a1or", "application/rss+xml; charset=utf-8", "<rss>a or b</rss>")
	partner := l.add("/feeds/partner/s3cret/rss.xml", "a1priv", "application/rss+xml; charset=utf-8", "<rss>partner</rss>")
	partner.Private = true
	partner.MaxAge = time.Minute
	l.files = map[string][]byte{"pics/a b.png": []byte("0123456789"), "page.html": []byte("<script>alert(1)</script>"), "drawing.svg": []byte("<svg/>")}
	l.media = map[string]feed.MediaFile{}
	for p, kind := range map[string]string{"pics/a b.png": "image/png", "page.html": "text/html", "drawing.svg": "image/svg+xml"} {
		l.media[p] = feed.MediaFile{Media: article.Media{Path: p, Type: kind, Length: int64(len(l.files[p])), Hash: article.Hash{0xab, 1}}, ModTime: changed}
	}
	return l
}

var errDisk = errors.New("the disk is gone")
