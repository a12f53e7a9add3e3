package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

// highWater is what is remembered of a document's date.
func (b *bench) highWater(address string) time.Time {
	b.Helper()
	docs, err := b.Documents(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range docs {
		if d.Address == address {
			return d.HighWater
		}
	}
	return time.Time{}
}

// TestFeedDateThatNoArticleTellsOutlivesTheDatabase: the ledger's copy has it,
// also when it is put in order, and of two the newer one counts.
func TestFeedDateThatNoArticleTellsOutlivesTheDatabase(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	save := func(outlived bool, address string, high time.Time) {
		t.Helper()
		d := article.DocumentState{Address: address, ETag: "e", LastModified: monday, HighWater: high, Outlived: outlived}
		if err := b.SaveDocuments(t.Context(), []article.DocumentState{d}); err != nil {
			t.Fatal(err)
		}
	}
	lines := func() int {
		t.Helper()
		raw, err := os.ReadFile(b.opt.Ledger)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(raw), `"feed_date"`)
	}
	save(false, "/told.xml", monday)
	save(true, "/rss.xml", monday)
	save(true, "/rss.xml", monday)
	if n := lines(); n != 1 {
		t.Errorf("%d lines, want one", n)
	}
	save(true, "/rss.xml", monday.Add(time.Hour))
	save(true, "/rss.xml", monday.Add(time.Minute)) // it never falls
	for _, how := range []func(){b.lose, func() {
		b.ruin(func(raw string) string {
			return raw + "{\"feed_date\":{\"feed\":\"no path\",\"at\":\"2200-01-01T00:00:00Z\"}}\n{\"feed_date\":{\"feed\":\"/rss.xml\",\"at\":\"soon\"}}\n"
		})
	}} {
		how()
		if got := b.highWater("/rss.xml"); !got.Equal(monday.Add(time.Hour)) {
			t.Errorf("its date is %v", got)
		}
		if got := b.highWater("/told.xml"); !got.IsZero() {
			t.Errorf("the copy tells %v of a document whose articles tell it themselves", got)
		}
		if err := b.Upkeep(t.Context(), b.now); err != nil {
			t.Fatal(err)
		}
	}
	if n := lines(); n != 1 {
		t.Errorf("%d lines in the copy put in order, want one", n)
	}
}

// ruin changes the copy while the database is lost.
func (b *bench) ruin(change func(string) string) {
	b.Helper()
	if err := b.Store.Close(); err != nil {
		b.Fatal(err)
	}
	raw, err := os.ReadFile(b.opt.Ledger)
	if err == nil {
		err = os.WriteFile(b.opt.Ledger, []byte(change(string(raw))), 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.drop()
	b.open()
}
