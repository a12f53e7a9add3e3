package catalog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

var day0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a plain model: all entries, and the clock.
type world struct {
	r         *rand.Rand
	now       time.Time
	spellings []article.Spelling
	entries   map[article.Number]article.Entry
	next      article.Number
	appeared  uint32
	said      map[article.Number]string // words of the texts
	kept      Words                     // carried from snapshot to snapshot
}

var vocabulary = []string{"peace", "war", "bread", "rain"}

func newWorld(seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 1)), now: day0, entries: map[article.Number]article.Entry{}, said: map[article.Number]string{}, kept: Words{}}
	for i, k := range article.Kinds {
		for j := range 12 {
			name := fmt.Sprintf("%s %d", k, j)
			w.spellings = append(w.spellings, article.Spelling{
				Number: article.SpellingNumber(i*12 + j + 1), Kind: k, Folded: article.Fold(name), Name: name, Slug: article.Slugify(name)})
		}
	}
	return w
}

func (w *world) random(n article.Number) article.Entry {
	e := article.Entry{Number: n, Rev: article.Hash{byte(w.r.Uint32()), byte(w.r.Uint32())}}
	e.State = []article.State{article.Live, article.Live, article.Live, article.Live, article.Drafted, article.Withdrawn}[w.r.IntN(6)]
	e.Published = w.now.Add(time.Duration(w.r.IntN(2000)-1500) * time.Hour).UnixMilli()
	switch w.r.IntN(4) { // many at one instant
	case 0:
		e.Published = w.now.UnixMilli()
	case 1:
		e.Published = day0.UnixMilli()
	}
	e.Due = e.Published
	if w.r.IntN(4) == 0 {
		e.Expires = w.now.Add(time.Duration(w.r.IntN(600)-50) * time.Hour).UnixMilli()
	}
	e.NoFeed = w.r.IntN(10) == 0
	if w.r.IntN(8) == 0 {
		e.Feeds = []string{[]string{"partner", "secret"}[w.r.IntN(2)]}
	}
	e.Has = article.Has(w.r.IntN(16))
	if w.said == nil {
		w.said = map[article.Number]string{}
	}
	w.said[n] = ""
	for _, word := range vocabulary {
		if w.r.IntN(3) == 0 {
			w.said[n] += word
		}
	}
	for _, sp := range w.spellings {
		if w.r.IntN(9) == 0 {
			e.Spellings = append(e.Spellings, sp.Number)
		}
	}
	return w.appear(e)
}

func (w *world) appear(e article.Entry) article.Entry {
	if e.State == article.Live && e.Appeared == 0 && e.Due <= w.now.UnixMilli() {
		w.appeared++
		e.Appeared = w.appeared
	}
	return e
}

// batch makes a random batch and moves the clock.
func (w *world) batch() []article.Touched {
	w.now = w.now.Add(time.Duration(w.r.IntN(100)) * time.Hour)
	var touched []article.Touched
	seen := map[article.Number]bool{}
	for n, e := range w.entries { // what is due
		after := w.appear(e)
		expired := e.Expires != 0 && e.Expires <= w.now.UnixMilli()
		if after.Appeared != e.Appeared || expired && w.r.IntN(2) == 0 {
			before := e
			w.entries[n] = after
			touched = append(touched, article.Touched{Before: &before, After: &after})
			seen[n] = true
		} else if expired {
			before, same := e, e
			touched = append(touched, article.Touched{Before: &before, After: &same})
			seen[n] = true
		}
	}
	for range w.r.IntN(40) {
		n := w.next + 1
		if w.r.IntN(3) == 0 && w.next > 0 {
			n = article.Number(w.r.IntN(int(w.next)) + 1)
		}
		if seen[n] && w.r.IntN(2) == 0 { // else several batches that became one edition
			continue
		}
		seen[n] = true
		w.next = max(w.next, n)
		after := w.random(n)
		t := article.Touched{After: &after}
		if before, ok := w.entries[n]; ok {
			t.Before = &before
			if before.Appeared > 0 {
				after.Appeared = before.Appeared
			}
		}
		w.entries[n] = after
		touched = append(touched, t)
	}
	return touched
}

func (w *world) expression(depth int) article.Node {
	if depth == 0 || w.r.IntN(3) == 0 {
		switch w.r.IntN(11) {
		case 8:
			n, _ := article.NewTerm(article.Since, fmt.Sprintf("%dm", 1+w.r.IntN(100_000)))
			return n
		case 9, 10:
			n, _ := article.NewTerm([]article.Field{article.Word, article.InTitle}[w.r.IntN(2)], vocabulary[w.r.IntN(len(vocabulary))])
			return n
		case 0:
			n, _ := article.NewTerm(article.HasMedia, []string{"image", "audio", "video", "summary"}[w.r.IntN(4)])
			return n
		case 1:
			f := []article.Field{article.After, article.Before}[w.r.IntN(2)]
			n, _ := article.NewTerm(f, w.now.Add(-time.Duration(w.r.IntN(1500))*time.Hour).Format(time.RFC3339))
			return n
		}
		sp := w.spellings[w.r.IntN(len(w.spellings))]
		return article.Node{Op: article.Term, Field: sp.Kind, Value: sp.Slug}
	}
	op := []article.NodeOp{article.And, article.Or, article.Not}[w.r.IntN(3)]
	n := article.Node{Op: op}
	for range map[article.NodeOp]int{article.Not: 1}[op] + map[bool]int{true: 0, false: 1 + w.r.IntN(3)}[op == article.Not] {
		n.Kids = append(n.Kids, w.expression(depth-1))
	}
	return n
}

// words hands the sets in that an expression asks for: those that were carried
// along, the rest made anew.
func (w *world) words(s *Snapshot, sel article.Selector) Words {
	for n := range sel.Terms {
		if !n.IsWords() || w.kept[n.Leaf()] != nil {
			continue
		}
		var numbers []article.Number
		for number := range w.entries {
			if strings.Contains(w.said[number], n.Value) {
				numbers = append(numbers, number)
			}
		}
		w.kept[n.Leaf()] = s.Holding(numbers)
	}
	return w.kept
}

func (w *world) carry(before, s *Snapshot, touched []article.Touched) {
	for l, set := range w.kept {
		var numbers []article.Number
		var holds []bool
		for _, t := range touched {
			numbers = append(numbers, t.After.Number)
			holds = append(holds, strings.Contains(w.said[t.After.Number], l.Value))
		}
		if w.kept[l] = s.Carry(before, set, numbers, holds); w.kept[l] == nil {
			delete(w.kept, l)
		}
	}
}

// filter is Select, written so that it is plainly right.
func (w *world) filter(sel article.Selector, sc Scope, private func(string) bool) []article.Number {
	var keep []article.Entry
	for _, e := range w.entries {
		secret := len(e.Feeds) > 0 && !slices.ContainsFunc(e.Feeds, func(f string) bool { return !private(f) })
		in := !e.NoFeed && (len(e.Feeds) == 0 || slices.Contains(e.Feeds, sc.Feed))
		if sc.Pages {
			in = !secret
		}
		if Visible(&e, w.now) && in && sel.Match(func(f article.Field, v string) bool {
			switch f {
			case article.Word, article.InTitle:
				return strings.Contains(w.said[e.Number], v)
			case article.Since:
				d, _ := time.ParseDuration(strings.Replace(v, "d", "m", 1))
				if strings.HasSuffix(v, "d") {
					d *= 24 * 60
				}
				now := w.now.Unix() / 60 * 60_000
				return e.Published >= now-d.Milliseconds()
			case article.HasMedia:
				return e.Has&map[string]article.Has{"image": 1, "audio": 2, "video": 4, "summary": 8}[v] != 0
			case article.After, article.Before:
				return (e.Published >= Instant(v, nil).UnixMilli()) == (f == article.After)
			}
			return slices.ContainsFunc(e.Spellings, func(n article.SpellingNumber) bool {
				return w.spellings[n-1].Kind == f && w.spellings[n-1].Slug == v
			})
		}) {
			keep = append(keep, e)
		}
	}
	slices.SortFunc(keep, func(a, b article.Entry) int { return compareKeys(keyOf(&b), keyOf(&a)) })
	numbers := []article.Number{}
	for _, e := range keep {
		numbers = append(numbers, e.Number)
	}
	return numbers
}

func TestSelectEqualsAPlainFilter(t *testing.T) {
	private := func(f string) bool { return f == "secret" }
	for seed := range uint64(30) {
		w := newWorld(seed)
		c := New(Rules{Private: private})
		c.Load(nil, w.spellings, w.now)
		for step := range 25 {
			before, touched := c.Snapshot(), w.batch()
			c.Apply(touched, nil, w.now)
			w.carry(before, c.Snapshot(), touched)
			if step == 20 { // a restart
				w.kept = Words{}
				var all []*article.Entry
				for _, e := range w.entries {
					all = append(all, &e)
				}
				c.Load(all, w.spellings, w.now)
			}
			s := c.Snapshot()
			for range 8 {
				sel := article.Select(w.expression(3))
				sc := []Scope{{}, {Pages: true}, {Feed: "partner"}, {Feed: "secret"}}[w.r.IntN(4)]
				sc.Now, sc.Words = w.now, w.words(s, sel)
				want := w.filter(sel, sc, private)
				hits := s.Select(sel, sc, 1<<30)
				got := []article.Number{}
				for _, h := range hits {
					got = append(got, h.Number)
					if h.Rev != w.entries[h.Number].Rev {
						t.Fatalf("seed %d step %d: article %d has an old revision", seed, step, h.Number)
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d step %d: %q in %+v\n got %v\nwant %v", seed, step, sel, sc, got, want)
				}
				for n, e := range w.entries { // one article, asked by itself
					in := slices.Contains(want, n)
					if e := e; s.shows(n) && !sc.Pages && s.Match(sel, sc, &e) != in {
						t.Fatalf("seed %d step %d: %q in %+v: article %d in %v, Match says otherwise", seed, step, sel, sc, n, in)
					}
				}
				if n := s.Count(sel, sc); n != len(want) {
					t.Fatalf("seed %d: count %d, want %d", seed, n, len(want))
				}
				if first := s.Select(sel, sc, 5); len(first) != min(5, len(want)) || len(first) > 0 && first[0].Number != want[0] {
					t.Fatalf("seed %d: the newest five are not the first of all", seed)
				}
			}
			held, expired := 0, 0
			for _, e := range w.entries {
				switch {
				case e.State == article.Withdrawn:
				case e.Expires != 0 && e.Expires <= w.now.UnixMilli():
					expired++
				case e.State == article.Drafted || e.Appeared == 0:
					held++
				}
			}
			if c.Held() != held || c.Expired() != expired {
				t.Fatalf("seed %d step %d: held %d expired %d, want %d and %d", seed, step, c.Held(), c.Expired(), held, expired)
			}
		}
	}
}

func TestASnapshotNeverChanges(t *testing.T) {
	w := newWorld(7)
	c := New(Rules{})
	c.Load(nil, w.spellings, w.now)
	c.Apply(w.batch(), nil, w.now)
	old := c.Snapshot()
	before := old.Select(article.Selector{}, Scope{Pages: true}, 1<<30)
	for range 40 {
		c.Apply(w.batch(), nil, w.now)
	}
	if after := old.Select(article.Selector{}, Scope{Pages: true}, 1<<30); !slices.Equal(before, after) {
		t.Fatal("an old snapshot gives other articles than it did")
	}
}

func TestHeldTermIsUnknown(t *testing.T) {
	c := New(Rules{})
	sp := article.Spelling{Number: 1, Kind: article.Category, Folded: "merger", Name: "Merger", Slug: "merger"}
	e := article.Entry{Number: 1, Due: day0.Add(time.Hour).UnixMilli(), Published: day0.Add(time.Hour).UnixMilli(), Spellings: []article.SpellingNumber{1}}
	s := c.Apply([]article.Touched{{After: &e}}, []article.Spelling{sp}, day0)
	if _, err := s.Resolve(article.Lone(article.Category, "merger"), false); err == nil {
		t.Fatal("a category that only a held article has is known")
	}
	if got := c.NextDue(); !got.Equal(day0.Add(time.Hour)) {
		t.Fatalf("next due %v", got)
	}
	after := e
	after.Appeared = 1
	s = c.Apply([]article.Touched{{Before: &e, After: &after}}, nil, day0.Add(time.Hour))
	if sel, err := s.Resolve(article.Lone(article.Category, "MERGER"), false); err != nil || s.Count(sel, Scope{}) != 1 {
		t.Fatalf("the category is not there at its instant: %v", err)
	}
}

func TestAWindowChangesNoEarlierThanItsLeaverSays(t *testing.T) {
	w := newWorld(3)
	c := New(Rules{})
	c.Load(nil, w.spellings, w.now)
	for range 10 {
		c.Apply(w.batch(), nil, w.now)
	}
	s := c.Snapshot()
	for _, since := range []string{"90m", "1d", "40d"} {
		now := w.now
		for range 50 {
			sc := Scope{Pages: true, Now: now}
			sel := article.Lone(article.Since, since)
			due := s.Leaver(since, sc)
			if due == 0 {
				if n := s.Count(sel, sc); n != 0 {
					t.Fatalf("%s: %d articles in the window, and none ever leaves", since, n)
				}
				break
			}
			at := time.UnixMilli(due)
			sc.Now = at.Add(-time.Millisecond)
			if early := s.Select(sel, sc, 1000); !slices.Equal(early, s.Select(sel, Scope{Pages: true, Now: now}, 1000)) {
				t.Fatalf("%s: the window changed before %v", since, at)
			}
			before := s.Count(article.Selector{}, Scope{Pages: true}) - s.Count(article.Select(article.Node{Op: article.Not, Kids: []article.Node{sel.Root()}}), sc)
			sc.Now = at
			if n := s.Count(sel, sc); n >= before && before > 0 {
				t.Fatalf("%s: nothing left at %v", since, at)
			}
			now = at
		}
	}
}
