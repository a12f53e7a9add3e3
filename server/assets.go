package server

import (
	"net/http"
	"path"
	"strconv"
	"sync"

	"feedwright/feed"
)

// asset is a file of the pages: its name holds its hash, so it never changes.
type asset struct {
	name string
	kind string
	body [codings][]byte
}

// assetTypes are the content types of what pages are made of.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

// packed are all assets, compressed once, when the first is asked for: that
// takes 40 MB for a moment, which programs without readers can do without.
var packed = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for name, body := range feed.PageAssets() {
		kind := assetTypes[path.Ext(name)]
		if kind == "" {
			kind = "application/octet-stream"
		}
		a := asset{name: name, kind: kind}
		for c := range codings {
			small, err := feed.Compress(encodingOf[c], body)
			if err != nil || len(small) > len(body) {
				small = nil // sent as it is
			}
			a.body[c] = small
		}
		all[name] = a
	}
	return all
})

// asset answers /assets/<hash>.css and its kin.
func (s *Server) asset(x *exchange, r *http.Request, name string) {
	x.kind = kindAsset
	a, ok := packed()[name]
	if !ok {
		s.notFound(x, r, feed.Address{})
		return
	}
	c, _ := acceptEncoding(r.Header["Accept-Encoding"])
	if a.body[c] == nil {
		c = identity
	}
	h := x.Header()
	h.Set("Etag", `"`+a.name+suffixOf[c]+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h["Vary"] = varyEncoding
	if ifNoneMatch(r.Header["If-None-Match"], a.name).any {
		x.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Content-Security-Policy", sandboxPolicy)
	if coded := encodingName[c]; coded != nil {
		h["Content-Encoding"] = coded
	}
	s.send(x, r, a.body[c])
}

// send writes a small body that stands ready.
func (s *Server) send(x *exchange, r *http.Request, body []byte) {
	x.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		x.Write(body)
	}
}

// robots lets everything be read but filters: their number has no end.
func (s *Server) robots(x *exchange, r *http.Request) {
	x.kind = kindAsset
	h := x.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=86400")
	s.send(x, r, []byte("User-agent: *\nDisallow: "+s.o.Prefix+"/*?\n"))
}

// favicon says that there is none here: pages name their icon themselves.
func (s *Server) favicon(x *exchange) {
	x.kind = kindAsset
	x.Header().Set("Cache-Control", "public, max-age=86400")
	x.WriteHeader(http.StatusNoContent)
}
