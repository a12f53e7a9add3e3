package feed

import (
	"bytes"
	"errors"
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
const CompressVersion = "2"

// Levels: a document is compressed once and sent to thousands. Of 230 KB of
// English articles gzip keeps 32.2 % in 2.6 ms, and with level 9 30.9 % in 8 ms,
// which the few who know nothing better do not repay. Of 300 KB Brotli keeps
// 28.5 % in 18 ms and zstd 28.9 % in 20 ms. Brotli 9 saves another 0.4 % for 8 ms. The next lower zstd
// takes 5 ms, but is no smaller than gzip; this one needs 38 MB while it works,
// so few should work at a time, and Brotli, which whoever knows zstd knows too,
// is the better answer to give.
const (
	gzipLevel   = 6
	brotliLevel = 6
	zstdLevel   = zstd.SpeedBestCompression
	zstdWindow  = 1 << 20 // as much as a feed is long; browsers take 8 MB (RFC 9659 §3)
)

// Compress gives b in a coding, and b itself for Identity. The same bytes give
// the same bytes, on every machine: no time, no name, no parallel blocks.
func Compress(enc Encoding, b []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(b)/3 + 256)
	w, err := compressor(enc, &out)
	if err == nil && w == nil {
		return b, nil
	}
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress as %q: %w", enc, err)
	}
	return out.Bytes(), nil
}

// compressor is nil for Identity.
func compressor(enc Encoding, out io.Writer) (io.WriteCloser, error) {
	switch enc {
	case Identity:
		return nil, nil
	case Gzip:
		return gzip.NewWriterLevel(out, gzipLevel)
	case Brotli:
		return brotli.NewWriterLevel(out, brotliLevel), nil
	case Zstd:
		return zstd.NewWriter(out, zstd.WithEncoderLevel(zstdLevel),
			zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow))
	}
	return nil, errors.New("no such coding: use gzip, br or zstd")
}
