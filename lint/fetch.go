package lint

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Limits of Fetch.
const (
	maxFetch     = 10 << 20 // bytes, decompressed
	fetchTimeout = 30 * time.Second
	maxRedirects = 5
)

// FetchOptions says how to fetch.
type FetchOptions struct {
	UserAgent string       // "" for the one of this package
	Client    *http.Client // nil for a plain one; its Timeout and CheckRedirect are ours
	Now       func() time.Time
}

// ErrTooLong is returned for a document that no reader would read to its end.
var ErrTooLong = errors.New("longer than 10 MB")

// Page is an answer to a request for a feed.
type Page struct {
	URL    string // where it was found at last
	Status int
	Header http.Header
	Body   []byte // decompressed
	Moved  []int  // statuses of the redirects that led here
}

// fetcher asks one address several times.
type fetcher struct {
	client    *http.Client
	userAgent string
}

func newFetcher(o FetchOptions) *fetcher {
	client := &http.Client{}
	if o.Client != nil {
		*client = *o.Client
	}
	client.Timeout = fetchTimeout
	if o.UserAgent == "" {
		o.UserAgent = "feedwright-check/1.0"
	}
	return &fetcher{client, o.UserAgent}
}

// Fetch gets a document: at most 10 MB, in 30 seconds, over 5 redirects. Since
// a person asks for it, it goes wherever it is sent, this machine included.
func Fetch(ctx context.Context, address string, o FetchOptions) (*Page, error) {
	return newFetcher(o).get(ctx, address, nil)
}

// get asks once, with more headers; without Accept-Encoding it asks for gzip.
func (f *fetcher) get(ctx context.Context, address string, more http.Header) (*Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	req.Header.Set("User-Agent", f.userAgent)
	req.Header.Set("Accept", "application/rss+xml, application/atom+xml, application/feed+json, text/x-opml, application/xml;q=0.9, */*;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip")
	for name, v := range more {
		req.Header[name] = v
	}
	p := &Page{}
	client := *f.client
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return fmt.Errorf("more than %d redirects", maxRedirects)
		}
		p.Moved = append(p.Moved, next.Response.StatusCode)
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	defer resp.Body.Close()
	p.URL, p.Status, p.Header = resp.Request.URL.String(), resp.StatusCode, resp.Header
	if p.Body, err = readBody(resp); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	return p, nil
}

func readBody(resp *http.Response) ([]byte, error) {
	var r io.Reader = resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(resp.Body)
		if errors.Is(err, io.EOF) {
			return nil, nil // a 304 or an empty answer that names an encoding
		}
		if err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
		r = z
	}
	b, err := io.ReadAll(io.LimitReader(r, maxFetch+1))
	if err == nil && len(b) > maxFetch {
		err = ErrTooLong
	}
	return b, err
}
