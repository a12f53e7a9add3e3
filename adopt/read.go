package adopt

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	feedjson "github.com/mmcdole/gofeed/json"
	xhtml "golang.org/x/net/html"

	"feedwright/article"
)

// Bounds of what is read of a feed.
const (
	MaxBytes = 256 << 20 // of a document: exports of large sites are one file
	MaxItems = 500_000
	maxText  = 64 << 10 // of an item's text: enough to know it by
)

// ErrNoFeed is returned for bytes that are no feed.
var ErrNoFeed = errors.New("it is neither an RSS, Atom or JSON feed nor an export of WordPress")

// Read understands a feed. base is its address, to which relative ones in it
// are resolved; it may be empty.
func Read(raw []byte, base string) (f *Feed, err error) {
	defer func() {
		if p := recover(); p != nil { // input of strangers in the hands of a library
			f, err = nil, fmt.Errorf("%w (%v)", ErrNoFeed, p)
		}
	}()
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("the feed is longer than %d MB", MaxBytes>>20)
	}
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	got, err := p.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrNoFeed, err)
	}
	f = &Feed{Kind: kind(got), Title: line(got.Title)}
	export := isExport(got.Extensions)
	for _, g := range got.Items[:min(len(got.Items), MaxItems)] {
		if g == nil || export && !published(g.Extensions) {
			continue
		}
		f.Items = append(f.Items, item(g, base))
	}
	f.Next = resolve(base, next(got))
	return f, nil
}

func kind(g *gofeed.Feed) string {
	if isExport(g.Extensions) {
		return "WordPress export"
	}
	name := map[string]string{"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}[g.FeedType]
	version := g.FeedVersion
	if i := strings.LastIndexByte(version, '/'); i >= 0 { // https://jsonfeed.org/version/1.1
		version = version[i+1:]
	}
	return strings.TrimSpace(name + " " + version)
}

func item(g *gofeed.Item, base string) Item {
	it := Item{
		ID: g.GUID, Link: resolve(base, g.Link), Title: line(g.Title),
		Published: instant(g.PublishedParsed), Updated: instant(g.UpdatedParsed),
		Slug: wp(g.Extensions, "post_name"),
	}
	if it.ID == "" {
		it.ID = g.Link // what readers go by where there is no id
	}
	if it.Published.IsZero() {
		if t, err := time.Parse(time.DateTime, wp(g.Extensions, "post_date_gmt")); err == nil {
			it.Published = t
		}
	}
	if it.Published.IsZero() { // Atom asks for updated only
		it.Published = it.Updated
	}
	text := g.Content
	if text == "" {
		text = g.Description
	}
	it.Text = plain(text)
	return it
}

func instant(t *time.Time) time.Time {
	if t == nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC()
}

// isExport says that a feed is WordPress's own export (WXR).
func isExport(e ext.Extensions) bool { return len(e["wp"]["wxr_version"]) > 0 }

// parts are the kinds of an export's items that are parts of a site, not
// articles. Any other may be: plugins add their own, as episode or recipe, and
// an item that is no article of ours is only told of.
var parts = []string{"attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request",
	"wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face"}

// published says whether an export's item is an article that the public saw.
func published(e ext.Extensions) bool {
	status := wp(e, "status")
	return !slices.Contains(parts, wp(e, "post_type")) && (status == "" || status == "publish")
}

func wp(e ext.Extensions, name string) string {
	if list := e["wp"][name]; len(list) > 0 {
		return strings.TrimSpace(list[0].Value)
	}
	return ""
}

// next is the address of the page that goes on with a feed: RFC 5005 §3 and §4,
// JSON Feed's next_url.
func next(g *gofeed.Feed) string {
	rels := map[string]string{}
	switch original := g.OriginalFeed().(type) {
	case *feedjson.Feed:
		return original.NextURL
	case *atom.Feed:
		for _, l := range original.Links {
			if l != nil {
				rels[l.Rel] = l.Href
			}
		}
	}
	for _, list := range g.Extensions {
		for _, l := range list["link"] {
			rels[l.Attrs["rel"]] = l.Attrs["href"]
		}
	}
	if rels["next"] != "" {
		return rels["next"]
	}
	return rels["prev-archive"]
}

func resolve(base, ref string) string {
	ref = strings.TrimSpace(ref)
	b, err := url.Parse(base)
	if err != nil || base == "" || ref == "" {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// line is a title as plain text: some feeds carry markup or entities in it.
func line(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = plain(s)
	}
	return article.Line(html.UnescapeString(s))
}

// plain is the text of a piece of HTML.
func plain(s string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(s))
	hidden := 0
	for b.Len() < maxText {
		switch z.Next() {
		case xhtml.ErrorToken:
			return article.Clean(b.String())
		case xhtml.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case xhtml.StartTagToken:
			if name, _ := z.TagName(); isHidden(string(name)) {
				hidden++
			}
			b.WriteByte(' ')
		case xhtml.EndTagToken:
			if name, _ := z.TagName(); isHidden(string(name)) && hidden > 0 {
				hidden--
			}
			b.WriteByte(' ')
		}
	}
	return article.Clean(b.String())
}

func isHidden(tag string) bool { return tag == "script" || tag == "style" }
