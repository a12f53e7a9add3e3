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
	p, ok := s.local(u.Path)
	if !ok || len(u.RawQuery) > maxQuery {
		return feed.Address{}, article.ErrNotFound
	}
	q, err := query(u.RawQuery)
	if err != nil {
		return feed.Address{}, err
	}
	a, _, err := parseAddress(p, q)
	return a, err
}

// parseAddress is feed.ParseAddress, but knows a page without its slash too, as
// in /category/ukraine; slash says that it is wanting.
func parseAddress(p string, q url.Values) (a feed.Address, slash bool, err error) {
	a, err = feed.ParseAddress(p, q)
	if errors.Is(err, article.ErrNotFound) && !strings.HasSuffix(p, "/") {
		a, err = feed.ParseAddress(p+"/", q)
		slash = true
	}
	return a, slash, err
}
