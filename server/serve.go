package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection. A poll is small both ways; media put their own write
// deadline off while they move.
const (
	headerPatience   = 10 * time.Second
	readPatience     = 30 * time.Second
	idlePatience     = 2 * time.Minute
	shutdownPatience = 10 * time.Second
	maxHeaderBytes   = 16 << 10
)

// Serve answers on l until ctx ends, then says "draining" in health, finishes
// what is under way (up to 10 s) and returns nil. It closes l. Any other end is
// an error.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o Options) error {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerPatience,
		ReadTimeout:       readPatience,
		WriteTimeout:      writePatience,
		IdleTimeout:       idlePatience,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // strangers' broken requests
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	if d, ok := h.(interface{ drain() }); ok {
		d.drain()
	}
	if o.DrainFor > 0 {
		select {
		case <-time.After(o.DrainFor):
		case err := <-failed:
			return fmt.Errorf("serve on %s: %w", l.Addr(), err)
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownPatience)
	defer cancel()
	err := srv.Shutdown(end)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("closed connections that did not end in time", "addr", l.Addr().String())
		err = srv.Close()
	}
	<-failed
	return err
}
