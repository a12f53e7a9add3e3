package main

import (
	"os"
	"runtime"

	"feedwright/article"
)

// spareProcessors is how many of Go's processors there are above those that the
// machine has. Go looks for what has come in over the network when one has
// nothing to do, else only every 10 ms: so there are more than are ever at work.
const spareProcessors = 4

// processors are those that Go found at first.
var processors = runtime.GOMAXPROCS(0)

// crew is who works beside the polls, which go first: Go always has a processor
// free that waits for one, and the system prefers its thread.
func crew() article.Crew {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(processors + spareProcessors)
	}
	return article.Crew{Size: processors, Join: giveWay}
}
