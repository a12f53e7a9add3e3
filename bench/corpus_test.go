package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func small(seed uint64) plan { return plan{Seed: seed, Articles: 400, Categories: 40} }

func TestEqualSeedGivesEqualArticles(t *testing.T) {
	one, two, other := newCorpus(small(1), "x"), newCorpus(small(1), "y"), newCorpus(small(2), "x")
	if !slices.Equal(one.categories, two.categories) {
		t.Errorf("the categories differ: %v and %v", one.categories, two.categories)
	}
	for i := range one.Articles {
		path, text, when := one.article(i)
		path2, text2, when2 := two.article(i)
		if path != path2 || !bytes.Equal(text, text2) || !when.Equal(when2) {
			t.Fatalf("article %d differs: %s and %s", i, path, path2)
		}
		if _, text3, _ := other.article(i); bytes.Equal(text, text3) {
			t.Fatalf("article %d is the same with another seed", i)
		}
	}
}

func TestArticlesAreLikeRealOnes(t *testing.T) {
	c := newCorpus(plan{Seed: 1, Articles: 1500, Categories: 40}, "")
	var sum, categories int
	words := map[string]int{}
	var lengths []int
	paths := map[string]bool{}
	for i := range c.Articles {
		path, text, when := c.article(i)
		if paths[path] {
			t.Fatalf("%s is there twice", path)
		}
		paths[path] = true
		if when.Before(firstDay) || when.After(lastDay) {
			t.Errorf("%s is dated %s", path, when)
		}
		sum += len(text)
		lengths = append(lengths, len(text))
		head, body, ok := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		if !ok {
			t.Fatalf("%s has no front matter", path)
		}
		_, list, _ := strings.Cut(head, "categories: [")
		list, _, _ = strings.Cut(list, "]")
		n := len(strings.Split(list, ", "))
		if n < 1 || n > 4 {
			t.Errorf("%s has %d categories", path, n)
		}
		categories += n
		for _, w := range strings.Fields(body) {
			words[strings.Trim(w, ".,*#-")]++
		}
	}
	if mean := sum / c.Articles; mean < 3800 || mean > 4800 {
		t.Errorf("an article has %d bytes in the mean, want about 4 KB", mean)
	}
	slices.Sort(lengths)
	if median, long := lengths[len(lengths)/2], lengths[len(lengths)*99/100]; long < 3*median {
		t.Errorf("lengths hardly differ: %d in the middle, %d for the longest hundredth", median, long)
	}
	if len(words) < 20_000 {
		t.Errorf("only %d different words, want 20,000", len(words))
	}
	most := 0
	for _, n := range words {
		most = max(most, n)
	}
	if share := float64(most) / float64(sum/6); share < 0.01 || share > 0.1 {
		t.Errorf("the commonest word is %.3f of all, want some hundredths", share)
	}
	if mean := float64(categories) / float64(c.Articles); mean < 1.8 || mean > 2.6 {
		t.Errorf("%.2f categories in the mean", mean)
	}
}

func TestCorpusIsMadeOnceAndSwept(t *testing.T) {
	c := newCorpus(plan{Seed: 1, Articles: 30, Categories: 5}, t.TempDir())
	said := 0
	say := func(string, ...any) { said++ }
	if err := c.make(context.Background(), say); err != nil {
		t.Fatal(err)
	}
	path, text, when := c.article(7)
	got, err := os.ReadFile(filepath.Join(c.posts(), path))
	if err != nil || !bytes.Equal(got, text) {
		t.Errorf("the file of an article is another (%v)", err)
	}
	if info, err := os.Stat(filepath.Join(c.posts(), path)); err != nil || !info.ModTime().Equal(when) {
		t.Errorf("it was changed at another time than %s (%v)", when.Format(time.RFC3339), err)
	}
	if err := os.MkdirAll(c.added(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.make(context.Background(), say); err != nil {
		t.Fatal(err)
	}
	if said != 1 {
		t.Errorf("it was made %d times", said)
	}
	if _, err := os.Stat(c.added()); err == nil {
		t.Error("what an earlier run added is still there")
	}
}

func TestOneRunAtATimeHasACorpus(t *testing.T) {
	dir := t.TempDir()
	one, two := newCorpus(small(1), dir), newCorpus(small(1), dir)
	release, err := one.hold()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.hold(); err == nil || !strings.Contains(err.Error(), "another run") {
		t.Errorf("a second run gets the corpus too (%v)", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if release, err = two.hold(); err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}
