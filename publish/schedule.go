package publish

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is something to be done by the clock.
type Job struct {
	Name string
	When string // a cron expression of five fields, or "@every 5m"
	Do   func(context.Context) error
}

// Schedule does jobs at their times until ctx ends, then waits for those under
// way. One that is still running is not started again; one that panics or
// fails is logged and comes again at its next time.
func Schedule(ctx context.Context, zone *time.Location, log *slog.Logger, jobs ...Job) error {
	logger := cronLog{log}
	c := cron.New(cron.WithLocation(zone), cron.WithLogger(logger))
	for _, j := range jobs {
		s, err := parseSchedule(j.When)
		if err != nil {
			return fmt.Errorf("schedule of %s: %w", j.Name, err)
		}
		// The order matters: with Recover outside, a panic would leave the job
		// marked as running for ever.
		c.Schedule(s, cron.NewChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)).Then(cron.FuncJob(func() {
			if err := j.Do(ctx); err != nil && ctx.Err() == nil {
				log.Error("a scheduled job failed", "job", j.Name, "err", err)
			}
		})))
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// parseSchedule guards against the parser's panics.
func parseSchedule(when string) (s cron.Schedule, err error) {
	defer func() {
		if recover() != nil {
			s, err = nil, fmt.Errorf("%q is no cron expression", when)
		}
	}()
	return cron.ParseStandard(when)
}

// cronLog hands the scheduler's messages on.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, kv ...any)             { l.log.Debug(msg, kv...) }
func (l cronLog) Error(err error, msg string, kv ...any) { l.log.Error(msg, append(kv, "err", err)...) }
