package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ListenError says why an address cannot be listened on, and what to do.
type ListenError struct {
	Addr string
	What string // "port 8080 is taken by nginx (process 812)"
	Next string // a sentence that begins in lower case, or empty
	Err  error
}

// Error is one line: listen on ADDR: what: next.
func (e *ListenError) Error() string {
	s := "listen on " + e.Addr + ": " + e.What
	if e.Next != "" {
		s += ": " + e.Next
	}
	return s
}

// Unwrap gives the system's error.
func (e *ListenError) Unwrap() error { return e.Err }

// Listen opens what Serve answers on: "host:port", "unix:/path/to.sock" (mode
// 0660; a socket left behind by a dead process is replaced), or "systemd" or
// "systemd:NAME" for a socket handed over by systemd (sd_listen_fds(3)). An
// error is a *ListenError.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		return listenUnix(ctx, addr, path)
	}
	if addr == "systemd" || strings.HasPrefix(addr, "systemd:") {
		return listenSystemd(addr, strings.TrimPrefix(strings.TrimPrefix(addr, "systemd"), ":"))
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, explain(addr, err)
	}
	return l, nil
}

// other says how to choose another address.
const other = "choose another address with --listen or FEEDWRIGHT_SERVER_LISTEN (for the admin pages: server.admin or FEEDWRIGHT_SERVER_ADMIN)"

func explain(addr string, err error) *ListenError {
	e := &ListenError{Addr: addr, What: err.Error(), Next: other, Err: err}
	host, port, splitErr := net.SplitHostPort(addr)
	var lookup *net.DNSError
	switch {
	case splitErr != nil:
		e.What = "this is no address"
		e.Next = "write host:port, such as 127.0.0.1:8080, or unix:/path/to.sock, or systemd"
	case errors.Is(err, syscall.EADDRINUSE):
		e.What = "port " + port + " is taken"
		if who := holder(port); who != "" {
			e.What += " by " + who
		}
		e.Next = "stop that program, or " + other
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &lookup):
		e.What = host + " is no address of this machine"
		e.Next = "listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for every network it is in"
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		e.What = "this user may not open port " + port
		e.Next = "choose a port from 1024 up and put a web server in front, or let systemd open it (server.listen: systemd)"
	}
	return e
}

// listenUnix listens on a socket file.
func listenUnix(ctx context.Context, addr, path string) (net.Listener, error) {
	if path == "" {
		return nil, &ListenError{Addr: addr, What: "the path is missing", Next: "write unix:/run/feedwright.sock"}
	}
	if err := clearStale(ctx, addr, path); err != nil {
		return nil, err
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "unix", path)
	if err != nil {
		next := "the folder must exist and be writable, and the path shorter than about 100 bytes"
		return nil, &ListenError{Addr: addr, What: cause(err), Next: next, Err: err}
	}
	// Owner and group: put the web server's user into the group.
	if err := os.Chmod(path, 0o660); err != nil {
		l.Close()
		return nil, &ListenError{Addr: addr, What: cause(err), Err: err}
	}
	return l, nil
}

// clearStale removes a socket that nobody answers on; it never removes
// anything else.
func clearStale(ctx context.Context, addr, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &ListenError{Addr: addr, What: cause(err), Err: err}
	}
	if info.Mode().Type() != fs.ModeSocket {
		return &ListenError{Addr: addr, What: "a file that is no socket stands there", Next: "move it away or choose another path", Err: fs.ErrExist}
	}
	d := net.Dialer{Timeout: time.Second}
	conn, err := d.DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		conn.Close()
		return &ListenError{Addr: addr, What: "another program answers on this socket", Next: "stop it or choose another path", Err: syscall.EADDRINUSE}
	case !errors.Is(err, syscall.ECONNREFUSED):
		return &ListenError{Addr: addr, What: "the socket that stands there cannot be tried: " + cause(err), Next: "remove it if nothing uses it", Err: err}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &ListenError{Addr: addr, What: "the socket left by an earlier run cannot be removed: " + cause(err), Err: err}
	}
	return nil
}

// cause is the innermost of a chain of network errors: the rest repeats the
// address.
func cause(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}

// firstSystemdFD is SD_LISTEN_FDS_START.
const firstSystemdFD = 3

// listenSystemd takes over the socket of that name, or the first one.
func listenSystemd(addr, name string) (net.Listener, error) {
	n, _ := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if pid, _ := strconv.Atoi(os.Getenv("LISTEN_PID")); n < 1 || pid != os.Getpid() {
		return nil, &ListenError{Addr: addr, What: "systemd handed over no socket",
			Next: "start through a .socket unit, or set server.listen to host:port"}
	}
	i := 0
	if name != "" {
		names := strings.Split(os.Getenv("LISTEN_FDNAMES"), ":")
		for i < n && (i >= len(names) || names[i] != name) {
			i++
		}
		if i == n {
			return nil, &ListenError{Addr: addr, What: "systemd handed over no socket of that name",
				Next: fmt.Sprintf("set FileDescriptorName=%s in the .socket unit", name)}
		}
	}
	fd := firstSystemdFD + i
	syscall.CloseOnExec(fd)
	f := os.NewFile(uintptr(fd), "systemd-socket")
	defer f.Close() // FileListener works on a copy
	l, err := net.FileListener(f)
	if err != nil {
		return nil, &ListenError{Addr: addr, What: cause(err), Next: "the .socket unit needs ListenStream=", Err: err}
	}
	return l, nil
}
