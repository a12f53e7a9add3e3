//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func (s *site) titleShown() string {
	s.t.Helper()
	var f jsonFeed
	if err := json.Unmarshal(s.get("/feed.json").body, &f); err != nil {
		s.t.Fatal(err)
	}
	return f.Title
}

// says waits until the program has said words.
func (s *site) says(words string) {
	s.t.Helper()
	s.await("the program says "+words, func() error {
		if !strings.Contains(s.log.String(), words) {
			return fmt.Errorf("not yet")
		}
		return nil
	})
}

func TestFaultyEditOfTheConfigIsRefusedAndAGoodOneApplied(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}\n")
	newsroom(s)
	s.start()
	if n := s.titleShown(); n != "The Lantern" {
		t.Fatalf("the title is %q", n)
	}
	s.put("config.yaml", "site: {title: The Torch, tilte: x}\n")
	s.says("tilte")
	if n := s.titleShown(); n != "The Lantern" {
		t.Errorf("after a faulty edit the title is %q", n)
	}
	if !strings.Contains(s.log.String(), "config.yaml:1") {
		t.Errorf("the line of the fault is not told:\n%s", s.log)
	}
	s.put("config.yaml", "site: {title: The Beacon}\nfeeds: [{name: short, items: 1}]\n")
	s.await("the new title", func() error {
		if n := s.titleShown(); n != "The Beacon" {
			return fmt.Errorf("the title is %q", n)
		}
		return nil
	})
	list, err := s.items("/feeds/short/feed.json")
	if err != nil || len(list) != 1 {
		t.Errorf("the new feed of one article has %d: %v", len(list), err)
	}
	if err := os.Remove(s.path("config.yaml")); err != nil {
		t.Fatal(err)
	}
	s.article("later.md", story("A later change", "Other", "The program goes on."))
	s.in("A later change", "/")
	if n := s.titleShown(); n != "The Beacon" {
		t.Errorf("after the config was removed the title is %q", n)
	}
}

func TestCategoryAliasesAndChangesOfThemApplyWhileRunning(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}\n")
	s.article("a.md", story("Gale warning", "Weather", "Wind."))
	s.article("b.md", story("Обережно, шторм", "Погода", "Вітер."))
	s.start()
	s.in("Gale warning", "/category/weather/")
	s.gone("Обережно", "/category/weather/")
	s.put("config.yaml", "site: {title: The Lantern}\ncategories: [{name: Weather, also: [Погода]}]\n")
	s.in("Обережно", "/category/weather/")
}
