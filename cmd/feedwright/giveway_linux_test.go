package main

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestOnlyTheThreadThatGivesWayIsNicer(t *testing.T) {
	nice := func() int {
		n, err := niceOf(unix.Gettid())
		if err != nil {
			t.Error(err)
		}
		return n
	}
	before := nice()
	gave := make(chan int)
	go func() {
		giveWay()
		gave <- nice()
	}()
	if n := <-gave; n != min(before+politeness, 19) {
		t.Errorf("a thread that gives way has the nice value %d", n)
	}
	if n := nice(); n != before {
		t.Errorf("another thread has %d, and had %d", n, before)
	}
}
