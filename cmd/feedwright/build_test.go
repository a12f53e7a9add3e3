package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func builtManifest(t *testing.T, dir string) *manifest {
	t.Helper()
	m, err := readManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestBuildEqualsServe asks a server over the network for every address of a
// build's manifest.
func TestBuildEqualsServe(t *testing.T) {
	for _, site := range []string{"https://tidings.example.org", "https://example.org/local/news"} {
		t.Run(strings.ReplaceAll(site, "/", "_"), func(t *testing.T) {
			folder(t)
			out := good(t, "build", "--out", "public", "--gzip", "--url", site)
			contains(t, "build", out, "2 articles", "0 changed, 0 gone")
			m := builtManifest(t, "public")
			s := serve(t, "--url", site)
			prefix := strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "tidings.example.org")
			prefix = strings.TrimPrefix(prefix, "example.org")
			zipped, forms := 0, 0
			for _, f := range m.Files {
				code, h, body := s.get(prefix+f.Path, "")
				if before, after, form := cutForm(body); form { // a host of files answers no query
					forms++
					if built := read(t, filepath.Join("public", f.File)); before+after != built {
						t.Errorf("%s differs from what is served in more than the form", f.File)
					}
					continue
				}
				if code != 200 || body != read(t, filepath.Join("public", f.File)) || int64(len(body)) != f.Size {
					t.Errorf("%s: %d, and %d bytes that are not the %d of %s", f.Path, code, len(body), f.Size, f.File)
				}
				if h.Get("ETag") != f.ETag || h.Get("Content-Type") != f.Type {
					t.Errorf("%s: served as %s %s, built as %s %s", f.Path, h.Get("ETag"), h.Get("Content-Type"), f.ETag, f.Type)
				}
				if at, err := time.Parse(time.RFC1123, h.Get("Last-Modified")); err == nil && !at.Equal(f.LastModified) {
					t.Errorf("%s: served as of %s, built as of %s", f.Path, at, f.LastModified)
				}
				if f.Gzip {
					zipped++
					if _, _, body := s.get(prefix+f.Path, "gzip"); body != read(t, filepath.Join("public", f.File+".gz")) {
						t.Errorf("%s: served gzip differs from the built one", f.Path)
					}
				}
			}
			if forms == 0 {
				t.Error("no page that is served offers to combine categories")
			}
			if zipped < 10 {
				t.Errorf("%d documents have a .gz", zipped)
			}
			for alias, to := range m.Aliases {
				_, h, body := s.get(prefix+alias, "")
				_, h2, body2 := s.get(prefix+to, "")
				if body != body2 || body == "" || h.Get("ETag") != h2.Get("ETag") {
					t.Errorf("the alias %s is not %s", alias, to)
				}
			}
		})
	}
}

// cutForm parts a page at the form that makes a feed of ticked terms.
func cutForm(page string) (before, after string, ok bool) {
	const start, end = `<section class="box mix"`, "</section>\n"
	i := strings.Index(page, start)
	if i < 0 {
		return page, "", false
	}
	j := strings.Index(page[i:], end)
	if j < 0 {
		return page, "", false
	}
	return page[:i], page[i+j+len(end):], true
}

func TestBuildHoldsAllThatIsPublic(t *testing.T) {
	folder(t)
	good(t, "build", "--out", "public")
	for _, f := range []string{
		"index.html", "rss.xml", "atom.xml", "feed.json", "feeds.opml", "robots.txt", "manifest.json", "feed.xml", "index.xml",
		"category/harbour/rss.xml", "category/harbour/index.html", "tag/ferry/atom.xml", "author/ada-roe/feed.json",
		"feeds/brief/rss.xml", "feeds/brief/index.html", "article/the-ferry-sails-again/index.html", "media/chart.png",
	} {
		if _, err := os.Stat(filepath.Join("public", f)); err != nil {
			t.Error(err)
		}
	}
	_ = filepath.WalkDir("public", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.Contains(p, "partner") || strings.Contains(read(t, p), "3f1c9a7be2d04455")) {
			t.Errorf("%s tells of a private feed", p)
		}
		return err
	})
}

func TestSecondBuildTouchesOnlyWhatChanged(t *testing.T) {
	folder(t)
	good(t, "build", "--out", "public", "--gzip")
	write(t, map[string]string{"public/CNAME": "tidings.example.org\n", "public/.well-known/x": "y"})
	before := state(t)
	out := good(t, "build", "--out", "public", "--gzip")
	contains(t, "an unchanged build", out, "0 new, 0 changed, 0 gone")
	only := func(list []string) []string {
		return slices.DeleteFunc(list, func(l string) bool { return !strings.HasPrefix(l, "public/") })
	}
	if after := state(t); !slices.Equal(only(before), only(after)) {
		t.Errorf("files changed:\n%s\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}

	if err := os.Remove("articles/harbour/crane.txt"); err != nil {
		t.Fatal(err)
	}
	good(t, "build", "--out", "public", "--gzip")
	if _, err := os.Stat("public/article/the-crane-is-back"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the page of a removed article stays: %v", err)
	}
	if got := read(t, "public/CNAME") + read(t, "public/.well-known/x"); got != "tidings.example.org\ny" {
		t.Errorf("what others put there is lost: %q", got)
	}
	left, err := filepath.Glob(".public*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestBuildMendsWhatOthersChanged: the time of a file tells too little to
// trust its bytes.
func TestBuildMendsWhatOthersChanged(t *testing.T) {
	folder(t)
	good(t, "build", "--out", "public")
	want := read(t, "public/rss.xml")
	info, err := os.Stat("public/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("public/rss.xml", []byte(strings.ToUpper(want)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes("public/rss.xml", info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	good(t, "build", "--out", "public")
	if read(t, "public/rss.xml") != want {
		t.Error("a file that somebody changed stays changed")
	}
}

func TestBuildRefusesFoldersThatAreNotItsOwn(t *testing.T) {
	folder(t)
	write(t, map[string]string{"site/index.html": "mine", "app/manifest.json": `{"name": "a web app"}`, "app/x": "y"})
	for out, part := range map[string]string{
		"site":          "it is left alone",
		"app":           "another program",
		"articles/out":  "lies in the folder of articles",
		".":             "all of it would be replaced",
		"config.yaml":   "not a directory",
		"config.yaml/x": "not a directory",
		"":              "feedwright build --out public",
	} {
		before := state(t)
		s := feedwright(t, "build", "--out", out)
		if s.code == exitFine {
			t.Errorf("--out %q: built", out)
		}
		contains(t, "--out "+out, s.err, part)
		if after := state(t); !slices.Equal(before, after) {
			t.Errorf("--out %q: something changed: %v", out, after)
		}
	}
}

func TestInterruptedBuildLeavesTheLastOne(t *testing.T) {
	folder(t)
	good(t, "build", "--out", "public")
	want := read(t, "public/manifest.json")
	write(t, map[string]string{"articles/new.md": "# New\n\nWords.\n"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var msg strings.Builder
	if code := run(ctx, []string{"build", "--out", "public"}, io.Discard, &msg); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if read(t, "public/manifest.json") != want {
		t.Error("the last build is changed")
	}
	if left, _ := filepath.Glob(".public*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBuildBesideServeWorksOnACopy(t *testing.T) {
	folder(t)
	s := serve(t)
	r := feedwright(t, "build", "--out", "public")
	if r.code != exitFine {
		t.Fatal(r.err)
	}
	contains(t, "the message", r.err, "works on a copy")
	_, _, body := s.get("/rss.xml", "")
	if body != read(t, "public/rss.xml") {
		t.Error("the build beside a server differs from what is served")
	}
}

// TestBuildsOnTwoMachinesAgree: with the same settings, folder and ledger the
// bytes and tags are the same, whenever and wherever they are made.
func TestBuildsOnTwoMachinesAgree(t *testing.T) {
	dir := folder(t)
	good(t, "build", "--out", "public")
	first := builtManifest(t, "public")
	there := t.TempDir()
	if err := os.CopyFS(there, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(there)
	for _, f := range []string{"feedwright.db", "feedwright.db-wal", "feedwright.db-shm", "public"} {
		if err := os.RemoveAll(f); err != nil {
			t.Fatal(err)
		}
	}
	good(t, "build", "--out", "public")
	second := builtManifest(t, "public")
	tags := func(m *manifest) string {
		for i := range m.Files {
			m.Files[i].LastModified = time.Time{}
		}
		b, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := tags(first), tags(second); a != b {
		t.Errorf("here:\n%s\nthere:\n%s", a, b)
	}
}

func TestManifestTellsNothingOfWhatIsToCome(t *testing.T) {
	folder(t)
	write(t, map[string]string{"articles/secret.md": "---\ntitle: The mayor resigns\ndate: 2999-01-01 09:00\n---\nSoon.\n"})
	s := feedwright(t, "build", "--out", "public")
	if s.code != exitFine {
		t.Fatal(s.err)
	}
	_ = filepath.WalkDir("public", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.Contains(read(t, p), "mayor") || strings.Contains(read(t, p), "2999")) {
			t.Errorf("%s betrays an embargo", p)
		}
		return err
	})
	if strings.Contains(s.err+s.out, "2999") {
		t.Errorf("a log betrays an embargo: %s%s", s.out, s.err)
	}
}

func TestBuildSaysWhichFilesItDidNotWaitFor(t *testing.T) {
	folder(t)
	t.Setenv("FEEDWRIGHT_SOURCE_SETTLE", "2s") // longer than a busy machine keeps the writer waiting
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	defer writer.Wait()
	defer stop()
	log, err := os.Create("articles/growing.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	writer.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			if _, err := log.WriteString("It grows and grows.\n"); err != nil {
				t.Error(err)
				return
			}
			<-tick.C
		}
	})
	s := feedwright(t, "build", "--out", "public")
	if s.code != exitFine {
		t.Errorf("exit code %d", s.code)
	}
	contains(t, "build", s.out, "2 articles")
	contains(t, "build", s.err, "Still being written, and not read: 1 file.")
}
