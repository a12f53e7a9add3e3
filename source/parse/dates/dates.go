// Package dates reads dates as people and programs write them: ISO 8601 and
// RFC 822 first, then day, month and time in words of every language that has
// a data file. It never guesses: a word it does not know, a month without a day
// or "yesterday" is an error, because a wrong date lets an embargo leak.
//
// The data's path: a label's or a field's text → Parse → article.Date.
package dates

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feedwright/article"
)

// Hint says how a date that was not understood should be written.
const Hint = "write it as 2026-11-22 or 2026-11-22 09:00 +02:00"

// ErrBad is wrapped by the error of every text that is no date.
var ErrBad = errors.New("bad date")

// maxLen bounds what is looked at: no date is longer.
const maxLen = 120

// Parse reads a date. Where it names no zone it is in zone; lang (BCP 47, may
// be empty) decides whether 03/04/2026 is in March or April, and doubt then
// says how it was read. A date without a time of day is 00:00 with DayOnly.
func Parse(s string, zone *time.Location, lang string) (d article.Date, doubt string, err error) {
	text := strings.TrimSpace(strings.Map(digit, s))
	if len(text) > maxLen || text == "" {
		return d, "", fmt.Errorf("%w %q", ErrBad, clip(text))
	}
	if zone == nil {
		zone = time.UTC
	}
	r := reading{zone: zone, lang: lang}
	if m := weekOf(text); m != nil {
		if !r.week(m) {
			return d, "", fmt.Errorf("%w %q: it does not say a day of a week", ErrBad, clip(text))
		}
	} else if !r.iso(text) {
		r = reading{zone: zone, lang: lang}
		if err := r.words(text); err != nil {
			return d, "", fmt.Errorf("%w %q: %w", ErrBad, clip(text), err)
		}
	}
	t, err := r.instant()
	if err != nil {
		return d, "", fmt.Errorf("%w %q: %w", ErrBad, clip(text), err)
	}
	return article.Date{Time: t, DayOnly: !r.timed, From: article.FromFile}, r.doubt, nil
}

// digit makes the digits of every script, as ٢٠٢٦, those that computers write.
func digit(c rune) rune {
	if c < utf8.RuneSelf || !unicode.IsDigit(c) {
		return c
	}
	for _, t := range unicode.Nd.R16 { // each range is of whole tens
		if c >= rune(t.Lo) && c <= rune(t.Hi) {
			return '0' + (c-rune(t.Lo))%10
		}
	}
	return c
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// reading is what has been understood so far.
type reading struct {
	zone             *time.Location
	lang             string
	year, month, day int
	hour, min, sec   int
	nsec             int
	timed, zoned     bool
	doubt            string
}

func (r *reading) instant() (time.Time, error) {
	switch {
	case r.year == 0 || r.month == 0 || r.day == 0:
		return time.Time{}, errors.New("it does not say day, month and year")
	case r.month > 12 || r.day > daysIn(r.year, r.month):
		return time.Time{}, errors.New("there is no such day")
	case r.hour > 24 || r.hour == 24 && r.min+r.sec > 0 || r.min > 59 || r.sec > 60:
		return time.Time{}, errors.New("there is no such time of day")
	}
	return time.Date(r.year, time.Month(r.month), r.day, r.hour, r.min, r.sec, r.nsec, r.zone), nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// iso reads 2026-11-22, 2026/11/22, 2026.11.22 and 20261122, alone or followed
// by a time ("T" or space; 9:05, 09:05:00.5, 0905) and a zone (Z, ±hh:mm,
// ±hhmm, ±hh, a name), and Unix seconds and milliseconds.
func (r *reading) iso(s string) bool {
	c := cursor{s: s}
	year, n := c.number()
	switch {
	case n == 10 && c.done():
		return r.unix(time.Unix(int64(year), 0))
	case n == 13 && c.done():
		return r.unix(time.UnixMilli(int64(year)))
	case n == 14 && c.done():
		r.time(year/10000%100, year/100%100, year%100)
		year /= 1_000_000
		fallthrough
	case n == 8:
		r.year, r.month, r.day = year/10000, year/100%100, year%100
	case n == 4:
		sep := c.peek()
		if sep != '-' && sep != '/' && sep != '.' {
			return false
		}
		c.i++
		var nm, nd int
		r.year = year
		r.month, nm = c.number()
		if c.peek() != sep {
			return false
		}
		c.i++
		r.day, nd = c.number()
		if nm < 1 || nm > 2 || nd < 1 || nd > 2 {
			return false
		}
	default:
		return false
	}
	if c.done() {
		return true
	}
	if p := c.peek(); p != 'T' && p != 't' && p != ' ' && p != '_' {
		return false
	}
	c.i++
	c.spaces()
	if !r.clock(&c) {
		return false
	}
	c.spaces()
	return c.done() || r.zoneText(c.s[c.i:])
}

var isoWeek = regexp.MustCompile(`^([0-9]{4})-?W([0-9]{2})(?:-?([1-7])$)?`)

// weekOf finds the parts of a day of a week; only what has a W can be one.
func weekOf(s string) []string {
	if strings.IndexByte(s, 'W') < 0 {
		return nil
	}
	return isoWeek.FindStringSubmatch(s)
}

// week reads 2026-W08-7, a day of a week of ISO 8601: the first week of a year
// is that of the fourth of January.
func (r *reading) week(m []string) bool {
	year, _ := strconv.Atoi(m[1]) // digits all
	week, _ := strconv.Atoi(m[2])
	day, err := strconv.Atoi(m[3])
	if err != nil || week < 1 || week > 53 {
		return false
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	t := monday.AddDate(0, 0, 7*(week-1)+day-1)
	if y, w := t.ISOWeek(); y != year || w != week {
		return false
	}
	r.year, r.month, r.day = t.Year(), int(t.Month()), t.Day()
	return true
}

func (r *reading) unix(t time.Time) bool {
	t = t.In(r.zone)
	r.year, r.day, r.month = t.Year(), t.Day(), int(t.Month())
	r.time(t.Hour(), t.Minute(), t.Second())
	r.nsec = t.Nanosecond()
	return true
}

func (r *reading) time(h, m, s int) { r.hour, r.min, r.sec, r.timed = h, m, s, true }

// clock reads 9:05, 09:05:00, 09:05:00.123 and 090500.
func (r *reading) clock(c *cursor) bool {
	h, n := c.number()
	switch {
	case n == 4 || n == 6:
		if n == 4 {
			h *= 100
		}
		r.time(h/10000, h/100%100, h%100)
		return true
	case n < 1 || n > 2 || c.peek() != ':':
		return false
	}
	c.i++
	m, n := c.number()
	if n != 2 {
		return false
	}
	s := 0
	if c.peek() == ':' {
		c.i++
		if s, n = c.number(); n != 2 {
			return false
		}
		r.nsec = c.fraction()
	}
	r.time(h, m, s)
	return true
}

// zoneText reads a whole text as a zone.
func (r *reading) zoneText(s string) bool {
	if s == "Z" || s == "z" {
		r.zone, r.zoned = time.UTC, true
		return true
	}
	if s[0] == '+' || s[0] == '-' {
		off, ok := offset(s)
		if ok {
			r.zone, r.zoned = off, true
		}
		return ok
	}
	return false
}

// offset reads ±hh:mm, ±hhmm, ±hh and ±h; at most 15 hours.
func offset(s string) (*time.Location, bool) {
	c := cursor{s: s[1:]}
	h, n := c.number()
	m := 0
	switch {
	case n == 3 || n == 4:
		h, m = h/100, h%100
	case n < 1 || n > 2:
		return nil, false
	case c.peek() == ':':
		c.i++
		if m, n = c.number(); n != 2 {
			return nil, false
		}
	}
	if !c.done() || h > 15 || m > 59 {
		return nil, false
	}
	sec := h*3600 + m*60
	if s[0] == '-' {
		sec = -sec
	}
	if sec == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", sec), true
}

// cursor walks over bytes.
type cursor struct {
	s string
	i int
}

func (c *cursor) done() bool { return c.i >= len(c.s) }

func (c *cursor) peek() byte {
	if c.done() {
		return 0
	}
	return c.s[c.i]
}

func (c *cursor) spaces() {
	for c.peek() == ' ' {
		c.i++
	}
}

// number reads digits; it gives their value and how many there were.
func (c *cursor) number() (v, digits int) {
	start := c.i
	for c.i < len(c.s) && c.s[c.i] >= '0' && c.s[c.i] <= '9' {
		c.i++
	}
	digits = c.i - start
	if digits > 15 {
		return 0, digits
	}
	v, _ = strconv.Atoi(c.s[start:c.i]) // only digits, so only "" fails
	return v, digits
}

// fraction reads ".123" or ",123" as nanoseconds.
func (c *cursor) fraction() int {
	if p := c.peek(); p != '.' && p != ',' {
		return 0
	}
	c.i++
	v, n := c.number()
	for ; n < 9; n++ {
		v *= 10
	}
	for ; n > 9; n-- {
		v /= 10
	}
	return v
}
