package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// politeness is how much nicer threads are that give way: while nobody else
// wants a processor they have it all, and else a tenth.
const politeness = 10

// giveWay ties the calling goroutine to a thread of its own that gives way to
// those which answer polls. Linux counts niceness by threads, and lets nobody
// take it back: the thread ends with the goroutine. Where the system refuses,
// all is as without.
func giveWay() {
	runtime.LockOSThread()
	thread := unix.Gettid()
	if n, err := niceOf(thread); err == nil {
		_ = unix.Setpriority(unix.PRIO_PROCESS, thread, min(n+politeness, 19))
	}
}

// niceOf gives a thread's nice value, which the system call counts down from 20.
func niceOf(thread int) (int, error) {
	n, err := unix.Getpriority(unix.PRIO_PROCESS, thread)
	return 20 - n, err
}
