package publish

import (
	"slices"

	"feedwright/article"
	"feedwright/feed"
)

// inWords is a filter as people say it. Only terms that somebody can see are
// named; of others the slug is said.
func (e *edition) inWords(sel article.Selector) string {
	return feed.InWords(e.settings.Lang, sel, e.settings.Zone, func(f article.Field, slug string) string {
		if sp, ok := e.snap.Lookup(f, slug); ok {
			return termName(sp)
		}
		return slug
	})
}

// said is the filter of an address in words, empty for one that names a feed by
// itself.
func (e *edition) said(a feed.Address) string {
	if _, _, lone := a.Selector.AsLone(); a.Selector.IsAll() || lone && a.Feed == "" {
		return ""
	}
	return e.inWords(a.Selector)
}

// excludes says whether a filter names what it leaves out: the names of that can
// change with articles that the filter does not hold.
func excludes(n article.Node) bool {
	if n.Op == article.Not {
		return true
	}
	for _, k := range n.Kids {
		if excludes(k) {
			return true
		}
	}
	return false
}

// channel is the head of the feed at an address.
func (e *edition) channel(a feed.Address, p profile) *feed.Channel {
	return e.settings.channel(a, p, e.lone(a), e.said(a))
}

// contract is what the page of a private feed tells, nil for any other.
func (e *edition) contract(d *document, p profile) *feed.Contract {
	if !p.Private() {
		return nil
	}
	k := &feed.Contract{
		Words: e.inWords(d.sel), Window: feed.SinceOf(d.sel), Fresh: p.Fresh,
		Items: d.limit, MaxBytes: p.MaxBytes, Content: p.Content, Parts: p.Parts,
		Graves: e.settings.Tombstones > 0 && slices.Contains(p.Formats, feed.Atom),
	}
	if t := p.opens(d.address.Token); t != nil {
		k.Ends = t.Ends
	}
	return k
}
