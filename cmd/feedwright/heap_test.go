package main

import (
	"runtime/debug"
	"testing"
)

func TestGarbageIsBounded(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 10 << 20: 300, 32 << 20: 200, 64 << 20: 100, 200 << 20: 20, 2 << 30: 20} {
		if got := garbageShare(live); got != want {
			t.Errorf("with %d MB in use %d hundredths may be garbage, want %d", live>>20, got, want)
		}
	}
}

func TestAStartMayFillMemoryUnlessTheOwnerHasDecided(t *testing.T) {
	before := debug.SetGCPercent(70)
	defer debug.SetGCPercent(before)
	t.Setenv("GOMEMLIMIT", "")
	for env, want := range map[string]int{"": mostShare, "50": 70} {
		t.Setenv("GOGC", env)
		fillHeap()
		if got := debug.SetGCPercent(70); got != want {
			t.Errorf("with GOGC=%s %d hundredths may be garbage, want %d", env, got, want)
		}
	}
}

func TestMemoryIsGivenBackOnceAfterWork(t *testing.T) {
	var r resting
	live, allocated := uint64(10<<20), uint64(0)
	given := 0
	second := func(n uint64) {
		allocated += n
		if r.come(live, allocated) {
			given++
		}
	}
	for range 20 { // the first scan
		second(50 << 20)
	}
	if given != 0 {
		t.Fatal("memory was given back in the midst of work")
	}
	for range 60 { // rest, with a poll now and then
		second(10 << 10)
	}
	if given != 1 {
		t.Errorf("after the work memory was given back %d times", given)
	}
	second(30 << 20)
	for range 10 {
		second(0)
	}
	if given != 2 {
		t.Errorf("after more work memory was given back %d times in all", given)
	}
	live = 400 << 20 // of so many the little that the next work leaves is not worth looking for
	second(30 << 20)
	for range 10 {
		second(0)
	}
	if given != 2 {
		t.Errorf("after little work beside much in use memory was given back %d times in all", given)
	}
}
