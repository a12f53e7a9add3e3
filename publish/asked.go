package publish

import (
	"context"
	"errors"
	"time"

	"feedwright/article"
)

// do has the writer run f and waits for it.
func (p *Publisher) do(ctx context.Context, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	select {
	case p.work <- func(ctx context.Context) { done <- f(ctx) }:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-done
}

// Changes commits a batch. When it returns nil the batch lasts; it is seen with
// the next edition, within a second, or three while more and more come. After an
// error nothing of it has happened.
func (p *Publisher) Changes(ctx context.Context, changes []article.Change) error {
	return p.do(ctx, func(ctx context.Context) error {
		return p.commit(ctx, article.Batch{Now: p.o.Now(), Changes: changes, More: p.cold, Unseen: p.cold})
	})
}

// Scanned tells that the whole folder has been read once: a new database now
// gets its first edition.
func (p *Publisher) Scanned(ctx context.Context) error {
	return p.do(ctx, func(ctx context.Context) error {
		if !p.cold {
			return nil
		}
		now := p.o.Now()
		if err := p.commit(ctx, article.Batch{Now: now, Unseen: true}); err != nil {
			return err
		}
		p.cold = false
		return p.reload(ctx, seconds(now))
	})
}

// Flush waits until all that was committed is in an edition.
func (p *Publisher) Flush(ctx context.Context) error {
	for {
		left := 0
		err := p.do(ctx, func(context.Context) error { left = len(p.pending); return nil })
		if err != nil || left == 0 {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// Apply has the next edition made with other settings.
func (p *Publisher) Apply(ctx context.Context, s *Settings) error {
	select {
	case p.settings <- s:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Upkeep has the store prune what need not last.
func (p *Publisher) Upkeep(ctx context.Context) error {
	return p.do(ctx, func(ctx context.Context) error { return p.o.Store.Upkeep(ctx, p.o.Now()) })
}

// Ready is nil once a feed can be answered.
func (p *Publisher) Ready() error {
	if p.edition.Load() == nil {
		return errNotReady
	}
	return nil
}

var errNotReady = errors.New("the articles are being read for the first time")
