package article

import (
	"os"
	"strings"
	"testing"
)

func TestTheDocsShowFiltersThatCanBeRead(t *testing.T) {
	b, err := os.ReadFile("../docs/filters.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	_, examples, ok := strings.Cut(doc, "```filter\n")
	examples, _, ok2 := strings.Cut(examples, "```")
	if !ok || !ok2 {
		t.Fatal("docs/filters.md shows no filters")
	}
	list := strings.Split(strings.TrimSpace(examples), "\n")
	for line := range strings.Lines(doc) { // the table of terms
		if first, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " |"); ok && strings.HasPrefix(line, "| `") {
			for i, term := range strings.Split(first, "`") {
				if i%2 == 1 {
					list = append(list, term)
				}
			}
		}
	}
	if len(list) < 18 {
		t.Fatalf("only %d examples", len(list))
	}
	for _, filter := range list {
		if _, err := ParseSelector(filter); err != nil {
			t.Error(err)
		}
	}
	for _, f := range strings.Split(fields, ", ") {
		if !strings.Contains(doc, `"`+f+`"`) || !strings.Contains(doc, "`"+f+":") {
			t.Errorf("docs/filters.md does not tell of %s:", f)
		}
	}
}
