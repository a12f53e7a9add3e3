package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

var _ feed.Library = (*Publisher)(nil)

// Find looks a document up, without rendering it.
func (p *Publisher) Find(ctx context.Context, a feed.Address) (*feed.Answer, error) {
	e := p.edition.Load()
	if e == nil {
		return nil, errNotReady
	}
	if err := e.settings.admit(a, p.o.Now()); err != nil {
		return nil, err
	}
	d, err := e.find(ctx, a)
	if err != nil {
		return nil, err
	}
	d.ask(p.o.Now())
	return d.answer, nil
}

// Site is the site's address in the edition that is served, without a trailing
// slash.
func (p *Publisher) Site() string {
	if e := p.edition.Load(); e != nil {
		return e.settings.URL
	}
	return p.o.Settings.URL
}

// Kept gives a kept document by its canonical path, but none of a private feed:
// tokens are looked at by Find.
func (p *Publisher) Kept(path string) (feed.Address, *feed.Answer) {
	e := p.edition.Load()
	if e == nil {
		return feed.Address{}, nil
	}
	kept, ok := e.docs.Load(path)
	if !ok {
		return feed.Address{}, nil
	}
	d := kept.(*document)
	if d.answer.Private {
		return feed.Address{}, nil
	}
	d.ask(p.o.Now())
	return d.address, d.answer
}

// Media opens a local file that a public article names; any other is not found.
func (p *Publisher) Media(ctx context.Context, path string) (*feed.MediaFile, error) {
	e := p.edition.Load()
	if e == nil {
		return nil, errNotReady
	}
	owners, media, err := p.o.Store.MediaOwners(ctx, path)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(owners, e.shows) {
		return nil, fmt.Errorf("media %s: %w", path, article.ErrNotFound)
	}
	f, modified, err := p.o.Open(path)
	if err != nil {
		return nil, fmt.Errorf("media %s: %w: %w", path, article.ErrNotFound, err)
	}
	// Half of another file under the old one's ETag would be put together with
	// it by whoever has the other half (RFC 9110 §14.2).
	if n, err := f.Seek(0, io.SeekEnd); err != nil || media.Length > 0 && n != media.Length {
		return nil, errors.Join(fmt.Errorf("media %s: %w", path, feed.ErrReplaced), err, f.Close())
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("media %s: %w", path, err), f.Close())
	}
	return &feed.MediaFile{ReadSeekCloser: f, Media: media, ModTime: modified}, nil
}

// Moved gives the path of an article's page under the slug it has now.
func (p *Publisher) Moved(ctx context.Context, a feed.Address) string {
	e := p.edition.Load()
	if e == nil || a.Article == "" {
		return ""
	}
	entry, slug, err := p.o.Store.BySlug(ctx, a.Article)
	if err != nil || slug == a.Article || !e.snap.Public(entry.Number) {
		return ""
	}
	return feed.Address{Format: feed.HTML, Article: slug}.Path()
}

// Bounds of Near: what a stranger can ask for it must cost little.
const (
	maxNear    = 5    // terms given
	maxMissing = 3    // terms asked for and looked at
	maxTerms   = 5000 // terms compared with each, the most used first
)

// Near gives the terms that are spelled like one that an address asks for and
// nobody uses, or that begin or end with it; the nearest first, of these the
// most used.
func (p *Publisher) Near(_ context.Context, a feed.Address) []feed.Term {
	e := p.edition.Load()
	if e == nil {
		return nil
	}
	type candidate struct {
		t   catalog.TermCount
		far int
	}
	var near []candidate
	missing := 0
	for n := range a.Selector.Terms {
		if !slices.Contains(article.Kinds, n.Field) {
			continue
		}
		if _, known := e.snap.Lookup(n.Field, n.Value); known {
			continue
		}
		if missing++; missing > maxMissing {
			break
		}
		want := article.Slugify(n.Value)
		list := e.snap.Terms(n.Field)
		for _, t := range list[:min(maxTerms, len(list))] {
			if far, ok := nearness(want, t.Slug); ok {
				near = append(near, candidate{t, far})
			}
		}
		if n.Field != article.Category {
			continue
		}
		for _, name := range e.settings.spellings() { // a slug of the settings' may be unlike all of the names
			if far, ok := nearness(want, article.Slugify(name)); ok {
				if sp, used := e.snap.Lookup(n.Field, name); used {
					near = append(near, candidate{catalog.TermCount{Spelling: sp}, far})
				}
			}
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var out []feed.Term
	for _, c := range near[:min(4*maxNear, len(near))] { // a name and its slug may both be near
		t := e.settings.term(c.t)
		if len(out) < maxNear && !slices.ContainsFunc(out, func(o feed.Term) bool { return o.URL == t.URL }) {
			out = append(out, t)
		}
	}
	return out
}

// nearness says how far apart two slugs are, false if too far to be meant.
func nearness(want, slug string) (int, bool) {
	const sure = 3 // letters of a beginning, or of a whole word, that tell something
	if len(want) >= sure && (strings.HasPrefix(slug, want) || strings.Contains("-"+slug+"-", "-"+want+"-")) {
		return 1, true
	}
	if len(slug) >= sure && strings.Contains("-"+want+"-", "-"+slug+"-") {
		return 2, true
	}
	most := max(2, len(want)/3)
	if apart := len(want) - len(slug); apart > most || -apart > most {
		return 0, false
	}
	far := distance(want, slug)
	return far, far <= most && far < len(want)
}

// distance is Levenshtein's, of ASCII strings, over at most 80 bytes of each.
func distance(a, b string) int {
	a, b = a[:min(80, len(a))], b[:min(80, len(b))]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Status is what an operator wants to know.
func (p *Publisher) Status() feed.Status {
	st := feed.Status{
		Version: p.o.Settings.Version, Site: p.o.Settings.URL, SiteID: p.o.Settings.SiteID,
		Started: p.started.UTC(), Held: int(p.held.Load()), Expired: int(p.expired.Load()),
		CacheUsed: p.pool.used.Load(),
		Counters: map[string]uint64{
			"editions": p.count.editions.Load(), "batches": p.count.batches.Load(), "changes": p.count.changes.Load(),
			"fragments_encoded": p.count.fragments.Load(), "documents_rendered": p.count.documents.Load(),
			"evictions": p.count.evictions.Load(), "failures": p.count.failures.Load(),
		},
	}
	if due := p.due.Load(); due != 0 {
		st.NextDue = time.UnixMilli(due).UTC()
	}
	if e := p.edition.Load(); e != nil {
		st.Ready, st.Edition, st.Published = true, e.at, e.snap.Len()
		st.Site = e.settings.URL
		st.CacheUsed += e.fragments.size() + e.renders.size()
		for range e.kept {
			st.Documents++
		}
	}
	p.faults.Range(func(_, v any) bool {
		st.Faults = append(st.Faults, v.(article.Fault))
		return true
	})
	if p.o.Folder != nil {
		f := p.o.Folder()
		st.Watching, st.Warnings, st.Withheld = f.Watching, f.Warnings, f.Withheld
	}
	st.Warnings = append(slices.Clip(st.Warnings), p.oversize.warnings()...)
	st.Refused = len(st.Faults)
	slices.SortFunc(st.Faults, func(a, b article.Fault) int { return cmp.Compare(a.Path, b.Path) })
	return st
}
