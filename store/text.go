package store

import (
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Kinds of stored text: the first byte says which.
const (
	plainText  = 0
	packedText = 1
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

// inflate is the reverse. A pruned text is empty.
func inflate(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	switch b[0] {
	case plainText:
		return string(b[1:]), nil
	case packedText:
		s, err := decoder().DecodeAll(b[1:], nil)
		if err != nil {
			return "", fmt.Errorf("unpack text: %w", err)
		}
		return string(s), nil
	}
	return "", errors.New("unpack text: unknown packing")
}
