package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"feedwright/article"
	"feedwright/feed"
)

// siteWriter asks the server for every address, without a network, and writes
// what it answers: so a static build cannot differ from what is served.
type siteWriter struct {
	s        *site
	handler  http.Handler
	prefix   string // of site.url, unescaped
	tree     *tree
	owned    map[string]*builtFile // what stood there before, by file
	zip      bool
	bar      *progress
	edition  time.Time
	done     atomic.Int64
	mu       sync.Mutex
	manifest manifest
}

// answer is a ResponseWriter that keeps headers and hands the body on.
type answer struct {
	header http.Header
	code   int
	body   io.Writer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(code int) {
	if a.code == 0 && code >= 200 {
		a.code = code
	}
}
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.code != http.StatusOK {
		return len(b), nil // an error's sentence is no document
	}
	return a.body.Write(b)
}

// ask has the server answer one request. p is unescaped and without the prefix.
func (w *siteWriter) ask(ctx context.Context, method, p, encoding string, body io.Writer) (*answer, error) {
	u := url.URL{Scheme: "http", Host: "localhost", Path: w.prefix + p}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", p, err)
	}
	r.RequestURI, r.RemoteAddr = u.RequestURI(), "127.0.0.1:0"
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	a := &answer{header: http.Header{}, body: body}
	w.handler.ServeHTTP(a, r)
	return a, ctx.Err()
}

// all writes every file and the manifest.
func (w *siteWriter) all(ctx context.Context) error {
	list, err := addresses(ctx, w.s)
	if err != nil {
		return err
	}
	media, err := w.mediaNamed(ctx)
	if err != nil {
		return err
	}
	var small []string
	for name := range feed.PageAssets() {
		small = append(small, "/assets/"+name)
	}
	if w.prefix == "" { // it is looked for at the root of a host only
		small = append(small, "/robots.txt")
	}
	total := len(list) + len(media) + len(small)

	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	each := func(f func() error) {
		g.Go(func() error {
			if err := gctx.Err(); err != nil {
				return err
			}
			defer func() { w.bar.set(int(w.done.Add(1)), total) }()
			return f()
		})
	}
	for _, a := range list {
		each(func() error { return w.document(gctx, a) })
	}
	for _, m := range media {
		each(func() error { return w.media(gctx, m) })
	}
	for _, p := range small {
		each(func() error { return w.file(gctx, p, p) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := w.aliases(ctx); err != nil {
		return err
	}
	w.manifest.sort()
	b, err := json.MarshalIndent(&w.manifest, "", " ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return w.tree.put(manifestName, append(b, '\n'), time.Time{})
}

// private counts the feeds that are not written.
func (w *siteWriter) private() int {
	n := 0
	for i := range w.s.loaded.Config.Feeds {
		if w.s.loaded.Config.Feeds[i].Private() {
			n++
		}
	}
	return n
}

// mediaNamed lists the local files that articles name, public or not.
func (w *siteWriter) mediaNamed(ctx context.Context) ([]string, error) {
	named := map[string]bool{}
	err := w.s.store.Files(ctx, func(f article.FileState) error {
		for _, m := range f.Media {
			named[m] = true
		}
		return nil
	})
	var list []string
	for m := range named {
		list = append(list, m)
	}
	slices.Sort(list)
	return list, err
}

// document writes a feed or a page.
func (w *siteWriter) document(ctx context.Context, a feed.Address) error {
	p, err := url.PathUnescape(a.Path())
	if err != nil {
		return fmt.Errorf("address %s: %w", a.Path(), err)
	}
	err = w.file(ctx, p, p)
	if err == nil || ctx.Err() != nil {
		return err
	}
	// The server says no more than that it failed; the library knows why.
	found, why := w.s.publisher.Find(ctx, a)
	if why == nil {
		_, why = found.Body(ctx, feed.Identity)
	}
	if why != nil {
		return why
	}
	return err
}

// file writes what the server answers at an address p into the file of the
// address as.
func (w *siteWriter) file(ctx context.Context, p, as string) error {
	name, err := fileOf(as)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	got, err := w.ask(ctx, http.MethodGet, p, "", &body)
	if err != nil {
		return err
	}
	if got.code != http.StatusOK {
		return fmt.Errorf("%s is answered with %d %s", p, got.code, http.StatusText(got.code))
	}
	f := describe(as, name, got)
	f.Size = int64(body.Len())
	if err := w.tree.put(name, body.Bytes(), f.LastModified); err != nil {
		return err
	}
	if w.zip {
		body.Reset()
		packed, err := w.ask(ctx, http.MethodGet, p, "gzip", &body)
		if err != nil {
			return err
		}
		if f.Gzip = packed.code == http.StatusOK && packed.header.Get("Content-Encoding") == "gzip"; f.Gzip {
			if err := w.tree.put(name+".gz", body.Bytes(), f.LastModified); err != nil {
				return err
			}
		}
	}
	w.note(f)
	return nil
}

// describe is a manifest's line of an answer.
func describe(p, name string, a *answer) builtFile {
	f := builtFile{Path: p, File: name, Type: a.header.Get("Content-Type"), ETag: a.header.Get("ETag")}
	if t, err := http.ParseTime(a.header.Get("Last-Modified")); err == nil {
		f.LastModified = t.UTC()
	}
	return f
}

func (w *siteWriter) note(f builtFile) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.manifest.Files = append(w.manifest.Files, f)
}

// media writes a picture, a sound or a film, if a public article names it. One
// that the last build wrote, of the same hash, is not read.
func (w *siteWriter) media(ctx context.Context, file string) error {
	p := "/media/" + file
	name, err := fileOf(p)
	if err != nil {
		return err
	}
	head, err := w.ask(ctx, http.MethodHead, p, "", io.Discard)
	if err != nil || head.code == http.StatusNotFound || head.code == http.StatusGone {
		return err
	}
	if head.code != http.StatusOK {
		return fmt.Errorf("%s is answered with %d %s", p, head.code, http.StatusText(head.code))
	}
	f := describe(p, name, head)
	if _, err := fmt.Sscan(head.header.Get("Content-Length"), &f.Size); err != nil {
		return fmt.Errorf("%s: its length is not told: %w", p, err)
	}
	if old := w.owned[name]; old != nil && f.ETag != "" && old.ETag == f.ETag && old.Size == f.Size && w.tree.untouched(name, f.Size, old.LastModified) {
		f.LastModified = old.LastModified
		w.note(f)
		return w.tree.keep(name)
	}
	err = w.tree.stream(name, f.LastModified, func(to io.Writer) error {
		got, err := w.ask(ctx, http.MethodGet, p, "", to)
		if err == nil && got.code != http.StatusOK {
			err = fmt.Errorf("%s is answered with %d %s", p, got.code, http.StatusText(got.code))
		}
		return err
	})
	if err != nil {
		return err
	}
	w.note(f)
	return nil
}

// knownAliases are the addresses that the server answers beside the canonical
// ones; whatever it does not answer is left out.
var knownAliases = []string{"/feed", "/feed/", "/feed.xml", "/index.xml", "/rss", "/rss/", "/atom", "/atom/"}

// aliases notes the further addresses of feeds, and writes a file for each whose
// name tells a static host what it is.
func (w *siteWriter) aliases(ctx context.Context) error {
	canonical := map[string]string{} // ETag → path
	for _, p := range []string{"/rss.xml", "/atom.xml", "/feed.json"} {
		got, err := w.ask(ctx, http.MethodHead, p, "", io.Discard)
		if err != nil {
			return err
		}
		if tag := got.header.Get("ETag"); tag != "" && got.code == http.StatusOK {
			canonical[tag] = p
		}
	}
	for _, a := range slices.Concat(knownAliases, w.s.loaded.Config.Server.Aliases) {
		a = path.Join("/", strings.TrimPrefix(a, w.prefix+"/")) + trailing(a)
		got, err := w.ask(ctx, http.MethodHead, a, "", io.Discard)
		if err != nil {
			return err
		}
		to := canonical[got.header.Get("ETag")]
		if got.code != http.StatusOK || to == "" || to == a {
			continue
		}
		w.manifest.Aliases[a] = to
		if fileType(a) && !slices.ContainsFunc(w.manifest.Files, func(f builtFile) bool { return f.Path == a }) {
			if err := w.file(ctx, a, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func trailing(a string) string {
	if len(a) > 1 && strings.HasSuffix(a, "/") {
		return "/"
	}
	return ""
}
