package publish_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/gzip"

	"feedwright/article"
	"feedwright/feed"
)

// Nearly all readers take a coding: for them the plain bytes would be kept for
// nothing.
func TestPlainBytesAreKeptForThoseWhoAskForThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Tide %d", i), dated(time.Now().Add(-time.Hour)), func(p *article.Parsed) {
				p.Body = strings.Repeat(p.Body+"\n\n", 40)
			}))
		}
		ans, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS})
		if err != nil {
			t.Fatal(err)
		}
		body := func(enc feed.Encoding) []byte {
			t.Helper()
			b, err := ans.Body(t.Context(), enc)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		packed := body(feed.Gzip)
		body(feed.Brotli)
		before := h.p.Status()
		for range 3 {
			body(feed.Gzip)
			body(feed.Brotli)
		}
		plain := body(feed.Identity)
		after := h.p.Status()
		if grown := after.CacheUsed - before.CacheUsed; grown != int64(len(plain)) {
			t.Errorf("the cache grew by %d when %d plain bytes were asked for", grown, len(plain))
		}
		const counter = "fragments_encoded"
		if n := after.Counters[counter] - before.Counters[counter]; n != 0 {
			t.Errorf("%d articles were encoded again for it", n)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, plain) {
			t.Errorf("what was compressed is another document (%v)", err)
		}
		body(feed.Zstd)
		if again := body(feed.Identity); &again[0] != &plain[0] {
			t.Error("the plain bytes were put together again though they are asked for")
		}
	})
}
