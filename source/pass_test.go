package source

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"feedwright/article"
)

func TestSheavesHoldAllJobsInOrderAndAreNeverHeavy(t *testing.T) {
	for n := range 200 {
		var jobs []job
		for i := range n {
			j := job{path: fmt.Sprint(i)}
			if j.stat.Size = int64(i); i%7 == 0 {
				j.stat.Size = 3 * MaxFile
			}
			jobs = append(jobs, j)
		}
		var got []job
		for s := range sheaves(jobs, 3) {
			if len(s.jobs) == 0 || len(s.jobs) > sheafFiles || len(s.jobs) > 1 && 12*len(s.jobs) > n || s.weight > 2*MaxFile {
				t.Fatalf("of %d jobs, %d are together and weigh %d", n, len(s.jobs), s.weight)
			}
			got = append(got, s.jobs...)
		}
		if !slices.Equal(got, jobs) {
			t.Fatalf("of %d jobs, %d are there, or in another order", n, len(got))
		}
	}
}

func TestEveryReadingIsPreparedBeforeItIsHandedOn(t *testing.T) {
	var prepared atomic.Int32
	h := newHouse(t, Options{Prepare: func(c *article.Change) { prepared.Add(1); c.Prepared = "for " + c.Path }})
	for i := range 100 {
		h.old(fmt.Sprintf("%02d.md", i), fmt.Sprint(i))
	}
	h.old("picture.jpg", "no article")
	for _, c := range h.scan() {
		if c.Prepared != "for "+c.Path {
			t.Errorf("%s is handed on with %v", c.Path, c.Prepared)
		}
	}
	if n := prepared.Load(); n != 100 {
		t.Errorf("%d readings were prepared", n)
	}
}
