package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ledgerText is a copy as read.
type ledgerText struct {
	site       string
	articles   []*articleText // in the order of first mention, each as last written
	places     map[string]*articleText
	spellings  []spellingText
	given      []slugText
	paragraphs []paragraphText
	cuts       []cutText
	assigned   []assignedText
	feedDates  []feedDateText
	conflicts  int      // marks of a merge
	bad        []string // "line 3: …"
	torn       bool     // the last line is cut off
}

// readLedger reads a copy. Whatever is wrong with single lines is told, not
// fatal.
func readLedger(name string) (*ledgerText, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t := &ledgerText{places: map[string]*articleText{}}
	known := map[string]*articleText{}
	in := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		b, whole, err := nextLine(in)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if b = bytes.TrimSpace(b); len(b) > 0 {
			if bad := t.take(b, known); bad != nil && !whole && err == io.EOF {
				t.torn = true
			} else if bad != nil {
				t.bad = append(t.bad, fmt.Sprintf("line %d: %v", n, bad))
			}
		}
		if err == io.EOF {
			return t, nil
		}
	}
}

// nextLine reads one line; what is longer than maxLine is cut. whole is false
// if no newline ends it.
func nextLine(in *bufio.Reader) (b []byte, whole bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(b) < maxLine {
			b = append(b, part...)
		}
		if err != bufio.ErrBufferFull {
			return b, err == nil, err
		}
	}
}

func (t *ledgerText) take(b []byte, known map[string]*articleText) error {
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			t.conflicts++
			return nil
		}
	}
	var l ledgerLine
	if err := json.Unmarshal(b, &l); err != nil {
		return errors.New("it is not JSON as it should be")
	}
	switch {
	case l.Ledger > ledgerVersion:
		return fmt.Errorf("it is of version %d, which a newer feedwright writes", l.Ledger)
	case l.Ledger > 0:
		t.site = l.Site
	case l.Spelling != nil:
		t.spellings = append(t.spellings, *l.Spelling)
	case l.Slug != nil:
		t.given = append(t.given, *l.Slug)
	case l.Assigned != nil:
		t.assigned = append(t.assigned, *l.Assigned)
	case l.FeedDate != nil:
		t.feedDates = append(t.feedDates, *l.FeedDate)
	case l.Cut != nil:
		t.cuts = append(t.cuts, *l.Cut)
	case l.Paragraph != nil:
		t.paragraphs = append(t.paragraphs, *l.Paragraph)
	default:
		a := new(articleText)
		if err := json.Unmarshal(b, a); err != nil {
			return fmt.Errorf("it is no article as it should be: %w", err)
		}
		return t.takeArticle(a, known)
	}
	return nil
}

func (t *ledgerText) takeArticle(a *articleText, known map[string]*articleText) error {
	if err := a.check(); err != nil {
		return err
	}
	old := known[a.ID]
	if old == nil { // an article that was given another id stands under both
		if old = t.places[a.place()]; old != nil {
			delete(known, old.ID)
		}
	}
	known[a.ID] = cmp.Or(old, a)
	t.places[a.place()] = known[a.ID]
	if old == nil {
		t.articles = append(t.articles, a)
		return nil
	}
	paths, slugs := append(old.Paths, old.Path), append(old.Slugs, old.Slug)
	a.Paths, a.Slugs = append(paths, a.Paths...), append(slugs, a.Slugs...)
	*old = *a
	return nil
}
