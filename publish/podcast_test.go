package publish_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mmcdole/gofeed"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

var show = feed.Address{Format: feed.RSS, Feed: "show"}

// radio is settings with one named podcast.
func radio() publish.Settings {
	s := settings()
	s.Feeds = []publish.Named{{
		Name: "show", Items: 3, MaxBytes: 3500, Content: feed.Full, Formats: []feed.Format{feed.RSS, feed.Atom, feed.JSON}, Where: publish.Episodes(),
		Podcast: &feed.Podcast{Categories: []feed.PodcastCategory{{Name: "News"}}, GUID: "917393e3-1b1e-5cef-ace4-edaa54e1f810"},
	}}
	return s
}

// sounding makes an article an episode with a sound file of that many bytes.
func sounding(name string, length int64) func(*article.Parsed) {
	return func(p *article.Parsed) {
		p.Fields.Attachments = []article.Attachment{{Path: name}}
		p.Fields.Episode = &article.Episode{Number: 1, Transcripts: []article.Document{{Path: name + ".vtt", Type: "text/vtt"}}}
		p.Media = []article.Media{
			{Path: name, Type: "audio/mpeg", Length: length, Hash: article.Hash{byte(length), 1}, Duration: time.Minute},
			{Path: name + ".vtt", Type: "text/vtt", Length: 7, Hash: article.Hash{9}},
			{Path: "show/cover.jpg", Type: "image/jpeg", Length: 9, Hash: article.Hash{7}, Width: 1400, Height: 1400},
		}
	}
}

func episodesOf(t *testing.T, h *house, a feed.Address) *gofeed.Feed {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(h.get(a))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPodcastHoldsEveryEpisodeAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), radio())
		defer h.stop()
		h.write(file("note.txt", "A note"))
		for i := range 8 {
			name := fmt.Sprintf("show/e%d.mp3", i)
			h.write(file(name, fmt.Sprintf("Episode %c", 'A'+i), sounding(name, 5), dated(time.Date(1999, 1, 1+i, 9, 0, 0, 0, time.UTC))))
		}
		got := episodesOf(t, h, show)
		if len(got.Items) != 8 {
			t.Errorf("%d episodes, want all 8 whatever items and max_bytes say", len(got.Items))
		}
		if n := len(episodesOf(t, h, feed.Address{Format: feed.RSS, Feed: "show", Limit: 2}).Items); n != 2 {
			t.Errorf("%d episodes, where 2 were asked for", n)
		}
		if n := len(episodesOf(t, h, feed.Address{Format: feed.Atom, Feed: "show"}).Items); n > 3 || n == 0 {
			t.Errorf("%d entries in Atom, want at most the feed's 3", n)
		}
		if x := got.ITunesExt; x == nil || x.Image != "https://lantern.example.org/news/media/show/cover.jpg?v=07000000" {
			t.Errorf("the artwork is not the folder's cover: %+v", got.ITunesExt)
		}
		if e := got.Items[0].ITunesExt; e == nil || e.Duration != "60" || e.Episode != "1" {
			t.Errorf("the newest episode tells %+v", e)
		}
		if !strings.Contains(h.get(show), `<podcast:transcript url="https://lantern.example.org/news/media/show/e7.mp3.vtt?v=09000000" type="text/vtt">`) {
			t.Error("the transcript is not told of")
		}
		if s := h.get(rss); strings.Contains(s, "itunes:") || strings.Contains(s, "podcast:") || !strings.Contains(s, "A note") {
			t.Error("the feed of everything has become a podcast")
		}
	})
}

func TestSiteThatIsAPodcastKeepsItsOtherFeeds(t *testing.T) {
	set := settings()
	set.Podcast = &feed.Podcast{Categories: []feed.PodcastCategory{{Name: "News"}}, GUID: "917393e3-1b1e-5cef-ace4-edaa54e1f810"}
	h := open(t, t.TempDir(), set)
	defer h.stop()
	h.write(file("note.txt", "A note"), file("show/a.mp3", "Heard", sounding("show/a.mp3", 5)))
	if got := episodesOf(t, h, rss); len(got.Items) != 1 || got.Items[0].Title != "Heard" || got.ITunesExt == nil || got.ITunesExt.Author != "The Lantern" {
		t.Errorf("%+v", got)
	}
	if n := len(episodesOf(t, h, world).Items); n != 2 {
		t.Errorf("%d items in the category's feed, want both", n)
	}
	if s := h.get(feed.Address{Format: feed.HTML}); !strings.Contains(s, "A note") {
		t.Error("the page for people lacks the note")
	}
}

func TestReplacedSoundKeepsItsIDAndChangesItsAddress(t *testing.T) {
	h := open(t, t.TempDir(), radio())
	defer h.stop()
	h.write(file("show/a.mp3", "Heard", sounding("show/a.mp3", 5)))
	before := episodesOf(t, h, show).Items[0]
	tag := h.find(show).ETag
	h.write(file("show/a.mp3", "Heard", sounding("show/a.mp3", 6)))
	after := episodesOf(t, h, show).Items[0]
	if before.GUID != after.GUID {
		t.Errorf("the guid moved from %s to %s", before.GUID, after.GUID)
	}
	if before.Enclosures[0].URL == after.Enclosures[0].URL || after.Enclosures[0].Length != "6" {
		t.Errorf("the address stays: %+v", after.Enclosures[0])
	}
	if h.find(show).ETag == tag {
		t.Error("the ETag stays")
	}
}

func TestFileThatIsBeingReplacedIsNotAnswered(t *testing.T) {
	on := "media"
	h := openWith(t, t.TempDir(), radio(), func(o *publish.Options) {
		o.Open = func(string) (io.ReadSeekCloser, time.Time, error) {
			return struct {
				io.ReadSeeker
				io.Closer
			}{strings.NewReader(on), io.NopCloser(nil)}, time.Now(), nil
		}
	})
	defer h.stop()
	h.write(file("show/a.mp3", "Heard", sounding("show/a.mp3", 5)))
	m, err := h.p.Media(t.Context(), "show/a.mp3")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(m); err != nil || string(b) != "media" {
		t.Errorf("%q, %v", b, err)
	}
	on = "another, half of it"
	if _, err := h.p.Media(t.Context(), "show/a.mp3"); !errors.Is(err, feed.ErrReplaced) {
		t.Errorf("another file under the old one's ETag: %v", err)
	}
}

func TestMediaAreFetchedFromTheCDN(t *testing.T) {
	set := radio()
	set.MediaBase = "https://cdn.example.net/lantern"
	h := open(t, t.TempDir(), set)
	defer h.stop()
	h.write(file("show/a b.mp3", "Heard", sounding("show/a b.mp3", 5)))
	if got := episodesOf(t, h, show); got.Items[0].Enclosures[0].URL != "https://cdn.example.net/lantern/show/a%20b.mp3?v=05010000" || got.ITunesExt.Image != "https://cdn.example.net/lantern/show/cover.jpg?v=07000000" {
		t.Errorf("%+v, %+v", got.Items[0].Enclosures[0], got.ITunesExt)
	}
}

func TestArtworkIsToldForChecks(t *testing.T) {
	h := open(t, t.TempDir(), radio())
	defer h.stop()
	if m, err := h.p.Artwork(t.Context(), show); m != nil || err != nil {
		t.Errorf("%+v, %v", m, err)
	}
	h.write(file("show/a.mp3", "Heard", sounding("show/a.mp3", 5)))
	if m, err := h.p.Artwork(t.Context(), show); err != nil || m == nil || m.Width != 1400 {
		t.Errorf("%+v, %v", m, err)
	}
}
