package parse

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/article/language"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is what of a Parsed the files under testdata/languages fix.
type golden struct {
	Fields  article.Fields `json:"fields"`
	Markup  article.Markup `json:"markup"`
	Body    []string       `json:"body"`
	Dropped []string       `json:"dropped"`
}

func goldenOf(p article.Parsed) golden {
	g := golden{Fields: p.Fields, Markup: p.Markup, Body: article.Paragraphs(p.Body)}
	for i, s := range g.Body {
		g.Body[i] = strings.TrimRight(s, "\n")
	}
	for _, n := range p.Trace {
		if n.What == "dropped" {
			g.Dropped = append(g.Dropped, n.Rule+": "+n.Text)
		}
	}
	return g
}

// Each language's sample, read by a site in English: labels, date, bullets and
// banners must be understood all the same.
func TestEveryLanguagesSample(t *testing.T) {
	samples, err := filepath.Glob("testdata/languages/*.txt")
	if err != nil || len(samples) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	p := parser(t, Options{Lang: "en", Zone: time.FixedZone("", 2*3600)})
	var codes []string
	for _, name := range samples {
		code := strings.TrimSuffix(filepath.Base(name), ".txt")
		codes = append(codes, code)
		t.Run(code, func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out, faults, err := p.Parse(context.Background(), File{Path: "in/sample.txt", Raw: raw})
			if err != nil || len(faults) > 0 {
				t.Fatalf("faults %v, error %v", faults, err)
			}
			got := new(bytes.Buffer)
			e := json.NewEncoder(got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(goldenOf(out[0])); err != nil {
				t.Fatal(err)
			}
			file := strings.TrimSuffix(name, ".txt") + ".json"
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s is read otherwise:\n%s", name, got)
			}
		})
	}
	for _, l := range language.All() {
		if !slices.Contains(codes, l.Code) {
			t.Errorf("language %s has no sample", l.Code)
		}
	}
}

func parser(t testing.TB, o Options) *Parser {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
