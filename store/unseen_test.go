package store_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

func tagged(categories ...string) func(*article.Parsed) {
	return func(p *article.Parsed) { p.Fields.Categories = categories }
}

// slugs are the categories that everybody may know, as "name slug".
func (b *bench) slugs() string {
	b.Helper()
	var list []string
	for _, s := range b.spellings() {
		if s.Kind == article.Category {
			list = append(list, s.Name+" "+s.Slug)
		}
	}
	return strings.Join(list, ", ")
}

// TestHeldArticlesNamesTakeNothing: of a held article's categories nobody can
// know, neither by a slug that a later one does not get, nor by how it is spelt.
func TestHeldArticlesNamesTakeNothing(t *testing.T) {
	for what, hide := range map[string]func(*article.Parsed){"of tomorrow": dated(monday.Add(24 * time.Hour)), "a draft": draft} {
		t.Run(what, func(t *testing.T) {
			b := begin(t)
			b.apply(wrote("held.txt", "Held", fullText("h", 50), hide, tagged("C++", "world NEWS", "Sport/Rowing")))
			if got := b.slugs(); got != "" {
				t.Errorf("a held article's categories are known: %s", got)
			}
			if raw, err := os.ReadFile(b.opt.Ledger); err != nil || strings.Contains(string(raw), `"spelling"`) {
				t.Errorf("the ledger's copy names them: %v\n%s", err, raw)
			}
			b.reopen()
			out := b.apply(wrote("open.txt", "Open", fullText("o", 50), tagged("C#", "World news", "Sport")))
			const open = "World news world-news, Sport sport, C# c"
			if got := b.slugs(); got != open {
				t.Errorf("categories %s, want %s", got, open)
			}
			if len(out.Spellings) != 3 {
				t.Errorf("told of %+v", out.Spellings)
			}
			b.reopen()
			if what == "a draft" {
				b.apply(wrote("held.txt", "Held", fullText("h", 50), tagged("C++", "world NEWS", "Sport/Rowing")))
			} else {
				b.applyAt(monday.Add(24 * time.Hour))
			}
			want := map[string]bool{"C++ c-2": true, "Sport/Rowing sport-rowing": true}
			for _, s := range strings.Split(open, ", ") {
				want[s] = true
			}
			got := map[string]bool{}
			for _, s := range strings.Split(b.slugs(), ", ") {
				got[s] = true
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("then categories %v, want %v", got, want)
			}
			was := b.slugs()
			b.lose()
			if b.slugs() == "" || len(b.slugs()) != len(was) {
				t.Errorf("the ledger's copy tells %s, was %s", b.slugs(), was)
			}
		})
	}
}
