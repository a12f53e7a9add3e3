//go:build e2e

package e2e

import (
	"os"
	"strings"
	"testing"
)

// gale is a text long enough to be known again.
const gale = `The harbour office warns of a gale from the north-west. It is to reach the mole
at about nine in the evening and to last until morning. Boats on the outer berths are to be
moved behind the inner wall before dark, and the ferry will not run after seven. Whoever has
left nets on the quay should fetch them in. The last storm from that quarter took the roof of
the old smokehouse and put it, in one piece, into the garden of the school.`

// renamedAndEdited is what happens when a writer saves under another name and
// mends a word: two files for the program, one article for everybody else.
func renamedAndEdited(s *site) {
	s.t.Helper()
	s.remove("articles/gale.md")
	s.article("storms/north-wester.md", story("Gale warning", "Weather", strings.Replace(gale, "about nine", "about ten", 1)))
}

func TestRenamedAndEditedWhileStoppedKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", story("Gale warning", "Weather", gale))
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	before := s.titled("Gale warning")
	s.stop()
	renamedAndEdited(s)
	s.start()
	s.in("about ten", "/")
	s.gone("about nine", "/")
	if after := s.titled("Gale warning"); after.ID != before.ID || after.Published != before.Published || after.URL != before.URL {
		t.Errorf("it became %+v\nand was %+v\nthe program said:\n%s", after, before, s.log)
	}
}

func TestRenamedAndEditedWhileRunningKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", story("Gale warning", "Weather", gale))
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	before := s.titled("Gale warning")
	renamedAndEdited(s)
	s.in("about ten", "/")
	s.gone("about nine", "/")
	if after := s.titled("Gale warning"); after.ID != before.ID || after.Published != before.Published || after.URL != before.URL {
		t.Errorf("it became %+v\nand was %+v\nthe program said:\n%s", after, before, s.log)
	}
}

// TestCopiedThenDeletedKeepsItsID is a move between two disks: for a moment
// both files are there.
func TestCopiedThenDeletedKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", story("Gale warning", "Weather", gale))
	s.start()
	before := s.titled("Gale warning")
	b, err := os.ReadFile(s.path("articles/gale.md"))
	if err != nil {
		t.Fatal(err)
	}
	s.article("storms/gale.md", string(b))
	s.remove("articles/gale.md")
	s.article("after.md", story("After the storm", "Other", "It shows that time has passed."))
	s.in("After the storm", "/")
	s.stop()
	s.start()
	if after := s.titled("Gale warning"); after.ID != before.ID || after.URL != before.URL {
		t.Errorf("it became %+v\nand was %+v", after, before)
	}
}
