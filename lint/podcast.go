package lint

import "strings"

const podcastClause = "Podcasting 2.0: 1.0"

var podcastRules = []Rule{
	{"podcast/list-with-items", Error, "Podcasting 2.0: podcast:medium", "a list holds podcast:remoteItem only"},
	{"podcast/wanted-guid", Info, "Podcasting 2.0: podcast:guid", "give the podcast an id that survives a move: UUIDv5 of its first address"},
	{"podcast/guid-version", Warning, "Podcasting 2.0: podcast:guid", "use UUIDv5 in the namespace ead4c236-bf58-58c6-a2c6-a6b28d128cb6"},
	{"podcast/medium", Error, "Podcasting 2.0: podcast:medium", "use a medium of the list: podcast, music, video, film, audiobook, newsletter, blog, publisher, course, mixed; with L for a list"},
}

func pod(tag string, c check, attrs ...attr) *shape {
	return &shape{vocabulary: "podcast", clause: "Podcasting 2.0: podcast:" + tag, value: c, attrs: attrs}
}

func podFree(tag string, attrs ...attr) *shape {
	return &shape{vocabulary: "podcast", clause: "Podcasting 2.0: podcast:" + tag, free: true, attrs: attrs}
}

var (
	yesNo      = oneOf("yes", "no")
	httpsNeed  = attr{name: "url", need: true, check: isHTTPS}
	shortText  = atMostChars(128, podcastClause)
	podPerson  = pod("person", some(shortText), attr{name: "role"}, attr{name: "group"}, attr{name: "img", check: isHTTPS}, attr{name: "href", check: isURL})
	podFunding = pod("funding", shortText, attr{name: "url", need: true, check: isURL})
	podTxt     = pod("txt", some(atMostChars(4000, "Podcasting 2.0: podcast:txt")), attr{name: "purpose", check: atMostChars(128, "Podcasting 2.0: podcast:txt")})
	podPlace   = pod("location", some(shortText), attr{name: "geo", check: matching(geoURI, "geo:latitude,longitude")}, attr{name: "osm"}, attr{name: "rel"}, attr{name: "country"})
	podLicense = pod("license", some(shortText), attr{name: "url", check: isURL})
	podImages  = pod("images", nil, attr{name: "srcset", need: true})
	podImage   = pod("image", anything, attr{name: "href", need: true, check: isHTTPS}, attr{name: "alt"}, attr{name: "aspect-ratio"}, attr{name: "width", check: number(1)}, attr{name: "height", check: number(1)}, attr{name: "type", check: isMediaType}, attr{name: "purpose"})
	podChat    = podFree("chat", attr{name: "server", need: true}, attr{name: "protocol", need: true}, attr{name: "accountId"}, attr{name: "space"}, attr{name: "embedUrl", check: isHTTPS})
	podValue   = &shape{vocabulary: "podcast", clause: "Podcasting 2.0: podcast:value", attrs: []attr{
		{name: "type", need: true}, {name: "method", need: true}, {name: "suggested", check: decimal},
	}, kids: map[string]kid{
		"podcast:valueRecipient": {min: 1, shape: podFree("valueRecipient", attr{name: "type", need: true}, attr{name: "address", need: true}, attr{name: "split", need: true, check: number(0)},
			attr{name: "name"}, attr{name: "customKey"}, attr{name: "customValue"}, attr{name: "fee", check: isBoolean})},
		"podcast:valueTimeSplit": {shape: podFree("valueTimeSplit", attr{name: "startTime", need: true, check: decimal}, attr{name: "duration", need: true, check: decimal},
			attr{name: "remoteStartTime", check: decimal}, attr{name: "remotePercentage", check: number(0)})},
	}}
	podRemote = podFree("remoteItem", attr{name: "feedGuid", need: true, check: isUUID}, attr{name: "itemGuid"}, attr{name: "feedUrl", check: isURL}, attr{name: "medium"}, attr{name: "title"})
	geoURI    = pattern(`^geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?(,-?\d+(\.\d+)?)?(;.*)?$`)

	podEnclosure = &shape{vocabulary: "podcast", clause: "Podcasting 2.0: podcast:alternateEnclosure", attrs: []attr{
		{name: "type", need: true, check: isMediaType}, {name: "length", check: number(0)}, {name: "bitrate", check: decimal}, {name: "height", check: number(1)},
		{name: "lang", check: isLanguage}, {name: "title", check: atMostChars(32, podcastClause)}, {name: "rel", check: atMostChars(32, podcastClause)}, {name: "codecs"}, {name: "default", check: isBoolean},
	}, kids: map[string]kid{
		"podcast:source":    {min: 1, shape: podFree("source", attr{name: "uri", need: true, check: isURL}, attr{name: "contentType", check: isMediaType})},
		"podcast:integrity": {max: 1, shape: podFree("integrity", attr{name: "type", need: true, check: oneOf("sri", "pgp-signature")}, attr{name: "value", need: true})},
	}}

	podCommon = map[string]kid{
		"podcast:funding": {shape: podFunding}, "podcast:person": {shape: podPerson}, "podcast:location": {shape: podPlace},
		"podcast:license": {max: 1, shape: podLicense}, "podcast:images": {max: 1, shape: podImages}, "podcast:image": {shape: podImage},
		"podcast:value": {shape: podValue}, "podcast:txt": {shape: podTxt}, "podcast:chat": {shape: podChat},
		"podcast:socialInteract": {shape: podFree("socialInteract", attr{name: "protocol", need: true}, attr{name: "uri"}, attr{name: "accountId"}, attr{name: "accountUrl", check: isHTTPS}, attr{name: "priority", check: number(0)})},
		"podcast:contentLink":    {shape: pod("contentLink", anything, attr{name: "href", need: true, check: isHTTPS})},
	}
	podEpisode = map[string]kid{
		"podcast:transcript":         {shape: pod("transcript", nil, httpsNeed, attr{name: "type", need: true, check: isMediaType}, attr{name: "language", check: isLanguage}, attr{name: "rel", check: oneOf("captions")})},
		"podcast:chapters":           {max: 1, shape: pod("chapters", nil, httpsNeed, attr{name: "type", need: true, check: oneOf("application/json+chapters", "application/json")})},
		"podcast:soundbite":          {shape: pod("soundbite", shortText, attr{name: "startTime", need: true, check: decimal}, attr{name: "duration", need: true, check: decimal})},
		"podcast:season":             {max: 1, shape: pod("season", number(0), attr{name: "name", check: shortText})},
		"podcast:episode":            {max: 1, shape: pod("episode", decimal, attr{name: "display", check: atMostChars(32, podcastClause)})},
		"podcast:alternateEnclosure": {shape: podEnclosure},
	}
	podLive = &shape{vocabulary: "podcast", clause: "Podcasting 2.0: podcast:liveItem", free: true, attrs: []attr{
		{name: "status", need: true, check: oneOf("pending", "live", "ended")}, {name: "start", need: true, check: isMoment}, {name: "end", check: isMoment},
	}}

	podcastInFeed = join(podCommon, map[string]kid{
		"podcast:guid":   {max: 1, shape: pod("guid", some(isUUID, fifth))},
		"podcast:locked": {max: 1, shape: pod("locked", yesNo, attr{name: "owner", check: isEmail})},
		"podcast:medium": {max: 1, shape: pod("medium", isMedium)},
		"podcast:trailer": {shape: pod("trailer", some(shortText), httpsNeed, attr{name: "pubdate", need: true, check: isRFC822}, attr{name: "length", check: number(0)},
			attr{name: "type", check: isMediaType}, attr{name: "season", check: number(0)})},
		"podcast:block":    {shape: pod("block", yesNo, attr{name: "id"})},
		"podcast:liveItem": {shape: podLive}, "podcast:podroll": {max: 1, shape: podFree("podroll")}, "podcast:publisher": {max: 1, shape: podFree("publisher")},
		"podcast:remoteItem": {shape: podRemote}, "podcast:podping": {max: 1, shape: podFree("podping", attr{name: "usesPodping", check: isBoolean})},
		"podcast:updateFrequency": {max: 1, shape: pod("updateFrequency", some(shortText), attr{name: "complete", check: isBoolean}, attr{name: "dtstart", check: isW3CDate},
			attr{name: "rrule", check: matching(recurrence, "a rule of RFC 5545, as FREQ=WEEKLY")})},
	})
	podcastInItem = join(podCommon, podEpisode)
	recurrence    = pattern(`^(RRULE:)?([A-Z]+=[A-Za-z0-9,+:-]+;)*[A-Z]+=[A-Za-z0-9,+:-]+$`)
)

// mediums are those of the list; each with L is a list of remote items.
var mediums = set("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed")

func isMedium(l *linter, v value) {
	if s := strings.TrimSpace(v.s); !mediums[s] && !mediums[strings.TrimSuffix(s, "L")] {
		l.found(v.trim().start(), "podcast/medium", "the medium is %s", quote(s))
	}
}

// fifth wants a UUID of version 5.
func fifth(l *linter, v value) {
	if s := strings.TrimSpace(v.s); uuidForm.MatchString(s) && s[14] != '5' {
		l.found(v.trim().start(), "podcast/guid-version", "the UUID is of version %c", s[14])
	}
}

func isPodcastList(n *node) bool {
	m := n.first(nsPodcast, "medium")
	return m != nil && (m.value().s == "mixed" || strings.HasSuffix(m.value().s, "L"))
}

// podcastTwo judges what the tables cannot say of Podcasting 2.0.
func (l *linter) podcastTwo(n *node, items []*node) {
	uses := false
	for _, k := range n.kids {
		uses = uses || k.space == nsPodcast
	}
	if uses && n.first(nsPodcast, "guid") == nil {
		l.found(n.at, "podcast/wanted-guid", "the podcast has no <podcast:guid>")
	}
	if m := n.first(nsPodcast, "medium"); isPodcastList(n) && m.value().s != "mixed" && len(items) > 0 {
		l.found(m.place(), "podcast/list-with-items", "the medium is a list, and the feed has items of its own")
	}
}
