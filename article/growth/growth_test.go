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

var sink int

func TestOnlyWorkThatOutgrowsItsInputFails(t *testing.T) {
	input := strings.Repeat("x", 16_000)
	square, line := &silent{}, &silent{}
	linear(square, input, func(s string) {
		for range s {
			for _, c := range s {
				sink += int(c)
			}
		}
	}, time.Millisecond)
	linear(line, input, func(s string) {
		for range s {
			for range 2_000 {
				sink++
			}
		}
	}, time.Millisecond)
	if !square.failed || line.failed {
		t.Errorf("work by the square failed: %v; in proportion: %v", square.failed, line.failed)
	}
}
