package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// Problem is one thing to mend in the settings.
type Problem struct {
	Path    string // dotted key, "feeds[2].where"; empty if it concerns the whole file
	From    string // the variable (FEEDWRIGHT_SITE_URL) or flag (--listen) that set it; empty if the file did
	File    string // as shown to people
	Line    int    // 1-based; 0 if it has no place in the file
	Column  int    // 1-based, in characters
	Excerpt string // the line before, the line, and a caret; secrets masked; empty without a Line
	Message string // what is wrong, no full stop
	Hint    string // what to do, no full stop; may be empty
}

// Error is the problem for people, in one or several lines:
//
//	config.yaml:4:3: there is no key feed.itmes
//	   3 | feed:
//	   4 |   itmes: 50
//	     |   ^^^^^
//	  Did you mean items?
func (p *Problem) Error() string {
	var b strings.Builder
	switch {
	case p.From != "":
		b.WriteString(p.From + ": ")
	case p.Line > 0:
		fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	case p.File != "":
		b.WriteString(p.File + ": ")
	}
	b.WriteString(p.Message)
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	if p.Hint != "" {
		b.WriteString("\n  " + capital(p.Hint))
		if !strings.HasSuffix(p.Hint, "?") {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// Problems gives the problems in an error of Load, in the order of the file.
func Problems(err error) []*Problem {
	var all problems
	if errors.As(err, &all) {
		return all
	}
	return nil
}

// maxProblems bounds what is told at once: nobody mends more in one go.
const maxProblems = 50

// problems is every problem of one Load, as one error.
type problems []*Problem

func (ps problems) Error() string {
	var b strings.Builder
	for i, p := range ps[:min(len(ps), maxProblems)] {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(p.Error())
	}
	if len(ps) > maxProblems {
		fmt.Fprintf(&b, "\n\nmore than %d problems in the settings", maxProblems)
	} else if len(ps) > 1 {
		fmt.Fprintf(&b, "\n\n%d problems in the settings", len(ps))
	}
	return b.String()
}

// Unwrap lets errors.As find each Problem.
func (ps problems) Unwrap() []error {
	all := make([]error, len(ps))
	for i, p := range ps {
		all[i] = p
	}
	return all
}

// fault is what is wrong with a value, before anyone knows where it stands.
type fault struct{ message, advice string }

func wrong(format string, args ...any) *fault { return &fault{message: fmt.Sprintf(format, args...)} }

func (f *fault) hint(format string, args ...any) *fault {
	f.advice = fmt.Sprintf(format, args...)
	return f
}

// quoted shows a value in a message, cut to a length that can be read.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// excerpt shows the line and the one before it, with carets under width
// characters from column. Lines and column count from 1.
func excerpt(lines []string, line, column, width int) string {
	if line < 1 || line > len(lines) {
		return ""
	}
	gutter := len(strconv.Itoa(line))
	var b strings.Builder
	if line > 1 && strings.TrimSpace(lines[line-2]) != "" {
		fmt.Fprintf(&b, "  %*d | %s\n", gutter+1, line-1, clip(lines[line-2]))
	}
	text := []rune(lines[line-1])
	column = min(max(column, 1), len(text)+1)
	width = max(1, min(width, len(text)-column+1))
	// A very long line is shown from shortly before the place.
	const before, most = 60, 100
	if column > before {
		cut := column - before
		text, column = append([]rune("…"), text[cut:]...), column-cut+1
	}
	width = min(width, most)
	lead := uniseg.StringWidth(string(text[:column-1]))
	mark := uniseg.StringWidth(string(text[column-1 : min(column-1+width, len(text))]))
	fmt.Fprintf(&b, "  %*d | %s\n", gutter+1, line, clip(string(text)))
	fmt.Fprintf(&b, "  %*s | %s%s", gutter+1, "", strings.Repeat(" ", lead), strings.Repeat("^", max(1, min(mark, most))))
	return b.String()
}

// clip cuts a line that is too long to show.
func clip(s string) string {
	const most = 160
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
