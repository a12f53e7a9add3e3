package parse

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

// fields gives what front matter says, as JSON without the empty.
func fields(t *testing.T, a article.Parsed) string {
	t.Helper()
	b, err := json.Marshal(a.Fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFrontMatterOfManyGenerators(t *testing.T) {
	for name, c := range map[string]struct{ front, want string }{
		"hugo yaml":       {"---\ntitle: \"A: B\"\ndate: 2026-03-03T14:05:00+01:00\nlastmod: 2026-03-04\nexpires: 2027-01-01\ntags: [a, b]\ncategories:\n  - X\n---\n", `{"title":"A: B","categories":["X"],"tags":["a","b"],"published":{"time":"2026-03-03T14:05:00+01:00","from":"file"},"updated":{"time":"2026-03-04T00:00:00Z","day_only":true,"from":"file"},"expires":{"time":"2027-01-01T00:00:00Z","day_only":true,"from":"file"}}`},
		"hugo toml":       {"+++\ntitle = \"A\"\ndate = 2026-03-03T14:05:00+01:00\ndraft = true\n[taxonomies]\ntags = [\"a\"]\n[params]\nauthor = \"J. Roe\"\n+++\n", `{"title":"A","authors":[{"name":"J. Roe"}],"tags":["a"],"published":{"time":"2026-03-03T14:05:00+01:00","from":"file"},"draft":true,"draft_why":"front matter ` + "`draft`" + ` says true"}`},
		"toml local date": {"+++\ntitle = \"A\"\ndate = 2026-03-03\nupdated = 2026-03-04 10:00:00\n+++\n", `{"title":"A","published":{"time":"2026-03-03T00:00:00Z","day_only":true,"from":"file"},"updated":{"time":"2026-03-04T10:00:00Z","from":"file"}}`},
		"json":            {"{\n\"title\": \"A\",\n\"tags\": [\"a\"]\n}\n", `{"title":"A","tags":["a"]}`},
		"json fence":      {"---json\n{\"title\": \"A\"}\n---\n", `{"title":"A"}`},
		"jekyll":          {"---\nlayout: post\ntitle: Foo: the bar\ndate: 2026-03-03 9:05:00 -0500\npublished: false\ncategories: [a, b]\n---\n", `{"title":"Foo: the bar","categories":["a","b"],"published":{"time":"2026-03-03T09:05:00-05:00","from":"file"},"draft":true,"draft_why":"front matter ` + "`published`" + ` says false"}`},
		"ghost":           {"---\ntitle: A\nstatus: draft\nfeature_image: https://e.example/a.png\npublished_at: 2026-03-03T14:05:00.000Z\ncustom_excerpt: Short\n---\n", `{"title":"A","summary":"Short","published":{"time":"2026-03-03T14:05:00Z","from":"file"},"draft":true,"draft_why":"front matter ` + "`status`" + ` says draft","image":{"url":"https://e.example/a.png"}}`},
		"image map":       {"---\ntitle: A\nfeatured_image:\n  src: https://e.example/a.png\n  alt: An *alt*\n  caption: Cap\n---\n", `{"title":"A","image":{"url":"https://e.example/a.png","alt":"An alt","caption":"Cap"}}`},
		"image uid":       {"---\ntitle: A\nfeatured_image:\n  uid: some-id\n  alt: x\n---\n", `{"title":"A"}`},
		"authors":         {"---\ntitle: A\nauthors:\n  - J. Roe\n  - name: B. Poe\n    email: b@e.example\n    url: https://e.example/b\n---\n", `{"title":"A","authors":[{"name":"J. Roe"},{"name":"B. Poe","email":"b@e.example","url":"https://e.example/b"}]}`},
		"author line":     {"---\ntitle: A\nauthor: By Jane Roe, Bob Poe and C. Doe <c@e.example>\n---\n", `{"title":"A","authors":[{"name":"Jane Roe"},{"name":"Bob Poe"},{"name":"C. Doe","email":"c@e.example"}]}`},
		"obsidian":        {"---\ntitle: A\ntags:\n  - \"#one\"\n  - two\npublish: true\ncreated: 2026-03-03\n---\n", `{"title":"A","tags":["one","two"],"published":{"time":"2026-03-03T00:00:00Z","day_only":true,"from":"file"}}`},
		"links":           {"---\ntitle: A\nsource_url: https://e.example/a\nsource: The Wire\nslug: a-b\nid: tag:x,1\nvia: https://v.example/\ncomments: true\nlicense: CC BY 4.0\n---\n", `{"id":"tag:x,1","title":"A","slug":"a-b","link":"https://e.example/a","source":{"rel":"source","title":"The Wire"},"rights":"CC BY 4.0","links":[{"rel":"via","url":"https://v.example/"}]}`},
		"relative link":   {"---\ntitle: A\npermalink: /a/b/\n---\n", `{"title":"A"}`},
		"feeds":           {"---\ntitle: A\nfeed: false\nfeeds: [partner]\ncorrection: \"A *name* was wrong.\"\n---\n", `{"title":"A","no_feed":true,"feeds":["partner"],"correction":"A name was wrong."}`},
		"enclosure":       {"---\ntitle: A\nenclosure:\n  url: https://e.example/a.mp3\n  type: audio/mpeg\n  length: 123\n  duration: \"1:02:03\"\n---\n", `{"title":"A","attachments":[{"url":"https://e.example/a.mp3","type":"audio/mpeg","length":123,"duration":3723000000000}]}`},
		"crlf and bom":    {"\ufeff---\r\ntitle: A\r\ntags:\r\n- a\r\n---\r\n", `{"title":"A","tags":["a"]}`},
		"dots":            {"---\ntitle: A\n...\n", `{"title":"A"}`},
		"spaces":          {"---   \ntitle: A\n---  \n", `{"title":"A"}`},
		"comments first":  {"---\n# a comment\n\ntitle: A\n---\n", `{"title":"A"}`},
		"tabs":            {"---\ntitle: A\ntags:\n\t- a\n---\n", `{"title":"A","tags":["a"]}`},
		"brackets":        {"---\ntitle: [Update] The bridge\n---\n", `{"title":"[Update] The bridge"}`},
		"quotes":          {"---\ntitle: \"The bridge\" is open\n---\n", `{"title":"\"The bridge\" is open"}`},
		"at sign":         {"---\ntitle: @home\nsummary: 100% sure: yes\n---\n", `{"title":"@home","summary":"100% sure: yes"}`},
		"plain texts":     {"---\ntitle: \"**Bold** &#8220;x&#8221; <b>y</b> {{< ref \\\"z\\\" >}}_em_ snake_case a < b\"\n---\n", `{"title":"Bold “x” y em snake_case a \u003c b"}`},
		"null and empty":  {"---\ntitle: A\ntags:\ncategories: []\nsummary: ~\ndate:\n---\n", `{"title":"A"}`},
		"headers":         {"Title: A\nTags: a, b\nDate: 2026-03-03\n\n", `{"title":"A","tags":["a","b"],"published":{"time":"2026-03-03T00:00:00Z","day_only":true,"from":"file"}}`},
		"anchor":          {"---\nx: &x\n  - a\ntitle: A\ntags: *x\n---\n", `{"title":"A","tags":["a"]}`},
	} {
		a := read(t, "a.md", c.front+"Some body {{< shortcode >}} stays.\n")
		if got := fields(t, a); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if a.Body != "Some body {{< shortcode >}} stays." || a.Markup != article.Markdown {
			t.Errorf("%s: body %q", name, a.Body)
		}
	}
}

func TestOwnersFieldNamesComeFirst(t *testing.T) {
	p := parser(t, Options{Fields: map[string][]string{"categories": {"topics"}, "title": {"Über Titel", "x.name"}}})
	out, _, err := p.Parse(context.Background(), File{Path: "a.md", Raw: []byte("---\ntitle: no\nx: {name: Yes}\ncategories: [no]\ntopics: [a, b]\n---\nx")})
	if err != nil {
		t.Fatal(err)
	}
	if x := out[0].Fields; x.Title != "Yes" || !slices.Equal(x.Categories, []string{"a", "b"}) {
		t.Errorf("%+v", x)
	}
	if n := out[0].Trace[0]; n.What != "title" || n.Rule != "front matter `x.name`" {
		t.Errorf("trace %+v", n)
	}
}

func TestRuleIsNoFrontMatter(t *testing.T) {
	for _, text := range []string{"---\n\nSome text.\n\n---\n\nMore.", "---\nSome text, and no key\n", "+++\nPlus signs\n", "***\ntext"} {
		if a := read(t, "a.md", text); !strings.Contains(a.Body, text[:3]) {
			t.Errorf("%q: body %q", text, a.Body)
		}
	}
}

func TestFaultyFrontMatterNamesItsLine(t *testing.T) {
	for text, line := range map[string]int{
		"---\ntitle: A\n\nText.":                          1,
		"\n\n---\ntitle: A\n\nText.":                      3,
		"+++\ntitle = \"A\"\n\nText.":                     1,
		"---\ntitle: A\ntags: [a\nb: c\n---\nx":           0,
		"+++\ntitle = \"A\"\ntags = [a\n+++\nx":           3,
		"{\"title\": \"A\",\n\"x\": }\ntext":              2,
		"---\ntitle: A\ndate: yesterday\n---\nx":          3,
		"---\ntitle: A\ndraft: perhaps\n---\nx":           3,
		"---\ntitle: A\n\nexpires: 2026-02-30\n---\nx":    4,
		"+++\ntitle = \"A\"\ndate = \"the day\"\n+++\nx":  3,
		"{\n\"title\": \"A\",\n\"date\": \"today\"\n}\nx": 3,
	} {
		if f := refuse(t, "notes/a.md", text); f.Line != line && line > 0 {
			t.Errorf("%q: line %d, want %d: %v", text, f.Line, line, f)
		}
	}
}

func TestUnlikelyYearIsAWarning(t *testing.T) {
	_, faults, err := parser(t, Options{}).Parse(context.Background(), File{Path: "a.md", Raw: []byte("---\ndate: 2206-03-03\n---\nx"), ModTime: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(faults) != 1 || !faults[0].Warn || faults[0].Line != 2 {
		t.Errorf("%+v, %v", faults, err)
	}
}

func TestHeadingThatRepeatsTheTitleIsNoted(t *testing.T) {
	a := read(t, "a.md", "---\ntitle: The bridge\n---\n\n# The Bridge\n\nText.")
	if !slices.ContainsFunc(a.Trace, func(n article.Note) bool { return n.What == "heading" && n.Line == 5 }) {
		t.Errorf("trace %+v", a.Trace)
	}
}

func TestDraftsByAnyName(t *testing.T) {
	for front, draft := range map[string]bool{"draft: true": true, "draft: yes": true, "draft: false": false, "status: Private": true, "status: published": false, "visibility: hidden": true, "publish: false": true, "published: false": true, "published: true": false, "post_status: future": false, "private: true": true} {
		if a := read(t, "a.md", "---\n"+front+"\n---\nx"); a.Fields.Draft != draft {
			t.Errorf("%s: draft %v", front, a.Fields.Draft)
		}
	}
}

func TestTextWithFrontMatterOrMarkdown(t *testing.T) {
	if a := read(t, "a.txt", "---\ntitle: A\n---\nOne line.\n\n• b\n"); a.Fields.Title != "A" || a.Markup != article.PlainText || a.Body != "One line.\n\n• b" {
		t.Errorf("%+v", a)
	}
	if a := read(t, "a.txt", "# A\n\nText with [a link](https://e.example/).\n"); a.Fields.Title != "A" || a.Markup != article.Markdown {
		t.Errorf("%+v", a)
	}
	if a := read(t, "a.txt", "Title: A\nTags: x\n\n## B\n\n![p](/a.png)\n"); a.Markup != article.Markdown {
		t.Errorf("%+v", a)
	}
}

func TestExpiryOfAnotherProgramCountsOnlyWhereTheOwnerSaysSo(t *testing.T) {
	raw := "---\ntitle: Old news\ndate: 2019-03-03\nexpiryDate: 2020-01-01\n---\nIt is still here.\n"
	for _, own := range []map[string][]string{nil, {"expires": {"expiryDate"}}} {
		p, err := New(Options{Fields: own})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := p.Parse(t.Context(), File{Path: "old.md", Raw: []byte(raw)})
		if err != nil || len(got) != 1 {
			t.Fatalf("%v %v", got, err)
		}
		if a := got[0]; a.Fields.Expires.IsZero() != (own == nil) {
			t.Errorf("fields %v: expires %v", own, a.Fields.Expires)
		} else if own == nil && !slices.ContainsFunc(a.Trace, func(n article.Note) bool { return n.What == "not used" && n.Line == 4 }) {
			t.Errorf("the trace does not tell of it: %+v", a.Trace)
		}
	}
}

func TestOneTitleLineIsAHeader(t *testing.T) {
	p, err := New(Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.md", "a.txt"} {
		got, _, err := p.Parse(t.Context(), File{Path: name, Raw: []byte("Title: The slow clock\n\nIt is four minutes late.\n")})
		if err != nil || len(got) != 1 || got[0].Fields.Title != "The slow clock" || got[0].Body != "It is four minutes late." {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestAShortTextHasTheSitesLanguage(t *testing.T) {
	p, err := New(Options{Lang: "pl"})
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := p.Parse(t.Context(), File{Path: "a.md", Raw: []byte("---\ntitle: Most\n---\nMost.\n")})
	if err != nil || got[0].Fields.Lang != "pl" {
		t.Errorf("%+v %v", got, err)
	}
}
