package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestFilesGiveTheseSettingsOrProblems loads each testdata/config/*.yaml. The
// golden file beside it holds what a person would read: all problems, or, for
// good-*.yaml, every value that is no default and where it came from.
func TestFilesGiveTheseSettingsOrProblems(t *testing.T) {
	files, err := filepath.Glob("../testdata/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/config (%v)", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write(t, dir, "feedwright.yaml", string(raw))
			l, err := Load(LoadOptions{Dir: dir, Env: []string{}})
			got := ""
			if good := strings.HasPrefix(name, "good-"); good != (err == nil) {
				t.Fatalf("error: %v", err)
			} else if good {
				got = told(l, dir)
			} else {
				got = err.Error() + "\n"
				if len(Problems(err)) == 0 {
					t.Errorf("the error holds no Problems: %v", err)
				}
			}
			if strings.Contains(got, "hunter2") {
				t.Errorf("a secret is shown:\n%s", got)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", got)
		})
	}
}

// told lists what is no default.
func told(l *Loaded, dir string) string {
	var b strings.Builder
	for _, v := range l.Origins() {
		if v.From != "default" {
			fmt.Fprintf(&b, "%s: %s (%s)\n", v.Key, strings.ReplaceAll(v.Value, dir, "DIR"), v.From)
		}
	}
	for _, f := range l.Config.Feeds {
		fmt.Fprintf(&b, "feed %s holds %q, private %v\n", f.Name, f.Selector, f.Private())
	}
	for _, n := range l.Notices {
		fmt.Fprintf(&b, "notice: %s\n", n)
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (-want +got):\n%s", filepath.Base(file), diff)
	}
}
