package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"feedwright/article"
	"feedwright/config"
	"feedwright/publish"
	"feedwright/source"
	"feedwright/source/parse"
	"feedwright/store"
)

// site is a configured feedwright with its rooms introduced to one another.
type site struct {
	loaded    *config.Loaded
	store     *store.Store
	folder    *source.Folder
	publisher *publish.Publisher
	reader    *reader
	log       *slog.Logger
	static    bool
	hub       string // websub.hub as it was at the start; empty: feeds name none
}

// siteOptions say what a site is opened for.
type siteOptions struct {
	readOnly bool // beside a running writer
	static   bool // pages become files: they offer no query
	accept   bool // let a mass removal go through
	crew     article.Crew
	log      *slog.Logger
	progress func(done, total int)
	scanned  func()
	hub      bool                   // a hub of our own runs
	served   func()                 // told of each edition
	warned   func([]article.Fault)  // what the parser warns of, file by file, from several goroutines
	reported func([]article.Report) // what the store says of a batch
}

// reader is the folder's parser, which a change of settings replaces.
type reader struct {
	current atomic.Pointer[source.Reader]
	warned  func([]article.Fault) // may be nil
}

func (r *reader) Reads(path string) bool   { return parse.Reads(path) }
func (r *reader) IsMedia(path string) bool { return parse.IsMedia(path) }
func (r *reader) Read(ctx context.Context, f source.File) ([]article.Parsed, []article.Fault, error) {
	articles, warnings, err := (*r.current.Load()).Read(ctx, f)
	if r.warned != nil && len(warnings) > 0 {
		r.warned(warnings)
	}
	return articles, warnings, err
}

// set takes the settings over that say how files are read.
func (r *reader) set(c *config.Config, vault bool) error {
	p, err := parse.New(parseOptions(c, vault))
	if err != nil {
		return err
	}
	next := source.NewReader(p)
	r.current.Store(&next)
	return nil
}

func parseOptions(c *config.Config, vault bool) parse.Options {
	return parse.Options{
		Zone: c.Zone(), Lang: c.Site.Language,
		Fields: c.Source.Fields, Labels: c.Source.Labels,
		Boilerplate: c.Source.Boilerplate, Keep: c.Source.Keep,
		Marked: vault || c.Source.Publish == config.PublishMarked,
	}
}

// hearing is a store that passes on what it says of each batch.
type hearing struct {
	article.Store
	reported func([]article.Report)
}

func (h hearing) Apply(ctx context.Context, b article.Batch) (article.Outcome, error) {
	out, err := h.Store.Apply(ctx, b)
	if err == nil && len(out.Reports) > 0 {
		h.reported(out.Reports)
	}
	return out, err
}

// openFolder makes a site that reads its folder and knows nothing of what is
// published.
func openFolder(l *config.Loaded, o siteOptions) (*site, error) {
	c := &l.Config
	s := &site{loaded: l, reader: &reader{warned: o.warned}, log: o.log, static: o.static, hub: c.WebSub.Foreign()}
	if o.hub {
		s.hub = config.HubBuiltin
	}
	var err error
	s.folder, err = source.New(source.Options{
		Dir: c.Source.Dir, Include: c.Source.Include, Ignore: c.Source.Ignore,
		Settle: c.Source.Settle, Rescan: c.Source.Rescan.Every, Schedule: c.Source.Rescan.Schedule,
		Linger: c.Source.Linger, Accept: o.accept, Purges: c.Source.OnRemove == config.Keep, Reader: s.reader, Crew: o.crew, Prepare: s.prepare, Log: o.log, Progress: o.progress, Scanned: o.scanned,
	})
	if err != nil {
		return nil, usage(err)
	}
	if err := s.reader.set(c, s.folder.Vault()); err != nil {
		return nil, usage(err)
	}
	return s, nil
}

// openSite opens store and folder and makes a publisher of them.
func openSite(ctx context.Context, l *config.Loaded, o siteOptions) (*site, error) {
	c := &l.Config
	s, err := openFolder(l, o)
	if err != nil {
		return nil, err
	}
	s.store, err = store.Open(ctx, store.Options{
		DSN: c.Store.DSN, Ledger: c.Store.Ledger, SiteID: c.Site.ID, SiteURL: c.Site.URL,
		Zone: c.Zone(), Linger: c.Source.Linger, Grace: c.Source.Grace,
		Hold: c.Source.Hold, KeepRemoved: c.Source.OnRemove == config.Keep,
		Significant: c.Source.Significant, Learn: c.Source.Learn, Keep: c.Source.Keep,
		Text: publish.Text, Crew: o.crew, Log: o.log, ReadOnly: o.readOnly,
	})
	if err != nil {
		return nil, err
	}
	var kept article.Store = s.store
	if o.reported != nil {
		kept = hearing{s.store, o.reported}
	}
	s.publisher = publish.New(publish.Options{
		Store: kept, Settings: s.settings(c), Open: opener(c.Source.Dir),
		Served: o.served, Folder: s.folderState, Coming: s.folder.Coming, Cold: s.store.Unread(), Crew: o.crew, Log: o.log,
	})
	return s, nil
}

// prepare has the store compute what it can of a file while others are read.
func (s *site) prepare(c *article.Change) {
	if s.store != nil {
		s.store.Prepare(c)
	}
}

func (s *site) Close() error { return s.store.Close() }

// settings turns the config into what publishing needs to know.
func (s *site) settings(c *config.Config) *publish.Settings {
	set := &publish.Settings{
		Version: version(), SiteID: s.store.SiteID(),
		Title: c.Site.Title, Description: c.Site.Description, URL: c.Site.URL, Lang: c.Site.Language, Zone: c.Zone(),
		Author:    article.Author{Name: c.Site.Author.Name, Email: c.Site.Author.Email, URL: c.Site.Author.URL},
		Webmaster: article.Author{Name: c.Site.Webmaster.Name, Email: c.Site.Webmaster.Email},
		Copyright: c.Site.Copyright, Icon: c.Site.Icon, Image: c.Site.Image,
		Items: c.Feed.Items, MaxBytes: int64(c.Feed.MaxBytes), Content: c.Feed.Content, Formats: c.Feed.Formats,
		Grace: c.Source.Grace, Tombstones: c.Feed.Tombstones,
		MaxAge: c.Server.MaxAge, Cache: int64(c.Server.Cache), Static: s.static,
	}
	for _, n := range c.Feeds {
		set.Feeds = append(set.Feeds, publish.Named{
			Name: n.Name, Title: n.Title, Description: n.Description, Where: n.Filter(), Fresh: n.Sort == config.SortUpdated,
			Items: n.Items, MaxBytes: int64(n.MaxBytes), Content: n.Content, Formats: n.Formats, Parts: n.Fields, Tokens: tokens(n.Tokens),
		})
	}
	set.Hub, set.OwnHub = s.announced(c)
	s.podcasts(c, set)
	for _, k := range c.Categories {
		set.Categories = append(set.Categories, publish.Category{
			Naming:      article.Naming{Name: k.Name, Slug: k.Slug, Also: k.Also, Parent: k.Parent},
			Description: k.Description, Image: k.Image,
		})
	}
	return set
}

func tokens(list []config.Token) []publish.Token {
	var all []publish.Token
	for _, t := range list {
		all = append(all, publish.Token{Secret: t.Token, Ends: t.Ends})
	}
	return all
}

// opener opens files of the folder for readers. os.Root keeps every path, and
// every link, inside; it is opened each time, because the folder may be
// replaced by another of its name.
func opener(dir string) func(string) (io.ReadSeekCloser, time.Time, error) {
	return func(path string) (io.ReadSeekCloser, time.Time, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, time.Time{}, err
		}
		defer root.Close()
		f, err := root.Open(path)
		if err != nil {
			return nil, time.Time{}, err
		}
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is no regular file", path)
		}
		if err != nil {
			return nil, time.Time{}, errors.Join(err, f.Close())
		}
		return f, info.ModTime(), nil
	}
}

func (s *site) folderState() publish.FolderState {
	st := s.folder.State()
	out := publish.FolderState{Watching: st.Watching, Faults: st.Unreadable}
	if st.Removals != "" {
		out.Warnings = append(out.Warnings, st.Removals)
		out.Withheld = st.Removed
	}
	return out
}

// readingTag names how files are understood: by this version of the parser and
// these settings.
func readingTag(c *config.Config, vault bool) string {
	o := parseOptions(c, vault)
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %v %v %q %q %v", parse.Version, o.Zone, o.Lang, o.Fields, o.Labels, o.Boilerplate, o.Keep, o.Marked))
	return hex.EncodeToString(sum[:8])
}
