package config

import (
	"strings"
	"testing"
	"time"
)

func TestDurationsNeedTheirUnit(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "200ms": 200 * time.Millisecond, "1h30m": 90 * time.Minute, "7d": 168 * time.Hour, "8191w": 8191 * 168 * time.Hour, "2 w": 336 * time.Hour, "5 m": 5 * time.Minute, "1.5h": 90 * time.Minute,
	} {
		got, f := parseDuration(s)
		if f != nil || got != want {
			t.Errorf("%s = %v, %v; want %v", s, got, f, want)
		}
		if back, f := parseDuration(formatDuration(got)); f != nil || back != got {
			t.Errorf("%s is shown as %s and read as %v", s, formatDuration(got), back)
		}
	}
	for _, s := range []string{"", "300", "1.5", "-1s", "5 minutes", "d", "110000d", "16000w", "-1d", "1e3", "9999999h"} {
		if d, f := parseDuration(s); f == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
}

func TestSizesNeedTheirUnit(t *testing.T) {
	for s, want := range map[string]Size{
		"256MB": 256_000_000, "10MiB": 10 << 20, "1.5 gb": 1_500_000_000, "64 KiB": 65536, "0B": 0, "7B": 7, "1kb": 1000,
	} {
		got, f := parseSize(s)
		if f != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", s, got, f, want)
		}
		if back, f := parseSize(got.String()); f != nil || back != got {
			t.Errorf("%s is shown as %s and read as %d", s, got, back)
		}
	}
	for _, s := range []string{"", "64", "-1MB", "MB", "1e9B", "5 megs", "9999999GB", "1 M B", "1_000MB", "NaNMB", "0x10MB"} {
		if n, f := parseSize(s); f == nil {
			t.Errorf("%q is read as %d", s, n)
		}
	}
}

func TestNearestForgivesATypoAndNotMore(t *testing.T) {
	words := []string{"items", "formats", "content", "max_bytes", "url"}
	for s, want := range map[string]string{"itmes": "items", "item": "items", "fromats": "formats", "contents": "content", "ulr": "url", "maxbytes": "max_bytes", "xyz": "", "bytes": "", "": ""} {
		if got := nearest(s, words); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestStarterLoadsWithAnyTitle(t *testing.T) {
	const id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	for _, title := range []string{"The Lantern", `Quotes " and \ and: colons #1`, "Ліхтар", "- *x"} {
		text := Starter(title, id)
		if n := strings.Count(strings.TrimSpace(string(text)), "\n") + 1; n != 6 {
			t.Errorf("the config has %d lines", n)
		}
		l, err := loadText(t, string(text))
		if err != nil {
			t.Fatal(err)
		}
		if l.Config.Site.Title != title || l.Config.Site.ID != id {
			t.Errorf("title %q, id %s", l.Config.Site.Title, l.Config.Site.ID)
		}
	}
}

func TestExcerptsNeverHoldSecrets(t *testing.T) {
	const s = "hunter2"
	text := strings.Join([]string{
		"feeds:",
		"- token: " + s,
		"  name: a",
		"- tokens:",
		"  - " + s,
		"  - '" + s + "'",
		"  name: b",
		"- {name: c, tokens: [x" + s + ",",
		"    " + s + "]}",
		"- {name: d, \"token\": \"" + s + "\", items: 3}",
		"- token: >-",
		"    " + s,
		"  items: 5",
		"store: {dsn: 'x://me:" + s + "@db/y'}",
	}, "\n")
	masked := maskLines(strings.Split(text, "\n"))
	if joined := strings.Join(masked, "\n"); strings.Contains(joined, s) {
		t.Errorf("a secret is left:\n%s", joined)
	}
	for i, want := range map[int]string{2: "  name: a", 6: "  name: b", 12: "  items: 5"} {
		if masked[i] != want {
			t.Errorf("line %d is %q, want %q: no secret stands there", i+1, masked[i], want)
		}
	}
	// Whatever is masked, columns stay.
	for i, line := range strings.Split(text, "\n") {
		if len([]rune(line)) != len([]rune(masked[i])) {
			t.Errorf("line %d changes its length: %q", i+1, masked[i])
		}
	}
}
