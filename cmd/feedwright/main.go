// Command feedwright publishes a folder of article files as RSS, Atom and JSON
// feeds. This package holds flags, wiring and running, nothing else: what is
// done stands in the rooms it introduces to one another.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"feedwright/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitFine   = 0
	exitFailed = 1 // something went wrong while running
	exitUsage  = 2 // a flag, an argument or the config is wrong
	exitFaults = 3 // ran well, and found faults
)

// exit is an error with an exit code of its own. A nil err has been said
// already.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage marks an error as the caller's to mend.
func usage(err error) error { return &exit{exitUsage, err} }

// run is main without the process: everything it says goes to stdout and
// stderr, and it ends when ctx does.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitFine
	}
	code := exitFailed
	var e *exit
	if errors.As(err, &e) {
		code = e.code
		if e.err == nil {
			return code
		}
	}
	if problems := config.Problems(err); len(problems) > 0 {
		code = exitUsage
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "feedwright: stopped before it was done")
		return exitFailed
	}
	fmt.Fprintf(stderr, "feedwright: %v\n", err)
	return code
}
