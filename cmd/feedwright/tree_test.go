package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func unsupported(_, _ string) error { return errors.ErrUnsupported }

// TestTreeReplacesAFolderWhole on disks that can exchange folders and link
// files, and on those that cannot.
func TestTreeReplacesAFolderWhole(t *testing.T) {
	for name, poor := range map[string]bool{"any disk": false, "a poor disk": true} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, map[string]string{"out/same.xml": "same", "out/changed.xml": "before", "out/gone.xml": "gone", "out/theirs/CNAME": "kept", "out/run.sh": "#!"})
			if err := os.Chmod("out/run.sh", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("same.xml", "out/link"); err != nil {
				t.Fatal(err)
			}
			was, err := os.Stat("out/same.xml")
			if err != nil {
				t.Fatal(err)
			}
			dir, err := filepath.Abs("out")
			if err != nil {
				t.Fatal(err)
			}
			tr, err := newTree(dir)
			if err != nil {
				t.Fatal(err)
			}
			if poor {
				tr.link, tr.exchange = unsupported, unsupported
			}
			at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			for file, text := range map[string]string{"same.xml": "same", "changed.xml": "after", "deep/er/new.xml": "new"} {
				if err := tr.put(file, []byte(text), at); err != nil {
					t.Fatal(err)
				}
			}
			owned := map[string]*builtFile{"same.xml": {}, "changed.xml": {}, "gone.xml": {}}
			if err := errors.Join(tr.adopt(owned), tr.swap()); err != nil {
				t.Fatal(err)
			}
			for file, want := range map[string]string{"out/same.xml": "same", "out/link": "same", "out/changed.xml": "after", "out/deep/er/new.xml": "new", "out/theirs/CNAME": "kept"} {
				if got := read(t, file); got != want {
					t.Errorf("%s holds %q, want %q", file, got, want)
				}
			}
			if _, err := os.Stat("out/gone.xml"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("out/gone.xml is still there: %v", err)
			}
			if info, err := os.Stat("out/same.xml"); err != nil || !info.ModTime().Equal(was.ModTime()) {
				t.Errorf("an unchanged file lost its time: %v", err)
			}
			if info, err := os.Stat("out/changed.xml"); err != nil || !info.ModTime().Equal(at) {
				t.Errorf("a changed file has another time than its document: %v", err)
			}
			if info, err := os.Stat("out/run.sh"); err != nil || info.Mode().Perm() != 0o755 {
				t.Errorf("somebody's file lost its mode: %v", err)
			}
			if tr.fresh != 1 || tr.changed != 1 || tr.same != 1 {
				t.Errorf("%d new, %d changed, %d same", tr.fresh, tr.changed, tr.same)
			}
			list, err := os.ReadDir(".")
			if err != nil || len(list) != 1 {
				t.Errorf("left beside it: %v %v", list, err)
			}
		})
	}
}

func TestAddressesBecomeFilesInsideTheFolder(t *testing.T) {
	for p, want := range map[string]string{
		"/":                "index.html",
		"/rss.xml":         "rss.xml",
		"/category/ö/":     "category/ö/index.html",
		"/media/a b/c.png": "media/a b/c.png",
		"/../secret":       "",
		"/a/../../b":       "",
		"//etc/passwd":     "",
		"/a\x00b":          "",
		"/media/./x":       "",
	} {
		got, err := fileOf(p)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("fileOf(%q) = %q, %v; want %q", p, got, err, want)
		}
	}
}
