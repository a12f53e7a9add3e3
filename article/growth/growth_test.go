package growth

import (
	"strings"
	"testing"
	"time"
)

// silent keeps a failure to itself.
type silent struct {
	testing.TB
	failed bool
}

func (s *silent) Helper()               {}
func (s *silent) Errorf(string, ...any) { s.failed = true }

// Work is counted here, not timed: a busy machine must not fail this.
func TestOnlyWorkThatOutgrowsItsInputFails(t *testing.T) {
	input := strings.Repeat("x", 16_000)
	judge := func(steps func(n int) int) bool {
		s := &silent{}
		linear(s, input, time.Millisecond, func(s string) time.Duration { return time.Duration(steps(len(s))) * time.Microsecond })
		return s.failed
	}
	if !judge(func(n int) int { return n * n }) {
		t.Error("work by the square passed")
	}
	if judge(func(n int) int { return 2_000 * n }) {
		t.Error("work in proportion failed")
	}
	if judge(func(n int) int { return n / 100 }) {
		t.Error("work too short to be compared failed")
	}
}
