package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// said is what a command did.
type said struct {
	code     int
	out, err string
}

// feedwright runs a command in the working directory.
func feedwright(t *testing.T, args ...string) said {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, &out, &err)
	return said{code, out.String(), err.String()}
}

// good runs a command that must succeed, and gives its output.
func good(t *testing.T, args ...string) string {
	t.Helper()
	s := feedwright(t, args...)
	if s.code != exitFine {
		t.Fatalf("%q: exit code %d\n%s%s", args, s.code, s.out, s.err)
	}
	return s.out
}

// contains checks that a text holds all of some parts.
func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s does not say %q:\n%s", what, p, text)
		}
	}
}

// write fills files, whose names are relative to the working directory. They
// were last changed an hour ago, so that no scan waits for them to be whole.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
}

// folder makes a working directory with a few articles and quick settings.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, map[string]string{
		"config.yaml": `site: { id: 5d0d2f0e-43a4-4f6c-9f3b-0b8f2c9a1a11, title: Tidings, url: "https://tidings.example.org" }
source: { linger: 100ms, settle: 50ms }
feeds:
  - { name: brief, where: "category:harbour", items: 1 }
  - { name: partner, token: "3f1c9a7be2d04455", title: For partners }
`,
		"articles/ferry.md":          article1,
		"articles/harbour/crane.txt": "The crane is back\n\nCategory: Harbour\nPublication date: 2026-02-02 08:00\n\nIt stands where it stood, and it is as yellow as it was.\n",
		"articles/chart.png":         onePixel,
	})
	return dir
}

const article1 = `---
title: The ferry sails again
date: 2026-03-01T09:00:00Z
categories: [Harbour, News]
tags: [ferry]
author: Ada Roe
image: chart.png
---
After four months in dock the ferry sails *again*.
`

const onePixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"

// state is every file below the working directory with its time and size.
func state(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !d.IsDir() {
			list = append(list, fmt.Sprint(p, " ", info.Size(), " ", info.ModTime()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// screenful is a writer that can be read while it is written.
type screenful struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screenful) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *screenful) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serving is a running serve.
type serving struct {
	t      *testing.T
	url    string
	screen *screenful
	stop   context.CancelFunc
	ended  chan int
}

var listening = regexp.MustCompile(`(?m)^  Listening +(http://\S+)$`)

// serve starts a server on a free port and waits until it is ready.
func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &serving{t: t, screen: &screenful{}, stop: cancel, ended: make(chan int, 1)}
	go func() {
		s.ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--admin", "off"}, args...), io.Discard, s.screen)
	}()
	t.Cleanup(s.end)
	s.until("the screen names an address", func() bool {
		m := listening.FindStringSubmatch(s.screen.String())
		if m != nil {
			s.url = m[1]
		}
		return m != nil
	})
	s.until("the feeds are ready", func() bool {
		code, _, _ := s.get("/", "") // leads on where the site has a prefix
		return code == http.StatusOK
	})
	return s
}

// end stops the server and waits for it; it may be called twice.
func (s *serving) end() {
	s.stop()
	select {
	case code := <-s.ended:
		if code != exitFine {
			s.t.Errorf("serve ended with exit code %d:\n%s", code, s.screen)
		}
		s.ended <- exitFine
	case <-time.After(30 * time.Second):
		s.t.Errorf("serve does not end:\n%s", s.screen)
	}
}

// patience bounds a test that fails: nothing takes nearly as long.
const patience = 2 * time.Minute

// until polls until something holds.
func (s *serving) until(what string, holds func() bool) {
	s.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case code := <-s.ended:
			s.ended <- code
			s.t.Fatalf("serve ended with exit code %d before %s:\n%s", code, what, s.screen)
		case <-deadline:
			s.t.Fatalf("in %s it did not come true that %s:\n%s", patience, what, s.screen)
		}
	}
}

// get fetches a path, in a coding if one is named.
func (s *serving) get(path, coding string) (int, http.Header, string) {
	r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if coding == "" {
		coding = "identity"
	}
	r.Header.Set("Accept-Encoding", coding) // set, so that the client unpacks nothing
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, ""
	}
	return resp.StatusCode, resp.Header, string(b)
}

// filesBelow gives the files of a folder by their path in it.
func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s (%v)", dir, err)
	}
	return files
}
