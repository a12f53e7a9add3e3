package feedwright

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feedwright/lint"
)

// conformance is the note that says of each rule who keeps it and what shows it.
const conformance = "docs/notes/conformance.md"

// ruled is a row of its first table.
type ruled struct{ rule, clause, kept, shown, lint string }

// TestEveryRuleIsKeptAndShownWhereTheNoteSays looks up every identifier, test,
// file and lint rule that the note names, so that it cannot rot.
func TestEveryRuleIsKeptAndShownWhereTheNoteSays(t *testing.T) {
	rows := tableRows(t, 5)
	if len(rows) < 100 {
		t.Fatalf("%s: only %d rows were found", conformance, len(rows))
	}
	tests := testNames(t)
	var rules []string
	for _, r := range lint.Rules() {
		rules = append(rules, r.Name)
	}
	judged := map[string]bool{}
	for _, c := range rows {
		r := ruled{c[0], c[1], c[2], c[3], c[4]}
		if r.rule == "" || r.clause == "" {
			t.Errorf("a row without a rule or its clause: %q", c)
		}
		checkKept(t, r)
		checkShown(t, r.rule, r.shown, tests)
		for _, name := range named(r.lint) {
			judged[name] = true
			if !slices.Contains(rules, name) {
				t.Errorf("%s: lint has no rule %s", r.rule, name)
			}
		}
	}
	for _, name := range rules {
		if !judged[name] {
			t.Errorf("%s names no rule for lint's %s", conformance, name)
		}
	}
}

// TestEveryRuleOfReadersIsShownWhereTheNoteSays does so for the second table.
func TestEveryRuleOfReadersIsShownWhereTheNoteSays(t *testing.T) {
	rows := tableRows(t, 3)
	if len(rows) != 15 {
		t.Fatalf("%s: %d rules of readers, want 15", conformance, len(rows))
	}
	tests := testNames(t)
	for _, c := range rows {
		checkShown(t, c[0], c[2], tests)
	}
}

// checkKept wants files, each followed by what is declared in it; or a reason.
func checkKept(t *testing.T, r ruled) {
	t.Helper()
	var declared map[string]bool
	for _, name := range named(r.kept) {
		if strings.Contains(name, "/") {
			declared = declarations(t, name)
		} else if declared == nil {
			t.Errorf("%s: %s stands behind no file", r.rule, name)
		} else if !declared[name] {
			t.Errorf("%s: %s is not declared where the note says", r.rule, name)
		}
	}
	if declared == nil && !strings.HasPrefix(r.kept, "not written") && !strings.HasPrefix(r.kept, "not there") {
		t.Errorf("%s: kept nowhere: %q", r.rule, r.kept)
	}
}

// checkShown wants at least one test, and all of them to be there.
func checkShown(t *testing.T, rule, shown string, tests map[string]bool) {
	t.Helper()
	found := 0
	for _, name := range named(shown) {
		switch {
		case strings.Contains(name, "/"):
			if files, err := filepath.Glob(name); err != nil || len(files) == 0 {
				t.Errorf("%s: there is no file %s (%v)", rule, name, err)
			}
		case !tests[name]:
			t.Errorf("%s: there is no test %s", rule, name)
		default:
			found++
		}
	}
	if found == 0 && !strings.HasPrefix(shown, "not there") {
		t.Errorf("%s: no test is named", rule)
	}
}

var inCode = regexp.MustCompile("`([^`]+)`")

// named are the words in a cell that are written as code.
func named(cell string) []string {
	var out []string
	for _, m := range inCode.FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

// tableRows are the rows, without heads, of the note's tables of so many columns.
func tableRows(t *testing.T, columns int) [][]string {
	t.Helper()
	b, err := os.ReadFile(conformance)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	head := true
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			head = true
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if strings.HasPrefix(line, "| ---") {
			head = false
			continue
		}
		if head {
			continue
		}
		if len(cells) != 5 && len(cells) != 3 {
			t.Errorf("%s: a row of %d cells: %s", conformance, len(cells), line)
		}
		if len(cells) == columns {
			rows = append(rows, cells)
		}
	}
	return rows
}

// declarations are the names that a file declares: functions, methods, types,
// constants, variables and fields.
func declarations(t *testing.T, file string) map[string]bool {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("%s names a file that cannot be read: %v", conformance, err)
		return map[string]bool{}
	}
	names := map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			names[n.Name.Name] = true
			return false
		case *ast.TypeSpec:
			names[n.Name.Name] = true
		case *ast.ValueSpec:
			for _, x := range n.Names {
				names[x.Name] = true
			}
		case *ast.Field:
			for _, x := range n.Names {
				names[x.Name] = true
			}
		}
		return true
	})
	return names
}

// testNames are all tests and fuzz targets of the tree, whatever their build
// tags.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, x := range tree.Decls {
			if f, ok := x.(*ast.FuncDecl); ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")) {
				names[f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
