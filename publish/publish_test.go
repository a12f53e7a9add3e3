package publish_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
	"feedwright/store"
)

// house is a publisher over a real store, without folder or server.
type house struct {
	t    *testing.T
	dir  string
	set  publish.Settings
	st   *store.Store
	p    *publish.Publisher
	stop func()
}

func settings() publish.Settings {
	return publish.Settings{
		Version: "test", SiteID: "0b9e2c53-1c1b-4a55-9d43-9e5f9f1f1d10",
		Title: "The Lantern", URL: "https://lantern.example.org/news", Lang: "en", Zone: time.UTC,
		Items: 10, MaxBytes: 1 << 20, Content: feed.Full, Formats: []feed.Format{feed.RSS, feed.Atom, feed.JSON},
		MaxAge: 15 * time.Minute, Cache: 64 << 20,
		Feeds: []publish.Named{{Name: "partner", Items: 5, MaxBytes: 1 << 20, Content: feed.Summary, Formats: []feed.Format{feed.RSS}, Tokens: []publish.Token{{Secret: "s3cret-s3cret-s3cret"}}}},
	}
}

func open(t *testing.T, dir string, set publish.Settings) *house {
	t.Helper()
	return openWith(t, dir, set)
}

// openWith changes the options before the publisher is made.
func openWith(t *testing.T, dir string, set publish.Settings, change ...func(*publish.Options)) *house {
	t.Helper()
	h := begin(t, dir, set, change...)
	if err := h.p.Scanned(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

// begin is open before anything of the folder is told.
func begin(t *testing.T, dir string, set publish.Settings, change ...func(*publish.Options)) *house {
	t.Helper()
	h := &house{t: t, dir: dir, set: set}
	ctx := t.Context()
	var err error
	h.st, err = store.Open(ctx, store.Options{Grace: set.Grace, DSN: "sqlite:" + filepath.Join(dir, "f.db"), Ledger: filepath.Join(dir, "f.ledger"), SiteID: set.SiteID, SiteURL: set.URL, Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	o := publish.Options{
		Store: h.st, Settings: &h.set, Cold: h.st.Fresh(),
		Open: func(string) (io.ReadSeekCloser, time.Time, error) {
			return struct {
				io.ReadSeeker
				io.Closer
			}{strings.NewReader("media"), io.NopCloser(nil)}, time.Now(), nil
		},
	}
	for _, c := range change {
		c(&o)
	}
	h.p = publish.New(o)
	if err := h.p.Load(ctx); err != nil {
		t.Fatal(err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- h.p.Run(run) }()
	h.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := h.st.Close(); err != nil {
			t.Error(err)
		}
	}
	return h
}

// file makes the change of one text file.
func file(path, title string, edit ...func(*article.Parsed)) article.Change {
	body := "This is the text of " + title + ".\n\nIt has a second paragraph, about " + title + "."
	p := article.Parsed{
		Fields: article.Fields{Title: title, Categories: []string{"World"}}, Markup: article.PlainText, Body: body,
		Print: article.Fingerprint(body), Words: 14,
	}
	for _, e := range edit {
		e(&p)
	}
	var h article.Hash
	copy(h[:], fmt.Sprintf("%x", article.Fingerprint(fmt.Sprintf("%+v %s", p.Fields, p.Body))))
	return article.Change{Op: article.Wrote, Path: path, File: article.FileStat{Size: int64(len(p.Body)), ModTime: time.Now().UnixNano(), Hash: h}, Articles: []article.Parsed{p}}
}

func dated(at time.Time) func(*article.Parsed) {
	return func(p *article.Parsed) { p.Fields.Published = article.Date{Time: at, From: article.FromFile} }
}

func in(categories ...string) func(*article.Parsed) {
	return func(p *article.Parsed) { p.Fields.Categories = categories }
}

func (h *house) write(changes ...article.Change) {
	h.t.Helper()
	if err := h.p.Changes(h.t.Context(), changes); err != nil {
		h.t.Fatal(err)
	}
	if err := h.p.Flush(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

var (
	rss   = feed.Address{Format: feed.RSS}
	world = feed.Address{Format: feed.RSS, Selector: article.Lone(article.Category, "world")}
)

func (h *house) find(a feed.Address) *feed.Answer {
	h.t.Helper()
	ans, err := h.p.Find(h.t.Context(), a)
	if err != nil {
		h.t.Fatalf("%s: %v", a.Path(), err)
	}
	return ans
}

func (h *house) get(a feed.Address) string {
	h.t.Helper()
	b, err := h.find(a).Body(h.t.Context(), feed.Identity)
	if err != nil {
		h.t.Fatalf("%s: %v", a.Path(), err)
	}
	return string(b)
}

func TestAnArticleIsInAllItsFeedsAndLeavesThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World", "Світ")))
		addresses := []feed.Address{
			rss, {Format: feed.Atom}, {Format: feed.JSON}, {Format: feed.HTML}, world,
			{Format: feed.JSON, Selector: article.Lone(article.Category, "svit")},
			{Format: feed.HTML, Article: "alpha"},
			{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"},
		}
		for _, a := range addresses {
			if !strings.Contains(h.get(a), "Alpha") {
				t.Errorf("%s lacks the article", a.Path())
			}
		}
		h.write(article.Change{Op: article.Gone, Path: "a.txt"}, file("b.txt", "Beta"))
		for _, a := range addresses[:5] {
			if got := h.get(a); strings.Contains(got, "Alpha") || !strings.Contains(got, "Beta") {
				t.Errorf("%s still has the article that is gone, or lacks the new one", a.Path())
			}
		}
		if _, err := h.p.Find(t.Context(), addresses[6]); !errors.Is(err, article.ErrGone) {
			t.Errorf("the withdrawn article's page: %v", err)
		}
		if _, err := h.p.Find(t.Context(), addresses[5]); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("the category that nothing is in any more: %v", err)
		}
	})
}

func TestEverySpellingFindsTheSameDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World", "Sport")))
		want := ""
		for _, q := range []string{"category=world,sport", "category=SPORT,World", "q=category:sport+OR+category:world", "category=sport,world&limit=10"} {
			a, err := parse("/atom.xml?" + q)
			if err != nil {
				t.Fatal(err)
			}
			ans := h.find(a)
			if want == "" {
				want = ans.ETag + ans.Self
			}
			if got := ans.ETag + ans.Self; got != want {
				t.Errorf("%s: %s, want %s", q, got, want)
			}
		}
		if a, _ := parse("/rss.xml?category=World"); h.find(a).Self != h.find(world).Self {
			t.Error("a lone category is not canonical by path")
		}
	})
}

func TestUntouchedDocumentsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"), file("b.txt", "Beta", in("Sport")))
		before, all := h.find(world), h.find(rss)
		h.write(file("c.txt", "Gamma", in("Sport")))
		if h.find(world) != before {
			t.Error("a document that the change does not touch was made anew")
		}
		if h.find(rss) == all {
			t.Error("the feed of everything did not change")
		}
		encoded := h.p.Status().Counters["fragments_encoded"]
		h.get(rss)
		h.write(file("d.txt", "Delta"))
		h.get(rss)
		if n := h.p.Status().Counters["fragments_encoded"] - encoded; n > 4 {
			t.Errorf("one new article cost %d fragments", n)
		}
	})
}

func TestLastModifiedRisesWithEveryChangeAndIsNeverInTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha 0"))
		last := h.find(rss)
		for i := range 20 {
			h.write(file("a.txt", fmt.Sprintf("Alpha %d, of a text that goes on", i+1)))
			now := h.find(rss)
			if now.ETag == last.ETag || !now.LastModified.After(last.LastModified) {
				t.Fatalf("change %d: ETag %s → %s, Last-Modified %v → %v", i, last.ETag, now.ETag, last.LastModified, now.LastModified)
			}
			if now.LastModified.After(time.Now()) {
				t.Fatalf("Last-Modified %v lies in the future of %v", now.LastModified, time.Now())
			}
			if now.LastModified.Nanosecond() != 0 {
				t.Fatal("Last-Modified has a fraction")
			}
			last = now
		}
	})
}

func TestARestartAnswersWithTheSameValidatorsAndBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		h := open(t, dir, settings())
		h.write(file("a.txt", "Alpha"), file("b.txt", "Beta"))
		before, bytesBefore := *h.find(rss), h.get(rss)
		h.stop()
		time.Sleep(time.Hour)
		h = open(t, dir, settings())
		defer h.stop()
		after := h.find(rss)
		if after.ETag != before.ETag || !after.LastModified.Equal(before.LastModified) || h.get(rss) != bytesBefore {
			t.Errorf("before %s %v, after %s %v", before.ETag, before.LastModified, after.ETag, after.LastModified)
		}
	})
}

func TestEmbargoAndExpiryTakeEffectToTheSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("old.txt", "Old"))
		start := time.Now()
		due, end := start.Add(90*time.Minute).Truncate(time.Second), start.Add(3*time.Hour).Truncate(time.Second)
		quiet := snapshotOf(h)
		h.write(file("m.txt", "Merger", in("Mergers"), dated(due), func(p *article.Parsed) { p.Fields.Expires = article.Date{Time: end} }))

		if got := snapshotOf(h); got != quiet {
			t.Errorf("the held article shows:\n%s\n%s", quiet, got)
		}
		merger := feed.Address{Format: feed.RSS, Selector: article.Lone(article.Category, "mergers")}
		page := feed.Address{Format: feed.HTML, Article: "merger"}
		hidden := func(when string) {
			t.Helper()
			for _, a := range []feed.Address{merger, page} {
				if _, err := h.p.Find(t.Context(), a); !errors.Is(err, article.ErrNotFound) {
					t.Errorf("%s: %s answers %v", when, a.Path(), err)
				}
			}
			if strings.Contains(h.get(rss), "Merger") {
				t.Errorf("%s: it is in the feed", when)
			}
		}
		hidden("after dropping it in")
		time.Sleep(time.Until(due) - time.Millisecond)
		synctest.Wait()
		hidden("a millisecond before")
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		for _, a := range []feed.Address{rss, merger, page} {
			if !strings.Contains(h.get(a), "Merger") {
				t.Errorf("%s lacks it at its instant", a.Path())
			}
		}
		time.Sleep(time.Until(end) + time.Millisecond)
		synctest.Wait()
		if strings.Contains(h.get(rss), "Merger") {
			t.Error("it is in the feed after its expiry")
		}
		if _, err := h.p.Find(t.Context(), page); !errors.Is(err, article.ErrGone) {
			t.Errorf("its page after expiry: %v", err)
		}
	})
}

// snapshotOf is all that anybody can see, with its validators.
func snapshotOf(h *house) string {
	var b strings.Builder
	for _, a := range h.p.Feeds() {
		ans := h.find(a)
		fmt.Fprintln(&b, a.Path(), ans.ETag, ans.LastModified, ans.MaxAge, ans.Ends, len(h.get(a)))
	}
	for _, a := range []feed.Address{{Format: feed.OPML}, {Format: feed.HTML}} {
		fmt.Fprintln(&b, a.Path(), h.find(a).ETag, h.find(a).LastModified)
	}
	return b.String()
}

func TestWrongTokensFindNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"), file("s.txt", "Secret", in("Deals"), func(p *article.Parsed) { p.Fields.Feeds = []string{"partner"} }))
		good := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"}
		if ans := h.find(good); !ans.Private || !strings.Contains(h.get(good), "Secret") {
			t.Error("the token does not open the private feed")
		}
		for _, a := range []feed.Address{
			{Format: feed.RSS, Feed: "partner"}, {Format: feed.RSS, Feed: "partner", Token: "no"}, {Format: feed.RSS, Feed: "other", Token: "no"},
			{Format: feed.HTML, Article: "secret"}, {Format: feed.RSS, Selector: article.Lone(article.Category, "deals")},
		} {
			if _, err := h.p.Find(t.Context(), a); !errors.Is(err, article.ErrNotFound) {
				t.Errorf("%s: %v", a.Path(), err)
			}
		}
		for _, a := range []feed.Address{rss, {Format: feed.OPML}, {Format: feed.HTML}} {
			if got := h.get(a); strings.Contains(got, "Secret") || strings.Contains(got, "partner") || strings.Contains(got, "eals") {
				t.Errorf("%s tells of the private feed", a.Path())
			}
		}
	})
}

func TestOtherSettingsMakeOtherDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"), file("b.txt", "Beta"))
		before := *h.find(rss)
		h.get(rss)
		next := settings()
		next.Title, next.Items = "The Beacon", 1
		if err := h.p.Apply(t.Context(), &next); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		got := h.get(rss)
		if !strings.Contains(got, "The Beacon") || strings.Count(got, "<item>") != 1 {
			t.Errorf("the new settings do not show:\n%s", got)
		}
		if after := h.find(rss); after.ETag == before.ETag || !after.LastModified.After(before.LastModified) {
			t.Error("validators did not move")
		}
	})
}

// Equal ETag ⇔ equal bytes, in every format and coding, under random changes.
func TestEqualETagMeansEqualBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		byTag, byBytes := map[string]string{}, map[string]string{}
		for i := range rounds(60, 12) {
			codings := []feed.Encoding{feed.Identity, feed.Gzip, feed.Brotli, feed.Zstd}
			if i%rounds(1, 4) > 0 { // compressing is slow
				codings = codings[:1]
			}
			name := fmt.Sprintf("f%d.txt", r.IntN(6))
			if r.IntN(4) == 0 {
				h.write(article.Change{Op: article.Gone, Path: name})
			} else {
				h.write(file(name, fmt.Sprintf("Title %d", r.IntN(3)), in([]string{"World", "Sport"}[r.IntN(2)]), dated(time.Now().Add(-time.Duration(r.IntN(3))*time.Hour).Truncate(time.Hour))))
			}
			for _, a := range h.p.Feeds() {
				for _, enc := range codings {
					ans := h.find(a)
					b, err := ans.Body(t.Context(), enc)
					if err != nil {
						t.Fatal(err)
					}
					tag, bytes := a.Path()+string(enc)+ans.ETag, a.Path()+string(enc)+string(b)
					if old, ok := byTag[tag]; ok && old != bytes {
						t.Fatalf("%s: one ETag, two documents", a.Path())
					}
					if old, ok := byBytes[bytes]; ok && old != tag {
						t.Fatalf("%s: one document, two ETags", a.Path())
					}
					byTag[tag], byBytes[bytes] = bytes, tag
				}
			}
		}
	})
}

func TestABatchThatWasNotTakenIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.p.Changes(ctx, []article.Change{file("b.txt", "Beta")}); err == nil {
			t.Fatal("a batch that was not committed was taken for committed")
		}
		if !bytes.Contains([]byte(h.get(rss)), []byte("Alpha")) {
			t.Error("the last good feed is not served")
		}
	})
}

func parse(address string) (feed.Address, error) {
	u, err := url.Parse(address)
	if err != nil {
		return feed.Address{}, err
	}
	return feed.ParseAddress(u.Path, u.Query())
}
