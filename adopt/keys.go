package adopt

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"feedwright/article"
)

// address makes addresses of one page equal: neither scheme, "www.", a final
// slash, index.html nor a fragment makes a difference. It is "" for what is no
// address of a page.
func address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	p := strings.TrimSuffix(u.Path, "/")
	if base := path.Base(p); base == "index.html" || base == "index.php" {
		p = strings.TrimSuffix(strings.TrimSuffix(p, base), "/")
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	q := u.Query()
	for name := range q {
		if strings.HasPrefix(name, "utm_") {
			q.Del(name)
		}
	}
	if p == "" && len(q) == 0 {
		return "" // the site's front page is no article
	}
	return host + p + "?" + q.Encode()
}

func itemLinks(it *Item) []string { return addresses([]string{it.Link, it.ID}) }

func addresses(list []string) []string {
	var out []string
	for _, s := range list {
		if s = address(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

var datePrefix = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}[-_]`)

// slugOf is the part of a path that names an article: without ending, without
// the date that some generators put first, and of a folder that is one article
// the folder's.
func slugOf(p string) string {
	p = strings.Trim(p, "/")
	base := path.Base(p)
	switch strings.ToLower(strings.TrimSuffix(base, path.Ext(base))) {
	case "index", "_index", "readme":
		p = path.Dir(p)
		base = path.Base(p)
	}
	if base == "." || base == "/" {
		return ""
	}
	if ext := path.Ext(base); len(ext) > 1 && len(ext) <= 6 && !strings.ContainsAny(ext, " 0123456789") {
		base = strings.TrimSuffix(base, ext)
	}
	return article.Slugify(datePrefix.ReplaceAllString(base, ""))
}

func itemSlugs(it *Item) []string {
	var out []string
	for _, s := range []string{it.Slug} {
		if s, err := url.PathUnescape(s); err == nil {
			out = append(out, article.Slugify(s))
		}
	}
	for _, l := range []string{it.Link, it.ID} {
		if u, err := url.Parse(l); err == nil && u.Host != "" {
			out = append(out, slugOf(u.Path))
		}
	}
	return distinct(out)
}

func articleSlugs(a *Article) []string {
	out := []string{slugOf(a.Path)}
	for _, s := range a.Slugs {
		out = append(out, article.Slugify(s))
	}
	return distinct(out)
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
}

func titleKey(s string) []string {
	if s = article.Fold(s); s == "" {
		return nil
	}
	return []string{s}
}

// Texts are known by how they begin, and by their fingerprint; short ones say
// too little.
const (
	opening   = 8
	fewWords  = 20
	alikeBits = 8
)

// whole is the text by which an article is known. One of a single line has it
// for title here and for text elsewhere.
func whole(title, text string) string {
	n := 0
	article.Words(text, func(string) bool { n++; return n < fewWords })
	if n < fewWords {
		return title + " " + text
	}
	return text
}

// textKeys are the first words of a text, and the quarters of its fingerprint.
func textKeys(text string) []string {
	var first []string
	n := 0
	article.Words(text, func(w string) bool {
		if n < opening {
			first = append(first, w)
		}
		n++
		return n < fewWords
	})
	if n < fewWords {
		return nil
	}
	keys := []string{strings.Join(first, " ")}
	print := article.Fingerprint(text)
	for i := range 4 {
		keys = append(keys, string([]byte{byte(i), byte(print >> (16 * i)), byte(print >> (16*i + 8))}))
	}
	return keys
}

// alike says whether two texts are one, of which either may be cut short.
func alike(a, b string) bool {
	wa, wb := words(a), words(b)
	n := min(len(wa), len(wb))
	if n < fewWords {
		return false
	}
	return article.Similarity(strings.Join(wa[:n], " "), strings.Join(wb[:n], " ")) >= 0.8
}

func words(s string) []string {
	var out []string
	article.Words(s, func(w string) bool {
		out = append(out, w)
		return len(out) < 5000
	})
	return out
}
