package feed

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"sync"
)

// The files that pages and feeds in a browser are dressed with.
const (
	pageCSS = "page.css"
	feedCSS = "feed.css"
	iconSVG = "icon.svg"
)

// hashed are the assets under /assets/ and how each file is called there.
type hashed struct {
	name  map[string]string // page.css → 1f0c….css
	bytes map[string][]byte // by that name
}

var dressed = sync.OnceValue(func() hashed {
	h := hashed{map[string]string{}, map[string][]byte{}}
	for _, file := range []string{pageCSS, feedCSS, iconSVG} {
		b, err := pageFiles.ReadFile("page/" + file)
		if err != nil {
			panic(err) // embedded: a test finds it first
		}
		sum := sha256.Sum256(b)
		name := fmt.Sprintf("%x", sum[:8]) + path.Ext(file)
		h.name[file], h.bytes[name] = name, b
	}
	return h
})

// FeedStylesheet is the CSS that dresses RSS and Atom in a browser, and its
// name under /assets/. XSLT would do more, but browsers are taking it out.
func FeedStylesheet() (name string, css []byte) {
	h := dressed()
	name = h.name[feedCSS]
	return name, h.bytes[name]
}

// PageAssets are all files under /assets/ by name. A name holds a hash of the
// content, so each may be kept for ever.
func PageAssets() map[string][]byte { return maps.Clone(dressed().bytes) }
