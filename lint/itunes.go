package lint

import (
	"slices"
	"strings"
)

const itunesClause = "Apple Podcasts: RSS requirements"

var itunesRules = []Rule{
	{"itunes/wanted-owner", Warning, itunesClause, "add <itunes:owner> with an e-mail address, by which directories know the feed to be yours"},
	{"itunes/wanted-author", Info, itunesClause, "name the author"},
	{"itunes/missing-language", Error, itunesClause, "say what language the podcast is in"},
	{"itunes/category", Error, itunesClause, "take a category of Apple's list, spelt as there"},
	{"itunes/image-format", Error, itunesClause, "use a JPEG or PNG of 1400 to 3000 pixels, named so"},
	{"itunes/duration", Error, itunesClause, "write seconds, or H:MM:SS"},
	{"itunes/duration-form", Info, itunesClause, "Apple would rather have seconds"},
	{"itunes/yes-only", Warning, itunesClause, "write Yes, or leave the element out"},
	{"itunes/explicit", Error, itunesClause, "write true or false"},
	{"itunes/serial-without-number", Warning, itunesClause, "a serial show numbers its episodes with itunes:episode"},
	{"itunes/missing-enclosure", Error, itunesClause, "give each episode its sound file"},
	{"itunes/enclosure-format", Warning, itunesClause, "use m4a, mp3, mov, mp4, m4v or pdf"},
	{"itunes/enclosure-mime", Warning, itunesClause, "use the type that Apple names for this kind of file"},
	{"itunes/duplicate-enclosure", Error, itunesClause, "give each episode a file of its own"},
	{"itunes/wanted-date", Warning, itunesClause, "add <pubDate>"},
	{"itunes/number-in-title", Info, itunesClause, "leave the number to itunes:episode"},
	{"itunes/obsolete", Info, itunesClause, "leave it out: Apple no longer reads it"},
}

func apple(c check) *shape { return extra("itunes", itunesClause, c) }

func obsolete(c check) *shape {
	return &shape{vocabulary: "itunes", clause: itunesClause, value: c, also: func(l *linter, n *node) {
		l.found(n.at, "itunes/obsolete", "<%s> is out of use", n.label())
	}}
}

var (
	itunesImage = &shape{vocabulary: "itunes", clause: itunesClause, attrs: []attr{{name: "href", need: true, check: every(isWeb, artwork)}}}
	itunesOwner = &shape{vocabulary: "itunes", clause: itunesClause, kids: map[string]kid{
		"itunes:name":  {max: 1, shape: apple(every(atMostChars(255, itunesClause)))},
		"itunes:email": {min: 1, max: 1, shape: apple(some(isEmail))},
	}}
	itunesCategory = &shape{vocabulary: "itunes", clause: itunesClause, attrs: []attr{{name: "text", need: true}}, kids: map[string]kid{
		"itunes:category": {shape: &shape{vocabulary: "itunes", clause: itunesClause, attrs: []attr{{name: "text", need: true}}}},
	}, also: podcastCategory}

	itunesCommon = map[string]kid{
		"itunes:author":   {max: 1, shape: apple(some(atMostChars(255, itunesClause)))},
		"itunes:block":    {max: 1, shape: apple(yesOnly)},
		"itunes:explicit": {max: 1, shape: apple(isExplicit)},
		"itunes:image":    {max: 1, shape: itunesImage},
		"itunes:keywords": {max: 1, shape: obsolete(atMostChars(255, itunesClause))},
		"itunes:subtitle": {max: 1, shape: obsolete(atMostChars(255, itunesClause))},
		"itunes:summary":  {max: 1, shape: apple(atMostBytes(4000, itunesClause))},
		"itunes:title":    {max: 1, shape: apple(some(isPlain))},
	}
	itunesInFeed = join(itunesCommon, map[string]kid{
		"itunes:category":            {shape: itunesCategory},
		"itunes:owner":               {max: 1, shape: itunesOwner},
		"itunes:complete":            {max: 1, shape: apple(yesOnly)},
		"itunes:new-feed-url":        {max: 1, shape: apple(isWeb)},
		"itunes:type":                {max: 1, shape: apple(oneOf("episodic", "serial"))},
		"itunes:applepodcastsverify": {max: 1, shape: apple(some())},
	})
	itunesInItem = join(itunesCommon, map[string]kid{
		"itunes:duration":          {max: 1, shape: apple(some(duration))},
		"itunes:episode":           {max: 1, shape: apple(number(1))},
		"itunes:season":            {max: 1, shape: apple(number(1))},
		"itunes:episodeType":       {max: 1, shape: apple(oneOf("full", "trailer", "bonus"))},
		"itunes:order":             {max: 1, shape: obsolete(number(0))},
		"itunes:isClosedCaptioned": {max: 1, shape: obsolete(anything)},
	})
)

func artwork(l *linter, v value) {
	switch s := suffix(v.s); s {
	case ".jpg", ".jpeg", ".png", "":
	default:
		l.found(v.start(), "itunes/image-format", "the picture's name ends in %s", quote(s))
	}
}

func yesOnly(l *linter, v value) {
	if s := strings.TrimSpace(v.s); !strings.EqualFold(s, "yes") {
		l.found(v.start(), "itunes/yes-only", "%s is %s, which Apple does not read", v.name, quote(s))
	}
}

func isExplicit(l *linter, v value) {
	switch s := strings.TrimSpace(v.s); strings.ToLower(s) {
	case "true", "false":
	case "yes", "no", "clean", "explicit":
		l.found(v.trim().start(), "itunes/explicit", "%s is %s, as Apple had it before 2019", v.name, quote(s)).Severity = Warning
	default:
		l.found(v.trim().start(), "itunes/explicit", "%s is %s", v.name, quote(s))
	}
}

var (
	seconds = pattern(`^\d{1,7}$`)
	clock   = pattern(`^\d{1,3}:[0-5]\d(:[0-5]\d)?$`)
)

func duration(l *linter, v value) {
	switch s := strings.TrimSpace(v.s); {
	case seconds.MatchString(s):
	case clock.MatchString(s):
		l.found(v.trim().start(), "itunes/duration-form", "%s is %s", v.name, quote(s))
	default:
		l.found(v.trim().start(), "itunes/duration", "%s is %s", v.name, quote(s))
	}
}

func podcastCategory(l *linter, n *node) {
	name, ok := n.attr("text")
	if !ok {
		return
	}
	subs, ok := appleCategories[name.s]
	if !ok {
		l.found(name.start(), "itunes/category", "Apple has no category %s", quote(name.s))
		return
	}
	for _, k := range n.all(nsITunes, "category") {
		if sub, ok := k.attr("text"); ok && !slices.Contains(subs, sub.s) {
			l.found(sub.start(), "itunes/category", "Apple has no category %s in %s", quote(sub.s), name.s)
		}
	}
}

// appleCategories are Apple's, with their subcategories.
var appleCategories = map[string][]string{
	"Arts":                    {"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"},
	"Business":                {"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"},
	"Comedy":                  {"Comedy Interviews", "Improv", "Stand-Up"},
	"Education":               {"Courses", "How To", "Language Learning", "Self-Improvement"},
	"Fiction":                 {"Comedy Fiction", "Drama", "Science Fiction"},
	"Government":              nil,
	"History":                 nil,
	"Health & Fitness":        {"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"},
	"Kids & Family":           {"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"},
	"Leisure":                 {"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"},
	"Music":                   {"Music Commentary", "Music History", "Music Interviews"},
	"News":                    {"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"},
	"Religion & Spirituality": {"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"},
	"Science":                 {"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics", "Social Sciences"},
	"Society & Culture":       {"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"},
	"Sports":                  {"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"},
	"Technology":              nil,
	"True Crime":              nil,
	"TV & Film":               {"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"},
}
