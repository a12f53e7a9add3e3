package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"sync"

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
// The result is b's, until b is written to again. WriteXML writes its header
// before it encodes, so it is never given anything but a buffer.
func write(b *bytes.Buffer, v any) ([]byte, error) {
	if err := feeds.WriteXML(wire{v}, b); err != nil {
		return nil, err
	}
	return b.Bytes()[len(declaration):], nil
}

// Fragments are kept for long, so they lie in memory of their own length. What
// they are encoded in is used again: left to the collector, it leaves holes
// between them that took as much memory as they do.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxScratch is the longest buffer that is worth keeping, in bytes.
const maxScratch = 1 << 20

// fragmentOf hands a buffer to f and gives a copy of f's result.
func fragmentOf(f func(*bytes.Buffer) ([]byte, error)) (Fragment, error) {
	b := scratch.Get().(*bytes.Buffer)
	b.Reset()
	doc, err := f(b)
	var out Fragment
	if err == nil {
		out = append(make(Fragment, 0, len(doc)), doc...)
	}
	if b.Cap() <= maxScratch {
		scratch.Put(b)
	}
	return out, err
}

// encodeXML encodes an item within a frame and takes it out again: the frame's
// elements give it the indentation that it has in the whole document.
func encodeXML(frame any, open, end string) (Fragment, error) {
	return fragmentOf(func(b *bytes.Buffer) ([]byte, error) {
		doc, err := write(b, frame)
		if err != nil {
			return nil, err
		}
		rest, ok := bytes.CutPrefix(doc, []byte(open))
		if ok {
			rest, ok = bytes.CutSuffix(rest, []byte(end))
		}
		if !ok {
			return nil, fmt.Errorf("it does not stand in %s", open)
		}
		return rest, nil
	})
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
