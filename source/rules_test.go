package source

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestNothingIsReadBySurprise(t *testing.T) {
	h := newHouse(t, Options{})
	for path, want := range map[string]string{
		"a.md":                                   "",
		"2026/_posts/a.md":                       "",
		"pictures/x.jpg":                         "",
		"sub/README.md":                          "",
		"a_conflict.md":                          "",
		"config.md":                              "",
		".hidden.md":                             "its name starts with a dot",
		".git/x.md":                              "its name starts with a dot",
		"sub/.obsidian/x.md":                     "its name starts with a dot",
		"_drafts/a.md":                           "_drafts/ holds drafts",
		"sub/_Drafts/deep/a.md":                  "_drafts/ holds drafts",
		"news/_index.md":                         "_index.md is a section page",
		"a.md~":                                  "it is an editor's backup",
		"#a.md#":                                 "it is an editor's backup",
		".a.md.swp":                              "its name starts with a dot",
		"a.md.swp":                               "it is a temporary file",
		"a.md.tmp":                               "it is a temporary file",
		"a.md.part":                              "it is a temporary file",
		"a.html.crdownload":                      "it is a temporary file",
		"a.md.bak":                               "it is a backup",
		"a.bak.md":                               "it is a backup",
		"a.md.orig":                              "it is a backup",
		"~$report.txt":                           "it is an office program's lock file",
		"a.sync-conflict-20260102-030405-ABC.md": "it is a sync program's conflict copy",
		"a (Anna's conflicted copy 2026-01-02).md": "it is a sync program's conflict copy",
		"node_modules/x/readme.md":                 "node_modules/ holds program packages",
		"feedwright.ledger":                        "it belongs to feedwright",
		"feedwright.db-wal":                        "it belongs to feedwright",
		"config.json":                              "it belongs to feedwright",
		"package.json":                             "it is read by programs, not by people",
		"README.md":                                "README.md at the top speaks of the folder itself (source.include can name it)",
		"LICENSE.txt":                              "LICENSE.txt at the top speaks of the folder itself (source.include can name it)",
		"a.docx":                                   notKind,
		"../a.md":                                  "it does not lie in " + h.dir,
	} {
		equal(t, path+": "+h.folder.Why(path), path+": "+want)
	}
}

func TestGlobsOfTheOwner(t *testing.T) {
	h := newHouse(t, Options{Include: []string{"news/**", "README.md"}, Ignore: []string{"private", "*.en.md", "/old/", "news/x/*.txt"}})
	for path, want := range map[string]string{
		"news/a.md":           "",
		"news/x/y/a.md":       "",
		"README.md":           "",
		"a.md":                "no pattern of source.include matches it",
		"news/a.en.md":        "ignore: *.en.md",
		"news/private/b/a.md": "ignore: private",
		"old/a.md":            "ignore: old/**",
		"news/x/a.txt":        "ignore: news/x/*.txt",
		"news/x/y/a.txt":      "",
		"news/.a.md":          "its name starts with a dot",
	} {
		equal(t, path+": "+h.folder.Why(path), path+": "+want)
	}
}

func TestWhatIsLeftOutIsCountedAndNamed(t *testing.T) {
	h := newHouse(t, Options{})
	for _, p := range []string{"a.md", "b.docx", "c.docx", ".git/x", "_drafts/a.md", "x.jpg"} {
		h.old(p, p)
	}
	h.scan()
	got := h.folder.State().Ignored
	want := []Ignored{{notKind, 2, "b.docx"}, {"_drafts/ holds drafts", 1, "_drafts"}, {"its name starts with a dot", 1, ".git"}}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

func TestFoldersOfASiteGeneratorAreLeftOut(t *testing.T) {
	h := newHouse(t, Options{})
	h.old("hugo.toml", "")
	for _, p := range []string{"content/posts/a.md", "content/static/b.md", "themes/x/README.md", "layouts/index.html", "public/index.html", "static/page.html"} {
		h.old(p, p)
	}
	h.open(Options{})
	equal(t, tell(h.scan()), "wrote content/posts/a.md, wrote content/static/b.md")
	equal(t, h.folder.Why("themes/x/a.md"), "themes/ belongs to the Hugo site and holds none of its articles")
	if h.folder.Vault() {
		t.Error("taken for a vault")
	}
}

func TestVaultIsRecognised(t *testing.T) {
	h := newHouse(t, Options{})
	h.must(os.Mkdir(h.path(".obsidian"), 0o755))
	h.open(Options{})
	if !h.folder.Vault() {
		t.Error("not recognised")
	}
}

func TestWrongOptionsAreSentences(t *testing.T) {
	dir := t.TempDir()
	file := dir + "/a.md"
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]Options{
		"there is no folder " + dir + "/none: make it":           {Dir: dir + "/none"},
		file + " is a file, not a folder":                        {Dir: file},
		`source.ignore: "[a" is no valid pattern`:                {Dir: dir, Ignore: []string{"[a"}},
		`source.include: "{a" is no valid pattern`:               {Dir: dir, Include: []string{"{a"}},
		"cannot be negative":                                     {Dir: dir, Settle: -time.Second},
		`source.rescan "TZ=UTC" is no cron expression`:           {Dir: dir, Schedule: "TZ=UTC"},
		`source.rescan "every minute": expected exactly 5 field`: {Dir: dir, Schedule: "every minute"},
		`source.rescan "0 0 30 2 *" never comes`:                 {Dir: dir, Schedule: "0 0 30 2 *"},
	} {
		o.Reader = &lines{}
		_, err := New(o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
