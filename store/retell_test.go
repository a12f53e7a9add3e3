package store_test

import (
	"database/sql"
	"maps"
	"path/filepath"
	"reflect"
	"testing"

	"feedwright/article"
)

// TestADatabaseOfAnOlderProgramLearnsWhatFiltersAskFor takes from the rows what
// older programs did not write.
func TestADatabaseOfAnOlderProgramLearnsWhatFiltersAskFor(t *testing.T) {
	b := begin(t)
	from := func(title, url string) option {
		return func(p *article.Parsed) { p.Fields.Source = &article.Link{Title: title, URL: url} }
	}
	b.apply(
		wrote("a.txt", "A", "Body of a.", tells("A summary."), from("Reuters", "")),
		wrote("b.txt", "B", "Body of b.", from("", "https://www.example.org/b")),
		wrote("c.txt", "C", "Body of c.", tells("Another."), draft),
		wrote("d.txt", "D", "Body of d."),
	)
	b.apply(gone("d.txt"))
	want := b.entries()
	names, err := b.Spellings(b.Context())
	if err != nil || len(names) != 2 {
		t.Fatalf("%v, %v", names, err)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "feedwright.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`UPDATE article SET has = 0, terms = x''`, `DELETE FROM spelling`, `DELETE FROM meta WHERE name = 'told'`} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b.open()
	check := func(when string) {
		t.Helper()
		if got := b.entries(); !maps.EqualFunc(got, want, func(a, b article.Entry) bool { return reflect.DeepEqual(a, b) }) {
			t.Errorf("%s: %+v\nwant %+v", when, got, want)
		}
		if got, err := b.Spellings(b.Context()); err != nil || !reflect.DeepEqual(got, names) {
			t.Errorf("%s: %+v, %v\nwant %+v", when, got, err, names)
		}
	}
	check("after the first start")
	b.reopen()
	check("after another")
	// What came afterwards is as if nothing had happened.
	b.apply(wrote("e.txt", "E", "Body of e.", from("Reuters", "")))
	if got, err := b.Spellings(b.Context()); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}
