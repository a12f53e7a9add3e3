//go:build e2e

package e2e

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestBuildWritesTheBytesThatServeAnswers compares every file of a static build
// with what the server says at its address, and every address that the server
// names with what the build wrote.
func TestBuildWritesTheBytesThatServeAnswers(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/news"} {
		s := newSite(t, "")
		s.put("config.yaml", "site: {title: The Lantern, url: \"http://"+s.public+prefix+"\"}\nfeeds: [{name: short, items: 2, content: summary}]\n")
		newsroom(s)
		samples(s)
		s.start()
		s.stop() // the ledger is written: ids and first sights are settled
		s.start()
		x := run(t, s.dir, "build", "--out", "public")
		t.Logf("exit code %d\n%s%s", x.code, x.stdout, x.stderr)
		if x.code != 0 {
			t.Fatal("build failed")
		}
		built := map[string][]byte{}
		root := s.path("public")
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(p)
			built[strings.TrimPrefix(filepath.ToSlash(p), filepath.ToSlash(root))] = b
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for file, b := range built {
			name := filepath.Base(file)
			if strings.Contains(file, "manifest") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "404.html" {
				continue // for the host, not for readers
			}
			path := strings.TrimSuffix(file, "index.html")
			if prefix != "" && !strings.HasPrefix(path, prefix+"/") {
				path = prefix + path
			}
			served, err := s.ask(s.url((&url.URL{Path: path}).EscapedPath()))
			if err != nil {
				t.Fatal(err)
			}
			if served.code != 200 {
				t.Errorf("build wrote %s, and serve answers %d", file, served.code)
				continue
			}
			if strings.HasSuffix(path, "/") { // a page's query form has nobody to answer it on a static host
				b, served.body = withoutForms(b), withoutForms(served.body)
			}
			if !bytes.Equal(b, served.body) {
				at := 0
				for at < min(len(b), len(served.body)) && b[at] == served.body[at] {
					at++
				}
				from := max(0, at-100)
				t.Errorf("%s differs from what serve answers, at byte %d:\nbuilt  …%s\nserved …%s", file, at, b[from:min(len(b), at+200)], served.body[from:min(len(served.body), at+200)])
			}
			compared++
		}
		for _, must := range []string{"/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/index.html", "/feeds/short/rss.xml", "/category/harbour/feed.json", "/media/harbour/bells.mp3", "/media/harbour/tide-gauge.png"} {
			if built[must] == nil && built[prefix+must] == nil {
				t.Errorf("build wrote no %s", must)
			}
		}
		// All that the outline and the front page name is there.
		for _, doc := range []string{"/feeds.opml", "/"} {
			for _, m := range address.FindAllStringSubmatch(string(s.get(prefix+doc).body), -1) {
				u, err := url.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
				if err != nil || u.Host != "" && u.Host != s.public || u.RawQuery != "" || u.Path == "" || u.Opaque != "" {
					continue
				}
				p := strings.TrimPrefix(u.Path, prefix)
				if strings.HasSuffix(p, "/") {
					p += "index.html"
				}
				if built[p] == nil && built[prefix+p] == nil {
					t.Errorf("%s names %s, which build did not write", doc, u)
				}
			}
		}
		if compared < 40 {
			t.Errorf("only %d files were compared", compared)
		}
		t.Logf("%d files compared", compared)
		s.kill()
	}
}

var (
	address = regexp.MustCompile(`(?:href|src|xmlUrl|htmlUrl)="([^"]+)"`)
	form    = regexp.MustCompile(`(?s)<section class="box mix".*?</section>\n`)
)

func withoutForms(page []byte) []byte { return form.ReplaceAll(slices.Clone(page), nil) }
