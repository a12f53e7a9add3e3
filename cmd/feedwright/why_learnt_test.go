package main

import (
	"fmt"
	"testing"
)

func TestWhyTellsWhatWasLearntToBeBoilerplate(t *testing.T) {
	folder(t)
	files := map[string]string{"config.yaml": "site: {title: T}\n"}
	for i := range 6 {
		files[fmt.Sprintf("articles/s%d.txt", i)] = fmt.Sprintf("Story %d\n\nWhat happened on day %d was told by many people.\n\nHear The Lantern on the harbour radio at 7\n", i, i)
	}
	write(t, files)
	good(t, "build", "--out", "public")
	contains(t, "why", good(t, "why", "articles/s3.txt"), "dropped      Hear The Lantern on the harbour radio at 7", "learnt")
}
