package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
	"feedwright/hub"
	"feedwright/publish"
	"feedwright/server"
)

// announced is the hub that feeds name, and whether it is our own. One that
// nobody can reach is not named: readers that subscribe would poll no more.
func (s *site) announced(c *config.Config) (address string, own bool) {
	if s.hub != config.HubBuiltin {
		return s.hub, false
	}
	if !hub.Reachable(c.Site.URL) {
		return "", true
	}
	return c.Site.URL + server.HubPath, true
}

// outlets are who is told of each edition while serve runs. Without a hub there
// are none.
type outlets struct {
	hub    *hub.Hub // nil if there is none here
	topics *hubTopics
	pinger *hub.Pinger // nil if there is no other's
}

// openOutlets makes what the settings ask for.
func (a *app) openOutlets(s *site, out *outlets) error {
	c := &s.loaded.Config
	if foreign := c.WebSub.Foreign(); foreign != "" {
		out.pinger = hub.NewPinger(hub.PingOptions{Hub: foreign, Polled: polled(s.publisher), Agent: "feedwright/" + version(), Log: s.log})
	}
	if !c.WebSub.Builtin() {
		return nil
	}
	var allow []netip.Prefix
	for _, text := range a.callbacks {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return usage(fmt.Errorf("--websub-allow: %w", err))
		}
		allow = append(allow, p)
	}
	if named, _ := s.announced(c); named == "" {
		s.log.Warn("no feed names the hub, because nobody else can reach it: set site.url to the public address", "site.url", c.Site.URL)
	}
	out.topics = &hubTopics{published: s.publisher}
	out.hub = hub.New(hub.Options{Store: s.store, Topics: out.topics, Agent: "feedwright/" + version(), Log: s.log, Allow: allow})
	return nil
}

// wake tells them that another edition is served.
func (o *outlets) wake() {
	if o.hub != nil {
		o.hub.Wake()
	}
	if o.pinger != nil {
		o.pinger.Wake()
	}
}

// over names the server that tells addresses apart.
func (o *outlets) over(srv *server.Server) {
	if o.topics != nil {
		o.topics.server = srv
	}
}

// handler answers /hub, nil if there is no hub here.
func (o *outlets) handler() http.Handler {
	if o.hub == nil {
		return nil
	}
	return o.hub
}

func (o *outlets) run(ctx context.Context) error {
	switch {
	case o.hub != nil:
		return o.hub.Run(ctx)
	case o.pinger != nil:
		return o.pinger.Run(ctx)
	}
	return nil
}

// told is what is published, with what the outlets say of themselves in its
// Status.
func (o *outlets) told(p *publish.Publisher) feed.Library {
	if o.hub == nil && o.pinger == nil {
		return p
	}
	return &followed{p, o}
}

type followed struct {
	*publish.Publisher
	out *outlets
}

// Status is the publisher's and the outlets'.
func (f *followed) Status() feed.Status {
	st := f.Publisher.Status()
	var counts map[string]uint64
	switch {
	case f.out.hub != nil:
		st.Followers, counts = f.out.hub.Stats()
	case f.out.pinger != nil:
		counts = f.out.pinger.Counts()
	}
	maps.Copy(st.Counters, counts)
	return st
}

// polled are the feeds that another's hub is told of.
func polled(p *publish.Publisher) func(context.Context) []hub.Polled {
	return func(ctx context.Context) []hub.Polled {
		var list []hub.Polled
		for _, ans := range p.Polled(ctx) {
			list = append(list, hub.Polled{Self: ans.Self, State: ans.ETag})
		}
		return list
	}
}

// hubTopics are the site's feeds as the hub sees them.
type hubTopics struct {
	published *publish.Publisher
	server    *server.Server
}

// Topic finds a feed: see hub.Topics. It is the one that a GET of the address
// would be answered with, so nothing is in it that is not public now.
func (t *hubTopics) Topic(ctx context.Context, address string) (hub.Topic, error) {
	site := t.published.Site()
	u, err := t.ours(address, site)
	if err != nil {
		return hub.Topic{}, err
	}
	if err := t.published.Ready(); err != nil {
		return hub.Topic{}, err
	}
	a, err := t.server.Address(u)
	if err != nil {
		return hub.Topic{}, err
	}
	switch {
	case a.Format != feed.RSS && a.Format != feed.Atom && a.Format != feed.JSON, a.Archive > 0, a.Before > 0:
		return hub.Topic{}, fmt.Errorf("%s is no feed that news come to: %w", a.Format, article.ErrNotFound)
	}
	ans, err := t.published.Find(ctx, a)
	var ended *feed.Expired
	if errors.As(err, &ended) || a.Token != "" && errors.Is(err, article.ErrNotFound) {
		return hub.Topic{}, fmt.Errorf("%w: %w", hub.ErrRevoked, err)
	}
	if err != nil {
		return hub.Topic{}, err
	}
	_, _, lone := a.Selector.AsLone()
	return hub.Topic{
		Self: ans.Self, Hub: site + server.HubPath, Name: nameOf(a),
		Site:  a.Limit == 0 && (lone || a.Selector.IsAll()),
		State: ans.ETag, Type: ans.ContentType,
		Body: func(ctx context.Context) ([]byte, error) { return ans.Body(ctx, feed.Identity) },
	}, nil
}

// ours reads an address of this site: scheme and letter case are no difference.
func (t *hubTopics) ours(address, site string) (*url.URL, error) {
	u, err := url.Parse(address)
	here, err2 := url.Parse(site)
	if err != nil || err2 != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.EqualFold(hostPort(u), hostPort(here)) {
		return nil, hub.ErrForeign
	}
	return u, nil
}

// hostPort is a host with its port, unless that is the one its scheme has.
func hostPort(u *url.URL) string {
	if p := u.Port(); p != "" && !(u.Scheme == "http" && p == "80") && !(u.Scheme == "https" && p == "443") {
		return u.Hostname() + ":" + p
	}
	return u.Hostname()
}

// nameOf is how logs name a feed: without its token.
func nameOf(a feed.Address) string {
	if a.Token != "" {
		a.Token = "…"
	}
	name, err := url.PathUnescape(a.Path())
	if err != nil {
		return a.Path()
	}
	return name
}
