package config

import (
	"strings"
	"testing"
	"time"
)

func TestScheduleIsReadInTheSitesZone(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for expression, want := range map[string]string{
		"15 3 * * *":                 "2026-11-23T01:15:00Z", // 03:15 in Kyiv
		"CRON_TZ=UTC 15 3 * * *":     "2026-11-23T03:15:00Z",
		"TZ=Asia/Tokyo 0 9 * * *":    "2026-11-23T00:00:00Z",
		"@daily":                     "2026-11-22T22:00:00Z",
		"@every 1h30m":               "2026-11-22T13:30:00Z",
		"0 0 29 2 *":                 "2028-02-28T22:00:00Z",
		"*/20 8-18 * * MON-FRI":      "2026-11-23T06:00:00Z",
		"0 12 1,15 JAN-MAR ?":        "2027-01-01T10:00:00Z",
		"  30 14 * * 0 ":             "2026-11-22T12:30:00Z",
		"0 */23 * * *":               "2026-11-22T21:00:00Z",
		"CRON_TZ=Europe/Kyiv @daily": "2026-11-22T22:00:00Z",
	} {
		s, err := ParseSchedule(expression, kyiv)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got := s.Next(from).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: next is %s, want %s", expression, got, want)
		}
	}
}

func TestScheduleThatWouldDoOtherwiseIsRefused(t *testing.T) {
	for expression, want := range map[string]string{
		"":                            "has 0 fields",
		"TZ=UTC":                      "names no time zone",
		"CRON_TZ=UTC":                 "names no time zone",
		"TZ=0":                        "names no time zone",
		"CRON_TZ= 1 * * * *":          "names no time zone",
		"CRON_TZ=Mars/Base * * * * *": "names no time zone",
		"CRON_TZ=UTC TZ=UTC":          "has 1 fields",
		"@every 0s":                   "no whole number of seconds",
		"@every 500ms":                "no whole number of seconds",
		"@every 1500ms":               "no whole number of seconds",
		"@every -5m":                  "negative",
		"@every 300":                  "has no unit",
		"@sometimes":                  "is not a cron expression",
		"0 0 30 2 *":                  "a day that never comes",
		"0 0 31 4,6,9,11 *":           "a day that never comes",
		"*/61 * * * *":                "longer than its field",
		"0 */24 * * *":                "longer than its field",
		"0 0 * * 7":                   "Sunday is 0",
		"0 0 * * 1-7":                 "Sunday is 0",
		"0 0 3 * * *":                 `leave out the first field: "0 3 * * *"`,
		"* * * *":                     "has 4 fields",
		", * * * *":                   "empty place",
		"1,,2 * * * *":                "empty place",
		"60 * * * *":                  "is not a cron expression",
		"a b c d e":                   "is not a cron expression",
		strings.Repeat("1,", 5000):    "longer than 200 characters",
	} {
		_, err := ParseSchedule(expression, time.UTC)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", expression, err, want)
		}
	}
}

func FuzzSchedule(f *testing.F) {
	for _, seed := range []string{"* * * * *", "TZ=UTC", "@every 1h", "0 0 30 2 *", "*/5 1-3,5 * JAN ?", "CRON_TZ=UTC @daily"} {
		f.Add(seed)
	}
	from := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, expression string) {
		s, err := ParseSchedule(expression, time.UTC)
		if err == nil && !s.Next(from).After(from) {
			t.Errorf("%q is never due", expression)
		}
	})
}
