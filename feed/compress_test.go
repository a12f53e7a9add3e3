package feed

import (
	"bytes"
	"io"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func decompress(t *testing.T, enc Encoding, b []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch enc {
	case Gzip:
		r, err = gzip.NewReader(r)
	case Brotli:
		r = brotli.NewReader(r)
	case Zstd:
		r, err = zstd.NewReader(r, zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderConcurrency(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%q: %v", enc, err)
	}
	return out
}

func TestCompressedBytesComeBackAndAreAlwaysTheSame(t *testing.T) {
	items := fifty(t)
	doc, err := jsonEncoder{}.Feed(sampleChannel(), fragments(t, jsonEncoder{}, items))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range [][]byte{nil, []byte("x"), doc, bytes.Repeat(doc, 12)} {
		for _, enc := range []Encoding{Identity, Gzip, Brotli, Zstd} {
			a, err := Compress(enc, in)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Compress(enc, in)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) {
				t.Errorf("%q: two different results for %d bytes", enc, len(in))
			}
			if got := decompress(t, enc, a); !bytes.Equal(got, in) {
				t.Errorf("%q: %d bytes come back as %d", enc, len(in), len(got))
			}
		}
	}
}

func TestBrotliAndZstdAreSmallerThanGzip(t *testing.T) {
	for _, e := range Encoders() {
		doc, err := e.Feed(sampleChannel(), fragments(t, e, fifty(t)))
		if err != nil {
			t.Fatal(err)
		}
		size := map[Encoding]int{}
		for _, enc := range []Encoding{Gzip, Brotli, Zstd} {
			b, err := Compress(enc, doc)
			if err != nil {
				t.Fatal(err)
			}
			size[enc] = len(b)
		}
		if size[Brotli] >= size[Gzip] || size[Zstd] >= size[Gzip] || size[Gzip] >= len(doc)/2 {
			t.Errorf("%s: of %d bytes: %v", e.Format(), len(doc), size)
		}
	}
}

func TestUnknownCodingIsRefused(t *testing.T) {
	if _, err := Compress("deflate", []byte("x")); err == nil {
		t.Error("deflate is taken")
	}
}
