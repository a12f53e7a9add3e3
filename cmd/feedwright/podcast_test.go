package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"regexp"
	"strings"
	"testing"
)

const radioConfig = `site: { id: 5d0d2f0e-43a4-4f6c-9f3b-0b8f2c9a1a11, title: The Lantern, description: Sounds of the harbour, url: "https://news.example.org", author: { name: The Desk, email: desk@example.org } }
source: { linger: 100ms, settle: 50ms }
feeds:
  - { name: heard, podcast: { category: "Society & Culture > Documentary" } }
`

// radio makes a working directory with two episodes, one with words, and a text.
func radio(t *testing.T) {
	t.Helper()
	sample := func(name string) string {
		b, err := os.ReadFile("../../source/parse/testdata/sound/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	tower, boats := sample("bells.mp3"), sample("bells.m4a")
	t.Chdir(t.TempDir())
	write(t, map[string]string{
		"config.yaml":             radioConfig,
		"articles/show/tower.mp3": tower, "articles/show/boats.m4a": boats,
		"articles/show/tower.md":  "---\ntitle: The tower\ndate: 2026-01-02 09:00\nseason: 1\nepisode: 2\n---\n\nNotes with **weight**.\n",
		"articles/show/tower.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nDong\n",
		"articles/note.md":        "---\ntitle: A note\ndate: 2026-01-01\n---\n\nText only.\n",
		"articles/show/cover.png": picture(t, 1400),
	})
}

func picture(t *testing.T, size int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func built(t *testing.T, name string) string {
	t.Helper()
	good(t, "build", "--out", "public")
	b, err := os.ReadFile("public/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFolderOfSoundIsAPodcast(t *testing.T) {
	radio(t)
	out := feedwright(t, "check", "--strict")
	if strings.Contains(out.out, "heard") || strings.Contains(out.out, "cover.png") {
		t.Errorf("the podcast is found fault with:\n%s", out.out)
	}
	rss := built(t, "feeds/heard/rss.xml")
	contains(t, "the podcast", rss,
		"<title>The tower</title>", "<title>Bells at noon</title>", `<itunes:category text="Society &amp; Culture">`, "<itunes:season>1</itunes:season>",
		`length="8010" type="audio/mpeg"`, "<itunes:duration>3</itunes:duration>", `<podcast:transcript url="https://news.example.org/media/show/tower.vtt?v=`,
		`<itunes:image href="https://news.example.org/media/show/cover.png?v=`, "<strong>weight</strong>")
	if strings.Contains(rss, "A note") || strings.Contains(rss, "tower.md") {
		t.Errorf("it holds more than episodes:\n%s", rss)
	}
	for _, name := range []string{"show/tower.mp3", "show/boats.m4a", "show/tower.vtt", "show/cover.png"} {
		if _, err := os.Stat("public/media/" + name); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat("public/media/show/tower.md"); err == nil {
		t.Error("the words are public as a file")
	}
}

var guid = regexp.MustCompile(`<podcast:guid>([0-9a-f-]+)</podcast:guid>`)

func TestPodcastKeepsItsIDWhenItMoves(t *testing.T) {
	radio(t)
	was := guid.FindStringSubmatch(built(t, "feeds/heard/rss.xml"))
	// UUIDv5 of news.example.org/feeds/heard/rss.xml in Podcasting 2.0's name space.
	if want := "70b00d23-ac4c-5b09-a3b7-60263affd8ad"; was == nil || was[1] != want {
		t.Fatalf("the id is %v, want %s", was, want)
	}
	write(t, map[string]string{"config.yaml": strings.Replace(radioConfig, "https://news.example.org", "https://elsewhere.example.net", 1)})
	if is := guid.FindStringSubmatch(built(t, "feeds/heard/rss.xml")); is == nil || is[1] != was[1] {
		t.Errorf("after a move the id is %v, was %v", is, was)
	}
	if err := os.Remove("feedwright.db"); err != nil {
		t.Fatal(err)
	}
	if is := guid.FindStringSubmatch(built(t, "feeds/heard/rss.xml")); is == nil || is[1] != was[1] {
		t.Errorf("after the database was lost the id is %v, was %v", is, was)
	}
}

func TestCheckLooksAtAPodcastsArtwork(t *testing.T) {
	radio(t)
	write(t, map[string]string{"articles/show/cover.png": picture(t, 600)})
	contains(t, "check of small artwork", feedwright(t, "check").out, "show/cover.png: the artwork is 600 × 600 pixels", "1400 to 3000")
	if err := os.Remove("articles/show/cover.png"); err != nil {
		t.Fatal(err)
	}
	contains(t, "check of no artwork", feedwright(t, "check").out, "/feeds/heard/rss.xml: the podcast has no artwork", "cover.jpg")
}

func TestHalfAnEpisodeIsNamedAndNotPublished(t *testing.T) {
	radio(t)
	b, err := os.ReadFile("articles/show/tower.mp3")
	if err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"articles/show/tower.mp3": string(b[:len(b)/2])})
	s := feedwright(t, "check")
	contains(t, "check", s.out, "show/tower.mp3: the file is not whole")
	if s.code != exitFaults {
		t.Errorf("exit code %d", s.code)
	}
	if rss := built(t, "feeds/heard/rss.xml"); strings.Contains(rss, "The tower") {
		t.Error("half an episode is published")
	}
}
