package parse

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"feedwright/article"
	"feedwright/source/parse/tree"
)

// maxPersons bounds persons, transcripts and soundbites of one episode.
const maxPersons = 100

// setEpisode reads what only podcasts say. A value of another kind says nothing:
// `season: autumn` of a blog is no fault.
func (r *reading) setEpisode(f field, v tree.Value, line int, rule string) bool {
	ok := false
	switch f {
	case season, number:
		ok = r.setNumber(f, v)
	case sort:
		if s := strings.ToLower(firstText(v)); s == "full" || s == "trailer" || s == "bonus" {
			r.told().Type, ok = s, true
		}
	case explicit:
		ok = r.setExplicit(v)
	case persons, hosts, guests:
		ok = r.setPersons(f, v)
	case transcript:
		ok = r.setTranscripts(v)
	case chapters:
		if ref := addressOf(v); r.mayName(ref) && len(v.Items()) == 1 {
			r.told().Chapters, ok = &article.Document{URL: ref, Type: chaptersType}, true
		}
	case soundbites:
		ok = r.setSoundbites(v)
	}
	if ok {
		r.note(line, string(f), rule, firstText(v))
	}
	return ok
}

func (r *reading) setNumber(f field, v tree.Value) bool {
	n, err := strconv.Atoi(strings.TrimSpace(firstText(v)))
	if err != nil || n < 1 || n > 1_000_000 {
		return false
	}
	if f == season {
		r.told().Season = n
	} else {
		r.told().Number = n
	}
	return true
}

// setExplicit reads today's true and false, and the words of before 2019.
func (r *reading) setExplicit(v tree.Value) bool {
	yes, ok := truth(v)
	switch strings.ToLower(firstText(v)) {
	case "explicit":
		yes, ok = true, true
	case "clean":
		yes, ok = false, true
	}
	if ok {
		r.told().Explicit = strconv.FormatBool(yes)
	}
	return ok
}

func (r *reading) setPersons(f field, v tree.Value) bool {
	role := ""
	if f == guests {
		role = "guest"
	}
	before := len(r.told().Persons)
	for _, item := range v.Items() {
		if item.Kind != tree.Map {
			for _, name := range names(item.Text) {
				r.addPerson(article.Person{Name: plain(name), Role: role})
			}
			continue
		}
		p := article.Person{Name: plain(item.First("name", "title")), Role: strings.ToLower(cmp.Or(item.First("role"), role)), Image: item.First("img", "image", "photo"), URL: item.First("href", "url", "link")}
		if !absolute(p.URL) {
			p.URL = ""
		}
		if !absolute(p.Image) {
			p.Image = ""
		}
		r.addPerson(p)
	}
	return len(r.told().Persons) > before
}

func (r *reading) addPerson(p article.Person) {
	x := r.told()
	p.Name, p.Role = short(p.Name, 128), short(article.Line(p.Role), 64)
	if p.Name != "" && len(x.Persons) < maxPersons && !slices.Contains(x.Persons, p) {
		x.Persons = append(x.Persons, p)
	}
}

// transcriptTypes are the forms of transcripts, by ending.
var transcriptTypes = map[string]string{
	".vtt": "text/vtt", ".srt": "application/x-subrip", ".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".json": "application/json",
}

func (r *reading) setTranscripts(v tree.Value) bool {
	x := r.told()
	for _, item := range v.Items() {
		d := article.Document{URL: addressOf(item)}
		d.Type = transcriptTypes[strings.ToLower(path.Ext(withoutQuery(d.URL)))]
		if item.Kind == tree.Map {
			d.Type = cmp.Or(item.First("type"), d.Type)
			d.Lang, _ = languageTag(item.First("language", "lang")) // "" if it is none
		}
		if r.mayName(d.URL) && d.Type != "" && len(x.Transcripts) < maxPersons {
			x.Transcripts = append(x.Transcripts, d)
		}
	}
	return len(x.Transcripts) > 0
}

func addressOf(v tree.Value) string {
	if v.Kind == tree.Map {
		return v.First("url", "file", "path", "src", "href")
	}
	return strings.TrimSpace(v.Text)
}

// mayName says that a reference is an address, or could be a file.
func (r *reading) mayName(ref string) bool { return len(ref) < 1000 && named(ref) }

func (r *reading) setSoundbites(v tree.Value) bool {
	x := r.told()
	for _, item := range v.Items() {
		start, err1 := strconv.ParseFloat(item.First("start", "start_time", "starttime"), 64)
		length, err2 := strconv.ParseFloat(item.First("duration", "length"), 64)
		if err1 != nil || err2 != nil || !(start >= 0 && start < 1e7) || !(length > 0 && length < 1e5) || len(x.Soundbites) >= maxPersons {
			continue
		}
		x.Soundbites = append(x.Soundbites, article.Soundbite{Start: start, Duration: length, Title: plain(item.First("title", "text", "name"))})
	}
	return len(x.Soundbites) > 0
}

// findDocuments turns references to transcripts and chapters into files of the
// folder; what is neither there nor an address is left out.
func (r *reading) findDocuments() {
	x := r.out.Fields.Episode
	if x == nil {
		return
	}
	keep := func(d *article.Document) bool {
		if d.Path != "" || absolute(d.URL) {
			return true
		}
		for _, name := range r.candidates(d.URL) {
			if r.f.FS != nil && transcriptTypes[strings.ToLower(path.Ext(name))] != "" && r.carry(name, d.Type) {
				d.Path, d.URL = name, ""
				return true
			}
		}
		r.warn(r.lineOf(d.URL), "the file "+short(d.URL, 200)+" is not there", "add it, or correct its name")
		return false
	}
	kept := x.Transcripts[:0]
	for _, d := range x.Transcripts {
		if keep(&d) {
			kept = append(kept, d)
		}
	}
	x.Transcripts = kept
	if x.Chapters != nil && !keep(x.Chapters) {
		x.Chapters = nil
	}
}
