package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feedwright/lint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// corpora are folders of articles that must give clean documents: our own, one
// of files that nobody means well with, and any that CORPUS names, parted as in
// PATH. CORPUS_CONFIG is put under their settings.
func corpora(t *testing.T) []string {
	t.Helper()
	list := append([]string{"../../testdata/articles", "../../testdata/hostile"}, filepath.SplitList(os.Getenv("CORPUS"))...)
	for i := range list {
		dir, err := filepath.Abs(list[i])
		if err != nil {
			t.Fatal(err)
		}
		list[i] = dir
	}
	return list
}

// publicOf publishes articles, a few a feed, and gives every document by its path.
func publicOf(t *testing.T, articles map[string]string, items int) map[string]string {
	t.Helper()
	t.Chdir(t.TempDir())
	files := map[string]string{"feedwright.yaml": fmt.Sprintf(`site: { id: 6f0d3c8e-8a52-4d3a-9d43-0b8f6f3c2a10, title: "Tidings & <News>", url: "https://news.example.org/sub" }
feed: { items: %d, content: both, max_bytes: 10MB }
`, items) + os.Getenv("CORPUS_CONFIG") + "\n"}
	for name, text := range articles {
		files["articles/"+name] = text
	}
	write(t, files)
	if s := feedwright(t, "build", "--out", "public"); s.code != exitFine {
		t.Fatalf("build: exit code %d\n%s%s", s.code, s.out, s.err)
	}
	return filesBelow(t, "public")
}

// judgeAll judges every feed as strictly as can be, and gives how many there
// were of each kind.
func judgeAll(t *testing.T, docs map[string]string) map[lint.Kind]int {
	t.Helper()
	kinds := map[lint.Kind]int{}
	for name, doc := range docs {
		switch path.Base(name) {
		case "rss.xml", "atom.xml", "feed.json", "feeds.opml":
		default:
			continue
		}
		kind, list, err := lint.Check(t.Context(), []byte(doc), lint.Options{URL: "https://news.example.org/sub/" + name})
		if err != nil {
			t.Fatal(err)
		}
		kinds[kind]++
		for _, f := range list {
			if f.Severity < lint.Info {
				t.Errorf("%s:%d:%d: %s %s (%s): %s", name, f.Line, f.Column, f.Severity, f.Rule, f.Clause, f.Message)
			}
		}
	}
	if n := kinds[lint.RSS]; n == 0 || kinds[lint.Atom] != n || kinds[lint.JSONFeed] != n || kinds[lint.OPML] != 1 || kinds[lint.Unknown] > 0 {
		t.Errorf("documents by kind: %v", kinds)
	}
	return kinds
}

func TestEveryArticleAloneIsCleanInEveryFormat(t *testing.T) {
	for _, dir := range corpora(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			documents, files := 0, filesBelow(t, dir)
			if testing.Short() { // a fourth of them; together all are judged below
				names := slices.Sorted(maps.Keys(files))
				for i, name := range names {
					if i%4 > 0 {
						delete(files, name)
					}
				}
			}
			for name, text := range files {
				t.Run(name, func(t *testing.T) {
					for _, n := range judgeAll(t, publicOf(t, map[string]string{name: text}, 50)) {
						documents += n
					}
				})
			}
			t.Logf("%d files, %d documents", len(files), documents)
		})
	}
}

// TestAllArticlesTogetherAreCleanInEveryFormat has few articles in a feed, so
// that most are on pages of the archive.
func TestAllArticlesTogetherAreCleanInEveryFormat(t *testing.T) {
	for _, dir := range corpora(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			docs := publicOf(t, filesBelow(t, dir), 3)
			t.Logf("documents by kind: %v", judgeAll(t, docs))
			if len(filesBelow(t, dir)) > 3 && docs["archive/3/atom.xml"] == "" {
				t.Error("there is no page of the archive")
			}
		})
	}
}

// TestHostileArticlesBecomeWhatIsWanted compares what a reader gets of them.
func TestHostileArticlesBecomeWhatIsWanted(t *testing.T) {
	dir, err := filepath.Abs("../../testdata/hostile")
	if err != nil {
		t.Fatal(err)
	}
	golden := dir + ".golden"
	var got bytes.Buffer
	type item struct {
		Title, URL, Language, Image string
		External                    string `json:"external_url"`
		HTML                        string `json:"content_html"`
		Published                   string `json:"date_published"`
		Tags                        []string
		Authors                     []struct{ Name, URL string }
	}
	var list struct{ Items []item }
	if err := json.Unmarshal([]byte(publicOf(t, filesBelow(t, dir), 500)["feed.json"]), &list); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(list.Items, func(a, b item) int { return strings.Compare(a.URL, b.URL) })
	for _, x := range list.Items {
		if x.Published > "2026-06" { // of a file that tells none: when the test wrote it
			x.Published = "none"
		}
		if x.URL == "" || x.Title == "" {
			t.Errorf("%q at %q lacks a title or an address", x.Title, x.URL)
		}
		fmt.Fprintf(&got, "== %s\n", x.Title)
		for _, f := range [][2]string{
			{"address", x.URL}, {"elsewhere", x.External}, {"picture", x.Image}, {"day", x.Published}, {"language", x.Language},
			{"authors", strings.Trim(fmt.Sprintf("%q", x.Authors), "[]")}, {"terms", strings.Trim(fmt.Sprintf("%q", x.Tags), "[]")},
		} {
			if f[1] != "" {
				fmt.Fprintf(&got, "%s: %s\n", f[0], f[1])
			}
		}
		fmt.Fprintf(&got, "\n%s\n\n", x.HTML)
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("not as wanted (-want +got); look, then run with -update:\n%s", diff)
	}
}
