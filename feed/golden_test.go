package feed

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenGlob are archives that hold input.json and the documents wanted of it.
const goldenGlob = "../testdata/feeds/*.txtar"

// input is what a golden archive describes.
type input struct {
	Channel Channel
	Items   []Item
}

func encode(t testing.TB, e Encoder, in *input) []byte {
	t.Helper()
	var frags []Fragment
	for i := range in.Items {
		f, err := e.Item(&in.Items[i], in.Channel.Content)
		if err != nil {
			t.Fatal(err)
		}
		frags = append(frags, f)
	}
	b, err := e.Feed(&in.Channel, frags)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// goldens calls f for each archive; none at all is fatal.
func goldens(t *testing.T, f func(t *testing.T, path string, ar *txtar.Archive, in *input)) {
	t.Helper()
	paths, err := filepath.Glob(goldenGlob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden archives in %s (%v)", goldenGlob, err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(p)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) == 0 || ar.Files[0].Name != "input.json" {
				t.Fatal("the first file is not input.json")
			}
			in := new(input)
			d := json.NewDecoder(bytes.NewReader(ar.Files[0].Data))
			d.DisallowUnknownFields()
			if err := d.Decode(in); err != nil {
				t.Fatal(err)
			}
			f(t, p, ar, in)
		})
	}
}

func TestDocumentsAreAsTheGoldenFilesHaveThem(t *testing.T) {
	goldens(t, func(t *testing.T, path string, ar *txtar.Archive, in *input) {
		got := &txtar.Archive{Comment: ar.Comment, Files: ar.Files[:1:1]}
		for _, e := range Encoders() {
			b := encode(t, e, in)
			if err := WellFormed(e.Format(), b); err != nil {
				t.Error(err)
			}
			got.Files = append(got.Files, txtar.File{Name: file[e.Format()], Data: b})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(got), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(string(txtar.Format(ar)), string(txtar.Format(got))); diff != "" {
			t.Errorf("not as wanted (-want +got); look, then run with -update:\n%s", diff)
		}
	})
}

func TestEncodingTwiceGivesTheSameBytes(t *testing.T) {
	goldens(t, func(t *testing.T, _ string, _ *txtar.Archive, in *input) {
		for _, e := range Encoders() {
			if a, b := encode(t, e, in), encode(t, e, in); !bytes.Equal(a, b) {
				t.Errorf("%s: two different documents", e.Format())
			}
		}
	})
}
