package config

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// origin finds the value of a key.
func origin(t *testing.T, l *Loaded, key string) Value {
	t.Helper()
	for _, v := range l.Origins() {
		if v.Key == key {
			return v
		}
	}
	t.Fatalf("no value %s", key)
	return Value{}
}

func TestFlagBeatsVariableBeatsFileBeatsDefault(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yaml", "site:\n  title: File\n  language: uk\n  description: File\nserver: {max_age: 1m}\n")
	l, err := Load(LoadOptions{
		Dir:       dir,
		Env:       []string{"FEEDWRIGHT_SITE_TITLE=Variable", "FEEDWRIGHT_SITE_DESCRIPTION=Variable", "FEEDWRIGHT_SITE_LANGUAGE=", "TITLE=x"},
		Flags:     map[string]string{"site.title": "Flag", "server.listen": ":9000"},
		FlagNames: map[string]string{"server.listen": "--listen"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Value{
		{"site.title", "Flag", "--site.title"},
		{"site.description", "Variable", "FEEDWRIGHT_SITE_DESCRIPTION"},
		{"site.language", "uk", "config.yaml:3"}, // an empty variable is not set
		{"server.listen", ":9000", "--listen"},
		{"server.max_age", "1m", "config.yaml:5"},
		{"feed.items", "50", "default"},
	}
	for _, w := range want {
		if got := origin(t, l, w.Key); got != w {
			t.Errorf("got %+v, want %+v", got, w)
		}
	}
	if c := l.Config; c.Site.Title != "Flag" || c.Site.Description != "Variable" || c.Server.Listen != ":9000" || c.Server.MaxAge != time.Minute {
		t.Errorf("the config differs from its origins: %+v", c)
	}
	if l.Config.Site.URL != "http://127.0.0.1:9000" {
		t.Errorf("site.url = %s, want it to follow --listen", l.Config.Site.URL)
	}
}

// TestEveryVariableSetsItsKey gives each key a value unlike its default.
func TestEveryVariableSetsItsKey(t *testing.T) {
	values := map[string]string{
		"site.id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "site.url": "https://example.org", "site.language": "de", "site.timezone": "Europe/Kyiv",
		"site.author.email": "a@example.org", "site.webmaster.email": "a@example.org", "site.author.url": "https://example.org/a", "site.icon": "https://example.org/i.png", "site.image": "https://example.org/w.png",
		"source.include": "[\"**/*.md\", \"a,b/**\"]", "source.ignore": "[x/**, y/**]", "source.publish": "marked", "source.settle": "1s", "source.rescan": "*/5 * * * *",
		"source.linger": "3s", "source.grace": "1h", "source.hold": "1m", "source.on_remove": "keep", "source.significant": "0.5", "source.learn": "false",
		"source.boilerplate": "[^By]", "source.keep": "[^Ad]", "feed.items": "5", "feed.tombstones": "7d", "feed.max_bytes": "2MB", "feed.content": "both", "feed.formats": "[json, rss]",
		"store.dsn": "sqlite:/x/y.db", "store.ledger": "/x/y.ledger", "source.dir": "/x/texts", "server.listen": "127.0.0.1:9", "server.admin": "127.0.0.1:10", "server.max_age": "5m",
		"server.cache": "1GB", "server.trusted_proxies": "[10.0.0.0/8]", "server.aliases": "[/old.xml, /older.xml]", "server.pprof": "true",
		"podcast.category": "[News, Arts > Books]", "podcast.owner.email": "a@example.org", "podcast.explicit": "true", "podcast.type": "serial", "podcast.image": "https://example.org/c.png",
		"podcast.guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810", "podcast.locked": "yes", "podcast.medium": "video", "podcast.new_feed_url": "https://example.org/new.xml", "podcast.complete": "true", "podcast.block": "true",
		"media.base": "https://cdn.example.org/media", "websub.hub": "https://hub.example.org/",
	}
	for _, k := range keys() {
		if !k.scalar() {
			continue
		}
		v := values[k.path]
		if v == "" {
			v = "Some text"
		}
		given := v
		if strings.HasPrefix(v, "[") && !strings.Contains(v, `"`) { // the short form
			given = strings.ReplaceAll(strings.Trim(v, "[]"), ", ", ",")
		}
		l, err := Load(LoadOptions{Dir: t.TempDir(), Env: []string{k.env() + "=" + given}})
		if err != nil {
			t.Errorf("%s: %v", k.path, err)
			continue
		}
		got := origin(t, l, k.path)
		if got.From != k.env() || strings.ReplaceAll(got.Value, `"`, "") != strings.ReplaceAll(v, `"`, "") {
			t.Errorf("%s=%s gives %+v", k.env(), given, got)
		}
	}
}

func TestBadVariablesAndFlagsAreNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "config.yaml", "feed: {items: 0, content: summary}\n")
	_, err := Load(LoadOptions{
		Dir: dir,
		Env: []string{
			"FEEDWRIGHT_SOURCE_SETTLE=300", "FEEDWRIGHT_SITE_URL=example", "FEEDWRIGHT_FEEDS=a", "FEEDWRIGHT_SOURCE_IGNORE=[a",
			"FEEDWRIGHT_STORE_DSN=mysql://user:hunter2@db/feeds", "FEEDWRIGHT_SOURCE_KEEP=a,(",
		},
		Flags:     map[string]string{"server.listen": "8080", "site.titel": "x"},
		FlagNames: map[string]string{"server.listen": "--listen"},
	})
	golden(t, "../testdata/config/variables-and-flags.golden", err.Error()+"\n")
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a password is shown")
	}
}

func TestUnknownVariablesAreNoticedNotRefused(t *testing.T) {
	l, err := Load(LoadOptions{Dir: t.TempDir(), Env: []string{
		"FEEDWRIGHT_SITE_ULR=https://example.org", "FEEDWRIGHT_QUITE_OTHER=1",
		// Kubernetes sets these for a service called feedwright.
		"FEEDWRIGHT_SERVICE_HOST=10.0.0.1", "FEEDWRIGHT_PORT=tcp://10.0.0.1:80", "FEEDWRIGHT_PORT_80_TCP_ADDR=10.0.0.1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"FEEDWRIGHT_SITE_ULR in the environment is no setting and is not used: did you mean FEEDWRIGHT_SITE_URL?",
		"FEEDWRIGHT_QUITE_OTHER in the environment is no setting and is not used.",
	}
	if diff := cmp.Diff(want, l.Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func TestPathsStartWhereTheyWereWritten(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "etc/feedwright/site.yaml", "source: {dir: ../texts}\nserver: {listen: 'unix:run.sock'}\n")
	l, err := Load(LoadOptions{
		Dir: dir, File: "etc/feedwright/site.yaml",
		Env:   []string{"FEEDWRIGHT_STORE_LEDGER=data/l.ledger"},
		Flags: map[string]string{"store.dsn": "sqlite:data/f.db"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{l.Config.Source.Dir, l.Config.Server.Listen, l.Config.Store.Ledger, l.Config.Store.DSN}
	want := []string{
		filepath.Join(dir, "etc/texts"),
		"unix:" + filepath.Join(dir, "etc/feedwright/run.sock"),
		filepath.Join(dir, "data/l.ledger"),
		"sqlite:" + filepath.Join(dir, "data/f.db"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	// A default stands beside the file.
	l, err = Load(LoadOptions{Dir: dir, Env: []string{"FEEDWRIGHT_CONFIG=etc/feedwright/site.yaml"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "sqlite:" + filepath.Join(dir, "etc/feedwright/feedwright.db"); l.Config.Store.DSN != want {
		t.Errorf("dsn = %s, want %s", l.Config.Store.DSN, want)
	}
}

func TestChangesNameKeysAndRestarts(t *testing.T) {
	before, after := Default(), Default()
	after.Site.Title = "Other"
	after.Feeds = []NamedFeed{{Name: "a"}}
	after.Server.Listen = ":1"
	after.Store.DSN = "sqlite:other.db"
	changed, restart := Changes(&before, &after)
	if diff := cmp.Diff([]string{"site.title", "feeds", "store.dsn", "server.listen"}, changed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"store.dsn", "server.listen"}, restart); diff != "" {
		t.Error(diff)
	}
	if changed, _ := Changes(&before, &before); len(changed) > 0 {
		t.Errorf("nothing changed, yet %q", changed)
	}
}
