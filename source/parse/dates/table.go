package dates

import (
	"strings"
	"sync"

	"feedwright/article"
	"feedwright/article/language"
)

// vocabulary is every language's words of dates, folded.
type vocabulary struct {
	months   map[string][]monthOf
	weekdays map[string]bool
	fillers  map[string]bool
}

type monthOf struct {
	lang  string
	month int
}

// month gives 1 to 12, or 0 for a word that is no month. Where languages
// disagree, lang decides, else the first language by code.
func (v *vocabulary) month(w, lang string) int {
	of := v.months[w]
	if len(of) == 0 {
		return 0
	}
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	for _, m := range of {
		if m.lang == primary {
			return m.month
		}
	}
	return of[0].month
}

var table = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{months: map[string][]monthOf{}, weekdays: map[string]bool{}, fillers: map[string]bool{}}
	for _, l := range language.All() {
		for i, forms := range l.Months {
			for _, f := range forms {
				k := article.Fold(f)
				v.months[k] = append(v.months[k], monthOf{l.Code, i + 1})
			}
		}
		for _, w := range l.Weekdays {
			v.weekdays[article.Fold(w)] = true
		}
		for _, w := range l.DateWords {
			v.fillers[article.Fold(w)] = true
		}
	}
	return v
})

const hour = 3600

// zones are names with one customary meaning, in seconds east of UTC. Names
// with several (IST, AST) are missing on purpose: such a date is refused.
var zones = map[string]int{
	"utc": 0, "gmt": 0, "z": 0, "ut": 0, "wet": 0, "west": hour, "bst": hour,
	"cet": hour, "cest": 2 * hour, "mez": hour, "mesz": 2 * hour, "eet": 2 * hour, "eest": 3 * hour, "msk": 3 * hour, "мск": 3 * hour,
	"est": -5 * hour, "edt": -4 * hour, "cst": -6 * hour, "cdt": -5 * hour, "mst": -7 * hour, "mdt": -6 * hour,
	"pst": -8 * hour, "pdt": -7 * hour, "akst": -9 * hour, "akdt": -8 * hour, "hst": -10 * hour,
	"jst": 9 * hour, "kst": 9 * hour, "hkt": 8 * hour, "sgt": 8 * hour, "aest": 10 * hour, "aedt": 11 * hour,
	"acst": 9*hour + hour/2, "awst": 8 * hour, "nzst": 12 * hour, "nzdt": 13 * hour, "brt": -3 * hour, "sast": 2 * hour,
}
