package publish

import (
	"crypto/sha256"
	"encoding/hex"
)

// name is a document's path as a message may tell it: without the token.
func (d *document) name() string {
	a := d.address
	if a.Token == "" || a.Basic {
		return d.path
	}
	a.Token = "…"
	return a.Path()
}

// key is what a document is remembered by: its path, with a hash of the token.
// Whoever reads the database learns no token from it.
func (d *document) key() string {
	a := d.address
	if a.Token == "" || a.Basic {
		return d.path
	}
	sum := sha256.Sum256([]byte(a.Token))
	a.Token = hex.EncodeToString(sum[:8])
	return a.Path()
}
