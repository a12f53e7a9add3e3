package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/config"
	"feedwright/publish"
)

// whyView is all that is known of one file.
type whyView struct {
	Path     string          `json:"path"`               // relative to source.dir
	There    bool            `json:"there"`              // the file exists
	Ignored  string          `json:"ignored,omitempty"`  // the rule by which it is not read
	Fault    *article.Fault  `json:"fault,omitempty"`    // why it could not be read
	Warnings []article.Fault `json:"warnings,omitempty"` // what to mend all the same
	Articles []readView      `json:"articles,omitempty"` // what it says now
	Lives    []lifeView      `json:"published,omitempty"`
	Note     string          `json:"note,omitempty"` // why nothing is known of its life
}

// readView is one article as its file gives it.
type readView struct {
	Part  string         `json:"part,omitempty"` // which entry of a file of many
	Title string         `json:"title"`
	Kind  article.Markup `json:"markup"`
	Words int            `json:"words"`
	Trace []article.Note `json:"trace"`
}

// lifeView is what has become of an article.
type lifeView struct {
	ID        article.ID  `json:"id"`
	IDFrom    string      `json:"id_from"`
	Title     string      `json:"title"`
	Page      string      `json:"page,omitempty"`
	Hidden    string      `json:"hidden,omitempty"` // why nobody sees it
	Published time.Time   `json:"published,omitzero"`
	DateFrom  string      `json:"date_from,omitempty"`
	Updated   time.Time   `json:"updated,omitzero"`
	FirstSeen time.Time   `json:"first_seen,omitzero"`
	Due       time.Time   `json:"due,omitzero"`
	Expires   time.Time   `json:"expires,omitzero"`
	Revisions []time.Time `json:"revisions"`
	Learnt    []string    `json:"learnt,omitempty"` // dropped, because it recurs at the edges of the folder's files
	Feeds     []placeView `json:"feeds"`
}

type placeView struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	In     bool   `json:"in"`
	Reason string `json:"reason,omitempty"` // why it is not in
}

func whyCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "why FILE",
		Short: "Say how a file is read, and what has become of its article",
		Long: `why reads one file as serve would and shows how each thing was found: which line or
rule gave the title, the date, the categories, and what was dropped as no part of
the article. If the file is not read at all, it names the rule.

Then it tells the life of the article, where there is one: its id and dates and
where they come from, its page, the feeds it is in, and for every other feed the
reason why not. FILE may be gone: its past is told all the same.

It changes nothing, and works beside a running serve. FILE is looked for from here,
then in source.dir.`,
		Example: `  feedwright why articles/talks.txt
  feedwright why talks.txt --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			a.notices(l)
			v, err := a.why(c.Context(), l, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(a.stdout, v)
			}
			return a.whyText(v, l.Config.Zone())
		},
	}
	settingFlags(c.Flags(), "dir", "url", "db", "ledger")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// why gathers all that is known of a file.
func (a *app) why(ctx context.Context, l *config.Loaded, name string) (*whyView, error) {
	if err := folderThere(l.Config.Source.Dir); err != nil {
		return nil, usage(err)
	}
	path, err := a.inFolder(l.Config.Source.Dir, name)
	if err != nil {
		return nil, usage(err)
	}
	v := &whyView{Path: path}
	s, err := openFolder(l, siteOptions{log: slog.New(slog.DiscardHandler), warned: func(w []article.Fault) { v.Warnings = append(v.Warnings, w...) }})
	if err != nil {
		return nil, err
	}
	if err := v.read(ctx, s); err != nil {
		return nil, err
	}
	if err := v.live(ctx, l); err != nil {
		return nil, err
	}
	if !v.There && len(v.Lives) == 0 {
		return nil, usage(fmt.Errorf("there is no file %s, here or in %s, and there never was one: check its name", name, l.Config.Source.Dir))
	}
	return v, nil
}

// read fills in how the file is read now.
func (v *whyView) read(ctx context.Context, s *site) error {
	info, err := os.Stat(filepath.Join(s.loaded.Config.Source.Dir, filepath.FromSlash(v.Path)))
	if v.There = err == nil; !v.There {
		return nil
	}
	if info.IsDir() {
		return usage(fmt.Errorf("%s is a folder: name one file in it", v.Path))
	}
	if v.Ignored = s.folder.Why(v.Path); v.Ignored != "" {
		return nil
	}
	if s.reader.IsMedia(v.Path) && !s.reader.Reads(v.Path) {
		v.Ignored = "it is a picture, sound or film: it comes with the articles that name it, and is none itself"
		return nil
	}
	change, err := s.folder.ReadOne(ctx, v.Path)
	if err != nil {
		return err
	}
	v.Fault = change.Fault
	for _, p := range change.Articles {
		v.Articles = append(v.Articles, readView{Part: p.Part, Title: p.Fields.Title, Kind: p.Markup, Words: p.Words, Trace: p.Trace})
	}
	return nil
}

// live fills in what was made of the file's articles.
func (v *whyView) live(ctx context.Context, l *config.Loaded) (err error) {
	s, err := openPublished(ctx, l)
	if errors.Is(err, fs.ErrNotExist) {
		v.Note = "Nothing is published yet: feedwright serve or feedwright build does it."
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := s.publisher.Explain(ctx, v.Path)
	if err != nil {
		return err
	}
	for i := range list {
		v.Lives = append(v.Lives, lifeOf(&list[i]))
	}
	if len(list) == 0 && v.There && v.Ignored == "" && v.Fault == nil {
		v.Note = "It is not published yet: a running feedwright serve takes it in when it next looks; feedwright build does too."
	}
	return nil
}

func lifeOf(x *publish.Explanation) lifeView {
	l := &x.Life
	v := lifeView{
		ID: l.Article.ID, IDFrom: l.IDFrom, Title: l.Article.Fields.Title, Page: x.Page, Hidden: x.Hidden,
		Published: l.Article.Published, DateFrom: string(l.DateFrom), Updated: l.Article.Updated,
		FirstSeen: l.FirstSeen, Due: l.Due, Expires: l.Expires, Revisions: []time.Time{}, Learnt: x.Learnt, Feeds: []placeView{},
	}
	for _, r := range l.Revisions {
		v.Revisions = append(v.Revisions, r.At)
	}
	for _, p := range x.Places {
		v.Feeds = append(v.Feeds, placeView(p))
	}
	return v
}

// inFolder finds the file that a command line names: from the working
// directory if that lies in the folder, else in the folder.
func (a *app) inFolder(dir, name string) (string, error) {
	here, err := filepath.Abs(a.path(name))
	if err != nil {
		return "", err
	}
	for _, pair := range [][2]string{{dir, here}, {real(dir), real(here)}} {
		if rel, err := filepath.Rel(pair[0], pair[1]); err == nil && filepath.IsLocal(rel) && rel != "." {
			return filepath.ToSlash(rel), nil
		}
	}
	if _, err := os.Lstat(here); err == nil && !filepath.IsAbs(name) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("%s does not lie in the folder of articles, %s: name a file there, or the folder with --dir", name, dir)
		}
	}
	if filepath.IsAbs(name) || !filepath.IsLocal(name) {
		return "", fmt.Errorf("%s does not lie in the folder of articles, %s: name a file there, or the folder with --dir", name, dir)
	}
	return filepath.ToSlash(filepath.Clean(name)), nil
}

// real is a path without links, or the path itself where there is nothing.
func real(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	return path
}

func (a *app) whyText(v *whyView, zone *time.Location) error {
	w := &lines{w: a.stdout}
	w.printf("%s\n", oneLine(v.Path))
	switch {
	case !v.There:
		w.printf("\n  The file is gone.\n")
	case v.Ignored != "":
		w.printf("\n  It is not read: %s.\n", v.Ignored)
	case v.Fault != nil:
		w.printf("\n  It cannot be read: %s\n", faultText(v.Fault))
	case len(v.Articles) == 0:
		w.printf("\n  It holds no article.\n")
	}
	for _, r := range v.Articles {
		heading := fmt.Sprintf("Read as %s, %s", markupNames[r.Kind], number(r.Words, "word"))
		if r.Part != "" {
			heading += ", entry " + oneLine(r.Part)
		}
		w.printf("\n%s\n", heading)
		for _, n := range r.Trace {
			w.printf("  %-12s %s\n", n.What, traceText(n))
		}
	}
	if len(v.Warnings) > 0 {
		w.printf("\nWarnings\n")
	}
	for i := range v.Warnings {
		w.printf("  %s\n", faultText(&v.Warnings[i]))
	}
	for i := range v.Lives {
		lifeText(w, &v.Lives[i], zone)
	}
	if v.Note != "" {
		w.printf("\n%s\n", v.Note)
	}
	return w.err
}

var markupNames = map[article.Markup]string{article.PlainText: "text", article.Markdown: "Markdown", article.HTML: "HTML"}

// faultText is a fault without the path, which stands above it.
func faultText(f *article.Fault) string {
	g := *f
	g.Path = ""
	return article.Line(g.Error())
}

func traceText(n article.Note) string {
	var parts []string
	if n.Text != "" {
		parts = append(parts, oneLine(n.Text))
	}
	from := n.Rule
	if n.Line > 0 {
		from = strings.TrimPrefix(fmt.Sprintf("%s, line %d", from, n.Line), ", ")
	}
	if from != "" {
		parts = append(parts, "("+from+")")
	}
	return strings.Join(parts, "  ")
}

func lifeText(w *lines, v *lifeView, zone *time.Location) {
	w.printf("\nPublished as “%s”\n", oneLine(v.Title))
	row := func(name, value, from string) {
		if value == "" {
			return
		}
		if from != "" {
			value += "  (" + from + ")"
		}
		w.printf("  %-12s %s\n", name, value)
	}
	row("hidden", v.Hidden, "")
	row("id", string(v.ID), v.IDFrom)
	row("page", v.Page, "")
	row("published", moment(v.Published, zone), dateFrom[article.DateFrom(v.DateFrom)])
	row("updated", moment(v.Updated, zone), "")
	row("first seen", moment(v.FirstSeen, zone), "")
	if !v.Due.Equal(v.Published) {
		row("due", moment(v.Due, zone), "")
	}
	row("expires", moment(v.Expires, zone), "")
	if n := len(v.Revisions); n > 0 {
		row("revisions", fmt.Sprint(n), "the newest of "+moment(newest(v.Revisions), zone))
	}
	for _, p := range v.Learnt {
		row("dropped", oneLine(p), "learnt: it stands at the edge of many files of this folder")
	}
	for _, p := range v.Feeds {
		if p.In {
			row("in", oneLine(p.Title)+"  "+p.URL, "")
		}
	}
	for _, p := range v.Feeds {
		if !p.In {
			row("not in", oneLine(p.Title)+": "+article.Line(p.Reason), "")
		}
	}
}

var dateFrom = map[article.DateFrom]string{
	article.FromFile: "written in the file", article.FromName: "in the file's name",
	article.FromMTime: "when the file was last changed, as it was first seen", article.FromFirstSeen: "when the file was first seen",
}

func newest(times []time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
