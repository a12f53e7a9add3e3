package main

import "testing"

func TestGarbageIsBounded(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 10 << 20: 300, 48 << 20: 200, 96 << 20: 100, 200 << 20: 40, 2 << 30: 20} {
		if got := garbageShare(live); got != want {
			t.Errorf("with %d MB in use %d hundredths may be garbage, want %d", live>>20, got, want)
		}
	}
}
