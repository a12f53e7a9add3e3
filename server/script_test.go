package server

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestHTTPScripts plays testdata/http/*.txt against a real server. A script is
// made of exchanges with an empty line between them:
//
//	# what is promised
//	> GET /rss.xml
//	> If-None-Match: "a1rss"
//	< 304
//	< Etag: "a1rss"      equal
//	< Date: ~ GMT$       matches
//	< !Content-Type      absent
//	= text               the body holds it; "=" alone: the body is empty
//	% renders 0          documents rendered since the start
//
// Before the first, "@ prefix /news", "@ alias /old.xml", "@ starting" (nothing
// is ready), "@ broken" (nothing can be rendered) and "@ admin" set the stage.
func TestHTTPScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/http/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts in testdata/http")
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			play(t, string(raw))
		})
	}
}

func play(t *testing.T, script string) {
	lib := newLibrary()
	o := Options{Version: "1.0", Now: func() time.Time { return now }}
	admin := false
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	var srv *httptest.Server
	var res *http.Response
	var body string
	var req *http.Request
	sent := func(line int) {
		if req == nil {
			return
		}
		var err error
		if res, err = client.Do(req); err != nil {
			t.Fatalf("line %d: %v", line, err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatalf("line %d: %v", line, err)
		}
		body, req = string(b), nil
	}
	checks := 0
	sc := bufio.NewScanner(strings.NewReader(script))
	for n := 1; sc.Scan(); n++ {
		mark, rest, _ := strings.Cut(sc.Text(), " ")
		switch mark {
		case "", "#":
		case "@":
			what, value, _ := strings.Cut(rest, " ")
			switch what {
			case "prefix":
				o.Prefix = value
			case "alias":
				o.Aliases = append(o.Aliases, value)
			case "starting":
				lib.ready = fmt.Errorf("reading 297 files")
			case "broken":
				lib.broken = errDisk
			case "admin":
				admin = true
			default:
				t.Fatalf("line %d: what is %q?", n, rest)
			}
		case ">":
			if srv == nil {
				s := New(lib, o)
				h := s.Public()
				if admin {
					h = s.Admin()
				}
				srv = httptest.NewServer(h)
				defer srv.Close()
			}
			if key, value, ok := strings.Cut(rest, ": "); ok && req != nil {
				req.Header.Add(key, value)
				continue
			}
			method, target, _ := strings.Cut(rest, " ")
			var err error
			if req, err = http.NewRequest(method, srv.URL+target, nil); err != nil {
				t.Fatalf("line %d: %v", n, err)
			}
			req.Header.Set("User-Agent", "")
		case "<":
			sent(n)
			checks++
			checkHead(t, n, res, rest)
		case "=":
			sent(n)
			checks++
			if rest == "" && body != "" || !strings.Contains(body, rest) {
				t.Errorf("line %d: body %q, want %q in it", n, body, rest)
			}
		case "%":
			sent(n)
			checks++
			if got := fmt.Sprintf("renders %d", lib.renders.Load()); got != rest {
				t.Errorf("line %d: %s, want %s", n, got, rest)
			}
		default:
			t.Fatalf("line %d: what is %q?", n, sc.Text())
		}
	}
	if checks == 0 || req != nil {
		t.Fatal("the script checks nothing, or ends in a request that nothing checks")
	}
}

func checkHead(t *testing.T, line int, res *http.Response, want string) {
	t.Helper()
	if code, err := strconv.Atoi(want); err == nil {
		if res.StatusCode != code {
			t.Errorf("line %d: status %d, want %d", line, res.StatusCode, code)
		}
		return
	}
	if key, absent := strings.CutPrefix(want, "!"); absent {
		if v, ok := res.Header[http.CanonicalHeaderKey(key)]; ok {
			t.Errorf("line %d: there is a %s: %q", line, key, v)
		}
		return
	}
	key, value, ok := strings.Cut(want, ": ")
	if !ok {
		t.Fatalf("line %d: what is %q?", line, want)
	}
	got := strings.Join(res.Header.Values(key), " | ")
	if pattern, ok := strings.CutPrefix(value, "~ "); ok {
		if !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("line %d: %s: %q does not match %s", line, key, got, pattern)
		}
		return
	}
	if got != value {
		t.Errorf("line %d: %s: %q, want %q", line, key, got, value)
	}
}
