package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gorilla/feeds"

	"feedwright/article"
)

// jsonEncoder writes JSON Feed 1.1 (jsonfeed.org/version/1.1).
type jsonEncoder struct{}

// Format is JSON.
func (jsonEncoder) Format() Format { return JSON }

// ContentType is the specification's ("Suggestions for Publishers").
func (jsonEncoder) ContentType() string { return "application/feed+json; charset=utf-8" }

const (
	jsonVersion = "https://jsonfeed.org/version/1.1"
	jsonTail    = "]}\n"
)

// jsonFeed corrects feeds.JSONFeed: items are written even if there are none
// ("Top-level").
type jsonFeed struct {
	feeds.JSONFeed
	Items []struct{} `json:"items"`
}

// jsonItem corrects feeds.JSONItem: a language, and attachments with the
// names that the specification has.
type jsonItem struct {
	feeds.JSONItem
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
}

// jsonAttachment does not embed feeds.JSONAttachment, whose MarshalJSON would
// be promoted and drop the size.
type jsonAttachment struct {
	URL      string  `json:"url"`
	MIMEType string  `json:"mime_type"`
	Title    string  `json:"title,omitempty"`
	Size     int64   `json:"size_in_bytes,omitempty"`
	Duration float64 `json:"duration_in_seconds,omitempty"`
}

// Item encodes one item. JSON Feed wants content_html or content_text
// ("Items"), so an item without HTML has its summary, its title or its address
// as text.
func (jsonEncoder) Item(it *Item, c Content) (Fragment, error) {
	id := block(string(it.ID))
	if id == "" {
		return nil, fmt.Errorf("encode item %q for json: %w", it.Title, errNoID)
	}
	x := &jsonItem{Language: lang(it.Lang)}
	x.Id, x.Url, x.Title = id, webURL(it.URL), line(it.Title)
	x.Summary, x.ContentHTML = words(it, c)
	for _, s := range []string{x.Summary, x.Title, x.Url, id} {
		if x.ContentHTML == "" && x.ContentText == "" {
			x.ContentText = s
		}
	}
	x.ExternalUrl = elsewhere(it)
	if it.Image != nil {
		x.Image = webURL(it.Image.URL)
	}
	x.PublishedDate, x.ModifiedDate = jsonDate(it.Published), jsonDate(changed(it))
	x.Authors = jsonAuthors(it.Authors...)
	for _, t := range terms(it.Categories, it.Tags) {
		x.Tags = append(x.Tags, t.Name)
	}
	for _, e := range enclosures(it) {
		x.Attachments = append(x.Attachments, jsonAttachment{
			URL: e.URL, MIMEType: e.Type, Title: e.Title, Size: e.Length,
			Duration: max(0, math.Round(e.Duration.Seconds()*1000)/1000),
		})
	}
	f, err := fragmentOf(func(b *bytes.Buffer) ([]byte, error) {
		doc, err := marshal(b, x)
		return bytes.TrimSuffix(doc, []byte("\n")), err
	})
	if err != nil {
		return nil, fmt.Errorf("encode item %s for json: %w", id, err)
	}
	return f, nil
}

// Feed puts items, one a line, into a JSON Feed.
func (e jsonEncoder) Feed(ch *Channel, items []Fragment) ([]byte, error) {
	return e.Append(nil, ch, items)
}

// Append is Feed behind dst.
func (jsonEncoder) Append(dst []byte, ch *Channel, items []Fragment) ([]byte, error) {
	x := &jsonFeed{Items: []struct{}{}}
	x.Version, x.Title, x.Description = jsonVersion, heading(ch), line(ch.Description)
	x.HomePageUrl, x.FeedUrl = webURL(ch.Home), webURL(ch.Self[JSON])
	x.Language, x.Icon = lang(ch.Lang), webURL(ch.Icon)
	x.Authors = jsonAuthors(ch.Author)
	if hub := webURL(ch.Hub); hub != "" {
		x.Hubs = []*feeds.JSONHub{{Type: "WebSub", Url: hub}}
	}
	x.NextUrl = webURL(ch.Paging.older())
	head, err := marshal(new(bytes.Buffer), x)
	if err != nil {
		return nil, fmt.Errorf("encode channel %s for json: %w", ch.ID, err)
	}
	head, ok := bytes.CutSuffix(head, []byte(jsonTail))
	if !ok {
		return nil, fmt.Errorf("channel %s does not end in its items", ch.ID)
	}
	n := len(head) + len(jsonTail) + 1
	for _, it := range items {
		n += len(it) + 2
	}
	out := append(slices.Grow(dst, n), head...)
	for i, it := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, '\n'), it...)
	}
	return append(out, jsonTail...), nil
}

// marshal leaves <, > and & as they are: escaped, HTML grows by a quarter.
func marshal(b *bytes.Buffer, v any) ([]byte, error) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// jsonAuthors are people with a name; nil, and so left out, if there is none:
// an author must have a member ("Top-level").
func jsonAuthors(list ...article.Author) []*feeds.JSONAuthor {
	var out []*feeds.JSONAuthor
	for _, a := range list {
		if name, _, page, ok := person(a); ok {
			out = append(out, &feeds.JSONAuthor{Name: name, Url: page})
		}
	}
	return out
}

// jsonDate is t in UTC and whole seconds, as RFC 3339 writes it, or nil.
func jsonDate(t time.Time) *time.Time {
	if !dated(t) {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
