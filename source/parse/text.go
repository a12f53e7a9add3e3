package parse

import (
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"feedwright/article"
	"feedwright/source/parse/dates"
	"feedwright/source/parse/tree"
)

// plain reads a .txt file: front matter, headers, Markdown by its looks, or a
// newsroom's text.
func (r *reading) plain(context.Context) ([]*reading, error) {
	body, before, err := r.front(r.text)
	if err != nil {
		return nil, err
	}
	if before == 0 {
		body, before, _ = r.headers(body)
	}
	switch {
	case looksMarkdown(body):
		r.asMarkdown(body, before)
	default:
		r.dump = true
		r.newsroom(linesOf(body, before), before > 0)
	}
	return []*reading{r}, nil
}

var markdownSign = regexp.MustCompile("(?m)^#{1,6} \\S|^```|\\]\\((?:https?:/|/|\\.)|^!\\[")

// looksMarkdown says that a text opens with a Markdown heading or shows signs
// of Markdown that nobody types by chance.
func looksMarkdown(s string) bool {
	s = s[:min(len(s), 64<<10)]
	return strings.HasPrefix(strings.TrimLeft(s, "\n "), "# ") || len(markdownSign.FindAllStringIndex(s, 2)) == 2
}

// line is one line of a text.
type line struct {
	n    int    // 1-based, in the file
	text string // without space at the ends
}

func linesOf(body string, before int) []line {
	out := make([]line, 0, strings.Count(body, "\n")+1)
	for l := range strings.Lines(body) {
		before++
		out = append(out, line{before, strings.TrimSpace(l)})
	}
	return out
}

// newsroom reads a dump: a title, label lines with their values, the title
// again, captions, and the text. headed says that headers gave the fields.
func (r *reading) newsroom(ls []line, headed bool) {
	t := &textBlocks{r: r, ls: ls}
	if !headed {
		t.head()
	}
	blocks := t.blocks()
	if t.repeated {
		blocks = t.captions(blocks)
	}
	r.out.Markup = article.PlainText
	r.out.Body = joinBlocks(blocks)
}

// textBlocks is the state of reading a newsroom's text.
type textBlocks struct {
	r        *reading
	ls       []line
	i        int  // the next line
	repeated bool // the title was met again
}

// label finds what a label line stands for: "Category", "Category:".
func (p *Parser) label(s string) (labelField, bool) {
	if len(s) > 60 {
		return labelField{}, false
	}
	l, ok := p.labels()[article.Fold(strings.TrimRight(s, ":： "))]
	return l, ok
}

// labelled splits a label line into the label and a value on the same line.
func (t *textBlocks) labelled(s string) (l labelField, value string, ok bool) {
	if l, ok = t.r.p.label(s); ok {
		return l, "", true
	}
	at := strings.IndexAny(s, ":：\t")
	if at <= 0 || at > 60 {
		return l, "", false
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	if l, ok = t.r.p.label(s[:at]); ok {
		value = strings.TrimSpace(strings.TrimLeft(s[at+n:], ":\t "))
	}
	return l, value, ok
}

// head reads title, labels and the repeated title, and stops where the text
// starts.
func (t *textBlocks) head() {
	t.blanks()
	if t.i < len(t.ls) {
		if _, _, ok := t.labelled(t.ls[t.i].text); !ok {
			t.title()
		}
	}
	met := false
	for t.blanks(); t.i < len(t.ls); t.blanks() {
		l := t.ls[t.i]
		switch lf, value, ok := t.labelled(l.text); {
		case ok:
			met = true
			t.i++
			t.value(lf, value, l.n)
		case t.isTitle(l.text):
			t.i++
			t.repeated = true
			t.r.note(l.n, "heading", "repeats the title: not shown again", l.text)
		case t.dateLine(l), t.byline(l):
			t.i++
		case met && t.r.out.Fields.Title == "" && t.titleLike(t.i):
			t.title()
		default:
			return
		}
	}
}

func (t *textBlocks) blanks() {
	for t.i < len(t.ls) && t.ls[t.i].text == "" {
		t.i++
	}
}

func (t *textBlocks) isTitle(s string) bool { return same(s, t.r.out.Fields.Title) }

// titleLike says that a line can be a title: short, and no sentence that runs
// on in the next line.
func (t *textBlocks) titleLike(i int) bool {
	s := t.ls[i].text
	if n := runes(s); n > 200 || bullet(s) != "" {
		return false
	}
	if !strings.HasSuffix(s, ".") {
		return true
	}
	if i+1 >= len(t.ls) || t.ls[i+1].text == "" {
		return runes(s) <= 120 && strings.Count(s, ". ") == 0
	}
	_, _, labels := t.labelled(t.ls[i+1].text)
	return labels
}

func (t *textBlocks) title() {
	if !t.titleLike(t.i) {
		return
	}
	l := t.ls[t.i]
	t.i++
	t.r.out.Fields.Title = article.Line(l.text)
	t.r.note(l.n, "title", "first line", l.text)
	if t.i < len(t.ls) { // a line of = or - under it
		if u := t.ls[t.i].text; len(u) > 2 && (strings.Trim(u, "=") == "" || strings.Trim(u, "-") == "") {
			t.i++
		}
	}
}

// value takes a label's value from the same or the next line. It may be empty.
func (t *textBlocks) value(lf labelField, value string, n int) {
	if value == "" {
		value, n = t.nextValue(lf.field, n)
	}
	if value == "" || lf.field == ignored {
		if lf.field == ignored {
			t.r.note(n, "dropped", lf.rule, value)
		} else {
			t.r.note(n, string(lf.field), lf.rule, "(empty)")
		}
		return
	}
	if t.r.has(lf.field) && lf.field != title {
		t.r.note(n, string(lf.field), lf.rule+", met before: ignored", value)
		return
	}
	t.r.set(lf.field, tree.Value{Text: value, Line: n}, n, lf.rule)
}

// nextValue looks for a value below a label that stands alone. An empty value
// is common, so what could be the title or the text is left alone.
func (t *textBlocks) nextValue(f field, n int) (string, int) {
	j := t.i
	gap := false
	for j < len(t.ls) && t.ls[j].text == "" {
		j++
		gap = true
	}
	if j >= len(t.ls) {
		return "", n
	}
	l := t.ls[j]
	if _, _, ok := t.labelled(l.text); ok || t.isTitle(l.text) {
		return "", n
	}
	if !t.fits(f, l.text, gap) || gap && !t.closed(j+1, f) {
		return "", n
	}
	t.i = j + 1
	value := l.text
	if f == tags || f == authors { // one a line
		for k := 0; k < 20 && !gap && t.i < len(t.ls); k++ {
			s := t.ls[t.i].text
			if _, _, ok := t.labelled(s); ok || s == "" || runes(s) > 40 || terminal(s) || t.isTitle(s) || !t.closed(t.i+1, f) {
				break
			}
			value += "; " + s
			t.i++
		}
	}
	return value, l.n
}

// fits says that a line can be a field's value rather than the text.
func (t *textBlocks) fits(f field, s string, gap bool) bool {
	n := runes(s)
	switch f {
	case published, updated, expires:
		_, _, err := dates.Parse(s, t.r.p.zone, t.r.p.lang)
		if err == nil {
			return true
		}
		// what holds a digit or is one word is a date that cannot be read
		return !gap && (n <= 40 && strings.IndexFunc(s, unicode.IsDigit) >= 0 || !strings.Contains(s, " "))
	case title, summary, correction:
		return true
	case link, image:
		return !strings.Contains(s, " ")
	}
	return n <= 100 && !(terminal(s) && n > 30)
}

// closed says that after a value below a blank line comes what can only follow
// a value: a label or the title again.
func (t *textBlocks) closed(i int, f field) bool {
	switch f {
	case published, updated, expires:
		return true
	}
	blank := false
	for ; i < len(t.ls) && t.ls[i].text == ""; i++ {
		blank = true
	}
	if i >= len(t.ls) {
		return false
	}
	_, _, ok := t.labelled(t.ls[i].text)
	return ok || t.isTitle(t.ls[i].text) || blank && (f == tags || f == authors)
}

// dateLine takes a line that is a date and nothing else.
func (t *textBlocks) dateLine(l line) bool {
	if len(l.text) > 60 || !t.r.out.Fields.Published.IsZero() || strings.IndexFunc(l.text, unicode.IsDigit) < 0 {
		return false
	}
	if _, _, err := dates.Parse(l.text, t.r.p.zone, t.r.p.lang); err != nil {
		return false
	}
	return t.r.set(published, tree.Value{Text: l.text}, l.n, "a line that is a date")
}

// byline takes "By Jane Roe", two to six capitalised words, no sentence.
func (t *textBlocks) byline(l line) bool {
	rest := byPrefix.ReplaceAllString(l.text, "")
	words := strings.Fields(rest)
	if rest == l.text || len(t.r.out.Fields.Authors) > 0 || len(words) < 2 || len(words) > 6 || terminal(rest) && !strings.HasSuffix(rest, "r.") {
		return false
	}
	for _, w := range words {
		c, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(c) && !joined.MatchString(" "+w+" ") {
			return false
		}
	}
	return t.r.set(authors, tree.Value{Text: rest}, l.n, "byline")
}
