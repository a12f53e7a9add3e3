package parse

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feedwright/article"
)

// saved is a page as a browser saves it; head and main differ from test to test.
func saved(head, main string) string {
	return `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Der Hafen - Küstenblatt</title>` + head +
		`</head><body><nav><a href="/">Start</a><a href="/sport">Sport</a></nav><article><h1>Der Hafen</h1>` + main +
		`</article><aside>Werbung für Boote</aside><footer>Impressum und Kontakt</footer></body></html>`
}

const (
	p1 = "<p>Der Hafen von Nordstadt wird im kommenden Jahr um zwei Becken erweitert, wie die Verwaltung am Dienstag mitteilte, und das wird viel Geld kosten.</p>"
	p2 = "<p>Die Arbeiten beginnen im <a href=\"/fruehling\">Frühling</a>, sagte die Leiterin, und dauern drei Jahre, wenn das Wetter es zulässt.</p>"
)

func TestPageIsReadByItsMetadata(t *testing.T) {
	ld := `<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"x"},{"@type":["NewsArticle"],"headline":"Der Hafen &amp; die Stadt","datePublished":"2026-03-03T14:05:00+01:00","dateModified":"2026-03-04T10:00:00+01:00","author":[{"@type":"Person","name":"Ina Ruh","url":"https://k.example/ina"}],"articleSection":"Wirtschaft","keywords":"Hafen, Schiffe","image":{"url":"https://k.example/a.jpg"}}]}</script>`
	og := `<meta property="og:title" content="Der Hafen &amp; die Stadt"><meta property="article:published_time" content="2026-03-03T14:05:00+01:00"><meta property="article:modified_time" content="2026-03-04T10:00:00+01:00"><meta name="author" content="Ina Ruh"><meta property="article:section" content="Wirtschaft"><meta property="article:tag" content="Hafen"><meta property="article:tag" content="Schiffe"><meta property="og:image" content="/a.jpg">`
	for name, head := range map[string]string{"JSON-LD": ld, "OpenGraph": og} {
		a := read(t, "k/hafen.html", saved(head+`<link rel="canonical" href="https://k.example/hafen">`, p1+p2))
		x := a.Fields
		if x.Title != "Der Hafen & die Stadt" || x.Link != "https://k.example/hafen" || !slices.Equal(x.Categories, []string{"Wirtschaft"}) || !slices.Equal(x.Tags, []string{"Hafen", "Schiffe"}) ||
			len(x.Authors) != 1 || x.Authors[0].Name != "Ina Ruh" || x.Lang != "de" || x.Image == nil || x.Image.URL != "https://k.example/a.jpg" ||
			!x.Published.Time.Equal(time.Date(2026, 3, 3, 13, 5, 0, 0, time.UTC)) || !x.Updated.Time.Equal(time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %s", name, fields(t, a))
		}
		if a.Markup != article.HTML || strings.Contains(a.Body, "Impressum") || strings.Contains(a.Body, "Sport") || !strings.Contains(a.Body, p1) || !strings.Contains(a.Body, `href="https://k.example/fruehling"`) {
			t.Errorf("%s: body %s", name, a.Body)
		}
		if ps := article.Paragraphs(a.Body); len(ps) < 2 || strings.TrimSpace(ps[len(ps)-2]) != p1 {
			t.Errorf("%s: blocks are not parted: %q", name, ps)
		}
	}
}

func TestPageWithoutMetadata(t *testing.T) {
	a := read(t, "hafen.html", saved("", `<p><time datetime="2026-03-03T14:05:00Z">3. März</time></p>`+p1+p2))
	if a.Fields.Title != "Der Hafen" || a.Fields.Published.Time.Format(time.RFC3339) != "2026-03-03T14:05:00Z" || strings.Contains(a.Body, "<h1") {
		t.Errorf("%s\n%s", fields(t, a), a.Body)
	}
}

func TestMicrodata(t *testing.T) {
	html := `<html><body><div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Der Hafen</h1><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ina Ruh</span></span><meta itemprop="datePublished" content="2026-03-03"><div itemprop="articleBody">` + p1 + p2 + `</div></div></body></html>`
	a := read(t, "a.html", html)
	if a.Fields.Title != "Der Hafen" || len(a.Fields.Authors) != 1 || a.Fields.Authors[0].Name != "Ina Ruh" || !a.Fields.Published.DayOnly {
		t.Error(fields(t, a))
	}
}

func TestUnreadableDateOfAPageFallsToTheNext(t *testing.T) {
	good := `<meta property="article:published_time" content="2026-03-03T14:05:00Z">`
	bad := `<meta name="date" content="neulich">`
	if a := read(t, "a.html", saved(bad+good, p1)); a.Fields.Published.Time.Year() != 2026 {
		t.Error(fields(t, a))
	}
	if f := refuse(t, "a.html", saved(bad, p1)); !strings.Contains(f.Err, "neulich") {
		t.Errorf("%+v", f)
	}
}

func TestFragmentStaysAsItIs(t *testing.T) {
	a := read(t, "town/a.html", "<h2>Der Hafen</h2><p>One <b>bold</b>.</p>\n<ul><li>x</li></ul>tail <i>text</i>")
	if a.Fields.Title != "Der Hafen" || a.Body != "<h2>Der Hafen</h2>\n\n<p>One <b>bold</b>.</p>\n\n<ul><li>x</li></ul>\n\ntail <i>text</i>" {
		t.Errorf("%q %q", a.Fields.Title, a.Body)
	}
	a = read(t, "a.html", "---\ntitle: A\n---\n<p>{{< x >}}</p>")
	if a.Fields.Title != "A" || !strings.Contains(a.Body, "{{&lt; x &gt;}}") && !strings.Contains(a.Body, "{{< x >}}") {
		t.Errorf("%q", a.Body)
	}
}

func TestPictureSavedBesideAPageIsUsed(t *testing.T) {
	fsys := fstest.MapFS{"k/files/p.png": {Data: png}}
	head := `<link rel="canonical" href="https://k.example/hafen">`
	out, _, err := parser(t, Options{}).Parse(context.Background(), File{FS: fsys, Path: "k/a.html", Raw: []byte(saved(head, p1+`<p><img src="files/p.png"></p>`+p2))})
	if err != nil {
		t.Fatal(err)
	}
	if a := out[0]; len(a.Media) != 1 || a.Fields.Image == nil || a.Fields.Image.Path != "k/files/p.png" || !strings.Contains(a.Body, `src="files/p.png"`) {
		t.Errorf("%+v\n%s", a.Fields.Image, a.Body)
	}
}

func TestPageInAnotherEncoding(t *testing.T) {
	page := strings.Replace(saved("", "<p>\xcf\xf0\xe8\xe2\xe5\xf2</p>"), "utf-8", "windows-1251", 1)
	page = strings.ReplaceAll(strings.ReplaceAll(page, "ü", "u"), "ä", "a")
	if a := read(t, "a.html", page); !strings.Contains(a.Body, "Привет") {
		t.Errorf("body %q", a.Body)
	}
}

func TestTitleWithoutTheSitesName(t *testing.T) {
	for head, want := range map[string]string{
		"<title>The bridge | Town paper</title>":                                                    "The bridge",
		`<title>The bridge - Town paper</title><meta property="og:site_name" content="Town paper">`: "The bridge",
		"<title>Up - and down</title>":                                                              "Up - and down",
	} {
		a := read(t, "a.html", "<html><head>"+head+"</head><body><p>Some words of a text.</p></body></html>")
		if a.Fields.Title != want {
			t.Errorf("%s: %q", head, a.Fields.Title)
		}
	}
}
