package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Publish says which files become articles.
type Publish string

// Values of source.publish.
const (
	PublishAll    Publish = "all"    // every file that nothing holds back
	PublishMarked Publish = "marked" // only files that say publish: true
)

// OnRemove says what becomes of an article whose file is gone.
type OnRemove string

// Values of source.on_remove.
const (
	Withdraw OnRemove = "withdraw"
	Keep     OnRemove = "keep"
)

// Sort is the order of a feed.
type Sort string

// Values of a feed's sort.
const (
	SortPublished Sort = "published" // newest first
	SortUpdated   Sort = "updated"   // last published or updated first
)

// Require is what an article must have to be in a feed.
type Require string

// Values of a feed's require.
const (
	RequireImage   Require = "image"
	RequireSummary Require = "summary"
)

// Rescan says when the whole folder is compared with what is known. The zero
// Rescan is auto; at most one field is set.
type Rescan struct {
	Every    time.Duration
	Schedule string // a cron expression that ParseSchedule reads
}

// String is the Rescan as it is written in a config.
func (r Rescan) String() string {
	switch {
	case r.Schedule != "":
		return r.Schedule
	case r.Every > 0:
		return formatDuration(r.Every)
	}
	return "auto"
}

// Size is a number of bytes.
type Size int64

// Units of Size: powers of ten, as disks and networks count, and of two.
const (
	KB Size = 1000
	MB      = 1000 * KB
	GB      = 1000 * MB

	KiB Size = 1024
	MiB      = 1024 * KiB
	GiB      = 1024 * MiB
)

// sizeUnits are the units by their spelling in lower case; formatting takes the
// first that divides.
var sizeUnits = []struct {
	name string
	size Size
}{{"GB", GB}, {"GiB", GiB}, {"MB", MB}, {"MiB", MiB}, {"KB", KB}, {"KiB", KiB}, {"B", 1}}

// String is the size with the largest unit that divides it: 256MB, 10MiB.
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s != 0 && s%u.size == 0 {
			return strconv.FormatInt(int64(s/u.size), 10) + u.name
		}
	}
	return "0B"
}

// parseSize reads "256MB", "10 MiB", "1.5GB".
func parseSize(s string) (Size, *fault) {
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	unit := strings.TrimSpace(s[len(digits):])
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.ContainsAny(digits, "+-eE_") {
		return 0, wrong("%s is not a size", quoted(s)).hint("write a number and a unit, as 256MB or 10MiB")
	}
	if unit == "" {
		return 0, wrong("%s has no unit", s).hint("write %sMB for megabytes, %sKB for kilobytes or %sB for bytes", digits, digits, digits)
	}
	for _, u := range sizeUnits {
		if strings.EqualFold(u.name, unit) {
			if n *= float64(u.size); n > 1<<50 {
				return 0, wrong("%s is too large", s).hint("the largest size is 1PB")
			}
			return Size(n), nil
		}
	}
	return 0, wrong("%s is not a unit of size", quoted(unit)).hint("the units are B, KB, MB, GB, KiB, MiB and GiB")
}

// dayUnits are the units that Go's durations lack.
var dayUnits = map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// parseDuration reads Go's durations ("1h30m", "200ms") and whole days and
// weeks ("7d", "2w"). A bare number is refused: seconds or minutes?
func parseDuration(s string) (time.Duration, *fault) {
	if s == "0" {
		return 0, nil
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return 0, wrong("%s has no unit", s).hint("write %ss for seconds or %sm for minutes", s, s)
	}
	if n := len(s) - 1; n > 0 {
		if unit, ok := dayUnits[s[n:]]; ok {
			days, err := strconv.ParseInt(strings.TrimSpace(s[:n]), 10, 32)
			if err == nil && days >= 0 && days <= int64(math.MaxInt64/unit) {
				return time.Duration(days) * unit, nil
			}
		}
	}
	d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		return 0, wrong("%s is not a duration", quoted(s)).hint("write a number and a unit: 200ms, 30s, 15m, 1h30m, 7d")
	}
	if d < 0 {
		return 0, wrong("%s is negative", s).hint("a duration starts at 0s")
	}
	return d, nil
}

// formatDuration is the shortest spelling that parseDuration reads back.
func formatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
