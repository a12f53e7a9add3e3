package source

import (
	"context"
	"errors"
	"path"
	"time"

	"feedwright/article"
	"feedwright/source/parse"
)

const (
	scanPause    = 5 * time.Minute  // between full scans where events come
	pollPause    = 10 * time.Second // where they do not
	pollShare    = 20               // and at least this many times what a scan takes
	rootPause    = 2 * time.Second  // between looks whether the folder is still the same one
	localSettle  = 200 * time.Millisecond
	shareSettle  = 3 * time.Second
	mediaSettle  = 5 * time.Second
	shareOld     = time.Minute // on a share, whose clock may differ: older than this is quiet
	longestRetry = 30 * time.Second
)

// keeper is one Scan or Run at work. All it owns is touched by one goroutine.
type keeper struct {
	f       *Folder
	out     Out
	watch   *watcher // nil in a Scan, or if the system gives no events
	noWatch error
	w       walker // its root is open only during a step, or no disk could be unmounted
	ahead   *ahead // lists for the first scan; nil afterwards
	read    fileReader
	rootID  fileID
	missing error  // why the folder cannot be looked at
	network string // file system of the folder, or of one within it, that raises no events
	devices map[uint64]bool
	linked  map[fileID]string // folders reached by a link, and by which

	table *table
	waits *waits
	lost  *lost
	ready []job
	batch batch

	unread int // jobs being read that are yet to be taken,
	later  int // and those that are read after them

	accept    bool
	first     bool // no scan has been completed
	limited   bool // the limit of watches has been said
	blind     bool // a scan found what no event told
	timed     bool // the scan at work was due, not asked for
	anew      bool // the scan at work reads every file
	withheld  string
	tally     tally
	retold    bool      // tally or warnings have changed
	vanishing vanishing // how what is missed now has gone
	near      *near
	swapped   bool // the folder is another one than at the last scan
	surprise  []string
	scans     uint64
	lastScan  time.Time
	took      time.Duration
	nextScan  time.Time
	nextRoot  time.Time
}

// begin makes a keeper that knows nothing yet.
func (f *Folder) begin(out Out) (*keeper, error) {
	if !f.busy.CompareAndSwap(false, true) {
		return nil, errors.New("source: the folder is being read already")
	}
	k := &keeper{f: f, out: out, table: newTable(), waits: newWaits(), lost: newLost(), first: true, accept: f.o.Accept || f.o.Purges, devices: map[uint64]bool{}}
	k.w = walker{rules: f.rules, site: f.site.Load()}
	return k, nil
}

func (k *keeper) end() {
	k.ahead.stop()
	k.close()
	if k.watch != nil {
		k.watch.close()
	}
	k.f.coming.Store(0)
	k.f.busy.Store(false)
}

// recall loads what is known, while the folder is already being listed.
func (k *keeper) recall(ctx context.Context, known Known) error {
	if known == nil {
		return nil
	}
	k.lookAhead(ctx)
	defer k.ahead.hasten()
	return known(ctx, k.remember)
}

// remember takes a file as the store knows it.
func (k *keeper) remember(s article.FileState) error {
	if s.Path == "" {
		return nil
	}
	r := record{stat: s.Stat}
	unread := s.Stat.Hash == article.Hash{} && s.Fault == nil // seen, and never read: it belongs to another
	if k.f.o.Reader.IsMedia(s.Path) && !k.f.o.Reader.Reads(s.Path) || unread && (k.isSound(s.Path) || len(parse.Sounds(s.Path)) > 0) {
		r.mark |= media
	}
	if s.Fault != nil {
		r.mark |= again
		k.table.faults[s.Path] = s.Fault.Error()
	}
	k.table.put(s.Path, r)
	if r.mark&media == 0 {
		s.Media = append(s.Media, k.beside(s.Path)...)
	}
	k.table.name(s.Path, s.Media)
	return nil
}

func (k *keeper) now() time.Time { return k.f.o.Now() }

// scanOnce is a Scan: everything once, then what had to settle.
func (k *keeper) scanOnce(ctx context.Context, known Known) error {
	if err := k.recall(ctx, known); err != nil {
		return err
	}
	if err := k.open(); err != nil {
		return err
	}
	asked := k.f.takeAsked()
	k.accept, k.anew = k.accept || asked.accept, asked.all
	if err := k.scan(ctx); err != nil {
		return err
	}
	if err := k.calm(ctx, max(10*time.Second, 4*k.settle("x"))); err != nil {
		return err
	}
	if err := k.report(ctx, k.now().Add(massWait+k.linger())); err != nil {
		return err
	}
	err := k.flush(ctx)
	k.show()
	return err
}

// calm waits for files to become quiet, for at most limit, and reads them, which
// may take as long as it does.
func (k *keeper) calm(ctx context.Context, limit time.Duration) error {
	for next := k.waits.next(); !next.IsZero(); next = k.waits.next() {
		pause := max(0, next.Sub(k.now()))
		if limit -= pause; limit < 0 {
			break
		}
		if !sleep(ctx, nil, pause) {
			return ctx.Err()
		}
		if err := k.readReady(ctx, k.waits.take(k.now()), k.f.o.Progress); err != nil {
			return err
		}
	}
	return nil
}

// run is a Run.
func (k *keeper) run(ctx context.Context, known Known) error {
	if k.watch, k.noWatch = k.f.events(k.f.wake); k.noWatch != nil {
		k.watch = nil
		k.f.o.Log.Warn("the system gives no events; looking through the folder from time to time instead", "dir", k.f.o.Dir, "err", k.noWatch)
	}
	if err := k.recall(ctx, known); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := k.step(ctx); err != nil {
			return err
		}
		if !sleep(ctx, k.f.wake, k.next().Sub(k.now())) {
			break
		}
	}
	return ctx.Err()
}

// next is when there is something to do, if nothing else wakes the loop.
func (k *keeper) next() time.Time {
	t := k.nextRoot
	for _, u := range []time.Time{k.waits.next(), k.nextScan} {
		if !u.IsZero() && u.Before(t) {
			t = u
		}
	}
	if k.withheld == "" {
		if u := k.lost.next(k.linger()); !u.IsZero() && u.Before(t) {
			t = u
		}
	}
	return t
}

// step does what is due: what was asked for, hints, a full scan, files that
// have become quiet, losses.
func (k *keeper) step(ctx context.Context) error {
	asked := k.f.takeAsked()
	k.accept = k.accept || asked.accept
	k.anew = k.anew || asked.all
	k.nextRoot = k.now().Add(rootPause)
	defer k.show()
	had := k.missing
	if err := k.open(); err != nil {
		if had == nil {
			k.f.o.Log.Error("the folder is gone; what was published stays until it is back", "dir", k.f.o.Dir, "err", err)
		}
		return nil
	}
	defer k.close()
	full := asked.scan || k.anew || k.swapped || had != nil
	if k.watch != nil && k.ahead == nil { // what was listed ahead must not undo what events have told since
		hints, all := k.watch.take()
		full = full || all
		k.follow(ctx, hints)
	}
	for p := range asked.paths {
		k.reread(path.Clean(p))
	}
	if due := !k.now().Before(k.nextScan); full || due {
		// What events told is told first, or the scan would meet it again.
		if err := k.readReady(ctx, k.ready, nil); err != nil {
			return err
		}
		if err := k.flush(ctx); err != nil {
			return err
		}
		k.timed = due && !full && !k.first
		if err := k.scan(ctx); err != nil {
			return err
		}
	}
	// The store must hear of what is gone before, or with, what it may have
	// become, however many batches that takes.
	namesakes, others := k.namesakes(distinct(append(k.ready, k.waits.take(k.now())...)))
	k.later = len(others)
	if err := k.readReady(ctx, namesakes, nil); err != nil {
		return err
	}
	k.later = 0
	if err := k.report(ctx, k.now()); err != nil {
		return err
	}
	if err := k.readReady(ctx, others, nil); err != nil {
		return err
	}
	if err := k.flush(ctx); err != nil {
		return err
	}
	if k.scans > 0 && len(k.lost.files) == 0 {
		k.accept = k.f.o.Purges // once accepted is not for ever
	}
	return nil
}

// pause is the time between two full scans.
func (k *keeper) pause() time.Duration {
	switch {
	case k.f.o.Rescan > 0:
		return k.f.o.Rescan
	case k.watch == nil || k.watch.limit || k.network != "" || k.blind:
		return max(pollPause, pollShare*k.took)
	}
	return scanPause
}

// settle is how long a file must be quiet before it is read.
func (k *keeper) settle(p string) time.Duration {
	switch {
	case k.f.o.Settle > 0:
		return k.f.o.Settle
	case k.f.o.Reader.IsMedia(p):
		return mediaSettle
	case k.network != "":
		return shareSettle
	}
	return localSettle
}

// linger is how long a vanished file is waited for: never less than a copy of
// it takes to settle.
func (k *keeper) linger() time.Duration {
	return max(k.f.o.Linger, k.settle("x")+time.Second/2)
}

// sleep waits; it returns false if ctx ended.
func sleep(ctx context.Context, wake <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(max(d, 0))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-t.C:
	}
	return ctx.Err() == nil
}
