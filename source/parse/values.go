package parse

import (
	"path"
	"strconv"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/source/parse/tree"
)

// setTerms reads categories, tags or names of feeds: a list, or a line with
// commas or semicolons.
func (r *reading) setTerms(to *[]string, f field, v tree.Value, line int, rule string) bool {
	seen := map[string]bool{}
	add := func(s string) {
		s = strings.TrimPrefix(plain(s), "#")
		if k := article.Fold(s); s != "" && !seen[k] && len(*to) < maxTerms {
			seen[k] = true
			*to = append(*to, short(s, 200))
		}
	}
	for _, item := range v.Items() {
		switch {
		case item.Kind == tree.Map:
			add(item.First("name", "title", "label", "term", "slug"))
		case v.Kind == tree.List:
			add(item.Text)
		default:
			for s := range strings.FieldsFuncSeq(item.Text, func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '،' || c == '、' }) {
				add(s)
			}
		}
	}
	if len(*to) == 0 {
		return false
	}
	r.note(line, string(f), rule, strings.Join(*to, ", "))
	return true
}

func (r *reading) setLink(v tree.Value, line int, rule string) bool {
	u := firstText(v)
	if !absolute(u) {
		return false
	}
	r.out.Fields.Link = u
	r.note(line, "link", rule, u)
	return true
}

func (r *reading) setSource(v tree.Value, line int, rule string) bool {
	l := article.Link{Rel: "source", Title: plain(firstText(v))}
	if v.Kind == tree.Map {
		l.Title, l.URL = plain(v.First("name", "title")), v.First("url", "link", "href")
	} else if absolute(l.Title) {
		l.Title, l.URL = "", l.Title
	}
	if l.URL != "" && !absolute(l.URL) {
		l.URL = ""
	}
	if l.Title == "" && l.URL == "" {
		return false
	}
	r.out.Fields.Source = &l
	r.note(line, "source", rule, strings.TrimSpace(l.Title+" "+l.URL))
	return true
}

func (r *reading) setLinks(f field, v tree.Value, line int, rule string) bool {
	for _, item := range v.Items() {
		l := article.Link{Rel: string(f), URL: item.Text}
		if item.Kind == tree.Map {
			l.URL, l.Title = item.First("url", "link", "href"), plain(item.First("title", "name", "text"))
			if rel := item.First("rel"); rel == "via" || rel == "related" {
				l.Rel = rel
			}
		}
		if absolute(l.URL) && len(r.out.Fields.Links) < maxTerms {
			r.out.Fields.Links = append(r.out.Fields.Links, l)
			r.note(line, string(f), rule, l.URL)
		}
	}
	return true
}

func (r *reading) setImage(v tree.Value, line int, rule string) bool {
	items := v.Items()
	if len(items) == 0 {
		return false
	}
	one := items[0]
	img := article.Image{URL: strings.TrimSpace(one.Text)}
	if one.Kind == tree.Map {
		img.URL = one.First("path", "src", "url", "contenturl", "file", "filename", "image", "href", "relative")
		img.Alt, img.Caption = plain(one.First("alt", "alttext")), plain(one.First("caption", "title", "description", "credit"))
	}
	img.URL = strings.TrimSuffix(strings.TrimPrefix(img.URL, "[["), "]]") // Obsidian
	if !named(img.URL) {
		return false
	}
	r.out.Fields.Image = &img
	r.note(line, "image", rule, img.URL)
	return true
}

// named says that a reference could be a file or an address, not an identifier.
func named(ref string) bool {
	return absolute(ref) || strings.HasPrefix(ref, "//") || ref != "" && path.Ext(ref) != "" && !strings.ContainsAny(ref, "\n<>{}")
}

func (r *reading) setAttachments(v tree.Value, line int, rule string) bool {
	for _, item := range v.Items() {
		a := article.Attachment{URL: strings.TrimSpace(item.Text)}
		if item.Kind == tree.Map {
			a.URL = item.First("path", "file", "url", "src", "href", "contenturl")
			a.Title, a.Type = plain(item.First("title", "name")), item.First("type", "mime_type", "mimetype", "encodingformat")
			a.Length, _ = strconv.ParseInt(item.First("length", "size", "size_in_bytes", "bytes"), 10, 64) // 0 is "unknown"
			a.Length = max(a.Length, 0)
			a.Duration = duration(item.First("duration", "duration_in_seconds", "itunes_duration"))
		}
		if !named(a.URL) || len(r.out.Fields.Attachments) >= maxTerms {
			continue
		}
		r.out.Fields.Attachments = append(r.out.Fields.Attachments, a)
		r.note(line, "attachment", rule, a.URL)
	}
	return len(r.out.Fields.Attachments) > 0
}

// duration reads seconds, "1:02:03", "62:03" and "1h2m3s"; 0 if it is none.
func duration(s string) time.Duration {
	const longest = 30 * 24 * time.Hour
	var d time.Duration
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 0 && n < longest.Seconds() {
		return time.Duration(n * float64(time.Second))
	}
	if parts := strings.Split(s, ":"); len(parts) == 2 || len(parts) == 3 {
		for _, p := range parts {
			n, err := strconv.Atoi(p)
			if err != nil || n < 0 || n > 100_000 {
				return 0
			}
			d = d*60 + time.Duration(n)*time.Second
		}
		return d
	}
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(s, "PT")))
	if err != nil || d < 0 || d > longest {
		return 0
	}
	return d
}
