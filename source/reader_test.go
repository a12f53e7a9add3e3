package source

import (
	"testing"

	"feedwright/article"
	"feedwright/source/parse"
)

func TestRealParserReadsAFolder(t *testing.T) {
	p, err := parse.New(parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, Options{})
	h.old("news/a.md", "---\ntitle: Harvest begins\ncategories: [Farms]\n---\n\nThe *first* fields are cut.\n")
	h.old("news/picture.png", "no article")
	h.open(Options{Reader: NewReader(p)})
	got := h.scan()
	if len(got) != 1 || got[0].Op != article.Wrote || got[0].Articles[0].Fields.Title != "Harvest begins" {
		t.Errorf("got %+v", got)
	}
	equal(t, h.folder.Why("news/picture.png"), "")
	equal(t, h.folder.Why("news/x.docx"), notKind)
}
