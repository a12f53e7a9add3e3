package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"

	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
	"feedwright/publish"
)

// feedView is one feed in `feeds --json`.
type feedView struct {
	Group     string                 `json:"group"` // all, feed, category, tag, author, lang
	Title     string                 `json:"title"`
	Articles  int                    `json:"articles"`
	Private   bool                   `json:"private,omitempty"`
	Addresses map[feed.Format]string `json:"addresses"`
}

func feedsCommand(a *app) *cobra.Command {
	var asJSON, asOPML bool
	c := &cobra.Command{
		Use:   "feeds",
		Short: "List the addresses of all feeds",
		Long: `feeds lists every feed that there is now, with the number of its articles and its
address in each format: everything, the feeds that the settings name, and one for
each category, tag, author and language that an article has.

Any combination has an address too, which needs no setting:
/rss.xml?category=a,b is a or b, &category=-c leaves c out, and
?q=(category:a OR tag:b) -author:"A. Roe" says anything.

It reads what serve or build has published, beside a running serve too. A private
feed is listed without its token.`,
		Example: `  feedwright feeds
  feedwright feeds --opml > feeds.opml
  feedwright feeds --json | jq -r '.[].addresses.atom'`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			return a.feeds(c.Context(), l, asJSON, asOPML)
		},
	}
	settingFlags(c.Flags(), "dir", "url", "db", "ledger")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	c.Flags().BoolVar(&asOPML, "opml", false, "write OPML, the list that feed readers import")
	c.MarkFlagsMutuallyExclusive("json", "opml")
	return c
}

// openPublished opens what has been published, for reading, beside a running
// serve or alone. The error wraps fs.ErrNotExist where nothing has been.
func openPublished(ctx context.Context, l *config.Loaded) (*site, error) {
	s, err := openSite(ctx, l, siteOptions{readOnly: true, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := s.publisher.Load(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (a *app) feeds(ctx context.Context, l *config.Loaded, asJSON, asOPML bool) (err error) {
	a.notices(l)
	s, err := openPublished(ctx, l)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("nothing is published yet, so there are no feeds: start feedwright serve, or run feedwright build, and ask again")
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	switch {
	case asOPML:
		answer, err := s.publisher.Find(ctx, feed.Address{Format: feed.OPML})
		if err != nil {
			return err
		}
		b, err := answer.Body(ctx, feed.Identity)
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(b)
		return err
	case asJSON:
		views := []feedView{}
		for _, f := range s.publisher.Listings(ctx) {
			views = append(views, viewOf(f))
		}
		return writeJSON(a.stdout, views)
	}
	return a.feedList(s.publisher.Listings(ctx))
}

func viewOf(l publish.Listing) feedView {
	v := feedView{Group: group(l), Title: l.Title, Articles: l.Articles, Private: l.Private, Addresses: map[feed.Format]string{}}
	for _, link := range l.Links {
		v.Addresses[link.Format] = link.URL
	}
	return v
}

func group(l publish.Listing) string {
	switch {
	case l.Name != "":
		return "feed"
	case l.Kind != "":
		return string(l.Kind)
	}
	return "all"
}

// groupNames head the groups of the list.
var groupNames = map[string]string{
	"all": "Everything", "feed": "Feeds of the settings",
	string(article.Category): "Categories", string(article.Tag): "Tags", string(article.By): "Authors", string(article.Lang): "Languages",
}

func (a *app) feedList(list []publish.Listing) error {
	w := &lines{w: a.stdout}
	last := ""
	for _, l := range list {
		if g := group(l); g != last {
			if last != "" {
				w.printf("\n")
			}
			w.printf("%s\n", groupNames[g])
			last = g
		}
		note := ""
		if l.Private {
			note = ", private: its token stands before the last part of these addresses"
		}
		w.printf("  %s (%s%s)\n", oneLine(l.Title), number(l.Articles, "article"), note)
		for _, link := range l.Links {
			w.printf("    %s\n", link.URL)
		}
	}
	return w.err
}
