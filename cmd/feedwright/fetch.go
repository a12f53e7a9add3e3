package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"feedwright/adopt"
)

// maxPages bounds how many pages of one feed are read.
const maxPages = 500

// feedFiles are the names of a feed in a folder that some program built, in the
// order they are looked for.
var feedFiles = []string{"atom.xml", "rss.xml", "feed.json", "index.xml", "feed.xml", "feed/index.xml"}

// foreignFeed reads a feed by its URL, from a file, or in a folder that holds a
// built site. paged has the pages it goes on with read too. It gives the place
// where the feed was found.
func (a *app) foreignFeed(ctx context.Context, where string, paged bool) (*adopt.Feed, string, error) {
	if !isURL(where) {
		return a.feedOfFile(where)
	}
	f, err := fetchFeed(ctx, where)
	if err != nil || !paged {
		return f, where, err
	}
	seen := map[string]bool{where: true}
	for next := f.Next; next != "" && len(seen) < maxPages && !seen[next] && sameHost(next, where); {
		seen[next] = true
		more, err := fetchFeed(ctx, next)
		if err != nil {
			return nil, where, err
		}
		f.Items = append(f.Items, more.Items...)
		next = more.Next
	}
	return f, where, nil
}

func isURL(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	return err == nil && err2 == nil && strings.EqualFold(u.Host, v.Host) && (u.Scheme == "http" || u.Scheme == "https")
}

func (a *app) feedOfFile(name string) (*adopt.Feed, string, error) {
	path := a.path(name)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		found := ""
		for _, file := range feedFiles {
			if _, err := os.Stat(filepath.Join(path, file)); err == nil {
				found = filepath.Join(path, file)
				break
			}
		}
		if found == "" {
			return nil, name, usage(fmt.Errorf("%s holds no feed: none of %s lies there; name the feed's file itself", name, strings.Join(feedFiles, ", ")))
		}
		path = found
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, name, usage(fmt.Errorf("there is no file %s: name a feed's file, or its address with https:// before it", name))
	}
	if err != nil {
		return nil, name, err
	}
	defer file.Close()
	f, err := readFeed(file, "")
	if err != nil {
		return nil, name, fmt.Errorf("%s: %w", path, err)
	}
	return f, path, nil
}

func readFeed(r io.Reader, base string) (*adopt.Feed, error) {
	raw, err := io.ReadAll(io.LimitReader(r, adopt.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	return adopt.Read(raw, base)
}

// fetchFeed reads one document.
func fetchFeed(ctx context.Context, address string) (*adopt.Feed, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, usage(fmt.Errorf("%s is no address: %w", address, err))
	}
	r.Header.Set("User-Agent", "feedwright/"+version())
	r.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch %s: it answers %s", address, resp.Status)
	}
	f, err := readFeed(resp.Body, resp.Request.URL.String())
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	return f, nil
}
