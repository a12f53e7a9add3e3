package publish

import (
	"context"
	"time"

	"feedwright/article"
	"feedwright/catalog"
)

// A window (since:) holds other articles from one minute to the next without any
// change. Each document that has one tells when its next article leaves; that
// is a due instant of the writer's, which then makes an edition, so that all
// documents of an edition are of one clock.

// leaver is when the next article leaves one of a Selector's windows, in Unix
// milliseconds; 0 for never.
func leaver(s *catalog.Snapshot, sel article.Selector, sc catalog.Scope) int64 {
	due := int64(0)
	for n := range sel.Terms {
		if n.Field != article.Since {
			continue
		}
		if at := s.Leaver(n.Value, sc); at != 0 && (due == 0 || at < due) {
			due = at
		}
	}
	return due
}

// expect has the writer look at the windows at an instant.
func (p *Publisher) expect(due int64) {
	for due != 0 {
		old := p.windows.Load()
		if old != 0 && old <= due {
			return
		}
		if p.windows.CompareAndSwap(old, due) {
			select {
			case p.wake <- struct{}{}:
			default:
			}
			return
		}
	}
}

// windowsDue says whether an article leaves a window of a kept document now.
func (p *Publisher) windowsDue(now time.Time) bool {
	due := p.windows.Load()
	return due != 0 && due <= now.UnixMilli()
}

// nextDue is the next instant at which an article appears, expires or leaves a
// window, zero if there is none.
func (p *Publisher) nextDue() time.Time {
	due := p.catalog.NextDue()
	if w := p.windows.Load(); w != 0 && (due.IsZero() || w < due.UnixMilli()) {
		return time.UnixMilli(w).UTC()
	}
	return due
}

// ofThisMinute gives an edition whose clock is fit for windows: e itself, unless
// its minute is over, and then one that the writer makes for it.
func (e *edition) ofThisMinute(ctx context.Context) (*edition, error) {
	p := e.p
	now := p.o.Now()
	if !p.running.Load() || !now.Truncate(time.Minute).After(e.at) {
		return e, nil
	}
	err := p.do(ctx, func(ctx context.Context) error {
		last := p.edition.Load()
		if at := seconds(now); at.After(last.at) && at.Truncate(time.Minute).After(last.at) {
			return p.publish(ctx, last, at, now)
		}
		return nil
	})
	return p.edition.Load(), err
}
