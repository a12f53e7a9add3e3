package parse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"feedwright/article"
	"feedwright/source/parse/tree"
)

// The vocabularies of JSON items.
var (
	jsonFeed = keyed(vocabulary{
		id: {"id"}, title: {"title"}, summary: {"summary"}, published: {"date_published"}, updated: {"date_modified"},
		authors: {"authors", "author"}, tags: {"tags"}, lang: {"language"}, link: {"url"}, image: {"image", "banner_image"},
		attachments: {"attachments"}, related: {"external_url"},
	})
	ninjs = keyed(vocabulary{
		id: {"uri"}, title: {"headline", "headlines", "title"}, summary: {"description_text", "descriptions"}, published: {"embargoed", "firstcreated", "contentcreated", "versioncreated"},
		updated: {"versioncreated"}, expires: {"expires"}, authors: {"people_authors", "by", "byline"}, lang: {"language"}, tags: {"keywords", "keyword"},
		rights: {"copyrightnotice", "usageterms", "copyrightholder"}, categories: {"subject", "subjects"}, slug: {"slugline"}, status: {"pubstatus"}, correction: {"ednote"},
	})
)

// json reads a JSON Feed item or a whole feed, a schema.org article, an IPTC
// ninjs item, a list of such, or any object with the names of front matter.
func (r *reading) json(context.Context) ([]*reading, error) {
	v, err := tree.JSON(r.text)
	if err != nil {
		var te *tree.Error
		line := 0
		if errors.As(err, &te) {
			line = te.Line
		}
		return nil, r.fault(line, "JSON: "+err.Error(), "mend it there; a JSON checker shows the place")
	}
	items, many := v.Items(), v.Kind == tree.List
	if in, ok := v.Get("items"); ok && v.Kind == tree.Map && in.Kind == tree.List && !hasContent(v) {
		items, many = in.List, true
	} else if a, ok := newsIn(v, 0); ok {
		items, many = []tree.Value{a}, false
	}
	if many {
		return r.many(v, items)
	}
	if len(items) == 0 || items[0].Kind != tree.Map || !r.item(items[0]) {
		return nil, r.fault(0, "no article is in this JSON", "it needs a title and a text, as a JSON Feed item, a schema.org NewsArticle or an IPTC ninjs item has")
	}
	return []*reading{r}, nil
}

// many makes one reading an item; items that are no articles are named.
func (r *reading) many(feed tree.Value, items []tree.Value) ([]*reading, error) {
	const maxItems = 20_000
	if len(items) > maxItems {
		return nil, r.fault(0, fmt.Sprintf("%d items, at most %d are read", len(items), maxItems), "split the file")
	}
	var out []*reading
	seen := map[string]int{}
	for i, item := range items {
		one := &reading{p: r.p, f: r.f, text: r.text}
		if item.Kind != tree.Map || !one.item(item) {
			r.warn(0, "item "+strconv.Itoa(i+1)+" holds no article", "give it an id and a text")
			continue
		}
		part := item.First("id", "uri", "@id", "guid", "url")
		if part == "" {
			part = strconv.Itoa(i + 1)
		}
		if seen[part]++; seen[part] > 1 {
			r.warn(0, "the id "+strconv.Quote(short(part, 100))+" is given twice", "give each item its own id")
			one.out.Fields.ID = ""
			part += "#" + strconv.Itoa(seen[part])
		}
		one.out.Part = short(part, 500)
		if one.out.Fields.Lang == "" {
			if l, ok := feed.Get("language"); ok {
				one.set(lang, l, 0, "the feed's `language`")
			}
		}
		if len(one.out.Fields.Authors) == 0 {
			for _, name := range []string{"authors", "author"} {
				if a, ok := feed.Get(name); ok && one.set(authors, a, 0, "the feed's `"+name+"`") {
					break
				}
			}
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, r.fault(0, "no article is in this JSON", "give each item an id and a text")
	}
	return out, nil
}

// contents are the names a text goes by, and its markup.
var contents = []struct {
	name   string
	markup article.Markup
}{
	{"content_html", article.HTML}, {"body_html", article.HTML}, {"body_xhtml", article.HTML}, {"content_text", article.PlainText}, {"body_text", article.PlainText},
	{"articleBody", article.PlainText}, {"markdown", article.Markdown}, {"content_markdown", article.Markdown}, {"content", article.HTML}, {"body", article.HTML}, {"html", article.HTML}, {"text", article.PlainText},
}

func hasContent(v tree.Value) bool {
	return slices.ContainsFunc(contents, func(c struct {
		name   string
		markup article.Markup
	}) bool {
		return v.First(c.name) != ""
	})
}

// item reads one object; false if it holds no article.
func (r *reading) item(v tree.Value) bool {
	r.out.Markup = article.HTML
	text, markup, name := contentOf(v)
	names, kind := r.vocabularyOf(v)
	r.fill(v, names, kind, 0)
	if text == "" && (r.out.Fields.Title == "" || kind == "JSON" || r.out.Fields.Summary == "" && r.out.Fields.Link == "") {
		return false
	}
	if text == "" {
		text, markup, name = r.out.Fields.Summary, article.PlainText, "summary"
	}
	r.note(0, "body", kind+" `"+name+"`", "")
	r.out.Markup = markup
	switch markup {
	case article.HTML:
		r.fragment(text, 0)
	case article.PlainText:
		t := &textBlocks{r: r, ls: linesOf(text, 0)}
		r.out.Body = joinBlocks(t.blocks())
	default:
		r.asMarkdown(text, 0)
	}
	return true
}

// vocabularyOf tells what an object is by the names only it uses.
func (r *reading) vocabularyOf(v tree.Value) (vocabulary, string) {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, ok := v.Get(n); return ok })
	}
	switch {
	case has("@type", "articleBody"):
		return jsonLD, "JSON-LD"
	case has("versioncreated", "body_xhtml", "body_text", "bodies", "pubstatus", "description_text"):
		return ninjs, "ninjs"
	case has("content_html", "content_text", "date_published"):
		return r.own(jsonFeed), "JSON Feed"
	}
	return r.p.names, "JSON"
}

// own adds the front matter's names after a vocabulary's, so that an item may
// carry fields that its format does not know, such as category and expires.
func (r *reading) own(v vocabulary) vocabulary {
	out := vocabulary{}
	for _, f := range order {
		out[f] = slices.Concat(v[f], r.p.names[f])
	}
	return out
}

// contentOf finds the text of an object.
func contentOf(v tree.Value) (text string, m article.Markup, name string) {
	for _, c := range contents {
		t := v.First(c.name)
		if t == "" {
			continue
		}
		if c.markup == article.HTML && !strings.Contains(t, "<") {
			return t, article.PlainText, c.name
		}
		return t, c.markup, c.name
	}
	if bodies, ok := v.Get("bodies"); ok { // ninjs 2
		for _, b := range bodies.Items() {
			if t := b.First("value"); t != "" {
				if strings.Contains(b.First("contenttype", "format", "role"), "text/plain") {
					return t, article.PlainText, "bodies"
				}
				return t, article.HTML, "bodies"
			}
		}
	}
	return "", article.HTML, ""
}
