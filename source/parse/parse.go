// Package parse reads one article file: newsroom text, text with headers,
// Markdown with front matter, an HTML page or fragment, a JSON item, sound or
// film with what lies beside it (episode.go). It finds
// the fields and the body, says by which rule, and names what a person should
// mend. It renders nothing, sanitises nothing, keeps nothing between files, and
// opens no file but the media that an article names, inside the folder.
//
// The data's path: a File's bytes → charset (UTF-8) → a kind's reader (text.go,
// markdown.go, page.go, json.go), which fills fields by way of fill.go → finish
// (finish.go): title, date, category and language where the file is silent,
// edges, fingerprint, media → article.Parsed.
package parse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"feedwright/article"
	"feedwright/article/language"
	"feedwright/source/parse/boilerplate"
	"feedwright/source/parse/charset"
)

// Version is raised when the same file would give other Parsed values: files
// are then read again.
const Version = 4

// MaxSize is the most bytes a text may have.
const MaxSize = 10 << 20

// Options are what an owner may say of all files.
type Options struct {
	Zone   *time.Location      // the site's; nil is UTC
	Lang   string              // the site's language, BCP 47
	Fields map[string][]string // our field → the owner's names, tried before the built-in ones
	Labels map[string][]string // our field → more label lines
	// Boilerplate and Keep are the owner's patterns (RE2) over one paragraph as
	// written: what is no part of an article, and what is never dropped.
	Boilerplate, Keep []string
	Marked            bool // only files that say publish: true
}

// Parser reads files. It is safe for concurrent use.
type Parser struct {
	zone        *time.Location
	lang        string
	names       vocabulary                   // of front matter and headers, the owner's first
	labels      func() map[string]labelField // by folded label line
	boilerplate *boilerplate.Matcher
	marked      bool
}

// File is one file of the folder. FS is asked only for media that the article
// names; it may be nil, and then none are found.
type File struct {
	FS      fs.FS
	Path    string // slash-separated, relative to the folder
	Raw     []byte // whole
	ModTime time.Time
}

// New prepares a Parser. The error names the pattern or the field name that is
// wrong.
func New(o Options) (*Parser, error) {
	p := &Parser{zone: o.Zone, lang: o.Lang, marked: o.Marked}
	if p.zone == nil {
		p.zone = time.UTC
	}
	var err error
	if p.boilerplate, err = boilerplate.New(o.Boilerplate, o.Keep); err != nil {
		return nil, err
	}
	if p.names, err = frontMatter.with(o.Fields); err != nil {
		return nil, fmt.Errorf("fields: %w", err)
	}
	if _, err := labelTable(nil, o.Labels); err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	p.labels = sync.OnceValue(func() map[string]labelField { // with those of all languages when a file is read
		t, err := labelTable(language.All(), o.Labels)
		if err != nil {
			panic(err) // embedded, so a test finds it first
		}
		return t
	})
	return p, nil
}

// kinds are the readers by extension.
var kinds = map[string]func(*reading, context.Context) ([]*reading, error){
	".txt": (*reading).plain, ".text": (*reading).plain,
	".md": (*reading).markdown, ".markdown": (*reading).markdown,
	".html": (*reading).page, ".htm": (*reading).page,
	".json": (*reading).json,
}

// Reads says whether a file of this name is one we parse.
func Reads(name string) bool {
	return kinds[strings.ToLower(path.Ext(name))] != nil || IsEpisode(name)
}

// Parse reads one file. Faults are warnings (Warn is set): the articles are
// good all the same. The error is an *article.Fault, or the context's.
func (p *Parser) Parse(ctx context.Context, f File) ([]article.Parsed, []article.Fault, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if IsEpisode(f.Path) {
		return p.episode(ctx, f)
	}
	r := &reading{p: p, f: f}
	read := kinds[strings.ToLower(path.Ext(f.Path))]
	if read == nil {
		return nil, nil, r.fault(0, "a kind of file that is not read", "use .txt, .md, .html, .json, .mp3, .m4a, .ogg, .opus or .mp4")
	}
	if err := r.decode(); err != nil {
		return nil, nil, err
	}
	all, err := read(r, ctx)
	if err != nil {
		return nil, nil, err
	}
	var out []article.Parsed
	faults := r.faults
	for _, one := range all {
		if err := one.finish(); err != nil {
			return nil, nil, err
		}
		out = append(out, one.out)
		if one != r {
			faults = append(faults, one.faults...)
		} else {
			faults = r.faults
		}
	}
	return out, faults, ctx.Err()
}

// reading is the state of reading one article.
type reading struct {
	p       *Parser
	f       File
	text    string // the whole file, UTF-8, "\n" line ends, clean
	out     article.Parsed
	faults  []article.Fault
	missing []string       // local files named and not there
	bad     error          // a fault met where no error can be returned
	dump    bool           // boilerplate may surround the body: a dump or a saved page
	lenient bool           // a date that cannot be read is only a fault if no other is found
	unread  *article.Fault // a publication date that could not be read
	marked  bool           // it says publish: true
	baseURL string         // a page's own address, which its relative links belong to
}

func (r *reading) fault(line int, what, hint string) *article.Fault {
	return &article.Fault{Path: r.f.Path, Line: line, Err: what, Hint: hint}
}

// maxWarnings bounds what is said of one file.
const maxWarnings = 20

func (r *reading) warn(line int, what, hint string) {
	if len(r.faults) < maxWarnings {
		f := r.fault(line, what, hint)
		f.Warn = true
		r.faults = append(r.faults, *f)
	}
}

// fail keeps the first fault that stops the article.
func (r *reading) fail(line int, what, hint string) {
	if r.bad == nil {
		r.bad = r.fault(line, what, hint)
	}
}

// maxNotes bounds a Trace.
const maxNotes = 200

// note adds a step to the Trace.
func (r *reading) note(line int, what, rule, text string) {
	if len(r.out.Trace) < maxNotes {
		r.out.Trace = append(r.out.Trace, article.Note{Line: line, What: what, Rule: rule, Text: short(text, 200)})
	}
}

// short cuts to at most n bytes at a rune's boundary.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len("…")]
	for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) {
		_, size := utf8.DecodeLastRuneInString(s)
		if r, _ := utf8.DecodeLastRuneInString(s); r != utf8.RuneError {
			break
		}
		s = s[:len(s)-size]
	}
	return s + "…"
}

// decode makes r.text of the raw bytes.
func (r *reading) decode() error {
	raw := r.f.Raw
	if len(raw) > MaxSize {
		return r.fault(0, fmt.Sprintf("too large: more than %d MB of text", MaxSize>>20), "split it, or move it out of the articles")
	}
	declared := ""
	switch strings.ToLower(path.Ext(r.f.Path)) {
	case ".html", ".htm":
		declared = charset.Declared(raw)
	}
	t, err := charset.Decode(raw, declared)
	if err != nil {
		var not *charset.NotText
		if errors.As(err, &not) {
			return r.fault(0, not.Error(), not.Hint)
		}
		return r.fault(0, err.Error(), "save it as UTF-8")
	}
	if t.Charset != "utf-8" {
		r.note(0, "encoding", t.How, t.Charset)
	}
	text := t.UTF8
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = strings.TrimPrefix(text, "\ufeff")
	r.text = r.clean(text)
	if strings.TrimSpace(r.text) == "" {
		return r.fault(0, "empty", "write the article into it, or delete it")
	}
	return nil
}

// clean drops what no feed may carry and says where the first of it was.
func (r *reading) clean(text string) string {
	at := article.FirstIllegal(text)
	if at < 0 {
		return text
	}
	cleaned := article.Clean(text)
	first, _ := utf8.DecodeRuneInString(text[at:])
	what := fmt.Sprintf("control character U+%04X", first)
	if first == utf8.RuneError {
		what = "a byte that is not UTF-8"
	}
	if n := utf8.RuneCountInString(text) - utf8.RuneCountInString(cleaned); n > 1 {
		what = fmt.Sprintf("%s and %d more", what, n-1)
	}
	r.warn(1+strings.Count(text[:at], "\n"), what+" dropped", "save the file as clean UTF-8")
	return cleaned
}
