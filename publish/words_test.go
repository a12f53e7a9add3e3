package publish_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// text is what the model knows of one article.
type text struct {
	title, body, category string
	published             time.Time
	draft                 bool
	feeds                 []string
}

// model is the folder as a list, to be filtered plainly.
type model struct {
	r   *rand.Rand
	all map[string]text
}

var spoken = strings.Fields("peace Peace war Économie economie 市議会 市 橋本市 talks of l'état x-1")

func (m *model) words(n int) string {
	var w []string
	for range 1 + m.r.IntN(n) {
		w = append(w, spoken[m.r.IntN(len(spoken))])
	}
	return strings.Join(w, " ")
}

// own is text that no other article has, so that none is taken for another.
func own(path string) string {
	var b strings.Builder
	for i := range 12 { // no more: a longer text is compressed, by what lives outside the bubble
		fmt.Fprintf(&b, "%s%d ", strings.TrimSuffix(path, ".txt"), i*i)
	}
	return b.String()
}

func (m *model) change(now time.Time) []article.Change {
	var changes []article.Change
	for i := range 25 {
		path := fmt.Sprintf("%02d.txt", i)
		switch m.r.IntN(8) {
		case 0:
			delete(m.all, path)
			changes = append(changes, article.Change{Op: article.Gone, Path: path})
		case 1, 2:
			x := text{title: path + " " + m.words(3), body: own(path) + m.words(8) + ".", category: []string{"World", "News"}[m.r.IntN(2)],
				published: now.Add(-time.Duration(m.r.IntN(300)) * time.Minute), draft: m.r.IntN(8) == 0}
			if m.r.IntN(5) == 0 {
				x.feeds = []string{"partner"}
			}
			if old, ok := m.all[path]; ok {
				x.published = old.published
			}
			m.all[path] = x
			changes = append(changes, file(path, x.title, dated(x.published), in(x.category), func(p *article.Parsed) {
				p.Body, p.Fields.Draft, p.Fields.Feeds = x.body, x.draft, x.feeds
				p.Print = article.Fingerprint(x.body)
			}))
		}
	}
	return changes
}

func (m *model) expression(depth int) article.Node {
	if depth == 0 || m.r.IntN(3) == 0 {
		f, v := article.Word, m.words(2)
		switch m.r.IntN(6) {
		case 0:
			f = article.InTitle
		case 1:
			f, v = article.Category, []string{"world", "news"}[m.r.IntN(2)]
		case 2:
			f, v = article.Since, fmt.Sprintf("%dm", 1+m.r.IntN(400))
		}
		n, err := article.NewTerm(f, v)
		if err != nil {
			panic(err)
		}
		return n
	}
	n := article.Node{Op: []article.NodeOp{article.And, article.Or, article.Not}[m.r.IntN(3)]}
	kids := 2
	if n.Op == article.Not {
		kids = 1
	}
	for range kids {
		n.Kids = append(n.Kids, m.expression(depth-1))
	}
	return n
}

// filter is the ten lines that everything else must agree with.
func (m *model) filter(sel article.Selector, named string, now time.Time) []string {
	keep := []string{}
	for _, x := range m.all {
		if !x.draft && (len(x.feeds) == 0 || slices.Contains(x.feeds, named)) && sel.Match(func(f article.Field, v string) bool {
			switch f {
			case article.Category:
				return strings.EqualFold(x.category, v)
			case article.Since:
				return x.published.UnixMilli() >= article.Cutoff(v, now)
			}
			return article.NewText(x.title, "", x.body).Holds(article.NewPhrase(v), f == article.InTitle)
		}) {
			keep = append(keep, x.title)
		}
	}
	slices.Sort(keep)
	return keep
}

// titles reads the titles out of a JSON feed.
func titles(t *testing.T, doc string) []string {
	t.Helper()
	var f struct{ Items []struct{ Title string } }
	if err := json.Unmarshal([]byte(doc), &f); err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, it := range f.Items {
		list = append(list, it.Title)
	}
	slices.Sort(list)
	return list
}

func TestEveryFilterEqualsAPlainOne(t *testing.T) {
	for seed := range uint64(rounds(10, 2)) {
		synctest.Test(t, func(t *testing.T) {
			m := &model{r: rand.New(rand.NewPCG(seed, 9)), all: map[string]text{}}
			set := settings()
			set.Feeds[0].Formats, set.Feeds[0].Items = []feed.Format{feed.JSON}, feed.MaxLimit
			h := open(t, t.TempDir(), set)
			defer h.stop()
			// Articles that name a feed of their own, and categories, are always there.
			keep := []article.Change{file("a.txt", "a", in("World"), dated(time.Now())), file("b.txt", "b", in("News"), dated(time.Now()))}
			h.write(keep...)
			for i, title := range []string{"a", "b"} {
				m.all[title+".txt"] = text{title: title, body: keep[i].Articles[0].Body, category: []string{"World", "News"}[i], published: time.Now()}
			}
			var polled []feed.Address
			for step := range 12 {
				time.Sleep(time.Duration(m.r.IntN(9000)) * time.Second / 10)
				if m.r.IntN(4) > 0 { // else only time has passed
					h.write(m.change(time.Now())...)
				}
				if m.r.IntN(3) == 0 {
					if err := h.st.Index(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				for range 5 {
					a := feed.Address{Format: feed.JSON, Selector: article.Select(m.expression(3)), Limit: feed.MaxLimit}
					if m.r.IntN(4) == 0 {
						a.Feed, a.Token = "partner", set.Feeds[0].Tokens[0].Secret
					}
					if len(slices.Collect(a.Selector.Terms)) > 0 {
						polled = append(polled, a)
					}
				}
				for _, a := range polled {
					now := time.Now()
					got, want := titles(t, h.get(a)), m.filter(a.Selector, a.Feed, now)
					if !slices.Equal(got, want) {
						t.Fatalf("seed %d step %d: %s\n got %q\nwant %q", seed, step, a.Path(), got, want)
					}
				}
			}
		})
	}
}

func TestAnArticleLeavesAWindowByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		a := feed.Address{Format: feed.JSON, Selector: article.Within(90)}
		h.write(file("old.txt", "Old", dated(time.Now().Add(-time.Hour))), file("new.txt", "New", dated(time.Now())))
		before := h.find(a)
		if got := titles(t, h.get(a)); !slices.Equal(got, []string{"New", "Old"}) {
			t.Fatalf("%q", got)
		}
		time.Sleep(30*time.Minute + 30*time.Second)
		if got := titles(t, h.get(a)); !slices.Equal(got, []string{"New", "Old"}) {
			t.Fatalf("before its window is over: %q", got)
		}
		time.Sleep(time.Minute)
		after := h.find(a)
		if got := titles(t, h.get(a)); !slices.Equal(got, []string{"New"}) {
			t.Fatalf("after its window: %q", got)
		}
		if after.ETag == before.ETag || !after.LastModified.After(before.LastModified) || after.LastModified.After(time.Now()) {
			t.Errorf("validators: %+v then %+v", before, after)
		}
		// A window asked for long after the last edition is of this minute.
		time.Sleep(5 * time.Hour)
		if got := titles(t, h.get(feed.Address{Format: feed.JSON, Selector: article.Within(60)})); len(got) != 0 {
			t.Errorf("an old edition's window: %q", got)
		}
		if all := titles(t, h.get(feed.Address{Format: feed.JSON})); len(all) != 2 {
			t.Errorf("%q", all)
		}
	})
}

func TestASweepOfFiltersPushesNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Cache = 8 << 20
		h := open(t, t.TempDir(), set)
		defer func() { h.stop() }()
		var changes []article.Change
		for i := range 60 {
			changes = append(changes, file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Title %d", i), dated(time.Now().Add(-time.Duration(i)*time.Hour)), in(fmt.Sprint("C", i%20), "World"),
				func(p *article.Parsed) { p.Fields.Summary = strings.Repeat("Many words. ", 200) }))
		}
		h.write(changes...)
		polled := []feed.Address{rss, world, {Format: feed.RSS, Selector: article.Select(article.Node{Op: article.Or, Kids: []article.Node{
			{Op: article.Term, Field: article.Category, Value: "c1"}, {Op: article.Term, Field: article.Category, Value: "c2"}}})}}
		for range 2 {
			for _, a := range polled {
				h.get(a)
			}
			time.Sleep(time.Minute)
		}
		swept := 0
		for i := range 20 {
			for j := range 20 {
				for k := range 8 {
					term := func(n int) article.Node {
						return article.Node{Op: article.Term, Field: article.Category, Value: fmt.Sprint("c", n)}
					}
					h.get(feed.Address{Format: feed.RSS, Limit: k + 1,
						Selector: article.Select(article.Node{Op: article.Or, Kids: []article.Node{term(i), {Op: article.Not, Kids: []article.Node{term(j)}}}})})
					swept++
				}
			}
		}
		st := h.p.Status()
		if st.Documents > 1300 {
			t.Errorf("%d documents are kept after a sweep of %d", st.Documents, swept)
		}
		if st.CacheUsed > set.Cache {
			t.Errorf("%d bytes are used of %d", st.CacheUsed, set.Cache)
		}
		for _, a := range polled {
			h.get(a)
		}
		if now := h.p.Status(); now.Counters["documents_rendered"] != st.Counters["documents_rendered"] {
			t.Errorf("the sweep pushed out %d of %d documents that are polled", now.Counters["documents_rendered"]-st.Counters["documents_rendered"], len(polled))
		}
		// Nothing of the sweep is remembered over a restart.
		h.stop()
		h2 := open(t, h.dir, set)
		h.stop = h2.stop
		docs, err := h2.st.Documents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(docs) > len(polled)+2 {
			t.Errorf("%d documents are remembered", len(docs))
		}
	})
}

func TestEqualRequestsShareOneRendering(t *testing.T) {
	h := open(t, t.TempDir(), settings())
	defer h.stop()
	h.write(file("a.txt", "Peace talks", dated(time.Now().Add(-time.Hour))))
	time0 := h.p.Status().Counters["documents_rendered"]
	sel, err := article.ParseSelector(`"peace talks" category:world`)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			ans, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS, Selector: sel})
			if err != nil {
				t.Error(err)
				return
			}
			if b, err := ans.Body(t.Context(), feed.Identity); err != nil || !strings.Contains(string(b), "Peace talks") {
				t.Errorf("%v %s", err, b)
			}
		})
	}
	wg.Wait()
	if n := h.p.Status().Counters["documents_rendered"] - time0; n != 1 {
		t.Errorf("40 equal requests were rendered %d times", n)
	}
}
