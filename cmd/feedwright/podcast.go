package main

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
	"feedwright/publish"
)

// podcasts says which feeds are podcasts, and where media are fetched. The feeds
// of set are those of c, in their order.
func (s *site) podcasts(c *config.Config, set *publish.Settings) {
	set.MediaBase = c.Media.Base
	set.Podcast = s.podcast(c, &c.Podcast, feed.Address{Format: feed.RSS})
	for i := range c.Feeds {
		n := &set.Feeds[i]
		if n.Podcast = s.podcast(c, &c.Feeds[i].Podcast, feed.Address{Format: feed.RSS, Feed: n.Name}); n.Podcast != nil {
			n.Where = n.Where.And(publish.Episodes())
		}
	}
}

func (s *site) podcast(c *config.Config, p *config.Podcast, a feed.Address) *feed.Podcast {
	if !p.On() {
		return nil
	}
	x := &feed.Podcast{
		Author: p.Author, Owner: article.Author{Name: p.Owner.Name, Email: p.Owner.Email}, Categories: p.Categories, Explicit: p.Explicit,
		Type: string(p.Type), Image: p.Image, Locked: string(p.Locked), Medium: string(p.Medium), NewURL: p.NewURL, Complete: p.Complete, Block: p.Block,
		GUID: cmp.Or(p.GUID, s.podcastGUID(c.Site.URL, a)),
	}
	if x.Owner.Email == "" {
		x.Owner = article.Author{Name: cmp.Or(p.Owner.Name, c.Site.Author.Name), Email: c.Site.Author.Email}
	}
	for _, f := range p.Funding {
		x.Funding = append(x.Funding, article.Link{URL: f.URL, Title: f.Text})
	}
	for _, f := range p.Persons {
		x.Persons = append(x.Persons, article.Person{Name: f.Name, Role: f.Role, Image: f.Image, URL: f.URL})
	}
	return x
}

// podcastSpace is the name space of podcasts' ids (Podcasting 2.0, guid).
var podcastSpace = uuid.MustParse("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

// podcastGUID is the id of a podcast: a UUID made of its first address, without
// scheme and trailing slash, and kept when the address changes. A site that only
// this machine can reach leaves no trace.
func (s *site) podcastGUID(site string, a feed.Address) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	key := "podcast guid " + a.Feed
	if kept, err := s.store.Assigned(ctx, key); err == nil && kept != "" {
		return kept
	}
	_, address, _ := strings.Cut(site+a.Path(), "://")
	id := uuid.NewSHA1(podcastSpace, []byte(strings.TrimRight(address, "/"))).String()
	u, err := url.Parse(site)
	if err != nil || thisMachine(u.Hostname()) {
		return id
	}
	kept, err := s.store.Assign(ctx, key, id)
	if err != nil {
		s.log.Warn("a podcast's id is not kept", "feed", a.Path(), "err", err)
	}
	return kept
}
