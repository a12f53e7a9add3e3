package feed

import (
	"encoding/json"
	"fmt"
)

// CategoriesType is the content type of the list of categories.
const CategoriesType = "application/json; charset=utf-8"

// CategoryEntry is one category in the list for programs. URLs are absolute.
type CategoryEntry struct {
	Name        string            `json:"name"`
	Slug        string            `json:"slug"`
	Parent      string            `json:"parent,omitempty"` // slug
	Count       int               `json:"count"`            // public articles, those of what lies in it too
	Page        string            `json:"page"`
	Feeds       map[Format]string `json:"feeds"`
	Description string            `json:"description,omitempty"`
	Image       string            `json:"image,omitempty"`
}

// EncodeCategories writes the list of a site's categories as JSON. Equal values
// give equal bytes.
func EncodeCategories(site string, list []CategoryEntry) ([]byte, error) {
	if list == nil {
		list = []CategoryEntry{}
	}
	b, err := json.MarshalIndent(struct {
		Title      string          `json:"title"`
		Categories []CategoryEntry `json:"categories"`
	}{line(site), list}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode list of categories: %w", err)
	}
	return append(b, '\n'), nil
}
