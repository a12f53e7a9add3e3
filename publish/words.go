package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"feedwright/article"
	"feedwright/body"
	"feedwright/catalog"
)

// Text is an article's body as plain text, as its readers see it: what full
// text looks through. The store must be given the same.
func Text(a *article.Article) string {
	r, err := body.Render(a.Markup, a.Body, body.Options{Title: a.Fields.Title, Drop: a.Drop})
	if err != nil {
		return a.Body
	}
	return r.Text
}

// Bounds of what is known of words.
const (
	maxWordSets = 512     // kept sets of an edition
	maxCarried  = 64      // touched articles; for more, or for longer texts, sets are made anew when asked for
	maxReread   = 2 << 20 // bytes of them
	maxInLane   = 64      // askers that wait for their turn
)

// word names a set: one for anybody, one for feeds that articles name.
type word struct {
	article.Leaf
	named bool
}

// lexicon keeps the sets of words that an edition was asked for. The next
// edition's holds the same, brought up to date with the articles that a change
// touched, so that a word is looked up in the store once.
type lexicon struct {
	limit int64 // bytes
	mu    sync.Mutex
	sets  map[word]*wordSet
	size  int64
	clock int64
}

type wordSet struct {
	*catalog.WordSet
	size int64
	used int64
}

func newLexicon(limit int64) *lexicon { return &lexicon{limit: limit, sets: map[word]*wordSet{}} }

func (x *lexicon) get(w word) *catalog.WordSet {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.sets[w]
	if s == nil {
		return nil
	}
	x.clock++
	s.used = x.clock
	return s.WordSet
}

// put keeps a set; the longest unused make room for it.
func (x *lexicon) put(w word, set *catalog.WordSet) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sets[w] != nil {
		return
	}
	x.clock++
	s := &wordSet{set, set.Size(), x.clock}
	x.sets[w] = s
	x.size += s.size
	for len(x.sets) > 1 && (x.size > x.limit || len(x.sets) > maxWordSets) {
		var oldest word
		at := s.used
		for w, s := range x.sets {
			if s.used < at {
				oldest, at = w, s.used
			}
		}
		x.size -= x.sets[oldest].size
		delete(x.sets, oldest)
	}
}

// words gives the sets that a Selector asks for, nil and false if one is not
// kept.
func (x *lexicon) words(sel article.Selector, named bool) (catalog.Words, bool) {
	var sets catalog.Words
	for n := range sel.Terms {
		if !n.IsWords() {
			continue
		}
		set := x.get(word{n.Leaf(), named})
		if set == nil {
			return nil, false
		}
		if sets == nil {
			sets = catalog.Words{}
		}
		sets[n.Leaf()] = set
	}
	return sets, true
}

// wordsOf finds the sets that a Selector asks for, looking up in the store those
// that are not kept, one asker at a time: words are the dearest question there
// is.
func (e *edition) wordsOf(ctx context.Context, sel article.Selector, named bool) (catalog.Words, error) {
	if sets, ok := e.words.words(sel, named); ok {
		return sets, nil
	}
	p := e.p
	if p.inLane.Add(1) > maxInLane {
		p.inLane.Add(-1)
		return nil, fmt.Errorf("too many ask for words at once: %w", article.ErrUnready)
	}
	defer p.inLane.Add(-1)
	select {
	case p.lane <- struct{}{}:
		defer func() { <-p.lane }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sets := catalog.Words{}
	for n := range sel.Terms {
		w := word{n.Leaf(), named}
		if !n.IsWords() || sets[w.Leaf] != nil {
			continue
		}
		set := e.words.get(w)
		if set == nil {
			numbers, err := p.o.Store.Words(ctx, article.NewPhrase(n.Value), n.Field == article.InTitle, named)
			if err != nil {
				return nil, err
			}
			set = e.snap.Holding(numbers)
			e.words.put(w, set)
		}
		sets[w.Leaf] = set
	}
	return sets, nil
}

// carry makes the next edition's lexicon. What the store told of an article
// before its change was in an edition is told again here, so the order of the
// two does not matter.
func (e *edition) carry(ctx context.Context, snap *catalog.Snapshot, touched []article.Touched) *lexicon {
	x, next := e.words, newLexicon(e.words.limit)
	x.mu.Lock()
	sets := make(map[word]*wordSet, len(x.sets))
	for w, s := range x.sets {
		sets[w] = s
	}
	next.clock = x.clock
	x.mu.Unlock()
	if len(sets) == 0 || len(touched) > maxCarried {
		return next
	}
	numbers, texts, public, err := e.p.textsOf(ctx, snap, touched)
	if err != nil {
		return next // what is not known is asked for again
	}
	for w, s := range sets {
		phrase := article.NewPhrase(w.Value)
		holds := make([]bool, len(numbers))
		for i := range numbers {
			holds[i] = (public[i] || w.named) && texts[i].Holds(phrase, w.Field == article.InTitle)
		}
		if set := snap.Carry(e.snap, s.WordSet, numbers, holds); set != nil {
			next.sets[w] = &wordSet{set, set.Size(), s.used}
			next.size += next.sets[w].size
		}
	}
	return next
}

var errLong = errors.New("the changed texts are too long to be looked through while an edition waits")

// textsOf gives the words of the touched articles, none of those that nobody
// may see, and whether anybody may find them.
func (p *Publisher) textsOf(ctx context.Context, snap *catalog.Snapshot, touched []article.Touched) ([]article.Number, []article.Text, []bool, error) {
	var numbers []article.Number
	var texts []article.Text
	var public []bool
	size := 0
	index := map[article.Number]int{}
	for _, t := range touched { // of two changes of one article the last counts
		last := t.After
		if last == nil {
			last = t.Before
		}
		i, ok := index[last.Number]
		if !ok {
			i = len(numbers)
			index[last.Number] = i
			numbers, texts, public = append(numbers, last.Number), append(texts, article.Text{}), append(public, false)
		}
		texts[i], public[i] = article.Text{}, len(last.Feeds) == 0
		if t.After == nil || !snap.Shows(last.Number) {
			continue
		}
		list, err := p.o.Store.Articles(ctx, []article.Ref{{Number: last.Number, Rev: last.Rev}})
		if err != nil {
			return nil, nil, nil, err
		}
		a := &list[0]
		if size += len(a.Body); size > maxReread {
			return nil, nil, nil, errLong
		}
		texts[i] = article.NewText(a.Fields.Title, a.Fields.Summary, Text(a))
	}
	return numbers, texts, public, nil
}

// touchesWords is touches for a document that asks for words: before the change
// its own list tells, after it the carried sets do.
func (d *document) touchesWords(s *catalog.Snapshot, sc catalog.Scope, t article.Touched) bool {
	number := article.Number(0)
	if t.Before != nil {
		number = t.Before.Number
	}
	if slices.ContainsFunc(d.hits, func(h catalog.Hit) bool { return h.Number == number }) {
		return true
	}
	return t.After != nil && (catalog.Visible(t.After, sc.Now) || t.After.Withdrawn != 0) && s.Match(d.sel, sc, t.After)
}
