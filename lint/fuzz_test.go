package lint

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// seeds are all documents of testdata and a few hostile ones.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("there are no documents in testdata", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(txtar.Parse(b).Files[0].Data)
	}
	for _, s := range []string{
		"", "<", "</", "<a", "<a b", "<a b=", "<a b='", "<!", "<!--", "<![CDATA[", "<?", "<?xml", "&", `<?xml version="1.1"?><a/>`, `<?xml version="/.0"?><a/>`, "<a>&#x", "{", "[", `{"a`, `{"version":1,"items":[7,null,{}]}`,
		"\xff\xfe<\x00", "\xfe\xff\x00<", "\x00<\x00", "<:a/>", "<a:/>", "<a xmlns:b=''/>", `{"id":"\ud800\u"}`, `"\`, `{"version":"https://jsonfeed.org/version/1.1","items":[{"content_html":"\u003cp\u003e\ud83d"}]}`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div/></content></entry></feed>`,
		`<rss version="2.0"><channel><item><description><![CDATA[<svg></svg></math><a <b></p></table>]]></description></item></channel></rss>`,
	} {
		f.Add([]byte(s))
	}
}

func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		_, list, err := Check(t.Context(), doc, Options{URL: "https://example.org/rss.xml", ContentType: "application/rss+xml", Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > MaxFindings {
			t.Errorf("%d findings", len(list))
		}
		lines := bytes.Count(doc, []byte("\n")) + 1
		for _, x := range list {
			if x.Rule == "" || x.Message == "" || strings.Contains(x.Message, "%!") && !bytes.Contains(doc, []byte("%!")) || x.Column < 0 || x.Line > lines && !bytes.Contains(doc, []byte{0}) {
				t.Errorf("a finding that says nothing, or of no place: %+v", x)
			}
		}
		Sniff(doc)
	})
}

// FuzzWellFormed holds our scanner to encoding/xml: what that refuses, we
// report.
func FuzzWellFormed(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		refused := refuses(doc)
		if refused == nil || looksJSON(doc) {
			return
		}
		l := newLinter(context.Background(), Options{})
		l.decode(doc)
		l.xmlTree()
		for _, x := range l.list {
			if x.Severity == Error || strings.HasPrefix(x.Rule, "encoding/") || x.Rule == "xml/doctype" {
				return
			}
		}
		t.Errorf("encoding/xml says %q; we say nothing of %q", refused, doc)
	})
}

func refuses(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
