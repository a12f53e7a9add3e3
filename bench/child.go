package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a program at work. What it says is kept, and its memory is watched
// from its first moment on.
type child struct {
	cmd   *exec.Cmd
	began time.Time
	said  *transcript
	ended chan struct{} // closed when it has ended
	err   error         // how, once it has
	took  time.Duration

	mu             sync.Mutex
	peak, peakAnon int64 // bytes
}

// launch starts a program. It is asked to stop when ctx ends.
func launch(ctx context.Context, dir string, env []string, name string, args ...string) (*child, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), sets), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = time.Minute
	c := &child{cmd: cmd, said: newTranscript(), ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = c.said, c.said
	c.began = time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go c.watch()
	go func() {
		c.err = cmd.Wait()
		c.took = time.Since(c.began)
		close(c.ended)
	}()
	return c, nil
}

// sets says that a variable of this shell would change what is measured.
func sets(variable string) bool {
	return strings.HasPrefix(variable, "FEEDWRIGHT_") || strings.HasPrefix(variable, "HUGO_")
}

// run launches a program and waits for its end.
func run(ctx context.Context, dir string, env []string, name string, args ...string) (*child, error) {
	c, err := launch(ctx, dir, env, name, args...)
	if err != nil {
		return nil, err
	}
	<-c.ended
	if c.err != nil {
		return c, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), c.err, c.said)
	}
	return c, nil
}

// stop asks the program to end and waits until it has.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	late := time.NewTimer(3 * time.Minute)
	defer late.Stop()
	select {
	case <-c.ended:
		return nil
	case <-late.C:
		return errors.Join(fmt.Errorf("%s does not stop; it is killed", c.cmd.Path), c.cmd.Process.Kill())
	}
}

// gone is the error of a program that has ended and was to go on.
func (c *child) gone() error {
	return fmt.Errorf("%s has ended (%v):\n%s", strings.Join(c.cmd.Args, " "), c.err, c.said)
}

// watch notes the most memory that the program has ever held. The system keeps
// the peak of what is resident itself; that of anonymous memory is looked for.
func (c *child) watch() {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-tick.C:
		}
		peak, anon := memoryOf(c.cmd.Process.Pid)
		c.mu.Lock()
		c.peak, c.peakAnon = max(c.peak, peak), max(c.peakAnon, anon)
		c.mu.Unlock()
	}
}

// peaks gives the most that was resident, and the most of it that was no file.
func (c *child) peaks() (resident, anonymous int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peak, c.peakAnon
}

// memoryOf reads the peak of a process's resident memory, and its anonymous
// memory now, in bytes; zeros if there is no such process.
func memoryOf(pid int) (peak, anonymous int64) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch key {
		case "VmHWM":
			peak = kb << 10
		case "RssAnon":
			anonymous = kb << 10
		}
	}
	return peak, anonymous
}

// busy gives the processor time that a process and its children have used.
func busy(pid int) time.Duration {
	used := ticks(pid)
	list, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	for _, f := range strings.Fields(string(list)) {
		if p, err := strconv.Atoi(f); err == nil {
			used += ticks(p)
		}
	}
	return used
}

func ticks(pid int) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(text), ") ") // the name may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 everywhere
}

// idle waits until the program does nothing: for five seconds on end it used
// less than a thirtieth of one processor.
func (c *child) idle(ctx context.Context) error {
	last, quiet := busy(c.cmd.Process.Pid), 0
	for quiet < 5 {
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		select {
		case <-c.ended:
			return c.gone()
		default:
		}
		now := busy(c.cmd.Process.Pid)
		if quiet++; now-last > time.Second/30 {
			quiet = 0
		}
		last = now
	}
	return nil
}

// patience is how long anything is waited for. A million articles on a busy
// machine come well before it.
const patience = 30 * time.Minute

// until asks again and again whether something is so.
func until(ctx context.Context, every time.Duration, is func() bool) error {
	for began := time.Now(); !is(); {
		if err := pause(ctx, every); err != nil {
			return err
		}
		if time.Since(began) > patience {
			return fmt.Errorf("waited %s in vain", patience)
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// transcript keeps the end of what a program says.
type transcript struct {
	mu    sync.Mutex
	text  bytes.Buffer
	waits map[string]chan time.Time
}

func newTranscript() *transcript { return &transcript{waits: map[string]chan time.Time{}} }

// hear gives a channel that gets the moment at which the program says words.
// It must be asked before.
func (t *transcript) hear(words string) <-chan time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := make(chan time.Time, 1)
	t.waits[words] = c
	t.tell()
	return c
}

func (t *transcript) tell() {
	for words, c := range t.waits {
		if bytes.Contains(t.text.Bytes(), []byte(words)) {
			c <- time.Now()
			delete(t.waits, words)
		}
	}
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 64 << 10
	if over := t.text.Len() + len(b) - most; over > 0 {
		t.text.Next(over)
	}
	t.text.Write(b)
	t.tell()
	return len(b), nil
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
