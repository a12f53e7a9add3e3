package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"feedwright/config"
)

func TestMistakesAreSentencesWithANextStep(t *testing.T) {
	t.Setenv("FEEDWRIGHT_STORE_LEDGER", "off")
	empty := func(t *testing.T) { t.Chdir(t.TempDir()) }
	full := func(t *testing.T) { folder(t) }
	plainFile := func(t *testing.T) {
		t.Chdir(t.TempDir())
		write(t, map[string]string{"a.md": "# A\n\nB.\n"})
	}
	for _, c := range []struct {
		name  string
		where func(*testing.T)
		args  []string
		code  int
		says  []string
	}{
		{"no folder to serve", empty, []string{"serve"}, exitUsage, []string{"no folder of articles", "feedwright init", "source.dir"}},
		{"no folder to check", empty, []string{"check"}, exitUsage, []string{"no folder of articles", "feedwright init"}},
		{"no folder to build", empty, []string{"build", "--out", "x"}, exitUsage, []string{"no folder of articles"}},
		{"no folder for why", empty, []string{"why", "x"}, exitUsage, []string{"no folder of articles"}},
		{"a file to serve", plainFile, []string{"serve", "a.md"}, exitUsage, []string{"a.md is a file", "the folder that it lies in"}},
		{"a folder that cannot be", plainFile, []string{"init", "a.md/b"}, exitFailed, []string{"a.md/b", "where you may write"}},
		{"a folder that nobody may write", plainFile, []string{"init", "/proc/nowhere"}, exitFailed, []string{"/proc/nowhere", "where you may write"}},
		{"an unknown flag", full, []string{"serve", "--prot", "1"}, exitUsage, []string{"--prot"}},
		{"an unknown command", full, []string{"sevre"}, exitUsage, []string{`no command "sevre"`, "serve"}},
		{"a folder for a command", full, []string{"articles"}, exitUsage, []string{"feedwright serve articles"}},
		{"too many folders", full, []string{"serve", "a", "b"}, exitUsage, []string{"feedwright serve --help"}},
		{"too few files", full, []string{"why"}, exitUsage, []string{"feedwright why --help"}},
		{"feeds of nothing", full, []string{"feeds"}, exitFailed, []string{"nothing is published yet", "feedwright serve"}},
		{"why of nothing", full, []string{"why", "nosuch.md"}, exitUsage, []string{"no file nosuch.md", "check its name"}},
		{"why of elsewhere", full, []string{"why", "config.yaml"}, exitUsage, []string{"does not lie in the folder of articles", "--dir"}},
		{"why of a folder", full, []string{"why", "articles/harbour"}, exitUsage, []string{"is a folder", "name one file"}},
		{"a file to check that is not there", full, []string{"check", "articles/nosuch.md"}, exitFaults, nil},
		{"a database that cannot be", full, []string{"build", "--out", "x", "--db", "sqlite:/proc/nowhere/f.db"}, exitFailed, []string{"/proc/nowhere/f.db", "store.dsn"}},
		{"a config that is not there", full, []string{"config", "--config", "nosuch.yaml"}, exitUsage, []string{"nosuch.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.where(t)
			s := feedwright(t, c.args...)
			if s.code != c.code {
				t.Errorf("exit code %d, want %d", s.code, c.code)
			}
			contains(t, "the message", s.err, c.says...)
			if strings.Contains(s.err, "failed to") || strings.Contains(s.err, "panic") || strings.Contains(s.err, "Usage:") {
				t.Errorf("no sentence: %s", s.err)
			}
		})
	}
}

func TestAllProblemsOfTheSettingsAreSaidAtOnce(t *testing.T) {
	folder(t)
	write(t, map[string]string{"config.yaml": "site: { title: '', urll: x }\nfeed:\n  items: 0\n  content: most\n"})
	for _, args := range [][]string{{"serve"}, {"check"}, {"config"}, {"config", "--check"}, {"build", "--out", "x"}, {"feeds"}, {"why", "ferry.md"}} {
		s := feedwright(t, args...)
		if s.code != exitUsage {
			t.Errorf("%q: exit code %d", args, s.code)
		}
		contains(t, args[0], s.err, "config.yaml:1", "urll", "config.yaml:3", "config.yaml:4", "content")
	}
}

func TestHelpTeachesEveryCommand(t *testing.T) {
	out := good(t, "--help")
	for _, c := range []string{"init", "serve", "build", "check", "why", "feeds", "config", "version", "completion"} {
		contains(t, "help", out, c)
		help := good(t, c, "--help")
		if c != "version" && c != "completion" {
			contains(t, c, help, "Examples:")
		}
	}
	contains(t, "version", good(t, "version"), "feedwright "+release, "go1.")
	contains(t, "completion", good(t, "completion", "bash"), "feedwright")
}

func TestInitStartsWhatServePublishes(t *testing.T) {
	t.Chdir(t.TempDir())
	out := good(t, "init", "harbour-news")
	contains(t, "init", out, "config.yaml", "welcome.md", "cd ", "feedwright serve")
	t.Chdir("harbour-news")
	l, err := config.Load(config.LoadOptions{Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := uuid.Parse(l.Config.Site.ID); err != nil || id.Version() != 4 {
		t.Errorf("site.id %q is no random UUID: %v", l.Config.Site.ID, err)
	}
	if l.Config.Site.Title != "Harbour news" {
		t.Errorf("title %q", l.Config.Site.Title)
	}
	contains(t, "check", good(t, "check", "--strict"), "1 article published, 0 held", "0 faults, 0 warnings")
	before := state(t)
	contains(t, "a second init", good(t, "init"), "stays as it is", "1 file that would be published")
	if after := state(t); !slices.Equal(before, after) {
		t.Errorf("a second init changed something:\n%s\n%s", before, after)
	}
}

// TestFirstArticleIsPublishedAtOnce, whatever the time zone of the machine:
// today in the site's zone is never in the future.
func TestFirstArticleIsPublishedAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	east := time.FixedZone("east", 14*3600)
	a := &app{stdout: &strings.Builder{}, stderr: &strings.Builder{}, now: func() time.Time { return time.Date(2026, 5, 2, 3, 0, 0, 0, east) }}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.init(dir); err != nil {
		t.Fatal(err)
	}
	contains(t, "the article", read(t, "articles/welcome.md"), "date: 2026-05-01\n")
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	t.Chdir(t.TempDir())
	hugo := "baseURL: https://example.org/\nlanguageCode: en\ntitle: My blog\n"
	write(t, map[string]string{"config.yaml": hugo, "articles/a.md": "# A\n\nB.\n", "essay.md": "# Essay\n\nText.\n"})
	s := feedwright(t, "init")
	if s.code != exitFine {
		t.Fatal(s.err)
	}
	contains(t, "init", s.out, "feedwright.yaml", "1 file that would be published, such as a.md", "essay.md", "not published")
	contains(t, "the notice", s.err, "Hugo")
	if read(t, "config.yaml") != hugo {
		t.Error("another program's settings were changed")
	}
	if _, err := os.Stat("articles/welcome.md"); err == nil {
		t.Error("a first article among somebody's own")
	}
	contains(t, "feedwright.yaml", read(t, "feedwright.yaml"), "site:")
	contains(t, "config", good(t, "config"), "feedwright.yaml:")
}

func TestInitLeavesFaultySettingsAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"feedwright.yaml": "site: [\n"})
	s := feedwright(t, "init")
	if s.code != exitUsage {
		t.Errorf("exit code %d", s.code)
	}
	contains(t, "the message", s.err, "need mending first", "feedwright.yaml:")
	if read(t, "feedwright.yaml") != "site: [\n" {
		t.Error("it was changed")
	}
}

func TestConfigSaysWhereEachSettingCameFrom(t *testing.T) {
	folder(t)
	t.Setenv("FEEDWRIGHT_FEED_ITEMS", "7")
	var view configView
	out := good(t, "config", "--json", "--title", "From a flag")
	if err := json.Unmarshal([]byte(out), &view); err != nil {
		t.Fatal(err)
	}
	from := map[string]string{}
	for _, v := range view.Settings {
		from[v.Key] = v.Value + " | " + v.From
	}
	for key, want := range map[string]string{
		"site.title":     "From a flag | --title",
		"feed.items":     "7 | FEEDWRIGHT_FEED_ITEMS",
		"site.url":       "https://tidings.example.org | config.yaml:1",
		"server.max_age": "15m | default",
	} {
		if from[key] != want {
			t.Errorf("%s: %q, want %q", key, from[key], want)
		}
	}
	text := good(t, "config")
	contains(t, "the table", text, "site.url", "Settings: ", "config.yaml")
	if strings.Contains(text+out, "3f1c9a7be2d04455") {
		t.Error("a token is shown")
	}
	contains(t, "config --check", good(t, "config", "--check"), "are good")
}

func TestCheckNamesFaultsAndChangesNothing(t *testing.T) {
	folder(t)
	write(t, map[string]string{
		"articles/bad.md":      "---\ntitle: Bad\ndate: someday soon\n---\nWords.\n",
		"articles/draft.md":    "---\ntitle: Later\ndraft: true\n---\nWords.\n",
		"articles/notes.md~":   "x",
		"articles/broken.json": "{",
	})
	before := state(t)
	var out said
	for range 2 { // a second time, as the first leaves no trace
		out = feedwright(t, "check")
		if out.code != exitFaults {
			t.Fatalf("exit code %d\n%s", out.code, out.err)
		}
		contains(t, "check", out.out, "fault    bad.md: line 3: ", "someday soon", "fault    broken.json: ", "not read notes.md~: ", "2 articles published, 1 held", "2 faults")
	}
	if after := state(t); !slices.Equal(before, after) {
		t.Errorf("check changed something:\n%s\n%s", before, after)
	}
	if s := feedwright(t, "build", "--out", "public"); s.code != exitFine {
		t.Fatal(s.err)
	}
	again := feedwright(t, "check")
	if again.out != out.out {
		t.Errorf("beside a database it says otherwise:\n%s\n%s", out.out, again.out)
	}

	var r report
	if err := json.Unmarshal([]byte(feedwright(t, "check", "--json").out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Faults) != 2 || r.Faults[0].Where != "bad.md" || r.Faults[0].Line != 3 || r.Faults[0].Hint == "" || r.Articles != 2 {
		t.Errorf("as JSON: %+v", r.Faults)
	}

	one := feedwright(t, "check", "articles/bad.md", "ferry.md")
	if one.code != exitFaults {
		t.Errorf("exit code %d", one.code)
	}
	contains(t, "check of two files", one.out, "bad.md: line 3: ", "2 files read", "1 fault, ")
	if strings.Contains(one.out, "broken.json") {
		t.Error("it reads more than it was told to")
	}
}

func TestCheckWarnsOfASiteNobodyCanReach(t *testing.T) {
	folder(t)
	write(t, map[string]string{"config.yaml": "site: { title: T }\nserver: { listen: ':8080' }\n"})
	contains(t, "an open server without a URL", good(t, "check"), "warning  site.url: it is not set", "https://news.example.org")
	if s := feedwright(t, "check", "--strict"); s.code != exitFaults {
		t.Errorf("--strict: exit code %d", s.code)
	}
	write(t, map[string]string{"config.yaml": "site: { url: 'http://localhost:8080' }\nserver: { listen: '0.0.0.0:8080' }\n"})
	contains(t, "an open server on localhost", good(t, "check"), "warning  site.url: ", "this machine only")
	write(t, map[string]string{"config.yaml": "site: { url: 'https://news.example.org' }\n"})
	out := good(t, "check")
	contains(t, "a public site without an id", out, "warning  site.id: ")
	if strings.Contains(out, "site.url:") {
		t.Errorf("a good URL is warned of:\n%s", out)
	}
	write(t, map[string]string{"config.yaml": ""})
	contains(t, "a site at home", good(t, "check", "--strict"), "0 faults, 0 warnings")
}

func TestCheckWarnsOfDocumentsThatAreTooLong(t *testing.T) {
	folder(t)
	write(t, map[string]string{
		"config.yaml":      "feed: { max_bytes: 5MB }\n",
		"articles/long.md": "# Long\n\n" + strings.Repeat(strings.Repeat("It says little and says it again. ", 60)+"\n\n", 700),
	})
	contains(t, "check", good(t, "check"), "/rss.xml: is 1.", "feed.max_bytes")
}

func TestWhyTellsRuleAndLife(t *testing.T) {
	folder(t)
	write(t, map[string]string{"articles/_drafts/x.md": "# X\n\nY.\n", "articles/future.md": "---\ntitle: Later\ndate: 2999-01-01\n---\nWords.\n"})
	before := good(t, "why", "articles/harbour/crane.txt")
	contains(t, "why before the first run", before, "harbour/crane.txt", "The crane is back", "label Category", "line 3", "Nothing is published yet")
	contains(t, "why of a draft", good(t, "why", "_drafts/x.md"), "It is not read: _drafts/ holds drafts")
	contains(t, "why of a picture", good(t, "why", "chart.png"), "It is not read: it is a picture")

	good(t, "build", "--out", "public")
	after := good(t, "why", "harbour/crane.txt")
	contains(t, "why afterwards", after, "urn:uuid:", "https://tidings.example.org/article/the-crane-is-back/", "written in the file",
		"https://tidings.example.org/category/harbour/rss.xml", "older than the newest 1")
	contains(t, "why of what is to come", good(t, "why", "future.md"), "hidden", "held until 2999-01-01")

	if err := os.Remove("articles/harbour/crane.txt"); err != nil {
		t.Fatal(err)
	}
	good(t, "build", "--out", "public")
	contains(t, "why of a file that is gone", good(t, "why", "articles/harbour/crane.txt"), "The file is gone", "urn:uuid:", "Its file is gone.")

	var v whyView
	if err := json.Unmarshal([]byte(good(t, "why", "ferry.md", "--json")), &v); err != nil {
		t.Fatal(err)
	}
	if v.Path != "ferry.md" || len(v.Articles) != 1 || len(v.Lives) != 1 || v.Lives[0].Page == "" || len(v.Lives[0].Feeds) < 4 {
		t.Errorf("as JSON: %+v", v)
	}
}

func TestWhyTakesAPathThroughALink(t *testing.T) {
	dir := folder(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	contains(t, "why", good(t, "why", filepath.Join(link, "articles", "ferry.md")), "ferry.md", "The ferry sails again")
}

func TestFeedsListsWhatIsServed(t *testing.T) {
	folder(t)
	s := serve(t)
	text := good(t, "feeds")
	contains(t, "feeds", text, "Tidings (2 articles)", "Categories", "Harbour (2 articles)", "https://tidings.example.org/tag/ferry/atom.xml",
		"For partners (2 articles, private")
	if strings.Contains(text, "3f1c9a7be2d04455") {
		t.Error("a token is shown")
	}
	var list []feedView
	if err := json.Unmarshal([]byte(good(t, "feeds", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Private {
			continue
		}
		for format, url := range f.Addresses {
			code, _, body := s.get(strings.TrimPrefix(url, "https://tidings.example.org"), "")
			if code != 200 || body == "" {
				t.Errorf("%s (%s) is answered with %d", url, format, code)
			}
		}
	}
	if len(list) < 6 {
		t.Errorf("%d feeds", len(list))
	}
	_, _, want := s.get("/feeds.opml", "")
	got := good(t, "feeds", "--opml")
	if got != want {
		t.Errorf("the list of feeds differs from the served one:\n%s\n%s", got, want)
	}
	var doc struct{ XMLName xml.Name }
	if err := xml.Unmarshal([]byte(got), &doc); err != nil || doc.XMLName.Local != "opml" {
		t.Errorf("no OPML: %v", err)
	}
}

func TestCheckBesideServeDisturbsNothing(t *testing.T) {
	folder(t)
	s := serve(t)
	_, h, _ := s.get("/rss.xml", "")
	contains(t, "check", good(t, "check"), "2 articles published", "0 faults, 0 warnings")
	if _, h2, _ := s.get("/rss.xml", ""); h2.Get("ETag") != h.Get("ETag") {
		t.Error("check changed what is served")
	}
}
