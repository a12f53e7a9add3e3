package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"feedwright/article"
)

// What was prepared beside other work, and offered once more after a batch that
// could not be kept, is kept as what was not.
func TestPreparedChangesAreKeptLikeOthers(t *testing.T) {
	list := reports(40)
	list = append(list, article.Change{Op: article.Failed, Path: "z.txt", Fault: &article.Fault{Path: "z.txt", Err: "not text"}})
	plain, ahead := begin(t), begin(t)
	plain.firstScan(list)

	prepared := slices.Clone(list)
	for i := range prepared {
		ahead.Prepare(&prepared[i])
		if prepared[i].Prepared == nil {
			t.Fatalf("%s: nothing was prepared", prepared[i].Path)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ahead.unseen(ended, true, prepared...); !errors.Is(err, context.Canceled) {
		t.Fatalf("a batch that was cut off: %v", err)
	}
	if n := len(ahead.entries()); n != 0 {
		t.Fatalf("%d articles of a batch that was cut off are kept", n)
	}
	ahead.firstScan(prepared)
	for number, want := range plain.entries() {
		if got := ahead.entries()[number]; got.Rev != want.Rev || got.Appeared != want.Appeared {
			t.Errorf("article %d is %+v, without preparing %+v", number, got, want)
		}
	}
	compareTexts(t, ahead.Store, list[:len(list)-1])
}
