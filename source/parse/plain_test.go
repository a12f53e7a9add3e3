package parse

import (
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"feedwright/article"
)

// everyMark is plain without a look for signs.
func everyMark(s string) string {
	if strings.ContainsAny(s, "<{&*_[`~") {
		for _, m := range marks {
			s = m.re.ReplaceAllString(s, m.with)
		}
		s = html.UnescapeString(s)
	}
	return article.Line(s)
}

func TestLookingForSignsLosesNoMark(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	pieces := strings.Fields("a é word * ** _ __ ~~ ` `` < > </b> <b> <!-- --> { } {{ }} {{< >}} {% %} [ ] [[ ]] [a](b) ![a](b) [a|b] &amp; &lt;b&gt; & \\* snake_case")
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(14) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		if got, want := plain(b.String()), everyMark(b.String()); got != want {
			t.Fatalf("plain(%q) = %q, want %q", b.String(), got, want)
		}
	}
}

func TestPlainKeyIsAKey(t *testing.T) {
	for line, want := range map[string]bool{"title: x": true, "last_mod:": true, "Title: x": false, "a b: c": false, "title": false, ": x": false, "": false, "été: x": false, "a1: x": false} {
		if got := plainKey(line); got != want || got && !keyLine.MatchString(line) {
			t.Errorf("plainKey(%q) = %v, keyLine matches: %v", line, got, keyLine.MatchString(line))
		}
	}
}
