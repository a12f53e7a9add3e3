package parse

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"
)

func TestHand(t *testing.T) {
	dir := os.Getenv("HAND")
	if dir == "" {
		t.Skip()
	}
	loc, _ := time.LoadLocation("America/New_York")
	p, err := New(Options{Zone: loc, Lang: "en", Fields: map[string][]string{"categories": {"topics"}}})
	if err != nil {
		t.Fatal(err)
	}
	fsys := os.DirFS(dir)
	n, warns := 0, 0
	start := time.Now()
	fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() || !Reads(name) {
			return nil
		}
		raw, _ := fs.ReadFile(fsys, name)
		as, faults, err := p.Parse(context.Background(), File{FS: fsys, Path: name, Raw: raw, ModTime: time.Now()})
		if err != nil {
			fmt.Println("ERR", err)
			return nil
		}
		n += len(as)
		warns += len(faults)
		for _, f := range faults {
			fmt.Println("WARN", f.Error())
		}
		if os.Getenv("V") != "" {
			for _, a := range as {
				fmt.Printf("=== %s part=%q\n%+v\nmarkup=%s words=%d lang=%q\n%s\n--\n", name, a.Part, a.Fields, a.Markup, a.Words, a.Fields.Lang, a.Body)
				for _, no := range a.Trace {
					fmt.Printf("  %+v\n", no)
				}
			}
		} else {
			a := as[0]
			fmt.Println(strings.Join([]string{name, a.Fields.Published.Time.Format(time.RFC3339), a.Fields.Title[:min(len(a.Fields.Title), 50)], fmt.Sprint(a.Fields.Categories, a.Fields.Authors, a.Fields.Lang), a.Fields.Link, a.Fields.Summary[:min(len(a.Fields.Summary), 40)]}, " | "))
		}
		return nil
	})
	fmt.Println(n, "articles", warns, "warnings", time.Since(start))
}
