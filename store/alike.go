package store

import (
	"fmt"
	"path"
	"slices"
	"time"

	"feedwright/article"
)

// stub is the length, in words, of a text that says nothing of what its file
// will hold: an editor's first save.
const stub = 10

// alike says whether a sight may be the article that had its path: it is not
// if both title and text are others.
func (w *work) alike(r *record, g *sight) (bool, error) {
	switch {
	case r.content == g.content, len(g.same) > 0 && slices.Equal(r.same, g.same):
		return true, nil
	case r.titleKey == g.titleKey && r.titleKey != 0, r.titleKey == 0 && r.words < stub:
		return true, nil
	case article.Similarity(r.title, g.title) >= 0.5:
		return true, nil
	case r.revision == 0 || r.print == 0 || g.p.Print == 0:
		return article.Distance(r.print, g.p.Print) <= 20 && r.print != 0 || r.words < stub, nil
	case article.Distance(r.print, g.p.Print) <= 8:
		return true, nil
	}
	text, err := w.text(r)
	if err != nil {
		return false, err
	}
	return article.Similarity(text, g.p.Body) >= 0.5, nil
}

// text is the body of a record's newest revision, "" if it is not kept.
func (w *work) text(r *record) (string, error) {
	if r.revision == 0 {
		return "", nil
	}
	var raw []byte
	if err := w.tx.QueryRowContext(w.ctx, `SELECT raw FROM revision WHERE number = $1`, r.revision).Scan(&raw); err != nil {
		return "", fmt.Errorf("revision %d: %w", r.revision, err)
	}
	return w.s.inflate(raw)
}

func sameBase(a, b string) bool { return path.Base(a) == path.Base(b) }

func (w *work) recently(t int64) bool { return w.now-t <= time.Hour.Milliseconds() }
