package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// spread is how long something took, many times. It is sorted.
type spread []time.Duration

func newSpread(list []time.Duration) spread {
	s := slices.Clone(list)
	slices.Sort(s)
	return s
}

// at gives the p-th percentile by the nearest rank: the least value that p per
// cent of all do not exceed. 0 if there are none.
func (s spread) at(p float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(s))))
	return s[min(max(rank, 1), len(s))-1]
}

func (s spread) median() time.Duration { return s.at(50) }

func (s spread) String() string {
	if len(s) == 0 {
		return "none"
	}
	return fmt.Sprintf("p50 %s, p99 %s", span(s.at(50)), span(s.at(99)))
}

// span writes a time with three digits that count.
func span(d time.Duration) string {
	switch v := d.Seconds(); {
	case v >= 100:
		return fmt.Sprintf("%.0f s", v)
	case v >= 1:
		return fmt.Sprintf("%.3g s", v)
	case v >= 1e-3:
		return fmt.Sprintf("%.3g ms", v*1e3)
	default:
		return fmt.Sprintf("%.3g µs", v*1e6)
	}
}

// weight writes bytes with three digits that count.
func weight(n int64) string {
	switch v := float64(n); {
	case v >= 999.5e6:
		return fmt.Sprintf("%.3g GB", v/1e9)
	case v >= 99.5e6:
		return fmt.Sprintf("%.0f MB", v/1e6)
	case v >= 999.5e3:
		return fmt.Sprintf("%.3g MB", v/1e6)
	case v >= 10e3:
		return fmt.Sprintf("%.1f KB", v/1e3)
	default:
		return fmt.Sprintf("%d B", n)
	}
}

// median is of figures of any kind; 0 if there are none.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return s[(len(s)-1)/2]
}
