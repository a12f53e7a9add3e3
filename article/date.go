package article

import "time"

// Dates outside of these bounds are taken as they are written, and questioned:
// they are more often a slip than meant.
const (
	farAhead  = 365 * 24 * time.Hour
	firstYear = 1990 // of the web
)

// DoubtfulDate says, as the end of a sentence that begins with the date, why a
// date of publication is to be questioned, or "".
func DoubtfulDate(published, now time.Time) string {
	switch {
	case published.IsZero():
		return ""
	case published.Sub(now) > farAhead:
		return "is more than a year ahead, and nobody sees the article until then"
	case published.UTC().Year() < firstYear:
		return "is before there was a web"
	}
	return ""
}
