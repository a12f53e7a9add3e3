package source

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"feedwright/article"
)

// A folder filled a moment ago, as by a clone, is read whole before it counts as
// read, however long that takes.
func TestFirstScanWaitsForAllFilesOfAFreshFolder(t *testing.T) {
	h := newHouse(t, Options{})
	const files = 3000                // listing them takes longer than a clock is late
	then := time.Now().Add(time.Hour) // a clone's, by a clock that is fast: none counts as quiet
	for i := range files {
		h.write(fmt.Sprintf("%03d.md", i), fmt.Sprint(i))
		h.must(os.Chtimes(h.path(fmt.Sprintf("%03d.md", i)), then, then))
	}
	h.run(Options{Reader: &halting{lines: h.reader}})
	if n := len(slices.Concat(h.since(0)...)); n != files {
		t.Errorf("%d of %d files are read when the scan counts as done", n, files)
	}
}

// halting takes longer with its first file than a scan waits for others.
type halting struct {
	*lines
	once sync.Once
}

func (l *halting) Read(ctx context.Context, f File) ([]article.Parsed, []article.Fault, error) {
	l.once.Do(func() { time.Sleep(4 * testSettle) })
	return l.lines.Read(ctx, f)
}
