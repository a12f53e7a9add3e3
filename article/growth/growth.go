// Package growth lets tests hold work to the size of its input, without saying
// how fast a machine is. Only tests import it.
package growth

import (
	"testing"
	"time"
)

// Runs below floor are too short to be compared: a part of an input may take a
// shorter way, and a busy machine lengthens any.
const floor = 100 * time.Millisecond

// Linear runs f on an eighth of the input and on all of it, and fails where
// eight times the input is more than 25 times the work: it would be 64 times if
// the work grew with the square.
func Linear(t testing.TB, input string, f func(string)) {
	t.Helper()
	linear(t, input, floor, func(input string) time.Duration {
		began := time.Now()
		f(input)
		return time.Since(began)
	})
}

func linear(t testing.TB, input string, floor time.Duration, took func(string) time.Duration) {
	t.Helper()
	whole := took(input)
	part := floor
	for range 3 { // the machine may have been busy elsewhere
		if whole <= 25*part {
			return
		}
		part = max(part, took(input[:len(input)/8]))
		if whole <= 25*part {
			return
		}
		whole = min(whole, took(input))
	}
	t.Errorf("%d bytes took %v, an eighth of them at most %v", len(input), whole, part)
}
