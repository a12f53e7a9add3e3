package lint

import (
	"strings"

	"golang.org/x/text/language"
)

const mediaClause = "Media RSS 1.5.1"

var mediaRules = []Rule{
	{"media/no-address", Error, mediaClause + ": media:content", "give it a url, or a media:player inside"},
	{"media/lonely-group", Error, mediaClause + ": media:group", "a group holds at least two media:content: leave it out"},
	{"media/two-defaults", Error, mediaClause + ": media:group", "let one media:content of a group be the default"},
	{"media/adult", Warning, mediaClause + ": media:adult", "use media:rating"},
	{"media/role", Error, mediaClause + ": media:credit", "write roles in lower case"},
	{"media/hash", Error, mediaClause + ": media:hash", "write 32 hexadecimal digits of MD5, or 40 with algo=\"sha-1\""},
	{"media/rating", Error, mediaClause + ": media:rating", "write a value of the scheme: adult or nonadult for urn:simple"},
	{"media/restriction", Error, mediaClause + ": media:restriction", "write all or none, or say the type"},
	{"media/type-medium", Warning, mediaClause + ": media:content", "let type and medium agree"},
}

var (
	nptTime   = pattern(`^(now|\d+(\.\d+)?|\d+:\d\d:\d\d(\.\d+)?)$`)
	isNPT     = matching(nptTime, "a time as 12.5 or 0:01:30")
	isBoolean = oneOf("true", "false")

	mediaURL   = []attr{{name: "url", need: true, check: isURL}, {name: "width", check: number(1)}, {name: "height", check: number(1)}}
	mediaTitle = &shape{vocabulary: "media", clause: mediaClause + ": media:title", free: true, attrs: []attr{{name: "type", check: oneOf("plain", "html")}}, also: mediaText}

	mediaThumbnail = &shape{vocabulary: "media", clause: mediaClause + ": media:thumbnail", attrs: append([]attr{{name: "time", check: isNPT}}, mediaURL...)}
	mediaPlayer    = &shape{vocabulary: "media", clause: mediaClause + ": media:player", free: true, attrs: mediaURL}

	// mediaElements may stand in feed, item, group and content alike.
	mediaElements = map[string]kid{
		"media:adult": {max: 1, shape: &shape{vocabulary: "media", clause: mediaClause, value: isBoolean, also: func(l *linter, n *node) {
			l.found(n.at, "media/adult", "media:adult is out of use")
		}}},
		"media:rating":   {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:rating", value: some(), attrs: []attr{{name: "scheme", check: isScheme}}, also: rating}},
		"media:title":    {max: 1, shape: mediaTitle},
		"media:keywords": {max: 1, shape: extra("media", mediaClause, anything)}, "media:description": {max: 1, shape: mediaTitle},
		"media:thumbnail": {shape: mediaThumbnail}, "media:player": {max: 1, shape: mediaPlayer},
		"media:category":  {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:category", value: anything, attrs: []attr{{name: "scheme", check: isScheme}, {name: "label", check: isPlain}}}},
		"media:hash":      {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:hash", value: anything, attrs: []attr{{name: "algo", check: oneOf("md5", "sha-1")}}, also: hash}},
		"media:credit":    {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:credit", value: some(), attrs: []attr{{name: "role", check: lowerRole}, {name: "scheme", check: isScheme}}}},
		"media:copyright": {max: 1, shape: &shape{vocabulary: "media", clause: mediaClause + ": media:copyright", value: anything, attrs: []attr{{name: "url", check: isURL}}}},
		"media:text": {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:text", free: true, attrs: []attr{
			{name: "type", check: oneOf("plain", "html")}, {name: "lang", check: isLanguage}, {name: "start", check: isNPT}, {name: "end", check: isNPT},
		}, also: mediaText}},
		"media:restriction": {shape: &shape{vocabulary: "media", clause: mediaClause + ": media:restriction", value: anything, attrs: []attr{
			{name: "relationship", need: true, check: oneOf("allow", "deny")}, {name: "type", check: oneOf("country", "uri", "sharing")},
		}, also: restriction}},
		"media:community": anyMedia, "media:comments": anyMedia, "media:embed": anyMedia, "media:responses": anyMedia,
		"media:backLinks": anyMedia, "media:status": anyMedia, "media:price": anyMedia, "media:license": anyMedia,
		"media:subTitle": anyMedia, "media:peerLink": anyMedia, "media:location": anyMedia, "media:rights": anyMedia, "media:scenes": anyMedia,
	}
	anyMedia = kid{shape: &shape{vocabulary: "media", clause: mediaClause, free: true}}

	mediaContent = &shape{vocabulary: "media", clause: mediaClause + ": media:content", attrs: []attr{
		{name: "url", check: isURL}, {name: "fileSize", check: number(1)}, {name: "type", check: isMediaType},
		{name: "medium", check: oneOf("image", "audio", "video", "document", "executable")}, {name: "isDefault", check: isBoolean},
		{name: "expression", check: oneOf("sample", "full", "nonstop")}, {name: "bitrate", check: decimal}, {name: "framerate", check: decimal},
		{name: "samplingrate", check: decimal}, {name: "channels", check: number(0)}, {name: "duration", check: decimal},
		{name: "height", check: number(1)}, {name: "width", check: number(1)}, {name: "lang", check: isLanguage},
	}, kids: mediaElements, also: mediaAddress}

	mediaGroup = &shape{vocabulary: "media", clause: mediaClause + ": media:group", kids: join(mediaElements, map[string]kid{
		"media:content": {shape: mediaContent},
	}), also: group}

	mediaInFeed = mediaElements
	mediaInItem = join(mediaElements, map[string]kid{"media:content": {shape: mediaContent}, "media:group": {shape: mediaGroup}})
)

func mediaText(l *linter, n *node) {
	if n.get("type") == "html" {
		l.html(valueOf(n), "")
		return
	}
	isPlain(l, valueOf(n))
}

func mediaAddress(l *linter, n *node) {
	if _, ok := n.attr("url"); !ok && n.first(nsMedia, "player") == nil {
		l.found(n.at, "media/no-address", "<media:content> has no url")
	}
	kind, _, _ := strings.Cut(n.get("type"), "/")
	if m := n.get("medium"); (kind == "image" || kind == "audio" || kind == "video") && m != "" && m != kind && mediaType(n.get("type")) {
		v, _ := n.attr("medium")
		l.found(v.start(), "media/type-medium", "the medium is %s, and the type %s", quote(m), quote(n.get("type")))
	}
}

func group(l *linter, n *node) {
	list := n.all(nsMedia, "content")
	if len(list) < 2 {
		l.found(n.at, "media/lonely-group", "<media:group> holds fewer than two media:content")
	}
	defaults := 0
	for _, k := range list {
		if k.get("isDefault") == "true" {
			if defaults++; defaults == 2 {
				l.found(k.at, "media/two-defaults", "<media:group> holds two defaults")
			}
		}
	}
}

// isScheme wants an address; Media RSS has short ones of its own, as urn:ebu.
func isScheme(l *linter, v value) {
	if !strings.HasPrefix(v.s, "urn:") {
		isURL(l, v)
	}
}

// restriction judges the value by its type: country codes, addresses, or all
// or none.
func restriction(l *linter, n *node) {
	v := valueOf(n)
	switch n.get("type") {
	case "country":
		for _, c := range strings.Fields(v.s) {
			if r, err := language.ParseRegion(c); len(c) != 2 || err != nil || !r.IsCountry() {
				l.found(n.place(), "media/restriction", "%s is no country code", quote(c)).Hint = "write codes of ISO 3166, with spaces between them"
			}
		}
	case "uri":
		isURL(l, v)
	case "":
		if s := strings.TrimSpace(v.s); s != "" && s != "all" && s != "none" {
			l.found(n.place(), "media/restriction", "the restriction is %s, without a type", quote(s))
		}
	}
}

func lowerRole(l *linter, v value) {
	if v.s != strings.ToLower(v.s) {
		l.found(v.start(), "media/role", "the role is %s", quote(v.s))
	}
}

var hexDigits = pattern(`^[0-9A-Fa-f]+$`)

func hash(l *linter, n *node) {
	want := 32
	if n.get("algo") == "sha-1" {
		want = 40
	}
	if s := n.value().s; len(s) != want || !hexDigits.MatchString(s) {
		l.found(n.place(), "media/hash", "the hash is %s", quote(s))
	}
}

// ratings are the values of each scheme.
var ratings = map[string]map[string]bool{
	"":           set("adult", "nonadult"),
	"urn:simple": set("adult", "nonadult"),
	"urn:mpaa":   set("g", "m", "nc-17", "pg", "pg-13", "r", "x"),
	"urn:v-chip": set("14+", "18+", "c", "c8", "g", "pg", "tv-14", "tv-g", "tv-ma", "tv-pg", "tv-y", "tv-y7", "tv-y7-fv"),
}

func rating(l *linter, n *node) {
	if words, ok := ratings[n.get("scheme")]; ok && !words[n.value().s] && n.value().s != "" {
		l.found(n.place(), "media/rating", "the rating is %s", quote(n.value().s))
	}
}
