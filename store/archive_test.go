package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feedwright/article"
)

func (b *bench) cuts() []article.Cut {
	b.Helper()
	list, err := b.Cuts(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return list
}

func (b *bench) closed(cuts ...article.Cut) {
	b.Helper()
	if err := b.SaveCuts(b.Context(), cuts); err != nil {
		b.Fatal(err)
	}
}

func TestClosedPagesOutliveRestartAndDatabase(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "Alpha", fullText("a", 50)))
	b.closed(article.Cut{Feed: "/", Last: 50}, article.Cut{Feed: "/category/world/", Last: 70})
	b.closed(article.Cut{Feed: "/", Last: 100}, article.Cut{Feed: "/", Last: 50})
	want := []article.Cut{{Feed: "/", Last: 50}, {Feed: "/", Last: 100}, {Feed: "/category/world/", Last: 70}}
	if diff := cmp.Diff(want, b.cuts()); diff != "" {
		t.Fatal(diff)
	}
	b.reopen()
	if diff := cmp.Diff(want, b.cuts()); diff != "" {
		t.Error("after a restart:", diff)
	}
	b.lose()
	if diff := cmp.Diff(want, b.cuts()); diff != "" {
		t.Error("from the ledger's copy:", diff)
	}
}

func TestTwoBranchesOfTheLedgerGiveTheCutsOfBoth(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "Alpha", fullText("a", 50)))
	b.closed(article.Cut{Feed: "/", Last: 50})
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(b.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), `"archive"`); n != 1 {
		t.Fatalf("%d lines of cuts in\n%s", n, text)
	}
	merged := string(text) + `{"archive":{"feed":"/","last":[60,90]}}` + "\n" + `{"archive":{"feed":"","last":[1]}}` + "\n" + `{"archive":{"feed":"/","last":[0]}}` + "\n"
	if err := os.WriteFile(b.opt.Ledger, []byte(merged), 0o644); err != nil {
		t.Fatal(err)
	}
	b.open()
	want := []article.Cut{{Feed: "/", Last: 50}, {Feed: "/", Last: 60}, {Feed: "/", Last: 90}}
	if diff := cmp.Diff(want, b.cuts()); diff != "" {
		t.Error(diff)
	}
}

func TestAWithdrawalIsKnownFromTheLedgersCopy(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "Alpha", fullText("a", 50), func(p *article.Parsed) { p.Fields.Categories = []string{"World", "Sport"} }), wrote("b.txt", "Beta", fullText("b", 50)))
	b.apply(gone("a.txt"))
	find := func() (article.Entry, map[string]bool) {
		t.Helper()
		var found article.Entry
		err := b.Entries(t.Context(), func(e article.Entry) error {
			if e.State == article.Withdrawn && e.Withdrawn != 0 {
				found = e
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		spellings, err := b.Spellings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, sp := range spellings {
			for _, n := range found.Spellings {
				if n == sp.Number {
					names[string(sp.Kind)+" "+sp.Name] = true
				}
			}
		}
		return found, names
	}
	want, names := find()
	if want.ID == "" || want.Withdrawn != b.now.UnixMilli() || !names["category World"] || !names["category Sport"] {
		t.Fatalf("%+v %v", want, names)
	}
	b.lose()
	got, again := find()
	if got.ID != want.ID || got.Withdrawn != want.Withdrawn || got.Appeared != want.Appeared {
		t.Errorf("%+v, want %+v", got, want)
	}
	if diff := cmp.Diff(names, again); diff != "" {
		t.Error(diff)
	}
}
