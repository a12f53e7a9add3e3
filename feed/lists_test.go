package feed

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"feedwright/article"
)

// TestListsAreAsTheGoldenFilesHaveThem compares the lists of a site's feeds and
// categories, by bytes.
func TestListsAreAsTheGoldenFilesHaveThem(t *testing.T) {
	const glob = "../testdata/lists/*.txtar"
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden archives in %s (%v)", glob, err)
	}
	for _, p := range paths {
		ar, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(ar.Files) == 0 || ar.Files[0].Name != "input.json" {
			t.Fatalf("%s: the first file is not input.json", p)
		}
		var in struct {
			Title      string
			Owner      article.Author
			Updated    time.Time
			Outlines   []Outline
			Categories []CategoryEntry
		}
		d := json.NewDecoder(bytes.NewReader(ar.Files[0].Data))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			t.Fatal(err)
		}
		opml, err := EncodeOPML(in.Title, in.Owner, in.Updated, in.Outlines)
		if err != nil {
			t.Fatal(err)
		}
		categories, err := EncodeCategories(in.Title, in.Categories)
		if err != nil {
			t.Fatal(err)
		}
		got := &txtar.Archive{Comment: ar.Comment, Files: ar.Files[:1:1]}
		for _, x := range []struct {
			format Format
			name   string
			doc    []byte
		}{{OPML, "opml.xml", opml}, {Categories, "categories.json", categories}} {
			if err := WellFormed(x.format, x.doc); err != nil {
				t.Errorf("%s: %v", p, err)
			}
			got.Files = append(got.Files, txtar.File{Name: x.name, Data: x.doc})
		}
		if *update {
			if err := os.WriteFile(p, txtar.Format(got), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(string(txtar.Format(ar)), string(txtar.Format(got))); diff != "" {
			t.Errorf("%s: not as wanted (-want +got); look, then run with -update:\n%s", p, diff)
		}
	}
}
