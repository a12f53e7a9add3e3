package tree

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

var plainTexts = []string{
	"title: The harbour\ndate: 2026-03-03 14:05:00 +0100\nlang: en\ntags: [a, b]\nsummary: \"A: summary\"\nauthors:\n  - A. Roe\n  - 'B. Poe'\ncategories:\n- Town\n\n# more\ndraft: false\n",
	"title: Привіт, світе\nnothing:\nnull_too: ~\nyes: no\ncount: 0x1F\nlist: []\nempty: \"\"\nurl: https://example.org/#top\n",
	"a: b\na: c\nb: 1e3\nc: .inf\nd: 12:30:45\ne: =\nf: <<\ng: it's\nh: a  b\ni: C#\n",
	"a:\n\n- x\n\n- y\nb: [ 'x' , \"y\", z w , C#, null ]\n",
	"title:   spaced   \nlast_mod-2: x",
}

// checkPlain says whether a text was read the plain way, which must give what
// the long one gives.
func checkPlain(t *testing.T, text string) bool {
	t.Helper()
	fast, ok := plainYAML(text)
	if !ok {
		return false
	}
	slow, err := readYAML(text)
	if err != nil {
		t.Fatalf("%q is read, and is no YAML: %v", text, err)
	}
	if !reflect.DeepEqual(fast, slow) {
		t.Fatalf("%q\nis read as  %+v\nand must be %+v", text, fast, slow)
	}
	return true
}

func TestPlainFrontMatterIsReadThePlainWay(t *testing.T) {
	for _, text := range plainTexts {
		if !checkPlain(t, text) {
			t.Errorf("declined: %q", text)
		}
	}
}

func TestWhatIsNotPlainIsDeclined(t *testing.T) {
	for _, text := range []string{
		"", "\n", "# only a comment\n", "a", "a:b", "- a", " a: b", "a: b\n c", "a: b\n- c", "a: |\n  x", "a: b # comment", "a: b: c", "a: \"b\\n\"", "a: \"b\nc\"", "a: 'it''s'",
		"a: *b", "a: &b c", "a: !!str b", "a: {b: c}", "a: [b: c]", "a: [b, ]", "a: [b, [c]]", "a: [\"b, c\"]", "a: [b", "a:\n  b: c", "a:\n- b: c", "a:\n- - b", "a:\n - b\n  - c", "a:\n-\n",
		"a:\tb", "a: b\u2028c", "a: b\x01", "\ufeffa: b", "a: \xff", "---\na: b", "a: b\n---\nc: d", "a: b\n...\n", "%YAML 1.1\n", "? a\n: b", "a: -", "a: @b", "\"a\": b", "<<: b", "a: b\r\n",
	} {
		if v, ok := plainYAML(text); ok {
			t.Errorf("%q is read as %+v", text, v)
		}
	}
}

func TestPlainYAMLIsYAML(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	pieces := strings.Split("a|title|date|: |: |:|\n|\n|\n|- |- |  |[|]|, |,|\"|'|#| #|b c|~|null|true|2026-01-02|12:30|1e3|http://x/y|é|-|?|&x|*x|!|{|}|\\|%|@|`|>|. |=|<<|...|---|\t|\u00a0|\u0085", "|")
	read := 0
	for range 200_000 {
		var b strings.Builder
		for line := range 1 + r.IntN(5) { // a name and something first, or hardly any text would be plain
			b.WriteString([]string{"a", "title", "- ", "  - ", "", "#"}[r.IntN(6)*min(line, 1)])
			b.WriteString([]string{": ", ":", ":\n- x\n", ": [", ""}[r.IntN(5)])
			for range r.IntN(4) {
				b.WriteString(pieces[r.IntN(len(pieces))])
			}
			b.WriteByte('\n')
		}
		if checkPlain(t, b.String()) {
			read++
		}
	}
	if read < 10_000 {
		t.Errorf("only %d of the texts were plain: this test tests little", read)
	}
}

func FuzzPlainYAML(f *testing.F) {
	for _, text := range plainTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkPlain(t, text) })
}
