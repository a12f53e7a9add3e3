package server

import (
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

// sandboxPolicy keeps a file that could carry script from running any.
const sandboxPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

// writePatience is how long one piece of an answer may take to be written.
const writePatience = time.Minute

// media answers a picture, a sound or a film of the folder, whole or in ranges
// (RFC 9110 §14). Which files those are, the Library decides.
func (s *Server) media(x *exchange, r *http.Request, p string) {
	x.kind = kindMedia
	if !fs.ValidPath(p) || p == "." {
		s.notFound(x, r, feed.Address{})
		return
	}
	if s.lib.Ready() != nil {
		s.notReady(x, r)
		return
	}
	m, err := s.lib.Media(r.Context(), p)
	if err != nil {
		s.failWith(x, r, feed.Address{}, err)
		return
	}
	defer m.Close()
	h := x.Header()
	h["Cache-Control"] = []string{cacheControl(s.o.MaxAge, false)}
	switch v := r.URL.Query().Get("v"); {
	case v == "":
	case v == feed.MediaVersion(m.Hash):
		h["Cache-Control"] = []string{versionedMedia}
	default: // what was at this address is no more: another file has its name now
		redirect(x, http.StatusFound, s.o.Prefix+versioned(m))
		return
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Type", "application/octet-stream")
	if m.Type != "" {
		h.Set("Content-Type", m.Type)
	}
	if !harmless(m.Type) {
		h.Set("Content-Disposition", "attachment")
		h.Set("Content-Security-Policy", sandboxPolicy)
	}
	if m.Hash != (article.Hash{}) {
		h.Set("Etag", `"`+hex.EncodeToString(m.Hash[:])+`"`)
	}
	http.ServeContent(&patient{x, http.NewResponseController(x.ResponseWriter)}, r, "", m.ModTime, m.ReadSeekCloser)
}

// versionedMedia is for addresses that name their content: what is there never
// changes, but its article may be withdrawn.
const versionedMedia = "public, max-age=86400, immutable"

// versioned is the address of a file as it is now, without the site's prefix.
func versioned(m *feed.MediaFile) string {
	u := url.URL{Path: "/media/" + m.Path}
	if v := feed.MediaVersion(m.Hash); v != "" {
		u.RawQuery = "v=" + v
	}
	return u.String()
}

// harmless says whether a browser may show a file of this type by itself: it
// runs nothing in it. Anything else, HTML and SVG above all, is downloaded; an
// <img> shows an SVG all the same.
func harmless(mediaType string) bool {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	t = strings.TrimSpace(t)
	major, minor, _ := strings.Cut(t, "/")
	switch major {
	case "image":
		return !strings.Contains(minor, "xml")
	case "audio", "video":
		return true
	}
	return t == "application/pdf" || t == "text/plain"
}

// patient gives each piece of a long answer its own time, so that a film over a
// slow line is not cut off by the limit that guards short answers.
type patient struct {
	*exchange
	rc *http.ResponseController
}

// Write puts the deadline off, then writes.
func (p *patient) Write(b []byte) (int, error) {
	// Where there is no deadline to put off (HTTP tests), writing goes on.
	_ = p.rc.SetWriteDeadline(time.Now().Add(writePatience))
	return p.exchange.Write(b)
}
