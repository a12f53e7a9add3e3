package dates

import (
	"fmt"
	"testing"
	"time"

	"feedwright/article/language"
)

func TestEveryMonthOfEveryLanguageIsRead(t *testing.T) {
	all := language.All()
	if len(all) < 9 {
		t.Fatalf("%d languages", len(all))
	}
	for _, l := range all {
		if len(l.Months) != 12 {
			t.Errorf("%s has %d months", l.Code, len(l.Months))
		}
		for i, forms := range l.Months {
			for _, form := range forms {
				text := fmt.Sprintf("5 %s 2026", form)
				d, _, err := Parse(text, time.UTC, l.Code)
				if err != nil || int(d.Time.Month()) != i+1 || d.Time.Day() != 5 {
					t.Errorf("%s: %q is %v, %v", l.Code, text, d.Time, err)
				}
			}
		}
		for _, day := range l.Weekdays {
			text := fmt.Sprintf("%s, 5 %s 2026", day, l.Months[0][0])
			if d, _, err := Parse(text, time.UTC, l.Code); err != nil || d.Time.Day() != 5 || d.Time.Month() != 1 {
				t.Errorf("%s: %q is %v, %v", l.Code, text, d.Time, err)
			}
		}
	}
}
