package body

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedwright/article"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of the golden files")

// Golden files are txtar archives. Each case is a file NAME.txt, .md or .html,
// then NAME.want with the HTML and, after a line "-- text", the plain text. The
// archive's comment may hold "title: …" for all of its cases.
func TestGoldenBodies(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := fuzzOptions
		for line := range strings.Lines(string(a.Comment)) {
			if title, ok := strings.CutPrefix(line, "title: "); ok {
				o.Title = strings.TrimSpace(title)
			}
		}
		var out []txtar.File
		for i, f := range a.Files {
			if strings.HasSuffix(f.Name, ".want") {
				continue
			}
			name := strings.TrimSuffix(f.Name, filepath.Ext(f.Name))
			want := ""
			if i+1 < len(a.Files) && a.Files[i+1].Name == name+".want" {
				want = string(a.Files[i+1].Data)
			}
			got := golden(t, f, o)
			out = append(out, f, txtar.File{Name: name + ".want", Data: []byte(got)})
			if !*update && got != want {
				t.Errorf("%s: %s:\ngot:\n%swant:\n%s", file, f.Name, got, want)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(&txtar.Archive{Comment: a.Comment, Files: out}), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func golden(t *testing.T, f txtar.File, o Options) string {
	t.Helper()
	markup := map[string]article.Markup{".txt": article.PlainText, ".md": article.Markdown, ".html": article.HTML}[filepath.Ext(f.Name)]
	r, err := Render(markup, string(f.Data), o)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	checkPromises(t, r)
	s := r.HTML + "\n-- text\n" + r.Text + "\n"
	if len(r.Removed) > 0 {
		s += "-- removed\n" + strings.Join(r.Removed, "\n") + "\n"
	}
	if len(r.Warnings) > 0 {
		s += "-- warnings\n" + strings.Join(r.Warnings, "\n") + "\n"
	}
	return s
}
