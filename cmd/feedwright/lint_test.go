package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodAtom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x-ours:1</id><updated>2026-01-01T00:00:00Z</updated>
<author><name>A</name></author><link rel="self" href="https://example.org/atom.xml"/></feed>
`

func TestCheckJudgesAnyFeed(t *testing.T) {
	t.Chdir(t.TempDir())
	bad := strings.Replace(goodAtom, "<id>urn:x-ours:1</id>", "<id>not an id</id>", 1)
	slight := strings.Replace(goodAtom, `<link rel="self" href="https://example.org/atom.xml"/>`, "", 1)
	write(t, map[string]string{"good.xml": goodAtom, "bad.atom": bad, "slight.xml": slight, "broken.rss": "<rss"})
	contains(t, "a good feed", good(t, "check", "good.xml"), "good.xml: Atom: 0 errors, 0 warnings")
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"check", "bad.atom"}, exitFaults, "bad.atom:2:63: error: <id> is \"not an id\", which holds a space"},
		{[]string{"check", "broken.rss"}, exitFaults, "xml/truncated"},
		{[]string{"check", "slight.xml"}, exitFine, "atom/missing-self, RFC 4287 §4.1.1"},
		{[]string{"check", "--strict", "slight.xml"}, exitFaults, "atom/missing-self"},
	} {
		s := feedwright(t, c.args...)
		if s.code != c.code {
			t.Errorf("%q: exit code %d, want %d", c.args, s.code, c.code)
		}
		contains(t, strings.Join(c.args, " "), s.out, c.say)
	}
	var list []judged
	if err := json.Unmarshal([]byte(feedwright(t, "check", "--json", "good.xml").out), &list); err == nil {
		t.Error("kinds are words in JSON, and do not come back as numbers")
	}
	contains(t, "JSON", feedwright(t, "check", "--json", "bad.atom").out, `"kind": "Atom"`, `"rule": "url/invalid"`, `"line": 2`)
	if s := feedwright(t, "check", "good.xml", "talks.txt"); s.code != exitUsage {
		t.Errorf("a feed and an article at once: exit code %d", s.code)
	}
}

func TestCheckFetchesAFeed(t *testing.T) {
	t.Chdir(t.TempDir())
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(goodAtom))
	}))
	defer ts.Close()
	s := feedwright(t, "check", ts.URL+"/atom.xml")
	if s.code != exitFaults {
		t.Errorf("exit code %d\n%s%s", s.code, s.out, s.err)
	}
	contains(t, "check of an address", s.out, "http/wrong-content-type", "http/no-validators", "link/self-mismatch")
}

// sampleSite copies the sample articles into a working directory, with settings
// of a site at url.
func sampleSite(t *testing.T, url string) {
	t.Helper()
	articles, err := filepath.Abs("../../testdata/articles")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	files := map[string]string{}
	err = filepath.WalkDir(articles, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[filepath.Join("articles", strings.TrimPrefix(path, articles))] = string(b)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no sample articles", err)
	}
	write(t, files)
	write(t, map[string]string{"feedwright.yaml": "site: { id: 6f0d3c8e-8a52-4d3a-9d43-0b8f6f3c2a10, title: Example News, url: '" + url + "', language: en }\nsource: { dir: articles }\n"})
}

// TestTheSampleSiteIsCleanToTheLetter makes every document of the sample
// articles as serve does, and judges it.
func TestTheSampleSiteIsCleanToTheLetter(t *testing.T) {
	sampleSite(t, "https://news.example.org")
	s := feedwright(t, "check", "--json")
	var r report
	if err := json.Unmarshal([]byte(s.out), &r); err != nil {
		t.Fatalf("%v: %s%s", err, s.out, s.err)
	}
	if r.Documents < 50 {
		t.Errorf("only %d documents were made", r.Documents)
	}
	for _, f := range append(r.Faults, r.Warnings...) {
		t.Errorf("%s: line %d: %s", f.Where, f.Line, f.What)
	}
}

func TestOneFaultInManyDocumentsIsSaidOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{
		"feedwright.yaml": "site: { title: Example News, url: 'https://news.example.org' }\n",
		"articles/a.md":   "---\ntitle: The &lt;b>whole&lt;/b> of it\ndate: 2026-01-02\ncategories: [one, two]\n---\nText.\n",
	})
	s := feedwright(t, "check")
	if n := strings.Count(s.out, "atom/undeclared-html"); n != 1 {
		t.Errorf("said %d times:\n%s", n, s.out)
	}
	contains(t, "check", s.out, "other documents")
}
