package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFeedwrightYAMLGoesFirst(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yaml", "site: {title: Second}\n")
	first := write(t, dir, "feedwright.yaml", "site: {title: First}\n")
	l, err := Load(LoadOptions{Dir: dir, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	if l.Config.Site.Title != "First" || l.File != first {
		t.Errorf("read %s with title %s", l.File, l.Config.Site.Title)
	}
}

func TestForeignConfigIsSaidSoAndNotUsed(t *testing.T) {
	for program, text := range map[string]string{
		"Hugo":           "baseURL: https://example.org/\ntitle: My blog\ntheme: ananke\nparams:\n  x: 1\n",
		"Jekyll":         "title: My blog\nmarkdown: kramdown\nplugins:\n  - jekyll-feed\n",
		"MkDocs":         "site_name: Docs\nnav:\n  - index.md\n",
		"Pelican":        "SITENAME: A\nAUTHOR: B\n",
		"Docker Compose": "services:\n  web: {image: x}\n",
		"Kubernetes":     "apiVersion: v1\nkind: Pod\n",
		"Decap CMS":      "backend: {name: git-gateway}\nmedia_folder: static\ncollections: []\n",
		"Hexo":           "# Hexo\ntitle: [ broken\nnew_post_name: :title.md\n",
	} {
		t.Run(program, func(t *testing.T) {
			dir := t.TempDir()
			file := write(t, dir, "config.yaml", text)
			l, err := Load(LoadOptions{Dir: dir, Env: []string{}})
			if err != nil {
				t.Fatal(err)
			}
			if l.File != "" || l.Config.Site.Title != Default().Site.Title {
				t.Errorf("the file was used: %s, title %s", l.File, l.Config.Site.Title)
			}
			if len(l.Notices) != 1 || !strings.Contains(l.Notices[0], "belongs to "+program+" (it has ") || !strings.Contains(l.Notices[0], "feedwright.yaml") {
				t.Errorf("notices = %q", l.Notices)
			}
			_, err = Load(LoadOptions{Dir: dir, File: file, Env: []string{}})
			if err == nil || !strings.Contains(err.Error(), "this is a configuration of "+program) {
				t.Errorf("given by --config: %v", err)
			}
		})
	}
}

func TestConfigWithAnySectionOfOursIsOurs(t *testing.T) {
	_, err := loadText(t, "baseURL: x\ntheme: y\nsite: {title: a}\n")
	if err == nil || !strings.Contains(err.Error(), "there is no key baseURL") {
		t.Errorf("err = %v, want the unknown keys", err)
	}
}

func TestOtherSpellingOfTheFileIsNoticed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yml", "site: {title: Unread}\n")
	l, err := Load(LoadOptions{Dir: dir, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Notices) != 1 || !strings.Contains(l.Notices[0], "config.yml here is not read") {
		t.Errorf("notices = %q", l.Notices)
	}
}

// TestHostileFilesEndSoon feeds what makes parsers slow, deep or large.
func TestHostileFilesEndSoon(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := byte('b'); c < 'k'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [*" + strings.Repeat(p+", *", 8) + p + "]\n"
	}
	var deep strings.Builder
	for i := range 3000 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, text := range map[string]string{
		"alias bomb":       bomb + "source: {include: *j}\n",
		"self reference":   "source: {include: &a [*a]}\nsite: &s {author: *s}\n",
		"merge circle":     "site: &s\n  <<: *s\n  title: x\n  zzz: 1\n",
		"open brackets":    strings.Repeat("[", 100_000),
		"flow maps":        "site: " + strings.Repeat("{a: ", 5000),
		"deep indentation": deep.String(),
		"many keys":        strings.Repeat("a: b\n", 20_000),
		"many lines":       strings.Repeat("\n", 100_000),
		"huge":             strings.Repeat("# comment\n", 100_000),
		"one long line":    "site: {title: \"" + strings.Repeat("x", 200_000) + "\", zzz: 1}",
		"many commas":      "feed: {" + strings.Repeat("a,", 20_000) + "}",
		"quotes":           "site: {title: " + strings.Repeat("\"'", 20_000),
		"many problems":    "feeds:\n" + strings.Repeat("- {name: x, zzz: 1, items: 0}\n", 3000),
		"nul":              "site: {title: \"a\x00b\"}",
		"complex key":      "? [a, b]\n: c\n",
		"tags":             "site: !!map {title: !!binary aGk=, zzz: 1}\n",
		"numbered keys":    "1: a\n2.5: b\ntrue: c\nnull: d\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(t, text)
			if err == nil {
				t.Fatal("accepted")
			}
			if n := len(err.Error()); n > 50_000 {
				t.Errorf("the message has %d bytes", n)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"site: {title: a}\n", "feeds:\n- name: a\n  where: 'tag:b'\n", "a: &a\n  <<: *a\n", "source: {rescan: 'TZ=', fields: {a: [b]}}", "site:\n\ttitle: a", "? a\n: b",
		"site: *a\nfeed: !!x {items: 0x10}\n", "---\na: |\n b\n...\n---\n", "\"site\": \n - {\n",
	} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(dir, "fuzz.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Load(LoadOptions{Dir: dir, File: file, Env: []string{}})
		if (l == nil) == (err == nil) {
			t.Fatalf("Load gives %v and %v", l, err)
		}
		if err == nil {
			l.Origins()
		} else if err.Error() == "" {
			t.Fatal("an error without words")
		}
	})
}
