package article

import (
	"strconv"
	"strings"
	"time"
)

// maxWindow is the longest window of since:, in minutes: ten years.
const maxWindow = 3653 * 24 * 60

// window reads the value of since: as minutes: numbers with one of the units m,
// h, d and w.
func window(value string) (minutes int, ok bool) {
	rest := strings.ToLower(value)
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 || end > 7 {
			return 0, false
		}
		n, _ := strconv.Atoi(rest[:end]) // seven digits at most
		unit, known := map[byte]int{'m': 1, 'h': 60, 'd': 24 * 60, 'w': 7 * 24 * 60}[rest[end]]
		if !known || n > maxWindow {
			return 0, false
		}
		if minutes += n * unit; minutes > maxWindow {
			return 0, false
		}
		rest = rest[end+1:]
	}
	return minutes, minutes > 0
}

// spellWindow writes minutes in the largest unit of m, h and d that tells them.
func spellWindow(minutes int) string {
	switch {
	case minutes%(24*60) == 0:
		return strconv.Itoa(minutes/(24*60)) + "d"
	case minutes%60 == 0:
		return strconv.Itoa(minutes/60) + "h"
	}
	return strconv.Itoa(minutes) + "m"
}

// Within selects what was published within the last so many minutes.
func Within(minutes int) Selector {
	return Lone(Since, spellWindow(max(1, min(minutes, maxWindow))))
}

// Cutoff is the instant, in Unix milliseconds, from which an article must be
// published to be in a window at now. It moves once a minute, on the minute: an
// article stays for its window and at most a minute more.
func Cutoff(since string, now time.Time) int64 {
	minutes, _ := window(since) // NewTerm has checked it
	return now.Truncate(time.Minute).Add(-time.Duration(minutes) * time.Minute).UnixMilli()
}

// Leaves is the instant, in Unix milliseconds, at which an article published
// then leaves a window.
func Leaves(since string, published int64) int64 {
	const minute = 60_000
	minutes, _ := window(since)
	last := published - published%minute // Truncate counts from a whole minute, and so does Unix time
	if published%minute < 0 {
		last -= minute
	}
	return last + int64(minutes+1)*minute
}
