package parse

import (
	"context"
	"strings"

	"feedwright/article"
)

// markdown reads Markdown: front matter or headers, and a body that stays as it
// is, template tags and all.
func (r *reading) markdown(context.Context) ([]*reading, error) {
	body, before, err := r.front(r.text)
	if err != nil {
		return nil, err
	}
	if before == 0 {
		body, before, _ = r.headers(body)
	}
	r.asMarkdown(body, before)
	return []*reading{r}, nil
}

// asMarkdown takes body, which starts after so many lines, as the article's.
func (r *reading) asMarkdown(body string, before int) {
	r.out.Markup = article.Markdown
	r.out.Body = strings.Trim(body, "\n")
	head, line := firstHeading(body)
	switch {
	case head == "":
	case r.out.Fields.Title == "":
		r.out.Fields.Title = short(head, 500)
		r.note(before+line, "title", "first heading", head)
	case same(head, r.out.Fields.Title):
		r.note(before+line, "heading", "repeats the title: not shown again", head)
	}
}

// firstHeading finds a heading that opens the text, and its line: "# News" or
// a line underlined with = or -.
func firstHeading(body string) (text string, line int) {
	prev := ""
	for l := range strings.Lines(body) {
		line++
		s := strings.TrimSpace(l)
		switch {
		case s == "" && prev == "", line > 40:
			continue
		case prev != "":
			if s != "" && (strings.Trim(s, "=") == "" || len(s) > 2 && strings.Trim(s, "-") == "") {
				return plain(prev), line - 1
			}
			return "", 0
		case strings.HasPrefix(s, "#"):
			h := strings.TrimLeft(s, "#")
			if level := len(s) - len(h); level <= 6 && (h == "" || h[0] == ' ' || h[0] == '\t') {
				h = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(h), "#"))
				if i := strings.LastIndex(h, "{#"); i > 0 && strings.HasSuffix(h, "}") {
					h = h[:i]
				}
				return plain(h), line
			}
			return "", 0
		case passed(s):
			continue
		}
		prev = s
	}
	return "", 0
}

// passed are lines before a heading that are no text: MDX imports, template
// tags, a picture alone, comments.
func passed(s string) bool {
	for _, p := range []string{"import ", "export ", "{{", "{%", "![", "<!--", "<img", "%%"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
