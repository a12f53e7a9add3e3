package parse

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"feedwright/article"
	"feedwright/article/language"
	"feedwright/source/parse/tree"
)

// field is one of our fields, by the name that config and traces use.
type field string

// The fields.
const (
	title       field = "title"
	summary     field = "summary"
	published   field = "published"
	updated     field = "updated"
	expires     field = "expires"
	authors     field = "authors"
	categories  field = "categories"
	tags        field = "tags"
	lang        field = "language"
	link        field = "link"
	slug        field = "slug"
	id          field = "id"
	image       field = "image"
	attachments field = "attachments"
	source      field = "source"
	rights      field = "rights"
	comments    field = "comments"
	via         field = "via"
	related     field = "related"
	correction  field = "correction"
	draft       field = "draft"
	publish     field = "publish"
	status      field = "status"
	inFeed      field = "feed"
	feeds       field = "feeds"
	season      field = "season"
	number      field = "episode"
	sort        field = "episode_type"
	explicit    field = "explicit"
	persons     field = "persons"
	hosts       field = "hosts"
	guests      field = "guests"
	transcript  field = "transcript"
	chapters    field = "chapters"
	soundbites  field = "soundbites"
	ignored     field = "" // a label whose value is known to be no text of the article
)

// vocabulary maps our fields to the names that a kind of file uses for them,
// best first. A dot leads into a map. Names are compared by tree.Key.
type vocabulary map[field][]string

// order in which fields are filled: language before dates, which need it.
var order = []field{lang, title, summary, published, updated, expires, authors, categories, tags, link, slug, id, image,
	attachments, source, rights, comments, via, related, correction, draft, publish, status, inFeed, feeds,
	season, number, sort, explicit, persons, hosts, guests, transcript, chapters, soundbites}

// keyed writes a vocabulary's names as tree.Key does, so that they can be looked
// up.
func keyed(v vocabulary) vocabulary {
	for _, names := range v {
		for i, n := range names {
			names[i] = tree.Key(n)
		}
	}
	return v
}

// frontMatter is what Hugo, Jekyll, Eleventy, Zola, Obsidian, Ghost and
// WordPress exports write.
var frontMatter = keyed(vocabulary{
	title:       {"title", "headline", "name", "seotitle"},
	summary:     {"summary", "description", "excerpt", "deck", "abstract", "subtitle", "standfirst", "dek", "custom_excerpt", "meta_description", "lede"},
	published:   {"published", "publishdate", "pubdate", "published_at", "published_on", "publish_date", "publication_date", "date_published", "date", "datetime", "posted", "post_date", "created_at", "created", "date_created"},
	updated:     {"updated", "lastmod", "modified", "last_modified_at", "last_modified", "updated_at", "date_modified", "lastupdated", "last_update", "mod_date", "date_updated"},
	expires:     {"expires", "expires_at"},
	authors:     {"authors", "author", "byline", "by", "creator", "writer"},
	categories:  {"categories", "category", "section", "sections", "rubric", "channel", "topics"},
	tags:        {"tags", "tag", "keywords", "labels", "topic"},
	lang:        {"lang", "language", "locale", "language_code", "languagecode", "inlanguage"},
	link:        {"link", "canonical_url", "canonical", "source_url", "external_url", "original_url", "article_url", "url", "permalink"},
	slug:        {"slug"},
	id:          {"id", "guid", "uuid", "uri"},
	image:       {"image", "featured_image", "feature_image", "primary_image", "cover_image", "cover", "banner_image", "banner", "thumbnail", "hero_image", "hero", "og_image", "social_image", "images", "picture", "photo", "teaser"},
	attachments: {"attachments", "enclosures", "enclosure", "audio", "audio_url", "podcast", "podcast_url", "video", "video_file"},
	source:      {"source", "original_source", "source_name", "publisher"},
	rights:      {"rights", "license", "licence", "copyright"},
	comments:    {"comments_url", "comments"},
	via:         {"via"},
	related:     {"related", "links"},
	correction:  {"correction", "corrections", "correction_note", "editors_note"},
	draft:       {"draft", "is_draft", "private"},
	publish:     {"publish"},
	status:      {"status", "post_status", "visibility", "state"},
	inFeed:      {"feed", "rss", "in_feed", "include_in_feed"},
	feeds:       {"feeds"},
	season:      {"season", "season_number", "itunes_season", "itunes:season"},
	number:      {"episode", "episode_number", "itunes_episode", "itunes:episode"},
	sort:        {"episode_type", "itunes_episode_type", "itunes:episodetype"},
	explicit:    {"explicit", "itunes_explicit", "itunes:explicit"},
	persons:     {"persons", "people"},
	hosts:       {"hosts", "host"},
	guests:      {"guests", "guest"},
	transcript:  {"transcript", "transcripts", "transcript_url"},
	chapters:    {"chapters", "chapters_url"},
	soundbites:  {"soundbites", "soundbite"},
})

// expiryElsewhere are other programs' names for the date at which an article
// leaves. It takes an article away from everybody, and a site that moves here
// may carry years of such dates that nothing acted on: so they count only where
// the owner says so in fields, and why tells of them.
var expiryElsewhere = []string{"expirydate", "expiry", "expiration_date", "unpublish_date", "unpublishdate"}

// places are the maps that generators put fields into, after the top.
var places = []string{"taxonomies", "params", "extra", "metadata", "meta"}

// other names of our fields that an owner may write in config.
var fieldNames = map[string]field{
	"category": categories, "tag": tags, "author": authors, "by": authors, "lang": lang, "date": published, "pubdate": published,
	"description": summary, "excerpt": summary, "modified": updated, "lastmod": updated, "expiry": expires, "url": link, "guid": id,
	"picture": image, "license": rights, "licence": rights, "copyright": rights, "attachment": attachments, "enclosure": attachments, "audio": attachments,
	"episodetype": sort, "host": hosts, "guest": guests, "people": persons, "transcripts": transcript,
}

// fieldOf finds one of our fields by name, singular or plural.
func fieldOf(name string) (field, error) {
	k := tree.Key(name)
	if f, ok := fieldNames[k]; ok {
		return f, nil
	}
	if f := field(k); slices.Contains(order, f) {
		return f, nil
	}
	known := make([]string, len(order))
	for i, f := range order {
		known[i] = string(f)
	}
	slices.Sort(known)
	return "", fmt.Errorf("%q is no field of an article; known are %s", name, strings.Join(known, ", "))
}

// with puts the owner's names before the built-in ones.
func (v vocabulary) with(own map[string][]string) (vocabulary, error) {
	out := maps.Clone(v)
	for _, name := range slices.Sorted(maps.Keys(own)) {
		f, err := fieldOf(name)
		if err != nil {
			return nil, err
		}
		first := make([]string, len(own[name]))
		for i, n := range own[name] {
			first[i] = tree.Key(n)
		}
		out[f] = append(first, out[f]...)
	}
	return out, nil
}

// knows says that a name means something, so that "name: value" lines of a
// text can be told from prose.
func (v vocabulary) knows(name string) bool {
	k := tree.Key(name)
	for _, names := range v {
		if slices.Contains(names, k) {
			return true
		}
	}
	return false
}

// labelField is what a label line stands for.
type labelField struct {
	field field
	rule  string // "label Category"
}

// labelTable maps label lines, folded and without colon, to fields. The owner's
// come first; English before other languages where two disagree.
func labelTable(all []*language.Language, own map[string][]string) (map[string]labelField, error) {
	t := map[string]labelField{}
	add := func(name string, labels []string) error {
		f, err := ignored, error(nil)
		if name != "ignore" {
			f, err = fieldOf(name)
		}
		if err != nil {
			return err
		}
		for _, l := range labels {
			k := article.Fold(strings.TrimRight(l, ": "))
			if _, taken := t[k]; !taken && k != "" {
				t[k] = labelField{f, "label " + l}
			}
		}
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if err := add(name, own[name]); err != nil {
			return nil, err
		}
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *language.Language) int {
		return strings.Compare(strings.TrimPrefix(a.Code, "en"), strings.TrimPrefix(b.Code, "en"))
	})
	for _, l := range sorted {
		for _, name := range slices.Sorted(maps.Keys(l.Labels)) {
			if err := add(name, l.Labels[name]); err != nil {
				return nil, fmt.Errorf("language %s: %w", l.Code, err)
			}
		}
	}
	return t, nil
}
