package feed

import (
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/article/language"
)

func TestFiltersAreSaidInTheLanguageOfThePage(t *testing.T) {
	zone := kyiv(t)
	name := func(f article.Field, slug string) string {
		return map[string]string{"world": "World", "ukraine": "Ukraine", "opinion": "Opinion", "a-roe": "A. Roe", "uk": "Українська"}[slug]
	}
	for _, c := range []struct{ lang, filter, want string }{
		{"en", "", "everything"},
		{"en", "category:world", "World"},
		{"en", "(category:world OR category:ukraine) -category:opinion", "Ukraine or World, without Opinion"},
		{"de-AT", "(category:world OR category:ukraine) -category:opinion", "Ukraine oder World, ohne Opinion"},
		{"uk", "(category:world OR category:ukraine) -category:opinion", "Ukraine або World, без Opinion"},
		{"en", "category:world category:ukraine", "Ukraine and World"},
		{"en", "(category:world OR category:ukraine) (lang:uk OR category:opinion)", "(Opinion or Українська) and (Ukraine or World)"},
		{"en", "category:world OR (category:ukraine -category:opinion)", "(Ukraine, without Opinion) or World"},
		{"en", "category:world -category:ukraine -category:opinion", "World, without Opinion or Ukraine"},
		{"en", "-category:opinion", "everything, without Opinion"},
		{"en", "category:world -(category:ukraine category:opinion)", "World, without (Opinion and Ukraine)"},
		{"en", `author:a-roe category:world has:image since:36h`, "World, by A. Roe, with pictures, of the last 36\u00a0h"},
		{"en", `after:2026-11-22 before:2026-11-22T22:30:00Z`, "everything, from 22 November 2026 on, before 23 November 2026, 00:30"},
		{"fr", `"peace talks" title:war`, "« peace talks » et « war » dans le titre"},
	} {
		sel, err := article.ParseSelector(c.filter)
		if err != nil {
			t.Fatal(err)
		}
		if got := InWords(c.lang, sel, zone, name); got != c.want {
			t.Errorf("%s in %s:\n got %s\nwant %s", c.filter, c.lang, got, c.want)
		}
	}
}

func TestEveryLanguageHasEveryWord(t *testing.T) {
	for _, l := range language.All() {
		for key, english := range language.For("en").Words {
			word, ok := l.Words[key]
			if !ok {
				t.Errorf("%s has no word for %s", l.Code, key)
			}
			for _, mark := range []string{"{name}", "{day}", "{span}", "{text}", "{n}", "{all}", "{bytes}", "{month}", "{year}"} {
				if strings.Contains(english, mark) != strings.Contains(word, mark) {
					t.Errorf("%s: %s: %q lacks or adds %s", l.Code, key, word, mark)
				}
			}
		}
	}
}
