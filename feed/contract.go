package feed

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"feedwright/article"
)

// Contract is what the page of a private feed promises to who reads it.
type Contract struct {
	Words    string // its filter in words
	Window   string // the value of since: in it, or empty
	Fresh    bool   // the last changed first
	Items    int    // the most articles
	MaxBytes int64  // the most bytes of a document
	Content  Content
	Parts    []Part    // what items may carry
	Graves   bool      // it is had as Atom, which tells of withdrawn articles
	Ends     time.Time // when the token opens nothing any more; zero: never
}

// row is a line of the contract.
type row struct{ Name, Value string }

// contractView is the contract in the page's language.
type contractView struct {
	common
	Rows   []row
	Fields []row // each part, and how many of the articles shown have it
}

var partWords = map[Part]string{
	PartSummary: "summary", PartAuthors: "authors", PartCategories: "categories", PartTags: "tags", PartImage: "image",
	PartAttachments: "attachments", PartSource: "source", PartRights: "rights", PartComments: "comments",
}

func newContractView(c common, k *Contract, items []Item) *contractView {
	v := &contractView{common: c}
	add := func(name, value string) { v.Rows = append(v.Rows, row{c.Word(name), value}) }
	choose := func(yes bool, a, b string) string {
		if yes {
			return c.Word(a)
		}
		return c.Word(b)
	}
	add("row-articles", k.Words)
	if k.Window != "" {
		s := sayer{words: c.words}
		add("row-window", s.fill("since", "{span}", s.span(k.Window)))
	} else {
		add("row-window", c.Word("window-none"))
	}
	add("row-order", choose(k.Fresh, "order-updated", "order-published"))
	add("row-size", strings.NewReplacer("{n}", strconv.Itoa(k.Items), "{bytes}", size(k.MaxBytes)).Replace(c.Word("size")))
	text := k.Content
	if text != Summary && text != Both {
		text = Full
	}
	add("row-text", c.Word("text-"+string(text)))
	removals := c.Word("removals")
	if k.Graves {
		removals += " " + c.Word("removals-atom")
	}
	add("row-removals", removals)
	if k.Ends.IsZero() {
		add("row-until", c.Word("until-none"))
	} else {
		add("row-until", strings.ReplaceAll(c.Word("until"), "{day}", c.lastDay(k.Ends)))
	}
	all := strconv.Itoa(len(items))
	filled := func(name string, has func(*Item) bool) {
		n := 0
		for i := range items {
			if has(&items[i]) {
				n++
			}
		}
		v.Fields = append(v.Fields, row{name, strings.NewReplacer("{n}", strconv.Itoa(n), "{all}", all).Replace(c.Word("filled"))})
	}
	for _, p := range Parts {
		if k.Parts == nil || slices.Contains(k.Parts, p) {
			filled(c.Word(partWords[p]), func(it *Item) bool { return it.Has(p) })
		}
	}
	return v
}

// lastDay is the last day before an instant, with the hour if it ends within
// that day.
func (c common) lastDay(ends time.Time) string {
	if t := ends.In(c.zone); t.Hour() != 0 || t.Minute() != 0 {
		return c.Moment(ends)
	}
	return c.Day(ends.Add(-time.Minute))
}

// SinceOf is the value of the narrowest window that a filter asks of all its
// articles, or empty.
func SinceOf(sel article.Selector) string {
	root := sel.Root()
	if root.Op == article.Term && root.Field == article.Since {
		return root.Value
	}
	if root.Op != article.And {
		return ""
	}
	value := ""
	for _, k := range root.Kids {
		if k.Op == article.Term && k.Field == article.Since && (value == "" || article.Cutoff(k.Value, time.Unix(0, 0)) > article.Cutoff(value, time.Unix(0, 0))) {
			value = k.Value
		}
	}
	return value
}
