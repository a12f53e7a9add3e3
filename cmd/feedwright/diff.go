package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/config"
	"feedwright/publish"
)

// diffView is how what is served differs from what would be.
type diffView struct {
	Served  int        `json:"served"`   // articles that the public sees now
	WouldBe int        `json:"would_be"` // and after the folder has been read
	New     []diffItem `json:"new"`
	Changed []diffItem `json:"changed"`
	Gone    []diffItem `json:"gone"`
	Sizes   []diffSize `json:"documents"` // of the feed of everything and the named feeds, that would change
	Notes   []string   `json:"notes,omitempty"`
}

// diffItem is one article that readers would see otherwise.
type diffItem struct {
	Path      string     `json:"path"`
	ID        article.ID `json:"id"`
	Title     string     `json:"title"`
	Published time.Time  `json:"published"`
	Updated   time.Time  `json:"updated,omitzero"`
	What      []string   `json:"what,omitempty"`   // of a change
	Again     bool       `json:"notify,omitempty"` // readers will see it as news though they know it
}

type diffSize struct {
	Path   string `json:"path"`
	Before int    `json:"before"` // bytes
	After  int    `json:"after"`
}

func (v *diffView) differs() bool {
	return len(v.New)+len(v.Changed)+len(v.Gone)+len(v.Sizes) > 0
}

func diffCommand(a *app) *cobra.Command {
	var against, ours string
	var asJSON bool
	c := &cobra.Command{
		Use:   "diff",
		Short: "Say what readers would see otherwise if the folder were published now",
		Long: `diff compares what is served with what would be served from the folder as it
stands: which articles would be new, changed or gone, which of them readers would
take for news though they know them, and how long the feeds would be. It works on
a copy of the database, beside a running serve too, and changes nothing.

With --against it compares with the feed of another place instead: a URL, a file,
or a folder that some program built. So it shows what the readers of that feed
would see if they were led here: what is new to them, what has changed, what they
would be sent again because its id is another, and what is gone. --feed names the
feed of ours that it is compared with, if that is not the one of everything.

Exit code: 0 if nothing differs, 3 if anything does.`,
		Example: `  feedwright diff
  feedwright diff --json | jq '.changed[] | select(.notify)'
  feedwright diff --against https://old.example.org/feed/
  feedwright diff --against https://old.example.org/sport/feed/ --feed /category/sport/rss.xml`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			if err := folderThere(l.Config.Source.Dir); err != nil {
				return usage(err)
			}
			a.notices(l)
			if against != "" {
				return a.diffAgainst(c.Context(), l, against, ours, asJSON)
			}
			if ours != "" {
				return usage(errors.New("--feed says what --against is compared with: give both"))
			}
			v, err := a.diff(c.Context(), l)
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(a.stdout, v)
			} else {
				err = a.diffText(v, l.Config.Zone())
			}
			if err == nil && v.differs() {
				err = &exit{code: exitFaults}
			}
			return err
		},
	}
	settingFlags(c.Flags(), "dir", "url", "db", "ledger")
	c.Flags().StringVar(&against, "against", "", "`feed` to compare with: a URL, a file, or a built folder")
	c.Flags().StringVar(&ours, "feed", "", "`path` of our feed that is compared: /category/sport/rss.xml")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// tried opens a trial, has before look at what is served, reads the folder, and
// has after look at what would be.
func (a *app) tried(ctx context.Context, l *config.Loaded, before, after func(context.Context, *site) error) (err error) {
	bar := newProgress(a.stderr, "reading articles")
	s, end, err := openTrial(ctx, l, siteOptions{log: slog.New(slog.DiscardHandler), progress: bar.set})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := s.publisher.Load(ctx); err != nil {
		return err
	}
	if !s.store.Fresh() && before != nil {
		if err := before(ctx, s); err != nil {
			return err
		}
	}
	if err := s.noteReading(ctx); err != nil {
		return err
	}
	return s.live(ctx, func(ctx context.Context) error {
		err := s.readOnce(ctx, false)
		bar.done()
		if err != nil {
			return err
		}
		return after(ctx, s)
	})
}

// diff tries what the folder would make of the present state.
func (a *app) diff(ctx context.Context, l *config.Loaded) (*diffView, error) {
	v := &diffView{New: []diffItem{}, Changed: []diffItem{}, Gone: []diffItem{}, Sizes: []diffSize{}}
	var was []publish.Shown
	var sizes []publish.Size
	before := func(ctx context.Context, s *site) (err error) {
		if was, err = s.publisher.Inventory(ctx); err != nil {
			return err
		}
		sizes, err = s.publisher.Sizes(ctx)
		return err
	}
	err := a.tried(ctx, l, before, func(ctx context.Context, s *site) error {
		is, err := s.publisher.Inventory(ctx)
		if err != nil {
			return err
		}
		v.Served, v.WouldBe = len(was), len(is)
		added, changed, gone := publish.Compare(was, is)
		for _, d := range added {
			v.New = append(v.New, itemOf(d.After, d))
		}
		for _, d := range changed {
			v.Changed = append(v.Changed, itemOf(d.After, d))
		}
		for _, d := range gone {
			v.Gone = append(v.Gone, itemOf(d.Before, d))
		}
		now, err := s.publisher.Sizes(ctx)
		if err != nil {
			return err
		}
		v.sizes(sizes, now)
		v.Notes = append(v.Notes, s.publisher.Status().Warnings...)
		return nil
	})
	return v, err
}

func itemOf(s *publish.Shown, d publish.Difference) diffItem {
	return diffItem{s.Path, s.ID, s.Title, s.Published, s.Updated, d.What, d.Again}
}

// sizes notes the documents that are other ones.
func (v *diffView) sizes(before, after []publish.Size) {
	was := map[string]publish.Size{}
	for _, s := range before {
		was[s.Path] = s
	}
	for _, s := range after {
		if b := was[s.Path]; b.ETag != s.ETag {
			v.Sizes = append(v.Sizes, diffSize{s.Path, b.Bytes, s.Bytes})
		}
	}
}

func (a *app) diffText(v *diffView, zone *time.Location) error {
	w := &lines{w: a.stdout}
	row := func(word string, list []diffItem) {
		for i := range list {
			d := &list[i]
			w.printf("%-8s %s  %s  %s", word, oneLine(d.Path), oneLine(d.Title), moment(d.Published, zone))
			for i, what := range d.What {
				w.printf("%s%s", map[bool]string{true: "  (", false: ", "}[i == 0], what)
			}
			if len(d.What) > 0 {
				w.printf(")")
			}
			if d.Again {
				w.printf("  readers will be notified again")
			}
			w.printf("\n")
		}
	}
	row("new", v.New)
	row("changed", v.Changed)
	row("gone", v.Gone)
	for _, s := range v.Sizes {
		w.printf("document %s  %d → %d bytes\n", s.Path, s.Before, s.After)
	}
	for _, n := range v.Notes {
		w.printf("Attention: %s\n", n)
	}
	if v.differs() || len(v.Notes) > 0 {
		w.printf("\n")
	}
	again := 0
	for _, list := range [][]diffItem{v.New, v.Changed} {
		for i := range list {
			if list[i].Again {
				again++
			}
		}
	}
	w.printf("%s now, %d then: %d new, %d changed, %d gone; readers would be notified again of %d.\n",
		number(v.Served, "article"), v.WouldBe, len(v.New), len(v.Changed), len(v.Gone), again)
	return w.err
}
