package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// settle is how long feedwright waits after a file was last changed; every
// latency is counted from its end.
const settle = 200 * time.Millisecond

// settings are those of every feedwright that is measured: the defaults, but
// for a feed like Hugo's of its one section, and one of the size that polls are
// measured with.
const settings = `site:
  id: 1f9d7f0a-5b1e-4f39-9c55-0d6f5a3a7c11
  title: Bench
  url: https://bench.example.org
source:
  dir: %q
  settle: %s
feeds:
  - { name: posts, title: Posts }
  - { name: wire, title: Wire, items: 25 }
`

// site is a feedwright at work on a corpus.
type site struct {
	*child
	url, admin string
	client     *http.Client
	ready      <-chan time.Time // gets the end of its first scan
}

// state makes a folder for a feedwright: its settings, and later its database.
func (b *bench) state(name string) (string, error) {
	dir := filepath.Join(b.temp, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "config.yaml"), fmt.Appendf(nil, settings, b.corpus.posts(), settle), 0o644)
}

// serve starts feedwright on what a folder remembers; prefix goes before the
// command, as taskset does.
func (b *bench) serve(ctx context.Context, dir string, env []string, prefix ...string) (*site, error) {
	public, err := freePort()
	if err != nil {
		return nil, err
	}
	admin, err := freePort()
	if err != nil {
		return nil, err
	}
	args := append(prefix, b.feedwright, "serve", "--listen", public, "--admin", admin)
	c, err := launch(ctx, dir, env, args[0], args[1:]...)
	if err != nil {
		return nil, err
	}
	s := &site{child: c, url: "http://" + public, admin: "http://" + admin, ready: c.said.hear(" is ready\n")}
	s.client = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}}
	return s, nil
}

// freePort gives an address that nobody listens at.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// answer is what a server said to one request, read to its end.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

func (a *answer) etag() string { return a.header.Get("Etag") }

// get asks for an address with headers given as "Name: value".
func get(ctx context.Context, c *http.Client, url string, headers ...string) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return &answer{res.StatusCode, res.Header, body}, err
}

const asksGzip = "Accept-Encoding: gzip"

// answers waits until an address is answered with a code. Until then nobody
// listens, or the answer is that feedwright is not ready; any other is an error,
// as is feedwright's end.
func (s *site) answers(ctx context.Context, path string, code int, headers ...string) (*answer, error) {
	var last *answer
	err := until(ctx, time.Millisecond, func() bool {
		a, err := get(ctx, s.client, s.url+path, headers...)
		if err == nil && a.code != http.StatusServiceUnavailable {
			last = a
			return true
		}
		select {
		case <-s.ended:
			return true
		default:
			return false
		}
	})
	switch {
	case err != nil:
	case last == nil:
		err = s.gone()
	case last.code != code:
		err = fmt.Errorf("%s is answered %d where %d was to come", path, last.code, code)
	}
	return last, err
}

// scanned waits for the end of the first scan and gives the time it came.
func (s *site) scanned(ctx context.Context) (time.Time, error) {
	select {
	case at := <-s.ready:
		return at, nil
	case <-s.ended:
		return time.Time{}, s.gone()
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// status is what the benchmark wants to know of feedwright's own figures.
type status struct {
	Published int
	Refused   int
	Counters  map[string]int64
}

func (s *site) status(ctx context.Context) (status, error) {
	var st status
	a, err := get(ctx, s.client, s.admin+"/status", "Accept: application/json")
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal(a.body, &st)
}

// holds checks that feedwright publishes exactly n articles: a figure for less
// would be worth nothing.
func (s *site) holds(ctx context.Context, n int) error {
	st, err := s.status(ctx)
	if err != nil {
		return err
	}
	if st.Published != n || st.Refused != 0 {
		return fmt.Errorf("feedwright publishes %d of %d articles and refuses %d", st.Published, n, st.Refused)
	}
	return nil
}

var formats = []string{"rss.xml", "atom.xml", "feed.json"}

// feedSet is every address of the corpus's feeds in a format: of everything, of
// Hugo's section, of each category.
func (b *bench) feedSet(format string) []string {
	set := []string{"/" + format, "/feeds/posts/" + format}
	for _, c := range b.corpus.categories {
		set = append(set, "/category/"+strings.ToLower(c)+"/"+format)
	}
	return set
}

// fetchAll asks for addresses, four at a time, until each is answered 200: where
// feedwright asks for patience, as while it looks many words up, it gets it.
func (s *site) fetchAll(ctx context.Context, paths []string) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, p := range paths {
		g.Go(func() error {
			_, err := s.answers(ctx, p, http.StatusOK, asksGzip)
			return err
		})
	}
	return g.Wait()
}
