//go:build e2e

package e2e

import (
	"context"
	"html"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// browse opens an address in Chromium and gives what it printed and logged.
func browse(t *testing.T, args ...string) (printed, logged string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	c := exec.CommandContext(ctx, program(t, "chromium", "chromium"), append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr", "--hide-scrollbars",
		"--user-data-dir=" + t.TempDir(),
	}, args...)...)
	var out, complaint strings.Builder
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		t.Fatalf("chromium %v: %v\n%s", args, err, complaint.String())
	}
	return out.String(), complaint.String()
}

// quiet fails if the page had something to complain about: a refused style, a
// missing picture, a broken script.
func quiet(t *testing.T, logged string) {
	t.Helper()
	for line := range strings.Lines(logged) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the browser says: %s", line)
		}
	}
}

func TestPagesShowTheArticlesInABrowser(t *testing.T) {
	s := newSite(t, "site: {title: The Lantern, description: News from a harbour town}")
	want := newsroom(s)
	samples(s)
	s.start()
	index, logged := browse(t, "--dump-dom", s.url("/"))
	quiet(t, logged)
	for _, w := range want {
		if !strings.Contains(html.UnescapeString(index), w.title) {
			t.Errorf("the front page does not show %q", w.title)
		}
	}
	for _, f := range []string{"application/rss+xml", "application/atom+xml", "application/feed+json"} {
		if !strings.Contains(index, `type="`+f+`"`) {
			t.Errorf("the front page offers no %s", f)
		}
	}
	category, logged := browse(t, "--dump-dom", s.url("/category/harbour/"))
	quiet(t, logged)
	if !strings.Contains(category, "маяк") || strings.Contains(category, "A car park less") {
		t.Errorf("the page of a category shows others, or not its own:\n%s", category)
	}
	at, err := url.Parse(s.titled(want[0].title).URL)
	if err != nil {
		t.Fatal(err)
	}
	page, logged := browse(t, "--dump-dom", s.url(at.Path))
	quiet(t, logged)
	for _, words := range []string{"with four dishes", "Marta Linde", "Ole Brandt", "bells.mp3", "2025"} {
		if !strings.Contains(page, words) {
			t.Errorf("the article's page does not show %q:\n%s", words, page)
		}
	}
}

// TestPagesLookLikeSomething takes pictures: wide, narrow, light, dark, and of
// the feeds themselves. E2E_SHOTS names a folder to keep them in.
func TestPagesLookLikeSomething(t *testing.T) {
	s := newSite(t, "site: {title: The Lantern, description: News from a harbour town}")
	newsroom(s)
	samples(s)
	s.start()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	const light, dark = "--blink-settings=preferredColorScheme=1", "--blink-settings=preferredColorScheme=0"
	tide := s.titled("Tide tables for 2026 are out").URL
	for _, shot := range []struct{ name, path, scheme, size string }{
		{"index-light", "/", light, "1200,1400"},
		{"index-dark", "/", dark, "1200,1400"},
		{"index-narrow", "/", light, "500,1400"},
		{"article-light", strings.TrimPrefix(tide, s.url("")), light, "1200,1400"},
		{"article-narrow-dark", strings.TrimPrefix(tide, s.url("")), dark, "500,1400"},
		{"category", "/category/harbour/", light, "1200,1200"},
		{"rss", "/rss.xml", light, "1200,1200"},
		{"atom-dark", "/atom.xml", dark, "1200,1200"},
	} {
		file := filepath.Join(dir, shot.name+".png")
		scale := "--force-device-scale-factor=1"
		if strings.Contains(shot.name, "narrow") { // the narrowest window is 500 wide: 390 pixels of the page's own
			scale = "--force-device-scale-factor=1.282"
		}
		_, logged := browse(t, "--screenshot="+file, "--window-size="+shot.size, scale, shot.scheme, s.url(shot.path))
		quiet(t, logged)
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(f)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatalf("%s: %v", shot.name, err)
		}
		colours := map[uint32]bool{}
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				r, g, b, _ := picture.At(x, y).RGBA()
				colours[r>>8<<16|g>>8<<8|b>>8] = true
			}
		}
		if len(colours) < 20 { // letters alone have more shades at their edges
			t.Errorf("%s: a picture of %d colours", shot.name, len(colours))
		}
	}
}

func TestFeedOpenedInABrowserCanBeRead(t *testing.T) {
	s := newSite(t, "site: {title: The Lantern}")
	newsroom(s)
	s.start()
	for _, f := range []string{"/rss.xml", "/atom.xml"} {
		dom, logged := browse(t, "--dump-dom", s.url(f))
		quiet(t, logged)
		if !strings.Contains(dom, "Night of the museums") {
			t.Errorf("%s shows no articles", f)
		}
		if strings.Contains(dom, "does not appear to have any style information") {
			t.Errorf("%s shows a tree of elements", f)
		}
		a := s.get(f, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Dest", "document")
		if ct := a.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/xml") && !strings.HasPrefix(ct, "text/html") {
			t.Errorf("%s is a download for a browser: %s", f, ct)
		}
	}
}
