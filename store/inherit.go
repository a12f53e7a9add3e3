package store

import (
	"context"
	"fmt"
	"time"

	"feedwright/article"
)

// Inherited is what an article takes over from the feed that it was in before
// it came here.
type Inherited struct {
	Number    article.Number
	ID        article.ID // as readers know it; empty leaves the id as it is
	Published time.Time  // zero leaves the date as it is
}

// Inherit gives articles the ids and dates of publication that readers know
// them by, in one transaction, and is told of in the ledger's copy. An id that
// the article's own file writes, or that another article has, is not given: a
// Report says so. Inheriting twice does nothing the second time.
//
// It is for the time before the first public poll: readers who know the old id
// will see the article as new.
func (s *Store) Inherit(ctx context.Context, now time.Time, list []Inherited) ([]article.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.commit(ctx, article.Batch{Now: now, More: true}, func(w *work) error {
		if err := w.inherit(list); err != nil {
			return err
		}
		return w.finish(nil)
	})
	if err != nil {
		return nil, err
	}
	return w.reports, nil
}

func (w *work) inherit(list []Inherited) error {
	numbers, ids := make([]any, len(list)), make([]any, len(list))
	for i, in := range list {
		numbers[i], ids[i] = int64(in.Number), string(in.ID)
	}
	recs := map[article.Number]*record{}
	holders := map[article.ID]*record{}
	note := func(r *record) { recs[r.number], holders[r.uri] = r, r }
	if err := load(w, `number IN (%s)`, numbers, note); err != nil {
		return err
	}
	if err := load(w, `uri IN (%s)`, ids, note); err != nil {
		return err
	}
	for _, in := range list {
		r := recs[in.Number]
		if r == nil {
			return fmt.Errorf("inherit: article %d: %w", in.Number, article.ErrNotFound)
		}
		w.inheritID(r, in.ID, holders)
		if t := ms(in.Published); t != 0 && bounded(in.Published) != r.published {
			r.published, r.dateFrom, r.dirty = bounded(in.Published), article.FromFeed, true
			r.due = r.published // readers had it: there is nothing to hold
			if r.updated <= r.published {
				r.updated = 0
			}
		}
	}
	return nil
}

func (w *work) inheritID(r *record, id article.ID, holders map[article.ID]*record) {
	holder := holders[id]
	switch {
	case id == "" || id == r.uri:
	case len(id) > maxID || article.Clean(string(id)) != string(id):
		w.report(true, r.path, "%s keeps the id %s: the other is longer than %d bytes or holds what no feed may", r.path, r.uri, maxID)
	case r.uriFrom == idFromFile:
		w.report(true, r.path, "%s keeps the id %s that its file writes, not %s", r.path, r.uri, id)
	case holder != nil:
		w.report(true, r.path, "%s keeps the id %s: %s is that of %s", r.path, r.uri, id, holder.life())
	default:
		delete(holders, r.uri)
		r.uri, r.uriFrom, r.dirty = id, idAdopted, true
		holders[id] = r
	}
}
