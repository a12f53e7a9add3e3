// Command sweep measures what a stranger who sweeps through random filters does
// to everybody else. It reads the site's categories from its list of feeds,
// polls a few common feeds as readers do, first alone, then beside one client
// that asks for as many random filters as it can, and prints how long the
// readers waited in each case.
//
//	go run ./bench/sweep -url http://127.0.0.1:8080 -filters 100000
package main

import (
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	site := flag.String("url", "http://127.0.0.1:8080", "the site, running")
	filters := flag.Int("filters", 100_000, "random filters that the sweep asks for")
	quiet := flag.Duration("quiet", 20*time.Second, "how long the readers are measured without it")
	items := flag.Int("items", 50, "the most articles that a filter asks for; each asks for a random number")
	every := flag.Duration("every", 10*time.Millisecond, "between two polls")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, strings.TrimRight(*site, "/"), *filters, *items, *quiet, *every); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, site string, filters, items int, quiet, every time.Duration) error {
	slugs, err := categories(ctx, site)
	if err != nil {
		return err
	}
	if len(slugs) < 3 {
		return errors.New("the site has fewer than three categories: sweep a larger one")
	}
	polled := []string{"/rss.xml", "/atom.xml", "/feed.json"}
	for _, s := range slugs[:min(5, len(slugs))] {
		polled = append(polled, "/category/"+url.PathEscape(s)+"/rss.xml")
	}
	polled = append(polled, "/rss.xml?"+query(slugs[0], slugs[1], slugs[2], 0))
	for range 2 { // so that they are kept, as those that readers poll are
		for _, p := range polled {
			if _, _, err := get(ctx, site+p, ""); err != nil {
				return err
			}
		}
		time.Sleep(1100 * time.Millisecond)
	}
	alone, cancel := context.WithTimeout(ctx, quiet)
	before := poll(alone, site, polled, every)
	cancel()
	fmt.Printf("readers alone:    %s\n", spread(before))

	beside, cancel := context.WithCancel(ctx)
	defer cancel()
	var readers sync.WaitGroup
	var during []time.Duration
	readers.Go(func() { during = poll(beside, site, polled, every) })
	began := time.Now()
	codes, waits := sweep(ctx, site, slugs, filters, items)
	took := time.Since(began)
	cancel()
	readers.Wait()
	fmt.Printf("beside the sweep: %s\n", spread(during))
	fmt.Printf("the sweep:        %d filters in %.1f s, answers by code %v, %s\n", len(waits), took.Seconds(), codes, spread(waits))
	return nil
}

// categories reads the slugs of the categories from the list of feeds.
func categories(ctx context.Context, site string) ([]string, error) {
	_, body, err := get(ctx, site+"/feeds.opml", "")
	if err != nil {
		return nil, err
	}
	var slugs []string
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return slugs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the list of feeds: %w", err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if _, rest, ok := strings.Cut(a.Value, "/category/"); ok && a.Name.Local == "xmlUrl" {
				slug, _, _ := strings.Cut(rest, "/")
				slugs = append(slugs, slug)
			}
		}
	}
}

func query(a, b, c string, limit int) string {
	q := url.Values{"q": {fmt.Sprintf("(category:%s OR category:%s) -category:%s", a, b, c)}}
	if limit > 0 {
		q.Set("limit", fmt.Sprint(limit))
	}
	return q.Encode()
}

// sweep asks for random filters, one after the other, each for the first time.
func sweep(ctx context.Context, site string, slugs []string, n, items int) (map[int]int, []time.Duration) {
	r := rand.New(rand.NewPCG(1, 2))
	codes := map[int]int{}
	var waits []time.Duration
	pick := func() string { return slugs[r.IntN(len(slugs))] }
	for i := range n {
		began := time.Now()
		file := []string{"/rss.xml", "/atom.xml", "/feed.json"}[i%3]
		res, _, err := get(ctx, site+file+"?"+query(pick(), pick(), pick(), 1+r.IntN(items)), "")
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			codes[0]++
			continue
		}
		codes[res.StatusCode]++
		waits = append(waits, time.Since(began))
	}
	return codes, waits
}

// poll asks for the feeds in turn, as readers do: with the ETag they have, and
// every tenth time, as a new reader, without.
func poll(ctx context.Context, site string, paths []string, every time.Duration) []time.Duration {
	tags := map[string]string{}
	var waits []time.Duration
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return waits
		case <-tick.C:
		}
		p := paths[i%len(paths)]
		tag := tags[p]
		if i%10 == 0 {
			tag = ""
		}
		began := time.Now()
		res, _, err := get(ctx, site+p, tag)
		if err != nil {
			continue // the end has come
		}
		waits = append(waits, time.Since(began))
		if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNotModified {
			fmt.Fprintf(os.Stderr, "%s: %s\n", p, res.Status)
		}
		tags[p] = res.Header.Get("Etag")
	}
}

func get(ctx context.Context, address, tag string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res, string(b), err
}

func spread(list []time.Duration) string {
	if len(list) == 0 {
		return "nothing was answered"
	}
	slices.Sort(list)
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	return fmt.Sprintf("p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d)", ms(list[len(list)/2]), ms(list[len(list)*99/100]), ms(list[len(list)-1]), len(list))
}
