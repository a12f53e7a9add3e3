package lint

import "strings"

// Namespaces that the tables know.
const (
	nsXML        = "http://www.w3.org/XML/1998/namespace"
	nsXMLNS      = "http://www.w3.org/2000/xmlns/"
	nsAtom       = "http://www.w3.org/2005/Atom"
	nsXHTML      = "http://www.w3.org/1999/xhtml"
	nsContent    = "http://purl.org/rss/1.0/modules/content/"
	nsDC         = "http://purl.org/dc/elements/1.1/"
	nsDCTerms    = "http://purl.org/dc/terms/"
	nsSlash      = "http://purl.org/rss/1.0/modules/slash/"
	nsSyn        = "http://purl.org/rss/1.0/modules/syndication/"
	nsMedia      = "http://search.yahoo.com/mrss/"
	nsITunes     = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsPodcast    = "https://podcastindex.org/namespace/1.0"
	nsHistory    = "http://purl.org/syndication/history/1.0"
	nsThread     = "http://purl.org/syndication/thread/1.0"
	nsTombstones = "http://purl.org/atompub/tombstones/1.0"
	nsGooglePlay = "http://www.google.com/schemas/play-podcasts/1.0"
	nsPSC        = "http://podlove.org/simple-chapters"
	nsWFW        = "http://wellformedweb.org/CommentAPI/"
	nsRDF        = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsRSS1       = "http://purl.org/rss/1.0/"
	nsGeo        = "http://www.georss.org/georss"
	nsCC         = "http://backend.userland.com/creativeCommonsRssModule"
	nsWebFeeds   = "http://webfeeds.org/rss/1.0"
	nsSource     = "http://source.scripting.com/"
	nsPingback   = "http://madskills.com/public/xml/rss/module/pingback/"
	nsOpenSearch = "http://a9.com/-/spec/opensearch/1.1/"
	nsSparkle    = "http://www.andymatuschak.org/xml-namespaces/sparkle"
)

// customary are the prefixes that specifications and readers use.
var customary = map[string]string{
	nsXML: "xml", nsAtom: "atom", nsXHTML: "xhtml", nsContent: "content", nsDC: "dc", nsDCTerms: "dcterms",
	nsSlash: "slash", nsSyn: "sy", nsMedia: "media", nsITunes: "itunes", nsPodcast: "podcast",
	nsHistory: "fh", nsThread: "thr", nsTombstones: "at", nsGooglePlay: "googleplay", nsPSC: "psc",
	nsWFW: "wfw", nsRDF: "rdf", nsGeo: "georss", nsCC: "creativeCommons", nsWebFeeds: "webfeeds",
	nsSource: "source", nsOpenSearch: "opensearch",
}

// namespaceOf is customary turned round.
var namespaceOf = func() map[string]string {
	m := map[string]string{}
	for uri, prefix := range customary {
		m[prefix] = uri
	}
	return m
}()

// misspelt recognises a known namespace that is written almost right: without
// its last slash, with https for http, in other letters.
func misspelt(uri string) (right string, wrong bool) {
	if _, ok := customary[uri]; ok {
		return "", false
	}
	if right, ok := foldedNamespaces[foldNamespace(uri)]; ok && right != uri {
		return right, true
	}
	return "", false
}

var foldedNamespaces = func() map[string]string {
	m := map[string]string{
		"purl.org/atom/ns": nsAtom,
		"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": nsPodcast,
	}
	for uri := range customary {
		m[foldNamespace(uri)] = uri
	}
	return m
}()

func foldNamespace(uri string) string {
	uri = strings.ToLower(strings.TrimSpace(uri))
	uri = strings.TrimPrefix(strings.TrimPrefix(uri, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(uri, "www."), "/#")
}
