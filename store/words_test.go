package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"feedwright/article"
)

func tells(s string) option { return func(p *article.Parsed) { p.Fields.Summary = s } }
func only(feeds ...string) option {
	return func(p *article.Parsed) { p.Fields.Feeds = feeds }
}

// words asks for a word and gives the paths of what is found.
func (b *bench) words(words string, title, named bool) []string {
	b.Helper()
	ns, err := b.Words(b.Context(), article.NewPhrase(words), title, named)
	if err != nil {
		b.Fatal(err)
	}
	paths := []string{}
	for _, n := range ns {
		as, err := b.Articles(b.Context(), []article.Ref{{Number: n}})
		if err != nil {
			b.Fatal(err)
		}
		paths = append(paths, as[0].Path)
	}
	slices.Sort(paths)
	return paths
}

func (b *bench) index() {
	b.Helper()
	if err := b.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func TestWordsAreFoundWhetherIndexedOrNot(t *testing.T) {
	b := begin(t)
	b.apply(
		wrote("a.txt", "Peace talks", "The delegations met in Genève."),
		wrote("b.txt", "Harbour", "Talks of peace. "+fullText("b", 100), tells("Économie")),
		wrote("c.txt", "橋本市議会", "開かれた。"),
		wrote("d.txt", `Quotes "AND" NEAR(x) * col:x`, `title : "peace" OR`),
	)
	for _, indexed := range []bool{false, true} {
		if indexed {
			b.index()
		}
		for _, c := range []struct {
			words string
			title bool
			want  []string
		}{
			{"peace", false, []string{"a.txt", "b.txt", "d.txt"}},
			{"peace talks", false, []string{"a.txt"}},
			{"talks of peace", false, []string{"b.txt"}},
			{"peace", true, []string{"a.txt"}},
			{"geneve", false, []string{"a.txt"}},
			{"ECONOMIE", false, []string{"b.txt"}},
			{"talks the", false, []string{}}, // a phrase stays in one part
			{"市議", false, []string{"c.txt"}},
			{"橋", true, []string{"c.txt"}},
			{"会", false, []string{"c.txt"}},
			{"会開", false, []string{}},
			{`"AND" NEAR`, false, []string{"d.txt"}},
			{"or", false, []string{"d.txt"}},
			{"nowhere", false, []string{}},
		} {
			if got := b.words(c.words, c.title, false); !slices.Equal(got, c.want) {
				t.Errorf("indexed %v: %q gives %v, want %v", indexed, c.words, got, c.want)
			}
		}
	}
}

func TestHeldAndPrivateWordsAreNotFound(t *testing.T) {
	b := begin(t)
	b.apply(
		wrote("draft.txt", "Secret merger", "Not yet.", draft),
		wrote("due.txt", "Secret merger too", "Not yet.", dated(monday.AddDate(0, 0, 1))),
		wrote("own.txt", "Secret merger for partners", "For them.", only("partner")),
		wrote("open.txt", "No merger at all", "Nothing."),
	)
	for _, indexed := range []bool{false, true} {
		if indexed {
			b.index()
		}
		if got := b.words("merger", false, false); !slices.Equal(got, []string{"open.txt"}) {
			t.Errorf("indexed %v: anybody finds %v", indexed, got)
		}
		if got := b.words("merger", false, true); !slices.Equal(got, []string{"open.txt", "own.txt"}) {
			t.Errorf("indexed %v: a named feed finds %v", indexed, got)
		}
	}
	// One becomes private, one appears, one is withdrawn, one loses the word.
	b.apply(wrote("open.txt", "No merger at all", "Nothing.", only("partner")), wrote("draft.txt", "Secret merger", "Not yet."))
	for range 2 {
		if got := b.words("merger", false, false); !slices.Equal(got, []string{"draft.txt"}) {
			t.Errorf("anybody finds %v", got)
		}
		b.index()
	}
	b.apply(gone("draft.txt"), wrote("own.txt", "For partners", "For them.", only("partner")))
	for range 2 {
		if got := b.words("merger", false, true); !slices.Equal(got, []string{"open.txt"}) {
			t.Errorf("a named feed finds %v", got)
		}
		b.index()
	}
	b.applyAt(monday.AddDate(0, 0, 2))
	for range 2 {
		if got := b.words("merger", false, false); !slices.Equal(got, []string{"due.txt"}) {
			t.Errorf("at its time %v is found", got)
		}
		b.index()
	}
}

func TestAWordFilterWaitsWhereTheIndexLags(t *testing.T) {
	b := begin(t)
	batches, first, one := newsroom(5200), "begins", "ends 17"
	if testing.Short() { // as many, of a line each
		batches, first, one = notices(5200), "it is said", "said that 17"
	}
	for _, cs := range batches {
		b.applyAt(monday, cs...)
	}
	_, err := b.Words(b.Context(), article.NewPhrase(first), false, false)
	if !errors.Is(err, article.ErrUnready) {
		t.Fatalf("a word filter answers with 5,200 articles unread: %v", err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	for {
		ns, err := b.Words(b.Context(), article.NewPhrase(first), false, false)
		if err == nil {
			if len(ns) != 5200 {
				t.Fatalf("a short list: %d", len(ns))
			}
			break
		}
		if !errors.Is(err, article.ErrUnready) {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	b.reopen() // it goes on where it was
	b.index()
	if ns, err := b.Words(b.Context(), article.NewPhrase(one), false, false); err != nil || len(ns) != 1 {
		t.Fatalf("%v, %v", ns, err)
	}
}
