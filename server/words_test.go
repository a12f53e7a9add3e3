package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"feedwright/article"
	"feedwright/feed"
)

// lagging is a library whose index of words is behind.
type lagging struct{ *shelfLibrary }

func (l lagging) Find(ctx context.Context, a feed.Address) (*feed.Answer, error) {
	if a.Selector.Asks(article.Word) {
		return nil, fmt.Errorf("look for words: %w", article.ErrUnready)
	}
	return l.shelfLibrary.Find(ctx, a)
}

func TestWordsNotYetIndexedAskToComeBack(t *testing.T) {
	h := New(lagging{newLibrary()}, Options{}).Public()
	for target, code := range map[string]int{"/rss.xml": 200, "/rss.xml?q=peace": 503, "/rss.xml?q=a:b": 400, "/rss.xml?q=%zz": 400, "/rss.xml?since=%zz": 400, "/rss.xml?title=%zz": 400} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		if w.Code != code {
			t.Errorf("%s: %d, want %d", target, w.Code, code)
		}
		if code == 503 && (w.Header().Get("Retry-After") == "" || w.Header().Get("Etag") != "" || !strings.Contains(w.Body.String(), "indexed")) {
			t.Errorf("%s: %v %s", target, w.Header(), w.Body)
		}
	}
}
