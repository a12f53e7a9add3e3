package body

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"feedwright/article"
)

// Render makes a body ready for readers. The error is always nil at present.
func Render(markup article.Markup, body string, o Options) (Rendered, error) {
	body = article.Clean(article.DropEdges(body, o.Drop))
	if markup != article.HTML {
		var b bytes.Buffer
		if err := goldmark.Convert([]byte(body), &b); err != nil {
			return Rendered{}, err
		}
		body = b.String()
	}
	return Rendered{HTML: bluemonday.UGCPolicy().Sanitize(body), Text: bluemonday.StrictPolicy().Sanitize(body)}, nil
}
