package source

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

// How far readers may be ahead of what takes their results: far enough that
// they need not stand still while a batch is committed.
const (
	aheadFiles = 2 * batchFiles
	aheadBytes = 2 * batchBytes
)

// readAll reads jobs in parallel and calls each for every result, in the order
// of the jobs, from the calling goroutine. What is read and not yet taken is
// bounded; a slow each slows the workers. All goroutines have ended when it
// returns.
func readAll(ctx context.Context, r fileReader, jobs []job, each func(result) error) error {
	if len(jobs) == 1 { // the usual event: no goroutine is worth it
		return each(r.read(ctx, jobs[0]))
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := min(max(1, runtime.GOMAXPROCS(0)-1), len(jobs))
	type slot struct {
		job  job
		done chan result
	}
	order := make(chan slot, aheadFiles)
	todo := make(chan slot)
	ahead := semaphore.NewWeighted(aheadBytes)
	weight := func(j job) int64 { return min(j.stat.Size, MaxFile) + 1 }
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(order)
		defer close(todo)
		for _, j := range jobs {
			s := slot{j, make(chan result, 1)}
			if ahead.Acquire(ctx, weight(j)) != nil {
				return
			}
			select {
			case order <- s:
			case <-ctx.Done():
				return
			}
			select {
			case todo <- s:
			case <-ctx.Done():
				s.done <- result{job: s.job, outcome: skipped, err: ctx.Err()}
				return
			}
		}
	})
	for range workers {
		wg.Go(func() {
			own := r
			own.near = new(openFolder)
			defer own.near.close()
			for s := range todo {
				s.done <- own.read(ctx, s.job)
			}
		})
	}
	for s := range order {
		if err := each(<-s.done); err != nil {
			return err
		}
		ahead.Release(weight(s.job))
	}
	return ctx.Err()
}
