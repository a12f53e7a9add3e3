//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// said is what a run of the program that ends by itself told.
type said struct {
	code           int
	stdout, stderr string
}

// run runs the program to its end.
func run(t *testing.T, dir string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := feedwright(dir, args...)
	timed := exec.CommandContext(ctx, c.Path, args...)
	timed.Dir, timed.Env = c.Dir, c.Env
	var out, complaint bytes.Buffer
	timed.Stdout, timed.Stderr = &out, &complaint
	err := timed.Run()
	if ctx.Err() != nil {
		t.Fatalf("feedwright %s did not end:\n%s", strings.Join(args, " "), complaint.String())
	}
	if timed.ProcessState == nil {
		t.Fatal(err)
	}
	return said{timed.ProcessState.ExitCode(), out.String(), complaint.String()}
}

// must fails unless the words are all there, and shows the screen in any case.
func (x said) must(t *testing.T, code int, words ...string) {
	t.Helper()
	t.Logf("exit code %d\n%s%s", x.code, x.stdout, x.stderr)
	if x.code != code {
		t.Errorf("exit code %d instead of %d", x.code, code)
	}
	for _, w := range words {
		if !strings.Contains(x.stderr, w) {
			t.Errorf("it does not say %q", w)
		}
	}
}

func TestNoFolderNamesTheNextStep(t *testing.T) {
	t.Parallel()
	run(t, t.TempDir(), "serve", "--listen", freeAddress(t)).must(t, 2, "articles", "feedwright init")
}

func TestEmptyFolderIsServedAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.start()
	t.Log(s.log)
	if !strings.Contains(s.log.String(), "0 published") || !strings.Contains(s.log.String(), s.path("articles")) {
		t.Errorf("it does not name the empty folder")
	}
	for _, f := range formats {
		s.get("/" + f)
	}
	s.article("first.txt", "The first one\n\nHere it is.\n")
	s.in("The first one", "/")
}

func TestTakenPortIsNamed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := newSite(t, "site: {title: The Lantern}")
	run(t, s.dir, "serve", "--listen", l.Addr().String(), "--admin", s.admin).must(t, 1, l.Addr().String(), "--listen")
}

func TestUnusableDatabasePathIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.put("a-file", "no folder")
	db := s.path("a-file/feedwright.db")
	x := run(t, s.dir, "serve", "--listen", s.public, "--admin", s.admin, "--db", "sqlite:"+db)
	x.must(t, 1, "a-file", "store.dsn")
}

func TestSecondProgramOnTheSameDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	newsroom(s)
	s.start()
	run(t, s.dir, "serve", "--listen", freeAddress(t), "--admin", freeAddress(t)).must(t, 1, "feedwright.db")
	s.get("/rss.xml")
}

func TestForeignConfigIsRecognised(t *testing.T) {
	t.Parallel()
	s := newSite(t, "baseURL: https://example.org/\nlanguageCode: en-us\ntitle: My Hugo Site\ntheme: ananke\n")
	s.remove("articles")
	s.put("content/posts/first.md", "---\ntitle: First post\n---\nWords.\n")
	x := run(t, s.dir, "serve", "--listen", s.public, "--admin", s.admin)
	x.must(t, 2, "config.yaml", "Hugo", "feedwright.yaml", "feedwright serve DIR")
}

func TestFaultyConfigNamesItsLine(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site:\n  title: The Lantern\n  timezone: Mars/Olympus\nserver:\n  listn: :80\n")
	x := run(t, s.dir, "serve", "--listen", s.public, "--admin", s.admin)
	x.must(t, 2, "config.yaml:3", "Mars/Olympus", "config.yaml:5", "listen")
}

func TestHugoSiteIsServedFromItsContent(t *testing.T) {
	t.Parallel()
	s := newSite(t, "baseURL: https://example.org/\ntitle: My Hugo Site\ntheme: ananke\n")
	s.put("content/posts/first.md", "---\ntitle: First post\ndate: 2025-11-20T09:00:00Z\ntags: [a]\n---\nWords. {{< figure src=\"x.png\" >}}\n")
	s.put("content/posts/draft.md", "---\ntitle: A secret draft\ndraft: true\n---\nNot yet.\n")
	s.put("content/_index.md", "---\ntitle: The list page\n---\nNot an article.\n")
	s.put("feedwright.yaml", "site: {title: The Lantern}\nsource: {dir: ./content}\n")
	s.start()
	t.Log(s.log)
	s.in("First post", "/")
	s.gone("A secret draft", "/", "/category/posts/")
	s.gone("The list page", "/")
	s.gone("{{", "/")
	if st := s.status(); st.Published != 1 || st.Held != 1 {
		t.Errorf("%d published, %d held", st.Published, st.Held)
	}
}

func TestObsidianVaultPublishesOnlyWhatSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	if err := os.Mkdir(s.path("articles/.obsidian"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.article("diary.md", "---\ntitle: Dear diary\n---\nNobody may read this.\n")
	s.article("essay.md", "---\ntitle: An essay\npublish: true\n---\nSee [[diary]] and ![[picture.png]].\n")
	s.start()
	t.Log(s.log)
	s.in("An essay", "/")
	s.gone("Dear diary", "/")
	s.gone("Nobody may read", "/")
	if r, err := s.ask(s.url("/article/dear-diary/")); err != nil || r.code != 404 {
		t.Errorf("the private note's page answers %d, %v", r.code, err)
	}
	if !strings.Contains(s.log.String(), "1 published") {
		t.Errorf("the first screen does not count")
	}
}

func TestInitMakesASiteThatServes(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	s.remove("config.yaml")
	s.remove("articles")
	x := run(t, s.dir, "init")
	t.Logf("exit code %d\n%s%s", x.code, x.stdout, x.stderr)
	if x.code != 0 {
		t.Fatalf("init ended with %d", x.code)
	}
	s.start()
	t.Log(s.log)
	if n := s.status().Published; n < 1 {
		t.Errorf("%d articles are published after init", n)
	}
	if again := run(t, s.dir, "init"); again.code == 0 && strings.Contains(again.stdout+again.stderr, "rote") {
		t.Errorf("a second init overwrites: %s%s", again.stdout, again.stderr)
	} else {
		t.Logf("a second init, exit code %d\n%s%s", again.code, again.stdout, again.stderr)
	}
}

func TestWhyAndCheckTellOfAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	newsroom(s)
	s.article("bad.md", "---\ntitle: It never closes\n")
	s.start()
	if x := run(t, s.dir, "why", "articles/opinion.md"); x.code != 0 || !strings.Contains(x.stdout, "A car park less") {
		t.Errorf("why: exit code %d\n%s%s", x.code, x.stdout, x.stderr)
	} else {
		t.Log(x.stdout)
	}
	begun := time.Now()
	x := run(t, s.dir, "check")
	t.Logf("check, %v, exit code %d\n%s%s", time.Since(begun), x.code, x.stdout, x.stderr)
	if x.code != 3 || !strings.Contains(x.stdout+x.stderr, "bad.md") {
		t.Errorf("check does not name bad.md, or its exit code is not 3")
	}
}
