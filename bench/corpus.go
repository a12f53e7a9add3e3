package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"
)

// corpusVersion is raised whenever the same parameters give other files.
const corpusVersion = 1

// plan names a corpus: equal plans are equal files, on every machine.
type plan struct {
	Version    int    `json:"version"`
	Seed       uint64 `json:"seed"`
	Articles   int    `json:"articles"`
	Categories int    `json:"categories"`
}

func (p plan) String() string {
	return fmt.Sprintf("v%d-seed%d-%d-articles-%d-categories", p.Version, p.Seed, p.Articles, p.Categories)
}

// corpus is a folder of Markdown files as a site that has grown over twenty
// years holds them, spread by year and month. feedwright and Hugo read the same
// files.
type corpus struct {
	plan
	dir        string // holds posts/, and corpus.json once it is whole
	categories []string
	language   *language
	choose     *urn // of the categories
}

func newCorpus(p plan, dir string) *corpus {
	p.Version = corpusVersion
	c := &corpus{plan: p, dir: filepath.Join(dir, p.String()), language: newLanguage(p.Seed)}
	weights := make([]float64, 0, p.Categories)
	seen := map[string]bool{}
	for rank := 200; len(c.categories) < p.Categories; rank++ {
		w := c.language.words[rank]
		if plain := strings.IndexFunc(w, func(r rune) bool { return r > 'z' }) < 0; plain && len(w) >= 5 && !seen[w] {
			seen[w] = true
			weights = append(weights, 1/float64(len(weights)+10)) // the largest is five times the smallest of 40
			c.categories = append(c.categories, capital(w))
		}
	}
	c.choose = newUrn(weights)
	return c
}

// posts is the folder of the articles; added is where a run puts more of them,
// for as long as it lasts.
func (c *corpus) posts() string { return filepath.Join(c.dir, "posts") }
func (c *corpus) added() string { return filepath.Join(c.posts(), "added") }

// The articles are spread over these years, evenly. All of it is past, or Hugo
// and feedwright would hold some of them back.
var (
	firstDay = time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
)

// article gives the i-th file of the corpus: its path below posts, its bytes
// and its date.
func (c *corpus) article(i int) (string, []byte, time.Time) {
	r := rand.New(rand.NewPCG(c.Seed, uint64(i)+1000))
	when := firstDay.Add(lastDay.Sub(firstDay) / time.Duration(c.Articles) * time.Duration(i)).Truncate(time.Second)
	name := fmt.Sprintf("%s-%s-%d.md", c.language.words[r.IntN(vocabularySize)], c.language.words[r.IntN(vocabularySize)], i)
	_, text := c.compose(r, "", when, length(r))
	return filepath.Join(when.Format("2006"), when.Format("01"), name), text, when
}

// length draws how many bytes an article has: 4 KB in the mean, half of them
// below 3.4 KB, a few ten times that.
func length(r *rand.Rand) int {
	const mean, sigma = 4096, 0.6
	n := math.Exp(math.Log(mean) - sigma*sigma/2 + sigma*r.NormFloat64())
	return int(min(max(n, 500), 60_000))
}

// compose writes an article of about n bytes, and gives its title.
func (c *corpus) compose(r *rand.Rand, title string, when time.Time, n int) (string, []byte) {
	l := c.language
	if title == "" {
		title = string(l.phrase(nil, r, 4+r.IntN(6)))
	}
	b := make([]byte, 0, n+1024)
	b = fmt.Appendf(b, "---\ntitle: %q\ndate: %s\ncategories: [%s]\ndescription: %q\n---\n", title, when.Format(time.RFC3339), strings.Join(c.some(r), ", "), l.sentence(nil, r))
	for i := 1; len(b) < n; i++ {
		switch {
		case i%5 == 0:
			b = append(l.phrase(append(b, "## "...), r, 2+r.IntN(4)), "\n\n"...)
		case i%7 == 0:
			for range 3 {
				b = append(l.phrase(append(b, "- "...), r, 3+r.IntN(6)), '\n')
			}
			b = append(b, '\n')
		}
		for range 2 + r.IntN(5) {
			b = append(l.sentence(b, r), ' ')
		}
		b = append(b[:len(b)-1], "\n\n"...)
	}
	return title, b[:len(b)-1]
}

// some draws one to four categories, 2.4 in the mean.
func (c *corpus) some(r *rand.Rand) []string {
	n := [...]int{1, 1, 2, 2, 2, 2, 3, 3, 3, 4}[r.IntN(10)]
	taken := map[int]bool{}
	var names []string
	for len(names) < min(n, len(c.categories)) {
		if k := c.choose.draw(r); !taken[k] {
			taken[k] = true
			names = append(names, c.categories[k])
		}
	}
	return names
}

// hold keeps other runs away from the corpus, which they would see changed. The
// lock ends with release, or with this process.
func (c *corpus) hold() (release func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(c.dir), 0o755); err != nil {
		return nil, err
	}
	l := flock.New(c.dir + ".lock")
	got, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the corpus: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("another run works on the corpus %s: wait for its end, or name another folder with -keep", c.dir)
	}
	return l.Unlock, nil
}

// make writes the corpus unless it is there, and takes away what a run that was
// killed left in it.
func (c *corpus) make(ctx context.Context, say func(string, ...any)) error {
	if err := os.RemoveAll(c.added()); err != nil {
		return err
	}
	whole := filepath.Join(c.dir, "corpus.json")
	if _, err := os.Stat(whole); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	say("making %d articles in %s", c.Articles, c.dir)
	if err := c.folders(); err != nil {
		return err
	}
	bytes, err := c.fill(ctx)
	if err != nil {
		return fmt.Errorf("make the corpus: %w", err)
	}
	note, err := json.Marshal(struct {
		plan
		Bytes int64 `json:"bytes"`
	}{c.plan, bytes})
	if err != nil {
		return err
	}
	return os.WriteFile(whole, append(note, '\n'), 0o644)
}

// fill writes all files and gives how many bytes they have.
func (c *corpus) fill(ctx context.Context) (int64, error) {
	var bytes atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < c.Articles; i += workers {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				n, err := c.put(i)
				if err != nil {
					return err
				}
				bytes.Add(int64(n))
			}
			return nil
		})
	}
	err := g.Wait()
	return bytes.Load(), err
}

func (c *corpus) folders() error {
	for at := firstDay; at.Before(lastDay.AddDate(0, 1, 0)); at = at.AddDate(0, 1, 0) {
		if err := os.MkdirAll(filepath.Join(c.posts(), at.Format("2006"), at.Format("01")), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// put writes the i-th file, last changed when its article is dated, as on a
// site that was copied with its times.
func (c *corpus) put(i int) (int, error) {
	path, text, when := c.article(i)
	path = filepath.Join(c.posts(), path)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return 0, err
	}
	return len(text), os.Chtimes(path, when, when)
}

// warm reads every file once, so that no program pays for the disk.
func (c *corpus) warm(ctx context.Context) error {
	buf := make([]byte, 64<<10)
	return filepath.WalkDir(c.posts(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		for {
			if n, err := f.Read(buf); n == 0 || err != nil {
				return nil
			}
		}
	})
}
