package lint

import (
	"bytes"
	"strings"
)

var rootRules = []Rule{
	{"feed/unknown-format", Error, "", "give the address of an RSS, Atom, JSON or OPML document"},
	{"feed/html-page", Error, "", "this is a web page: look in its head for <link rel=\"alternate\">"},
}

// xml judges a document that is no JSON.
func (l *linter) xml() Kind {
	root := l.xmlTree()
	if root == nil {
		return Unknown
	}
	kind := kindOf(root)
	switch {
	case kind == RSS && root.name == "RDF":
		l.found(root.at, "rss/rdf", "this is RSS 1.0")
	case kind == RSS:
		l.rss(root)
	case kind == Atom:
		l.atom(root)
	case kind == OPML:
		l.opml(root)
	case strings.EqualFold(root.name, "html"):
		l.found(root.at, "feed/html-page", "this is HTML")
	default:
		l.found(root.at, "feed/unknown-format", "the root element <%s> is of no format that is known here", short(root.full()))
	}
	return kind
}

func kindOf(root *node) Kind {
	switch {
	case root.name == "rss" || root.is(nsRDF, "RDF"):
		return RSS
	case root.name == "feed" || root.is(nsAtom, "entry"):
		return Atom
	case root.name == "opml":
		return OPML
	}
	return Unknown
}

// sniffXML tells a kind by the first tag.
func sniffXML(doc []byte) Kind {
	for {
		n := bytes.IndexByte(doc, '<')
		if n < 0 || n+1 >= len(doc) {
			return Unknown
		}
		doc = doc[n:]
		end := ">"
		switch {
		case bytes.HasPrefix(doc, []byte("<!--")):
			end = "-->"
		case doc[1] != '?' && doc[1] != '!':
			return tagKind(string(doc[1:min(len(doc), 2000)]))
		}
		if n = bytes.Index(doc, []byte(end)); n < 0 {
			return Unknown
		}
		doc = doc[n+len(end):]
	}
}

func tagKind(tag string) Kind {
	tag, _, _ = strings.Cut(tag, ">")
	name := strings.TrimRight(tag, "/")
	if n := strings.IndexAny(tag, spaces); n >= 0 {
		name = tag[:n]
	}
	_, local := split(name)
	switch {
	case local == "rss", local == "RDF" && strings.Contains(tag, nsRSS1):
		return RSS
	case local == "feed" && strings.Contains(strings.ToLower(tag), "atom"), local == "entry" && strings.Contains(tag, nsAtom):
		return Atom
	case local == "opml":
		return OPML
	}
	return Unknown
}
