package feed

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
