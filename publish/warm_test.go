package publish_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/store"
)

// warm has the store make its codecs, which it does once, outside of any
// synctest bubble: what they wait on would else belong to the first bubble and
// be out of bounds for every other test.
func warm() error {
	dir, err := os.MkdirTemp("", "warm")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(dir, "f.db")})
	if err != nil {
		return err
	}
	defer s.Close()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	long := file("a.txt", "Alpha", func(p *article.Parsed) { p.Body = strings.Repeat("So that it is packed. ", 50) })
	out, err := s.Apply(ctx, article.Batch{Now: now, Changes: []article.Change{long}})
	if err != nil {
		return err
	}
	_, err = s.Articles(ctx, []article.Ref{{Number: out.Touched[0].After.Number}})
	return err
}
