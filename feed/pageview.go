package feed

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/article/language"
)

// rightToLeft are the languages whose pages run from right to left.
var rightToLeft = map[string]bool{"ar": true, "fa": true, "he": true, "ur": true, "yi": true, "ps": true, "dv": true}

// common is what every page's template can ask for.
type common struct {
	words     *language.Language
	zone      *time.Location
	origin    string // "https://news.example.org": links within it are written as paths
	PageLang  string
	Site      string
	Root      string
	Icon      string
	Canonical string
	Feeds     []feedLink // for autodiscovery, the page's own first
	OwnFeeds  []feedLink // shown to subscribe to
	Nav       []listed
	Copyright string
	Generator string
}

func newCommon(ch *Channel, site, root, canonical string, zone *time.Location) common {
	if root == "" {
		root = "/"
	}
	if zone == nil {
		zone = time.UTC
	}
	c := common{
		words:     language.For(ch.Lang),
		zone:      zone,
		origin:    originOf(ch.Home),
		PageLang:  ch.Lang,
		Site:      line(site),
		Root:      root,
		Canonical: canonical,
		Copyright: line(ch.Copyright),
		Generator: line(ch.Generator),
	}
	if c.Site == "" {
		c.Site = line(ch.Title)
	}
	c.Icon = c.Local(ch.Icon)
	if c.Icon == "" {
		c.Icon = c.Asset(iconSVG)
	}
	c.OwnFeeds = feedLinks(ch)
	c.Feeds = c.OwnFeeds
	return c
}

// Word is a word of the page in its language.
func (c common) Word(key string) string { return c.words.Word(key) }

// Dir is "rtl" where the language runs so.
func (c common) Dir() string {
	primary, _, _ := strings.Cut(strings.ToLower(c.PageLang), "-")
	if rightToLeft[primary] {
		return "rtl"
	}
	return ""
}

// Asset is the address of a file of the pages.
func (c common) Asset(file string) string { return c.Root + "assets/" + dressed().name[file] }

// Local shortens an address of this site to its path, so that a preview under
// another host leads on within itself. Other addresses stay as they are.
func (c common) Local(u string) string {
	if rest, ok := strings.CutPrefix(u, c.origin); ok && c.origin != "" && strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "//") {
		return rest
	}
	return u
}

// ISO is an instant for machines.
func (c common) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Day is a date for people, such as "22 November 2026", as the language has it.
func (c common) Day(t time.Time) string {
	t = t.In(c.zone)
	month := c.Word(strings.ToLower(t.Month().String()))
	return strings.NewReplacer(
		"{day}", strconv.Itoa(t.Day()), "{month}", month, "{year}", strconv.Itoa(t.Year()),
	).Replace(c.Word("date"))
}

// Moment is a date and a time of day for people.
func (c common) Moment(t time.Time) string { return c.Day(t) + ", " + t.In(c.zone).Format("15:04") }

func originOf(home string) string {
	u, err := url.Parse(home)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// feedLink is one feed to subscribe to.
type feedLink struct {
	Short, Title string            // "RSS", "The Harbour Post (RSS)"
	Type         template.HTMLAttr // whole, so that its plus sign is not escaped: some readers look for it with a pattern
	URL          string
}

// feedLinks lists a channel's feeds, the most widely read format first: not
// every reader understands JSON Feed.
func feedLinks(ch *Channel) []feedLink {
	var all []feedLink
	for _, f := range []struct {
		format            Format
		short, name, kind string
	}{
		{RSS, "RSS", "RSS", "application/rss+xml"},
		{Atom, "Atom", "Atom", "application/atom+xml"},
		{JSON, "JSON", "JSON Feed", "application/feed+json"},
	} {
		if u := ch.Self[f.format]; u != "" {
			all = append(all, feedLink{f.short, line(ch.Title) + " (" + f.name + ")", template.HTMLAttr(`type="` + f.kind + `"`), u})
		}
	}
	return all
}

// listed is a term in a list, and whether it is the page's own.
type listed struct {
	Term
	Here bool
}

// shelf is the terms of one kind.
type shelf struct {
	Kind, Name  string
	First, Rest []listed
}

const (
	navTerms   = 8   // categories in the navigation
	shelfFirst = 15  // terms in view
	shelfMost  = 500 // terms at all: a page is not an index of everything
)

var shelfNames = map[article.Field]string{
	article.Category: "categories", article.Tag: "tags", article.By: "authors", article.Lang: "languages",
}

func (c common) shelves(terms []Term, here *Term) []shelf {
	var all []shelf
	for _, kind := range article.Kinds {
		s := shelf{Kind: string(kind), Name: c.Word(shelfNames[kind])}
		for _, t := range ofKind(terms, kind, here, shelfMost) {
			if len(s.First) < shelfFirst {
				s.First = append(s.First, t)
			} else {
				s.Rest = append(s.Rest, t)
			}
		}
		if len(s.First) > 1 || len(s.First) == 1 && kind != article.Lang {
			all = append(all, s)
		}
	}
	return all
}

func ofKind(terms []Term, kind article.Field, here *Term, most int) []listed {
	var all []listed
	for _, t := range terms {
		if t.Kind == kind && t.Name != "" && len(all) < most {
			all = append(all, listed{t, here != nil && here.Kind == kind && here.Slug == t.Slug})
		}
	}
	return all
}

// listView is what the template "list" sees.
type listView struct {
	common
	Title, Over, Description, Picture string
	Articles                          []itemView
	Shelves                           []shelf
	Mix                               *mixView
	Contract                          *contractView
	Data                              any
}

// Heading is the window's title.
func (v listView) Heading() string {
	if v.Title == v.Site {
		return v.Site
	}
	return v.Title + " · " + v.Site
}

func newListView(p *Page) (*listView, error) {
	v := &listView{
		common:      newCommon(&p.Channel, p.Site, p.Root, p.Canonical, p.Zone),
		Title:       line(p.Channel.Title),
		Description: block(p.Channel.Description),
		Picture:     p.Channel.Image,
	}
	switch {
	case p.Term != nil:
		v.Title, v.Over = line(p.Term.Name), v.Word(string(p.Term.Kind))
	case p.Filter != "":
		v.Title, v.Over = line(p.Filter), v.Word("filter")
		if p.Words != "" {
			v.Title = line(p.Words)
		}
	}
	if p.Offer {
		v.Mix = newMixView(v.common, p.Terms, p.Selector)
	}
	if p.Contract != nil {
		v.Contract = newContractView(v.common, p.Contract, p.Items)
		v.Feeds = nil // a private feed is announced to no reader
	}
	if v.Title == "" {
		v.Title = v.Site
	}
	if v.Description == v.Title || v.Description == line(p.Channel.Title) { // said above, and asked for by RSS alone
		v.Description = ""
	}
	v.Nav = ofKind(p.Terms, article.Category, p.Term, navTerms)
	v.Shelves = v.shelves(p.Terms, p.Term)
	for i := range p.Items {
		v.Articles = append(v.Articles, itemView{common: v.common, Item: p.Items[i], Lead: i == 0})
	}
	v.Data = v.structured()
	return v, nil
}

// articleView is what the template "article" sees.
type articleView struct {
	itemView
	Players []player
	Data    any
}

// Lede is the summary, unless the text begins with the same words: then they
// would be read twice.
func (v *articleView) Lede() string {
	s := line(v.Item.Summary)
	if strings.HasPrefix(line(v.Item.Text), strings.TrimSuffix(s, "…")) {
		return ""
	}
	return s
}

func newArticleView(p *ArticlePage) (*articleView, error) {
	c := newCommon(&p.Channel, p.Site, p.Root, p.Canonical, p.Zone)
	for i := range p.Feeds {
		c.Feeds = append(c.Feeds[:len(c.Feeds):len(c.Feeds)], feedLinks(&p.Feeds[i])...)
	}
	c.Nav = ofKind(p.Terms, article.Category, nil, navTerms)
	v := &articleView{itemView: itemView{common: c, Item: p.Item, Long: true}}
	for _, e := range p.Item.Attachments {
		if e.URL != "" {
			v.Players = append(v.Players, player{e})
		}
	}
	v.Data = v.structured(p.Channel.Icon)
	return v, nil
}

// errorView is what the template "error" sees.
type errorView struct {
	common
	Status    int
	Heading   string
	Sentences []string
	Near      []Term
}

func newErrorView(lang string, status int, sentences []string, near []Term, home string) *errorView {
	ch := Channel{Lang: lang}
	v := &errorView{common: newCommon(&ch, "", home, "", nil), Status: status, Sentences: sentences, Near: near}
	key := strconv.Itoa(status)
	if v.Heading = v.Word(key); v.Heading == key {
		v.Heading = http.StatusText(status)
	}
	if text := v.Word(key + "-text"); len(sentences) == 0 && text != key+"-text" {
		v.Sentences = []string{text}
	}
	return v
}
