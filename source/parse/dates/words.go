package dates

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"feedwright/article"
)

var (
	iana    = regexp.MustCompile(`\[?\b([A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)\]?`)
	eastern = strings.NewReplacer("年", "-", "월", "-", "月", "-", "년", "-", "日", " ", "일", " ", "時", ":", "时", ":", "시", ":", "分", " ", "분", " ", "秒", " ", "초", " ")
	halves  = strings.NewReplacer("a.m.", "am", "p.m.", "pm", "a. m.", "am", "p. m.", "pm", "−", "-", "–", "-", "’", "'", "\u00a0", " ", "\u202f", " ")
)

// token is a number, a word or one sign.
type token struct {
	kind   byte // '0' number, 'a' word, else the sign itself
	text   string
	value  int
	spaced bool // white space stands before it
}

// words reads dates in words: "Sun, 22 Nov 2026 10:00:00 +0200",
// "5 грудня 2025, 14:30", "le 3 mars 2026 à 14h05", "12/31/2026 9 pm EST".
func (r *reading) words(s string) error {
	if m := iana.FindStringSubmatchIndex(s); m != nil {
		if loc, err := time.LoadLocation(s[m[2]:m[3]]); err == nil {
			r.zone, r.zoned = loc, true
			s = s[:m[0]] + " " + s[m[1]:]
		}
	}
	ts := tokens(eastern.Replace(article.Fold(halves.Replace(s))))
	for i := 0; i < len(ts); {
		n, err := r.step(ts, i)
		if err != nil {
			return err
		}
		i += n
	}
	return nil
}

// step understands the token at i and gives how many it took.
func (r *reading) step(ts []token, i int) (int, error) {
	t := ts[i]
	switch t.kind {
	case '0':
		return r.number(ts, i)
	case 'a':
		return r.word(ts, i)
	case '+', '-':
		if n := r.offsetAt(ts, i); n > 0 {
			return n, nil
		}
		return 1, nil
	case '(':
		if r.zoned { // the comment of RFC 822: "+0200 (CEST)"
			for j := i; j < len(ts); j++ {
				if ts[j].kind == ')' {
					return j - i + 1, nil
				}
			}
		}
		return 1, nil
	case ',', '.', '/', ')', '|', ';', '\'', '@', '[', ']':
		return 1, nil
	}
	return 0, fmt.Errorf("%q is not understood", t.text)
}

// offsetAt reads "+0200", "+02:00" or, where a name stood before it, "+2".
func (r *reading) offsetAt(ts []token, i int) int {
	if !r.timed || i+1 >= len(ts) || ts[i+1].kind != '0' || ts[i+1].spaced {
		return 0
	}
	s, n := ts[i].text+ts[i+1].text, 2
	if i+3 < len(ts) && ts[i+2].kind == ':' && ts[i+3].kind == '0' {
		s, n = s+":"+ts[i+3].text, 4
	} else if len(ts[i+1].text) < 4 && (i == 0 || ts[i-1].kind != 'a') && r.day == 0 {
		return 0
	}
	loc, ok := offset(s)
	if !ok {
		return 0
	}
	r.zone, r.zoned = loc, true
	return n
}

func (r *reading) number(ts []token, i int) (int, error) {
	at := func(j int, kind byte) bool { return i+j < len(ts) && ts[i+j].kind == kind }
	t := ts[i]
	if at(1, ':') {
		return r.timeAt(ts, i), nil
	}
	if sep := byte(0); i+4 < len(ts) && at(2, '0') && at(4, '0') && ts[i+1].kind == ts[i+3].kind {
		if sep = ts[i+1].kind; sep == '.' || sep == '/' || sep == '-' {
			if r.day == 0 && r.year == 0 {
				return 5, r.numeric(sep, t, ts[i+2], ts[i+4])
			}
		}
	}
	if at(1, 'a') {
		if n := r.hourWord(ts, i); n > 0 {
			return n, nil
		}
	}
	whole := r.day > 0 && r.month > 0 && r.year > 0
	if whole && !r.timed && at(1, '.') && at(2, '0') && len(ts[i+2].text) == 2 && !ts[i+2].spaced {
		r.time(t.value, ts[i+2].value, 0)
		return 3, nil
	}
	switch {
	case len(t.text) == 4 && r.year == 0:
		r.year = t.value
	case len(t.text) <= 2 && r.day == 0:
		r.day = t.value
	case len(t.text) <= 2 && r.month == 0 && i > 0 && ts[i-1].kind == '-':
		r.month = t.value
	default:
		return 0, fmt.Errorf("the number %s has no place in it", t.text)
	}
	return 1, nil
}

// timeAt reads H:MM[:SS[.fraction]] [am|pm]; "14:" alone is 14 o'clock.
func (r *reading) timeAt(ts []token, i int) int {
	h, m, s, n := ts[i].value, 0, 0, 2
	if i+2 < len(ts) && ts[i+2].kind == '0' {
		m, n = ts[i+2].value, 3
		if i+4 < len(ts) && ts[i+3].kind == ':' && ts[i+4].kind == '0' {
			s, n = ts[i+4].value, 5
			if i+6 < len(ts) && ts[i+5].kind == '.' && ts[i+6].kind == '0' && !ts[i+6].spaced {
				n = 7
			}
		}
	}
	h, n = half(ts, i, h, n)
	r.time(h, m, s)
	return n
}

// half applies am or pm.
func half(ts []token, i, h, n int) (hour, taken int) {
	if i+n >= len(ts) {
		return h, n
	}
	switch ts[i+n].text {
	case "am":
		return h % 12, n + 1
	case "pm":
		return h%12 + 12, n + 1
	}
	return h, n
}

// hourWord reads "9 pm", "14h05", "14 Uhr 05", "14 ч".
func (r *reading) hourWord(ts []token, i int) int {
	if r.timed || len(ts[i].text) > 2 {
		return 0
	}
	switch ts[i+1].text {
	case "am", "pm":
		// "22 am Montag" is no hour: am after a day that is missing
		if ts[i].value > 12 || ts[i].value == 0 {
			return 0
		}
		h, n := half(ts, i, ts[i].value, 1)
		r.time(h, 0, 0)
		return n
	case "h", "uhr", "ч", "год", "hrs", "godz":
		if ts[i].value > 24 || ts[i+1].text == "год" && r.year == 0 {
			return 0
		}
		h, m, n := ts[i].value, 0, 2
		if i+2 < len(ts) && ts[i+2].kind == '0' && len(ts[i+2].text) == 2 && (!ts[i+2].spaced || r.year > 0) {
			m, n = ts[i+2].value, 3
			if i+3 < len(ts) && (ts[i+3].text == "min" || ts[i+3].text == "m") {
				n = 4
			}
		}
		r.time(h, m, 0)
		return n
	}
	return 0
}

// numeric reads a date of three numbers. With dots the day stands first; with
// slashes and hyphens the language decides where both orders are possible.
func (r *reading) numeric(sep byte, a, b, c token) error {
	x, y := a.value, b.value
	switch {
	case len(a.text) == 4:
		r.year, r.month, r.day = x, y, c.value
		return nil
	case len(a.text) > 2 || len(b.text) > 2:
		return fmt.Errorf("%s%c%s%c%s is no date", a.text, sep, b.text, sep, c.text)
	case len(c.text) == 4:
		r.year = c.value
	case len(c.text) == 2 && c.value < 70:
		r.year = 2000 + c.value
	case len(c.text) == 2:
		r.year = 1900 + c.value
	default:
		return fmt.Errorf("%s is no year", c.text)
	}
	r.day, r.month = x, y
	monthFirst := sep != '.' && (r.lang == "" || strings.EqualFold(r.lang, "en") || strings.EqualFold(r.lang, "en-US"))
	if y > 12 || monthFirst && x <= 12 {
		r.day, r.month = y, x
	}
	if monthFirst && x <= 12 && y <= 12 && x != y {
		r.doubt = fmt.Sprintf("read as %04d-%02d-%02d, month first", r.year, r.month, r.day)
	}
	return nil
}

func (r *reading) word(ts []token, i int) (int, error) {
	w := ts[i].text
	tab := table()
	if tab.weekdays[w] && r.day == 0 && r.month == 0 && weekdayAt(ts, i, tab) {
		return 1, nil
	}
	if m := tab.month(w, r.lang); m > 0 && r.month == 0 {
		r.month = m
		return 1, nil
	}
	if loc, ok := zones[w]; ok && (r.timed || w == "utc" || w == "gmt") {
		r.zone, r.zoned = time.FixedZone("", loc), true
		if loc == 0 {
			r.zone = time.UTC
		}
		return 1, nil
	}
	switch {
	case tab.weekdays[w], tab.fillers[w]:
		return 1, nil
	case (w == "t") && i+1 < len(ts) && ts[i+1].kind == '0':
		return 1, nil
	}
	return 0, fmt.Errorf("%q is not understood", w)
}

// weekdayAt says that a word which may also be a month ("mar" is martes and
// marzo) is a weekday here: another month's name follows.
func weekdayAt(ts []token, i int, tab *vocabulary) bool {
	if tab.month(ts[i].text, "") == 0 {
		return true
	}
	for _, t := range ts[i+1:] {
		if t.kind == 'a' && tab.month(t.text, "") > 0 {
			return true
		}
	}
	return false
}

// tokens cuts folded text. Digits and letters part: "14h05" is three tokens.
func tokens(s string) []token {
	var ts []token
	spaced := false
	for i := 0; i < len(s); {
		rest := s[i:]
		c := rest[0]
		n := 1
		switch {
		case c == ' ':
			spaced = true
			i++
			continue
		case c >= '0' && c <= '9':
			cur := cursor{s: rest}
			v, digits := cur.number()
			n = digits
			ts = append(ts, token{kind: '0', text: rest[:n], value: v, spaced: spaced})
		default:
			n = strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			if n < 0 {
				n = len(rest)
			}
			if n > 0 {
				ts = append(ts, token{kind: 'a', text: rest[:n], spaced: spaced})
				break
			}
			sign := []rune(rest[:min(len(rest), 4)])[0]
			n = len(string(sign))
			kind := c
			if sign > 127 {
				kind = '?'
				if sign == '·' || sign == '—' || sign == '°' {
					kind = ','
				}
			}
			ts = append(ts, token{kind: kind, text: string(sign), spaced: spaced})
		}
		spaced = false
		i += n
	}
	return ts
}
