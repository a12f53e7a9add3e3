package server

import (
	"errors"
	"net/url"
	"strings"

	"feedwright/article"
	"feedwright/feed"
)

// Address reads the path and query of an address of this site, as a request for
// it would be read: whichever spelling of a document's address is asked for, an
// alias too, this is the document that would be answered. The error is that of
// feed.ParseAddress.
func (s *Server) Address(u *url.URL) (feed.Address, error) {
	p, ok := s.within(u.Path)
	if to, alias := s.aliases[u.Path]; alias {
		p, ok = to, true
	}
	if !ok || len(u.RawQuery) > maxQuery {
		return feed.Address{}, article.ErrNotFound
	}
	q, err := query(u.RawQuery)
	if err != nil {
		return feed.Address{}, err
	}
	a, err := feed.ParseAddress(p, q)
	if errors.Is(err, article.ErrNotFound) && !strings.HasSuffix(p, "/") {
		return feed.ParseAddress(p+"/", q)
	}
	return a, err
}
