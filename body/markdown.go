package body

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// renderer is CommonMark with what GitHub and PHP Markdown Extra add. Raw HTML
// passes: the walker sees to it.
var renderer = sync.OnceValue(func() goldmark.Markdown {
	blocks := parser.DefaultBlockParsers()
	for i := range blocks {
		if blocks[i].Priority == 500 {
			blocks[i].Value = indented{parser.NewCodeBlockParser()}
		}
	}
	blocks = append(blocks, util.Prioritized(outdented{parser.NewParagraphParser()}, 1001))
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(append(parser.DefaultInlineParsers(), util.Prioritized(meter{}, 0))...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithAutoHeadingID(), parser.WithAttribute(),
		)),
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList, extension.NewCJK(extension.WithEscapedSpace())),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(wideLines{}, 500))),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
})

// markdown renders a source that tooMuchMarkdown let pass. The warning says why
// there is no result.
func markdown(source string, tags *tokens) (out, warning string) {
	defer func() {
		if p := recover(); p != nil {
			out, warning = source, "The Markdown cannot be rendered and is shown as plain text: simplify it."
			if p == errWork {
				warning = tangled
			}
		}
	}()
	var b bytes.Buffer
	b.Grow(len(source) * 3 / 2)
	pc := parser.NewContext(parser.WithIDs(headingIDs{}))
	pc.Set(inputKey, &input{source, tags})
	if err := renderer().Convert([]byte(source), &b, parser.WithContext(pc)); err != nil {
		return source, "The Markdown cannot be rendered and is shown as plain text: " + err.Error() + "."
	}
	return b.String(), ""
}

const tangled = "The Markdown has too many brackets, quotes or marks in one place and is shown as plain text: part it by blank lines."

// errWork is what meter panics with; markdown recovers it.
var errWork = struct{ string }{"too much work"}

// maxWork is the work that one body may cause, in bytes that the inline parser
// may have to look at again: some half a second.
const maxWork = 100_000_000

// meter is an inline parser that parses nothing. The renderer cannot be
// stopped from outside, and some inputs take it hours: at each mark that makes
// it look ahead, meter adds what is left of the paragraph to the work done, and
// gives up by a panic when that is too much. Unlike a clock it gives the same
// answer everywhere.
type meter struct{}

var workKey = parser.NewContextKey()

func (meter) Trigger() []byte { return []byte{'[', ']', '!', '`', '<', '*', '_', '~', '(', ':'} }

func (meter) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	work, _ := pc.Get(workKey).(*int)
	if work == nil {
		work = new(int)
		pc.Set(workKey, work)
	}
	if lines := parent.Lines(); parent.Type() == ast.TypeBlock && lines != nil && lines.Len() > 0 {
		_, at := block.Position()
		*work += max(0, lines.At(lines.Len()-1).Stop-at.Start)
	}
	if *work > maxWork {
		panic(errWork)
	}
	return nil
}

// indented is the parser of indented code. It lets pass lines among which
// stands a shortcode that Hugo would run, or that go on with HTML: those were indented
// for looks.
type indented struct{ parser.BlockParser }

// input is what is rendered.
type input struct {
	source string
	tags   *tokens
}

// run is what is known of the indented lines around a place in the source.
type run struct {
	end  int
	live bool
}

var inputKey, runKey = parser.NewContextKey(), parser.NewContextKey()

// Open says that a block of indented code begins here, or is none.
func (p indented) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if pc.BlockIndent() >= 4 && forLooks(parent, r, pc) {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

// forLooks says that the indented lines here are no code: Hugo would run a
// shortcode in them, or they go on with the HTML before them.
func forLooks(parent ast.Node, r text.Reader, pc parser.Context) bool {
	in, _ := pc.Get(inputKey).(*input)
	if in == nil {
		return false
	}
	line, at := r.PeekLine()
	known, _ := pc.Get(runKey).(*run)
	if known == nil {
		known = new(run)
		pc.Set(runKey, known)
	}
	if at.Start >= known.end {
		n, live := in.tags.indentedRun(in.source[at.Start:])
		*known = run{at.Start + n, live}
	}
	if last := parent.LastChild(); !known.live && last != nil && last.Kind() == ast.KindHTMLBlock {
		known.live = bytes.HasPrefix(bytes.TrimSpace(line), []byte("<"))
	}
	return known.live
}

// outdented is the parser of paragraphs for the lines that indented let pass.
type outdented struct{ parser.BlockParser }

// CanAcceptIndentedLine is what it is for.
func (outdented) CanAcceptIndentedLine() bool { return true }

// Open takes an indented line.
func (p outdented) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if pc.BlockIndent() < 4 {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

// Limits of what a Markdown source may hold: deeper than people nest quotes and
// lists; cells that short rows of a wide table are filled up with; reference
// definitions of one paragraph times its bytes.
const (
	maxNesting     = 60
	maxCells       = 300_000
	maxDefinitions = 100_000_000
)

// tooMuchMarkdown says why a source must not be rendered: what in blocks costs
// the renderer more than the square root of its time.
func tooMuchMarkdown(source string) string {
	if len(source) > maxMarkdown {
		return "The Markdown is longer than 1 MB and is shown as plain text: split it into several articles."
	}
	columns, definitions, paragraph := 0, 0, 0
	for line := range strings.Lines(source) {
		depth, rest := nesting(line)
		switch {
		case depth > maxNesting:
			return "The Markdown nests quotes or lists too deeply and is shown as plain text: simplify it."
		case rest == "":
			definitions, paragraph = 0, 0
			continue
		}
		if n := strings.Count(line, "|"); n > 100 {
			columns = max(columns, n)
		}
		paragraph += len(line)
		if rest[0] == '[' && strings.Contains(rest, "]:") {
			definitions++
		}
		if definitions*paragraph > maxDefinitions {
			return tangled
		}
	}
	if columns > 0 && columns*strings.Count(source, "\n") > maxCells {
		return "The Markdown has too wide a table and is shown as plain text: use fewer columns."
	}
	return ""
}

// nesting counts the marks of quotes and lists at the start of a line, and the
// indentation that further lines of nested lists have. rest is what follows.
func nesting(line string) (depth int, rest string) {
	marks, indent, i := 0, 0, 0
	for ; i < len(line); i++ {
		c := line[i]
		digits := i
		for digits < len(line) && digits < i+9 && line[digits] >= '0' && line[digits] <= '9' {
			digits++
		}
		switch {
		case c == ' ' || c == '\t':
			indent++
		case c == '>':
			marks++
		case strings.IndexByte("-+*:", c) >= 0 && i+1 < len(line) && isBlank(line[i+1]):
			marks++
		case digits > i && digits+1 < len(line) && (line[digits] == '.' || line[digits] == ')') && line[digits+1] == ' ':
			marks++
			i = digits
		default:
			rest = strings.TrimSpace(line[i:])
			if rest != "" && marks > 0 { // a list item: its indentation says how deep it lies
				marks += (indent - marks) / 4
			}
			return marks, rest
		}
	}
	return 0, "" // a thematic break, or nothing
}

// headingIDs makes the ids of headings: letters and digits of any script in
// lower case, hyphens between words. It holds how often each id was asked for.
type headingIDs map[string]int

// Generate makes an id that is not used yet.
func (h headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	var b strings.Builder
	inToken := false
	for _, r := range string(value[:min(len(value), 300)]) {
		switch {
		case string(r) == tokenStart, string(r) == tokenEnd:
			inToken = string(r) == tokenStart
		case inToken:
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r):
			b.WriteRune(unicode.ToLower(r))
		case (r == ' ' || r == '-' || r == '_') && b.Len() > 0:
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "heading"
	}
	id := base
	for h[id] > 0 {
		id = base + "-" + strconv.Itoa(h[base])
		h[base]++
	}
	h[id]++
	return []byte(id)
}

// Put notes an id that the author gave.
func (h headingIDs) Put(value []byte) { h[string(value)]++ }
