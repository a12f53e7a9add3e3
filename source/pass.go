package source

import (
	"context"
	"iter"
	"sync"

	"golang.org/x/sync/semaphore"

	"feedwright/article"
)

// How far readers may be ahead of what takes their results: far enough that
// they need not stand still while a batch is committed.
const (
	aheadFiles = 2 * batchFiles
	aheadBytes = 2 * batchBytes
)

// A worker takes up to sheafFiles at once, and fewer while that leaves others
// without: handing over costs as much as reading a small file.
const sheafFiles = 16

// sheaf is jobs that one worker does, one after another.
type sheaf struct {
	jobs   []job
	weight int64 // what of them counts as ahead
	done   chan []result
}

// readAll reads jobs in parallel and calls each for every result, in the order
// of the jobs, from the calling goroutine. What is read and not yet taken is
// bounded; a slow each slows the workers. All goroutines have ended when it
// returns.
func readAll(ctx context.Context, crew article.Crew, r fileReader, jobs []job, each func(result) error) error {
	if len(jobs) == 1 { // the usual event: no goroutine is worth it
		return each(r.read(ctx, jobs[0]))
	}
	ctx, cancel := context.WithCancel(ctx)
	order := make(chan sheaf, aheadFiles/sheafFiles)
	todo := make(chan sheaf, aheadFiles/sheafFiles)
	ahead := semaphore.NewWeighted(aheadBytes)
	workers := crew.Workers(len(jobs))
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(order)
		defer close(todo)
		for s := range sheaves(jobs, workers) {
			if ahead.Acquire(ctx, s.weight) != nil {
				return
			}
			select {
			case order <- s:
				todo <- s // the workers take all, even when ctx has ended
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		crew.Go(&wg, func() {
			own := r
			own.near = new(openFolder)
			defer own.near.close()
			for s := range todo {
				s.done <- own.readSheaf(ctx, s.jobs)
			}
		})
	}
	for s := range order {
		for _, res := range <-s.done {
			if err := each(res); err != nil {
				return err
			}
		}
		ahead.Release(s.weight)
	}
	return ctx.Err()
}

// sheaves binds jobs together: few where there are few, and none much heavier
// than a file may be.
func sheaves(jobs []job, workers int) iter.Seq[sheaf] {
	const heavy = MaxFile / 4
	most := min(max(1, len(jobs)/(4*workers)), sheafFiles)
	return func(yield func(sheaf) bool) {
		for len(jobs) > 0 {
			s := sheaf{done: make(chan []result, 1)}
			n := 0
			for n < min(most, len(jobs)) && (n == 0 || s.weight < heavy) {
				s.weight += min(jobs[n].stat.Size, MaxFile) + 1
				n++
			}
			s.jobs, jobs = jobs[:n], jobs[n:]
			if !yield(s) {
				return
			}
		}
	}
}

func (r fileReader) readSheaf(ctx context.Context, jobs []job) []result {
	list := make([]result, len(jobs))
	for i, j := range jobs {
		if ctx.Err() != nil {
			list[i] = result{job: j, outcome: skipped, err: ctx.Err()}
			continue
		}
		list[i] = r.read(ctx, j)
	}
	return list
}
