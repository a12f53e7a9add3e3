package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// A partner's token is replaced by editing config.yaml while serve runs: for a
// time both are good, then only the new one.
func TestTokensAreRotatedWhileServing(t *testing.T) {
	folder(t)
	settings, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const old, fresh = "3f1c9a7be2d04455", "9b8a7c6d5e4f3021"
	s := serve(t)
	opens := func(token string) bool {
		code, h, _ := s.get("/feeds/partner/"+token+"/rss.xml", "")
		if code == http.StatusOK && !strings.HasPrefix(h.Get("Cache-Control"), "private") {
			t.Errorf("a private feed says Cache-Control: %s", h.Get("Cache-Control"))
		}
		return code == http.StatusOK
	}
	if !opens(old) || opens(fresh) {
		t.Fatal("the first token does not open the feed, or any does")
	}
	tokens := func(list string) {
		text := strings.Replace(string(settings), `token: "`+old+`"`, "tokens: ["+list+"]", 1)
		if err := os.WriteFile("config.yaml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tokens(fmt.Sprintf("%q, %q", old, fresh))
	s.until("both tokens open the feed", func() bool { return opens(old) && opens(fresh) })
	tokens(fmt.Sprintf("%q", fresh))
	s.until("the old one does not any more", func() bool { return !opens(old) })
	if !opens(fresh) {
		t.Error("nor does the new one")
	}
	for _, token := range []string{old, fresh} {
		if strings.Contains(s.screen.String(), token) {
			t.Errorf("the screen tells the token %s", token)
		}
	}
}
