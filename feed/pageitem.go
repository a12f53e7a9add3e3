package feed

import (
	"html/template"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"feedwright/article"
)

// teaser is how many runes of an article's text stand in for a summary.
const teaser = 240

// itemView is one article on a page.
type itemView struct {
	common
	Item
	Lead bool // the first of a list
	Long bool // the page is the article's own
}

// Heading is the article's title, or the start of its text if it has none.
func (v itemView) Heading() string {
	if t := line(v.Title); t != "" {
		return t
	}
	if t := excerpt(v.Text, 80); t != "" {
		return t
	}
	return v.Day(v.Published)
}

// Teaser is the summary, or the start of the text if there is none.
func (v itemView) Teaser() string {
	if s := line(v.Summary); s != "" {
		return s
	}
	return excerpt(v.Text, teaser)
}

// ForeignLang is the article's language where it is not the page's.
func (v itemView) ForeignLang() string {
	if strings.EqualFold(v.Item.Lang, v.PageLang) {
		return ""
	}
	return v.Item.Lang
}

// WasUpdated says whether there is a correction to tell of.
func (v itemView) WasUpdated() bool { return v.Updated.After(v.Published) }

// Authors are the names to show; an address is never shown.
func (v itemView) Authors() []article.Author {
	var all []article.Author
	for _, a := range v.Item.Authors {
		if a.Name != "" {
			all = append(all, a)
		}
	}
	return all
}

// Body is the article's text. It was sanitised when it was rendered, and the
// page's Content-Security-Policy runs no script whatever comes.
func (v itemView) Body() template.HTML { return template.HTML(v.HTML) }

// Figure is the main picture, unless the body shows it already.
func (v itemView) Figure() *Picture {
	if v.Image == nil || v.Image.URL == "" || strings.Contains(v.HTML, template.HTMLEscapeString(v.Image.URL)) {
		return nil
	}
	return v.Image
}

// player is an attachment to hear, watch or fetch.
type player struct{ Enclosure }

// Kind is audio, video or empty.
func (p player) Kind() string {
	major, _, _ := strings.Cut(p.Type, "/")
	if major == "audio" || major == "video" {
		return major
	}
	return ""
}

// Name is the attachment's title, or its file's name.
func (p player) Name() string {
	if t := line(p.Title); t != "" {
		return t
	}
	file, _, _ := strings.Cut(p.URL, "?")
	if name, err := url.PathUnescape(path.Base(file)); err == nil {
		return line(name)
	}
	return path.Base(file)
}

// Facts are length and size: "12:05, 8.4 MB".
func (p player) Facts() string {
	var facts []string
	if s := int(p.Duration.Round(time.Second).Seconds()); s > 0 {
		facts = append(facts, clock(s))
	}
	if p.Length > 0 {
		facts = append(facts, size(p.Length))
	}
	return strings.Join(facts, ", ")
}

func clock(s int) string {
	two := func(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }
	if s < 3600 {
		return strconv.Itoa(s/60) + ":" + two(s%60)
	}
	return strconv.Itoa(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
}

func size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1_000_000:
		return strconv.FormatInt(n/1000, 10) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

// object is a thing of schema.org, as JSON-LD has it. encoding/json sorts its
// keys, so that equal pages have equal bytes.
type object map[string]any

func thing(kind string, pairs ...any) object {
	o := object{"@type": kind}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.put(pairs[i].(string), pairs[i+1])
	}
	return o
}

// put leaves out what is empty.
func (o object) put(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []object:
		if len(v) == 0 {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	}
	o[key] = value
}

// structured is the page as schema.org's CollectionPage.
func (v *listView) structured() object {
	var list []object
	for i, it := range v.Articles {
		list = append(list, thing("ListItem", "position", i+1, "url", it.URL, "name", it.Heading()))
	}
	o := thing("CollectionPage", "@context", "https://schema.org", "name", v.Title, "url", v.Canonical,
		"description", v.Description, "inLanguage", v.PageLang)
	o.put("isPartOf", thing("WebSite", "name", v.Site, "url", v.origin+v.Root))
	o.put("mainEntity", thing("ItemList", "itemListElement", list))
	return o
}

// structured is the article as schema.org's NewsArticle.
func (v *articleView) structured(logo string) object {
	lang := v.Item.Lang
	if lang == "" {
		lang = v.PageLang
	}
	o := thing("NewsArticle", "@context", "https://schema.org", "headline", excerpt(v.Heading(), 110),
		"description", v.Teaser(), "datePublished", v.ISO(v.Published), "dateModified", v.ISO(v.Updated),
		"inLanguage", lang, "mainEntityOfPage", v.Canonical, "url", v.Canonical,
		"copyrightNotice", line(v.Rights), "correction", line(v.Correction),
		"articleSection", names(v.Categories), "keywords", names(v.Tags))
	var people []object
	for _, a := range v.Authors() {
		people = append(people, thing("Person", "name", a.Name, "url", a.URL))
	}
	o.put("author", people)
	if v.Image != nil {
		o.put("image", v.Image.URL)
	}
	if v.Source != nil {
		o.put("isBasedOn", v.Source.URL)
	}
	publisher := thing("Organization", "name", v.Site, "url", v.origin+v.Root)
	publisher.put("logo", logo)
	o.put("publisher", publisher)
	return o
}

func names(terms []Term) []string {
	var all []string
	for _, t := range terms {
		all = append(all, t.Name)
	}
	return all
}
