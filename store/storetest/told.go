package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"feedwright/article"
)

// entriesAreAsTold looks whether what is read at a start is what was told when
// it was written, of articles of every kind.
func entriesAreAsTold(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer s.Close()
	later := func(d time.Duration) article.Date { return article.Date{Time: Start.Add(d), From: article.FromFile} }
	kinds := map[string]article.Fields{
		"plain":   {Published: later(-time.Hour)},
		"future":  {Published: later(time.Hour)},
		"expires": {Published: later(-time.Hour), Expires: later(time.Hour)},
		"expired": {Published: later(-2 * time.Hour), Expires: later(-time.Hour)},
		"draft":   {Draft: true},
		"private": {Published: later(-time.Hour), Feeds: []string{"for one", `"others"` + "\n"}},
		"unfed":   {NoFeed: true, Summary: "A summary of its own."},
		"updated": {Published: later(-2 * time.Hour), Updated: later(-time.Hour), Tags: []string{"a", "b"}},
		"goes":    {Published: later(-time.Hour)},
	}
	h := NewHistory(3)
	b := article.Batch{Now: Start}
	for name, f := range kinds {
		h.made++
		text := &file{n: h.made, title: "All about " + name, words: []string{name, fmt.Sprint(h.made)}}
		h.files[name] = text
		c := h.change(name)
		f.Title = text.title
		c.Articles[0].Fields = f
		b.Changes = append(b.Changes, c)
	}
	told := map[article.Number]article.Entry{}
	for _, b := range []article.Batch{b, {Now: Start.Add(time.Minute), Changes: []article.Change{{Op: article.Gone, Path: "goes"}}}} {
		out, err := s.Apply(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range out.Touched {
			told[x.After.Number] = *x.After
		}
	}
	n := 0
	err := s.Entries(t.Context(), func(e article.Entry) error {
		if n++; !reflect.DeepEqual(e, told[e.Number]) {
			t.Errorf("told %+v, reads %+v", told[e.Number], e)
		}
		return nil
	})
	if err != nil || n != len(kinds) || len(told) != n {
		t.Errorf("%d entries of %d, %d told, %v", n, len(kinds), len(told), err)
	}
}

// filesAreAsWritten looks whether files come by path, each as its last change
// told of it.
func filesAreAsWritten(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer s.Close()
	h := NewHistory(4)
	want := map[string]article.FileState{}
	for range 30 {
		b := h.Next()
		if _, err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		for _, c := range b.Changes {
			if c.Op == article.Gone {
				delete(want, c.Path)
			} else {
				want[c.Path] = article.FileState{Path: c.Path, Stat: c.File}
			}
		}
	}
	bad := article.Fault{Path: "b/z.txt", Line: 3, Err: "bad date", Hint: "mend it"}
	stat := article.FileStat{Size: 7, ModTime: 1, Inode: 1<<64 - 1}
	if _, err := s.Apply(t.Context(), article.Batch{Now: h.now, Changes: []article.Change{{Op: article.Failed, Path: bad.Path, File: stat, Fault: &bad}}}); err != nil {
		t.Fatal(err)
	}
	want[bad.Path] = article.FileState{Path: bad.Path, Stat: stat, Fault: &bad}
	last, n := "", 0
	err := s.Files(t.Context(), func(f article.FileState) error {
		if n++; f.Path <= last || !reflect.DeepEqual(f, want[f.Path]) {
			t.Errorf("after %s comes %+v, written was %+v", last, f, want[f.Path])
		}
		last = f.Path
		return nil
	})
	if err != nil || n != len(want) {
		t.Errorf("%d files of %d, %v", n, len(want), err)
	}
}
