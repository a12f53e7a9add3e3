package body

import (
	"testing"

	"feedwright/article"
)

func TestALineBreakIsASpaceBetweenWords(t *testing.T) {
	for in, want := range map[string]string{
		"the wreck of the\n*Concordia* sank":         "the wreck of the Concordia sank",
		"see\n[the list](https://a.example/)\nagain": "see the list again",
		"use\n`code`\nhere":                          "use code here",
		"**bold**\n*slanted*\nplain":                 "bold slanted plain",
		"한국어\n글":                                     "한국어 글",
		"日本語の\n文章です。\n**強調**も":                       "日本語の文章です。強調も",
		"Ukrainian\nслово":                           "Ukrainian слово",
	} {
		r, err := Render(article.Markdown, in, Options{Base: "https://x.example/a/"})
		if err != nil || r.Text != want {
			t.Errorf("%q: %q, want %q (%v)", in, r.Text, want, err)
		}
	}
}
