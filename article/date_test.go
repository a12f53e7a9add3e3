package article

import (
	"testing"
	"time"
)

func TestFarDatesAreQuestioned(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for date, doubtful := range map[string]bool{
		"2026-11-22": false, "2027-11-22": false, "2027-11-23": true, "2206-11-22": true, "1990-01-01": false, "1970-01-01": true, "0026-11-22": true,
	} {
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := DoubtfulDate(d, now); (got != "") != doubtful {
			t.Errorf("%s: %q", date, got)
		}
	}
	if DoubtfulDate(time.Time{}, now) != "" {
		t.Error("no date is a doubtful one")
	}
}
