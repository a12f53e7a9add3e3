package config

import "strings"

// FieldNames are the keys that source.fields may have: what an article says of
// itself in its front matter. Other spellings in a config lead to these.
var FieldNames = []string{
	"id", "title", "slug", "link", "summary", "authors", "categories", "tags", "language", "published", "updated", "expires",
	"draft", "publish", "status", "feed", "feeds", "image", "attachments", "source", "via", "related", "rights", "comments", "correction",
	"season", "episode", "episode_type", "explicit", "persons", "hosts", "guests", "transcript", "chapters", "soundbites",
}

// LabelNames are the keys that source.labels may have: the label lines of a
// text, named as in the files of article/language. Lines under ignore are known
// to be no text of the article.
var LabelNames = []string{
	"title", "category", "published", "updated", "expires", "author", "tags", "source", "language", "summary", "link", "image",
	"rights", "correction", "ignore",
}

// vocabulary is a set of names and other words for them.
type vocabulary struct {
	names []string
	also  map[string]string
}

// fieldNames are the maps among the settings, by key.
var fieldNames = map[string]vocabulary{
	"source.fields": {FieldNames, map[string]string{
		"author": "authors", "category": "categories", "tag": "tags", "lang": "language", "date": "published",
		"url": "link", "attachment": "attachments", "enclosure": "attachments", "description": "summary", "modified": "updated",
	}},
	"source.labels": {LabelNames, map[string]string{
		"authors": "author", "categories": "category", "tag": "tags", "lang": "language", "date": "published",
		"url": "link", "description": "summary", "modified": "updated",
	}},
}

func (v vocabulary) find(name string) (string, *fault) {
	folded := strings.ToLower(name)
	if to, ok := v.also[folded]; ok {
		return to, nil
	}
	for _, n := range v.names {
		if n == folded {
			return n, nil
		}
	}
	f := wrong("%s is none of our names for what an article says", quoted(name))
	if n := nearest(folded, v.names); n != "" {
		return "", f.hint("did you mean %s?", n)
	}
	return "", f.hint("the names are %s", list(v.names, "and"))
}
