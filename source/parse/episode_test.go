package parse

import (
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"feedwright/article"
)

// sound gives the bytes of a sample.
func sound(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(path.Join("testdata/sound", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// show is a folder of one episode, show/bells.mp3, and what else files give.
func show(t testing.TB, files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{"show/bells.mp3": {Data: sound(t, "bells.mp3")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func episodeOf(t testing.TB, fsys fstest.MapFS, name string) (article.Parsed, []article.Fault) {
	t.Helper()
	all, faults, err := parser(t, Options{Lang: "en"}).Parse(t.Context(), File{FS: fsys, Path: name, ModTime: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 {
		t.Fatalf("%d articles", len(all))
	}
	return all[0], faults
}

func TestTagsTellAnEpisodeWithoutWords(t *testing.T) {
	for name, want := range map[string]struct {
		mediaType string
		lasts     time.Duration
	}{
		"bells.mp3": {"audio/mpeg", 2560 * time.Millisecond}, "bells.m4a": {"audio/mp4", 2500 * time.Millisecond},
		"bells.ogg": {"audio/ogg", 2500 * time.Millisecond}, "bells.opus": {"audio/ogg", 2500 * time.Millisecond},
	} {
		b := sound(t, name)
		p, _ := episodeOf(t, fstest.MapFS{name: {Data: b}}, name)
		x := p.Fields
		if x.Title != "Bells at noon" || len(x.Authors) != 1 || x.Authors[0].Name != "Jonas Wik" || p.Body != "The bells of the old tower." {
			t.Errorf("%s: %q by %v: %q", name, x.Title, x.Authors, p.Body)
		}
		if x.Published.Time.Format(time.DateOnly) != "2025-11-18" || x.Episode == nil || x.Episode.Number != 3 {
			t.Errorf("%s: published %v, episode %+v", name, x.Published, x.Episode)
		}
		if len(x.Attachments) != 1 || x.Attachments[0].Path != name || len(p.Media) != 1 {
			t.Fatalf("%s: attachments %+v, media %+v", name, x.Attachments, p.Media)
		}
		m := p.Media[0]
		if m.Type != want.mediaType || m.Length != int64(len(b)) || (m.Duration-want.lasts).Abs() > 30*time.Millisecond {
			t.Errorf("%s: %s, %d bytes, %s; want %s, %d, %s", name, m.Type, m.Length, m.Duration, want.mediaType, len(b), want.lasts)
		}
	}
}

func TestWordsOfTheSameNameWin(t *testing.T) {
	p, faults := episodeOf(t, show(t, map[string]string{
		"show/bells.md": "---\ntitle: The tower\nseason: 2\nepisode: 7\nepisodeType: bonus\nexplicit: no\nauthor: Ana Roe\naudio: bells.mp3\nhosts: Ana Roe\nguests:\n  - {name: B. Lind, href: \"https://example.org/lind\"}\n---\n\nNotes with **weight**.\n",
	}), "show/bells.mp3")
	x := p.Fields
	if x.Title != "The tower" || x.Authors[0].Name != "Ana Roe" || p.Markup != article.Markdown || p.Body != "Notes with **weight**." || len(faults) > 0 {
		t.Errorf("%q by %v: %q; %v", x.Title, x.Authors, p.Body, faults)
	}
	e := x.Episode
	if e == nil || e.Season != 2 || e.Number != 7 || e.Type != "bonus" || e.Explicit != "false" {
		t.Fatalf("episode %+v", e)
	}
	if want := []article.Person{{Name: "Ana Roe"}, {Name: "B. Lind", Role: "guest", URL: "https://example.org/lind"}}; !slices.Equal(e.Persons, want) {
		t.Errorf("persons %+v", e.Persons)
	}
	if len(x.Attachments) != 1 || x.Attachments[0].Path != "show/bells.mp3" {
		t.Errorf("named twice: %+v", x.Attachments)
	}
}

func TestPlainTextGivesAnEpisodeItsWords(t *testing.T) {
	p, _ := episodeOf(t, show(t, map[string]string{"show/bells.txt": "Bells, heard\nCategory\nSounds\n\nThey ring at noon and again at six, on every day but Friday.\n"}), "show/bells.mp3")
	if p.Fields.Title != "Bells, heard" || !slices.Equal(p.Fields.Categories, []string{"Sounds"}) || !strings.Contains(p.Body, "again at six") {
		t.Errorf("%+v: %q", p.Fields, p.Body)
	}
}

func TestWhatLiesBesideAnEpisodeIsCarried(t *testing.T) {
	fsys := show(t, map[string]string{
		"show/bells.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nDong\n", "show/bells.chapters.json": `{"version":"1.2.0","chapters":[]}`,
		"show/bells.transcript.txt": "Dong", "cover.png": "\x89PNG\r\n\x1a\n",
	})
	fsys["show/bells.ogg"] = &fstest.MapFile{Data: sound(t, "bells.ogg")}
	p, _ := episodeOf(t, fsys, "show/bells.mp3")
	e, x := p.Fields.Episode, p.Fields
	if len(e.Transcripts) != 2 || e.Transcripts[0] != (article.Document{Path: "show/bells.vtt", Type: "text/vtt"}) || e.Transcripts[1].Type != "text/plain" {
		t.Errorf("transcripts %+v", e.Transcripts)
	}
	if e.Chapters == nil || *e.Chapters != (article.Document{Path: "show/bells.chapters.json", Type: "application/json+chapters"}) {
		t.Errorf("chapters %+v", e.Chapters)
	}
	if len(x.Attachments) != 2 || x.Attachments[1].Path != "show/bells.ogg" {
		t.Errorf("attachments %+v", x.Attachments)
	}
	for _, name := range []string{"show/bells.mp3", "show/bells.ogg", "show/bells.vtt", "show/bells.transcript.txt", "show/bells.chapters.json", "cover.png"} {
		if !slices.ContainsFunc(p.Media, func(m article.Media) bool { return m.Path == name && m.Length > 0 }) {
			t.Errorf("%s is not carried", name)
		}
	}
}

func TestWordsAreNotServedAsMedia(t *testing.T) {
	p, _ := episodeOf(t, show(t, map[string]string{"show/bells.md": "Notes"}), "show/bells.mp3")
	if slices.ContainsFunc(p.Media, func(m article.Media) bool { return strings.HasSuffix(m.Path, ".md") }) {
		t.Errorf("a source file is public: %+v", p.Media)
	}
}

func TestHalfASoundFileIsRefusedAndSaysWhatIsMissing(t *testing.T) {
	for _, name := range []string{"bells.mp3", "plain.mp3", "bells.m4a", "bells.ogg", "bells.opus", "bells.mp4"} {
		whole := sound(t, name)
		for _, n := range []int{len(whole) / 3, len(whole)/2 + 7, len(whole) - 40} {
			_, _, err := parser(t, Options{}).Parse(t.Context(), File{FS: fstest.MapFS{name: {Data: whole[:n]}}, Path: name})
			var fault *article.Fault
			if !errors.As(err, &fault) || fault.Path != name || !strings.Contains(fault.Err, "not whole") || fault.Hint == "" {
				t.Errorf("%s, %d of %d bytes: error %v", name, n, len(whole), err)
			}
		}
	}
}

func TestDamagedTagsNeverStopAnEpisode(t *testing.T) {
	whole := sound(t, "bells.mp3")
	for i := 0; i < 400; i++ {
		b := slices.Clone(whole)
		b[10+i%200] ^= byte(1 + i*37)
		if _, _, err := parser(t, Options{}).Parse(t.Context(), File{FS: fstest.MapFS{"a.mp3": {Data: b}}, Path: "a.mp3"}); err != nil {
			var fault *article.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("byte %d: %v", 10+i%200, err)
			}
		}
	}
	deep := append([]byte("\x00\x00\x00\x10ftypM4A \x00\x00\x00\x00"), []byte(strings.Repeat("\x00\x00\x00\x08moov", 500_000))...)
	if got := tagsOf(fstest.MapFS{"a.m4a": {Data: deep}}, "a.m4a"); got != (soundTags{}) {
		t.Errorf("tags %+v", got)
	}
}

func TestNamesTellSeasonAndNumber(t *testing.T) {
	for name, want := range map[string][2]int{"S02E05-bells": {2, 5}, "ep-12": {0, 12}, "Episode 7 The tower": {0, 7}, "7 samurai": {}, "epic": {}, "2025-11-18-bells": {}} {
		if s, n, _ := numberedName(name); s != want[0] || n != want[1] {
			t.Errorf("%s: season %d, number %d", name, s, n)
		}
	}
}

func TestFilesKnowTheSoundTheyBelongTo(t *testing.T) {
	for name, want := range map[string]bool{
		"a/talk.md": true, "a/talk.txt": true, "a/talk.vtt": true, "a/talk.chapters.json": true, "a/talk.transcript.txt": true,
		"a/talk.json": false, "a/talk.jpg": false, "a/talk.uk.md": false, "a/talks.md": false,
	} {
		sounds := Sounds(name)
		if slices.Contains(sounds, "a/talk.mp3") != want {
			t.Errorf("%s belongs to %v", name, sounds)
		}
		if want && !slices.Contains(Beside("a/talk.mp3"), name) {
			t.Errorf("%s does not lie beside", name)
		}
	}
	if got := Sounds("talk.mp3"); len(got) != 0 {
		t.Errorf("the first format is of %v", got)
	}
	if got := Sounds("talk.ogg"); !slices.Contains(got, "talk.mp3") || slices.Contains(got, "talk.ogg") {
		t.Errorf("another format is of %v", got)
	}
}

// FuzzEpisode gives any bytes for sound: it ends, and is published only with
// what it says of itself.
func FuzzEpisode(f *testing.F) {
	for _, name := range []string{"bells.mp3", "plain.mp3", "bells.m4a", "bells.ogg", "bells.opus", "bells.mp4"} {
		b, err := os.ReadFile("testdata/sound/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, path.Ext(name))
		f.Add(b[:len(b)/2], path.Ext(name))
	}
	p, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, ext string) {
		if ext = path.Ext(ext); !IsEpisode("a"+ext) || !utf8.ValidString(ext) {
			ext = ".mp3"
		}
		all, _, err := p.Parse(t.Context(), File{FS: fstest.MapFS{"a" + ext: {Data: b}}, Path: "a" + ext})
		var fault *article.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.Fields.Title == "" || len(a.Media) != 1 || a.Media[0].Length != int64(len(b)) || a.Media[0].Duration < 0 {
				t.Errorf("%+v", a)
			}
		}
	})
}
