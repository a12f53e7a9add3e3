package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// peers are the programs that feedwright is measured beside, and with: their
// paths, empty where one is not installed.
type peers struct {
	hugo, nginx, caddy, wrk, taskset string
	versions                         map[string]string // by name
}

const notInstalled = "not installed"

func findPeers(ctx context.Context) peers {
	p := peers{versions: map[string]string{}}
	for _, x := range []struct {
		at      *string
		name    string
		program string
		version []string
	}{
		{&p.hugo, "Hugo", "hugo", []string{"version"}},
		{&p.nginx, "nginx", "nginx", []string{"-v"}},
		{&p.caddy, "Caddy", "caddy", []string{"version"}},
		{&p.wrk, "wrk", "wrk", []string{"-v"}},
		{&p.taskset, "taskset", "taskset", []string{"--version"}},
	} {
		path := lookPath(ctx, x.program)
		p.versions[x.name] = notInstalled
		if path == "" {
			continue
		}
		*x.at = path
		c, err := run(ctx, "", nil, path, x.version...)
		if c == nil { // wrk fails after it has told its version
			continue
		}
		text := c.said.String()
		if err != nil && text == "" {
			text = "version unknown"
		}
		line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
		p.versions[x.name] = strings.TrimSpace(line[:min(len(line), 80)])
	}
	return p
}

// lookPath finds a program where the shell would, where go install puts it, and
// where servers lie.
func lookPath(ctx context.Context, program string) string {
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	places := []string{"/usr/sbin", "/usr/local/sbin"}
	if c, err := run(ctx, "", nil, "go", "env", "GOPATH"); err == nil {
		places = append(places, filepath.Join(strings.TrimSpace(c.said.String()), "bin"))
	}
	for _, dir := range places {
		path := filepath.Join(dir, program)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path
		}
	}
	return ""
}
