package feed

import (
	"bytes"
	"testing"
)

// Fragments are kept by the thousand.
func TestFragmentLiesInMemoryOfItsOwnLength(t *testing.T) {
	items := fifty(t)
	for _, e := range Encoders() {
		f, err := e.Item(items[0], Full)
		if err != nil {
			t.Fatal(err)
		}
		if cap(f) > len(f) {
			t.Errorf("%s: %d bytes take %d", e.Format(), len(f), cap(f))
		}
		before := bytes.Clone(f)
		fragments(t, e, items[1:])
		if !bytes.Equal(f, before) {
			t.Errorf("%s: encoding others changed it", e.Format())
		}
	}
}
