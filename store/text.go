package store

import (
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Kinds of stored text: the first byte says which.
const (
	plainText   = 0
	packedText  = 1
	spooledText = 2 // not here: its place in the spool
)

// minPacked is the length under which packing does not pay.
const minPacked = 200

// The codecs keep no state between calls and are safe for concurrent use; they
// are dear to make.
var (
	encoder = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<17), zstd.WithSingleSegment(true))
		if err != nil {
			panic(err) // constant options
		}
		return e
	})
	decoder = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			panic(err) // constant options
		}
		return d
	})
)

// deflate packs a text for the database.
func deflate(s string) []byte {
	if len(s) < minPacked {
		return append([]byte{plainText}, s...)
	}
	return encoder().EncodeAll([]byte(s), []byte{packedText})
}

// inflate gives a stored text. A pruned one is empty.
func (s *Store) inflate(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	switch b[0] {
	case plainText:
		return string(b[1:]), nil
	case packedText:
		text, err := decoder().DecodeAll(b[1:], nil)
		if err != nil {
			return "", fmt.Errorf("unpack text: %w", err)
		}
		return string(text), nil
	case spooledText:
		p, err := unpackPlace(b)
		if err != nil {
			return "", err
		}
		return s.spool.read(p)
	}
	return "", errors.New("unpack text: unknown packing")
}
