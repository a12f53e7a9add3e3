package store

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feedwright/article"
)

// indexed is an index of words beside a plain copy of what it was told.
type indexed struct {
	testing.TB
	db    *sql.DB
	texts map[int]article.Text
}

func beginIndex(t testing.TB, settings ...string) *indexed {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "words.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`PRAGMA synchronous = OFF`); err != nil { // no power is cut here
		t.Fatal(err)
	}
	x := &indexed{t, db, map[int]article.Text{}}
	x.exec(`CREATE VIRTUAL TABLE words USING fts5 (title, lead, body, content='', contentless_delete=1, tokenize='ascii')`)
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		x.exec(`INSERT INTO words (words, rank) VALUES ($1, $2)`, name, value)
	}
	return x
}

func (x *indexed) exec(query string, args ...any) {
	x.Helper()
	if _, err := x.db.ExecContext(x.Context(), query, args...); err != nil {
		x.Fatal(err)
	}
}

func (x *indexed) put(n int, t article.Text) {
	x.Helper()
	x.exec(`INSERT OR REPLACE INTO words (rowid, title, lead, body) VALUES ($1, $2, $3, $4)`, n, t.Title, t.Lead, t.Body)
	x.texts[n] = t
}

func (x *indexed) drop(n int) {
	x.Helper()
	x.exec(`DELETE FROM words WHERE rowid = $1`, n)
	delete(x.texts, n)
}

// ask reads the lists, and fails where they cannot be read.
func (x *indexed) ask(p article.Phrase, title bool) []article.Number {
	x.Helper()
	tx, err := x.db.BeginTx(x.Context(), nil)
	if err != nil {
		x.Fatal(err)
	}
	defer tx.Rollback()
	found := newNumberSet(5000)
	w := &wordIndex{ctx: x.Context(), tx: tx, table: "words", last: 5000}
	if err := w.find(p, title, found); err != nil {
		x.Fatalf("%q: %v", p.Tokens, err)
	}
	return found.numbers()
}

// compare asks and looks through the texts.
func (x *indexed) compare(words string, title bool) {
	x.Helper()
	p := article.NewPhrase(words)
	want := []article.Number{}
	for n, t := range x.texts {
		if t.Holds(p, title) {
			want = append(want, article.Number(n))
		}
	}
	slices.Sort(want)
	if got := x.ask(p, title); !slices.Equal(got, want) {
		x.Fatalf("%q (title %v): the lists give %d, the texts %d: %v, %v", words, title, len(got), len(want), got, want)
	}
}

// TestListsOfTheIndexAreReadAsTheyAre goes through random lives of an index, on
// pages small and large, so that lists, positions and merges lie in every way.
func TestListsOfTheIndexAreReadAsTheyAre(t *testing.T) {
	for seed, settings := range [][]string{
		nil,
		{"pgsz=32", "automerge=2"},
		{"pgsz=64", "automerge=4", "crisismerge=4"},
		{"pgsz=100", "automerge=0"},
		{"pgsz=250", "automerge=2", "hashsize=100"},
		{"pgsz=48", "automerge=16", "deletemerge=5"},
	} {
		t.Run(fmt.Sprint(settings), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(seed), 7))
			common := rand.NewZipf(r, 1.2, 2, 300)
			words := func(n int) string {
				var s []string
				for range n {
					s = append(s, fmt.Sprintf("w%d", common.Uint64()))
				}
				return strings.Join(s, " ")
			}
			x := beginIndex(t, settings...)
			steps := 40
			if testing.Short() {
				steps = 12
			}
			for step := range steps {
				x.exec(`BEGIN`)
				first := r.IntN(4000)
				for i := range 1 + r.IntN(30) {
					switch n := 1 + first + i*(1+r.IntN(3)); {
					case r.IntN(4) == 0:
						x.drop(n)
					case r.IntN(40) == 0: // one that goes on for pages
						x.put(n, article.NewText(words(3), "", strings.Repeat(words(20)+" ", 60)))
					default:
						x.put(n, article.NewText(words(r.IntN(6)), words(r.IntN(5)), words(r.IntN(60))))
					}
				}
				x.exec(`COMMIT`)
				if step%10 == 9 { // part of a merge: some terms have moved, others have not
					x.exec(`INSERT INTO words (words, rank) VALUES ('merge', $1)`, 1+r.IntN(20))
				}
				for range 4 {
					x.compare(words(1+r.IntN(3)), r.IntN(3) == 0)
				}
				x.compare("w0", false)
				x.compare("nowhere", false)
			}
			x.exec(`INSERT INTO words (words) VALUES ('optimize')`)
			x.compare("w0", false)
			x.compare("w1 w0", false)
		})
	}
}

// TestADamagedIndexIsNoDanger changes bytes of an index: it is answered, rightly
// or wrongly, or refused, and nothing panics or goes on for ever.
func TestADamagedIndexIsNoDanger(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	x := beginIndex(t, "pgsz=64")
	for n := range 300 {
		x.put(n+1, article.NewText("one two", "three", strings.Repeat("one two three ", 1+n%20)))
		if n%7 == 0 {
			x.drop(n/2 + 1)
		}
	}
	type row struct {
		id    int64
		block []byte
	}
	var rows []row
	err := each(t.Context(), x.db, `SELECT id, block FROM words_data`, nil, func(q *sql.Rows) error {
		var w row
		defer func() { rows = append(rows, w) }()
		return q.Scan(&w.id, &w.block)
	})
	if err != nil || len(rows) < 50 {
		t.Fatalf("%d pages, %v", len(rows), err)
	}
	refused := 0
	times := 400
	if testing.Short() {
		times = 150
	}
	for range times {
		w := rows[r.IntN(len(rows))]
		if r.IntN(5) == 0 {
			i := slices.IndexFunc(rows, func(w row) bool { return w.id == structureRow })
			w = rows[i]
		}
		bad := slices.Clone(w.block)
		for range 1 + r.IntN(3) {
			bad[r.IntN(len(bad))] = byte(r.IntN(256))
		}
		if r.IntN(4) == 0 {
			bad = bad[:r.IntN(len(bad))]
		}
		tx, err := x.db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), `UPDATE words_data SET block = $1 WHERE id = $2`, bad, w.id); err != nil {
			t.Fatal(err)
		}
		index := &wordIndex{ctx: t.Context(), tx: tx, table: "words", last: 400}
		for _, words := range []string{"one", "two three", "three one"} {
			if err := index.find(article.NewPhrase(words), false, newNumberSet(400)); err != nil {
				refused++
			}
		}
		if err := tx.Rollback(); err != nil { // and the page is whole again
			t.Fatal(err)
		}
	}
	if refused == 0 {
		t.Error("no damage was noticed")
	}
}

// TestAnUnknownIndexIsAskedInSQL: what cannot be read here is the database's to
// answer, and the answers are the same.
func TestAnUnknownIndexIsAskedInSQL(t *testing.T) {
	x := beginIndex(t)
	for n := range 200 {
		x.put(n+1, article.NewText("", "", fmt.Sprintf("every %d even%d", n, n%2)))
	}
	for _, words := range []string{"every", "even1", "17 even1", "橋"} {
		p := article.NewPhrase(words)
		tx, err := x.db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		found := newNumberSet(200)
		w := &wordIndex{ctx: t.Context(), tx: tx, table: "words", last: 200}
		if err := w.match(p, false, found); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if p.Open {
			continue
		}
		if got, want := found.numbers(), x.ask(p, false); !slices.Equal(got, want) {
			t.Errorf("%q: %v in SQL, %v by its lists", words, got, want)
		}
	}
}
