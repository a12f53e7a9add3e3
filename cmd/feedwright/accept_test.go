package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// manyArticles fills the folder with n more articles.
func manyArticles(t *testing.T, n int) {
	t.Helper()
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("articles/many/%03d.txt", i)] = fmt.Sprintf("Many %03d\n\nPublication date: 2026-01-01 10:%02d\n\nIt is number %d of many.\n", i, i%60, i)
	}
	write(t, files)
}

// admin asks the operator's listener on a socket.
func admin(t *testing.T, socket, method, path, origin string) (int, string) {
	t.Helper()
	client, base := adminClient("unix:" + socket)
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestMassRemovalIsWithheldUntilItIsAccepted(t *testing.T) {
	folder(t)
	manyArticles(t, 30)
	s := serve(t, "--admin", "unix:admin.sock")
	if got := feedwright(t, "accept-removals", "--admin", "unix:admin.sock"); got.code != exitFailed {
		t.Errorf("with nothing to accept: exit code %d, %s", got.code, got.err)
	}
	if err := os.RemoveAll("articles/many"); err != nil {
		t.Fatal(err)
	}
	s.until("the status names what is withheld", func() bool {
		_, status := admin(t, "admin.sock", http.MethodGet, "/status", "")
		return strings.Contains(status, `"withheld": 30`) && strings.Contains(status, "accept-removals")
	})
	if _, metrics := admin(t, "admin.sock", http.MethodGet, "/metrics", ""); !strings.Contains(metrics, "feedwright_removals_withheld 30") {
		t.Error("the metrics do not count what is withheld")
	}
	if !s.everywhere("Many 029", true)() {
		t.Error("an article left before its removal was accepted")
	}
	if code, _ := admin(t, "admin.sock", http.MethodPost, "/accept-removals", "https://elsewhere.example"); code != http.StatusForbidden {
		t.Errorf("a page of another site may accept: %d", code)
	}
	if code, _ := admin(t, "admin.sock", http.MethodGet, "/accept-removals", ""); code != http.StatusMethodNotAllowed {
		t.Errorf("GET accepts: %d", code)
	}
	if code, _, _ := s.get("/accept-removals", ""); code != http.StatusNotFound {
		t.Errorf("the public listener answers it: %d", code)
	}
	contains(t, "accept-removals", good(t, "accept-removals", "--admin", "unix:admin.sock"), "30 files")
	s.until("they are gone", s.everywhere("Many 0", false))
	s.until("nothing is withheld any more", func() bool {
		_, status := admin(t, "admin.sock", http.MethodGet, "/status", "")
		return !strings.Contains(status, "withheld")
	})
}

func TestAcceptingAtTheStart(t *testing.T) {
	folder(t)
	manyArticles(t, 30)
	good(t, "build", "--out", "public")
	if err := os.RemoveAll("articles/many"); err != nil {
		t.Fatal(err)
	}
	kept := feedwright(t, "build", "--out", "public")
	if contains(t, "the build", kept.err, "accept-removals"); !strings.Contains(read(t, "public/rss.xml"), "Many 000") {
		t.Error("a build without a word withdrew most articles")
	}
	good(t, "build", "--out", "public", "--accept-removals")
	if strings.Contains(read(t, "public/rss.xml"), "Many 000") {
		t.Error("the build kept what it was told to let go")
	}
}

func TestKeptArticlesOutliveAPurge(t *testing.T) {
	folder(t)
	write(t, map[string]string{"feedwright.yaml": strings.Replace(read(t, "config.yaml"), "settle: 50ms", "settle: 50ms, on_remove: keep", 1)})
	manyArticles(t, 30)
	s := serve(t, "--admin", "unix:admin.sock")
	before := s.ids()
	if err := os.RemoveAll("articles/many"); err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"articles/last.txt": "The last one\n\nIt came after the purge.\n"})
	s.until("what came after the purge is published", s.everywhere("The last one", true))
	after := s.ids()
	for title, id := range before {
		if after[title] != id {
			t.Errorf("%q was %s, is %q", title, id, after[title])
		}
	}
	if _, status := admin(t, "admin.sock", http.MethodGet, "/status", ""); strings.Contains(status, "withheld") {
		t.Errorf("a purge is withheld where articles outlive it:\n%s", status)
	}
}

func TestNewArticleIsHeldFromEverybody(t *testing.T) {
	folder(t)
	write(t, map[string]string{"feedwright.yaml": strings.Replace(read(t, "config.yaml"), "settle: 50ms", "settle: 50ms, hold: 8s", 1)})
	s := serve(t)
	if !s.everywhere("The ferry sails again", true)() {
		t.Error("what lay there at the first start is held")
	}
	tags := map[string]string{}
	for _, f := range append(formats, "/", "/feeds.opml") {
		_, h, _ := s.get(f, "")
		tags[f] = h.Get("ETag")
	}
	write(t, map[string]string{
		"articles/slip.txt": "A slip of the pen\n\nCategory: Secret\n\nThis should never have been written.\n",
		"articles/good.txt": "A good one\n\nThis will do, but for a slpi.\n",
	})
	s.until("both are known and held", func() bool {
		return strings.Contains(good(t, "why", "articles/slip.txt"), "held until") && strings.Contains(good(t, "why", "articles/good.txt"), "held until")
	})
	for f, tag := range tags {
		if _, h, body := s.get(f, ""); h.Get("ETag") != tag || strings.Contains(body, "Secret") {
			t.Errorf("%s betrays a held article: ETag %s, was %s", f, h.Get("ETag"), tag)
		}
	}
	if code, _, _ := s.get("/category/secret/rss.xml", ""); code != http.StatusNotFound {
		t.Errorf("the category of a held article answers %d", code)
	}
	if err := os.Remove("articles/slip.txt"); err != nil {
		t.Fatal(err)
	}
	write(t, map[string]string{"articles/good.txt": "A good one\n\nThis will do, and there is no slip.\n"})
	s.until("the good one is out", s.everywhere("there is no slip", true))
	for _, path := range []string{"/article/a-slip-of-the-pen/", "/category/secret/rss.xml"} {
		if code, _, _ := s.get(path, ""); code != http.StatusNotFound {
			t.Errorf("%s answers %d, but nobody ever saw it", path, code)
		}
	}
	if _, _, body := s.get("/atom.xml", ""); strings.Contains(body, "slip of the pen") || strings.Contains(body, "deleted-entry") || strings.Contains(body, "slpi") {
		t.Errorf("the feed tells of what nobody saw:\n%s", body)
	}
}
