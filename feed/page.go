package feed

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"sync"
	"time"

	"feedwright/article"
)

// Page is a page for people that lists articles: the index, a category, tag,
// author or language, a named feed, or a filter.
type Page struct {
	Channel   Channel          // the feed that the page shows: its title, its addresses in each format, its language
	Site      string           // the site's title
	Root      string           // path of the site: "/" or "/news/"
	Canonical string           // absolute URL of the page; empty keeps search engines away (a filter)
	Term      *Term            // the category, tag, author or language that the page is of, else nil
	Filter    string           // the filter that the page is of, in its canonical spelling, else empty
	Words     string           // the filter in words, else empty
	Selector  article.Selector // what the page shows, for the form
	Offer     bool             // show the form that makes a feed of terms
	Contract  *Contract        // of a private feed, else nil
	Items     []Item           // in the order to show
	Terms     []Term           // what can be chosen: any kinds, each kind in the order to show
	Zone      *time.Location   // dates are shown in it; nil means UTC
}

// ArticlePage is the page of one article.
type ArticlePage struct {
	Channel   Channel   // of the whole site
	Feeds     []Channel // of its categories: their Title and Self, for autodiscovery
	Site      string    // the site's title
	Root      string    // path of the site: "/" or "/news/"
	Canonical string    // absolute URL: this page's, or the article's own elsewhere
	Item      Item
	Terms     []Term         // what can be chosen, for the navigation
	Zone      *time.Location // dates are shown in it; nil means UTC
}

// PageType is the content type of pages.
const PageType = "text/html; charset=utf-8"

//go:embed page
var pageFiles embed.FS

// pages are the templates, parsed once, when the first page is wanted. Their
// text is the program's own, so that a fault in it is a fault in the program.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/*.html"))
})

// EncodePage renders a list of articles. Equal values give equal bytes.
func EncodePage(p *Page) ([]byte, error) {
	v, err := newListView(p)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", p.Canonical, err)
	}
	b, err := execute("list", v)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", p.Canonical, err)
	}
	return b, nil
}

// EncodeArticle renders the page of one article. Its Item.HTML goes in as it
// is: it must be sanitised and balanced.
func EncodeArticle(p *ArticlePage) ([]byte, error) {
	v, err := newArticleView(p)
	if err != nil {
		return nil, fmt.Errorf("page of article %s: %w", p.Item.ID, err)
	}
	b, err := execute("article", v)
	if err != nil {
		return nil, fmt.Errorf("page of article %s: %w", p.Item.ID, err)
	}
	return b, nil
}

// ErrorPage renders what a browser is shown instead of a document: a heading
// for the HTTP status, sentences (nil: the status's own, in the page's
// language), the terms that may have been meant, and the way home. lang is a
// BCP 47 tag, home the path of the site, "/" or "/news/".
func ErrorPage(lang string, status int, sentences []string, near []Term, home string) []byte {
	v := newErrorView(lang, status, sentences, near, home)
	b, err := execute("error", v)
	if err != nil { // never with values of these types; a person must see something all the same
		return []byte("<!DOCTYPE html><title>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</title>\n")
	}
	return b
}

func execute(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, name, view); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
