package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule tells when something is due next.
type Schedule = cron.Schedule

// ParseSchedule reads a cron expression: five fields (minute, hour, day of
// month, month, day of week from Sunday = 0), "@daily" and the like, or
// "@every 1h30m". Times are in zone unless the expression starts with
// "CRON_TZ=Area/City ". Beyond what cron checks it refuses what cron would
// quietly turn into something else: steps longer than their field, intervals
// that are no whole seconds, days that never come. The error is a sentence.
func ParseSchedule(expression string, zone *time.Location) (Schedule, error) {
	s, f := parseSchedule(expression, zone)
	if f != nil {
		return nil, fmt.Errorf("schedule %s: %s: %s", quoted(expression), f.message, f.advice)
	}
	return s, nil
}

const cronHint = `write five fields, as "15 3 * * *" for 03:15 every day, or "@every 1h"`

func parseSchedule(expression string, zone *time.Location) (s Schedule, bad *fault) {
	// cron slices out of bounds on some expressions ("TZ=UTC"); what is known is
	// checked first, and this keeps the rest from ending the program.
	defer func() {
		if recover() != nil {
			s, bad = nil, wrong("%s is not a cron expression", quoted(expression)).hint(cronHint)
		}
	}()
	text := strings.TrimSpace(expression)
	if len(text) > 200 {
		return nil, wrong("the cron expression is longer than 200 characters").hint(cronHint)
	}
	if tz, rest, ok := cutZone(text); ok {
		z, err := time.LoadLocation(tz)
		if err != nil || tz == "" || rest == "" {
			return nil, wrong("%s names no time zone, or nothing follows it", quoted(text)).hint("write CRON_TZ=Europe/Kyiv 15 3 * * *")
		}
		zone, text = z, rest
	}
	if every, ok := strings.CutPrefix(text, "@every "); ok {
		return parseEvery(strings.TrimSpace(every))
	}
	if f := checkFields(text); f != nil {
		return nil, f
	}
	s, err := cron.ParseStandard(text)
	if err != nil {
		return nil, wrong("%s is not a cron expression (%v)", quoted(text), err).hint(cronHint)
	}
	spec, ok := s.(*cron.SpecSchedule)
	if !ok {
		return nil, wrong("%s is not a cron expression", quoted(text)).hint(cronHint)
	}
	spec.Location = zone
	// A leap year lies within eight years of any day.
	never := true
	for year := 2000; year < 2010 && never; year += 4 {
		never = spec.Next(time.Date(year, 1, 1, 0, 0, 0, 0, zone)).IsZero()
	}
	if never {
		return nil, wrong("%s names a day that never comes", quoted(text)).hint("look at its day of month and its month")
	}
	return spec, nil
}

func cutZone(s string) (zone, rest string, ok bool) {
	for _, p := range []string{"CRON_TZ=", "TZ="} {
		if after, found := strings.CutPrefix(s, p); found {
			zone, rest, _ = strings.Cut(after, " ")
			return zone, strings.TrimSpace(rest), true
		}
	}
	return "", s, false
}

func parseEvery(s string) (Schedule, *fault) {
	d, f := parseDuration(s)
	if f != nil {
		return nil, f
	}
	if d < time.Second || d%time.Second != 0 {
		return nil, wrong("@every %s is no whole number of seconds", s).hint("write at least @every 1s")
	}
	return cron.Every(d), nil
}

// checkFields finds what cron accepts and then does otherwise than written.
func checkFields(text string) *fault {
	if strings.HasPrefix(text, "@") {
		return nil
	}
	fields := strings.Fields(text)
	if len(fields) == 6 {
		return wrong("%s has six fields, and seconds are not among cron's", quoted(text)).hint("leave out the first field: %s", quoted(strings.Join(fields[1:], " ")))
	}
	if len(fields) != 5 {
		return wrong("%s has %d fields", quoted(text), len(fields)).hint(cronHint)
	}
	most := [5]int{59, 23, 31, 12, 6}
	for i, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			value, step, stepped := strings.Cut(part, "/")
			if value == "" {
				return wrong("%s has an empty place in its field %s", quoted(text), quoted(field)).hint("take out the extra comma or slash")
			}
			if n, err := strconv.Atoi(step); stepped && err == nil && n > most[i] {
				return wrong("the step /%d is longer than its field, so it would never step", n).hint("the longest step there is /%d", most[i])
			}
			if i == 4 && strings.Contains(value, "7") {
				return wrong("7 is no day of the week").hint("Sunday is 0")
			}
		}
	}
	return nil
}

// parseRescan reads "auto", a duration or a cron expression.
func parseRescan(s string) (Rescan, *fault) {
	s = strings.TrimSpace(s)
	if s == "auto" {
		return Rescan{}, nil
	}
	if strings.ContainsAny(s, " @=*") {
		// The zone makes no difference to whether it can be read.
		if _, f := parseSchedule(s, time.UTC); f != nil {
			return Rescan{}, f
		}
		return Rescan{Schedule: s}, nil
	}
	d, f := parseDuration(s)
	if f != nil {
		return Rescan{}, f.hint(`write auto, a duration with its unit as 5m, or a cron expression as "*/10 * * * *"`)
	}
	if d < time.Second || d > 30*24*time.Hour {
		return Rescan{}, wrong("%s is not between 1s and 30d", s).hint("write auto, or a duration as 5m")
	}
	return Rescan{Every: d}, nil
}
