package parse

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	picture "image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	_ "image/png"  // sizes of pictures
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	_ "golang.org/x/image/webp" // sizes of pictures

	"feedwright/article"
	soundlength "feedwright/source/parse/duration"
)

// mediaTypes are the media we know, by extension: the machine's own table is
// not asked, so that every machine says the same.
var mediaTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac", ".wav": "audio/wav",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".ogv": "video/ogg", ".mkv": "video/x-matroska",
	".pdf": "application/pdf", ".epub": "application/epub+zip", ".zip": "application/zip",
	".vtt": "text/vtt", ".srt": "application/x-subrip",
}

// IsMedia says whether a file of this name is a picture, sound, film or document
// that an article may carry.
func IsMedia(name string) bool { return mediaTypes[strings.ToLower(path.Ext(name))] != "" }

// ReadMedia reads a local file's facts: type by content, then by name; length,
// hash, a picture's size and how long sound or film lasts. It streams, however
// large the file is.
func ReadMedia(fsys fs.FS, name string) (article.Media, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return article.Media{}, fmt.Errorf("media %s: %w", name, err)
	}
	defer f.Close()
	m := article.Media{Path: name}
	info, err := f.Stat()
	if err != nil {
		return m, fmt.Errorf("media %s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return m, fmt.Errorf("media %s: it is no file: %w", name, fs.ErrInvalid)
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return m, fmt.Errorf("media %s: %w", name, err)
	}
	head = head[:n]
	h := sha256.New()
	h.Write(head)
	rest, err := io.Copy(h, f)
	if err != nil {
		return m, fmt.Errorf("media %s: %w", name, err)
	}
	m.Length = int64(n) + rest
	copy(m.Hash[:], h.Sum(nil))
	m.Type = mediaType(name, head)
	if at, ok := f.(io.ReadSeeker); ok {
		measureMedia(&m, at)
	}
	return m, nil
}

// mediaType trusts content where it is sure, else the name.
func mediaType(name string, head []byte) string {
	byName := mediaTypes[strings.ToLower(path.Ext(name))]
	found, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	switch found {
	case "audio/x-m4a":
		found = "audio/mp4"
	case "application/ogg", "application/octet-stream", "text/plain", "application/x-ogg", "text/xml", "text/html":
		found = ""
	case "audio/x-wav":
		found = "audio/wav"
	case "audio/x-flac":
		found = "audio/flac"
	}
	if byName == "audio/mp4" && found == "video/mp4" {
		return byName // the container does not tell
	}
	return cmp.Or(found, byName, "application/octet-stream")
}

// measureMedia adds size and duration where they can be read.
func measureMedia(m *article.Media, f io.ReadSeeker) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return
	}
	switch kind, _, _ := strings.Cut(m.Type, "/"); kind {
	case "image":
		if c, _, err := picture.DecodeConfig(f); err == nil {
			m.Width, m.Height = c.Width, c.Height
		}
	case "audio", "video":
		m.Duration = soundlength.Of(f, m.Length)
	}
}

// maxRefs bounds how many local files one article may name.
const maxRefs = 300

// findMedia resolves what image, attachments and body name to files of the
// folder and reads their facts.
func (r *reading) findMedia() {
	x := &r.out.Fields
	if x.Image != nil {
		if p := r.local(x.Image.URL, true); p != "" {
			x.Image.Path, x.Image.URL = p, ""
		} else if !absolute(x.Image.URL) && x.Image.Path == "" {
			x.Image = nil
		}
	}
	for i := range x.Attachments {
		a := &x.Attachments[i]
		if p := r.local(a.URL, true); p != "" {
			a.Path, a.URL = p, ""
		}
	}
	x.Attachments = slices.DeleteFunc(x.Attachments, func(a article.Attachment) bool { return a.Path == "" && !absolute(a.URL) })
	r.bodyMedia()
}

// bodyMedia walks over the references of the body; its first picture becomes
// the article's if it has none.
func (r *reading) bodyMedia() {
	if r.out.Markup == article.PlainText {
		return
	}
	x := &r.out.Fields
	for _, ref := range references(r.out.Body) {
		p := r.local(ref.to, ref.shown && !ref.quiet)
		if x.Image != nil || !ref.shown {
			continue
		}
		kind := mediaTypes[strings.ToLower(path.Ext(cmp.Or(p, withoutQuery(ref.to))))]
		switch {
		case !strings.HasPrefix(kind, "image/"):
		case p != "":
			x.Image = &article.Image{Path: p, Alt: ref.alt}
			r.note(0, "image", "first picture of the text", p)
		case absolute(ref.to):
			x.Image = &article.Image{URL: ref.to, Alt: ref.alt}
			r.note(0, "image", "first picture of the text", ref.to)
		}
	}
}

func withoutQuery(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s, _, _ = strings.Cut(s, "#")
	return s
}

// local finds the file of the folder that a reference names and reads its
// facts; "" if there is none. warn says that a missing file is worth a word.
func (r *reading) local(ref string, warn bool) string {
	if ref == "" || strings.Contains(ref, "://") || strings.HasPrefix(ref, "//") || strings.HasPrefix(ref, "data:") || strings.HasPrefix(ref, "#") {
		return ""
	}
	if len(ref) > 1000 || !IsMedia(withoutQuery(ref)) && !IsMedia(ref) {
		return ""
	}
	if r.f.FS == nil || len(r.out.Media) >= maxRefs {
		return ""
	}
	for _, name := range r.candidates(ref) {
		if i := slices.IndexFunc(r.out.Media, func(m article.Media) bool { return m.Path == name }); i >= 0 {
			return name
		}
		info, err := fs.Stat(r.f.FS, name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		m, err := ReadMedia(r.f.FS, name)
		if err != nil {
			r.warn(0, err.Error(), "make the file readable")
			return ""
		}
		r.out.Media = append(r.out.Media, m)
		return name
	}
	if warn && !strings.HasPrefix(ref, "/") && !slices.Contains(r.missing, ref) {
		r.missing = append(r.missing, ref)
		r.warn(r.lineOf(ref), "the file "+short(ref, 200)+" is not there", "add it, or correct its name")
	}
	return ""
}

func (r *reading) lineOf(ref string) int {
	at := strings.Index(r.text, ref)
	if at < 0 {
		return 0
	}
	return 1 + strings.Count(r.text[:at], "\n")
}

// candidates are the paths a reference may mean: as written and unescaped,
// relative to the article's folder, then to the root; never outside.
func (r *reading) candidates(ref string) []string {
	forms := []string{ref}
	if u, err := url.PathUnescape(withoutQuery(ref)); err == nil && u != ref {
		forms = append(forms, u)
	}
	var out []string
	dir := path.Dir(r.f.Path)
	for _, f := range forms {
		f = strings.ReplaceAll(f, `\`, "/")
		if !strings.HasPrefix(f, "/") {
			out = append(out, path.Join(dir, f))
		}
		out = append(out, path.Join(".", path.Clean("/" + f)[1:]))
	}
	return slices.DeleteFunc(slices.Compact(out), func(p string) bool { return p == "." || !fs.ValidPath(p) })
}
