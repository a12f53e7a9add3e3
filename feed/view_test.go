package feed

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"github.com/rogpeppe/go-internal/txtar"
)

var anchors = regexp.MustCompile(`\s*<a xmlns="http://www.w3.org/1999/xhtml"[^>]*>[^<]*</a>`)

func TestABrowsersViewIsTheFeedWithLinks(t *testing.T) {
	goldens(t, func(t *testing.T, _ string, _ *txtar.Archive, in *input) {
		for _, e := range Encoders()[:2] {
			doc := encode(t, e, in)
			view, err := View(doc)
			if err != nil {
				t.Fatal(err)
			}
			if err := WellFormed(e.Format(), view); err != nil {
				t.Error(err)
			}
			bare := func(b []byte) string { return strings.Join(strings.Fields(string(b)), " ") }
			if diff := cmp.Diff(bare(doc), bare(anchors.ReplaceAll(view, nil))); diff != "" {
				t.Errorf("%s: more than links was put in:\n%s", e.Format(), diff)
			}
			linked := 0
			for i := range in.Items {
				if webURL(in.Items[i].URL) != "" {
					linked++
				}
			}
			if in.Channel.Home != "" {
				linked++
			}
			if p := in.Channel.Paging; !p.Complete && (p.PrevArchive != "" || p.Next != "") {
				linked++
			}
			if n := len(anchors.FindAll(view, -1)); n != linked {
				t.Errorf("%s: %d links, want %d", e.Format(), n, linked)
			}
			// A reader that poses as a browser still gets a feed.
			f, err := gofeed.NewParser().Parse(bytes.NewReader(view))
			if err != nil || len(f.Items) != len(in.Items) {
				t.Errorf("%s: a reader finds %v, %v", e.Format(), f, err)
			}
		}
	})
}

func TestAViewSaysWhatItLinks(t *testing.T) {
	doc := `<?xml version="1.0"?><rss><channel><title>A &amp; B</title><atom:link href="https://e.org/archive/7/rss.xml?a=1&amp;b=2" rel="prev-archive"/><link>https://e.org/</link>` +
		`<item><media:title>no</media:title><title>1 &lt; 2</title><link>https://e.org/1</link><description><![CDATA[<item><link>https://evil.example/</link></item>]]></description></item>` +
		`<item><title>bad</title><link>javascript:alert(1)</link></item></channel></rss>`
	got, err := View([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`<a xmlns="http://www.w3.org/1999/xhtml" href="https://e.org/">A &amp; B</a>`,
		`<a xmlns="http://www.w3.org/1999/xhtml" href="https://e.org/1">1 &lt; 2</a>`,
		`<a xmlns="http://www.w3.org/1999/xhtml" href="https://e.org/archive/7/rss.xml?a=1&amp;b=2" rel="next">Older articles →</a>`,
	}
	var found []string
	for _, a := range anchors.FindAll(got, -1) {
		found = append(found, strings.TrimSpace(string(a)))
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
	for _, broken := range []string{"<rss>", "<rss><", "<rss><channel>"} {
		if _, err := View([]byte(broken)); err == nil {
			t.Errorf("%q is dressed", broken)
		}
	}
}
