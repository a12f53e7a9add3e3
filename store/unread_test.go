package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"feedwright/article"
)

// notices makes batches of n short articles, the last the oldest.
func notices(n int) [][]article.Change {
	var batches [][]article.Change
	for i := range n {
		if i%1000 == 0 {
			batches = append(batches, nil)
		}
		c := wrote(fmt.Sprintf("%05d.txt", i), fmt.Sprintf("Notice %d", i), fmt.Sprintf("It is said that %d.", i), dated(monday.Add(-time.Duration(i)*time.Minute)))
		batches[len(batches)-1] = append(batches[len(batches)-1], c)
	}
	return batches
}

// unseen hands on a batch of a first scan.
func (b *bench) unseen(ctx context.Context, more bool, changes ...article.Change) error {
	_, err := b.Apply(ctx, article.Batch{Now: monday, Changes: changes, More: more, Unseen: true})
	return err
}

// appearedByDate says how many have appeared, and that they did by their dates.
func (b *bench) appearedByDate() int {
	b.Helper()
	var list []article.Entry
	for _, e := range b.entries() {
		if e.Appeared > 0 {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(x, y article.Entry) int { return cmp.Compare(x.Appeared, y.Appeared) })
	for i, e := range list {
		if e.Appeared != uint32(i+1) || i > 0 && e.Published < list[i-1].Published {
			b.Fatalf("the article that appeared as %d has the number %d and the date %d", i+1, e.Appeared, e.Published)
		}
	}
	return len(list)
}

func TestADatabaseIsUnreadUntilAScanIsOver(t *testing.T) {
	b := begin(t)
	for _, when := range []string{"at first", "after a start that was cut off"} {
		if !b.Unread() {
			t.Fatalf("%s a database without a scan counts as read", when)
		}
		b.reopen()
	}
	if err := b.unseen(t.Context(), false); err != nil { // of an empty folder
		t.Fatal(err)
	}
	if b.Unread() {
		t.Error("the scan is over, and it is unread")
	}
	if b.reopen(); b.Unread() {
		t.Error("the scan was over before the restart, and it is unread")
	}
}

func TestAFirstScanThatWasCutOffIsGoneOnWith(t *testing.T) {
	b := begin(t)
	all := 3000
	if testing.Short() {
		all = 1100 // two batches
	}
	batches := notices(all)
	for i, cs := range batches {
		if err := b.unseen(t.Context(), true, cs...); err != nil {
			t.Fatal(err)
		}
		if b.reopen(); !b.Unread() || b.appearedByDate() != 0 {
			t.Fatalf("after batch %d: unread %v, %d have appeared", i, b.Unread(), b.appearedByDate())
		}
	}
	if err := b.unseen(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if b.reopen(); b.Unread() || b.appearedByDate() != all {
		t.Errorf("in the end: unread %v, %d have appeared", b.Unread(), b.appearedByDate())
	}
}

func TestAFirstScanThatWasCutOffWhileArticlesAppearedIsGoneOnWith(t *testing.T) {
	b := begin(t)
	all := 14_000 // of which some thousands appear at once
	if testing.Short() {
		all = 6000
	}
	for _, cs := range notices(all) {
		if err := b.unseen(t.Context(), true, cs...); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.unseen(ctx, false) }()
	oldest := fmt.Sprintf("%05d.txt", all-1)
	for b.life(oldest).Appeared == 0 { // it is the first to appear
		select {
		case err := <-ended:
			t.Fatalf("nothing has appeared: %v", err)
		default:
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatalf("the first scan was over before it was cut off: %v", err)
	}
	b.reopen()
	if n := b.appearedByDate(); !b.Unread() || n == 0 || n == all {
		t.Fatalf("cut off: unread %v, %d have appeared", b.Unread(), n)
	}
	if err := b.unseen(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if b.reopen(); b.Unread() || b.appearedByDate() != all {
		t.Errorf("in the end: unread %v, %d have appeared", b.Unread(), b.appearedByDate())
	}
	b.lose()
	if n := len(b.entries()); n != all {
		t.Errorf("the ledger's copy tells of %d articles", n)
	}
}
