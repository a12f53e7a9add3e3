package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/gorilla/feeds"
)

// declaration opens every XML document. gorilla/feeds writes the same, with no
// newline after it.
var declaration = xml.Header[:len(xml.Header)-1]

// wire hands a value to feeds.WriteXML, the door of gorilla/feeds for XML that
// is not made of its own Feed.
type wire struct{ v any }

func (w wire) FeedXml() any { return w.v }

// write encodes a wire struct by way of gorilla/feeds, without the declaration.
// size is a guess of the result's length in bytes. WriteXML writes its header
// before it encodes, so it is never given anything but a buffer.
func write(v any, size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size)
	if err := feeds.WriteXML(wire{v}, &b); err != nil {
		return nil, err
	}
	return b.Bytes()[len(declaration):], nil
}

// cut takes an item out of the frame it was encoded in: the frame's elements
// give it the indentation that it has in the whole document.
func cut(doc []byte, open, end string) (Fragment, error) {
	rest, ok := bytes.CutPrefix(doc, []byte(open))
	if ok {
		rest, ok = bytes.CutSuffix(rest, []byte(end))
	}
	if !ok {
		return nil, fmt.Errorf("item does not stand in %s", open)
	}
	return Fragment(rest), nil
}

// assemble puts behind dst the document of a channel encoded without items:
// declaration, stylesheet, head, fragments, tail. Items were encoded long ago;
// this copies them once, into memory of the right size.
func assemble(dst, head []byte, tail, stylesheet string, items []Fragment) ([]byte, error) {
	head, ok := bytes.CutSuffix(head, []byte(tail))
	if !ok {
		return nil, fmt.Errorf("channel does not end in %s", strings.TrimSpace(tail))
	}
	style := instruction(stylesheet)
	n := len(declaration) + 1 + len(style) + len(head) + len(tail) + 1
	for _, it := range items {
		n += len(it)
	}
	out := append(slices.Grow(dst, n), declaration...)
	out = append(out, '\n')
	out = append(out, style...)
	out = append(out, head...)
	for _, it := range items {
		out = append(out, it...)
	}
	out = append(out, tail...)
	return append(out, '\n'), nil
}

// instruction names the feeds' CSS for a person who opens one in a browser
// (xml-stylesheet §3). It stands before the root element, where readers look to
// tell what a document is, so it is short or not there.
func instruction(stylesheet string) string {
	href := webURL(stylesheet)
	if strings.HasPrefix(stylesheet, "/") {
		href = escapeURI(line(stylesheet))
	}
	if href == "" || len(href) > 1024 {
		return ""
	}
	// A URI holds no quotation mark and no "?>" once & is escaped and > is %3E.
	return `<?xml-stylesheet type="text/css" href="` + strings.ReplaceAll(href, "&", "&amp;") + `"?>` + "\n"
}
