package main

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"
)

// Files that come at once are seen at once: no reader gets a part of them first,
// unless all of them take long.
func TestFilesThatComeTogetherAreSeenTogether(t *testing.T) {
	folder(t)
	const many = 1300 // more than are told of at once
	write(t, map[string]string{"articles/first.txt": "The first\n\nIt was there before.\n"})
	s := serve(t)
	files := map[string]string{}
	for i := range many {
		files[fmt.Sprintf("articles/.aside/%d.txt", i)] = fmt.Sprintf("Notice %d\n\nCategory: Notices\n\nThe lighthouse is seen from mile %d.\n", i, i)
	}
	write(t, files)
	ready := time.Now()
	s.until("the second of the last edition is over", func() bool { return time.Since(ready) > time.Second })
	began := time.Now()
	if err := os.Rename("articles/.aside", "articles/notices"); err != nil {
		t.Fatal(err)
	}
	s.until("all are seen", func() bool {
		var list struct {
			Categories []struct {
				Slug  string
				Count int
			}
		}
		if _, _, body := s.get("/categories.json", ""); json.Unmarshal([]byte(body), &list) != nil {
			return false
		}
		n := 0
		for _, c := range list.Categories {
			if c.Slug == "notices" {
				n = c.Count
			}
		}
		if n > 0 && n < many && time.Since(began) < 3*time.Second {
			t.Errorf("%d of %d are seen after %s", n, many, time.Since(began))
		}
		return n == many
	})
}
