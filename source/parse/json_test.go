package parse

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"feedwright/article"
)

func TestJSONItems(t *testing.T) {
	for name, c := range map[string]struct{ text, fields, body string }{
		"JSON Feed item": {`{"id":"x1","url":"https://e.example/1","title":"T","content_html":"<p>Hello <b>x</b></p>","date_published":"2026-01-02T03:04:05Z","tags":["a"],"authors":[{"name":"A","url":"https://e.example/a"}],"attachments":[{"url":"https://e.example/a.mp3","mime_type":"audio/mpeg","size_in_bytes":5,"duration_in_seconds":60}],"category":"Town"}`,
			`{"id":"x1","title":"T","link":"https://e.example/1","authors":[{"name":"A","url":"https://e.example/a"}],"categories":["Town"],"tags":["a"],"published":{"time":"2026-01-02T03:04:05Z","from":"file"},"attachments":[{"url":"https://e.example/a.mp3","type":"audio/mpeg","length":5,"duration":60000000000}]}`, "<p>Hello <b>x</b></p>"},
		"NewsArticle": {`{"@context":"https://schema.org","@type":"NewsArticle","headline":"T","articleBody":"One.\n\nTwo.","datePublished":"2026-01-02","author":{"name":"A"},"articleSection":["Town"],"keywords":["a","b"],"inLanguage":"en"}`,
			`{"title":"T","authors":[{"name":"A"}],"categories":["Town"],"tags":["a","b"],"lang":"en","published":{"time":"2026-01-02T00:00:00Z","day_only":true,"from":"file"}}`, "One.\n\nTwo."},
		"ninjs": {`{"uri":"urn:x:1","versioncreated":"2026-02-02T10:00:00Z","firstcreated":"2026-02-01T10:00:00Z","headline":"T","body_text":"One.","byline":"By Jane Roe","subject":[{"name":"Politics"}],"pubstatus":"withheld"}`,
			`{"id":"urn:x:1","title":"T","authors":[{"name":"Jane Roe"}],"categories":["Politics"],"published":{"time":"2026-02-01T10:00:00Z","from":"file"},"updated":{"time":"2026-02-02T10:00:00Z","from":"file"},"draft":true,"draft_why":"ninjs ` + "`pubstatus`" + ` says withheld"}`, "One."},
		"names of front matter": {`{"title":"T","date":"2026-01-02","content":"<p>x</p>","categories":["Town"]}`,
			`{"title":"T","categories":["Town"],"published":{"time":"2026-01-02T00:00:00Z","day_only":true,"from":"file"}}`, "<p>x</p>"},
	} {
		a := read(t, "a.json", c.text)
		if got := fields(t, a); got != c.fields {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.fields)
		}
		if a.Body != c.body {
			t.Errorf("%s: body %q", name, a.Body)
		}
	}
}

func TestFeedGivesOneArticleAnItem(t *testing.T) {
	text := `{"version":"https://jsonfeed.org/version/1.1","title":"F","language":"fr","authors":[{"name":"F"}],"items":[{"id":"1","content_text":"Un texte court"},{"id":"2","title":"Deux","content_html":"<p>x</p>"},{"id":"1","content_text":"encore"},{"id":"4"}]}`
	out, faults, err := parser(t, Options{}).Parse(context.Background(), File{Path: "f.json", Raw: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range out {
		got = append(got, a.Part+" "+a.Fields.Title+" "+a.Fields.Lang+" "+a.Fields.Authors[0].Name+" "+string(a.Markup))
	}
	if want := "[1 Un texte court fr F text 2 Deux fr F html 1#2 encore fr F text]"; fmt.Sprint(got) != want {
		t.Errorf("%v\nwant %v", got, want)
	}
	if len(faults) != 2 || !faults[0].Warn {
		t.Errorf("faults %+v", faults)
	}
}

func TestJSONThatIsNoArticleIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		`{"name":"pkg","version":"1.0.0","description":"x"}`: "no article",
		`{"title":`:        "ends too soon",
		"{\n\"title\": x}": "invalid character",
		`[]`:               "no article", `[1,2]`: "no article", `"x"`: "no article", `{}`: "no article", `{"title":"T"} x`: "follows",
		strings.Repeat(`[`, 100_000): "",
	} {
		f := refuse(t, "a.json", text)
		if !strings.Contains(f.Err, want) {
			t.Errorf("%.30s: %v", text, f)
		}
	}
}

func TestTextOfJSONKeepsItsParagraphs(t *testing.T) {
	a := read(t, "a.json", `{"id":"1","title":"T","content_text":"One.\n\n• a\n• b"}`)
	if a.Markup != article.PlainText || a.Body != "One.\n\n• a\n• b" {
		t.Errorf("%q", a.Body)
	}
}
