package source

import (
	"context"
	"runtime"
	"sync"
)

// readAll reads jobs in parallel and calls each for every result, in the order
// of the jobs, from the calling goroutine. At most a few files a worker are in
// memory; a slow each slows the workers. All goroutines have ended when it
// returns.
func readAll(ctx context.Context, r fileReader, jobs []job, each func(result) error) error {
	if len(jobs) == 1 { // the usual event: no goroutine is worth it
		return each(r.read(ctx, jobs[0]))
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := min(runtime.GOMAXPROCS(0), len(jobs))
	type slot struct {
		job  job
		done chan result
	}
	order := make(chan slot, 4*workers)
	todo := make(chan slot)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(order)
		defer close(todo)
		for _, j := range jobs {
			s := slot{j, make(chan result, 1)}
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
			for s := range todo {
				s.done <- r.read(ctx, s.job)
			}
		})
	}
	for s := range order {
		if err := each(<-s.done); err != nil {
			return err
		}
	}
	return ctx.Err()
}
