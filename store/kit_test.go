package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

const siteID = "6f1e1d6c-3f5a-4c1e-9b7e-1d1d3f0c2a55"

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// bench is a store and the folder it hears of.
type bench struct {
	testing.TB
	*store.Store
	dir string
	opt store.Options
	now time.Time
}

func options(dir string) store.Options {
	return store.Options{
		DSN: "sqlite:" + filepath.Join(dir, "feedwright.db"), Ledger: filepath.Join(dir, "feedwright.ledger"),
		SiteID: siteID, Grace: 2 * time.Minute, Linger: 2 * time.Second, Learn: true,
	}
}

func begin(t testing.TB, change ...func(*store.Options)) *bench {
	t.Helper()
	b := &bench{TB: t, dir: t.TempDir(), now: monday}
	b.opt = options(b.dir)
	for _, f := range change {
		f(&b.opt)
	}
	b.open()
	t.Cleanup(func() { b.Store.Close() })
	return b
}

func (b *bench) open() {
	b.Helper()
	s, err := store.Open(b.Context(), b.opt)
	if err != nil {
		b.Fatal(err)
	}
	b.Store = s
}

func (b *bench) reopen() {
	b.Helper()
	if err := b.Store.Close(); err != nil {
		b.Fatal(err)
	}
	b.open()
}

// apply hands a batch on, a minute after the last.
func (b *bench) apply(changes ...article.Change) article.Outcome {
	b.Helper()
	b.now = b.now.Add(time.Minute)
	return b.applyAt(b.now, changes...)
}

func (b *bench) applyAt(now time.Time, changes ...article.Change) article.Outcome {
	b.Helper()
	out, err := b.Apply(b.Context(), article.Batch{Now: now, Changes: changes})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// life is the newest article of a path.
func (b *bench) life(path string) article.Life {
	b.Helper()
	ls, err := b.ByPath(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	for _, l := range ls {
		if l.Article.Path == path && l.State != article.Withdrawn {
			return l
		}
	}
	if len(ls) == 0 {
		b.Fatalf("no article at %s", path)
	}
	return ls[0]
}

func (b *bench) entries() map[article.Number]article.Entry {
	b.Helper()
	m := map[article.Number]article.Entry{}
	last := article.Number(0)
	err := b.Entries(b.Context(), func(e article.Entry) error {
		if e.Number <= last {
			b.Errorf("entry %d is out of order", e.Number)
		}
		last = e.Number
		m[e.Number] = e
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// fullText makes words that no other seed shares.
func fullText(seed string, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 && i%20 == 0 {
			b.WriteString(".\n\n")
		}
		h := sha256.Sum256([]byte(fmt.Sprint(seed, i)))
		fmt.Fprintf(&b, "%x ", h[:3])
	}
	return b.String()
}

type option func(*article.Parsed)

func identified(id string) option {
	return func(p *article.Parsed) { p.Fields.ID = id }
}
func slugged(s string) option { return func(p *article.Parsed) { p.Fields.Slug = s } }
func dated(t time.Time) option {
	return func(p *article.Parsed) {
		p.Fields.Published = article.Date{Time: t, From: article.FromFile}
	}
}
func dayOnly(t time.Time) option {
	return func(p *article.Parsed) {
		p.Fields.Published = article.Date{Time: t, DayOnly: true, From: article.FromFile}
	}
}
func draft(p *article.Parsed) { p.Fields.Draft = true }

// parse makes what source would of a file.
func parse(title, body string, opts ...option) article.Parsed {
	p := article.Parsed{Fields: article.Fields{Title: title}, Markup: article.PlainText, Body: body}
	for _, o := range opts {
		o(&p)
	}
	article.Words(p.Body, func(string) bool { p.Words++; return true })
	p.Print = article.Fingerprint(p.Body)
	ps := article.Paragraphs(p.Body)
	for i, s := range ps {
		if i == 0 || i == len(ps)-1 {
			p.Edges = append(p.Edges, article.Edge{Hash: article.ParagraphHash(s), Text: s, Trailing: i > 0})
		}
	}
	return p
}

// wrote is a file with one article, last modified on the Sunday before.
func wrote(path, title, body string, opts ...option) article.Change {
	return article.Change{Op: article.Wrote, Path: path, File: stat(path + title + body), Articles: []article.Parsed{parse(title, body, opts...)}}
}

func stat(content string) article.FileStat {
	h := sha256.Sum256([]byte(content))
	return article.FileStat{Size: int64(len(content)), ModTime: monday.Add(-24 * time.Hour).UnixNano(), Inode: 7, Hash: article.Hash(h[:16])}
}

func gone(path string) article.Change { return article.Change{Op: article.Gone, Path: path} }

func ids(b *bench) map[string]article.ID {
	m := map[string]article.ID{}
	for n, e := range b.entries() {
		if e.State == article.Withdrawn {
			continue
		}
		a, err := b.Articles(context.Background(), []article.Ref{{Number: n}})
		if err != nil {
			b.Fatal(err)
		}
		m[a[0].Path] = a[0].ID
	}
	return m
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
