package lint

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

// documents are our own: each kind by the name that golden archives give it.
var documents = map[string]Options{
	"rss.xml":   {ContentType: "application/rss+xml; charset=utf-8"},
	"atom.xml":  {ContentType: "application/atom+xml; charset=utf-8"},
	"feed.json": {ContentType: "application/feed+json; charset=utf-8"},
	"opml.xml":  {ContentType: "text/x-opml; charset=utf-8"},
}

func TestOurOwnGoldenDocumentsAreClean(t *testing.T) {
	var files []string
	for _, glob := range []string{"../testdata/feeds/*.txtar", "../testdata/lists/*.txtar"} {
		list, err := filepath.Glob(glob)
		if err != nil || len(list) == 0 {
			t.Fatal("no golden archives in", glob, err)
		}
		files = append(files, list...)
	}
	seen := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			o, ok := documents[filepath.Base(f.Name)]
			if !ok {
				continue
			}
			seen++
			_, list, err := Check(t.Context(), f.Data, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, f2 := range list {
				if f2.Severity < Info || testing.Verbose() {
					t.Errorf("%s: %s:%d:%d: %s %s: %s", filepath.Base(file), f.Name, f2.Line, f2.Column, f2.Severity, f2.Rule, f2.Message)
				}
			}
		}
	}
	if seen < 9 {
		t.Errorf("only %d documents were judged", seen)
	}
}
