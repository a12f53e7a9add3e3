package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// readersCommand is what this program is called with when it is to be the
// readers: they are a process of their own, so that what the benchmark itself
// does never makes them wait.
const readersCommand = "readers"

const (
	readerCount  = 10_000
	readerRounds = 8
)

// readersTold is what the readers have to say.
type readersTold struct {
	Connected int
	Errors    int
	First     string        // of the errors
	P50, P99  time.Duration // from a reader's request to the end of its answer
	Round     time.Duration // until all were answered, in the middle of all rounds
}

// readers measures ten thousand readers who keep their connections and all poll
// in the same moment, nine of ten of them for nothing new.
func (b *bench) readers(ctx context.Context) error {
	s, err := b.woken(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	d, err := s.document(ctx, wireFeed)
	if err != nil {
		return err
	}
	ours, err := b.pollTogether(ctx, s.url+wireFeed)
	if err != nil {
		return err
	}
	x := row{
		What: fmt.Sprintf("%d keep-alive readers polling at once, %d rounds", readerCount, readerRounds), Goal: "no error, p99 ≤ 10× of p50",
		Ours: ours.String(), Peer: "nginx: " + notInstalled, Ratio: fmt.Sprintf("p99 = %.2f× p50", ours.P99.Seconds()/ours.P50.Seconds()),
		Reached: reached(ours.Errors == 0 && ours.Connected == readerCount && ours.P99 <= 10*ours.P50),
		Figures: map[string]float64{"readers.p50.seconds": ours.P50.Seconds(), "readers.p99.seconds": ours.P99.Seconds(), "readers.errors": float64(ours.Errors)},
	}
	if err := s.stop(); err != nil {
		return err
	}
	if err := b.besideNginx(ctx, &x, d); err != nil {
		return err
	}
	b.rows = append(b.rows, x)
	return nil
}

// besideNginx completes the row with what the same readers see of nginx.
func (b *bench) besideNginx(ctx context.Context, x *row, d *documentBytes) error {
	if b.peers.nginx == "" {
		return nil
	}
	n, err := b.nginx(ctx, d, 2)
	if err != nil {
		return err
	}
	defer n.stop()
	theirs, err := b.pollTogether(ctx, n.url+"/rss.xml")
	if err != nil {
		return err
	}
	x.Peer = "nginx " + theirs.String()
	x.Figures["readers.nginx.p50.seconds"], x.Figures["readers.nginx.p99.seconds"] = theirs.P50.Seconds(), theirs.P99.Seconds()
	return nil
}

func (t *readersTold) String() string {
	s := fmt.Sprintf("p50 %s, p99 %s, %d errors, all answered in %s", span(t.P50), span(t.P99), t.Errors, span(t.Round))
	if t.First != "" {
		s += " (" + t.First + ")"
	}
	return s
}

func (b *bench) pollTogether(ctx context.Context, url string) (*readersTold, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c, err := run(ctx, "", nil, self, readersCommand, "-url", url)
	if err != nil {
		return nil, err
	}
	var t readersTold
	if err := json.Unmarshal([]byte(c.said.String()), &t); err != nil {
		return nil, fmt.Errorf("the readers said %q: %w", c.said, err)
	}
	return &t, nil
}

// readersMain is the readers' process.
func readersMain(args []string) int {
	flags := flag.NewFlagSet(readersCommand, flag.ContinueOnError)
	at := flags.String("url", "", "what they poll")
	if flags.Parse(args) != nil {
		return 2
	}
	t, err := crowd(context.Background(), *at, readerCount, readerRounds)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(t)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// reader is one connection that is kept, and what it asks.
type reader struct {
	conn  net.Conn
	in    *bufio.Reader
	poll  []byte
	code  int // of the answer that is right
	waits []time.Duration
	err   error
}

// crowd connects n readers and has them poll in rounds, all at once.
func crowd(ctx context.Context, at string, n, rounds int) (*readersTold, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, err
	}
	a, err := get(ctx, http.DefaultClient, at, asksGzip)
	if err != nil {
		return nil, err
	}
	list := connect(u, a.etag(), n)
	var took []time.Duration
	for range rounds {
		took = append(took, round(list))
		if err := pause(ctx, time.Second); err != nil {
			return nil, err
		}
	}
	t := &readersTold{Round: newSpread(took).median()}
	var waits []time.Duration
	for _, r := range list {
		waits = append(waits, r.waits...)
		if r.conn != nil {
			t.Connected++
			r.conn.Close()
		}
		if r.err != nil {
			t.Errors++
			if t.First == "" {
				t.First = r.err.Error()
			}
		}
	}
	s := newSpread(waits)
	t.P50, t.P99 = s.at(50), s.at(99)
	return t, nil
}

// connect opens n connections, fifty at a time; every tenth reader has no feed
// yet.
func connect(u *url.URL, tag string, n int) []*reader {
	list := make([]*reader, n)
	turns := make(chan struct{}, 50)
	var all sync.WaitGroup
	for i := range list {
		r := &reader{code: http.StatusNotModified}
		list[i] = r
		request := "GET " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host + "\r\n" + asksGzip + "\r\n"
		if i%10 == 0 {
			r.code = http.StatusOK
		} else {
			request += "If-None-Match: " + tag + "\r\n"
		}
		r.poll = []byte(request + "\r\n")
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if r.conn, r.err = net.DialTimeout("tcp", u.Host, 10*time.Second); r.err == nil {
				r.in = bufio.NewReader(r.conn)
			}
		})
	}
	all.Wait()
	return list
}

// round has all readers poll in the same moment, and waits for the last answer.
func round(list []*reader) time.Duration {
	gate := make(chan struct{})
	var all sync.WaitGroup
	for _, r := range list {
		if r.err != nil {
			continue
		}
		all.Go(func() {
			<-gate
			began := time.Now()
			if r.err = r.ask(); r.err == nil {
				r.waits = append(r.waits, time.Since(began))
			}
		})
	}
	began := time.Now()
	close(gate)
	all.Wait()
	return time.Since(began)
}

// ask sends a poll and reads the answer to its end.
func (r *reader) ask() error {
	if err := r.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	if _, err := r.conn.Write(r.poll); err != nil {
		return err
	}
	code, length, err := readHead(r.in)
	if err != nil {
		return err
	}
	if code != r.code {
		return fmt.Errorf("answered %d where %d was to come", code, r.code)
	}
	if code == http.StatusNotModified {
		return nil
	}
	_, err = r.in.Discard(length)
	return err
}

// readHead reads the head of an answer: its code, and how long its body is.
func readHead(in *bufio.Reader) (code, length int, err error) {
	length = -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		name, value, _ := strings.Cut(string(line), ":")
		switch {
		case code == 0:
			f := bytes.Fields(line)
			if len(f) < 2 {
				return 0, 0, errors.New("no status line")
			}
			if code, err = strconv.Atoi(string(f[1])); err != nil {
				return 0, 0, err
			}
		case len(line) == 0:
			if length < 0 && code == http.StatusOK {
				return 0, 0, errors.New("no Content-Length")
			}
			return code, length, nil
		case strings.EqualFold(name, "Content-Length"):
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return 0, 0, err
			}
		}
	}
}
