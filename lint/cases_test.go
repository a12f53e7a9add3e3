package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted findings in testdata")

// now is the clock of all tests.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// edit is one change to a base document.
type edit struct{ old, new string }

// parseCase reads a case: lines that start with - are searched in the base,
// those with + take their place, those with = are the findings wanted.
func parseCase(t *testing.T, name, text string) (edits []edit, want []string) {
	t.Helper()
	last := byte(0)
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			continue
		}
		kind, rest := line[0], line[1:]
		switch {
		case kind == '=':
			want = append(want, rest)
		case kind == '-' && last != '-':
			edits = append(edits, edit{old: rest})
		case kind == '-':
			edits[len(edits)-1].old += "\n" + rest
		case kind == '+' && last == '-':
			edits[len(edits)-1].new = rest
		case kind == '+' && last == '+':
			edits[len(edits)-1].new += "\n" + rest
		default:
			t.Fatalf("%s: a line of a case starts with -, + or =: %q", name, line)
		}
		last = kind
	}
	return edits, want
}

func (e edit) apply(t *testing.T, name, doc string) string {
	t.Helper()
	if !strings.Contains(doc, e.old) {
		t.Fatalf("%s: the base does not hold %q", name, e.old)
	}
	return strings.Replace(doc, e.old, e.new, 1)
}

func show(list []Finding) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = fmt.Sprintf("%d:%d %s %s: %s", f.Line, f.Column, f.Severity, f.Rule, f.Message)
	}
	return out
}

// judge checks a document of the tests' site.
func judge(t *testing.T, doc string, base string) []Finding {
	t.Helper()
	o := Options{URL: "https://news.example.org/" + base, Now: now}
	_, list, err := Check(t.Context(), []byte(doc), o)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// broken gathers the rules that some case breaks.
func broken(t *testing.T) map[string]bool {
	out := map[string]bool{}
	eachCase(t, func(name, base, doc string, _ []string) []string {
		for _, f := range judge(t, doc, base) {
			r, ok := rules.find(f.Rule)
			if !ok {
				t.Errorf("%s: no rule is named %s", name, f.Rule)
			}
			if f.Clause == "" && r.Clause == "" && !strings.HasPrefix(f.Rule, "value/") && !strings.HasPrefix(f.Rule, "date/") && !strings.HasPrefix(f.Rule, "feed/") {
				t.Errorf("%s: %s names no clause", name, f.Rule)
			}
			out[r.Name] = true
		}
		return nil
	})
	return out
}

// eachCase calls f for every case of testdata. What f returns replaces the
// findings wanted.
func eachCase(t *testing.T, f func(name, base, doc string, want []string) []string) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases in testdata", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		base := archive.Files[0]
		for i := 1; i < len(archive.Files); i++ {
			c := &archive.Files[i]
			name := filepath.Base(file) + ": " + c.Name
			edits, want := parseCase(t, name, string(c.Data))
			doc := string(base.Data)
			for _, e := range edits {
				doc = e.apply(t, name, doc)
			}
			if got := f(name, base.Name, doc, want); got != nil {
				c.Data = withWant(string(c.Data), got)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// withWant puts findings into a case's text.
func withWant(text string, got []string) []byte {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line[0] != '=' {
			b.WriteString(line)
		}
	}
	for _, g := range got {
		b.WriteString("=" + g + "\n")
	}
	return []byte(b.String())
}

func TestEachRuleIsBrokenByItsCaseAtItsPlace(t *testing.T) {
	eachCase(t, func(name, base, doc string, want []string) []string {
		got := show(judge(t, doc, base))
		if *update {
			return got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		// A case is named for the rule that it breaks.
		rule, _, _ := strings.Cut(name[strings.Index(name, ": ")+2:], " ")
		if !slices.ContainsFunc(got, func(g string) bool { return strings.Contains(g, " "+rule+":") }) {
			t.Errorf("%s: the rule is not reported", name)
		}
		return nil
	})
}

func TestBaseDocumentsAreClean(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("there are no cases in testdata")
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(judge(t, string(archive.Files[0].Data), archive.Files[0].Name)); len(got) > 0 {
			t.Errorf("%s:\n%s", file, strings.Join(got, "\n"))
		}
	}
}

// TestEveryRuleIsTested fails for a rule that no case breaks. Rules of bytes
// and of answers have tests of their own.
func TestEveryRuleIsTested(t *testing.T) {
	seen := broken(t)
	for _, list := range [][]string{byteRules, sizeRules, pollRules} {
		for _, name := range list {
			seen[name] = true
		}
	}
	for _, r := range Rules() {
		if !seen[r.Name] {
			t.Errorf("no case breaks %s", r.Name)
		}
	}
}
