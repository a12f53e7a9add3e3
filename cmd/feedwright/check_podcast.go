package main

import (
	"context"
	"errors"
	"fmt"

	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
)

// podcastAt is what makes an address a podcast's RSS, nil if it is none.
func podcastAt(c *config.Config, a feed.Address) *config.Podcast {
	if a.Format != feed.RSS || a.Archive != 0 || !a.Selector.IsAll() {
		return nil
	}
	if a.Feed == "" && c.Podcast.On() {
		return &c.Podcast
	}
	for i := range c.Feeds {
		if f := &c.Feeds[i]; f.Name == a.Feed && f.Podcast.On() {
			return &f.Podcast
		}
	}
	return nil
}

// tooLong warns of a document that many readers will not take. A podcast's RSS
// holds every episode, and is told of only where directories give up.
func tooLong(c *config.Config, a feed.Address, n int) *finding {
	f := finding{Where: a.Path(), What: fmt.Sprintf("is %.1f MB long, and many readers take no more than 1 MB", float64(n)/1e6), Hint: "lower feed.items or feed.max_bytes, or set feed.content: summary", Warn: true}
	podcast := podcastAt(c, a) != nil
	if podcast {
		f.Hint = "give it content: summary, or begin a new podcast for the next season"
	}
	if a.Archive != 0 {
		f.Hint = "lower feed.items, which is how many articles a page of the archive holds, or set feed.content: summary"
	}
	switch {
	case n > huge:
		f.What = fmt.Sprintf("is %.1f MB long, which nearly no reader takes", float64(n)/1e6)
	case n <= large || podcast:
		return nil
	}
	return &f
}

// Sizes that Apple takes of a podcast's artwork, in pixels.
const (
	leastArt = 1400
	mostArt  = 3000
)

// checkPodcasts looks at the artwork of each podcast.
func checkPodcasts(ctx context.Context, s *site, r *report) error {
	c := &s.loaded.Config
	list := []feed.Address{{Format: feed.RSS}}
	for i := range c.Feeds {
		a := feed.Address{Format: feed.RSS, Feed: c.Feeds[i].Name}
		if t := c.Feeds[i].Tokens; len(t) > 0 {
			a.Token = t[0].Token
		}
		list = append(list, a)
	}
	for _, a := range list {
		p := podcastAt(c, a)
		if p == nil || p.Image != "" {
			continue
		}
		m, err := s.publisher.Artwork(ctx, a)
		if err != nil && !errors.Is(err, article.ErrNotFound) {
			return err
		}
		a.Token = ""
		if f := artworkFinding(a, m); f != nil {
			r.add(*f)
		}
	}
	return nil
}

// artworkFinding says what is wrong with a podcast's picture (Apple Podcasts,
// itunes:image), nil if nothing.
func artworkFinding(a feed.Address, m *article.Media) *finding {
	const hint = "directories want a square JPEG or PNG of 1400 to 3000 pixels"
	switch {
	case m == nil:
		return &finding{Where: a.Path(), What: "the podcast has no artwork", Hint: "put a cover.jpg beside its episodes, or name one as podcast.image", Warn: true}
	case m.Type != "image/jpeg" && m.Type != "image/png":
		return &finding{Where: m.Path, What: "the artwork is " + m.Type, Hint: hint, Warn: true}
	case m.Width != m.Height || m.Width < leastArt || m.Width > mostArt:
		return &finding{Where: m.Path, What: fmt.Sprintf("the artwork is %d × %d pixels", m.Width, m.Height), Hint: hint, Warn: true}
	}
	return nil
}
