package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

// codings are the ones that readers ask for, the best last.
var codings = []string{"identity", "gzip", "zstd", "br"}

// wire measures bytes: documents in each coding beside gzip -9, the head of a
// 304, and what a reader that takes deltas gets after one new article.
func (b *bench) wire(ctx context.Context) error {
	s, err := b.live(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := b.packed(ctx, s); err != nil {
		return err
	}
	if err := b.heads(ctx, s); err != nil {
		return err
	}
	if err := b.deltas(ctx, s); err != nil {
		return err
	}
	return s.stop()
}

// packed compares the codings of the feed of everything with gzip -9.
func (b *bench) packed(ctx context.Context, s *site) error {
	x := row{What: "bytes: the feed of everything, 50 articles, in RSS (Atom and JSON held to the same)", Goal: "br and zstd better than gzip -9", Reached: yes, Figures: map[string]float64{}}
	for i, f := range formats {
		size := map[string]int{}
		var plain []byte
		for _, c := range codings {
			a, err := s.answers(ctx, "/"+f, http.StatusOK, "Accept-Encoding: "+c)
			if err != nil {
				return err
			}
			if got := a.header.Get("Content-Encoding"); got != c && (c != "identity" || got != "") {
				return fmt.Errorf("/%s in %s comes as %q", f, c, got)
			}
			if size[c] = len(a.body); c == "identity" {
				plain = a.body
			}
		}
		best, by, err := gzip9(ctx, plain)
		if err != nil {
			return err
		}
		if size["br"] >= best || size["zstd"] >= best {
			x.Reached = no
		}
		for c, n := range size {
			x.Figures["wire."+f+"."+c+".bytes"] = float64(n)
		}
		x.Figures["wire."+f+".gzip9.bytes"] = float64(best)
		if i == 0 {
			x.Ours = fmt.Sprintf("br %s, zstd %s, gzip %s, plain %s", weight(int64(size["br"])), weight(int64(size["zstd"])), weight(int64(size["gzip"])), weight(int64(size["identity"])))
			x.Peer = by + " " + weight(int64(best))
			x.Ratio = fmt.Sprintf("br %.3f, zstd %.3f", float64(size["br"])/float64(best), float64(size["zstd"])/float64(best))
		}
	}
	b.rows = append(b.rows, x)
	return nil
}

// gzip9 packs bytes as well as gzip can, and says which gzip did.
func gzip9(ctx context.Context, plain []byte) (int, string, error) {
	if path, err := exec.LookPath("gzip"); err == nil {
		cmd := exec.CommandContext(ctx, path, "-9", "-n", "-c")
		cmd.Stdin = bytes.NewReader(plain)
		out, err := cmd.Output()
		return len(out), "gzip -9", err
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return 0, "", err
	}
	if _, err := w.Write(plain); err != nil {
		return 0, "", err
	}
	return out.Len(), "gzip -9 of Go (no gzip installed)", w.Close()
}

// heads counts the bytes of a 304, all of which are its head.
func (b *bench) heads(ctx context.Context, s *site) error {
	most := 0
	for _, f := range formats {
		a, err := s.answers(ctx, "/"+f, http.StatusOK, asksGzip)
		if err != nil {
			return err
		}
		n, err := rawLength(ctx, s.url, "/"+f, a.etag())
		if err != nil {
			return err
		}
		most = max(most, n)
	}
	b.rows = append(b.rows, row{
		What: "bytes: a whole 304", Goal: "under 400", Ours: weight(int64(most)), Peer: "–", Ratio: "–", Reached: reached(most < 400),
		Figures: map[string]float64{"wire.304.bytes": float64(most)},
	})
	return nil
}

// rawLength polls over a connection of its own and counts all bytes that come.
func rawLength(ctx context.Context, site, path, tag string) (int, error) {
	host := strings.TrimPrefix(site, "http://")
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\nIf-None-Match: %s\r\n\r\n", path, host, asksGzip, tag); err != nil {
		return 0, err
	}
	var got []byte
	buf := make([]byte, 4096)
	for !bytes.HasSuffix(got, []byte("\r\n\r\n")) {
		n, err := conn.Read(buf)
		if err != nil {
			return 0, err
		}
		got = append(got, buf[:n]...)
	}
	if !bytes.HasPrefix(got, []byte("HTTP/1.1 304 ")) {
		return 0, fmt.Errorf("%s is no 304: %q", path, got[:min(len(got), 40)])
	}
	return len(got), nil
}

// deltas publishes one article and asks as a reader that takes deltas: what it
// gets is held against the whole document in the same coding.
func (b *bench) deltas(ctx context.Context, s *site) error {
	const path = "/rss.xml"
	a, err := s.answers(ctx, path, http.StatusOK, "Accept-Encoding: identity", "A-Im: feed")
	if err != nil {
		return err
	}
	old := a.etag()
	if _, err := b.drop(b.another("A new one", time.Now(), 4096)); err != nil {
		return err
	}
	err = until(ctx, 10*time.Millisecond, func() bool {
		a, err := get(ctx, s.client, s.url+path)
		return err == nil && a.etag() != old
	})
	if err != nil {
		return err
	}
	x := row{What: "bytes: 226 after one new article of 4 KB", Goal: "≤ 5 % of the document", Peer: "–", Ratio: "–", Figures: map[string]float64{}}
	worst := 0.0
	var told []string
	for _, c := range codings {
		whole, err := s.answers(ctx, path, http.StatusOK, "Accept-Encoding: "+c)
		if err != nil {
			return err
		}
		delta, err := s.answers(ctx, path, http.StatusIMUsed, "Accept-Encoding: "+c, "A-Im: feed", "If-None-Match: "+old)
		if err != nil {
			return err
		}
		share := float64(len(delta.body)) / float64(len(whole.body))
		worst = max(worst, share)
		told = append(told, fmt.Sprintf("%s %s (%.1f %%)", c, weight(int64(len(delta.body))), 100*share))
		x.Figures["wire.226."+c+".share"] = share
	}
	x.Ours, x.Reached = strings.Join(told, ", "), reached(worst <= 0.05)
	b.rows = append(b.rows, x)
	return nil
}
