package publish_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
	"feedwright/store"
)

// doomed is a real store whose process is killed at one step of a change.
type doomed struct {
	*store.Store
	step string
	on   bool
}

func (d *doomed) at(step string) {
	if d.on && d.step == step {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (d *doomed) Apply(ctx context.Context, b article.Batch) (article.Outcome, error) {
	d.at("before commit")
	out, err := d.Store.Apply(ctx, b)
	d.at("after commit")
	return out, err
}

func (d *doomed) Articles(ctx context.Context, refs []article.Ref) ([]article.Article, error) {
	d.at("while rendering")
	return d.Store.Articles(ctx, refs)
}

func (d *doomed) SaveDocuments(ctx context.Context, docs []article.DocumentState) error {
	d.at("before documents")
	err := d.Store.SaveDocuments(ctx, docs)
	d.at("after documents")
	return err
}

var crashSteps = []string{"none", "before commit", "after commit", "while rendering", "before documents", "after documents"}

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("FEEDWRIGHT_TEST_CRASH_DIR"); dir != "" {
		if err := liveAndDie(dir, os.Getenv("FEEDWRIGHT_TEST_CRASH_STEP")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if err := warm(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

var crashEpoch = time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC)

func crashFile(n int) article.Change {
	c := file(fmt.Sprintf("f%d.txt", n), fmt.Sprintf("Title %d", n), dated(crashEpoch.Add(time.Duration(n)*time.Hour)))
	c.File.ModTime = int64(n)
	return c
}

// liveAndDie publishes two files, is polled, and is killed while it publishes
// the third. It tells what it served before.
func liveAndDie(dir, step string) error {
	ctx := context.Background()
	set := settings()
	st, err := store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(dir, "f.db"), Ledger: filepath.Join(dir, "f.ledger"), SiteID: set.SiteID, Zone: time.UTC})
	if err != nil {
		return err
	}
	d := &doomed{Store: st, step: step}
	p := publish.New(publish.Options{Store: d, Settings: &set, Cold: st.Fresh()})
	if err := p.Load(ctx); err != nil {
		return err
	}
	go func() { _ = p.Run(ctx) }()
	if err := p.Scanned(ctx); err != nil {
		return err
	}
	if err := p.Changes(ctx, []article.Change{crashFile(1), crashFile(2)}); err != nil {
		return err
	}
	if err := p.Flush(ctx); err != nil {
		return err
	}
	ans, err := p.Find(ctx, rss)
	if err != nil {
		return err
	}
	if _, err := ans.Body(ctx, feed.Identity); err != nil {
		return err
	}
	fmt.Printf("served %s %d\n", ans.ETag, ans.LastModified.Unix())
	d.on = true
	if err := p.Changes(ctx, []article.Change{crashFile(3)}); err != nil {
		return err
	}
	if err := p.Flush(ctx); err != nil {
		return err
	}
	return st.Close()
}

func TestACrashBetweenAnyTwoStepsLosesNothing(t *testing.T) {
	want := ""
	for _, step := range crashSteps {
		t.Run(step, func(t *testing.T) {
			if step != "none" { // which says what the others want
				t.Parallel() // they wait for the clock
			}
			dir := t.TempDir()
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "FEEDWRIGHT_TEST_CRASH_DIR="+dir, "FEEDWRIGHT_TEST_CRASH_STEP="+step)
			out, err := cmd.Output()
			if killed := err != nil && strings.Contains(err.Error(), "killed"); killed != (step != "none") {
				t.Fatalf("the process ended with %v: %s", err, out)
			}
			var etag string
			var modified int64
			if _, err := fmt.Sscanf(string(out), "served %s %d", &etag, &modified); err != nil {
				t.Fatalf("%v: %q", err, out)
			}

			h := open(t, dir, settings())
			defer h.stop()
			if lm := h.find(rss).LastModified.Unix(); lm < modified {
				t.Errorf("Last-Modified fell from %d to %d", modified, lm)
			}
			// The folder still has all three files; what was committed is as it
			// was, what was not comes again.
			h.write(crashFile(1), crashFile(2), crashFile(3))
			got := h.get(rss)
			if step == "none" {
				want = got
			}
			if want != "" && got != want { // "" where one step alone is asked for
				t.Errorf("after the crash:\n%s\nwithout it:\n%s", got, want)
			}
			if ans := h.find(rss); ans.ETag != etag && ans.LastModified.Unix() <= modified {
				t.Error("other bytes have no later Last-Modified")
			}
		})
	}
}
