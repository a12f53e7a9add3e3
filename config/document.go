package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a config file. The syntax parser's time grows with the square of
// nesting and of the keys of one map; these keep it within a second or two.
const (
	maxFileBytes = 256 << 10
	maxFileLines = 20_000
	maxNesting   = 100
)

// document is a config file as text and as a syntax tree.
type document struct {
	name   string   // as shown to people
	lines  []string // secrets masked, for excerpts
	roots  []ast.Node
	partly bool // some part could not be read: unknown aliases mean nothing
	bad    problems
}

// readDocument parses the text. A fault in one top-level section does not hide
// those of the others: each section is then read by itself.
func readDocument(name string, raw []byte) *document {
	d := &document{name: name}
	text := strings.ReplaceAll(string(bytes.TrimPrefix(raw, []byte("\ufeff"))), "\r\n", "\n")
	d.lines = maskLines(strings.Split(text, "\n"))
	if !d.bounded(text) {
		return d
	}
	root, err := parse(text)
	if err == nil {
		d.add(root)
		return d
	}
	d.partly = true
	parts := sections(text)
	for _, part := range parts {
		root, err := parse(part)
		if err != nil {
			d.syntax(err)
			continue
		}
		d.add(root)
	}
	if len(d.bad) == 0 { // the fault lies between the sections
		d.roots = nil
		d.syntax(err)
	}
	return d
}

func (d *document) add(root ast.Node) {
	if root != nil {
		d.roots = append(d.roots, root)
	}
}

// bounded refuses what is no text or too much to parse.
func (d *document) bounded(text string) bool {
	fail := func(line int, message, hint string) bool {
		p := &Problem{File: d.name, Message: message, Hint: hint}
		if line > 0 {
			p.Line, p.Column = line, 1
		}
		d.bad = append(d.bad, p)
		return false
	}
	if len(text) > maxFileBytes {
		return fail(0, fmt.Sprintf("the file is %s long, and at most %s are read", Size(len(text)/1000)*KB, Size(maxFileBytes)), "is it a settings file at all?")
	}
	if len(d.lines) > maxFileLines {
		return fail(0, fmt.Sprintf("the file has more than %d lines", maxFileLines), "is it a settings file at all?")
	}
	depth := 0
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			return fail(i+1, "this line is not UTF-8", "save the file as UTF-8")
		}
		if strings.ContainsRune(line, 0) {
			return fail(i+1, "this line holds a NUL character", "save the file as plain text")
		}
		indent := len(line) - len(strings.TrimLeft(line, " -"))
		if depth += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") - strings.Count(line, "}"); depth > maxNesting || indent > 10*maxNesting {
			return fail(i+1, fmt.Sprintf("nested deeper than %d", maxNesting), "close the brackets that are open")
		}
	}
	return true
}

// parse gives the root of the first document, nil if the file holds none.
func parse(text string) (root ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // a parser's bug must not end a server that reloads
			root, err = nil, fmt.Errorf("the file cannot be read as YAML (%v)", r)
		}
	}()
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, err
	}
	for i, doc := range file.Docs {
		if i > 0 && doc.Body != nil {
			return nil, &yaml.SyntaxError{Message: "a second document starts here, and only one is read", Token: firstToken(doc.Body)}
		}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

// sections cuts the text at its top-level keys. Each part stands at its own
// lines: the others are empty.
func sections(text string) []string {
	lines := strings.Split(text, "\n")
	var starts []int
	for i, line := range lines {
		if topKey.MatchString(line) {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 || len(starts) > 50 {
		return nil
	}
	parts := make([]string, len(starts))
	for n, from := range starts {
		to := len(lines)
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		parts[n] = strings.Repeat("\n", from) + strings.Join(lines[from:to], "\n")
	}
	return parts
}

var topKey = regexp.MustCompile(`^["']?[A-Za-z_][\w.-]*["']?\s*:(\s|$)`)

// syntax reports what the parser could not read.
func (d *document) syntax(err error) {
	p := &Problem{File: d.name, Message: err.Error(), Hint: "look at the indentation, the colons and the quotation marks"}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		d.place(p, at.GetToken(), 1)
		p.Message = at.GetMessage()
		if p.Line <= len(d.lines) {
			p.Message, p.Hint = plain(p.Message, d.lines[p.Line-1])
		}
	}
	d.bad = append(d.bad, p)
}

// plain says a parser's message in words that help the person who wrote line.
func plain(message, line string) (said, hint string) {
	key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
	value = strings.TrimSpace(value)
	switch {
	case strings.Contains(message, "second document"):
		return message, "take out the line --- and what follows, or the part before it"
	case strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "a tab stands where only spaces may", "indent with two spaces"
	case strings.Contains(message, "mapping value is not allowed") && strings.Contains(value, ": ") && !strings.ContainsAny(value[:1], `"'[{`):
		return "the value holds a colon and a space, and is not quoted", "write " + key + `: "` + strings.ReplaceAll(value, `"`, `\"`) + `"`
	case strings.Contains(message, "mapping value is not allowed"):
		return "a key stands where none may", "indent the keys of one section by the same number of spaces"
	case strings.Contains(message, "could not find end character"):
		return "a quotation mark is opened here and never closed", "close it on the same line"
	case strings.Contains(message, "is a reserved character"):
		return message, "put the value in quotation marks"
	case strings.Contains(message, "end token"), strings.Contains(message, "must be specified"):
		return message, "close the bracket, or separate with commas"
	}
	return message, "look at the indentation, the colons and the quotation marks"
}

// place says where a problem stands, with its excerpt.
func (d *document) place(p *Problem, t *token.Token, width int) {
	p.File, p.Line, p.Column = d.name, t.Position.Line, t.Position.Column
	p.Excerpt = excerpt(d.lines, p.Line, p.Column, width)
}

// firstToken is the token a node starts with: for a map or list in block style
// the first key or dash.
func firstToken(n ast.Node) *token.Token {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return v.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return v.Key.GetToken()
	}
	return n.GetToken()
}

var (
	secretKey  = regexp.MustCompile(`^(\s*(?:- +)*)(["']?tokens?["']?\s*:)(.*)$`)
	secretFlow = regexp.MustCompile(`(["']?\btokens?["']?\s*:\s*)(\[[^\]]*\]?|"[^"]*"?|'[^']*'?|[^\s,}\]]+)`)
	secretURL  = regexp.MustCompile(`(://[^:/@\s]*:)([^@\s]+)@`)
)

// mask stands for a secret where its length is nobody's business.
const mask = "••••••"

// covered hides a text character by character, so that columns stay true.
func covered(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' {
			return r
		}
		return '•'
	}, s)
}

// coverGroup covers the n-th group of each match.
func coverGroup(re *regexp.Regexp, n int, line string) string {
	var b strings.Builder
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(line, -1) {
		b.WriteString(line[end:m[2*n]] + covered(line[m[2*n]:m[2*n+1]]))
		end = m[2*n+1]
	}
	return b.String() + line[end:]
}

// maskLines hides tokens and passwords, so that no excerpt carries them into a
// log. It works on text, because a file may be too broken to parse; it rather
// hides too much.
func maskLines(lines []string) []string {
	out := make([]string, len(lines))
	under := -1   // column of a token key, whose value may go on below it
	open := false // a list of tokens in brackets goes on
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		goesOn := under >= 0 && (strings.TrimSpace(line) == "" || indent > under || indent == under && strings.HasPrefix(line[indent:], "-"))
		switch {
		case open:
			open = !strings.Contains(line, "]")
			line = covered(line)
		case goesOn:
			line = covered(line)
		default:
			under = -1
			if m := secretKey.FindStringSubmatch(line); m != nil {
				under = len(m[1])
			}
			for _, m := range secretFlow.FindAllStringSubmatch(line, -1) {
				open = strings.HasPrefix(m[2], "[") && !strings.HasSuffix(m[2], "]")
			}
			if under >= 0 {
				line = coverGroup(secretKey, 3, line)
			} else {
				line = coverGroup(secretFlow, 2, line)
			}
		}
		out[i] = coverGroup(secretURL, 2, line)
	}
	return out
}

// maskURL hides the password of an address.
func maskURL(s string) string { return secretURL.ReplaceAllString(s, "${1}"+mask+"@") }
