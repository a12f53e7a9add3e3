package server

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// holder names the process that listens on a TCP port: "nginx (process 812)".
// It reads Linux's /proc; where that is missing, or the process is another
// user's, it returns "".
func holder(port string) string {
	n, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		listeners(table, n, sockets)
	}
	if len(sockets) == 0 {
		return ""
	}
	fds, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, fd := range fds {
		target, err := os.Readlink(fd)
		if err != nil || !sockets[target] {
			continue
		}
		pid := strings.Split(fd, "/")[2]
		comm, err := os.ReadFile("/proc/" + pid + "/comm")
		if err != nil {
			return "process " + pid
		}
		return strings.TrimSpace(string(comm)) + " (process " + pid + ")"
	}
	return ""
}

// listeners adds the sockets of a /proc/net table that listen on a port, as the
// links in /proc/*/fd name them.
func listeners(table string, port int, into map[string]bool) {
	f, err := os.Open(table)
	if err != nil {
		return
	}
	defer f.Close()
	const listen = "0A" // TCP_LISTEN
	for sc := bufio.NewScanner(f); sc.Scan(); {
		// sl local_address rem_address st … uid timeout inode
		col := strings.Fields(sc.Text())
		if len(col) < 10 || col[3] != listen {
			continue
		}
		_, hex, _ := strings.Cut(col[1], ":")
		if p, err := strconv.ParseUint(hex, 16, 16); err == nil && int(p) == port {
			into["socket:["+col[9]+"]"] = true
		}
	}
}
