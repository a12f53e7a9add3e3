package feed

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"strings"

	"feedwright/article"
)

// ETag names the bytes of a document before they are rendered: 26 characters
// of [0-9a-v], without quotes (RFC 9110 §8.8.3). Equal tags mean equal bytes,
// in every coding of Compress.
//
// version is the program's; revs are the items' Revision.Hash in their order,
// which must cover all that an item shows, its id and addresses included. The
// channel is hashed as the format writes it, without items: so a setting that
// is shown can't be forgotten here, and one that this format does not show
// moves no tag.
func ETag(version string, f Format, ch *Channel, revs []article.Hash) string {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part([]byte(version))
	part([]byte(CompressVersion))
	part([]byte(f))
	part(shown(f, ch))
	if len(revs) > 0 {
		part([]byte(ch.Content)) // how much of each item is shown
	}
	for _, r := range revs {
		h.Write(r[:])
	}
	sum := h.Sum(nil)
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// shown is the channel as a format writes it. A page, which is not written
// here, may show all of it.
func shown(f Format, ch *Channel) []byte {
	for _, e := range Encoders() {
		if e.Format() != f {
			continue
		}
		if b, err := e.Feed(ch, nil); err == nil {
			return b
		}
	}
	b, err := json.Marshal(ch)
	if err != nil { // a date that JSON cannot write; no document is made of such a channel
		return []byte(err.Error())
	}
	return b
}
