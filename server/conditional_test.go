package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"feedwright/article/growth"
)

// tags draws the tag of a document, as feed.ETag makes them.
var tags = rapid.StringMatching(`[0-9a-v]{4,26}`)

func TestAnyListWithOurTagInItMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag := tags.Draw(t, "tag")
		v := variant(rapid.IntRange(0, int(variants)-1).Draw(t, "variant"))
		c := coding(rapid.IntRange(0, int(codings)-1).Draw(t, "coding"))
		ours := `"` + tag + variantSuffix[v] + suffixOf[c] + rapid.SampledFrom([]string{"", "-gzip", "--gzip", ";gzip"}).Draw(t, "mark") + `"`
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 1:
			ours = "W/" + ours
		case 2:
			ours = strings.Trim(ours, `"`)
		}
		// Others are longer than any of ours, so that none is ours by chance.
		others := rapid.SliceOfN(rapid.StringMatching(`(W/)?"[0-9a-z,; *-]{40,50}"`), 0, 4)
		before, after := others.Draw(t, "before"), others.Draw(t, "after")
		line := strings.Join(append(append(before, ours), after...), rapid.SampledFrom([]string{",", ", ", " ,\t", ",,"}).Draw(t, "comma"))
		if !ifNoneMatch([]string{line}, tag).any {
			t.Fatalf("%s does not match %s", line, tag)
		}
	})
}

func TestNoOtherTagMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag, other := tags.Draw(t, "tag"), tags.Draw(t, "other")
		if tag == other {
			t.Skip()
		}
		line := `"` + other + suffixOf[rapid.IntRange(0, int(codings)-1).Draw(t, "coding")] + `"`
		if ifNoneMatch([]string{line, "W/" + line}, tag).any {
			t.Fatalf("%s matches %s", line, tag)
		}
	})
}

func TestExactTagsAreToldApart(t *testing.T) {
	m := ifNoneMatch([]string{`"abc-gz", W/"abc-x-zst"`, `"abc-br-gzip"`}, "abc")
	if m.exact[plain] != 1<<gzipped || m.exact[viewed] != 1<<zstded {
		t.Errorf("exact %b", m.exact)
	}
}

func TestStarInsideQuotesIsNoStar(t *testing.T) {
	if ifNoneMatch([]string{`"x*"`, `"**"`}, "abc").any {
		t.Error("matched")
	}
	if !ifNoneMatch([]string{"*"}, "abc").any {
		t.Error("* did not match")
	}
}

func FuzzIfNoneMatch(f *testing.F) {
	for _, s := range []string{`"abc"`, `W/"abc-gz", *`, `abc`, `"`, `W/`, `,,,`, `"a"b"c`, "\x00", `""""`} {
		f.Add(s, "abc")
	}
	f.Fuzz(func(t *testing.T, line, tag string) {
		m := ifNoneMatch([]string{line}, tag)
		for _, e := range m.exact {
			if e != 0 && !m.any {
				t.Errorf("an exact match in %q, but none at all", line)
			}
		}
		if m.any && tag == "" {
			t.Errorf("%q matches a document without a tag", line)
		}
		if m.any && !strings.Contains(line, tag) && !strings.Contains(line, "*") {
			t.Errorf("%q matches %q", line, tag)
		}
	})
}

func TestLongListsAreReadInOnePass(t *testing.T) {
	line := strings.Repeat(`W/"x-gz-gz-gz-gz-gz",`, 50_000) + `"abc"`
	if !ifNoneMatch([]string{line}, "abc").any {
		t.Error("the last tag was not seen")
	}
	growth.Linear(t, line, func(line string) { ifNoneMatch([]string{line}, "abc") })
}

func TestIfModifiedSinceIsATimeAndNoToken(t *testing.T) {
	for ims, want := range map[string]bool{
		changed.Format(http.TimeFormat):                                     true,
		changed.Add(time.Hour).Format(http.TimeFormat):                      true,
		changed.Add(-time.Second).Format(http.TimeFormat):                   false,
		changed.Format(time.RFC850):                                         true,  // obsolete, still a date (RFC 9110 §5.6.7)
		changed.Format(time.ANSIC):                                          true,  // likewise
		now.Add(time.Second).Format(http.TimeFormat):                        false, // not yet
		time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat): false,
		"0": false, "null": false, "-1": false, changed.Format(time.RFC3339): false,
	} {
		if got := unchangedSince(ims, changed, now); got != want {
			t.Errorf("%q: %v, want %v", ims, got, want)
		}
	}
	if unchangedSince(changed.Format(http.TimeFormat), time.Time{}, now) {
		t.Error("a document without a date is unchanged since one")
	}
}
