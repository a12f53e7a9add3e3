package feedwright

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ladder says which rooms each room may import. Rooms speak in the words of
// article and feed and never call one another; only cmd introduces them. A room
// inside another counts as that one; tests may import what they test with.
var ladder = map[string][]string{
	"adopt":   {"article"},
	"article": {},
	"body":    {"article"},
	"catalog": {"article"},
	"feed":    {"article"},
	"hub":     {"article"},
	"lint":    {"article"},
	"source":  {"article"},
	"store":   {"article", "hub"},
	"config":  {"article", "feed"},
	"server":  {"article", "feed"},
	"publish": {"article", "body", "catalog", "feed"},
	"cmd":     {"adopt", "article", "body", "catalog", "config", "feed", "hub", "lint", "publish", "server", "source", "store"},
	"bench":   {},
	"e2e":     {},
}

// owners are modules that one room alone may import, so that they can be
// replaced there.
var owners = map[string]string{
	"github.com/spf13/viper":             "config",
	"github.com/goccy/go-yaml":           "config",
	"github.com/gorilla/feeds":           "feed",
	"github.com/yuin/goldmark":           "body",
	"github.com/microcosm-cc/bluemonday": "body",
	"modernc.org/sqlite":                 "store",
	"github.com/spf13/cobra":             "cmd",
	"github.com/RoaringBitmap/roaring":   "catalog",
	"github.com/mmcdole/gofeed":          "adopt",
}

func TestNoArrowLeavesTheLadder(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata" || d.Name() == "docs") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		files++
		room, _, nested := strings.Cut(filepath.ToSlash(file), "/")
		if !nested {
			t.Errorf("%s stands at the top: code lives in rooms", file)
			return nil
		}
		return imports(file, func(p string) {
			if ours, ok := strings.CutPrefix(p, "feedwright/"); ok {
				to, _, _ := strings.Cut(ours, "/")
				if allowed, known := ladder[room]; !known {
					t.Errorf("%s: the room %s is not on the ladder", file, room)
				} else if to != room && !slices.Contains(allowed, to) {
					t.Errorf("%s imports %s: %s may import %v", file, p, room, allowed)
				}
			}
			for module, owner := range owners {
				if (p == module || strings.HasPrefix(p, module+"/")) && owner != room {
					t.Errorf("%s imports %s, which is %s's alone", file, p, owner)
				}
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were looked at", files)
	}
}

func imports(file string, f func(string)) error {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, im := range tree.Imports {
		p, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			return err
		}
		f(path.Clean(p))
	}
	return nil
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	docs := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && file != "." {
			return fs.SkipDir
		}
		dir := filepath.Dir(file)
		if dir == "." || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		docs[dir] = docs[dir] || tree.Doc != nil && len(tree.Doc.Text()) > 60
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, ok := range docs {
		if !ok {
			t.Errorf("package %s has no comment that says what it owns", dir)
		}
	}
}
