package publish

import (
	"context"
	"path"
	"slices"
	"strings"

	"feedwright/article"
	"feedwright/feed"
)

// episodes is what a podcast holds of the articles: those with sound or film. An
// item without would be refused by every directory.
var episodes = func() article.Selector {
	s, err := article.ParseSelector("has:audio OR has:video")
	if err != nil {
		panic(err) // a mistake in the line above
	}
	return s
}()

// Episodes is what a podcast's feed holds at most: articles with sound or film.
func Episodes() article.Selector { return episodes }

// unheard marks a feed that is no podcast among the parts that its items lack:
// they say nothing of episodes then.
const unheard parts = 1 << 15

// podcastOf is what makes an address a podcast, nil if nothing does. A page for
// people, and a filter of the feed of everything, are none.
func (s *Settings) podcastOf(a feed.Address, n *Named) *feed.Podcast {
	switch {
	case a.Feed != "":
		return n.Podcast
	case a.Format == feed.HTML || !a.Selector.IsAll():
		return nil
	}
	return s.Podcast
}

// whole says that a document holds every episode: the RSS of a podcast, which
// directories know no other part of, unless a number was asked for.
func (p profile) whole(a feed.Address) bool {
	return p.podcast != nil && a.Format == feed.RSS && a.Limit == 0 && a.Before == 0 && a.Archive == 0
}

// heard completes what a channel says of itself as a podcast.
func (e *edition) heard(ctx context.Context, d *document, p profile, ch *feed.Channel) error {
	if p.podcast == nil {
		return nil
	}
	x := *p.podcast
	if x.Author == "" {
		x.Author = e.settings.Author.Name
	}
	if x.Author == "" {
		x.Author = e.settings.Title
	}
	if x.Image == "" {
		m, err := e.cover(ctx, d)
		if err != nil {
			return err
		}
		if m != nil {
			x.Image = e.settings.mediaURL(m)
		}
	}
	if x.Image != "" {
		ch.Image = x.Image
	}
	ch.Podcast = &x
	return nil
}

// cover is the artwork that lies beside the newest episode, or above it; nil if
// there is none.
func (e *edition) cover(ctx context.Context, d *document) (*article.Media, error) {
	if len(d.hits) == 0 {
		return nil, nil
	}
	list, err := e.p.o.Store.Articles(ctx, []article.Ref{{Number: d.hits[0].Number, Rev: d.hits[0].Rev}})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list[0].Media, func(m article.Media) bool {
		name := strings.ToLower(path.Base(m.Path))
		return strings.HasPrefix(m.Type, "image/") && strings.TrimSuffix(name, path.Ext(name)) == "cover"
	})
	if i < 0 {
		return nil, nil
	}
	return &list[0].Media[i], nil
}

// Artwork is the local picture that a podcast shows: of the feed of everything,
// or of a named one. It is nil where there is none, and where the settings name
// an address.
func (p *Publisher) Artwork(ctx context.Context, a feed.Address) (*article.Media, error) {
	e := p.edition.Load()
	if e == nil {
		return nil, errNotReady
	}
	a.Format = feed.RSS
	opened, err := e.settings.open(a)
	if err != nil || opened.podcast == nil || opened.podcast.Image != "" {
		return nil, err
	}
	d, err := e.find(ctx, a)
	if err != nil {
		return nil, err
	}
	return e.cover(ctx, d)
}

// mediaURL is the address of a local file. Its content is part of it, so that a
// file that takes another's place is fetched anew, and no cache mixes the two.
func (s *Settings) mediaURL(m *article.Media) string {
	u := MediaPath(m.Path)
	if s.MediaBase != "" {
		u = s.MediaBase + strings.TrimPrefix(u, "/media")
	} else {
		u = s.abs(u)
	}
	if v := feed.MediaVersion(m.Hash); v != "" {
		u += "?v=" + v
	}
	return u
}

// episode is what an article tells as an episode of a podcast.
func (s *Settings) episode(f *article.Fields, media map[string]*article.Media) *feed.Episode {
	x := f.Episode
	if x == nil {
		return &feed.Episode{}
	}
	out := &feed.Episode{
		Season: x.Season, Number: x.Number, Type: x.Type, Explicit: x.Explicit,
		Persons: x.Persons, Soundbites: x.Soundbites,
	}
	document := func(d article.Document) (feed.Document, bool) {
		if m := media[d.Path]; d.Path != "" && m != nil {
			d.URL = s.mediaURL(m)
		}
		return feed.Document{URL: d.URL, Type: d.Type, Lang: d.Lang}, d.URL != ""
	}
	for _, t := range x.Transcripts {
		if d, ok := document(t); ok {
			out.Transcripts = append(out.Transcripts, d)
		}
	}
	if x.Chapters != nil {
		if d, ok := document(*x.Chapters); ok {
			out.Chapters = &d
		}
	}
	return out
}
