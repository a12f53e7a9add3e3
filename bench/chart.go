package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// panel is one diagram of the chart: figures of one unit against size.
type panel struct {
	title  string
	write  func(float64) string
	series []series
}

// series is a line: a figure by its name in the records.
type series struct {
	figure, label string
	class         string // its colour in the style below
}

var panels = []panel{
	{"Time", func(v float64) string { return span(seconds(v)) }, []series{
		{"hugo.seconds", "Hugo, a build", "peer"},
		{"cold.seconds", "cold start, all feeds in three formats", "a"},
		{"warm.scan.seconds", "restart, scan done", "b"},
		{"warm.poll.seconds", "restart, first poll", "c"},
		{"new.p99.seconds", "one new file in all its feeds, p99", "d"},
	}},
	{"Memory", func(v float64) string { return weight(int64(v)) }, []series{
		{"hugo.peak.bytes", "Hugo, a build, at most", "peer"},
		{"cold.peak.bytes", "cold start, at most", "a"},
		{"memory.anonymous.bytes", "100 documents warm, at rest", "b"},
	}},
}

const chartStyle = `
svg { background: #fff; color: #1f2328; font: 13px system-ui, sans-serif }
.grid { stroke: currentColor; stroke-opacity: .15 }
.axis { fill: currentColor; fill-opacity: .75; font-size: 12px }
.title { fill: currentColor; font-weight: 600; font-size: 15px }
.label { fill: currentColor }
polyline { fill: none; stroke-width: 2 }
.peer { --c: #6e7781; stroke-dasharray: 5 4 } .a { --c: #0969da } .b { --c: #1a7f37 } .c { --c: #8250df } .d { --c: #bc4c00 }
polyline, line.key { stroke: var(--c) } circle { fill: var(--c); stroke: none }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; color: #e6edf3 }
.peer { --c: #9198a1 } .a { --c: #58a6ff } .b { --c: #56d364 } .c { --c: #bc8cff } .d { --c: #ffa657 }
}
`

// The measures of a panel, in pixels.
const (
	panelWidth  = 470
	plotLeft    = 70
	plotTop     = 40
	plotWidth   = 370
	plotHeight  = 300
	keyTop      = plotTop + plotHeight + 50
	keyStep     = 20
	chartHeight = keyTop + 5*keyStep + 10
)

// chart draws how cost grows with the number of articles, both axes by powers of
// ten, so that what grows in step with size rises by one square a square. The
// newest record of each size counts.
func chart(records []record) ([]byte, error) {
	var b bytes.Buffer
	width := panelWidth * len(panels)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">`+"\n", width, chartHeight)
	fmt.Fprintf(&b, "<title>How cost grows with the number of articles</title>\n<style>%s</style>\n", chartStyle)
	drawn := false
	for i, p := range panels {
		fmt.Fprintf(&b, `<g transform="translate(%d 0)">`+"\n", i*panelWidth)
		drawn = p.draw(&b, records) || drawn
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	if !drawn {
		return nil, errors.New("there are no figures to draw: measure cold, warm, memory or new with -json first")
	}
	return b.Bytes(), nil
}

// draw draws a panel, and says whether it had anything to draw.
func (p *panel) draw(b *bytes.Buffer, records []record) bool {
	lines := make([]map[int]float64, len(p.series))
	s := scale{x0: math.Inf(1), x1: math.Inf(-1), y0: math.Inf(1), y1: math.Inf(-1)}
	for i, x := range p.series {
		lines[i] = figures(records, x.figure)
		for n, v := range lines[i] {
			s.include(float64(n), v)
		}
	}
	text(b, "title", plotLeft, 24, "start", p.title)
	if math.IsInf(s.x0, 1) {
		return false
	}
	s.whole()
	s.grid(b, p.write)
	for i, x := range p.series {
		s.line(b, x.class, lines[i], p.write)
		y := keyTop + i*keyStep
		fmt.Fprintf(b, `<line class="key %s" x1="%d" x2="%d" y1="%d" y2="%d" stroke-width="2"/>`+"\n", x.class, plotLeft, plotLeft+28, y, y)
		label := x.label
		if len(lines[i]) == 0 {
			label += " (not measured)"
		}
		text(b, "label", plotLeft+36, float64(y)+4, "start", label)
	}
	return true
}

// scale maps figures to places; its ends are powers of ten.
type scale struct{ x0, x1, y0, y1 float64 }

func (s *scale) include(x, y float64) {
	s.x0, s.x1 = min(s.x0, math.Log10(x)), max(s.x1, math.Log10(x))
	s.y0, s.y1 = min(s.y0, math.Log10(y)), max(s.y1, math.Log10(y))
}

func (s *scale) whole() {
	s.x0, s.y0 = math.Floor(s.x0), math.Floor(s.y0)
	s.x1, s.y1 = max(math.Ceil(s.x1), s.x0+1), max(math.Ceil(s.y1), s.y0+1)
}

func (s *scale) x(v float64) float64 {
	return plotLeft + plotWidth*(math.Log10(v)-s.x0)/(s.x1-s.x0)
}

func (s *scale) y(v float64) float64 {
	return plotTop + plotHeight*(s.y1-math.Log10(v))/(s.y1-s.y0)
}

// grid draws a line at each power of ten.
func (s *scale) grid(b *bytes.Buffer, write func(float64) string) {
	for e := s.x0; e <= s.x1; e++ {
		x := s.x(math.Pow(10, e))
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`+"\n", x, x, plotTop, plotTop+plotHeight)
		text(b, "axis", x, plotTop+plotHeight+18, "middle", thousands(int(math.Pow(10, e))))
	}
	for e := s.y0; e <= s.y1; e++ {
		y := s.y(math.Pow(10, e))
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>`+"\n", plotLeft, plotLeft+plotWidth, y, y)
		text(b, "axis", plotLeft-8, y+4, "end", write(math.Pow(10, e)))
	}
	text(b, "axis", plotLeft+plotWidth/2, plotTop+plotHeight+34, "middle", "articles")
}

func (s *scale) line(b *bytes.Buffer, class string, by map[int]float64, write func(float64) string) {
	sizes := slices.Sorted(maps.Keys(by))
	var points []string
	for _, n := range sizes {
		points = append(points, fmt.Sprintf("%.1f,%.1f", s.x(float64(n)), s.y(by[n])))
	}
	fmt.Fprintf(b, `<polyline class="%s" points="%s"/>`+"\n", class, strings.Join(points, " "))
	for _, n := range sizes {
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="3.5"><title>%s articles: %s</title></circle>`+"\n", class, s.x(float64(n)), s.y(by[n]), thousands(n), write(by[n]))
	}
}

func text(b *bytes.Buffer, class string, x, y float64, anchor, words string) {
	fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">`, class, x, y, anchor)
	xml.EscapeText(b, []byte(words)) // a bytes.Buffer takes everything
	b.WriteString("</text>\n")
}

// thousands writes a number as 1,000,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
