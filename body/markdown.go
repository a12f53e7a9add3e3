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
	return goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList, extension.CJK),
		goldmark.WithParserOptions(
			parser.WithAutoHeadingID(), parser.WithAttribute(),
			parser.WithInlineParsers(util.Prioritized(meter{}, 0)),
		),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
})

// markdown renders a source that tooMuchMarkdown let pass. The warning says why
// there is no result.
func markdown(source string) (out, warning string) {
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

// maxNesting is deeper than quotes and lists are nested by people.
const maxNesting = 60

// tooMuchMarkdown says why a source must not be rendered.
func tooMuchMarkdown(source string) string {
	if len(source) > maxMarkdown {
		return "The Markdown is longer than 1 MB and is shown as plain text: split it into several articles."
	}
	cells := 0
	for line := range strings.Lines(source) {
		quotes, i := 0, 0
		for i < len(line) && strings.IndexByte(" \t>-+*", line[i]) >= 0 {
			if line[i] == '>' || line[i] != ' ' && line[i] != '\t' && i+1 < len(line) && line[i+1] == ' ' {
				quotes++
			}
			i++
		}
		if quotes > maxNesting && strings.TrimLeft(line, "-*+ \t\r\n") != "" || i > 1000 && quotes <= maxNesting && strings.TrimSpace(line) != "" && strings.Trim(line, " \t\r\n-*+") != "" {
			return "The Markdown nests quotes or lists too deeply and is shown as plain text: simplify it."
		}
		if n := strings.Count(line, "|"); n > 100 {
			cells = max(cells, n)
		}
	}
	if cells > 0 && cells*strings.Count(source, "\n") > 300_000 {
		return "The Markdown has too wide a table and is shown as plain text: use fewer columns."
	}
	return ""
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
