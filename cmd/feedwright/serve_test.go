package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

var formats = []string{"/rss.xml", "/atom.xml", "/feed.json"}

// everywhere says whether all three formats agree that a text is in the feeds,
// or that it is not.
func (s *serving) everywhere(text string, in bool) func() bool {
	return func() bool {
		for _, f := range formats {
			code, _, body := s.get(f, "")
			if code != http.StatusOK || strings.Contains(body, text) != in {
				return false
			}
		}
		return true
	}
}

// ids are the articles' ids by title.
func (s *serving) ids() map[string]string {
	s.t.Helper()
	_, _, body := s.get("/feed.json", "")
	var doc struct {
		Items []struct{ ID, Title string }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		s.t.Fatal(err)
	}
	ids := map[string]string{}
	for _, i := range doc.Items {
		ids[i.Title] = i.ID
	}
	for _, f := range []string{"/rss.xml", "/atom.xml"} {
		_, _, body := s.get(f, "")
		for title, id := range ids {
			if !strings.Contains(body, id) {
				s.t.Errorf("%s does not name %s, the id of %q", f, id, title)
			}
		}
	}
	return ids
}

func TestServeFollowsTheFolderAndKeepsIDs(t *testing.T) {
	folder(t)
	s := serve(t)
	contains(t, "the screen", s.screen.String(), "2 published, 0 held, 0 refused", "https://tidings.example.org/rss.xml")
	before := s.ids()

	if err := os.WriteFile("articles/lamp.txt", []byte("The lamp burns\n\nCategory: Harbour\n\nSince last night it is seen from the island.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.until("a file that was dropped in is in all formats", s.everywhere("The lamp burns", true))
	lamp := s.ids()["The lamp burns"]

	if err := os.WriteFile("articles/lamp.txt", []byte("The lamp shines\n\nCategory: Harbour\n\nSince last night it is seen from the island.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.until("its edit is in all formats", s.everywhere("The lamp shines", true))
	if got := s.ids()["The lamp shines"]; got != lamp {
		t.Errorf("the edit changed its id from %s to %s", lamp, got)
	}

	if err := os.Rename("articles/ferry.md", "articles/boat.md"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("articles/harbour/crane.txt"); err != nil {
		t.Fatal(err)
	}
	s.until("a file that was removed is in no format", s.everywhere("The crane is back", false))
	s.until("one that was renamed is in all", s.everywhere("The ferry sails again", true))
	s.end()

	s = serve(t)
	after := s.ids()
	for title, want := range map[string]string{"The ferry sails again": before["The ferry sails again"], "The lamp shines": lamp} {
		if want == "" || after[title] != want {
			t.Errorf("after a restart %q has the id %q, before it %q", title, after[title], want)
		}
	}
	if len(after) != 2 {
		t.Errorf("after a restart: %v", after)
	}
}

func TestServeTellsATakenPortFirst(t *testing.T) {
	folder(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := feedwright(t, "serve", "--listen", l.Addr().String())
	if s.code != exitFailed {
		t.Errorf("exit code %d", s.code)
	}
	contains(t, "the message", s.err, l.Addr().String(), "is taken", "--listen")
	if _, err := os.Stat("feedwright.db"); err == nil {
		t.Error("a database was made all the same")
	}
}

func TestSecondServeIsRefused(t *testing.T) {
	folder(t)
	serve(t)
	s := feedwright(t, "serve", "--listen", "127.0.0.1:0", "--admin", "off")
	if s.code != exitFailed {
		t.Errorf("exit code %d", s.code)
	}
	contains(t, "the message", s.err, "feedwright.db is being written by another feedwright", "stop that one first")
}
