package parse

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"codeberg.org/readeck/go-readability"
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedwright/article"
	"feedwright/source/parse/tree"
)

// maxPage is the most bytes of a page that the extractor of main text is given:
// beyond it, the page's own <article> or <main> is taken.
const maxPage = 3 << 20

var wholePage = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body|title|meta)[\s>]`)

// page reads HTML: a saved page, or a fragment with or without front matter.
func (r *reading) page(ctx context.Context) ([]*reading, error) {
	r.out.Markup = article.HTML
	body, before, err := r.front(r.text)
	if err != nil {
		return nil, err
	}
	if before > 0 || !wholePage.MatchString(body[:min(len(body), 64<<10)]) {
		r.fragment(body, before)
		return []*reading{r}, nil
	}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		r.unnested(body, err)
		return []*reading{r}, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.lenient, r.dump = true, true
	q := goquery.NewDocumentFromNode(doc)
	r.metadata(q)
	r.pageTitle(q)
	main := r.mainText(q, len(body))
	r.dropTitle(main)
	r.absolutise(main)
	r.out.Body = blocksOf(main)
	return []*reading{r}, nil
}

// fragment takes HTML that is no whole page as the body; blank lines part its
// blocks.
func (r *reading) fragment(body string, before int) {
	nodes, err := html.ParseFragment(strings.NewReader(body), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		r.unnested(body, err)
		return
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	q := goquery.NewDocumentFromNode(root)
	if h := q.Find("h1,h2").First(); r.out.Fields.Title == "" && h.Length() > 0 {
		r.out.Fields.Title = short(article.Line(h.Text()), 1000)
		r.note(before+1, "title", "first heading", r.out.Fields.Title)
	}
	r.out.Body = blocksOf(root)
}

// unnested takes the bare text of HTML that is nested beyond reason.
func (r *reading) unnested(body string, err error) {
	r.warn(0, "the HTML cannot be read as a tree ("+short(err.Error(), 100)+"): only its text is taken", "mend the page's elements")
	z := html.NewTokenizer(strings.NewReader(body))
	var b strings.Builder
	skip := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.out.Markup = article.PlainText
			r.out.Body = strings.Join(article.Paragraphs(article.Clean(b.String())), "\n\n")
			return
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "title", "noscript", "template":
				skip = 1 - skip
			case "p", "div", "li", "h1", "h2", "h3", "h4", "br", "tr", "section", "article":
				b.WriteString("\n\n")
			}
		}
	}
}

// The vocabularies of pages.
var (
	jsonLD = keyed(vocabulary{
		title: {"headline", "name"}, summary: {"description", "abstract"}, published: {"datepublished", "datecreated"}, updated: {"datemodified"},
		expires: {"expires"}, authors: {"author", "creator"}, categories: {"articlesection"}, tags: {"keywords"}, lang: {"inlanguage"},
		link: {"url", "mainentityofpage"}, image: {"image", "thumbnailurl"}, rights: {"license", "copyrightnotice"},
		correction: {"correction"}, comments: {"discussionurl"}, source: {"isbasedon"}, attachments: {"audio", "associatedmedia", "encoding"},
	})
	metaNames = keyed(vocabulary{
		title: {"og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "title"}, summary: {"og:description", "description", "twitter:description", "dc.description"},
		published: {"article:published_time", "article:published", "og:article:published_time", "datepublished", "date", "pubdate", "publish_date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "parsely-pub-date", "sailthru.date", "citation_publication_date"},
		updated:   {"article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified"},
		expires:   {"article:expiration_time"}, authors: {"author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author", "byl"},
		categories: {"article:section", "og:article:section", "section", "parsely-section", "category"}, tags: {"article:tag", "og:article:tag", "keywords", "news_keywords", "parsely-tags", "sailthru.tags"},
		lang: {"og:locale", "content-language", "dc.language", "language"}, image: {"og:image", "og:image:url", "twitter:image", "twitter:image:src"}, link: {"og:url"},
		rights: {"copyright", "dc.rights", "dcterms.rights"},
	})
)

// metadata reads JSON-LD, microdata, meta elements and links, best first.
func (r *reading) metadata(q *goquery.Document) {
	q.Find(`link[rel~="canonical"]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		return !r.set(link, tree.Value{Text: s.AttrOr("href", "")}, 0, "link rel=canonical")
	})
	q.Find(`script[type="application/ld+json"]`).Each(func(i int, s *goquery.Selection) {
		if i >= 20 {
			return
		}
		v, err := tree.JSON(strings.TrimSpace(s.Text()))
		if err != nil {
			r.warn(0, "a JSON-LD block cannot be read: "+short(err.Error(), 100), "mend the block; the page's other metadata is used")
			return
		}
		if a, ok := newsIn(v, 0); ok {
			r.fill(a, jsonLD, "JSON-LD", 0)
		}
	})
	r.fill(microdata(q), jsonLD, "microdata", 0)
	r.fill(metas(q), metaNames, "meta", 0)
	if l, ok := q.Find("html").Attr("lang"); ok && !r.has(lang) {
		r.set(lang, tree.Value{Text: l}, 0, "html lang")
	}
	if !r.has(published) {
		q.Find("article time[datetime], time[pubdate], time.published, header time[datetime], time[datetime]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
			return !r.set(published, tree.Value{Text: s.AttrOr("datetime", s.Text())}, 0, "time element")
		})
	}
	if !r.has(authors) {
		if a := q.Find(`[rel~="author"], .byline .author, .p-author`).First(); a.Length() > 0 && len(a.Text()) < 200 {
			r.set(authors, tree.Value{Text: article.Line(a.Text())}, 0, "rel=author")
		}
	}
	r.baseURL = r.out.Fields.Link
	if b := q.Find("base[href]").First().AttrOr("href", ""); absolute(b) {
		r.baseURL = b
	}
	if img := r.out.Fields.Image; img != nil && r.baseURL != "" && r.local(img.URL, false) == "" {
		img.URL = resolve(r.baseURL, img.URL)
	}
}

func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// newsIn finds the article among JSON-LD: alone, in a list, in @graph, or as
// the main entity of a page.
func newsIn(v tree.Value, depth int) (tree.Value, bool) {
	if depth > 5 {
		return v, false
	}
	for _, item := range v.Items() {
		if t, ok := item.Get("@type"); ok && slices.ContainsFunc(t.Items(), func(t tree.Value) bool { return articleType(t.Text) }) {
			return item, true
		}
		for _, in := range []string{"@graph", "mainEntity", "itemListElement", "item"} {
			if g, ok := item.Get(in); ok {
				if a, ok := newsIn(g, depth+1); ok {
					return a, true
				}
			}
		}
	}
	return tree.Value{}, false
}

// articleType says that a schema.org type is a kind of article.
func articleType(t string) bool {
	t = strings.TrimPrefix(strings.TrimPrefix(t, "https://schema.org/"), "http://schema.org/")
	return strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || strings.HasSuffix(t, "NewsReport") ||
		slices.Contains([]string{"Report", "Review", "LiveBlogPosting", "PodcastEpisode", "CreativeWork", "SocialMediaPosting"}, t)
}

func metas(q *goquery.Document) tree.Value {
	v := tree.Value{Kind: tree.Map}
	q.Find("meta[content]").Each(func(i int, s *goquery.Selection) {
		content := strings.TrimSpace(s.AttrOr("content", ""))
		for _, attr := range []string{"property", "name", "itemprop", "http-equiv"} {
			if name := s.AttrOr(attr, ""); name != "" && content != "" && i < 500 {
				v.Add(name, tree.Value{Text: content})
				return
			}
		}
	})
	return v
}

// microdata reads the properties of the first article that has any.
func microdata(q *goquery.Document) tree.Value {
	v := tree.Value{Kind: tree.Map}
	scope := q.Find("[itemscope][itemtype]").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return articleType(s.AttrOr("itemtype", ""))
	}).First()
	scope.Find("[itemprop]").Each(func(i int, s *goquery.Selection) {
		name := s.AttrOr("itemprop", "")
		if i > 300 || name == "articleBody" || name == "name" && s.ParentsFiltered("[itemprop]").Length() > 0 {
			return
		}
		text := article.Line(s.Text())
		if n := s.Find(`[itemprop="name"]`).First(); n.Length() > 0 {
			text = article.Line(n.Text())
		}
		for _, attr := range []string{"content", "datetime", "src", "href"} {
			if a := s.AttrOr(attr, ""); a != "" && (attr != "href" || name == "url") {
				text = a
				break
			}
		}
		if text != "" && len(text) < 2000 {
			v.Add(name, tree.Value{Text: text})
		}
	})
	return v
}

// pageTitle takes the heading of the page, or its title without the site's
// name.
func (r *reading) pageTitle(q *goquery.Document) {
	if r.has(title) {
		return
	}
	heads := q.Find("article h1, main h1, h1")
	whole := article.Line(q.Find("head title").First().Text())
	if h := article.Line(heads.First().Text()); h != "" && (heads.Length() == 1 || strings.Contains(whole, h)) {
		r.set(title, tree.Value{Text: h}, 0, "h1")
		return
	}
	site := article.Line(q.Find(`meta[property="og:site_name"]`).AttrOr("content", ""))
	for _, sep := range []string{" | ", " — ", " – ", " - ", " :: ", " · "} {
		if i := strings.LastIndex(whole, sep); i > 0 && (site != "" && same(whole[i+len(sep):], site) || sep == " | ") {
			whole = whole[:i]
			break
		}
	}
	r.set(title, tree.Value{Text: whole}, 0, "title element")
}

// mainText extracts the article from the page, else takes what the page calls
// its article.
func (r *reading) mainText(q *goquery.Document, size int) *html.Node {
	all := len(strings.Fields(q.Find("body").Text()))
	if size <= maxPage {
		a, err := readability.FromDocument(q.Get(0), nil)
		if err == nil && a.Node != nil {
			if n := len(strings.Fields(a.TextContent)); n > 0 && (n*8 > all || n > 100) {
				r.note(0, "body", "main text of the page", "")
				return a.Node
			}
		}
	}
	q.Find("script, style, noscript, template, nav, form, aside, iframe, body > header, body > footer").Remove()
	for _, sel := range []string{`[itemprop="articleBody"]`, "article", "main", "[role=main]", "body"} {
		if s := q.Find(sel).First(); s.Length() > 0 && (strings.TrimSpace(s.Text()) != "" || sel == "body") {
			r.note(0, "body", "the page's "+sel, "")
			return s.Get(0)
		}
	}
	return q.Get(0)
}

// absolutise resolves what is relative in a saved page against the page's own
// address, but for files that were saved beside it.
func (r *reading) absolutise(main *html.Node) {
	if r.baseURL == "" {
		return
	}
	goquery.NewDocumentFromNode(main).Find("[src], [href], [poster]").Each(func(_ int, s *goquery.Selection) {
		for i, a := range s.Get(0).Attr {
			if a.Key != "src" && a.Key != "href" && a.Key != "poster" || strings.HasPrefix(a.Val, "#") || r.local(a.Val, false) != "" {
				continue
			}
			s.Get(0).Attr[i].Val = resolve(r.baseURL, a.Val)
		}
	})
}

// dropTitle takes the first heading away if it repeats the title.
func (r *reading) dropTitle(main *html.Node) {
	h := goquery.NewDocumentFromNode(main).Find("h1, h2").First()
	if h.Length() > 0 && same(article.Line(h.Text()), r.out.Fields.Title) {
		h.Remove()
		r.note(0, "heading", "repeats the title: not shown again", r.out.Fields.Title)
	}
}
