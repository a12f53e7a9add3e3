package lint

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// linter is one document being judged.
type linter struct {
	ctx   context.Context
	o     Options
	text  []byte // the document as UTF-8; offsets everywhere are into it
	lines []int  // offset of each line's start
	list  []found
	same  map[string]int // findings by rule
	seen  map[spot]bool
	cut   bool // the document ends too early: what is missing may have been to come
}

// found is a finding before its place is counted out.
type found struct {
	Finding
	at int // offset; -1 if it concerns the HTTP answer
}

// spot keeps one fault from being reported twice.
type spot struct {
	rule string
	at   int
}

func newLinter(ctx context.Context, o Options) *linter {
	return &linter{ctx: ctx, o: o, same: map[string]int{}, seen: map[spot]bool{}}
}

// found reports a breach of the named rule at an offset. It returns the
// finding, so that a caller can narrow its clause, hint or severity; an empty
// one if it is not reported because it was, or its like often enough.
func (l *linter) found(at int, rule, format string, args ...any) *Finding {
	r, ok := rules.find(rule)
	if !ok {
		panic("no such rule: " + rule)
	}
	key := spot{rule, at}
	if l.seen[key] {
		return &Finding{}
	}
	if l.same[rule]++; l.same[rule] > maxSame {
		return &Finding{}
	}
	l.seen[key] = true
	l.list = append(l.list, found{Finding{
		Severity: r.Severity, Rule: rule, Clause: r.Clause, Hint: r.Hint,
		Message: fmt.Sprintf(format, args...),
	}, at})
	return &l.list[len(l.list)-1].Finding
}

// findings orders what was found by place and cuts it to MaxFindings, dropping
// the least severe first.
func (l *linter) findings() []Finding {
	slices.SortStableFunc(l.list, func(a, b found) int {
		return cmp.Or(a.at-b.at, int(a.Severity-b.Severity), strings.Compare(a.Rule, b.Rule))
	})
	for i := len(l.list) - 1; i >= 0; i-- {
		f := &l.list[i]
		if more := l.same[f.Rule] - maxSame; more > 0 {
			f.Message += fmt.Sprintf(" (and %d more like this)", more)
			delete(l.same, f.Rule)
		}
	}
	for s := Info; s > Error && len(l.list) > MaxFindings; s-- {
		over := len(l.list) - MaxFindings
		for i := len(l.list) - 1; i >= 0 && over > 0; i-- {
			if l.list[i].Severity == s {
				l.list = slices.Delete(l.list, i, i+1)
				over--
			}
		}
	}
	l.list = l.list[:min(len(l.list), MaxFindings)]
	out := make([]Finding, len(l.list))
	for i, f := range l.list {
		out[i] = f.Finding
		if f.at >= 0 {
			out[i].Line, out[i].Column = l.place(f.at)
		}
	}
	return out
}

// place counts line and column, both from 1, the column in characters.
func (l *linter) place(at int) (line, column int) {
	at = min(at, len(l.text))
	if l.lines == nil {
		l.lines = []int{0}
		for i := 0; ; {
			n := bytes.IndexByte(l.text[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			l.lines = append(l.lines, i)
		}
	}
	line = sort.Search(len(l.lines), func(i int) bool { return l.lines[i] > at })
	return line, utf8.RuneCount(l.text[l.lines[line-1]:at]) + 1
}

// quote is a value as a message shows it: one line, at most 60 characters.
func quote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:59]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// or joins words for a sentence: "a, b or c".
func or(words ...string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
