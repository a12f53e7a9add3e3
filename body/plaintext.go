package body

import (
	"bytes"
	"strconv"
	"strings"
)

// plainWriter gathers the plain text. A paragraph begins with its first words,
// so one that holds a picture alone leaves no gap.
type plainWriter struct {
	b      []byte
	gap    gap    // before the next paragraph
	bullet string // before the next words
	due    bool   // a paragraph has begun and has no words yet
	mute   bool
}

// box notes how the paragraphs inside it begin.
func (p *plainWriter) box(b *box) {
	if b.gap != gapParagraph {
		p.gap = b.gap
	}
	if b.bullet != "" {
		p.bullet = b.bullet
	}
}

func (p *plainWriter) start() { p.due = true }

func (p *plainWriter) end() {
	p.b = bytes.TrimRight(p.b, " \u00a0") // what stood before something muted
	p.gap, p.due = gapParagraph, false
}

func (p *plainWriter) raw(s string) {
	if p.mute || p.due && strings.TrimSpace(s) == "" {
		return
	}
	if p.due {
		p.due = false
		switch {
		case len(p.b) == 0:
		case p.gap == gapLine:
			p.b = append(p.b, '\n')
		case p.gap == gapCell:
			p.b = append(p.b, '\t')
		default:
			p.b = append(p.b, "\n\n"...)
		}
		p.b = append(p.b, p.bullet...)
		p.bullet = ""
	}
	p.b = append(p.b, s...)
}

func bulletOf(ordered bool, n int) string {
	if ordered {
		return strconv.Itoa(n) + ". "
	}
	return "• "
}
