package feed

import (
	"fmt"
	"math"
	"strings"
	"time"

	"feedwright/article"
)

// Media RSS 1.5.1, for RSS and Atom alike. Readers that know it show pictures
// and every attachment; `enclosure` stays for those that do not.

// mediaNamespace is spelt exactly so, with the slash (Media RSS 1.5.1,
// "Namespace declaration").
const mediaNamespace = "http://search.yahoo.com/mrss/"

// mediaContent is media:content: a file, with its size in bytes and its
// duration in whole seconds.
type mediaContent struct {
	URL         string     `xml:"url,attr"`
	FileSize    string     `xml:"fileSize,attr,omitempty"`
	Type        string     `xml:"type,attr,omitempty"`
	Medium      string     `xml:"medium,attr,omitempty"`
	Duration    string     `xml:"duration,attr,omitempty"`
	Width       string     `xml:"width,attr,omitempty"`
	Height      string     `xml:"height,attr,omitempty"`
	Title       *mediaText `xml:"media:title"`
	Description *mediaText `xml:"media:description"`
}

// mediaText is plain text, which the type says (Media RSS 1.5.1, media:title).
type mediaText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",innerxml"`
}

type mediaThumb struct {
	URL    string `xml:"url,attr"`
	Width  string `xml:"width,attr,omitempty"`
	Height string `xml:"height,attr,omitempty"`
}

func mediaPlain(s string) *mediaText {
	if p := plain(s); p != nil {
		return &mediaText{Type: "plain", Text: p.XML}
	}
	return nil
}

// mediaOf gives the files and the thumbnail of an item, the picture first.
func mediaOf(it *Item) (files []mediaContent, thumb *mediaThumb) {
	seen := make(map[string]bool, len(it.Attachments)+1)
	if p := it.Image; p != nil {
		if u := webURL(p.URL); u != "" {
			seen[u] = true
			w, h := itoa(int64(p.Width)), itoa(int64(p.Height))
			words := p.Caption
			if words == "" {
				words = p.Alt
			}
			files = append(files, mediaContent{
				URL: u, FileSize: itoa(p.Length), Type: mediaType(p.Type), Medium: "image",
				Width: w, Height: h, Description: mediaPlain(words),
			})
			thumb = &mediaThumb{URL: u, Width: w, Height: h}
		}
	}
	for _, e := range enclosures(it) {
		if seen[e.URL] {
			continue
		}
		seen[e.URL] = true
		files = append(files, mediaContent{
			URL: e.URL, FileSize: itoa(e.Length), Type: e.Type, Medium: medium(e.Type),
			Duration: itoa(seconds(e.Duration)), Width: itoa(int64(e.Width)), Height: itoa(int64(e.Height)),
			Title: mediaPlain(e.Title),
		})
	}
	return files, thumb
}

// enclosures are the attachments that can be named: with an absolute URL, a
// type, and a length that is not negative; each URL once.
func enclosures(it *Item) []Enclosure {
	out := make([]Enclosure, 0, len(it.Attachments))
	seen := make(map[string]bool, len(it.Attachments))
	for _, e := range it.Attachments {
		e.URL, e.Title, e.Type, e.Length = webURL(e.URL), line(e.Title), mediaType(e.Type), max(e.Length, 0)
		if e.URL == "" || seen[e.URL] {
			continue
		}
		seen[e.URL] = true
		if e.Type == "" {
			e.Type = "application/octet-stream"
		}
		out = append(out, e)
	}
	return out
}

// mainEnclosure is the place of the one that RSS can carry: the first sound or
// film, else the first.
func mainEnclosure(list []Enclosure) int {
	for i, e := range list {
		if m := medium(e.Type); m == "audio" || m == "video" {
			return i
		}
	}
	return 0
}

// medium is one of the words that Media RSS has for a type, or "".
func medium(t string) string {
	kind, _, _ := strings.Cut(t, "/")
	switch {
	case kind == "image" || kind == "audio" || kind == "video":
		return kind
	case kind == "text" || t == "application/pdf":
		return "document"
	}
	return ""
}

// MediaVersion names a file's content in its address, "" if it is not known.
func MediaVersion(h article.Hash) string {
	if h == (article.Hash{}) {
		return ""
	}
	return fmt.Sprintf("%x", h[:4])
}

func seconds(d time.Duration) int64 { return int64(math.Round(d.Seconds())) }
