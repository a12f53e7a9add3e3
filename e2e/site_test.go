//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come. Nothing takes nearly as
// long: it bounds a test that fails.
const patience = 30 * time.Second

// site is a folder of articles with the program serving it.
type site struct {
	t      testing.TB
	dir    string // config, database, ledger; the articles lie in articles/
	public string // host:port
	admin  string // host:port
	cmd    *exec.Cmd
	log    *output
	ended  chan struct{} // closed when the process has ended
}

// newSite makes an empty folder with a config, and reserves addresses. Nothing
// runs yet.
func newSite(t testing.TB, config string) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), public: freeAddress(t), admin: freeAddress(t)}
	if err := os.Mkdir(s.path("articles"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.put("config.yaml", config)
	t.Cleanup(s.kill)
	return s
}

// freeAddress finds a port that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *site) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// put writes a file of the site's folder.
func (s *site) put(name, text string) {
	s.t.Helper()
	p := s.path(name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// article writes a file below articles/.
func (s *site) article(name, text string) { s.t.Helper(); s.put("articles/"+name, text) }

func (s *site) move(from, to string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(to)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(s.path(from), s.path(to)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) remove(name string) {
	s.t.Helper()
	if err := os.RemoveAll(s.path(name)); err != nil {
		s.t.Fatal(err)
	}
}

// start runs the program and waits until it has read the whole folder.
func (s *site) start(args ...string) {
	s.t.Helper()
	s.launch(args...)
	s.await("the program is ready", func() error {
		select {
		case <-s.ended:
			s.t.Fatalf("the program ended:\n%s", s.log)
		default:
		}
		if !strings.Contains(s.log.String(), "published,") {
			return fmt.Errorf("it has not said yet what is published")
		}
		if r, err := s.ask("http://" + s.admin + "/readyz"); err != nil {
			return err
		} else if r.code != http.StatusOK {
			return fmt.Errorf("/readyz: %d %s", r.code, r.body)
		}
		return nil
	})
}

// launch runs the program and waits for nothing.
func (s *site) launch(args ...string) {
	s.t.Helper()
	s.log, s.ended = &output{}, make(chan struct{})
	s.cmd = feedwright(s.dir, append([]string{"serve", "--listen", s.public, "--admin", s.admin}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	cmd, ended := s.cmd, s.ended
	go func() {
		defer close(ended)
		_ = cmd.Wait() // how it ended is asked of cmd.ProcessState
	}()
}

// stop asks the program to end, and fails unless it does so well.
func (s *site) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatalf("the program did not stop:\n%s", s.log)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Fatalf("stopped with exit code %d:\n%s", code, s.log)
	}
}

// kill ends the program as a power cut would.
func (s *site) kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.ended
}

// feedwright is the program, not yet started, with none of our own settings in
// its environment.
func feedwright(dir string, args ...string) *exec.Cmd {
	c := exec.Command(binary, args...)
	c.Dir = dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "FEEDWRIGHT_") {
			c.Env = append(c.Env, v)
		}
	}
	return c
}

// await asks until ask is content.
func (s *site) await(what string, ask func() error) {
	s.t.Helper()
	if err := eventually(ask); err != nil {
		said := "(not running)"
		if s.log != nil {
			said = s.log.String()
		}
		s.t.Fatalf("waited %v for: %s: %v\nthe program said:\n%s", patience, what, err, said)
	}
}

// eventually asks until it is told nil, or gives the last error.
func eventually(ask func() error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-end:
			return err
		}
	}
}

// answer is an HTTP response, read whole.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

// ask gets a whole URL, as sent: no redirect is followed, nothing is
// compressed. header holds names and values in turn.
func (s *site) ask(url string, header ...string) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := plainClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, b}, err
}

var plainClient = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (s *site) url(path string) string { return "http://" + s.public + path }

// get gets a path that must answer 200.
func (s *site) get(path string, header ...string) answer {
	s.t.Helper()
	r, err := s.ask(s.url(path), header...)
	if err != nil {
		s.t.Fatalf("GET %s: %v\nthe program said:\n%s", path, err, s.log)
	}
	if r.code != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s", path, r.code, r.body)
	}
	return r
}

// item is an article in a JSON feed.
type item struct {
	ID          string   `json:"id"`
	URL         string   `json:"url"`
	Title       string   `json:"title"`
	HTML        string   `json:"content_html"`
	Summary     string   `json:"summary"`
	Published   string   `json:"date_published"`
	Modified    string   `json:"date_modified"`
	Tags        []string `json:"tags"`
	Language    string   `json:"language"`
	Attachments []struct {
		URL string `json:"url"`
	} `json:"attachments"`
}

type jsonFeed struct {
	Title string `json:"title"`
	Items []item `json:"items"`
}

// items gives the articles of a JSON feed at path; one that is not there has
// none.
func (s *site) items(path string) ([]item, error) {
	r, err := s.ask(s.url(path))
	if err != nil {
		return nil, err
	}
	switch r.code {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return nil, nil
	default:
		return nil, fmt.Errorf("GET %s: %d %s", path, r.code, r.body)
	}
	return parseItems(s.t, r.body), nil
}

// parseItems reads a JSON feed, which is whole at all times.
func parseItems(t testing.TB, document []byte) []item {
	t.Helper()
	var f jsonFeed
	if err := json.Unmarshal(document, &f); err != nil {
		t.Fatalf("a feed that is no JSON: %v\n%s", err, document)
	}
	return f.Items
}

// titled finds the one article of /feed.json with that title.
func (s *site) titled(title string) item {
	s.t.Helper()
	var found item
	s.await("an article "+title, func() error {
		list, err := s.items("/feed.json")
		if err != nil {
			return err
		}
		n := 0
		for _, it := range list {
			if it.Title == title {
				found, n = it, n+1
			}
		}
		if n != 1 {
			return fmt.Errorf("%d articles are called %q", n, title)
		}
		return nil
	})
	return found
}

// fault is a problem with a file, as /status tells it.
type fault struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Error string `json:"error"`
	Hint  string `json:"hint"`
	Warn  bool   `json:"warn"`
}

type status struct {
	Ready     bool    `json:"ready"`
	Published int     `json:"published"`
	Held      int     `json:"held"`
	Refused   int     `json:"refused"`
	Expired   int     `json:"expired"`
	Faults    []fault `json:"faults"`
}

func (s *site) status() status {
	s.t.Helper()
	r, err := s.ask("http://" + s.admin + "/status")
	if err != nil {
		s.t.Fatal(err)
	}
	var st status
	if err := json.Unmarshal(r.body, &st); err != nil {
		s.t.Fatalf("/status: %v\n%s", err, r.body)
	}
	return st
}

// counted reads a metric of the running program by its name and labels; 0 if it
// is not there.
func (s *site) counted(metric string) float64 {
	s.t.Helper()
	r, err := s.ask("http://" + s.admin + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(r.body)) {
		if value, ok := strings.CutPrefix(line, metric+" "); ok {
			var n float64
			if _, err := fmt.Sscan(value, &n); err != nil {
				s.t.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// output collects what a process says.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
