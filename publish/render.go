package publish

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/body"
	"feedwright/catalog"
	"feedwright/feed"
)

// view is what rendering needs of an edition: no more, so that a kept document
// keeps no old index alive but the terms' names and slugs, which stay as long as
// the settings do.
type view struct {
	settings  *Settings
	fragments *fragments
	renders   *renders
	names     catalog.Names
	missing   parts
}

// parts is a set of what items may lack, by place in feed.Parts.
type parts uint16

// missing are the parts that the feed leaves out. A feed of summaries has them.
func (n *Named) missing() parts {
	m := parts(0)
	for i, p := range feed.Parts {
		if n.Parts != nil && !slices.Contains(n.Parts, p) && (p != feed.PartSummary || n.Content != feed.Summary) {
			m |= 1 << i
		}
	}
	return m
}

func (m parts) from(it *feed.Item) {
	if m&unheard != 0 {
		it.Episode = nil
	}
	for i, p := range feed.Parts {
		if m>>i&1 == 1 {
			it.Without(p)
		}
	}
}

func (e *edition) view() view {
	return view{settings: e.settings, fragments: e.fragments, renders: e.renders, names: e.snap.Names()}
}

// renderFeed puts a feed's document together from fragments, encoding those
// that are not kept. The newest articles come first; where they pass maxBytes
// the oldest are left out, but never the first.
func (p *Publisher) renderFeed(ctx context.Context, d *paper) ([]byte, error) {
	parts, err := p.parts(ctx, d.v, d.enc, d.ch, d.hits)
	if err != nil {
		return nil, err
	}
	ch := d.ch
	if n := fitting(parts, d.maxBytes); n < len(parts) {
		short := *ch
		short.Paging = d.paging(n)
		ch, parts = &short, parts[:n]
	}
	p.count.documents.Add(1)
	if err := wellFormed(d.enc, ch); err != nil {
		return nil, err
	}
	return d.enc.Feed(ch, parts)
}

// wellFormed is the last look at what is served. A feed is its frame with items
// between, so it is well-formed if the frame is, which is looked at each time,
// and each item in a frame, once.
func wellFormed(enc feed.Encoder, ch *feed.Channel, items ...feed.Fragment) error {
	b, err := enc.Feed(ch, items)
	if err == nil {
		err = feed.WellFormed(enc.Format(), b)
	}
	if err != nil {
		return fmt.Errorf("not well-formed: %w", err)
	}
	return nil
}

// paper is what a feed's document is made of.
type paper struct {
	v        view
	enc      feed.Encoder
	ch       *feed.Channel // of the document with all hits
	hits     []catalog.Hit
	maxBytes int64 // 0 for no bound
	paging   func(n int) feed.Paging
}

// fitting says how many parts fit into maxBytes, but never none.
func fitting(parts []feed.Fragment, maxBytes int64) int {
	size := int64(0)
	for i, f := range parts {
		if size += int64(len(f)); i > 0 && maxBytes > 0 && size > maxBytes {
			return i
		}
	}
	return len(parts)
}

// parts gives the fragments of articles, encoding those that are not kept.
func (p *Publisher) parts(ctx context.Context, v view, enc feed.Encoder, ch *feed.Channel, hits []catalog.Hit) ([]feed.Fragment, error) {
	parts := make([]feed.Fragment, len(hits))
	keys := make([]fragmentKey, len(hits))
	var missing []int
	for i, h := range hits {
		keys[i] = fragmentKey{h.Number, h.Rev, h.Names, v.missing, enc.Format(), ch.Content}
		if f, ok := v.fragments.get(keys[i]); ok {
			parts[i] = f
		} else {
			missing = append(missing, i)
		}
	}
	const batch = 64 // articles whole in memory at once
	for len(missing) > 0 {
		now := missing[:min(batch, len(missing))]
		missing = missing[len(now):]
		items, err := p.items(ctx, v, pick(hits, now))
		if err != nil {
			return nil, err
		}
		for j, i := range now {
			v.missing.from(&items[j])
			f, err := enc.Item(&items[j], ch.Content)
			if err != nil {
				return nil, fmt.Errorf("article %s: %w", items[j].ID, err)
			}
			if err := wellFormed(enc, ch, f); err != nil {
				return nil, fmt.Errorf("article %s: %w", items[j].ID, err)
			}
			p.count.fragments.Add(1)
			v.fragments.put(keys[i], f)
			parts[i] = f
		}
	}
	return parts, nil
}

func pick(hits []catalog.Hit, at []int) []catalog.Hit {
	out := make([]catalog.Hit, len(at))
	for i, n := range at {
		out[i] = hits[n]
	}
	return out
}

// items makes articles ready for the wire, loading those that are not kept.
func (p *Publisher) items(ctx context.Context, v view, hits []catalog.Hit) ([]feed.Item, error) {
	items := make([]feed.Item, len(hits))
	var refs []article.Ref
	var missing []int
	for i, h := range hits {
		var ok bool
		if items[i], ok = v.renders.get(renderKey{h.Number, h.Rev, h.Names}); !ok {
			missing = append(missing, i)
			refs = append(refs, article.Ref{Number: h.Number, Rev: h.Rev})
		}
	}
	if len(missing) == 0 {
		return items, nil
	}
	articles, err := p.o.Store.Articles(ctx, refs)
	if err != nil {
		return nil, err
	}
	for j, i := range missing {
		a, h := &articles[j], hits[i]
		if items[i], err = p.item(v, a); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Path, err)
		}
		v.renders.put(renderKey{h.Number, h.Rev, h.Names}, items[i])
	}
	return items, nil
}

// pageURL is the article's page here, whatever link it names itself.
func (s *Settings) pageURL(a *article.Article) string {
	return s.abs(feed.Address{Format: feed.HTML, Article: a.Slug}.Path())
}

// MediaPath is the canonical path of a local file's address, without prefix.
func MediaPath(file string) string {
	parts := strings.Split(file, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return "/media/" + strings.Join(parts, "/")
}

// item renders one article. It depends on the revision, on the settings and on
// how the terms are shown, which Hit.Names tells.
func (p *Publisher) item(v view, a *article.Article) (feed.Item, error) {
	f, s := &a.Fields, v.settings
	here := s.pageURL(a)
	media := make(map[string]*article.Media, len(a.Media))
	for i := range a.Media {
		media[a.Media[i].Path] = &a.Media[i]
	}
	dir := path.Dir(a.Path)
	if dir == "." {
		dir = ""
	}
	r, err := body.Render(a.Markup, a.Body, body.Options{
		Base: here, Title: f.Title, Dir: dir, Drop: a.Drop,
		Media: func(file string) string {
			if media[file] == nil {
				return ""
			}
			return s.mediaURL(media[file])
		},
	})
	if err != nil {
		return feed.Item{}, err
	}
	it := feed.Item{
		ID: a.ID, Rev: a.Revision.Hash, URL: here,
		Title: f.Title, Summary: f.Summary, HTML: r.HTML, Text: r.Text,
		Lang: f.Lang, Authors: f.Authors,
		Published: a.Published.UTC(), Updated: a.Updated.UTC(),
		Source: f.Source, Rights: f.Rights, Comments: f.Comments, Links: f.Links, Correction: f.Correction,
	}
	if feed.Writable(f.Link) { // what no document names leads nowhere
		it.URL = f.Link
	}
	if it.Lang == "" {
		it.Lang = s.Lang
	}
	if it.Updated.Before(it.Published) {
		it.Updated = it.Published
	}
	if it.Summary == "" {
		it.Summary = body.Excerpt(lead(r.Text), 300)
	}
	it.Categories = v.termsOf(article.Category, f.Categories)
	it.Tags = v.termsOf(article.Tag, f.Tags)
	it.Image = picture(s, f.Image, media)
	for _, at := range f.Attachments {
		if e, ok := enclosure(s, at, media); ok {
			it.Attachments = append(it.Attachments, e)
		}
	}
	it.Episode = s.episode(f, media)
	return it, nil
}

// lead is the beginning of a text that can stand for it: its first paragraph,
// or as many as make a sentence or two.
func lead(text string) string {
	const enough = 120
	end := 0
	for end < len(text) && end < enough {
		next := strings.Index(text[end:], "\n\n")
		if next < 0 {
			return text
		}
		end += next + 2
	}
	return text[:end]
}

// termsOf gives the terms that an article's names are spellings of, each once,
// as the config or else the first article to name it has it.
func (v view) termsOf(kind article.Field, names []string) []feed.Term {
	var out []feed.Term
	for _, name := range names {
		t := feed.Term{Kind: kind, Name: name, Slug: article.Slugify(name)}
		if sp, ok := v.names.Of(kind, name); ok {
			t.Name, t.Slug = sp.Name, sp.Slug
		}
		if slices.ContainsFunc(out, func(o feed.Term) bool { return o.Slug == t.Slug }) {
			continue
		}
		t.URL = v.settings.termURL(kind, t.Slug)
		out = append(out, t)
	}
	return out
}

func picture(s *Settings, im *article.Image, media map[string]*article.Media) *feed.Picture {
	if im == nil {
		return nil
	}
	pic := feed.Picture{URL: im.URL, Alt: im.Alt, Caption: im.Caption}
	if m := media[im.Path]; im.Path != "" && m != nil {
		pic.URL = s.mediaURL(m)
		pic.Type, pic.Length, pic.Width, pic.Height = m.Type, m.Length, m.Width, m.Height
	}
	if pic.URL == "" {
		return nil
	}
	return &pic
}

func enclosure(s *Settings, at article.Attachment, media map[string]*article.Media) (feed.Enclosure, bool) {
	e := feed.Enclosure{URL: at.URL, Title: at.Title, Type: at.Type, Length: at.Length, Duration: at.Duration}
	if m := media[at.Path]; at.Path != "" && m != nil {
		e.URL = s.mediaURL(m)
		e.Type, e.Length, e.Width, e.Height = m.Type, m.Length, m.Width, m.Height
		if m.Duration > 0 {
			e.Duration = m.Duration
		}
	}
	return e, e.URL != ""
}

// millis is the instant of Unix milliseconds.
func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// seconds truncates to whole seconds, the resolution of HTTP dates.
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
