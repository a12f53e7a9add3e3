package source

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/source/parse"
)

// radio is a house whose reader is the real one.
func radio(t *testing.T) *house {
	t.Helper()
	p, err := parse.New(parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, Options{Reader: NewReader(p)})
	return h
}

func bells(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("parse/testdata/sound/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// articles are the titles of what the folder holds by what was told, by path.
func (h *house) articles() string {
	now := map[string]string{}
	for _, b := range h.since(0) {
		for _, c := range b {
			switch {
			case c.Op == article.Gone:
				delete(now, c.Path)
			case c.Op == article.Wrote && c.Articles != nil:
				delete(now, c.Path)
				for _, a := range c.Articles {
					now[c.Path] = a.Fields.Title
				}
			}
		}
	}
	return fmt.Sprint(now)
}

func (h *house) awaitArticles(want string) {
	h.t.Helper()
	h.until(want, func() bool { return h.articles() == want })
}

func (h *house) runRadio() {
	h.t.Helper()
	p, err := parse.New(parse.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.run(Options{Reader: NewReader(p)})
}

func TestSoundWithItsWordsIsOneArticle(t *testing.T) {
	h := radio(t)
	h.old("show/bells.mp3", bells(t, "bells.mp3"))
	h.old("show/bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.old("show/bells.transcript.txt", "Dong.")
	h.old("show/bells.chapters.json", `{"version":"1.2.0","chapters":[]}`)
	h.old("show/bells.ogg", bells(t, "bells.ogg"))
	h.old("show/plain.mp3", bells(t, "plain.mp3"))
	h.scan()
	equal(t, h.articles(), "map[show/bells.mp3:The tower show/plain.mp3:Plain]")
	equal(t, h.folder.Why("show/bells.md"), "it belongs to the episode show/bells.mp3")
	if got := h.scan(); len(got) != 0 {
		t.Errorf("told again: %s", tell(got))
	}
}

func TestSoundThatAnArticleCarriesIsNoEpisode(t *testing.T) {
	h := radio(t)
	h.old("story.md", "---\ntitle: Story\naudio: a-clip.mp3\n---\nText.")
	h.old("a-clip.mp3", bells(t, "bells.mp3"))
	h.old("b-clip.mp3", bells(t, "plain.mp3"))
	h.scan()
	equal(t, h.articles(), "map[b-clip.mp3:B clip story.md:Story]")
	h.old("story.md", "---\ntitle: Story\naudio: b-clip.mp3\n---\nText, mended.")
	h.scan()
	equal(t, h.articles(), "map[a-clip.mp3:Bells at noon story.md:Story]")
}

func TestChangedWordsBringTheirEpisode(t *testing.T) {
	h := radio(t)
	h.old("bells.mp3", bells(t, "bells.mp3"))
	h.runRadio()
	h.awaitArticles("map[bells.mp3:Bells at noon]")
	h.write("bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.awaitArticles("map[bells.mp3:The tower]")
	h.write("bells.md", "---\ntitle: The old tower\n---\nNotes.")
	h.awaitArticles("map[bells.mp3:The old tower]")
	h.must(os.Remove(h.path("bells.md")))
	h.awaitArticles("map[bells.mp3:Bells at noon]")
}

func TestWordsChangedBetweenTwoRunsBringTheirEpisode(t *testing.T) {
	h := radio(t)
	h.old("bells.mp3", bells(t, "bells.mp3"))
	h.old("bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.scan()
	h.old("bells.md", "---\ntitle: The old tower\n---\nNotes.")
	h.runRadio()
	h.awaitArticles("map[bells.mp3:The old tower]")
}

func TestHalfASoundFileWaitsWithItsWords(t *testing.T) {
	h := radio(t)
	whole := bells(t, "bells.mp3")
	h.old("bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.old("bells.mp3", whole[:len(whole)/2])
	h.runRadio()
	h.until("the fault", func() bool {
		return slices.ContainsFunc(slices.Concat(h.since(0)...), func(c article.Change) bool {
			return c.Op == article.Failed && strings.Contains(c.Fault.Err, "not whole")
		})
	})
	equal(t, h.articles(), "map[]")
	h.write("bells.mp3", whole)
	h.awaitArticles("map[bells.mp3:The tower]")
}

func TestWordsThatCameFirstStayUntilTheirSoundIsWhole(t *testing.T) {
	h := radio(t)
	whole := bells(t, "bells.mp3")
	h.old("bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.runRadio()
	h.awaitArticles("map[bells.md:The tower]")
	h.write("bells.mp3", whole[:len(whole)/2])
	h.await(0, "failed bells.mp3")
	h.folder.Rescan()
	equal(t, h.articles(), "map[bells.md:The tower]")
	m := h.mark()
	h.write("bells.mp3", whole)
	h.awaitArticles("map[bells.mp3:The tower]")
	for _, b := range h.since(m) { // one batch, so that the id can be kept
		if slices.ContainsFunc(b, func(c article.Change) bool { return c.Path == "bells.mp3" && c.Op == article.Wrote }) && !slices.ContainsFunc(b, func(c article.Change) bool { return c.Path == "bells.md" }) {
			t.Errorf("words and sound come apart: %s", tell(b))
		}
	}
}

func TestWordsWhoseSoundIsGoneAreAnArticleAgain(t *testing.T) {
	h := radio(t)
	h.old("bells.mp3", bells(t, "bells.mp3"))
	h.old("bells.md", "---\ntitle: The tower\n---\nNotes.")
	h.runRadio()
	h.awaitArticles("map[bells.mp3:The tower]")
	h.must(os.Remove(h.path("bells.mp3")))
	h.awaitArticles("map[bells.md:The tower]")
}

func TestManyTextsBesideOneSoundAreLookedAtOnce(t *testing.T) {
	h := radio(t)
	for i := range 300 {
		h.old(fmt.Sprintf("n%03d.md", i), fmt.Sprintf("---\ntitle: N%d\n---\nText %d.", i, i))
	}
	h.old("n007.mp3", bells(t, "bells.mp3"))
	if err := h.folder.Scan(context.Background(), h.known, h.out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(h.articles(), ":N"); got != 300 || strings.Contains(h.articles(), "n007.md") {
		t.Errorf("%d articles: %s", got, h.articles())
	}
}
