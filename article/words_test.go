package article

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWordsAreFoundAsPeopleTypeThem(t *testing.T) {
	for _, c := range []struct {
		text, words string
		want        bool
	}{
		{"The peace talks began.", "peace", true},
		{"The peace talks began.", "Peace Talks", true},
		{"The peace talks began.", "talks peace", false},
		{"The peace talks began.", "pea", false},
		{"The peace talks began.", "eace", false},
		{"Économie et ﬁnance", "economie", true},
		{"Économie et ﬁnance", "FINANCE", true},
		{"economie", "É́conomie", true}, // one accent too many
		{"Straße nach Łódź", "strasse nach lodz", true},
		{"Київ і Ґанок", "киів", true},
		{"ёлка", "елка", true},
		{"l’Ukraine d'aujourd'hui", "ukraine", true},
		{"l’Ukraine", "l'ukraine", true},
		{"exam\u00adple", "example", true},
		{"１２３ ＡＢＣ", "123 abc", true},
		{"C++ and C#", "C", true},
		{"東京都橋本市議会が開かれた。", "橋", true},
		{"東京都橋本市議会が開かれた。", "市議会", true},
		{"東京都橋本市議会が開かれた。", "議会", true},
		{"東京都橋本市議会が開かれた。", "た", true},
		{"東京都橋本市議会が開かれた。", "議市", false},
		{"東京都橋本市議会が開かれた。", "東京橋本", false},
		{"iPhone手机发布", "手机", true},
		{"iPhone手机发布", "iphone手机", true},
		{"2026年11月22日", "11月", true},
		{"데이터베이스를 만든다", "데이터", true},
		{"ภาษาไทยไม่มีช่องว่าง", "ไทย", true},
		{"हिन्दी में समाचार", "हिन्दी", true},
		{"コーヒー豆", "ヒー", true},
		{"שָׁלוֹם", "שלום", true},
		{"مُحَمَّد", "محمد", true},
		{"Diyarbakır İstanbul", "diyarbakir istanbul", true},
	} {
		p := NewPhrase(c.words)
		if got := NewText("", "", c.text).Holds(p, false); got != c.want {
			t.Errorf("%q in %q: %v (tokens %q in %q)", c.words, c.text, got, p.Tokens, Stream(c.text))
		}
		if got := NewText("", c.text, "").Holds(p, true); got {
			t.Errorf("%q is found in an empty title", c.words)
		}
	}
}

func TestAPhraseStaysWithinOnePart(t *testing.T) {
	text := NewText("Peace", "talks", "begin")
	for words, want := range map[string]bool{"peace": true, "talks": true, "begin": true, "peace talks": false, "talks begin": false} {
		if text.Holds(NewPhrase(words), false) != want {
			t.Errorf("%q: %v", words, !want)
		}
	}
	if !text.Holds(NewPhrase("PEACE"), true) || text.Holds(NewPhrase("talks"), true) {
		t.Error("title: does not look at the title alone")
	}
}

func FuzzFoldingWordsIsStable(f *testing.F) {
	for _, s := range []string{"Peace, talks!", "ʼn ΐ ǰ Ⅷ ㎏ ﬃ İ ẞ ᾳ ᾼ", "ﷺ", "が ｶﾞ ー", "한국어 각", "เก้าอี้", "a\u0301\u0328", "\u0345Α\u0345", "é̂", "🙂", "½"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := FoldWords(s)
		if again := FoldWords(folded); again != folded {
			t.Fatalf("%q folds to %q, and that to %q", s, folded, again)
		}
		if slow := foldSlowly(s); slow != folded {
			t.Fatalf("%q folds to %q by the table, to %q without", s, folded, slow)
		}
		for token := range strings.FieldsSeq(Stream(s)) {
			for i := range len(token) {
				if c := token[i]; c < utf8.RuneSelf && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
					t.Fatalf("token %q of %q", token, s)
				}
			}
			if len(token) > maxToken {
				t.Fatalf("token of %d bytes", len(token))
			}
		}
		// A text holds itself.
		if p := NewPhrase(s); len(p.Tokens) > 0 && !NewText("", "", s).Holds(p, false) {
			t.Fatalf("%q is not found in itself: %q in %q", s, p.Tokens, Stream(s))
		}
	})
}
