package feed

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestOnlyAbsoluteWebAddressesAreWritten(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b=c&d=%20e#f": "https://example.org/a?b=c&d=%20e#f",
		"http://localhost:8080/rss.xml":      "http://localhost:8080/rss.xml",
		"http://[::1]:8080/":                 "http://[::1]:8080/",
		"HTTPS://Example.org/A":              "https://Example.org/A",
		" https://example.org/x ":            "https://example.org/x",
		"https://example.org/a b[1]?\"q\"":   "https://example.org/a%20b%5B1%5D?%22q%22",
		"https://example.org/?q=50%":         "https://example.org/?q=50%25",
		"https://example.org/#a#b":           "https://example.org/#a%23b",
		"https://bücher.example:81/ü":        "https://xn--bcher-kva.example:81/%C3%BC",
		"https://example.org":                "https://example.org",
		"https://u:p@example.org/":           "https://u:p@example.org/",
		"":                                   "",
		"/relative":                          "",
		"//example.org/x":                    "",
		"example.org/x":                      "",
		"javascript:alert(1)":                "",
		"data:text/html,x":                   "",
		"mailto:a@example.org":               "",
		"ftp://example.org/":                 "",
		"https:///path":                      "",
		"https:example.org":                  "",
		"https://exa<mple.org/":              "",
		"https://example.org/\x07":           "",
		"https://example.org/\xff":           "",
		"https://example.org:port/":          "",

		"https://example.org/" + strings.Repeat("x", 9000): "",
	} {
		if got := webURL(in); got != want {
			t.Errorf("webURL(%q) = %q, want %q", in, got, want)
		}
		if got := webURL(want); got != want {
			t.Errorf("webURL(%q) = %q: it is not left alone", want, got)
		}
	}
}

func TestAtomKeepsAnIRIAndStandsInForAnythingElse(t *testing.T) {
	for _, id := range []string{"urn:uuid:0a1b2c3d-1111-5222-8333-444455556666", "tag:example.org,2026:x", "https://example.org/?p=12", "https://приклад.example/ї"} {
		if got := iri(id); got != id {
			t.Errorf("iri(%q) = %q", id, got)
		}
	}
	seen := map[string]string{}
	for _, id := range []string{"12", "13", "a b", "x:", "http://exa mple.org/", "urn:x:<y>", "https://example.org/%zz", "http:/path", "https:x", "номер 5"} {
		got := iri(id)
		if !strings.HasPrefix(got, "urn:uuid:") || got != iri(id) || seen[got] != "" {
			t.Errorf("iri(%q) = %q, like that of %q", id, got, seen[got])
		}
		seen[got] = id
	}
}

func TestSchemeIsOneForAListOfTerms(t *testing.T) {
	for in, want := range map[Term]string{
		{Slug: "ukraine", URL: "https://example.org/category/ukraine/"}:    "https://example.org/category/",
		{Slug: "ukraine", URL: "https://example.org/sub/category/ukraine"}: "https://example.org/sub/category/",
		{Slug: "example.org", URL: "https://example.org/"}:                 "https://example.org/",
		{Slug: "", URL: "https://example.org/category/x/"}:                 "https://example.org/category/x/",
		{Slug: "x", URL: "category/x/"}:                                    "",
	} {
		if got := scheme(in); got != want {
			t.Errorf("scheme(%v) = %q, want %q", in, got, want)
		}
	}
}

func TestDatesAreInUTCWithAFourDigitYearOrNotThere(t *testing.T) {
	nepal := time.FixedZone("", 5*3600+45*60)
	at := time.Date(2026, 1, 1, 3, 0, 0, 999, nepal)
	if got := rfc822(at); got != "Wed, 31 Dec 2025 21:15:00 GMT" {
		t.Errorf("rfc822 is %q", got)
	}
	if got := rfc3339(at); got != "2025-12-31T21:15:00Z" {
		t.Errorf("rfc3339 is %q", got)
	}
	for _, at := range []time.Time{{}, time.Unix(1<<50, 0), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200))} {
		if got := rfc822(at) + rfc3339(at); got != "" {
			t.Errorf("%v is written as %q", at, got)
		}
	}
}

func TestExcerptIsShortAndEndsBetweenWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"short", "short"},
		{"  one\n\ntwo  ", "one two"},
		{"exactly ten", "exactly…"},
		{"one, two three", "one, two…"},
		{"日本語日本語日本語日本語", "日本語日本語日本語日…"},
		{"", ""},
	} {
		if got := excerpt(c.in, 10); got != c.want {
			t.Errorf("excerpt(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	huge := strings.Repeat("ї", 10<<20)
	if got := excerpt(huge, 10); !utf8.ValidString(got) || utf8.RuneCountInString(got) != 11 {
		t.Errorf("excerpt of 20 MB is %q", got)
	}
}

func TestPictureIsPutInOnlyWhereTheTextDoesNotShowIt(t *testing.T) {
	p := &Picture{URL: "https://example.org/a.jpg?x=1&y=2", Alt: `"quoted"`, Caption: "<b>", Width: 4, Height: 3}
	for body, want := range map[string]string{
		"<p>x</p>": `<figure><img src="https://example.org/a.jpg?x=1&amp;y=2" alt="&#34;quoted&#34;" width="4" height="3"><figcaption>&lt;b&gt;</figcaption></figure>` + "\n",
		`<img src="https://example.org/a.jpg?x=1&amp;y=2">`: "",
		`<img src="https://example.org/a.jpg?x=1&y=2">`:     "",
	} {
		if got := figure(p, body); got != want {
			t.Errorf("figure before %s is %s", body, got)
		}
	}
}

func TestOnlyWhatLooksLikeALanguageIsWritten(t *testing.T) {
	for in, want := range map[string]string{"en": "en", "uk": "uk", "pt-BR": "pt-BR", "zh-Hant-TW": "zh-Hant-TW", "": "", "english": "", "en_US": "", "e": "", "en-": "", "en us": ""} {
		if got := lang(in); got != want {
			t.Errorf("lang(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOnlyAddressesThatAreOneAreWrittenAsEmail(t *testing.T) {
	for in, want := range map[string]string{" a@b.example ": "a@b.example", "a.b+c@d-e.example": "a.b+c@d-e.example", "a": "", "a@b": "", "a b@c.example": "", "Name <a@b.example>": "", "a@b.example\r\nx": ""} {
		if got := email(in); got != want {
			t.Errorf("email(%q) = %q, want %q", in, got, want)
		}
	}
}
