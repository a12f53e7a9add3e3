package publish_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/publish"
	"feedwright/store"
)

// jumpy is a house whose clock can be put forward and back, and which holds new
// articles.
type jumpy struct {
	*house
	ahead *atomic.Int64 // of the true time, in nanoseconds
}

func (j *jumpy) now() time.Time { return time.Now().Add(time.Duration(j.ahead.Load())) }

func (j *jumpy) jump(d time.Duration) { j.ahead.Add(int64(d)) }

// shows says whether the feed holds an article, an edition or two later.
func (j *jumpy) shows(title string) bool {
	j.t.Helper()
	time.Sleep(3 * time.Second)
	synctest.Wait()
	return strings.Contains(j.get(rss), title)
}

func openJumpy(t *testing.T, dir string, ahead *atomic.Int64, hold time.Duration) *jumpy {
	t.Helper()
	j := &jumpy{&house{t: t, dir: dir, set: settings()}, ahead}
	ctx := t.Context()
	var err error
	j.st, err = store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(dir, "f.db"), Ledger: filepath.Join(dir, "f.ledger"), SiteID: j.set.SiteID, SiteURL: j.set.URL, Zone: time.UTC, Hold: hold})
	if err != nil {
		t.Fatal(err)
	}
	j.p = publish.New(publish.Options{Store: j.st, Settings: &j.set, Cold: j.st.Fresh(), Now: j.now})
	if err := j.p.Load(ctx); err != nil {
		t.Fatal(err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- j.p.Run(run) }()
	j.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := j.st.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := j.p.Scanned(ctx); err != nil {
		t.Fatal(err)
	}
	return j
}

// TestHoldGoesByTheClockOnTheWall: put forward, it ends what is held at once; put
// back, it makes the hold longer and hides nothing that was seen.
func TestHoldGoesByTheClockOnTheWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, ahead := t.TempDir(), new(atomic.Int64)
		j := openJumpy(t, dir, ahead, time.Hour)
		defer func() { j.stop() }()
		j.write(file("a.txt", "Alpha"))
		if j.shows("Alpha") {
			t.Fatal("it is shown in its hold")
		}
		j.jump(-30 * time.Minute)
		time.Sleep(70 * time.Minute)
		if j.shows("Alpha") {
			t.Error("put back by half an hour, the clock shows it too early")
		}
		j.stop() // over a restart, too
		j = openJumpy(t, dir, ahead, time.Hour)
		time.Sleep(20 * time.Minute)
		if !j.shows("Alpha") {
			t.Error("it is not shown when its hold is over")
		}
		was := j.find(rss)

		j.write(file("b.txt", "Beta"))
		j.jump(2 * time.Hour)
		if !j.shows("Beta") {
			t.Error("put forward beyond its hold, the clock does not show it")
		}
		forward := j.find(rss)
		if forward.ETag == was.ETag || !forward.LastModified.After(was.LastModified) {
			t.Errorf("after %v, %s it is %v, %s", was.LastModified, was.ETag, forward.LastModified, forward.ETag)
		}
		j.jump(-3 * time.Hour)
		j.write(file("c.txt", "Gamma"))
		if !j.shows("Beta") || !j.shows("Alpha") {
			t.Error("put back, the clock hides what was seen")
		}
		if j.shows("Gamma") {
			t.Error("put back, the clock ends a hold that has just begun")
		}
		time.Sleep(time.Hour)
		if !j.shows("Gamma") {
			t.Error("its hold does not end by the clock that is put back")
		}
		if last := j.find(rss); last.LastModified.Before(forward.LastModified) {
			t.Errorf("Last-Modified fell from %v to %v", forward.LastModified, last.LastModified)
		}
	})
}
