package main

import (
	"testing"
	"time"
)

func TestPercentileIsTheNearestRank(t *testing.T) {
	var list []time.Duration
	for i := 100; i >= 1; i-- {
		list = append(list, time.Duration(i))
	}
	s := newSpread(list)
	for p, want := range map[float64]time.Duration{0: 1, 1: 1, 50: 50, 99: 99, 99.5: 100, 100: 100} {
		if got := s.at(p); got != want {
			t.Errorf("p%v of 1…100 is %d, want %d", p, got, want)
		}
	}
	if got := newSpread([]time.Duration{3, 1, 2}).at(99); got != 3 {
		t.Errorf("p99 of three is %d, want the longest", got)
	}
	if got := newSpread(nil).at(99); got != 0 {
		t.Errorf("p99 of nothing is %d", got)
	}
	if list[0] != 100 {
		t.Error("the caller's list was sorted")
	}
}

func TestMedianOfFewRuns(t *testing.T) {
	for want, list := range map[float64][]float64{0: nil, 4: {4}, 2: {9, 1, 2}, 3: {5, 3}} {
		if got := median(list); got != want {
			t.Errorf("median of %v is %v, want %v", list, got, want)
		}
	}
}

func TestFiguresAreWrittenShort(t *testing.T) {
	for want, d := range map[string]time.Duration{"120 s": 120 * time.Second, "1.52 s": 1520 * time.Millisecond, "12.3 ms": 12345 * time.Microsecond, "45 µs": 45 * time.Microsecond} {
		if got := span(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
	for want, n := range map[string]int64{"340 B": 340, "43.1 KB": 43_100, "5.12 MB": 5_120_000, "282 MB": 282_000_000, "1.5 GB": 1_500_000_000} {
		if got := weight(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}
