package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
	"feedwright/source"
)

// finding is one thing to mend. Where is a file of the folder, a setting or a
// document.
type finding struct {
	Where string `json:"where"`
	Line  int    `json:"line,omitempty"` // 1-based, of a file
	What  string `json:"what"`
	Hint  string `json:"hint,omitempty"`
	Warn  bool   `json:"-"`
}

func (f *finding) String() string {
	fault := article.Fault{Path: f.Where, Line: f.Line, Err: f.What, Hint: f.Hint}
	return article.Line(fault.Error())
}

// report is what check found.
type report struct {
	mu        sync.Mutex
	Files     int              `json:"files"`    // read
	Articles  int              `json:"articles"` // that anybody may see now
	Held      int              `json:"held"`     // drafts, and articles before their time
	Documents int              `json:"documents"`
	Faults    []finding        `json:"faults"`
	Warnings  []finding        `json:"warnings"`
	Ignored   []source.Ignored `json:"ignored,omitempty"` // files and folders that are not read, by rule
}

func (r *report) add(f finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.Warn {
		r.Warnings = append(r.Warnings, f)
	} else {
		r.Faults = append(r.Faults, f)
	}
}

func (r *report) fault(f *article.Fault) { r.add(finding{f.Path, f.Line, f.Err, f.Hint, f.Warn}) }

func (r *report) warned(list []article.Fault) {
	for i := range list {
		r.fault(&list[i])
	}
}

// order sorts by place, so that two runs over the same folder say the same.
func (r *report) order() {
	for _, list := range []*[]finding{&r.Faults, &r.Warnings} {
		if *list == nil {
			*list = []finding{}
		}
		slices.SortStableFunc(*list, func(a, b finding) int {
			return cmp.Or(strings.Compare(a.Where, b.Where), a.Line-b.Line, strings.Compare(a.What, b.What))
		})
		*list = slices.Compact(*list)
	}
}

func checkCommand(a *app) *cobra.Command {
	var strict, asJSON bool
	c := &cobra.Command{
		Use:   "check [FILE… | URL…]",
		Short: "Try everything, and say what is to be mended; judge any feed",
		Long: `check reads the settings and every file as serve would, makes every feed and page,
and judges each feed by its specification. It names each fault with file and line,
and what to do about it. Nothing is changed and nothing published: it works on a copy
of the database, beside a running serve too.

With FILEs it reads only these, and makes no feeds.

With the URL of a feed, anybody's, or a FILE that is one (RSS, Atom, JSON Feed,
OPML; - is standard input), it judges that feed instead: line, column, the rule that
is broken, its clause, and what to do. A URL is fetched as readers do, several times.

Exit code: 0 if all is well or there are only warnings, 2 if the settings are
wrong, 3 if there are faults; with --strict, 3 for warnings too.`,
		Example: `  feedwright check
  feedwright check --strict --json > report.json
  feedwright check articles/talks.txt
  feedwright check https://news.example.org/atom.xml`,
		RunE: func(c *cobra.Command, args []string) error {
			if feeds, articles := a.feedArguments(args); len(feeds) > 0 {
				if len(articles) > 0 {
					return usage(fmt.Errorf("%s is a feed and %s is not: check them one after the other", feeds[0], articles[0]))
				}
				return a.lintArguments(c, feeds, asJSON, strict)
			}
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			if err := folderThere(l.Config.Source.Dir); err != nil {
				return usage(err)
			}
			r := &report{}
			if len(args) > 0 {
				err = a.checkFiles(c.Context(), l, args, r)
			} else {
				err = a.checkAll(c.Context(), l, r)
			}
			if err != nil {
				return err
			}
			r.order()
			if asJSON {
				err = writeJSON(a.stdout, r)
			} else {
				err = a.checkText(r, len(args) == 0)
			}
			if err == nil && (len(r.Faults) > 0 || strict && len(r.Warnings) > 0) {
				err = &exit{code: exitFaults}
			}
			return err
		},
	}
	settingFlags(c.Flags(), "listen", "url", "dir", "db", "ledger")
	c.Flags().BoolVar(&strict, "strict", false, "count warnings as faults")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// checkFiles reads some files only.
func (a *app) checkFiles(ctx context.Context, l *config.Loaded, names []string, r *report) error {
	s, err := openFolder(l, siteOptions{log: slog.New(slog.DiscardHandler), warned: r.warned})
	if err != nil {
		return err
	}
	for _, name := range names {
		path, err := a.inFolder(l.Config.Source.Dir, name)
		if err != nil {
			return usage(err)
		}
		if rule := s.folder.Why(path); rule != "" {
			r.add(finding{Where: path, What: "it is not read: " + rule, Warn: true})
			continue
		}
		change, err := s.folder.ReadOne(ctx, path)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.add(finding{Where: path, What: err.Error()})
			continue
		}
		r.Files++
		r.Articles += len(change.Articles)
		if change.Fault != nil {
			r.fault(change.Fault)
		}
	}
	return nil
}

// checkAll publishes everything, in a trial.
func (a *app) checkAll(ctx context.Context, l *config.Loaded, r *report) (err error) {
	for _, n := range l.Notices {
		r.add(finding{Where: "settings", What: n, Warn: true})
	}
	for _, f := range siteFindings(l) {
		r.add(f)
	}
	bar := newProgress(a.stderr, "reading articles")
	s, end, err := openTrial(ctx, l, siteOptions{
		log: slog.New(slog.DiscardHandler), progress: bar.set, warned: r.warned,
		reported: func(list []article.Report) {
			for _, p := range list {
				if p.Warn && !strings.Contains(p.What, " is dated ") { // dates says so of all files, read before or not
					r.add(finding{Where: p.Path, What: p.What, Warn: true})
				}
			}
		},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := s.publisher.Load(ctx); err != nil {
		return err
	}
	return s.live(ctx, func(ctx context.Context) error {
		err := s.readOnce(ctx, true)
		bar.done()
		if err != nil {
			return err
		}
		r.folder(s)
		if err := r.dates(ctx, s, a.now()); err != nil {
			return err
		}
		if err := checkPodcasts(ctx, s, r); err != nil {
			return err
		}
		return a.checkDocuments(ctx, s, r)
	})
}

// folder takes over what the scan and the publisher know.
func (r *report) folder(s *site) {
	st, pub := s.folder.State(), s.publisher.Status()
	r.Files, r.Ignored = st.Files, st.Ignored
	r.Articles, r.Held = pub.Published, pub.Held
	for i := range pub.Faults {
		r.fault(&pub.Faults[i])
	}
	for i := range st.Unreadable {
		r.fault(&st.Unreadable[i])
	}
	if st.Removals != "" {
		r.add(finding{Where: s.loaded.Config.Source.Dir, What: st.Removals, Warn: true})
	}
	if st.Waiting > 0 {
		r.add(finding{Where: s.loaded.Config.Source.Dir, What: number(st.Waiting, "file") + " are still being written and were not read", Hint: "check again when they are done", Warn: true})
	}
}

// dates questions dates that are more often a slip than meant.
func (r *report) dates(ctx context.Context, s *site, now time.Time) error {
	var refs []article.Ref
	err := s.store.Entries(ctx, func(e article.Entry) error {
		if e.State != article.Withdrawn && article.DoubtfulDate(time.UnixMilli(e.Published), now) != "" {
			refs = append(refs, article.Ref{Number: e.Number})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(refs, 500) {
		list, err := s.store.Articles(ctx, part)
		if err != nil {
			return err
		}
		for i := range list {
			at := list[i].Published.In(s.loaded.Config.Zone())
			what := fmt.Sprintf("its date %s %s", at.Format(time.DateOnly), article.DoubtfulDate(at, now))
			r.add(finding{Where: list[i].Path, What: what, Hint: "write another if it is not meant", Warn: true})
		}
	}
	return nil
}

// Sizes of a feed's document from which readers begin to fail, in bytes.
const (
	large = 1_000_000  // many small readers and services give up
	huge  = 10_000_000 // nearly all do
)

// checkDocuments makes every public document, and judges every feed.
func (a *app) checkDocuments(ctx context.Context, s *site, r *report) error {
	list, err := addresses(ctx, s)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "making feeds and pages")
	defer bar.done()
	var judge siteLint
	defer judge.report(r)
	for i, at := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		var b []byte
		answer, err := s.publisher.Find(ctx, at)
		if errors.Is(err, article.ErrNotFound) || errors.Is(err, article.ErrGone) {
			continue // it has left since the list was made
		}
		if err == nil {
			b, err = answer.Body(ctx, feed.Identity)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.add(finding{Where: at.Path(), What: "cannot be made: " + err.Error()})
		} else if err := judge.document(ctx, at, answer, b); err != nil {
			return err
		}
		r.Documents++
		if at.Format != feed.HTML {
			if f := tooLong(&s.loaded.Config, at, len(b)); f != nil {
				r.add(*f)
			}
		}
		bar.set(i+1, len(list))
	}
	return nil
}

// addresses lists every public document: feeds, pages, the list of feeds.
func addresses(ctx context.Context, s *site) ([]feed.Address, error) {
	list := append(s.publisher.Feeds(), feed.Address{Format: feed.OPML}, feed.Address{Format: feed.Categories})
	add := func(a feed.Address) error {
		list = append(list, a)
		return nil
	}
	if err := s.publisher.Archives(add); err != nil {
		return nil, err
	}
	err := s.publisher.Pages(ctx, add)
	return list, err
}

func (a *app) checkText(r *report, whole bool) error {
	w := &lines{w: a.stdout}
	for i := range r.Faults {
		w.printf("fault    %s\n", r.Faults[i].String())
	}
	for i := range r.Warnings {
		w.printf("warning  %s\n", r.Warnings[i].String())
	}
	for _, i := range r.Ignored {
		w.printf("not read %s\n", ignoredText(i))
	}
	if len(r.Faults)+len(r.Warnings)+len(r.Ignored) > 0 {
		w.printf("\n")
	}
	w.printf("%s read, %s", number(r.Files, "file"), number(r.Articles, "article"))
	if whole {
		w.printf(" published, %d held, %s made", r.Held, number(r.Documents, "document"))
	}
	w.printf(": %s, %s.\n", number(len(r.Faults), "fault"), number(len(r.Warnings), "warning"))
	return w.err
}

// ignoredText says what one rule leaves out.
func ignoredText(i source.Ignored) string {
	what := oneLine(i.Example)
	if i.Count > 1 {
		what += fmt.Sprintf(" and %d more", i.Count-1)
	}
	return what + ": " + i.Rule
}
