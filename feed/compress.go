package feed

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Encoding is a content coding (RFC 9110 §8.4.1).
type Encoding string

// The codings a document can be kept in. Deflate is never sent: what it means
// differs between programs.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Brotli   Encoding = "br"
	Zstd     Encoding = "zstd"
)

// CompressVersion changes whenever Compress might give other bytes for the same
// document: another library's version, another level. It is part of every ETag.
const CompressVersion = "1"

// Levels: a document is compressed once and sent to thousands.
const (
	gzipLevel   = 9
	brotliLevel = 6
	zstdWindow  = 8 << 20 // the most that a browser takes (RFC 9659 §3)
)

// Compress gives b in a coding, and b itself for Identity. The same bytes give
// the same bytes, on every machine: no time, no name, no parallel blocks.
func Compress(enc Encoding, b []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(b)/3 + 256)
	var w io.WriteCloser
	var err error
	switch enc {
	case Identity:
		return b, nil
	case Gzip:
		w, err = gzip.NewWriterLevel(&out, gzipLevel)
	case Brotli:
		w = brotli.NewWriterLevel(&out, brotliLevel)
	case Zstd:
		w, err = zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithWindowSize(zstdWindow))
	default:
		return nil, fmt.Errorf("compress: no coding %q: use gzip, br or zstd", enc)
	}
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress as %s: %w", enc, err)
	}
	return out.Bytes(), nil
}
