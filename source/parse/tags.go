package parse

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/dhowden/tag"

	"feedwright/article"
	"feedwright/source/parse/dates"
)

// soundTags are what a sound file says of itself.
type soundTags struct {
	title, artist, comment string
	date                   string // as written, with a day at least
	track                  int
}

// Bounds of reading tags: bytes, and pieces, because some containers can be
// nested as deep as a file is long.
const (
	maxTagBytes  = 32 << 20
	maxTagPieces = 100_000
)

// tagsOf reads a file's tags; nothing where there are none, or none that can be
// read: an episode has a name and a text without them.
func tagsOf(fsys fs.FS, name string) (t soundTags) {
	f, err := fsys.Open(name)
	if err != nil {
		return t
	}
	defer f.Close()
	in, ok := f.(io.ReadSeeker)
	if !ok {
		return t
	}
	defer func() {
		if recover() != nil { // the reader of tags trusts lengths that files give
			t = soundTags{}
		}
	}()
	m, err := tag.ReadFrom(&bounded{ReadSeeker: in})
	if m == nil || err != nil {
		return t
	}
	t = soundTags{title: oneLine(m.Title()), artist: oneLine(cmp.Or(m.Artist(), m.AlbumArtist())), comment: commentOf(m)}
	t.track, _ = m.Track()
	raw := m.Raw()
	for _, key := range []string{"TDRL", "TDRC", "TDOR", "\xa9day", "date"} {
		if s, ok := raw[key].(string); ok && dayLong.MatchString(cleaned(s)) {
			t.date = cleaned(s)
			break
		}
	}
	return t
}

// dayLong is a date that names a day; a year alone dates nothing.
var dayLong = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)

// commentOf finds the text that tells what is heard. ID3 keeps several, some of
// them notes of programs.
func commentOf(m tag.Metadata) string {
	raw := m.Raw()
	for _, key := range []string{"TDES", "description", "ldes", "desc"} {
		if s, ok := raw[key].(string); ok && cleaned(s) != "" {
			return cleaned(s)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		c, ok := raw[key].(*tag.Comm)
		if !ok || !strings.HasPrefix(key, "COM") && !strings.HasPrefix(key, "TXX") {
			continue
		}
		switch d := strings.ToLower(cleaned(c.Description)); {
		case d == "" && strings.HasPrefix(key, "COM"), d == "comment", d == "description":
			if s := cleaned(c.Text); s != "" {
				return s
			}
		}
	}
	if m.Format() == tag.MP4 || m.Format() == tag.VORBIS {
		return cleaned(m.Comment())
	}
	return ""
}

func cleaned(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return short(strings.Trim(article.Clean(s), "\x00 \n\t"), 100_000)
}

func oneLine(s string) string { return short(article.Line(cleaned(s)), 500) }

// addTags fills what text and name leave open from the tags.
func (r *reading) addTags(t soundTags) {
	x := &r.out.Fields
	season, number, rest := numberedName(stem(r.f.Path))
	switch {
	case x.Title != "":
	case t.title != "":
		x.Title = t.title
		r.note(0, "title", "tag of the sound file", t.title)
	case r.out.Markup == article.PlainText && r.out.Body == t.comment: // no text of its own
		x.Title = readable(rest)
		r.note(0, "title", "file name", x.Title)
	}
	if t.artist != "" && len(x.Authors) == 0 {
		x.Authors = []article.Author{person(t.artist)}
		r.note(0, "authors", "tag of the sound file", t.artist)
	}
	if t.date != "" && x.Published.IsZero() && r.unread == nil {
		if d, _, err := dates.Parse(t.date, r.p.zone, r.p.lang); err == nil {
			x.Published = d
			r.note(0, "published", "tag of the sound file", t.date)
		}
	}
	if season > 0 && (x.Episode == nil || x.Episode.Season == 0) {
		r.told().Season = season
	}
	if n := cmp.Or(number, t.track); n > 0 && (x.Episode == nil || x.Episode.Number == 0) {
		r.told().Number = n
		r.note(0, "episode", "name or tag of the sound file", "")
	}
}

// bounded reads so much and no more, in so many pieces.
type bounded struct {
	io.ReadSeeker
	bytes, pieces int
}

var errTooMuch = errors.New("the tags are too large")

func (b *bounded) Read(p []byte) (int, error) {
	if b.pieces++; b.pieces > maxTagPieces || b.bytes > maxTagBytes {
		return 0, errTooMuch
	}
	n, err := b.ReadSeeker.Read(p[:min(len(p), maxTagBytes+1)])
	b.bytes += n
	return n, err
}
