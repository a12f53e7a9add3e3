package parse

import (
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feedwright/article"
)

// finish fills what the file is silent on and measures the body.
func (r *reading) finish() error {
	x := &r.out.Fields
	if r.unread != nil && x.Published.IsZero() {
		return r.unread
	}
	if r.bad != nil {
		return r.bad
	}
	if r.p.marked && !r.marked && !x.Draft {
		x.Draft, x.DraftWhy = true, "no `publish: true`, which this folder asks for"
		r.note(0, "draft", "publish: marked", x.DraftWhy)
	}
	r.dropEdges()
	r.findTitle()
	r.findDate()
	r.findCategory()
	r.findLanguage()
	r.measure()
	r.findMedia()
	r.findDocuments()
	return r.bad
}

// opening is what stands before the first word of a Markdown block.
var opening = regexp.MustCompile(`^[#>\s]*(?:[-*+]\s+)?`)

// findTitle takes the first sentence, else the file's name.
func (r *reading) findTitle() {
	x := &r.out.Fields
	x.Title = short(x.Title, 1000)
	if x.Title != "" {
		return
	}
	for _, p := range edgesOf(r.out.Body, 3, 0) {
		s := p.text
		if r.out.Markup == article.PlainText {
			s = article.Line(short(s, 2000))
		} else if s = plain(opening.ReplaceAllString(s, "")); strings.HasPrefix(p.text, "```") {
			s = ""
		}
		if strings.IndexFunc(s, unicode.IsLetter) < 0 {
			continue
		}
		if x.Title = cut(s, 90); x.Title != "" { // a row of dots has nothing that a title keeps
			r.note(0, "title", "first sentence", x.Title)
			return
		}
	}
	x.Title = readable(stem(r.f.Path))
	r.note(0, "title", "file name", x.Title)
}

var nameDate = regexp.MustCompile(`^((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12]\d|3[01])(?:[-_T ]([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?:[^\d]|$)`)

// stem is what of a path names the article: the file's name without extension
// and date, or the folder's for index.md.
func stem(p string) string {
	base := strings.TrimSuffix(path.Base(p), path.Ext(p))
	if own(p) && path.Dir(p) != "." {
		base = path.Base(path.Dir(p))
	}
	if m := nameDate.FindStringSubmatchIndex(base); m != nil {
		end := m[11]
		for _, i := range []int{13, 15, 17} {
			if i < len(m) && m[i] > end {
				end = m[i]
			}
		}
		if rest := strings.TrimLeft(base[end:], "-_. "); rest != "" {
			base = rest
		}
	}
	return base
}

// own says that the folder is the article's own: dir/index.md.
func own(p string) bool {
	base := strings.ToLower(strings.TrimSuffix(path.Base(p), path.Ext(p)))
	base, _, _ = strings.Cut(base, ".") // index.uk.md
	return base == "index" || base == "readme"
}

// readable makes a title of a name: "peace-talks" is "Peace talks".
func readable(name string) string {
	s := article.Line(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	if s == "" {
		return "Untitled"
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// findDate looks for a date in the name, then in folders year/month/day.
func (r *reading) findDate() {
	x := &r.out.Fields
	if !x.Published.IsZero() {
		if !x.Updated.IsZero() && !x.Updated.Time.After(x.Published.Time) {
			x.Updated = article.Date{}
		}
		if !x.Expires.IsZero() && !x.Expires.Time.After(x.Published.Time) {
			r.warn(0, "it expires before it is published", "check both dates")
		}
		return
	}
	base := path.Base(r.f.Path)
	if own(r.f.Path) {
		base = path.Base(path.Dir(r.f.Path))
	}
	parts := strings.Split(path.Dir(r.f.Path), "/")
	candidates := []string{strings.TrimSuffix(base, path.Ext(base))}
	for i := len(parts); i >= 3; i-- {
		candidates = append(candidates, strings.Join(parts[i-3:i], "-"))
	}
	for _, c := range candidates {
		m := nameDate.FindStringSubmatch(c)
		if m == nil || m[2] != m[4] {
			continue
		}
		layout, value := "20060102", m[1]+m[3]+m[5]
		if m[6] != "" {
			layout, value = layout+"1504", value+m[6]+m[7]
		}
		t, err := time.ParseInLocation(layout, value, r.p.zone)
		if err != nil {
			continue // 2026-02-31 is part of a name, then
		}
		x.Published = article.Date{Time: t, DayOnly: m[6] == "", From: article.FromName}
		r.note(0, "published", "name", c)
		return
	}
}

// generic are folders' names that say nothing of what is in them.
var generic = wordSet(`content contents post posts article articles text texts page pages story stories entry entries blog blogs
	in inbox incoming new import imports export exports out output src source sources data site public static assets feed feeds
	file files doc docs document documents notes vault archive archives media images drafts published todo tmp temp`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// findCategory takes the first folder whose name means something. "news" is
// taken only if no later folder says more.
func (r *reading) findCategory() {
	x := &r.out.Fields
	if len(x.Categories) > 0 {
		return
	}
	dir := path.Dir(r.f.Path)
	if own(r.f.Path) {
		dir = path.Dir(dir) // an article's own folder is its name
	}
	weak := ""
	for part := range strings.SplitSeq(dir, "/") {
		low := strings.ToLower(part)
		switch {
		case part == "." || part == "" || part[0] == '_' || part[0] == '.' || generic[low]:
		case strings.IndexFunc(part, unicode.IsLetter) < 0 || nameDate.MatchString(part):
		case low == "news" || low == "latest" || low == "all":
			weak = part
		default:
			r.category(part)
			return
		}
	}
	if weak != "" {
		r.category(weak)
	}
}

func (r *reading) category(folder string) {
	name := readable(folder)
	r.out.Fields.Categories = []string{name}
	r.note(0, "categories", "folder", folder)
}
