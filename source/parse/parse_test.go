package parse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feedwright/article"
)

// read parses one file with default options and fails on any error.
func read(t *testing.T, name, text string) article.Parsed {
	t.Helper()
	out, faults, err := parser(t, Options{}).Parse(context.Background(), File{Path: name, Raw: []byte(text)})
	if err != nil || len(out) != 1 {
		t.Fatalf("%s: %d articles, error %v", name, len(out), err)
	}
	for _, f := range faults {
		t.Logf("warning: %v", &f)
	}
	return out[0]
}

// refuse parses one file and gives the fault that stops it.
func refuse(t *testing.T, name, text string) *article.Fault {
	t.Helper()
	out, _, err := parser(t, Options{}).Parse(context.Background(), File{Path: name, Raw: []byte(text)})
	var f *article.Fault
	if !errors.As(err, &f) {
		t.Fatalf("%s gave %d articles and %v, want a fault", name, len(out), err)
	}
	if f.Path != name || f.Hint == "" || f.Warn {
		t.Errorf("the fault must name file and next step: %+v", f)
	}
	return f
}

const story = "The council met on Tuesday and agreed to rebuild the bridge, which has been closed for years.\n"

func TestDumpIsTakenApart(t *testing.T) {
	a := read(t, "in/bridge.txt", `The bridge will be rebuilt
Category
Town
Publication date

The bridge will be rebuilt

Jane Roe
The bridge as the council would like to see it

`+story+`
Points to note

  • First point.

  • Second point,
which was wrapped.

The bridge as the council would like to see it

Last sentence of the story.

We use cookies so that your visit to our site is a happy one.
`)
	if a.Fields.Title != "The bridge will be rebuilt" || !slices.Equal(a.Fields.Categories, []string{"Town"}) || !a.Fields.Published.IsZero() {
		t.Errorf("fields %+v", a.Fields)
	}
	want := strings.TrimSpace(story) + "\n\nPoints to note\n\n• First point.\n• Second point,\n\nwhich was wrapped.\n\nThe bridge as the council would like to see it\n\nLast sentence of the story."
	want = strings.Replace(want, ",\n\nwhich", ", which", 1)
	if a.Body != want {
		t.Errorf("body is\n%s\nwant\n%s", a.Body, want)
	}
}

func TestLabelsEndWhereTheTextStarts(t *testing.T) {
	a := read(t, "a.txt", "A title\n\n"+story+"\nCategory\n\nSource: nobody knows.\n")
	if len(a.Fields.Categories) > 0 || a.Fields.Source != nil || !strings.Contains(a.Body, "Source: nobody knows.") {
		t.Errorf("a label below the text was taken: %+v\n%s", a.Fields, a.Body)
	}
}

func TestLabelValues(t *testing.T) {
	zone := time.FixedZone("", 3600)
	p := parser(t, Options{Lang: "en", Zone: zone, Labels: map[string][]string{"category": {"Ressortchen"}, "tags": {"Buzz words"}}})
	for name, head := range map[string]string{
		"same line":       "T\nCategory: Town\nPublished: 2026-03-03 14:05\nAuthor: A. Roe\n\n",
		"next line":       "T\nCategory\nTown\nPublished\n2026-03-03 14:05\nAuthor\nA. Roe\n\n",
		"with colons":     "T\nCategory:\nTown\nPublished:\n3 March 2026, 2:05 pm\nAuthor:\nA. Roe\n\n",
		"blank between":   "T\n\nCategory\n\nTown\n\nAuthor\n\nA. Roe\n\nPublished\n\n2026-03-03 14:05\n\n",
		"labels first":    "Category: Town\nAuthor\nA. Roe\nPublished\n2026-03-03 14:05\nTitle\nT\n\n",
		"owner's label":   "T\nRESSORTCHEN\nTown\nAuthor\nA. Roe\nDate\n2026-03-03 14:05\n\n",
		"date and byline": "T\nMarch 3, 2026, 2:05 pm\nBy A. Roe\nCategory\nTown\n\n",
		"headers":         "Title: T\nCategory: Town\nDate: 2026-03-03 14:05\nAuthor: A. Roe\n\n",
		"mixed languages": "T\nРубрика\nTown\nFecha de publicación\n2026-03-03 14:05\nAutorin\nA. Roe\n\n",
	} {
		out, _, err := p.Parse(context.Background(), File{Path: "x.txt", Raw: []byte(head + story)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x := out[0].Fields
		if x.Title != "T" || !slices.Equal(x.Categories, []string{"Town"}) || len(x.Authors) != 1 || x.Authors[0].Name != "A. Roe" ||
			!x.Published.Time.Equal(time.Date(2026, 3, 3, 14, 5, 0, 0, zone)) || out[0].Body != strings.TrimSpace(story) {
			t.Errorf("%s: %+v\n%s", name, x, out[0].Body)
		}
	}
}

// A title may look like a header: what stands before its colon is no field.
func TestATitleWithAColonIsNoHeader(t *testing.T) {
	for text, want := range map[string]string{
		"Ukraine: talks resume\nDate: 2026-03-03\nCategory: World\n\n":   "Ukraine: talks resume",
		"Ukraine: talks resume\nCategory\nWorld\n\n":                     "Ukraine: talks resume",
		"Ukraine: talks resume\n\n":                                      "Ukraine: talks resume",
		"Порт: кран знову працює\nДата: 2026-03-03\nКатегорія: Порт\n\n": "Порт: кран знову працює",
		"Series: harbour songs\nTitle: The crane\nDate: 2026-03-03\n\n":  "The crane",
	} {
		if a := read(t, "a.txt", text+story); a.Fields.Title != want || strings.Contains(a.Body, "Date:") {
			t.Errorf("%q is called %q\n%s", text, a.Fields.Title, a.Body)
		}
	}
}

func TestEmptyDateIsNoDateAndABadOneIsAFault(t *testing.T) {
	a := read(t, "a.txt", "T\nPublication date\nA line of the text follows at once here\n\n"+story)
	if !a.Fields.Published.IsZero() || !strings.Contains(a.Body, "A line of the text") {
		t.Errorf("%+v\n%s", a.Fields, a.Body)
	}
	for _, bad := range []string{"Publication date: soon enough", "Publication date\n31 February 2026", "Publication date\nTomorow", "Date: 12"} {
		f := refuse(t, "a.txt", "T\n"+bad+"\n\n"+story)
		if !strings.Contains(f.Err, "bad date") || f.Line < 2 {
			t.Errorf("%s: %+v", bad, f)
		}
	}
}

func TestProseAboutCookiesStays(t *testing.T) {
	last := "You must agree before a website may use cookies, our reporter learnt."
	a := read(t, "a.txt", "New rules for cookies\n\n"+story+"\n"+last+"\n")
	if !strings.Contains(a.Body, last) {
		t.Errorf("the article's last sentence was dropped: %s", a.Body)
	}
}

func TestInteriorIsNeverDropped(t *testing.T) {
	mid := "Read also: the minutes of the council"
	var b strings.Builder
	for i := range 8 {
		fmt.Fprintf(&b, "Paragraph %d. %s\n", i, story)
	}
	a := read(t, "a.txt", "T\n\n"+b.String()+mid+"\n\n"+b.String())
	if !strings.Contains(a.Body, mid) {
		t.Error("a paragraph between others was dropped")
	}
}

func TestWrappedLinesAreJoinedAndPoemsAreNot(t *testing.T) {
	a := read(t, "a.txt", "T\n\nThe council met on Tuesday and agreed to rebuild the\nbridge, which has been closed for years because of the\nflood.\n\nRoses are red\nViolets are blue\n")
	want := "The council met on Tuesday and agreed to rebuild the bridge, which has been closed for years because of the flood.\n\nRoses are red\nViolets are blue"
	if a.Body != want {
		t.Errorf("body is %q", a.Body)
	}
}

func TestTitleIsFoundSomewhere(t *testing.T) {
	long := strings.Repeat("word ", 60) + "end." // 18 words and an ellipsis are the most that 90 characters hold
	for _, c := range []struct{ path, text, want string }{
		{"x/peace-talks.md", "", ""},
		{"x/a.md", "# Heading\n\ntext", "Heading"},
		{"x/a.md", "Heading\n=======\n\ntext", "Heading"},
		{"x/a.md", "import X from 'y'\n\n# Heading {#top}\n\ntext", "Heading"},
		{"x/a.md", "The first sentence. The second.", "The first sentence"},
		{"x/a.md", "*Emphasised* [link](http://e.example/) sentence. More.", "Emphasised link sentence"},
		{"x/a.txt", long, strings.TrimSpace(strings.Repeat("word ", 18)) + "…"},
		{"x/2026-11-22-peace-talks.md", "![](http://e.example/a.png)", "Peace talks"},
		{"posts/my-post/index.md", "```\ncode\n```", "My post"},
	} {
		if c.text == "" {
			continue
		}
		if a := read(t, c.path, c.text); a.Fields.Title != c.want {
			t.Errorf("%s %.30q: title %q, want %q", c.path, c.text, a.Fields.Title, c.want)
		}
	}
}

func TestDateOfName(t *testing.T) {
	for path, want := range map[string]string{
		"2026-11-22-talks.md":        "2026-11-22 00:00",
		"20261122_talks.md":          "2026-11-22 00:00",
		"2026-11-22.md":              "2026-11-22 00:00",
		"2026-11-22-1430-talks.md":   "2026-11-22 14:30",
		"2026/11/22/talks.md":        "2026-11-22 00:00",
		"2026-11-22-talks/index.md":  "2026-11-22 00:00",
		"a/2026_11_22 talks.txt":     "2026-11-22 00:00",
		"talks-2026.md":              "",
		"2026-13-22-talks.md":        "",
		"2026-02-31-talks.md":        "",
		"20261122999.md":             "",
		"1000-ways-to-cook.md":       "",
		"2026-11-22_09-30_talks.txt": "2026-11-22 09:30",
	} {
		a := read(t, path, "Some text")
		got := ""
		if d := a.Fields.Published; !d.IsZero() {
			got = d.Time.Format("2006-01-02 15:04")
			if d.From != article.FromName || d.DayOnly != strings.HasSuffix(got, "00:00") {
				t.Errorf("%s: %+v", path, d)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if a := read(t, "2026-11-22-talks.md", "---\ndate: 2020-01-01\n---\nx"); a.Fields.Published.Time.Year() != 2020 {
		t.Error("the file's own date must win over its name's")
	}
}

func TestCategoryOfFolder(t *testing.T) {
	for path, want := range map[string]string{
		"a.md": "", "ukraine/a.md": "Ukraine", "posts/ukraine/a.md": "Ukraine", "content/news/ukraine/a.md": "Ukraine", "news/a.md": "News",
		"in/a.md": "", "2026/11/a.md": "", "2026/ukraine/a.md": "Ukraine", "_x/ukraine/a.md": "Ukraine", "middle-east/a.md": "Middle east",
		"posts/my-post/index.md": "", "world/my-post/index.md": "World", "2026-11-22/a.md": "", "Überall/a.md": "Überall",
	} {
		got := strings.Join(read(t, path, "Some text").Fields.Categories, "|")
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	uk := "Рада зібралася у вівторок і вирішила відбудувати міст, який стояв зачиненим багато років через повінь. Роботи почнуться навесні, і їх виконає місто, сказала голова ради, яка також пояснила, що гроші вже є, але їх ще треба перевести на рахунок. Міст відкриють за рік."
	for _, c := range []struct{ path, text, want string }{
		{"a.md", uk, "uk"}, {"a.md", "Short text.", ""}, {"a.uk.md", "Short text.", "uk"}, {"a.md", "---\nlang: pt_BR\n---\n" + uk, "pt-BR"},
		{"a.md", "---\nlanguage: Українська\n---\nx", "uk"}, {"a.md", "---\nlang: zz_nonsense_zz\n---\nx", ""},
	} {
		if a := read(t, c.path, c.text); a.Fields.Lang != c.want {
			t.Errorf("%s %.40q: %q, want %q", c.path, c.text, a.Fields.Lang, c.want)
		}
	}
}

func TestEdgesAreShortParagraphsAtTheEnds(t *testing.T) {
	var ps []string
	for i := range 15 {
		ps = append(ps, fmt.Sprintf("Paragraph number %d.", i))
	}
	ps[13] = "Photo: A. Roe"
	ps[14] = strings.Repeat("Long. ", 100)
	a := read(t, "a.md", strings.Join(ps, "\n\n"))
	var got []string
	for _, e := range a.Edges {
		got = append(got, fmt.Sprintf("%s %v", strings.TrimSuffix(strings.TrimPrefix(e.Text, "Paragraph number "), "."), e.Trailing))
		if e.Hash != article.ParagraphHash(e.Text) {
			t.Errorf("%q has another hash", e.Text)
		}
	}
	want := "[0 false 1 false 2 false 3 false 9 true 10 true 11 true 12 true]"
	if fmt.Sprint(got) != want {
		t.Errorf("edges %v", got)
	}
	if a.Words == 0 || a.Print == 0 {
		t.Error("words and fingerprint are missing")
	}
}

func TestFingerprintIgnoresTheTitle(t *testing.T) {
	a := read(t, "a.md", "# One title\n\n"+story)
	b := read(t, "b.md", "# Another heading here\n\n"+story)
	if a.Print != b.Print || a.Words != b.Words {
		t.Error("the same text under two titles has two fingerprints")
	}
}

func TestMarkedFolderHoldsWhatIsNotMarked(t *testing.T) {
	p := parser(t, Options{Marked: true})
	for text, held := range map[string]bool{"---\npublish: true\n---\nx": false, "---\ntitle: x\n---\nx": true, "x": true, "---\npublish: false\n---\nx": true, "---\npublish: true\ndraft: true\n---\nx": true} {
		out, _, err := p.Parse(context.Background(), File{Path: "a.md", Raw: []byte(text)})
		if err != nil || out[0].Fields.Draft != held || held == (out[0].Fields.DraftWhy == "") {
			t.Errorf("%q: held %v (%q), %v", text, out[0].Fields.Draft, out[0].Fields.DraftWhy, err)
		}
	}
}

func TestBadOptionsAreNamed(t *testing.T) {
	for _, o := range []Options{{Boilerplate: []string{"(x"}}, {Keep: []string{"(x"}}, {Fields: map[string][]string{"colour(x": {"a"}}}, {Labels: map[string][]string{"(x": {"a"}}}} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), "(x") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestReads(t *testing.T) {
	for name, want := range map[string]bool{"a.txt": true, "a.TXT": true, "a.md": true, "a.markdown": true, "a.html": true, "a.htm": true, "a.json": true, "a.text": true, "a.png": false, "a": false, "a.docx": false} {
		if Reads(name) != want {
			t.Errorf("Reads(%q) is %v", name, !want)
		}
	}
	if !IsMedia("a/b.MP3") || !IsMedia("a.jpeg") || IsMedia("a.md") || IsMedia("a") {
		t.Error("IsMedia is wrong")
	}
}

func TestCancelledParseStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := parser(t, Options{}).Parse(ctx, File{Path: "a.md", Raw: []byte("x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestMediaThatTheArticleNames(t *testing.T) {
	fsys := fstest.MapFS{
		"town/pic one.png": {Data: png}, "shared/b.png": {Data: png}, "town/s.mp3": {Data: []byte("ID3\x04")}, "town/notes.md": {Data: []byte("x")},
	}
	text := "---\ntitle: T\nimage: /shared/b.png\naudio: s.mp3\n---\n![One](pic%20one.png) [x](notes.md) ![gone](gone.png) {{< img src=\"uid.png\" >}} ![far](https://e.example/x.png) ![out](../../etc/passwd.png)\n"
	out, faults, err := parser(t, Options{}).Parse(context.Background(), File{FS: fsys, Path: "town/a.md", Raw: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	a := out[0]
	var paths []string
	for _, m := range a.Media {
		paths = append(paths, fmt.Sprintf("%s %s %d %dx%d", m.Path, m.Type, m.Length, m.Width, m.Height))
	}
	want := []string{fmt.Sprintf("shared/b.png image/png %d 3x2", len(png)), "town/s.mp3 audio/mpeg 4 0x0", fmt.Sprintf("town/pic one.png image/png %d 3x2", len(png))}
	if !slices.Equal(paths, want) {
		t.Errorf("media %q\nwant %q", paths, want)
	}
	if a.Fields.Image == nil || a.Fields.Image.Path != "shared/b.png" || len(a.Fields.Attachments) != 1 || a.Fields.Attachments[0].Path != "town/s.mp3" {
		t.Errorf("image %+v, attachments %+v", a.Fields.Image, a.Fields.Attachments)
	}
	if len(faults) != 2 || !faults[0].Warn || !strings.Contains(faults[0].Err, "gone.png") || faults[0].Line != 6 || !strings.Contains(faults[1].Err, "passwd") {
		t.Errorf("faults %+v", faults)
	}
}

func TestFirstPictureIsTheArticles(t *testing.T) {
	fsys := fstest.MapFS{"a/p.png": {Data: png}}
	for text, want := range map[string]string{
		"x ![Alt](p.png)": "p.png|Alt", "x <img src='p.png'>": "p.png|", "x ![[p.png|100]]": "p.png|", "x ![A](https://e.example/q.jpg)": "https://e.example/q.jpg|A", "x [p](p.png)": "",
	} {
		out, _, err := parser(t, Options{}).Parse(context.Background(), File{FS: fsys, Path: "a/a.md", Raw: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if i := out[0].Fields.Image; i != nil {
			got = strings.TrimPrefix(i.Path, "a/") + i.URL + "|" + i.Alt
		}
		if got != want {
			t.Errorf("%s: image %q, want %q", text, got, want)
		}
	}
}

// png is a picture of 3 by 2 pixels: the header is all that is looked at.
var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00\x12\x16\xf1\x4d")
