package feed

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"feedwright/article"
)

// episodeItem is an item of a podcast with sound at url.
func episodeItem(n int, url string) *Item {
	it := sampleItem(n)
	it.Attachments = []Enclosure{{URL: url, Type: "audio/mpeg", Length: 100, Duration: 61500 * time.Millisecond}}
	it.Episode = &Episode{Season: 2, Number: n, Type: "full", Explicit: "false"}
	return it
}

// podcastRSS writes a podcast's RSS and gives it as another reader finds it.
func podcastRSS(t *testing.T, ch *Channel, items ...*Item) (string, *gofeed.Feed) {
	t.Helper()
	var frags []Fragment
	for _, it := range items {
		f, err := rssEncoder{}.Item(it, ch.Content)
		if err != nil {
			t.Fatal(err)
		}
		frags = append(frags, f)
	}
	b, err := rssEncoder{}.Feed(ch, frags)
	if err != nil {
		t.Fatal(err)
	}
	if err := WellFormed(RSS, b); err != nil {
		t.Fatal(err)
	}
	got, err := gofeed.NewParser().Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), got
}

func TestAnotherReaderFindsThePodcast(t *testing.T) {
	ch := sampleChannel()
	ch.Podcast = samplePodcast()
	_, got := podcastRSS(t, ch, episodeItem(7, "https://example.org/a.mp3"))
	x := got.ITunesExt
	if x == nil || x.Author != "Desk" || x.Owner == nil || x.Owner.Email != "desk@example.org" || x.Explicit != "false" || x.Type != "serial" || x.Image != "https://example.org/cover.jpg" {
		t.Fatalf("channel: %+v", x)
	}
	if len(x.Categories) != 1 || x.Categories[0].Text != "News" || x.Categories[0].Subcategory == nil || x.Categories[0].Subcategory.Text != "Daily News" {
		t.Errorf("categories: %+v", x.Categories)
	}
	e := got.Items[0].ITunesExt
	if e == nil || e.Duration != "62" || e.Season != "2" || e.Episode != "7" || e.EpisodeType != "full" || e.Explicit != "false" {
		t.Errorf("item: %+v", e)
	}
	guid := got.Extensions["podcast"]["guid"]
	if len(guid) != 1 || guid[0].Value != samplePodcast().GUID {
		t.Errorf("podcast:guid: %+v", guid)
	}
}

func TestFeedThatIsNoPodcastSaysNothingOfOne(t *testing.T) {
	it := sampleItem(1)
	it.Attachments = []Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 100, Duration: time.Minute}}
	text, _ := podcastRSS(t, sampleChannel(), it)
	if strings.Contains(text, "itunes") || strings.Contains(text, "podcast") {
		t.Errorf("it speaks of podcasts:\n%s", text)
	}
}

func TestPodcastKeepsApplesRulesWhateverItIsGiven(t *testing.T) {
	ch := sampleChannel()
	ch.Description = strings.Repeat("Ї", 5000)
	ch.Podcast = &Podcast{
		Image: "https://example.org/cover.webp", Type: "weekly", Locked: "maybe", Owner: article.Author{Name: "No address"},
		Funding: []article.Link{{URL: "javascript:alert(1)", Title: "x"}, {URL: "https://example.org/give", Title: strings.Repeat("ж", 500)}},
		Persons: []article.Person{{Name: strings.Repeat("ж", 500), Role: "HOST"}, {Role: "guest"}},
	}
	it := episodeItem(1, "https://example.org/a.mp3")
	it.Image = &Picture{URL: "https://example.org/a.gif"}
	it.Episode = &Episode{Season: -1, Number: -3, Type: "loud", Explicit: "yes", Transcripts: []Document{{URL: "/relative", Type: "text/vtt"}, {URL: "https://example.org/a.vtt"}}}
	text, got := podcastRSS(t, ch, it)
	for _, never := range []string{"itunes:owner", "itunes:image", "weekly", "maybe", "javascript", "itunes:season", "itunes:episode>", "loud", "podcast:transcript", "HOST", "yes<", "itunes:block", "itunes:complete"} {
		if strings.Contains(text, never) {
			t.Errorf("%s is written", never)
		}
	}
	if n := len(got.Description); n > 4000 || n < 3900 {
		t.Errorf("the description has %d bytes", n)
	}
	for _, x := range slices.Concat(got.Extensions["podcast"]["person"], got.Extensions["podcast"]["funding"]) {
		if n := len([]rune(x.Value)); n > 128 {
			t.Errorf("%s has %d characters", x.Name, n)
		}
	}
	if got.ITunesExt.Explicit != "false" || got.ITunesExt.Type != "episodic" {
		t.Errorf("what Apple requires is not there: %+v", got.ITunesExt)
	}
}

func TestOtherFormatsOfAnEpisodeAreAlternates(t *testing.T) {
	ch := sampleChannel()
	ch.Podcast = samplePodcast()
	it := episodeItem(1, "https://example.org/a.mp3")
	it.Attachments = append(it.Attachments, Enclosure{URL: "https://example.org/a.opus", Type: "audio/ogg", Length: 50}, Enclosure{URL: "https://example.org/notes.pdf", Type: "application/pdf", Length: 9})
	text, got := podcastRSS(t, ch, it)
	if len(got.Items[0].Enclosures) != 1 || strings.Count(text, "<podcast:alternateEnclosure") != 1 || !strings.Contains(text, `<podcast:source uri="https://example.org/a.opus">`) {
		t.Errorf("alternates are wrong:\n%s", text)
	}
}

func TestPageNamesAFileWithoutItsVersion(t *testing.T) {
	p := player{Enclosure{URL: "https://example.org/media/show/old%20tower.mp3?v=7140b8c5"}}
	if got := p.Name(); got != "old tower.mp3" {
		t.Errorf("the name is %q", got)
	}
}
