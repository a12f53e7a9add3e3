package server

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func listenError(t *testing.T, addr string) *ListenError {
	t.Helper()
	l, err := Listen(t.Context(), addr)
	if err == nil {
		l.Close()
		t.Fatalf("%s: listening", addr)
	}
	var e *ListenError
	if !errors.As(err, &e) {
		t.Fatalf("%s: %T is no *ListenError", addr, err)
	}
	return e
}

func TestTakenPortSaysByWhomAndWhatToDo(t *testing.T) {
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	e := listenError(t, l.Addr().String())
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(e, syscall.EADDRINUSE) || !strings.Contains(e.Error(), "port "+port+" is taken") || !strings.Contains(e.Error(), "--listen") {
		t.Errorf("%v", e)
	}
	if _, err := os.Stat("/proc/net/tcp"); err == nil && !strings.Contains(e.What, "(process ") {
		t.Errorf("%q does not say by whom", e.What)
	}
}

func TestAddressesThatCannotBeListenedOnAreExplained(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.1:0":                    "no address of this machine",
		"8080":                           "this is no address",
		"unix:":                          "the path is missing",
		"unix:/no/such/folder/fw.sock":   "no such file or directory",
		"systemd":                        "handed over no socket",
		"127.0.0.1:999999":               "",
		"no-such-host.example.invalid:0": "",
	} {
		if e := listenError(t, addr); !strings.Contains(e.What, want) || e.Next == "" {
			t.Errorf("%s: %v", addr, e)
		}
	}
}

func TestUnixSocketServesAndIsForOwnerAndGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fw.sock")
	l, err := Listen(t.Context(), "unix:"+path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o660 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, New(newLibrary(), Options{}).Public(), Options{}) }()
	tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}}
	res, err := (&http.Client{Transport: tr}).Get("http://feedwright/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
	if e := listenError(t, "unix:"+path); !strings.Contains(e.What, "another program answers") {
		t.Errorf("a second one: %v", e)
	}
	tr.CloseIdleConnections()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSocketLeftByADeadProcessIsReplacedButNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fw.sock")
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	old.SetUnlinkOnClose(false)
	old.Close()
	l, err := Listen(t.Context(), "unix:"+path)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()

	file := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if e := listenError(t, "unix:"+file); !errors.Is(e, fs.ErrExist) {
		t.Errorf("%v", e)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Errorf("the file is not as it was: %q, %v", b, err)
	}
}

// TestSystemdSocketIsTakenOver starts this test's program again with a socket
// as systemd would hand it over.
func TestSystemdSocketIsTakenOver(t *testing.T) {
	if os.Getenv("FEEDWRIGHT_TEST_SYSTEMD") != "" {
		systemdChild(t)
		return
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to set LISTEN_PID")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.CommandContext(t.Context(), sh, "-c", `LISTEN_PID=$$ exec "$0" -test.run '^TestSystemdSocketIsTakenOver$' -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), "FEEDWRIGHT_TEST_SYSTEMD="+l.Addr().String(), "LISTEN_FDS=1", "LISTEN_FDNAMES=public")
	cmd.ExtraFiles = []*os.File{f}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "answered by the handed-over socket") {
		t.Errorf("%v\n%s", err, out)
	}
}

func systemdChild(t *testing.T) {
	if e := listenError(t, "systemd:admin"); !strings.Contains(e.What, "of that name") {
		t.Errorf("%v", e)
	}
	l, err := Listen(t.Context(), "systemd:public")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, New(newLibrary(), Options{}).Public(), Options{}) }()
	res, err := http.Get("http://" + os.Getenv("FEEDWRIGHT_TEST_SYSTEMD") + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || string(b) != "ok\n" {
		t.Errorf("%q, %v", b, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	t.Log("answered by the handed-over socket")
}
