package parse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"feedwright/article"
	soundlength "feedwright/source/parse/duration"
)

// Episodes: a file of sound or film is an article by itself. Its tags and a
// text beside it, of the same name, tell what there is to say of it.
//
// The data's path: sound file → whole to the last frame? → facts → the text of
// the same name, by the reader of its kind → what the tags say, where the text
// is silent → transcript, chapters, cover → finish.

// soundFiles are the endings of episodes, best first: of two files of one name
// the first is the episode and the other the same in another format.
var soundFiles = []string{".mp3", ".m4a", ".m4b", ".mp4", ".m4v", ".opus", ".ogg", ".oga"}

// wordFiles are the endings of the text of an episode, best first.
var wordFiles = []string{".md", ".markdown", ".txt", ".text", ".html", ".htm"}

// sideFiles are what else may lie beside a sound file of the same name, with
// their media types. Podcasting 2.0 names these for transcripts and chapters.
var sideFiles = []struct{ end, mediaType string }{
	{".vtt", "text/vtt"}, {".srt", "application/x-subrip"},
	{".transcript.html", "text/html"}, {".transcript.txt", "text/plain"}, {".transcript.json", "application/json"},
	{".chapters.json", chaptersType},
}

const chaptersType = "application/json+chapters"

// wordsLimit is how long the text of an episode may be parsed.
const wordsLimit = time.Minute

// covers are the names of a folder's artwork, best first.
var covers = []string{"cover.jpg", "cover.jpeg", "cover.png"}

// IsEpisode says that a file of this name is sound or film that is an article
// by itself, unless another article carries it.
func IsEpisode(name string) bool {
	return slices.Contains(soundFiles, strings.ToLower(path.Ext(name)))
}

// Sounds are the files that a file of this name could belong to: for talk.md,
// and for talk.vtt, those are talk.mp3, talk.m4a and so on, best first. Of a
// sound file they are those of which it could be another format.
func Sounds(name string) []string {
	stem, ok := "", false
	low := strings.ToLower(name)
	for _, s := range sideFiles {
		if strings.HasSuffix(low, s.end) {
			stem, ok = name[:len(name)-len(s.end)], true
			break
		}
	}
	if ext := path.Ext(name); !ok && (slices.Contains(wordFiles, strings.ToLower(ext)) || IsEpisode(name)) {
		stem, ok = strings.TrimSuffix(name, ext), true
	}
	if !ok || path.Base(stem) == "" {
		return nil
	}
	var out []string
	for _, ext := range soundFiles {
		if strings.EqualFold(stem+ext, name) {
			break // what comes after it is of it
		}
		out = append(out, stem+ext, stem+strings.ToUpper(ext))
	}
	return out
}

// Beside are the files that may belong to an episode, there or not: its words,
// best first, then transcript, chapters, other formats and the folders' covers.
func Beside(sound string) []string {
	var out []string
	ext := path.Ext(sound)
	stem := strings.TrimSuffix(sound, ext)
	for _, end := range wordFiles {
		out = append(out, stem+end)
	}
	for _, s := range sideFiles {
		out = append(out, stem+s.end)
	}
	for _, end := range soundFiles[min(slices.Index(soundFiles, strings.ToLower(ext))+1, len(soundFiles)):] {
		out = append(out, stem+end)
	}
	return append(out, coversOf(sound)...)
}

// coversOf are the places of an episode's artwork: its folder, then those above.
func coversOf(sound string) []string {
	var out []string
	for dir := path.Dir(sound); ; dir = path.Dir(dir) {
		for _, c := range covers {
			out = append(out, path.Join(dir, c))
		}
		if dir == "." || len(out) > 20 {
			return out
		}
	}
}

// episode reads a sound file and what lies beside it.
func (p *Parser) episode(ctx context.Context, f File) ([]article.Parsed, []article.Fault, error) {
	r := &reading{p: p, f: f}
	if f.FS == nil {
		return nil, nil, r.fault(0, "sound can only be read from a folder", "")
	}
	m, err := r.sound()
	if err != nil {
		return nil, nil, err
	}
	said := tagsOf(f.FS, f.Path)
	// A film on a slow disk takes as long as it takes; only its words are bounded.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), wordsLimit)
	defer cancel()
	if r, err = r.words(bounded, said); err != nil {
		return nil, nil, err
	}
	r.out.Media = append(r.out.Media, m)
	r.addTags(said)
	r.addSides()
	own := article.Attachment{Path: f.Path}
	x := &r.out.Fields
	x.Attachments = slices.DeleteFunc(x.Attachments, func(a article.Attachment) bool {
		return a.URL != "" && slices.Contains(r.candidates(a.URL), f.Path)
	})
	x.Attachments = append([]article.Attachment{own}, x.Attachments...)
	r.addFormats()
	r.findCover()
	if err := r.finish(); err != nil {
		return nil, nil, err
	}
	return []article.Parsed{r.out}, r.faults, nil
}

// sound reads the sound file's facts; one that is not whole stays where it is
// until it is.
func (r *reading) sound() (article.Media, error) {
	in, err := r.f.FS.Open(r.f.Path)
	if err != nil {
		return article.Media{}, err
	}
	defer in.Close()
	if at, ok := in.(io.ReadSeeker); ok {
		info, err := in.Stat()
		if err != nil {
			return article.Media{}, err
		}
		if err := soundlength.Whole(at, info.Size()); errors.Is(err, soundlength.ErrCut) {
			return article.Media{}, r.fault(0, err.Error(), "it is published once all of it is here; if this is all, make it anew")
		}
	}
	m, err := ReadMedia(r.f.FS, r.f.Path)
	if err != nil {
		return m, err
	}
	if kind, _, _ := strings.Cut(m.Type, "/"); kind != "audio" && kind != "video" {
		return m, r.fault(0, "it is neither sound nor film, but "+m.Type, "name it by what it is")
	}
	return m, nil
}

// words reads the text of the same name; without one the episode has what its
// tags say.
func (r *reading) words(ctx context.Context, said soundTags) (*reading, error) {
	for _, name := range Beside(r.f.Path)[:len(wordFiles)] {
		raw, err := readWords(r.f.FS, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		in := &reading{p: r.p, f: File{FS: r.f.FS, Path: name, Raw: raw, ModTime: r.f.ModTime}}
		if err := in.decode(); err != nil {
			return nil, err
		}
		all, err := kinds[strings.ToLower(path.Ext(name))](in, ctx)
		if err != nil {
			return nil, err
		}
		if len(all) != 1 {
			return nil, in.fault(0, fmt.Sprintf("it holds %d articles, and is the text of one episode", len(all)), "keep the one that belongs to "+path.Base(r.f.Path))
		}
		all[0].note(0, "words", "file of the same name", name)
		return all[0], nil
	}
	r.out.Markup, r.out.Body = article.PlainText, said.comment
	return r, nil
}

// readWords reads at most one byte more than a text may have.
func readWords(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, cmp.Or(err, fs.ErrNotExist)
	}
	return io.ReadAll(io.LimitReader(f, MaxSize+1))
}

// told is what the text says of the episode, to be added to.
func (r *reading) told() *article.Episode {
	if r.out.Fields.Episode == nil {
		r.out.Fields.Episode = &article.Episode{}
	}
	return r.out.Fields.Episode
}

// addSides names transcript and chapters that lie beside the sound.
func (r *reading) addSides() {
	stem := strings.TrimSuffix(r.f.Path, path.Ext(r.f.Path))
	for _, s := range sideFiles {
		name := stem + s.end
		if !r.carry(name, s.mediaType) {
			continue
		}
		d := article.Document{Path: name, Type: s.mediaType}
		switch {
		case s.mediaType != chaptersType:
			if len(r.told().Transcripts) == 0 || r.told().Transcripts[0].URL == "" {
				r.told().Transcripts = append(r.told().Transcripts, d)
			}
		case r.told().Chapters == nil:
			r.told().Chapters = &d
		}
	}
}

// addFormats names the same episode in other formats: equal titles say so (JSON
// Feed 1.1, "attachments").
func (r *reading) addFormats() {
	x := &r.out.Fields
	stem := strings.TrimSuffix(r.f.Path, path.Ext(r.f.Path))
	at := slices.IndexFunc(soundFiles, func(end string) bool { return stem+end == x.Attachments[0].Path })
	if at < 0 {
		return
	}
	for _, end := range soundFiles[at+1:] {
		if name := stem + end; r.carry(name, "") {
			x.Attachments = append(x.Attachments, article.Attachment{Path: name})
		}
	}
}

// carry reads a file that belongs to the episode; false if it is not there. Its
// type is given where the name tells it better than the content.
func (r *reading) carry(name, mediaType string) bool {
	if info, err := fs.Stat(r.f.FS, name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	if slices.ContainsFunc(r.out.Media, func(m article.Media) bool { return m.Path == name }) {
		return true
	}
	m, err := ReadMedia(r.f.FS, name)
	if err != nil {
		r.warn(0, err.Error(), "make the file readable")
		return false
	}
	m.Type = cmp.Or(mediaType, m.Type)
	r.out.Media = append(r.out.Media, m)
	return true
}

// findCover carries the folder's artwork. It is the podcast's picture, not the
// episode's: every text would begin with it.
func (r *reading) findCover() {
	for _, name := range coversOf(r.f.Path) {
		if r.carry(name, "") {
			r.note(0, "cover", "the folder's cover", name)
			return
		}
	}
}

var numbered = regexp.MustCompile(`(?i)^(?:s(\d{1,3})[-_ .]*e(\d{1,5})|(?:episode|ep)[-_ .#]*(\d{1,5}))(?:[-_ .]+|$)`)

// numberedName reads season and number off a file's name: S02E05-bells, ep-12.
func numberedName(name string) (season, number int, rest string) {
	m := numbered.FindStringSubmatch(name)
	if m == nil {
		return 0, 0, name
	}
	season, _ = strconv.Atoi(m[1]) // digits, or nothing
	number, _ = strconv.Atoi(cmp.Or(m[2], m[3]))
	if rest = name[len(m[0]):]; rest == "" {
		rest = name
	}
	return season, number, rest
}
