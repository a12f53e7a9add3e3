package source

import (
	"context"

	"feedwright/article"
	"feedwright/source/parse"
)

// NewReader makes a Reader of the parser of all kinds.
func NewReader(p *parse.Parser) Reader { return parsing{p} }

// parsing fits a parse.Parser to what a Folder needs of it.
type parsing struct{ p *parse.Parser }

func (parsing) Reads(path string) bool   { return parse.Reads(path) }
func (parsing) IsMedia(path string) bool { return parse.IsMedia(path) }

func (r parsing) Read(ctx context.Context, f File) ([]article.Parsed, []article.Fault, error) {
	return r.p.Parse(ctx, parse.File{FS: f.FS, Path: f.Path, Raw: f.Raw, ModTime: f.ModTime})
}
