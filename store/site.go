package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"feedwright/article"
)

// resolveSite settles the site's UUID: the config's, else the database's, else
// that of the ledger's copy, else one made of the site's public host, else a
// new one.
func (s *Store) resolveSite(ctx context.Context, copied string) error {
	var kept string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, metaSite).Scan(&kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s.eng.explain(err)
	}
	s.formerSite = kept
	for _, c := range []struct{ id, from string }{
		{s.opt.SiteID, "config"}, {kept, "ledger"}, {copied, "ledger copy"}, {hostSite(s.opt.SiteURL), "site.url"}, {uuid.NewString(), "new"},
	} {
		if c.id == "" {
			continue
		}
		id, err := uuid.Parse(c.id)
		if err != nil && c.from == "config" {
			return fmt.Errorf("site.id %q is no UUID: write one like %s, or leave it out", c.id, uuid.NewString())
		}
		if err != nil {
			continue // a damaged copy is no reason to stop
		}
		s.site, s.siteFrom = id.String(), c.from
		break
	}
	if s.opt.ReadOnly || s.site == kept {
		return nil
	}
	return s.writing(ctx, func(tx *sql.Tx) error { return setMeta(ctx, tx, metaSite, s.site) })
}

// hostSite is the UUID of a site's host, "" if the host is not one that all the
// world knows: a first run on localhost must leave no trace in any id.
func hostSite(site string) string {
	u, err := url.Parse(site)
	if err != nil {
		return ""
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if !article.PublicName(host) {
		return ""
	}
	return uuid.NewSHA1(uuid.NameSpaceDNS, []byte(host)).String()
}
