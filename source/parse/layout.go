package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"feedwright/article"
)

// block is one paragraph of a text as it goes into the body.
type block struct {
	n       int // line of the file
	text    string
	bullets bool
	lines   int    // how many lines of the file it was
	parts   []byte // the text while it grows
}

// add appends to a growing block; a string would be copied each time.
func (b *block) add(sep, s string) {
	b.parts = append(append(b.parts, sep...), s...)
	b.lines++
}

// blocks makes paragraphs of the lines that are left: bullets one a line in one
// paragraph, wrapped lines joined, sub-headings paragraphs of their own.
func (t *textBlocks) blocks() []block {
	var out []block
	var group []line
	flush := func() {
		for _, b := range paragraphsOf(group) {
			if last := len(out) - 1; b.bullets && last >= 0 && out[last].bullets {
				out[last].parts = append(append(out[last].parts, '\n'), b.parts...)
				continue
			}
			out = append(out, b)
		}
		group = group[:0]
	}
	for _, l := range t.ls[t.i:] {
		if l.text == "" {
			flush()
			continue
		}
		group = append(group, l)
	}
	flush()
	for i := range out {
		out[i].text, out[i].parts = string(out[i].parts), nil
	}
	return out
}

// joinBlocks makes a body of paragraphs.
func joinBlocks(bs []block) string {
	var b strings.Builder
	for i, bl := range bs {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(bl.text)
	}
	return b.String()
}

// bullet gives a bullet line's text, "" if the line is none.
func bullet(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune("•·◦▪▫‣●○■□–-*—", r) || n >= len(s) {
		return ""
	}
	rest := s[n:]
	if c, _ := utf8.DecodeRuneInString(rest); !unicode.IsSpace(c) && !strings.ContainsRune("•●▪‣◦", r) {
		return ""
	}
	return strings.TrimSpace(rest)
}

// paragraphsOf makes paragraphs of lines with no blank line between them.
func paragraphsOf(ls []line) []block {
	var out []block
	dashes := 0
	for _, l := range ls {
		if strings.HasPrefix(l.text, "—") || strings.HasPrefix(l.text, "–") {
			dashes++
		}
	}
	for i, l := range ls {
		last := len(out) - 1
		// A lone dash opens direct speech in many languages, several make a list.
		dash := (strings.HasPrefix(l.text, "—") || strings.HasPrefix(l.text, "–")) && dashes < 2
		if b := bullet(l.text); b != "" && !dash {
			item := "• " + article.Line(b)
			if last >= 0 && out[last].bullets {
				out[last].add("\n", item)
			} else {
				out = append(out, block{n: l.n, parts: []byte(item), bullets: true, lines: 1})
			}
			continue
		}
		s := article.Line(l.text)
		if i == 0 || last < 0 {
			out = append(out, block{n: l.n, parts: []byte(s), lines: 1})
			continue
		}
		switch join(ls[i-1].text, l.text, out[last].bullets) {
		case ' ':
			out[last].add(" ", s)
		case '\n':
			out[last].add("\n", s)
		default:
			out = append(out, block{n: l.n, parts: []byte(s), lines: 1})
		}
	}
	return out
}

// join decides what stands between two lines of a paragraph: a space where the
// first was wrapped, a line end where both are short as in an address or a
// poem, nothing where a new paragraph starts.
func join(a, b string, inBullets bool) rune {
	n := runes(a)
	first, _ := utf8.DecodeRuneInString(b)
	switch {
	case n > 45 && n <= 110 && !terminal(a):
		return ' '
	case inBullets:
		if !terminal(a) && unicode.IsLower(first) {
			return ' '
		}
		return 0
	case n > 60 && n <= 85 && runes(b) <= 85: // a sentence's end at a wrapped line's
		return ' '
	case n > 110, terminal(a):
		return 0
	case runes(b) > 85:
		return 0 // a sub-heading right above its text
	}
	return '\n'
}

// maxCaptions bounds how many lines above the lead may be captions.
const maxCaptions = 4

// captions takes the lines between the repeated title and the lead that belong
// to the pictures which the dump lost: short, no sentences, and either several
// together, repeated later, a name, or a credit. What cannot be told stays.
func (t *textBlocks) captions(bs []block) []block {
	lead := -1
	lines := 0
	for i, b := range bs {
		if b.bullets {
			return bs
		}
		if terminal(b.text) && runes(b.text) > 60 {
			lead = i
			break
		}
		if lines += b.lines; lines > maxCaptions || runes(b.text) > 250 {
			return bs
		}
	}
	if lead <= 0 {
		return bs
	}
	var kept []block
	for i, b := range bs[:lead] {
		if b.lines > 1 || personal(b.text) || credit(b.text) || again(b.text, bs[i+1:]) {
			t.r.note(b.n, "dropped", "caption above the lead", strings.ReplaceAll(b.text, "\n", " / "))
			continue
		}
		kept = append(kept, b)
	}
	return append(kept, bs[lead:]...)
}

// personal says that a line is a person's name: two to four capitalised words.
func personal(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		if c, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(c) {
			return false
		}
	}
	return true
}

func again(s string, later []block) bool {
	for _, b := range later {
		if same(s, b.text) {
			return true
		}
	}
	return false
}

// credits are words that open or close a picture's credit.
var credits = wordSet("photo photos image picture photograph getty reuters afp ap epa unsplash illustration collage screenshot фото світлина ілюстрація колаж скріншот иллюстрация коллаж скриншот foto bild abbildung montage crédit crédits zdjęcie fot grafika fotografia immagine imagen imagem captura")

func credit(s string) bool {
	if runes(s) > 160 {
		return false
	}
	found := false
	article.Words(s, func(w string) bool { found = credits[w]; return !found })
	return found
}
