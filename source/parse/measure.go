package parse

import (
	"slices"
	"strings"

	"feedwright/article"
)

// What of a body may be boilerplate.
const (
	leading  = 4
	trailing = 6
	edgeLen  = 400 // bytes: what is longer is nobody's standing line
)

// paragraph is one of a body, with its place in the body's bytes.
type paragraph struct {
	text       string
	start, end int
	trailing   bool
}

// edgesOf finds the first and the last paragraphs of a body without looking at
// what lies between. A body with few paragraphs has the rest as leading ones.
func edgesOf(body string, first, last int) []paragraph {
	out := make([]paragraph, 0, first+last)
	pos := 0
	for len(out) < first {
		p, next, ok := nextParagraph(body, pos)
		if !ok {
			return out
		}
		out = append(out, p)
		pos = next
	}
	head, end := len(out), len(body)
	for len(out) < head+last {
		p, ok := lastParagraph(body, pos, end)
		if !ok {
			break
		}
		out = append(out, p)
		end = p.start
	}
	slices.Reverse(out[head:])
	return out
}

// nextParagraph finds the first paragraph that starts at or after pos.
func nextParagraph(body string, pos int) (p paragraph, next int, ok bool) {
	start := -1
	for pos < len(body) {
		end := strings.IndexByte(body[pos:], '\n') + pos + 1
		if end == pos {
			end = len(body)
		}
		blank := strings.TrimSpace(body[pos:end]) == ""
		if start < 0 && !blank {
			start = pos
		}
		if start >= 0 && blank {
			return paragraph{text: body[start:pos], start: start, end: pos}, end, true
		}
		pos = end
	}
	if start < 0 {
		return p, pos, false
	}
	return paragraph{text: body[start:], start: start, end: len(body)}, len(body), true
}

// lastParagraph finds the last paragraph that lies within body[from:end].
func lastParagraph(body string, from, end int) (p paragraph, ok bool) {
	stop := -1
	for end > from {
		start := strings.LastIndexByte(body[from:end-1], '\n') + from + 1
		blank := strings.TrimSpace(body[start:end]) == ""
		if stop < 0 && !blank {
			stop = end
		}
		if stop >= 0 && blank {
			return paragraph{text: body[end:stop], start: end, end: stop, trailing: true}, true
		}
		if start == from && stop >= 0 {
			return paragraph{text: body[from:stop], start: from, end: stop, trailing: true}, true
		}
		end = start
	}
	return p, false
}

// dropEdges takes boilerplate off the ends of the body. A paragraph that must
// be kept, or one short line that is no sentence, does not end the search.
func (r *reading) dropEdges() {
	ps := edgesOf(r.out.Body, leading, trailing+2)
	if len(ps) == 0 {
		return
	}
	drop := make([]bool, len(ps))
	dropped := r.judge(ps, drop, 0, 1)
	if r.judge(ps, drop, len(ps)-1, -1) || dropped {
		body := r.out.Body
		var out strings.Builder
		pos := 0
		for i, p := range ps {
			if drop[i] {
				out.WriteString(body[pos:p.start])
				pos = p.end
			}
		}
		out.WriteString(body[pos:])
		r.out.Body = strings.Trim(out.String(), "\n ")
		if r.out.Markup == article.PlainText {
			r.out.Body = strings.Join(article.Paragraphs(r.out.Body), "\n\n")
			r.out.Body = tidyBreaks(r.out.Body)
		}
	}
}

// tidyBreaks leaves one blank line between paragraphs.
func tidyBreaks(s string) string {
	for strings.Contains(s, "\n\n\n") {
		s = strings.ReplaceAll(s, "\n\n\n", "\n\n")
	}
	return s
}

func (r *reading) judge(ps []paragraph, drop []bool, from, step int) (any bool) {
	misses := 0
	for i := from; i >= 0 && i < len(ps) && misses < 2; i += step {
		p := ps[i].text
		if drop[i] {
			return any
		}
		rule, ok := r.p.boilerplate.Match(p, r.dump)
		switch {
		case ok && (r.p.boilerplate.Keeps(p) || r.p.boilerplate.Subject(rule, r.out.Fields.Title)):
		case ok:
			drop[i], any = true, true
			r.note(r.lineOf(strings.TrimPrefix(firstLine(p), "• ")), "dropped", "boilerplate "+rule, article.Line(p))
		case len(p) < 80 && !terminal(p) && step < 0:
			misses++
		default:
			return any
		}
	}
	return any
}

func firstLine(p string) string {
	p, _, _ = strings.Cut(p, "\n")
	return strings.TrimSuffix(short(p, 60), "…")
}

// measure counts words and offers edges.
func (r *reading) measure() {
	body := r.out.Body
	for _, p := range edgesOf(body, leading, trailing) {
		if len(p.text) >= edgeLen || r.p.boilerplate.Keeps(p.text) {
			continue
		}
		if h := article.ParagraphHash(p.text); h != 0 {
			r.out.Edges = append(r.out.Edges, article.Edge{Hash: h, Text: short(article.Line(p.text), 200), Trailing: p.trailing})
		}
	}
	if head, line := firstHeading(body); r.out.Markup == article.Markdown && head != "" && same(head, r.out.Fields.Title) {
		for range line {
			_, body, _ = strings.Cut(body, "\n")
		}
	}
	if r.out.Markup == article.HTML {
		body = htmlTags.ReplaceAllString(body, " ")
	}
	r.out.Words, r.out.Print = article.Measure(body)
}
