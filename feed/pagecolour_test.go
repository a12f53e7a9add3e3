package feed

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestColoursCanBeRead holds the pages' colours, light and dark, to a contrast
// of 4.5:1 (WCAG 2.2, success criterion 1.4.3).
func TestColoursCanBeRead(t *testing.T) {
	raw, err := os.ReadFile("page/page.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(raw), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no dark colours")
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]{3,6})\b`).FindAllStringSubmatch(css, -1) {
			if _, seen := colour[m[1]]; !seen { // the print colours come later
				colour[m[1]] = luminance(t, m[2])
			}
		}
		for _, pair := range []string{"ink paper", "ink card", "ink note", "soft paper", "soft card", "accent paper", "accent card", "accent tint"} {
			front, back, _ := strings.Cut(pair, " ")
			a, b := colour[front], colour[back]
			if ratio := (max(a, b) + .05) / (min(a, b) + .05); ratio < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f", name, pair, ratio)
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
