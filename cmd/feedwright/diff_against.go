package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"feedwright/adopt"
	"feedwright/article"
	"feedwright/config"
	"feedwright/feed"
)

// againstView is what the readers of another feed would see if they were led
// to ours.
type againstView struct {
	Against string         `json:"against"`
	Kind    string         `json:"kind"`
	Theirs  int            `json:"theirs"` // items
	Ours    int            `json:"ours"`
	New     []againstItem  `json:"new"`
	Changed []againstItem  `json:"changed"`
	Again   []againstAgain `json:"again"` // known to them, by another id
	Gone    []againstItem  `json:"gone"`
	Older   int            `json:"older"` // of the new ones, those that are older than all of theirs
}

type againstItem struct {
	ID        string    `json:"id"`
	Link      string    `json:"link"`
	Title     string    `json:"title"`
	Published time.Time `json:"published,omitzero"`
	What      []string  `json:"what,omitempty"`
}

type againstAgain struct {
	againstItem
	By   string `json:"by"`   // what it was known by
	Ours string `json:"ours"` // the id it has here
}

func (v *againstView) differs() bool {
	return len(v.New)+len(v.Changed)+len(v.Again)+len(v.Gone) > 0
}

func (a *app) diffAgainst(ctx context.Context, l *config.Loaded, where, path string, asJSON bool) error {
	theirs, where, err := a.foreignFeed(ctx, where, false)
	if err != nil {
		return err
	}
	var ours *adopt.Feed
	err = a.tried(ctx, l, nil, func(ctx context.Context, s *site) error {
		ours, err = ourFeed(ctx, s, theirs.Kind, path)
		return err
	})
	if err != nil {
		return err
	}
	v := compareFeeds(theirs, ours)
	v.Against = where
	if asJSON {
		err = writeJSON(a.stdout, v)
	} else {
		err = a.againstText(v, l.Config.Zone())
	}
	if err == nil && v.differs() {
		err = &exit{code: exitFaults}
	}
	return err
}

// ourFeed is our feed at a path as a reader sees it; without one it is the feed
// of everything, in their format if it is one of ours.
func ourFeed(ctx context.Context, s *site, kind, path string) (*adopt.Feed, error) {
	if path != "" {
		return ourFeedAt(ctx, s, path)
	}
	formats := s.loaded.Config.Feed.Formats
	format := formats[0]
	for name, f := range map[string]feed.Format{"RSS": feed.RSS, "Atom": feed.Atom, "JSON": feed.JSON} {
		if strings.HasPrefix(kind, name) && slices.Contains(formats, f) {
			format = f
		}
	}
	return readOurs(ctx, s, feed.Address{Format: format})
}

func ourFeedAt(ctx context.Context, s *site, path string) (*adopt.Feed, error) {
	u, err := url.Parse(path)
	if err != nil {
		return nil, usage(fmt.Errorf("--feed %s is no path: %w", path, err))
	}
	a, err := feed.ParseAddress(u.Path, u.Query())
	if err == nil {
		var f *adopt.Feed
		if f, err = readOurs(ctx, s, a); err == nil {
			return f, nil
		}
	}
	return nil, usage(fmt.Errorf("there is no feed at %s here: feedwright feeds lists them: %w", path, err))
}

func readOurs(ctx context.Context, s *site, a feed.Address) (*adopt.Feed, error) {
	answer, err := s.publisher.Find(ctx, a)
	if err != nil {
		return nil, err
	}
	b, err := answer.Body(ctx, feed.Identity)
	if err != nil {
		return nil, err
	}
	return adopt.Read(b, answer.Self)
}

// compareFeeds compares what readers know with what they would get.
func compareFeeds(theirs, ours *adopt.Feed) *againstView {
	v := &againstView{Kind: theirs.Kind, Theirs: len(theirs.Items), Ours: len(ours.Items), New: []againstItem{}, Changed: []againstItem{}, Again: []againstAgain{}, Gone: []againstItem{}}
	byID := map[string]*adopt.Item{}
	for i := range ours.Items {
		byID[ours.Items[i].ID] = &ours.Items[i]
	}
	known := map[string]bool{}
	var rest []adopt.Item
	for i := range theirs.Items {
		it := &theirs.Items[i]
		if known[it.ID] {
			continue
		}
		known[it.ID] = true
		same := byID[it.ID]
		if same == nil {
			rest = append(rest, *it)
		} else if what := itemChanges(it, same); len(what) > 0 {
			v.Changed = append(v.Changed, againstOf(same, what))
		}
	}
	var left []adopt.Article
	for i := range ours.Items {
		if it := &ours.Items[i]; !known[it.ID] {
			left = append(left, adopt.Article{
				Number: article.Number(i), ID: article.ID(it.ID), Title: it.Title, Published: it.Published, Links: []string{it.Link},
				Path: it.Link, Date: article.Date{Time: it.Published, From: article.FromFile}, Text: func() string { return it.Text },
			})
		}
	}
	r := adopt.Match(rest, left)
	for _, p := range r.Pairs {
		v.Again = append(v.Again, againstAgain{againstOf(p.Item, nil), p.By, string(p.Article.ID)})
	}
	for _, m := range r.Misses {
		v.Gone = append(v.Gone, againstOf(m.Item, nil))
	}
	first := oldest(theirs.Items)
	for _, x := range r.Alone {
		it := &ours.Items[x.Number]
		v.New = append(v.New, againstOf(it, nil))
		if it.Published.Before(first) {
			v.Older++
		}
	}
	return v
}

// oldest is the date of the oldest item that has one.
func oldest(items []adopt.Item) time.Time {
	var at time.Time
	for i := range items {
		if t := items[i].Published; !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

func againstOf(it *adopt.Item, what []string) againstItem {
	return againstItem{it.ID, it.Link, it.Title, it.Published, what}
}

// itemChanges says what readers see otherwise of an item they know.
func itemChanges(was, is *adopt.Item) []string {
	var what []string
	note := func(name string, differs bool) {
		if differs {
			what = append(what, name)
		}
	}
	second := func(t time.Time) time.Time { return t.Truncate(time.Second) }
	note("title", was.Title != is.Title)
	note("link", was.Link != is.Link)
	note("published", !second(was.Published).Equal(second(is.Published)))
	note("updated", !was.Updated.IsZero() && !is.Updated.IsZero() && !second(was.Updated).Equal(second(is.Updated)))
	note("text", article.Similarity(was.Text, is.Text) < 1)
	return what
}

func (a *app) againstText(v *againstView, zone *time.Location) error {
	w := &lines{w: a.stdout}
	row := func(word string, it *againstItem, more string) {
		name := it.Title
		if name == "" {
			name = it.Link
		}
		w.printf("%-8s %s  %s  %s%s\n", word, oneLine(name), oneLine(it.ID), moment(it.Published, zone), more)
	}
	for i := range v.New {
		row("new", &v.New[i], "")
	}
	for i := range v.Changed {
		row("changed", &v.Changed[i], "  ("+strings.Join(v.Changed[i].What, ", ")+")")
	}
	for i := range v.Again {
		row("again", &v.Again[i].againstItem, fmt.Sprintf("  known by its %s, but its id here is %s", v.Again[i].By, oneLine(v.Again[i].Ours)))
	}
	for i := range v.Gone {
		row("gone", &v.Gone[i], "")
	}
	if v.differs() {
		w.printf("\n")
	}
	w.printf("Readers of %s (%s, %s) would see %d new, %d changed, %d sent again, %d gone.\n", v.Against, v.Kind, number(v.Theirs, "item"), len(v.New), len(v.Changed), len(v.Again), len(v.Gone))
	if keep := v.Ours - v.Older; v.Older > 0 && keep > 0 {
		w.printf("%d of the new are older than all that their feed still shows; feed.items: %d would leave them out.\n", v.Older, keep)
	}
	if len(v.Again) > 0 {
		w.printf("feedwright adopt takes their ids over.\n")
	}
	return w.err
}
