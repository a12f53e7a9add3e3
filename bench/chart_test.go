package main

import (
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func measured(articles int, figures map[string]float64) record {
	return record{Articles: articles, Rows: []row{{What: "x", Figures: figures}}}
}

func TestChartIsWellFormedAndHoldsEveryFigure(t *testing.T) {
	records := []record{
		measured(1000, map[string]float64{"hugo.seconds": 9, "cold.seconds": 9}),
		measured(1000, map[string]float64{"hugo.seconds": 0.4, "cold.seconds": 0.1, "cold.peak.bytes": 40e6}),
		measured(10_000, map[string]float64{"hugo.seconds": 2, "cold.seconds": 0.5, "cold.peak.bytes": 60e6}),
		measured(1_000_000, map[string]float64{"hugo.seconds": 300, "cold.seconds": 55}),
	}
	svg, err := chart(records)
	if err != nil {
		t.Fatal(err)
	}
	elements := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			elements[e.Name.Local]++
		}
	}
	if elements["svg"] != 1 || elements["circle"] != 8 {
		t.Errorf("the chart has %d drawings and %d points, want 1 and 8", elements["svg"], elements["circle"])
	}
	for _, want := range []string{"1,000,000 articles: 300 s", "1,000 articles: 100 ms", "10,000 articles: 60 MB", "prefers-color-scheme: dark", "restart, first poll (not measured)"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
		t.Error("the chart names a place that is none")
	}
	if strings.Contains(string(svg), "9 s") {
		t.Error("the chart shows an older figure than the newest")
	}
}

func TestNothingMeasuredIsNoChart(t *testing.T) {
	if _, err := chart(nil); err == nil {
		t.Error("a chart was drawn of nothing")
	}
}

func TestFiguresLastInTheirFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	for _, r := range []record{measured(1000, map[string]float64{"new.p99.seconds": 0.02}), measured(100_000, map[string]float64{"new.p99.seconds": 0.03})} {
		if err := r.append(path); err != nil {
			t.Fatal(err)
		}
	}
	list, err := readRecords(path)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d records are read back of two (%v)", len(list), err)
	}
	if got := figures(list, "new.p99.seconds"); got[1000] != 0.02 || got[100_000] != 0.03 {
		t.Errorf("the figures came back as %v", got)
	}
}
