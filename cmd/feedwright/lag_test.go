package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// While more articles than can be looked through wait for the index of words, a
// filter with words asks to come back; it never gives a short list.
func TestAFilterWithWordsIsNeverShortWhileTheyAreIndexed(t *testing.T) {
	folder(t)
	const many = 5500 // some more than are matched one by one
	files := map[string]string{}
	for i := range many {
		files[fmt.Sprintf("articles/%d/%d.txt", i%50, i)] = fmt.Sprintf("Notice %d\n\nThe lighthouse is seen from mile %d.\n", i, i)
	}
	write(t, files)
	s := serve(t)
	asked := 0
	s.until("the index holds all", func() bool {
		asked++
		code, h, body := s.get("/feed.json?q=lighthouse&limit=500", "")
		switch code {
		case http.StatusServiceUnavailable:
			if h.Get("Retry-After") == "" {
				t.Error("a 503 without Retry-After")
			}
			return false
		case http.StatusOK:
			var doc struct{ Items []struct{ ID string } }
			if err := json.Unmarshal([]byte(body), &doc); err != nil || len(doc.Items) != 500 {
				t.Fatalf("answer %d holds %d articles, %v", asked, len(doc.Items), err)
			}
			return true
		}
		t.Fatalf("answer %d is %d", asked, code)
		return false
	})
	t.Logf("%d answers until all were there", asked)
}
