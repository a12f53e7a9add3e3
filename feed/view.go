package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// View dresses an RSS or Atom document for a person's browser: the same
// document, with a link to click on at the head of the channel and of each item
// and, where there are older articles, at its end. Browsers follow only links
// of the XHTML namespace. They stand in what a browser is given and nowhere
// else, because validators warn of them (docs/notes/browser.md).
func View(doc []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	v := &viewer{}
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("dress for a browser: %w", err)
		}
		v.token(t, d.InputOffset())
	}
	if len(v.open) > 0 {
		return nil, errors.New("dress for a browser: the document ends too soon")
	}
	return v.weave(doc), nil
}

// viewer finds what links are made of, and their places.
type viewer struct {
	open  []string // names of the elements that are open
	boxes []box    // the channel, and in it an item
	text  *strings.Builder
	into  *string
	seams []seam
}

// box is a channel or an item being read.
type box struct {
	depth              int
	at                 int64 // behind its start tag
	title, href, older string
}

// seam is markup that goes into the document at an offset.
type seam struct {
	at   int64
	text string
}

func (v *viewer) token(t xml.Token, end int64) {
	switch t := t.(type) {
	case xml.StartElement:
		v.start(t, end)
	case xml.CharData:
		if v.text != nil {
			v.text.Write(t)
		}
	case xml.EndElement:
		v.end(t, end)
	}
}

func (v *viewer) start(t xml.StartElement, end int64) {
	name := t.Name.Local
	if t.Name.Space != "" {
		name = t.Name.Space + ":" + name
	}
	v.open = append(v.open, name)
	depth := len(v.open)
	if name == "channel" || name == "feed" && depth == 1 || (name == "item" || name == "entry") && len(v.boxes) == 1 {
		v.boxes = append(v.boxes, box{depth: depth, at: end})
		return
	}
	if len(v.boxes) == 0 {
		return
	}
	b := &v.boxes[len(v.boxes)-1]
	if depth != b.depth+1 {
		return
	}
	switch name {
	case "title":
		v.read(&b.title)
	case "link", "atom:link":
		var rel, href string
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "rel":
				rel = a.Value
			case "href":
				href = a.Value
			}
		}
		switch {
		case rel == "prev-archive" || rel == "next":
			b.older = href
		case href != "" && name == "link" && (rel == "" || rel == "alternate") && b.href == "":
			b.href = href
		case href == "":
			v.read(&b.href)
		}
	}
}

// read takes the text that follows.
func (v *viewer) read(into *string) { v.text, v.into = &strings.Builder{}, into }

func (v *viewer) end(t xml.EndElement, end int64) {
	depth := len(v.open)
	if depth == 0 {
		return
	}
	v.open = v.open[:depth-1]
	if v.text != nil {
		*v.into = line(v.text.String())
		v.text = nil
	}
	if len(v.boxes) == 0 || v.boxes[len(v.boxes)-1].depth != depth {
		return
	}
	b := v.boxes[len(v.boxes)-1]
	v.boxes = v.boxes[:len(v.boxes)-1]
	indent := "\n" + strings.Repeat("  ", depth)
	if href := webURL(b.href); href != "" {
		text := b.title
		if text == "" {
			text = href
		}
		v.seams = append(v.seams, seam{b.at, indent + anchor(href, text, "")})
	}
	if href := webURL(b.older); href != "" {
		tag := int64(len("</>") + len(t.Name.Local))
		v.seams = append(v.seams, seam{end - tag, "  " + anchor(href, "Older articles →", "next") + indent[:len(indent)-2]})
	}
}

var anchorText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func anchor(href, text, rel string) string {
	if rel != "" {
		rel = ` rel="` + rel + `"`
	}
	return `<a xmlns="http://www.w3.org/1999/xhtml" href="` + anchorText.Replace(href) + `"` + rel + `>` + anchorText.Replace(text) + `</a>`
}

// weave puts the seams into the document.
func (v *viewer) weave(doc []byte) []byte {
	slices.SortStableFunc(v.seams, func(a, b seam) int { return int(a.at - b.at) })
	n := len(doc)
	for _, s := range v.seams {
		n += len(s.text)
	}
	out := make([]byte, 0, n)
	last := int64(0)
	for _, s := range v.seams {
		out = append(append(out, doc[last:s.at]...), s.text...)
		last = s.at
	}
	return append(out, doc[last:]...)
}
