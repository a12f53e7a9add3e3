package source

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"feedwright/article"
)

func TestFilesThatAreBeingWaitedForAreSaidToCome(t *testing.T) {
	h := newHouse(t, Options{})
	h.run(Options{})
	const files = 200
	for i := range files {
		h.write(fmt.Sprintf(".aside/%03d.md", i), fmt.Sprint(i))
	}
	h.must(os.Rename(h.path(".aside"), h.path("here")))
	h.until("all", func() bool { return len(slices.Concat(h.since(0)...)) == files })
	h.mu.Lock()
	defer h.mu.Unlock()
	left := files
	for i, batch := range h.batches {
		left -= len(batch)
		if h.coming[i] != left {
			t.Errorf("after batch %d of %d files were %d said to come, and %d came", i, len(batch), h.coming[i], left)
		}
	}
}

func TestWhatComesSoonIsCountedAsFarAsAsked(t *testing.T) {
	w, now := newWaits(), time.Now()
	at := func(p string, due time.Duration, j job) {
		j.path, j.stat.Size = p, 7
		w.set(j, now.Add(due), article.Hash{})
	}
	known := article.FileStat{Size: 7}
	for i := range 30 {
		at(fmt.Sprintf("new/%d.md", i), time.Duration(30-i)*time.Millisecond, job{fresh: true})
		at(fmt.Sprintf("edited/%d.md", i), time.Duration(i)*time.Millisecond, job{last: article.FileStat{Size: 6}})
		at(fmt.Sprintf("once-more/%d.md", i), time.Duration(i)*time.Millisecond, job{last: known})
		at(fmt.Sprintf("%d.jpg", i), 0, job{fresh: true, media: true})
		at(fmt.Sprintf("later/%d.md", i), time.Second, job{fresh: true})
	}
	for then, want := range map[time.Duration]int{0: 1, 15 * time.Millisecond: 31, soon: 60, time.Minute: 90} {
		if n := w.within(now.Add(then), 1000); n != want {
			t.Errorf("within %s come %d, want %d", then, n, want)
		}
	}
	if n := w.within(now.Add(time.Minute), 25); n != 25 {
		t.Errorf("counted %d, asked for 25", n)
	}
}
