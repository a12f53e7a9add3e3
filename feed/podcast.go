package feed

import (
	"encoding/xml"
	"strconv"
	"strings"

	"feedwright/article"
)

// Podcasts, in RSS: Apple's elements ("Apple" below is Apple Podcasts' RSS
// requirements) and the Podcasting 2.0 namespace (docs/1.0.md of
// Podcastindex-org/podcast-namespace, "PC 2.0" below). A channel is a podcast if
// it says so; its items then tell what an episode tells. Atom and JSON Feed show
// the same sound as enclosures and attachments.

const (
	itunesNamespace  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	podcastNamespace = "https://podcastindex.org/namespace/1.0"
)

// Podcast is what a channel says of itself as a podcast.
type Podcast struct {
	Author     string
	Owner      article.Author // for directories, which write to this address
	Categories []PodcastCategory
	Explicit   bool
	Type       string // episodic or serial; empty is episodic
	Image      string // absolute URL of a square JPEG or PNG of 1400 to 3000 pixels
	GUID       string // a UUID, assigned once
	Locked     string // yes or no; empty says nothing
	Funding    []article.Link
	Persons    []article.Person
	Medium     string // empty is podcast
	NewURL     string // where the feed has moved to
	Complete   bool   // no further episode will come
	Block      bool   // directories are not to show it
}

// PodcastCategory is one of Apple's.
type PodcastCategory struct{ Name, Sub string }

// Episode is what an item of a podcast says beside what every item does.
type Episode struct {
	Season, Number int    // 0 if it has none
	Type           string // full, trailer, bonus, or empty
	Explicit       string // true, false, or empty
	Persons        []article.Person
	Transcripts    []Document
	Chapters       *Document
	Soundbites     []article.Soundbite
}

// Document is a text on the web that comes with an episode.
type Document struct{ URL, Type, Lang string }

// rssPodcast are a podcast's own elements.
type rssPodcast struct {
	Author     *raw             `xml:"itunes:author"`
	Owner      *itunesOwner     `xml:"itunes:owner"`
	Artwork    *itunesImage     `xml:"itunes:image"`
	Categories []itunesCategory `xml:"itunes:category"`
	Explicit   string           `xml:"itunes:explicit,omitempty"`
	Type       string           `xml:"itunes:type,omitempty"`
	NewURL     string           `xml:"itunes:new-feed-url,omitempty"`
	Complete   string           `xml:"itunes:complete,omitempty"`
	Block      string           `xml:"itunes:block,omitempty"`
	GUID       string           `xml:"podcast:guid,omitempty"`
	Locked     *podcastLocked   `xml:"podcast:locked"`
	Medium     string           `xml:"podcast:medium,omitempty"`
	Funding    []podcastFunding `xml:"podcast:funding"`
	Persons    []podcastPerson  `xml:"podcast:person"`
}

// podcastChannel is a channel with them.
type podcastChannel struct {
	*rssChannel
	*rssPodcast
}

type itunesOwner struct {
	Name  *raw   `xml:"itunes:name"`
	Email string `xml:"itunes:email"`
}

type itunesImage struct {
	Href string `xml:"href,attr"`
}

type itunesCategory struct {
	Text string          `xml:"text,attr"` // & is escaped, as every attribute's is
	Sub  *itunesCategory `xml:"itunes:category"`
}

type podcastLocked struct {
	Owner string `xml:"owner,attr,omitempty"`
	Value string `xml:",chardata"`
}

type podcastFunding struct {
	URL  string `xml:"url,attr"`
	Text string `xml:",innerxml"`
}

type podcastPerson struct {
	Role string `xml:"role,attr,omitempty"`
	Img  string `xml:"img,attr,omitempty"`
	Href string `xml:"href,attr,omitempty"`
	Name string `xml:",innerxml"`
}

// rssPodcastOf gives a podcast's elements. Only "Yes" means anything to Apple in
// itunes:block and itunes:complete, so no other word is written.
func rssPodcastOf(ch *Channel) *rssPodcast {
	p, x := ch.Podcast, new(rssPodcast)
	x.Author = plain(runesOf(p.Author, 255)) // Apple: at most 255 characters
	if mail := email(p.Owner.Email); mail != "" {
		x.Owner = &itunesOwner{Name: plain(runesOf(p.Owner.Name, 255)), Email: mail}
	}
	if u := artwork(p.Image); u != "" {
		x.Artwork = &itunesImage{u}
	}
	for _, c := range p.Categories {
		one := itunesCategory{Text: line(c.Name)}
		if c.Sub != "" {
			one.Sub = &itunesCategory{Text: line(c.Sub)}
		}
		x.Categories = append(x.Categories, one)
	}
	x.Explicit = strconv.FormatBool(p.Explicit) // Apple: true or false, and required
	if x.Type = "episodic"; p.Type == "serial" {
		x.Type = p.Type
	}
	x.NewURL = webURL(p.NewURL)
	x.Complete, x.Block = yes(p.Complete), yes(p.Block)
	x.GUID = line(p.GUID) // PC 2.0 guid: one a channel
	if p.Locked == "yes" || p.Locked == "no" {
		x.Locked = &podcastLocked{Owner: email(p.Owner.Email), Value: p.Locked}
	}
	if x.Medium = line(p.Medium); x.Medium == "" {
		x.Medium = "podcast"
	}
	for _, f := range p.Funding {
		if u := webURL(f.URL); u != "" {
			x.Funding = append(x.Funding, podcastFunding{u, hexRefs.Replace(runesOf(f.Title, 128))}) // PC 2.0 funding: at most 128 characters
		}
	}
	x.Persons = podcastPersons(p.Persons)
	return x
}

func yes(b bool) string {
	if b {
		return "Yes"
	}
	return ""
}

// artwork is a picture's address if Apple may take it: JPEG or PNG, named so.
func artwork(s string) string {
	u := webURL(s)
	file, _, _ := strings.Cut(u, "?")
	for _, ext := range []string{".jpg", ".jpeg", ".png"} {
		if strings.HasSuffix(strings.ToLower(file), ext) {
			return u
		}
	}
	return ""
}

// runesOf is s as one line of at most n characters.
func runesOf(s string, n int) string {
	s = line(s)
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// podcastPersons have names of at most 128 characters (PC 2.0 person).
func podcastPersons(list []article.Person) []podcastPerson {
	var out []podcastPerson
	for _, p := range list {
		if name := runesOf(p.Name, 128); name != "" {
			out = append(out, podcastPerson{Role: strings.ToLower(line(p.Role)), Img: webURL(p.Image), Href: webURL(p.URL), Name: hexRefs.Replace(name)})
		}
	}
	return out
}

// rssEpisode are an item's elements; none of an item that is no episode.
type rssEpisode struct {
	Duration    string              `xml:"itunes:duration,omitempty"`
	Artwork     *itunesImage        `xml:"itunes:image"`
	Explicit    string              `xml:"itunes:explicit,omitempty"`
	Season      string              `xml:"itunes:season,omitempty"`
	Number      string              `xml:"itunes:episode,omitempty"`
	Type        string              `xml:"itunes:episodeType,omitempty"`
	PodSeason   string              `xml:"podcast:season,omitempty"`
	PodNumber   string              `xml:"podcast:episode,omitempty"`
	Persons     []podcastPerson     `xml:"podcast:person"`
	Transcripts []podcastTranscript `xml:"podcast:transcript"`
	Chapters    *podcastChapters    `xml:"podcast:chapters"`
	Soundbites  []podcastSoundbite  `xml:"podcast:soundbite"`
	Others      []podcastEnclosure  `xml:"podcast:alternateEnclosure"`
}

type podcastTranscript struct {
	URL  string `xml:"url,attr"`
	Type string `xml:"type,attr"`
	Lang string `xml:"language,attr,omitempty"`
}

type podcastChapters struct {
	URL  string `xml:"url,attr"`
	Type string `xml:"type,attr"`
}

type podcastSoundbite struct {
	Start    string `xml:"startTime,attr"`
	Duration string `xml:"duration,attr"`
	Title    string `xml:",innerxml"`
}

type podcastEnclosure struct {
	Type   string        `xml:"type,attr"`
	Length string        `xml:"length,attr,omitempty"`
	Height string        `xml:"height,attr,omitempty"`
	Source podcastSource `xml:"podcast:source"`
}

type podcastSource struct {
	XMLName xml.Name `xml:"podcast:source"`
	URI     string   `xml:"uri,attr"`
}

// rssEpisodeOf gives an item's elements. list are its enclosures, of which main
// is the one that <enclosure> names.
func rssEpisodeOf(it *Item, list []Enclosure, main int) *rssEpisode {
	e := it.Episode
	if e == nil || len(list) == 0 || !heard(list[main]) {
		return nil
	}
	x := new(rssEpisode)
	x.Duration = itoa(seconds(list[main].Duration)) // Apple: seconds are best
	if it.Image != nil {
		if u := artwork(it.Image.URL); u != "" {
			x.Artwork = &itunesImage{u}
		}
	}
	if e.Explicit == "true" || e.Explicit == "false" {
		x.Explicit = e.Explicit
	}
	x.Season, x.Number = itoa(int64(e.Season)), itoa(int64(e.Number))
	x.PodSeason, x.PodNumber = x.Season, x.Number // PC 2.0 season, episode
	switch e.Type {
	case "full", "trailer", "bonus":
		x.Type = e.Type
	}
	x.Persons = podcastPersons(e.Persons)
	for _, t := range e.Transcripts {
		if u, typ := webURL(t.URL), mediaType(t.Type); u != "" && typ != "" {
			x.Transcripts = append(x.Transcripts, podcastTranscript{u, typ, lang(t.Lang)})
		}
	}
	if c := e.Chapters; c != nil && webURL(c.URL) != "" { // PC 2.0 chapters: one an item
		x.Chapters = &podcastChapters{webURL(c.URL), "application/json+chapters"}
	}
	for _, s := range e.Soundbites {
		if s.Start >= 0 && s.Duration > 0 {
			x.Soundbites = append(x.Soundbites, podcastSoundbite{decimal(s.Start), decimal(s.Duration), hexRefs.Replace(runesOf(s.Title, 128))})
		}
	}
	for i, o := range list {
		if i != main && heard(o) {
			x.Others = append(x.Others, podcastEnclosure{Type: o.Type, Length: itoa(o.Length), Height: itoa(int64(o.Height)), Source: podcastSource{URI: o.URL}})
		}
	}
	return x
}

// heard says that an enclosure is sound or film.
func heard(e Enclosure) bool {
	m := medium(e.Type)
	return m == "audio" || m == "video"
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
