package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"feedwright/article"
)

// vocabulary is every element that documents hold, with its attributes, as they
// are written. What is not here must be looked up in its specification first,
// and have its row in docs/notes/conformance.md.
var vocabulary = map[Format]map[string]string{
	RSS: {
		"rss":     "version xmlns:content xmlns:atom xmlns:dc xmlns:media xmlns:fh xmlns:itunes xmlns:podcast",
		"channel": "", "title": "", "link": "", "description": "", "language": "", "copyright": "", "managingEditor": "", "webMaster": "",
		"lastBuildDate": "", "pubDate": "", "generator": "", "docs": "", "ttl": "", "category": "domain", "image": "", "url": "",
		"item": "", "guid": "isPermaLink", "enclosure": "url length type", "comments": "", "source": "url",
		"content:encoded": "", "dc:creator": "", "dc:language": "", "dc:rights": "", "dc:source": "", "atom:link": "href rel type length", "atom:updated": "",
		"media:content":   "url fileSize type medium duration width height",
		"media:thumbnail": "url width height", "media:title": "type", "media:description": "type",
		"fh:complete": "", "fh:archive": "",
		"itunes:author": "", "itunes:owner": "", "itunes:name": "", "itunes:email": "", "itunes:image": "href", "itunes:category": "text",
		"itunes:explicit": "", "itunes:type": "", "itunes:new-feed-url": "", "itunes:complete": "", "itunes:block": "",
		"itunes:duration": "", "itunes:season": "", "itunes:episode": "", "itunes:episodeType": "",
		"podcast:guid": "", "podcast:locked": "owner", "podcast:medium": "", "podcast:funding": "url", "podcast:person": "role img href",
		"podcast:season": "", "podcast:episode": "", "podcast:transcript": "url type language", "podcast:chapters": "url type",
		"podcast:soundbite": "startTime duration", "podcast:alternateEnclosure": "type length height", "podcast:source": "uri",
	},
	Atom: {
		"feed": "xmlns xmlns:media xmlns:fh xmlns:at xml:lang",
		"id":   "", "title": "", "subtitle": "", "updated": "", "published": "", "rights": "", "icon": "", "logo": "", "generator": "version",
		"author": "", "name": "", "email": "", "uri": "", "link": "href rel type length title", "category": "term scheme label",
		"entry": "xml:lang", "summary": "type", "content": "type", "source": "",
		"media:content":   "url fileSize type medium duration width height",
		"media:thumbnail": "url width height", "media:title": "type", "media:description": "type",
		"fh:complete": "", "fh:archive": "", "at:deleted-entry": "ref when",
	},
	JSON: {
		"":        "version title home_page_url description feed_url next_url icon authors language hubs items",
		"authors": "name url", "hubs": "type url",
		"items":       "id url external_url title content_html content_text summary image date_published date_modified authors tags language attachments",
		"attachments": "url mime_type title size_in_bytes duration_in_seconds",
	},
}

// namespaces are spelt exactly so by their specifications.
var namespaces = map[string]string{
	"xmlns": "http://www.w3.org/2005/Atom", "xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
	"xmlns:dc": "http://purl.org/dc/elements/1.1/", "xmlns:media": "http://search.yahoo.com/mrss/", "xmlns:fh": "http://purl.org/syndication/history/1.0",
	"xmlns:at": "http://purl.org/atompub/tombstones/1.0", "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}

func TestNothingElseIsWritten(t *testing.T) {
	used := map[Format]map[string]bool{RSS: {}, Atom: {}, JSON: {}}
	goldens(t, func(t *testing.T, _ string, _ *txtar.Archive, in *input) {
		for _, e := range Encoders() {
			f, doc := e.Format(), encode(t, e, in)
			see := func(element string, attributes ...string) {
				allowed, ok := vocabulary[f][element]
				if !ok {
					t.Errorf("%s: <%s> is written", f, element)
				}
				used[f][element] = true
				for _, a := range attributes {
					if !slices.Contains(strings.Fields(allowed), a) {
						t.Errorf("%s: %s is written in <%s>", f, a, element)
					}
				}
			}
			if f == JSON {
				seeJSON(t, doc, see)
			} else {
				seeXML(t, doc, see)
			}
		}
	})
	for f, elements := range vocabulary {
		for name := range elements {
			if !used[f][name] {
				t.Errorf("%s: no golden archive has <%s>", f, name)
			}
		}
	}
}

func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// tokens calls f for each token of a document, with the elements around it.
func tokens(t *testing.T, doc []byte, f func(around []string, token xml.Token)) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	var around []string
	for {
		x, err := d.RawToken()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ends := x.(xml.EndElement); ends {
			around = around[:len(around)-1]
		}
		f(around, x)
		if s, starts := x.(xml.StartElement); starts {
			around = append(around, rawName(s.Name))
		}
	}
}

func seeXML(t *testing.T, doc []byte, see func(string, ...string)) {
	t.Helper()
	tokens(t, doc, func(_ []string, x xml.Token) {
		s, ok := x.(xml.StartElement)
		if !ok {
			return
		}
		var names []string
		for _, a := range s.Attr {
			name := rawName(a.Name)
			names = append(names, name)
			if want, ok := namespaces[name]; ok && a.Value != want {
				t.Errorf("%s is %q, want %q", name, a.Value, want)
			}
		}
		see(rawName(s.Name), names...)
	})
}

func seeJSON(t *testing.T, doc []byte, see func(string, ...string)) {
	t.Helper()
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			see(name, slices.Collect(maps.Keys(v))...)
			for k, x := range v {
				walk(k, x)
			}
		case []any:
			for _, x := range v {
				walk(name, x)
			}
		}
	}
	var all map[string]any
	if err := json.Unmarshal(doc, &all); err != nil {
		t.Fatal(err)
	}
	walk("", all)
}

// repeat may stand more than once in a channel, feed, item or entry.
var repeat = strings.Fields(`item entry category link atom:link dc:creator media:content author at:deleted-entry itunes:category
	podcast:person podcast:funding podcast:transcript podcast:soundbite podcast:alternateEnclosure`)

// TestHeadsStandBeforeItems holds the order and the number of what stands in a
// feed and in its items: nothing of the feed after the first item, tombstones
// before it, links to other pages never in an item, a description before
// content:encoded, and nothing twice that may stand once.
func TestHeadsStandBeforeItems(t *testing.T) {
	required := map[string]string{
		"channel": "title link description", "item": "guid", "feed": "id title updated author link", "entry": "id title updated",
	}
	goldens(t, func(t *testing.T, path string, _ *txtar.Archive, in *input) {
		for _, e := range []Encoder{rssEncoder{}, atomEncoder{}} {
			var parents [][]string // children of each element around, so far
			tokens(t, encode(t, e, in), func(around []string, x xml.Token) {
				s, starts := x.(xml.StartElement)
				if _, ends := x.(xml.EndElement); ends {
					parent, kids := rawName(x.(xml.EndElement).Name), parents[len(parents)-1]
					parents = parents[:len(parents)-1]
					for _, want := range strings.Fields(required[parent]) {
						if !slices.Contains(kids, want) && !(want == "link" && in.Channel.Self[Atom] == "") {
							t.Errorf("%s: <%s> holds no <%s>", e.Format(), parent, want)
						}
					}
				}
				if !starts {
					return
				}
				name := rawName(s.Name)
				if n := len(parents); n > 0 {
					kids, parent := parents[n-1], around[n-1]
					isItem := name == "item" || name == "entry"
					if !isItem && (slices.Contains(kids, "item") || slices.Contains(kids, "entry")) {
						t.Errorf("%s: <%s> stands behind an item", e.Format(), name)
					}
					if _, whole := required[parent]; whole && slices.Contains(kids, name) && (!slices.Contains(repeat, name) || parent == "channel" && name == "link" || parent == "feed" && name == "author") {
						t.Errorf("%s: <%s> stands twice in <%s>", e.Format(), name, parent)
					}
					if name == "content:encoded" && !slices.Contains(kids, "description") {
						t.Errorf("content:encoded without a description before it")
					}
					for _, a := range s.Attr {
						if (parent == "item" || parent == "entry") && a.Name.Local == "rel" && slices.Contains([]string{"self", "hub", "current", "prev-archive", "next-archive", "first", "next"}, a.Value) {
							t.Errorf("%s: rel=%s stands in an item", e.Format(), a.Value)
						}
					}
					parents[n-1] = append(kids, name)
				}
				parents = append(parents, nil)
			})
		}
	})
}

func TestEndOfCDATAIsSplit(t *testing.T) {
	it := sampleItem(1)
	it.HTML = "<pre>a]]&gt;b ]]>c</pre>"
	for _, e := range []Encoder{rssEncoder{}, atomEncoder{}} {
		doc, err := e.Feed(sampleChannel(), fragments(t, e, []*Item{it}))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		tokens(t, doc, func(around []string, x xml.Token) {
			if c, ok := x.(xml.CharData); ok && slices.ContainsFunc(around, func(s string) bool { return s == "content:encoded" || s == "content" }) {
				got += string(c)
			}
		})
		if got != it.HTML {
			t.Errorf("%s: %q comes back as %q", e.Format(), it.HTML, got)
		}
	}
}

// TestPlainTextsTakeHexadecimalReferences: RSS profile, "Character Data".
func TestPlainTextsTakeHexadecimalReferences(t *testing.T) {
	it, ch := sampleItem(1), sampleChannel()
	it.Title, it.Rights, it.Categories = "R&D <1>", "R&D <2>", []Term{{Name: "R&D <3>", Slug: "r-d", URL: "https://example.org/category/r-d/"}}
	ch.Title, ch.Copyright = "R&D <4>", "R&D <5>"
	doc, err := rssEncoder{}.Feed(ch, fragments(t, rssEncoder{}, []*Item{it}))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		if want := "R&#x26;D &#x3C;" + n + "&#x3E;</"; !strings.Contains(string(doc), want) {
			t.Errorf("no %s in\n%s", want, doc)
		}
	}
}

func TestJSONFeedBeginsWithItsVersionAndHasItems(t *testing.T) {
	goldens(t, func(t *testing.T, _ string, _ *txtar.Archive, in *input) {
		doc := encode(t, jsonEncoder{}, in)
		if !bytes.HasPrefix(doc, []byte(`{"version":"https://jsonfeed.org/version/1.1","title":"`)) {
			t.Errorf("it begins with %.80s", doc)
		}
		var v struct {
			Items *[]struct {
				HTML string `json:"content_html"`
				Text string `json:"content_text"`
			} `json:"items"`
		}
		if err := json.Unmarshal(doc, &v); err != nil || v.Items == nil || len(*v.Items) != len(in.Items) {
			t.Fatalf("items are %v (%v), want %d", v.Items, err, len(in.Items))
		}
		for i, it := range *v.Items {
			if it.HTML == "" && it.Text == "" {
				t.Errorf("item %d has no content", i)
			}
			if in.Items[i].HTML != "" && strings.Contains(it.Text, in.Items[i].HTML) {
				t.Errorf("item %d has HTML for text", i)
			}
		}
	})
}

// TestAnEditorHasAName, and so has a webmaster: RSS profile §3.3; validators warn of a lone address.
func TestAnEditorHasAName(t *testing.T) {
	for want, a := range map[string]article.Author{
		"<managingEditor>desk@example.org (Ann [desk])</managingEditor>": {Name: "Ann (desk)", Email: "desk@example.org"},
		"<managingEditor>desk@example.org (Example)</managingEditor>":    {Email: "desk@example.org"},
		"<managingEditor": {Name: "Ann", Email: "no address"},
	} {
		ch := sampleChannel()
		ch.Author, ch.Webmaster = a, a
		doc, err := rssEncoder{}.Feed(ch, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{want, strings.ReplaceAll(want, "managingEditor", "webMaster")} {
			if strings.Contains(string(doc), want) != (want[len(want)-1] == '>') {
				t.Errorf("%+v: %s in\n%s", a, want, doc)
			}
		}
	}
}
