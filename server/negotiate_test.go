package server

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAcceptEncodingIsReadAsRFC9110Says(t *testing.T) {
	for header, want := range map[string]coding{
		"gzip":                                gzipped,
		"GZIP":                                gzipped,
		"x-gzip":                              gzipped,
		"gzip, deflate":                       gzipped,
		"deflate, gzip, br, zstd":             zstded,
		"br;q=0.9, gzip;q=0.9":                brotlied,
		"gzip;q=1.0, br;q=0.9, zstd;q=0.8":    gzipped,
		"identity, gzip":                      gzipped,
		"identity;q=1, gzip;q=0.5":            identity,
		"identity;q=0.5, gzip;q=0.1":          identity,
		"gzip;q=0":                            identity,
		"gzip;q=0, *":                         identity,
		"*":                                   gzipped,
		"*;q=0":                               identity,
		"identity;q=0":                        identity, // nothing else was asked for
		"br;q=0, *;q=0.5":                     gzipped,
		"":                                    identity,
		" , ,":                                identity,
		"gzip;q=much":                         identity,
		"gzip;q=2":                            identity,
		"gzip;q=NaN":                          identity,
		"gzip ; Q=0.5":                        gzipped,
		"zstd;q=0.001":                        zstded,
		"compress, deflate;q=1, identity;q=0": identity,
	} {
		if got, _ := acceptEncoding([]string{header}); got != want {
			t.Errorf("%q: coding %d, want %d", header, got, want)
		}
	}
	if got, _ := acceptEncoding(nil); got != identity {
		t.Errorf("without the header: coding %d", got)
	}
	if got, _ := acceptEncoding([]string{"gzip", "br"}); got != brotlied {
		t.Errorf("two lines: coding %d", got)
	}
}

// TestCompressedBytesGoOnlyToWhoAsked compares with a plain reading of the rule
// on random headers.
func TestCompressedBytesGoOnlyToWhoAsked(t *testing.T) {
	names := map[string]coding{"gzip": gzipped, "br": brotlied, "zstd": zstded, "identity": identity}
	rapid.Check(t, func(t *rapid.T) {
		q := map[coding]int{}
		var parts []string
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"gzip", "br", "zstd", "identity", "deflate"}), rapid.ID).Draw(t, "names") {
			w := rapid.IntRange(0, 10).Draw(t, "q")
			parts = append(parts, fmt.Sprintf("%s;q=%.1f", name, float64(w)/10))
			if c, ok := names[name]; ok {
				q[c] = w
			}
		}
		header := strings.Join(parts, ", ")
		got, taken := acceptEncoding([]string{header})
		if got != identity && (q[got] == 0 || !taken.has(got)) {
			t.Fatalf("%q: coding %d was not asked for", header, got)
		}
		for c, w := range q {
			if c != identity && w > q[got] {
				t.Fatalf("%q: coding %d, though %d is liked better", header, got, c)
			}
			if c != identity && taken.has(c) != (w > 0) {
				t.Fatalf("%q: taken %b", header, taken)
			}
		}
	})
}

func FuzzAcceptEncoding(f *testing.F) {
	for _, s := range []string{"gzip", "*;q=0", "br;q=.5,gzip", ";;;", "gzip;q", "gzip;q=1e400", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		c, taken := acceptEncoding([]string{header})
		if c >= codings {
			t.Fatalf("%q: coding %d", header, c)
		}
		if c != identity && !taken.has(c) {
			t.Errorf("%q: coding %d is not taken", header, c)
		}
		if c != identity && !strings.Contains(strings.ToLower(header), string(encodingOf[c])) && !strings.Contains(header, "*") {
			t.Errorf("%q: coding %d was not asked for", header, c)
		}
	})
}

func FuzzPrefersHTML(f *testing.F) {
	f.Add("text/html,*/*;q=0.8")
	f.Add("text/*;q=1,text/html;level=1")
	f.Fuzz(func(t *testing.T, header string) {
		if prefersHTML([]string{header}) && !strings.Contains(strings.ToLower(header), "text/html") {
			t.Errorf("%q prefers HTML", header)
		}
	})
}

func TestOnlyBrowsersPreferHTML(t *testing.T) {
	for header, want := range map[string]bool{
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8": true,
		"text/html":                            true,
		"text/html, */*":                       false,
		"*/*":                                  false,
		"text/*":                               false,
		"":                                     false,
		"text/html;q=0":                        false,
		"text/html, application/rss+xml":       false,
		"text/html;q=0.7, application/*;q=0.8": false,
	} {
		if got := prefersHTML([]string{header}); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}
