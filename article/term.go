package article

import "strings"

// Naming is what the owner says of a category.
type Naming struct {
	Name   string   // as readers see it
	Slug   string   // of its address; empty: the one that the store gives the name
	Also   []string // other spellings that mean it
	Parent string   // Name of the category it lies in, or empty
}

// maxOuter bounds how deep a category may lie.
const maxOuter = 8

// Outer parts a category's name at its last slash: "News/Ukraine" is Ukraine in
// News. A name with an empty part, such as an address, is no path, nor is one of
// more than nine parts.
func Outer(name string) (outer, leaf string, ok bool) {
	at := strings.LastIndexByte(name, '/')
	if at < 0 || strings.Count(name, "/") > maxOuter {
		return "", "", false
	}
	for part := range strings.SplitSeq(name, "/") {
		if Fold(part) == "" {
			return "", "", false
		}
	}
	return strings.TrimSpace(name[:at]), strings.TrimSpace(name[at+1:]), true
}
