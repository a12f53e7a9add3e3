package article

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestEverySpellingOfAFilterIsOneSelector(t *testing.T) {
	same := [][]string{
		{"category=a,b", "category=b,a", "category=a,b,a", "q=category:a OR category:b", "q=(category:b OR (category:a))", "category=+a+,b&_=17"},
		{"category=a&category=b", "category=b&category=a", "q=category:a category:b", "q=category:b category:a category:b"},
		{"category=a,-b", "category=a&category=-b", "q=category:a -category:b", "q=-category:b category:a", "q=NOT category:b category:a"},
		{"", "q=", "category=", "q=*", "utm_source=x"},
		{"q=--category:a", "category=a", "q=category:\"a\""},
		{"q=category:a (category:b (category:c))", "category=a&category=b&category=c"},
		{"author=A.+Roe", `q=author:"A. Roe"`},
		{"q=Peace", "q=peace", "q=%22PEACE%22", "q=p%C3%A9ace", "q=peace PEACE"},
		{"q=%22Peace, talks!%22", "q=%22peace talks%22", "q=peace-talks"},
		{"title=War,peace", "title=peace,WAR", "q=title:war OR title:Peace"},
		{"since=24h", "since=1d", "q=since:1440m", "q=since:12h720m", "q=since:\"1d\""},
		{"since=36h", "q=since:1d12h"},
		{"source=Reuters&q=%22%E5%B8%82%E8%AD%B0%E4%BC%9A%22", "q=市議会 source:Reuters"},
		{"after=2026-11-22T10:00:00%2B02:00", "after=2026-11-22T08:00:00Z"},
	}
	for _, group := range same {
		want := ""
		for i, spelling := range group {
			q, err := url.ParseQuery(spelling)
			if err != nil {
				t.Fatal(err)
			}
			s, err := FromQuery(q)
			if err != nil {
				t.Fatalf("%s: %v", spelling, err)
			}
			if i == 0 {
				want = s.String()
			} else if s.String() != want {
				t.Errorf("%s is %q, but %s is %q", spelling, s, group[0], want)
			}
		}
	}
}

func TestAFaultyFilterPointsAtTheCharacter(t *testing.T) {
	for filter, want := range map[string]string{
		"categry:a":                          `character 1: unknown field "categry"`,
		"category:a (tag:b":                  "character 18: a closing parenthesis is missing",
		"category:a )":                       `character 12: unexpected ")"`,
		`category:"a`:                        "a closing quotation mark is missing",
		`world "…" x`:                        `character 7: "…" has no letter or digit`,
		"category:a ++":                      `character 12: "++" has no letter or digit`,
		"https://example.org":                `character 1: unknown field "https": the fields are category, tag, author, lang, source, title,`,
		"title:?":                            `character 7: "?" has no letter or digit`,
		"since:yesterday":                    "character 7: since:yesterday is no span of whole minutes",
		"since:0m":                           "no span of whole minutes",
		"since:90s":                          "no span of whole minutes",
		"since:11y":                          "no span of whole minutes",
		"since:600w":                         "no span of whole minutes",
		`"` + strings.Repeat("a ", 65):       "a closing quotation mark is missing",
		`"` + strings.Repeat("a ", 65) + `"`: "a phrase of 65 words is too long",
		"OR category:a":                      "character 1: a term is missing before OR",
		"category:a OR":                      "a term is missing after OR",
		"(category:a OR )":                   "character 16: a term is missing after OR",
		"has:smell":                          "character 5: has:smell is not known",
		"after:tomorrow":                     "character 7: after:tomorrow is no date",
		"category:":                          "category needs a value",
		"-":                                  "a term is missing after the minus",
		"NOT":                                "a term is missing after the minus",
		strings.Repeat("(", 100) + "a:b":     "nested deeper",
		strings.Repeat("-", 100) + "a:b":     "nested deeper",
		strings.Repeat("tag:a ", 100):        "more than 64 terms",
		strings.Repeat("tag:a ", 1000):       "longer than",
	} {
		_, err := ParseSelector(filter)
		var fe *FilterError
		if !errors.As(err, &fe) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", filter, err, want)
		}
	}
}

func FuzzSelectorRoundTrip(f *testing.F) {
	for _, s := range []string{"category:a", `-(tag:"x y" OR author:"A \"B\" \\ C") lang:uk`, "has:image after:2026-01-02", `peace "talks of Ωμέγα" -title:OR since:90m`, `source:"Agence X" "ﷺ 市議会" not "NOT"`, "ʼn ΐ ǰ Ⅷ ㎏ ﬃ İ ẞ ᾳ が", "(((category:a)))", `tag:"-x" tag:"a,b:c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		s, err := ParseSelector(filter)
		if err != nil {
			return
		}
		printed := s.String()
		again, err := ParseSelector(printed)
		if len(printed) > MaxFilterBytes {
			return // the canonical spelling may quote more than was given
		}
		if err != nil {
			t.Fatalf("%q prints as %q, which does not parse: %v", filter, printed, err)
		}
		if again.String() != printed {
			t.Fatalf("%q prints as %q, and that as %q", filter, printed, again)
		}
		// The same articles are selected: try every assignment by a cheap hash.
		for salt := range uint32(8) {
			has := func(f Field, v string) bool {
				h := salt * 2654435761
				for _, b := range []byte(string(f) + v) {
					h = (h ^ uint32(b)) * 16777619
				}
				return h>>7&1 == 1
			}
			if s.Match(has) != again.Match(has) {
				t.Fatalf("%q and its printed form %q select differently", filter, printed)
			}
		}
	})
}

func TestFoldMakesSpellingsOne(t *testing.T) {
	for _, pair := range [][2]string{{"Économie", "ECONOMIE"}, {"  World  News ", "world news"}, {"ﬁnance", "Finance"}, {"Київ", "київ"}, {"Straße", "STRASSE"}} {
		if a, b := Fold(pair[0]), Fold(pair[1]); a != b {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", pair[0], a, pair[1], b)
		}
	}
	if Fold("а") == Fold("a") {
		t.Error("Cyrillic and Latin letters are one")
	}
}

func TestCleanKeepsOnlyWhatAFeedMayHold(t *testing.T) {
	in := "a\x00b\x0bc\x7f\u0085d\ufffde\ufdd0f\xffg\tä\nЖ🙂\U0001ffff"
	if got := Clean(in); got != "abcdefg\tä\nЖ🙂" {
		t.Errorf("%q", got)
	}
}

func TestOnlyEdgesAreDropped(t *testing.T) {
	banner, inner := "Read also: more!", "Points of attention"
	body := banner + "\n\nFirst.\n\n" + inner + "\n\n" + banner + "\n\nLast.\n\n" + inner + "\n\n*Read* also – more"
	got := DropEdges(body, []uint64{ParagraphHash(banner), ParagraphHash(inner)})
	want := "First.\n\n" + inner + "\n\n" + banner + "\n\nLast.\n"
	if got != want {
		t.Errorf("%q", got)
	}
}

func TestFingerprintsOfNearCopiesAreNear(t *testing.T) {
	text := strings.Repeat("The harbour board met on Tuesday to weigh the new dredging plan against last year's costs. ", 1) +
		"Engineers said the channel had silted faster than any survey foresaw, and asked for two more boats before winter. " +
		"Fishermen, who had waited since spring, left the hall before the vote was called."
	near := Distance(Fingerprint(text), Fingerprint(strings.Replace(text, "Tuesday", "Wednesday", 1)))
	far := Distance(Fingerprint(text), Fingerprint("A quite different article about the price of bread in the northern towns, written by somebody else entirely on another day."))
	if near >= 12 || far <= 16 || near >= far {
		t.Errorf("near copies differ in %d bits, strangers in %d", near, far)
	}
	if s := Similarity(text, strings.Replace(text, "Tuesday", "Wednesday", 1)); s < 0.95 || s >= 1 {
		t.Errorf("similarity %v", s)
	}
}

func TestSlugs(t *testing.T) {
	for in, want := range map[string]string{"Ukraine": "ukraine", "C++ / C#": "c-c", "★": "", "Україна": "ukrayina", "R&D": "r-and-d"} {
		if got := Slugify(in); got != want {
			t.Errorf("Slugify(%q) = %q, want %q", in, got, want)
		}
	}
	if n := len(Slugify(strings.Repeat("word ", 50))); n > 80 {
		t.Errorf("%d bytes", n)
	}
}
