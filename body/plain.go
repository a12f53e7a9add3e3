package body

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"feedwright/article"

	"golang.org/x/net/html"
)

// Widths of lines, in letters as runes counts them.
const (
	verseWidth   = 45  // lines that are no longer are broken on purpose
	proseWidth   = 140 // a line that is longer is a paragraph
	headingWidth = 90  // a heading is no longer
)

// shape is what a block of plain text is.
type shape int

const (
	prose shape = iota
	bullets
	numbers
	quoted
	subheading
)

// part is one block of plain text. lines are its lines, or a list's items.
type part struct {
	shape shape
	mark  string // bullets: the mark
	first int    // numbers: the first
	next  int    // numbers: the one that would follow
	lines []string
}

// plain makes HTML of a newsroom's text: paragraphs parted by blank lines, and
// lists, sub-headings, quotes and addresses known by how they are laid out.
func plain(body string) string {
	parts := headings(lists(split(body)))
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	for _, p := range parts {
		switch p.shape {
		case prose:
			writeLines(&b, "p", p.lines)
		case subheading:
			writeLines(&b, "h2", p.lines)
		case quoted:
			b.WriteString("<blockquote>")
			for _, q := range headings(lists(split(strings.Join(p.lines, "\n")))) {
				writeLines(&b, "p", q.lines)
			}
			b.WriteString("</blockquote>\n")
		case bullets, numbers:
			writeList(&b, p)
		}
	}
	return b.String()
}

func writeLines(b *strings.Builder, tag string, lines []string) {
	b.WriteString("<" + tag + ">")
	for i, l := range lines {
		if i > 0 {
			b.WriteString("<br>\n")
		}
		linkify(b, l)
	}
	b.WriteString("</" + tag + ">\n")
}

func writeList(b *strings.Builder, p part) {
	tag := "ul"
	b.WriteString("<")
	if p.shape == numbers {
		tag = "ol"
	}
	b.WriteString(tag)
	if p.shape == numbers && p.first != 1 {
		b.WriteString(` start="` + strconv.Itoa(p.first) + `"`)
	}
	b.WriteString(">")
	for _, item := range p.lines {
		writeLines(b, "li", []string{item})
	}
	b.WriteString("</" + tag + ">\n")
}

// split cuts a body into paragraphs, quotes and single items.
func split(body string) []part {
	var out []part
	for _, p := range article.Paragraphs(body) {
		out = append(out, splitParagraph(p)...)
	}
	return out
}

func splitParagraph(p string) []part {
	var out []part
	var text []string
	flush := func() {
		out = append(out, paragraphs(text)...)
		text = nil
	}
	for line := range strings.Lines(p) {
		line = strings.TrimRight(line, " \t\r\n\f")
		trimmed := strings.TrimSpace(line)
		last := len(out) - 1
		switch shape, mark, n, rest := marked(trimmed); {
		case shape == quoted:
			flush()
			if last = len(out) - 1; last >= 0 && out[last].shape == quoted && len(text) == 0 && out[last].next == 1 {
				out[last].lines = append(out[last].lines, rest)
			} else {
				out = append(out, part{shape: quoted, lines: []string{rest}, next: 1})
			}
		case shape == bullets || shape == numbers:
			flush()
			out = append(out, part{shape: shape, mark: mark, first: n, next: n + 1, lines: []string{rest}})
		case len(text) == 0 && last >= 0 && (out[last].shape == bullets || out[last].shape == numbers) && goesOn(out[last].lines[0], line):
			out[last].lines[0] = join(out[last].lines[0], trimmed) // a bullet's further lines
		case trimmed != "":
			text = append(text, trimmed)
		}
	}
	flush()
	return out
}

// goesOn says that a line without a mark belongs to the item above it: it is
// indented, or the item's line was broken because it was full.
func goesOn(item, line string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	return first == ' ' || first == '\t' || unicode.IsLower(first) || runes(item) > verseWidth && !endsSentence(item)
}

// paragraphs makes paragraphs of lines that stand together.
func paragraphs(lines []string) []part {
	if len(lines) == 0 {
		return nil
	}
	widest := 0
	for _, l := range lines {
		widest = max(widest, runes(l))
	}
	if widest > proseWidth {
		out := make([]part, len(lines))
		for i, l := range lines {
			out[i] = part{lines: []string{l}}
		}
		return out
	}
	kept := []string{lines[0]}
	for i, l := range lines[1:] {
		word, _, _ := strings.Cut(l, " ")
		fits := runes(lines[i])+1+min(runes(word), 20) < widest-4
		if widest <= verseWidth || fits {
			kept = append(kept, l)
		} else {
			kept[len(kept)-1] = join(kept[len(kept)-1], l)
		}
	}
	return []part{{lines: kept}}
}

// join puts two lines of one sentence together; scripts without spaces get none.
func join(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if a == "" || b == "" || wideMark(last) && wideMark(first) {
		return a + b
	}
	return a + " " + b
}

func wideMark(r rune) bool {
	return wide(r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

// marked reads the mark at the start of a line: a bullet, a number, a quote.
func marked(line string) (s shape, mark string, n int, rest string) {
	r, size := utf8.DecodeRuneInString(line)
	rest = strings.TrimSpace(line[size:])
	switch {
	case rest == "" && r != '>':
	case strings.ContainsRune("•‣◦▪●∙⁃■○◆➢►✓✔・", r):
		return bullets, "•", 0, rest
	case strings.ContainsRune("-–*·+", r) && isBlank(line[size]) || strings.ContainsRune("-–*·+", r) && strings.HasPrefix(line[size:], "\u00a0"):
		return bullets, string(r), 0, rest
	case r == '>':
		return quoted, "", 0, strings.TrimLeft(line, "> ")
	case r >= '0' && r <= '9':
		i := 1
		for i < len(line) && line[i] >= '0' && line[i] <= '9' {
			i++
		}
		if i < 4 && i+1 < len(line) && (line[i] == '.' || line[i] == ')') && isBlank(line[i+1]) {
			v, _ := strconv.Atoi(line[:i])
			return numbers, line[i : i+1], v, strings.TrimSpace(line[i+1:])
		}
	}
	return prose, "", 0, line
}

// lists puts items that follow one another into one list. A lone dash or number
// is no list: it opens a dialogue, a date or a chapter.
func lists(in []part) []part {
	var out []part
	for _, p := range in {
		if last := len(out) - 1; last >= 0 && out[last].shape == p.shape && out[last].mark == p.mark {
			l := &out[last]
			if p.shape == bullets || p.shape == numbers && p.first == l.next {
				l.lines = append(l.lines, p.lines[0])
				l.next++
				continue
			}
		}
		out = append(out, p)
	}
	for i := range out {
		p := &out[i]
		if len(p.lines) != 1 {
			continue
		}
		switch {
		case p.shape == bullets && p.mark != "•":
			*p = part{lines: []string{p.mark + " " + p.lines[0]}}
		case p.shape == numbers:
			*p = part{lines: []string{strconv.Itoa(p.first) + p.mark + " " + p.lines[0]}}
		}
	}
	return out
}

// headings finds the sub-headings: a short line that ends no sentence, before
// text that is not of the same kind. Three of them in a row are no headings but
// names, or a poem.
func headings(in []part) []part {
	run := 0
	for i := range in {
		if !mayHead(in[i]) {
			run = 0
			continue
		}
		run++
		if i+1 < len(in) && run < 3 && !mayHead(in[i+1]) && in[i+1].shape != quoted {
			in[i].shape = subheading
		}
	}
	return in
}

// mayHead says that a part looks like a heading.
func mayHead(p part) bool {
	if p.shape != prose || len(p.lines) != 1 {
		return false
	}
	line := p.lines[0]
	if len(line) > 4*headingWidth || runes(line) > headingWidth || strings.Contains(line, "://") || strings.Contains(line, "@") || strings.Contains(line, tokenStart) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	if unicode.IsLower(first) || strings.ContainsRune("([*-–—©#~=_|", first) {
		return false
	}
	letters, digits := 0, 0
	for _, r := range line {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			digits++
		}
	}
	return letters > 1 && letters > digits && !endsSentence(line)
}

// endsSentence says that a line ends in punctuation that a heading lacks.
// A question mark may end either; a heading that asks is taken for text.
func endsSentence(line string) bool {
	line = strings.TrimRight(line, "\"'”’»“)]）」』 ")
	r, _ := utf8.DecodeLastRuneInString(line)
	return line == "" || strings.ContainsRune(".!?…:;,。！？：；，、؟۔؛،।॥-–—", r)
}

// linkify writes a line escaped, its web and mail addresses as links.
func linkify(b *strings.Builder, s string) {
	last := 0
	for i := 0; i < len(s); i++ {
		from, to, href := 0, 0, ""
		switch s[i] {
		case 'h', 'H', 'w', 'W':
			if i > 0 && isWordByte(s[i-1]) && s[i-1] < 0x80 {
				continue
			}
			from, to, href = webAddress(s, i)
			if href == "" && to > i { // no address, nor is any inside it
				i = to - 1
				continue
			}
		case '@':
			from, to, href = mailAddress(s, i, last)
		}
		if href == "" {
			continue
		}
		b.WriteString(html.EscapeString(s[last:from]))
		b.WriteString(`<a href="` + html.EscapeString(href) + `">` + html.EscapeString(s[from:to]) + "</a>")
		last, i = to, to-1
	}
	b.WriteString(html.EscapeString(s[last:]))
}

func webAddress(s string, i int) (from, to int, href string) {
	head := strings.ToLower(s[i:min(len(s), i+8)])
	prefix := ""
	switch {
	case strings.HasPrefix(head, "https://"), strings.HasPrefix(head, "http://"):
	case strings.HasPrefix(head, "www."):
		prefix = "https://"
	default:
		return 0, 0, ""
	}
	end := i
	for _, r := range s[i:min(len(s), i+2048)] {
		if unicode.IsSpace(r) || strings.ContainsRune("<>\"“”«»„。、，；！？（）「」"+tokenStart, r) {
			break
		}
		end += utf8.RuneLen(r)
	}
	u := trimAddress(s[i:end])
	if host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u), "https://"), "http://"); len(host) < 4 || !strings.Contains(host, ".") && !strings.Contains(host, "localhost") {
		return i, end, ""
	}
	return i, i + len(u), prefix + u
}

// trimAddress drops the punctuation of the sentence around an address.
func trimAddress(u string) string {
	for u != "" {
		r, n := utf8.DecodeLastRuneInString(u)
		closes := r == ')' && strings.Count(u, ")") > strings.Count(u, "(") || r == ']' && !strings.Contains(u, "[")
		if !closes && !strings.ContainsRune(".,;:!?…'’*_|", r) {
			return u
		}
		u = u[:len(u)-n]
	}
	return u
}

func mailAddress(s string, at, least int) (from, to int, href string) {
	from, to = at, at+1
	for from > least && at-from < 64 && (isWordByte(s[from-1]) && s[from-1] < 0x80 || strings.IndexByte(".+-%", s[from-1]) >= 0) {
		from--
	}
	for to < len(s) && to-at < 255 && (isWordByte(s[to]) && s[to] < 0x80 && s[to] != '_' || s[to] == '.' || s[to] == '-') {
		to++
	}
	for to > at+1 && (s[to-1] == '.' || s[to-1] == '-') {
		to--
	}
	for from < at && (s[from] == '.' || s[from] == '-') {
		from++
	}
	host := s[at+1 : to]
	if from == at || !strings.Contains(host, ".") || strings.Contains(host, "..") || len(host)-strings.LastIndexByte(host, '.') < 3 {
		return 0, 0, ""
	}
	return from, to, "mailto:" + s[from:to]
}
