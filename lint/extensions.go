package lint

// clauseOf names the specification of each namespace whose elements the tables
// know; elements of others are not judged.
var clauseOf = map[string]string{
	nsAtom: "RFC 4287", nsContent: "RSS 1.0 Content Module", nsDC: "Dublin Core 1.1", nsSlash: "RSS 1.0 Slash Module",
	nsSyn: "RSS 1.0 Syndication Module", nsMedia: mediaClause, nsITunes: itunesClause, nsPodcast: podcastClause,
	nsHistory: "RFC 5005", nsTombstones: "RFC 6721", nsWFW: "CommentAPI",
}

func extra(vocabulary, clause string, c check) *shape {
	return &shape{vocabulary: vocabulary, clause: clause, value: c}
}

var (
	dcText = extra("dc", "Dublin Core 1.1", anything)
	// dublinCore may stand in channel and item alike.
	dublinCore = map[string]kid{
		"dc:title": {shape: dcText}, "dc:creator": {shape: extra("dc", "Dublin Core 1.1", some())}, "dc:subject": {shape: dcText},
		"dc:description": {shape: dcText}, "dc:publisher": {shape: dcText}, "dc:contributor": {shape: dcText},
		"dc:date": {shape: extra("dc", "Dublin Core 1.1", some(isW3CDate))}, "dc:type": {shape: dcText}, "dc:format": {shape: dcText},
		"dc:identifier": {shape: dcText}, "dc:source": {shape: dcText}, "dc:relation": {shape: dcText}, "dc:coverage": {shape: dcText},
		"dc:rights": {shape: dcText}, "dc:language": {max: 1, shape: extra("dc", "Dublin Core 1.1", isLanguage)},
	}

	// atomInFeed and atomInItem are what RSS borrows from Atom.
	atomInFeed = map[string]kid{
		"atom:link": {shape: atomLink}, "atom:author": {shape: atomPerson}, "atom:contributor": {shape: atomPerson},
		"atom:category": {shape: atomCategory}, "atom:id": {max: 1, shape: atomID}, "atom:updated": {max: 1, shape: atomDate},
		"atom:icon": {max: 1, shape: atomPicture}, "atom:logo": {max: 1, shape: atomPicture}, "atom:rights": {max: 1, shape: atomText},
		"atom:title": {max: 1, shape: atomText}, "atom:subtitle": {max: 1, shape: atomText}, "atom:generator": {max: 1, shape: atomGenerator},
	}
	atomInItem = map[string]kid{
		"atom:link": {shape: atomLink}, "atom:author": {shape: atomPerson}, "atom:contributor": {shape: atomPerson},
		"atom:category": {shape: atomCategory}, "atom:id": {max: 1, shape: atomID}, "atom:updated": {max: 1, shape: atomDate},
		"atom:published": {max: 1, shape: atomDate}, "atom:rights": {max: 1, shape: atomText}, "atom:title": {max: 1, shape: atomText},
		"atom:summary": {max: 1, shape: atomText}, "atom:content": {max: 1, shape: atomContent}, "atom:source": {max: 1, shape: atomSourceInItem},
	}
	atomSourceInItem = &shape{vocabulary: "atom", clause: "RFC 4287 §4.2.11", free: true}

	smallInFeed = map[string]kid{
		"sy:updatePeriod":    {max: 1, shape: extra("sy", "RSS 1.0 Syndication Module", oneOf("hourly", "daily", "weekly", "monthly", "yearly"))},
		"sy:updateFrequency": {max: 1, shape: extra("sy", "RSS 1.0 Syndication Module", number(1))},
		"sy:updateBase":      {max: 1, shape: extra("sy", "RSS 1.0 Syndication Module", some(isW3CDate))},
	}
	smallInItem = map[string]kid{
		"content:encoded":  {max: 1, shape: extra("content", "RSS Best Practices Profile: content:encoded", isHTML)},
		"content:items":    {max: 1, shape: &shape{vocabulary: "content", clause: "RSS 1.0 Content Module", free: true}},
		"slash:comments":   {max: 1, shape: extra("slash", "RSS 1.0 Slash Module", number(0))},
		"slash:section":    {max: 1, shape: extra("slash", "RSS 1.0 Slash Module", anything)},
		"slash:department": {max: 1, shape: extra("slash", "RSS 1.0 Slash Module", anything)},
		"slash:hit_parade": {max: 1, shape: extra("slash", "RSS 1.0 Slash Module", matching(commaNumbers, "numbers with commas"))},
		"wfw:comment":      {max: 1, shape: extra("wfw", "CommentAPI", isURL)},
		"wfw:commentRss":   {max: 1, shape: extra("wfw", "CommentAPI", isURL)},
	}
	commaNumbers = pattern(`^\d+(,\s*\d+)*$`)

	// feedExtensions and itemExtensions are all that may stand in a channel or
	// feed, and in an item or entry, besides what their own tables name.
	feedExtensions = join(dublinCore, atomInFeed, smallInFeed, mediaInFeed, itunesInFeed, podcastInFeed, archiveInFeed)
	itemExtensions = join(dublinCore, atomInItem, smallInItem, mediaInItem, itunesInItem, podcastInItem, archiveInItem)

	// known tells a misplaced element from a misspelt one.
	known = keysOf(feedExtensions, itemExtensions, mediaElements, map[string]kid{
		"media:content": {}, "itunes:name": {}, "itunes:email": {}, "atom:entry": {}, "atom:name": {}, "atom:uri": {}, "atom:email": {},
		"at:deleted-entry": {}, "at:by": {}, "at:comment": {},
	})
)

func keysOf(tables ...map[string]kid) map[string]bool {
	out := map[string]bool{}
	for key := range join(tables...) {
		out[key] = true
	}
	return out
}
