package lint

import (
	"regexp"
	"strings"
	"time"
)

var dateRules = []Rule{
	{"date/rfc822", Error, "RFC 822 §5; RSS 2.0: pubDate", "write Sun, 22 Nov 2026 10:00:00 GMT"},
	{"date/weekday", Error, "RFC 822 §5.2", ""},
	{"date/form", Warning, "RSS Best Practices Profile: Date and Time", "write Sun, 22 Nov 2026 10:00:00 GMT, with one space between its parts"},
	{"date/zone", Warning, "RFC 822 §5.2", "write GMT or a numeric zone as +0200"},
	{"date/two-digit-year", Warning, "RSS 2.0: pubDate", "write the year with four digits"},
	{"date/rfc3339", Error, "RFC 3339 §5.6", "write 2026-11-22T10:00:00Z"},
	{"date/lower-case", Error, "RFC 4287 §3.3", "write T and Z as capitals"},
	{"date/implausible", Warning, "", "look at the clock, and at the zero of the date's type"},
	{"date/future", Warning, "", "publish it when its time has come: some readers hide it, others keep it on top for ever"},
}

var (
	rfc822 = pattern(`(?i)^(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*,?\s*)?(\d{1,2})[\s-]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[\s-]+(\d{2}|\d{4})\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*([+-]?\d{4}|[a-z]+))?$`)
	// tidy822 is how RFC 2822 and the profile have it.
	tidy822 = pattern(`^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:\d{4}|\d{2}) \d\d:\d\d(?::\d\d)? \S+$`)
	zone822 = pattern(`^(?:[+-](?:[01]\d|2[0-3])[0-5]\d|GMT|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|[A-IK-Z])$`)
)

// isRFC822 wants a date as RSS and OPML have it.
func isRFC822(l *linter, v value) {
	s, at := strings.TrimSpace(v.s), v.trim().start()
	m := rfc822.FindStringSubmatch(s)
	if m == nil {
		f := l.found(at, "date/rfc822", "%s is %s, no date of RFC 822", v.name, quote(s))
		if t, ok := parse3339(s); ok {
			f.Hint = "write " + t.Format("Mon, 02 Jan 2006 15:04:05 -0700")
		}
		return
	}
	day, err := dayOf(m)
	if err != nil {
		l.found(at, "date/rfc822", "%s is %s, a day that is not in the calendar", v.name, quote(s))
		return
	}
	switch zone := m[6]; {
	case m[1] != "" && !strings.EqualFold(m[1], day.Weekday().String()[:3]):
		l.found(at, "date/weekday", "%s says %s, but that day is a %s", v.name, m[1], day.Weekday()).Hint =
			"write " + day.Weekday().String()[:3] + ", or leave the weekday out"
	case len(m[4]) == 2:
		l.found(at, "date/two-digit-year", "%s is %s", v.name, quote(s))
	case zone == "" || !zone822.MatchString(zone):
		f := l.found(at, "date/zone", "%s is %s, whose zone RFC 822 does not know", v.name, quote(s))
		if zone == "" {
			f.Message = v.name + " is " + quote(s) + ", without a zone"
		} else if len(zone) > 3 || zone == "UTC" {
			f.Severity = Error
		}
	case len(zone) < 5 && zone != "GMT" && zone != "UT" && zone != "Z":
		l.found(at, "date/zone", "%s is %s, whose zone readers take for different ones", v.name, quote(s))
	case !tidy822.MatchString(s):
		l.found(at, "date/form", "%s is %s", v.name, quote(s))
	}
	l.plausible(v, day)
}

// dayOf reads the day of a date that rfc822 matched.
func dayOf(m []string) (time.Time, error) {
	year := m[4]
	if len(year) == 2 { // RFC 2822 §4.3
		if year < "50" {
			year = "20" + year
		} else {
			year = "19" + year
		}
	}
	clock := m[5]
	if len(clock) < 8 {
		clock += ":00"
	}
	if len(clock) < 8 {
		clock = "0" + clock
	}
	clock = strings.Replace(clock, ":60", ":59", 1) // a leap second
	month := strings.ToUpper(m[3][:1]) + strings.ToLower(m[3][1:])
	return time.Parse("2 Jan 2006 15:04:05", m[2]+" "+month+" "+year+" "+clock)
}

var rfc3339 = pattern(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

func parse3339(s string) (time.Time, bool) {
	s = strings.ToUpper(s)
	if !rfc3339.MatchString(s) {
		return time.Time{}, false
	}
	s = strings.Replace(s, ":60", ":59", 1) // a leap second; RFC 3339 §5.7
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// isRFC3339 wants a date as Atom has it (RFC 4287 §3.3).
func isRFC3339(l *linter, v value) {
	s := strings.TrimSpace(v.s)
	if t, ok := parse3339(s); !ok {
		f := l.found(v.trim().start(), "date/rfc3339", "%s is %s, no date of RFC 3339", v.name, quote(s))
		if m := rfc822.FindStringSubmatch(s); m != nil {
			if day, err := dayOf(m); err == nil {
				f.Hint = "write " + day.Format("2006-01-02T15:04:05") + " and the zone, as Z or +02:00"
			}
		}
	} else if strings.ContainsAny(s, "tz") {
		l.found(v.trim().start(), "date/lower-case", "%s is %s", v.name, quote(s))
	} else {
		exact(l, v)
		l.plausible(v, t)
	}
}

// isMoment wants a date of RFC 3339 that may lie ahead.
func isMoment(l *linter, v value) {
	if _, ok := parse3339(strings.TrimSpace(v.s)); !ok {
		l.found(v.trim().start(), "date/rfc3339", "%s is %s, no date of RFC 3339", v.name, quote(v.s))
	}
}

// w3cDate is the profile of ISO 8601 that Dublin Core uses.
var w3cDate = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$`)

func isW3CDate(l *linter, v value) {
	if s := strings.TrimSpace(v.s); !w3cDate.MatchString(s) {
		l.found(v.trim().start(), "date/rfc3339", "%s is %s, no date of ISO 8601", v.name, quote(s))
	}
}

// plausible reports dates that no article of a feed has: before there were
// feeds, and from the future, if the clock is known.
func (l *linter) plausible(v value, t time.Time) {
	switch {
	case t.Year() < 1971:
		l.found(v.trim().start(), "date/implausible", "%s is %s, long before there were feeds", v.name, quote(v.s))
	case !l.o.Now.IsZero() && t.After(l.o.Now.Add(24*time.Hour)):
		l.found(v.trim().start(), "date/future", "%s is %s, in the future", v.name, quote(v.s))
	}
}
