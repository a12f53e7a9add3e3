package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"feedwright/adopt"
	"feedwright/article"
	"feedwright/body"
	"feedwright/config"
	"feedwright/feed"
	"feedwright/store"
)

// adoptView is what an adoption did, or would do.
type adoptView struct {
	From    string        `json:"from"`
	Kind    string        `json:"kind"`
	Items   int           `json:"items"`
	Adopted []adoptedView `json:"adopted"` // matched: taken over now, or so already
	Missed  []missedView  `json:"missed"`  // items that are no article's
	Alone   []string      `json:"alone"`   // files of articles that are no item
	Reports []string      `json:"reports"` // what was not taken over, and why
	DryRun  bool          `json:"dry_run,omitempty"`
}

type adoptedView struct {
	Path      string     `json:"path"`
	By        string     `json:"by"`
	ID        article.ID `json:"id"`
	Was       article.ID `json:"was,omitempty"` // the id before, if it changed
	Published time.Time  `json:"published"`
	Moved     bool       `json:"published_moved,omitempty"`
	Note      string     `json:"note,omitempty"`
}

func (v *adoptedView) changes() bool { return v.Was != "" || v.Moved }

type missedView struct {
	ID    string `json:"id"`
	Link  string `json:"link"`
	Title string `json:"title"`
	Why   string `json:"why"`
}

func adoptCommand(a *app) *cobra.Command {
	var dryRun, force, asJSON bool
	c := &cobra.Command{
		Use:   "adopt URL|FILE",
		Short: "Take ids and dates over from a feed that readers know",
		Long: `adopt is for the move from another program to feedwright. It reads the feed that
readers have now – RSS, Atom, JSON Feed, or an export of WordPress – finds each
item's article in your folder by link, slug, title, date and text, and takes over
the item's id, character by character, and its date of publication. Readers then
see nothing twice.

Pages that the feed goes on with are read too. A date that a file itself gives to
the second stays. What matched nothing is listed with the reason; an item that
two articles fit equally well is left alone. Running it again changes nothing.

Run it before readers come to the new address, while serve is not running. With
--dry-run it only says what it would do.`,
		Example: `  feedwright adopt https://old.example.org/feed/ --dry-run
  feedwright adopt https://old.example.org/feed/
  feedwright adopt wordpress-export.xml`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			a.notices(l)
			v, err := a.adopt(c.Context(), l, args[0], dryRun, force)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(a.stdout, v)
			}
			return a.adoptText(v, l.Config.Zone())
		},
	}
	settingFlags(c.Flags(), "dir", "url", "db", "ledger")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be taken over")
	c.Flags().BoolVar(&force, "force", false, "change ids that readers have fetched from here already")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (a *app) adopt(ctx context.Context, l *config.Loaded, from string, dryRun, force bool) (v *adoptView, err error) {
	if err := folderThere(l.Config.Source.Dir); err != nil {
		return nil, usage(err)
	}
	f, where, err := a.foreignFeed(ctx, from, true)
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.stderr, "reading articles")
	o := siteOptions{log: slog.New(slog.DiscardHandler), progress: bar.set}
	open := func() (*site, func() error, error) {
		s, err := openSite(ctx, l, o)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: adopt changes ids, so it works while nothing is served; --dry-run works at any time", err)
		}
		return s, s.Close, nil
	}
	if dryRun {
		open = func() (*site, func() error, error) { return openTrial(ctx, l, o) }
	}
	s, end, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	err = s.readInto(ctx, a.now)
	bar.done()
	if err != nil {
		return nil, err
	}
	ours, shown, err := s.candidates(ctx)
	if err != nil {
		return nil, err
	}
	v = &adoptView{From: where, Kind: f.Kind, Items: len(f.Items), DryRun: dryRun, Adopted: []adoptedView{}, Missed: []missedView{}, Alone: []string{}, Reports: []string{}}
	result := adopt.Match(f.Items, ours)
	list := v.take(&result, l.Config.Zone())
	if err := s.refuseLate(ctx, v, &result, shown, force || dryRun); err != nil {
		return nil, err
	}
	reports, err := s.store.Inherit(ctx, a.now(), list)
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		v.Reports = append(v.Reports, r.What)
	}
	// Only now do the articles of a new database appear: in the order of the
	// dates they have taken over.
	if _, err := s.store.Apply(ctx, article.Batch{Now: a.now()}); err != nil {
		return nil, err
	}
	return v, s.store.Remember(ctx, "reading", readingTag(&l.Config, s.folder.Vault()))
}

// readInto brings the store up to what the folder holds; nothing of it appears
// yet.
func (s *site) readInto(ctx context.Context, now func() time.Time) error {
	if err := s.noteReading(ctx); err != nil {
		return err
	}
	return s.folder.Scan(ctx, s.store.Files, func(ctx context.Context, changes []article.Change) error {
		_, err := s.store.Apply(ctx, article.Batch{Now: now(), Changes: changes, More: true})
		return err
	})
}

// candidates are all articles that have a file, and which of them have been
// public.
func (s *site) candidates(ctx context.Context) ([]adopt.Article, map[article.Number]bool, error) {
	var refs []article.Ref
	shown := map[article.Number]bool{}
	err := s.store.Entries(ctx, func(e article.Entry) error {
		if e.State != article.Withdrawn {
			refs = append(refs, article.Ref{Number: e.Number})
			shown[e.Number] = e.Appeared > 0
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var ours []adopt.Article
	for part := range slices.Chunk(refs, 500) {
		list, err := s.store.Articles(ctx, part)
		if err != nil {
			return nil, nil, err
		}
		for i := range list {
			ours = append(ours, s.candidate(&list[i]))
		}
	}
	slices.SortFunc(ours, func(a, b adopt.Article) int { return int(a.Number) - int(b.Number) })
	return ours, shown, nil
}

func (s *site) candidate(x *article.Article) adopt.Article {
	c := adopt.Article{
		Number: x.Number, ID: x.ID, Path: x.Path, Title: x.Fields.Title, Published: x.Published, Date: x.Fields.Published,
		Slugs: []string{x.Fields.Slug, x.Slug, article.Slugify(x.Fields.Title)}, Links: []string{x.Fields.Link},
	}
	if x.Slug != "" {
		c.Links = append(c.Links, s.loaded.Config.Site.URL+feed.Address{Format: feed.HTML, Article: x.Slug}.Path())
	}
	markup, text, title, drop := x.Markup, x.Body, x.Fields.Title, x.Drop
	c.Text = func() string {
		r, err := body.Render(markup, text, body.Options{Title: title, Drop: drop})
		if err != nil {
			return text
		}
		return r.Text
	}
	return c
}

// take turns what was matched into what the store is to take over.
func (v *adoptView) take(r *adopt.Result, zone *time.Location) []store.Inherited {
	var list []store.Inherited
	for i := range r.Pairs {
		p := &r.Pairs[i]
		at, moved := p.Date(zone)
		in := store.Inherited{Number: p.Article.Number, ID: article.ID(p.Item.ID)}
		row := adoptedView{Path: p.Article.Path, By: p.By, ID: in.ID, Published: at, Moved: moved}
		if in.ID != p.Article.ID && in.ID != "" {
			row.Was = p.Article.ID
		}
		if moved {
			in.Published = at
		}
		if in.ID == "" {
			row.ID, row.Note = p.Article.ID, "The item has neither id nor link."
		}
		if !moved && !p.Item.Published.IsZero() && !p.Item.Published.Truncate(time.Second).Equal(at.Truncate(time.Second)) {
			row.Note = "The feed says " + moment(p.Item.Published, zone) + ", but the file gives its own date, which stays."
		}
		v.Adopted = append(v.Adopted, row)
		if row.changes() {
			list = append(list, in)
		}
	}
	for _, m := range r.Misses {
		v.Missed = append(v.Missed, missedView{m.Item.ID, m.Item.Link, m.Item.Title, m.Why})
	}
	for _, x := range r.Alone {
		v.Alone = append(v.Alone, x.Path)
	}
	slices.Sort(v.Alone)
	return list
}

// refuseLate refuses to change ids under which readers have fetched articles
// from here.
func (s *site) refuseLate(ctx context.Context, v *adoptView, r *adopt.Result, shown map[article.Number]bool, force bool) error {
	docs, err := s.store.Documents(ctx)
	if err != nil || force {
		return err
	}
	asked := slices.ContainsFunc(docs, func(d article.DocumentState) bool { return !d.Asked.IsZero() })
	n := 0
	for i := range r.Pairs {
		if v.Adopted[i].Was != "" && shown[r.Pairs[i].Article.Number] {
			n++
		}
	}
	if asked && n > 0 {
		return fmt.Errorf("the feeds here have been fetched already, and %s would get another id: readers who know the present one will see it twice. If those were only you, run it again with --force", number(n, "article"))
	}
	return nil
}

func (a *app) adoptText(v *adoptView, zone *time.Location) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	out := &lines{w: w}
	taken, same := 0, 0
	for i := range v.Adopted {
		r := &v.Adopted[i]
		if !r.changes() {
			same++
			if r.Note == "" {
				continue
			}
		} else {
			taken++
		}
		out.printf("adopted\t%s\tby %s\t%s\t%s\t%s\n", oneLine(r.Path), r.By, oneLine(string(r.ID)), moment(r.Published, zone), r.Note)
	}
	for _, m := range v.Missed {
		name := m.Title
		if name == "" {
			name = m.Link
		}
		out.printf("no match\t%s\t\t%s\t\t%s\n", oneLine(name), oneLine(m.ID), m.Why)
	}
	if out.err == nil {
		out.err = w.Flush()
	}
	if len(v.Adopted)+len(v.Missed) > same {
		fmt.Fprintln(a.stdout)
	}
	for _, r := range v.Reports {
		fmt.Fprintf(a.stderr, "Attention: %s.\n", r)
	}
	verb := "taken over"
	if v.DryRun {
		verb = "to be taken over"
	}
	if out.err == nil {
		_, out.err = fmt.Fprintf(a.stdout, "%s (%s): %s; %d %s, %d so already, %d without an article; %s not among them.\n",
			v.From, v.Kind, number(v.Items, "item"), taken, verb, same, len(v.Missed), number(len(v.Alone), "article"))
	}
	return out.err
}
