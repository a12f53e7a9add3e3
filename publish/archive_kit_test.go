package publish_test

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"feedwright/feed"
	"feedwright/publish"
)

// sheet is a document as a reader of archives sees it.
type sheet struct {
	titles            []string
	links             map[string]string // by relation
	complete, archive bool
	dead              map[string]string // id → when
	updated           string
}

// read reads an RSS, Atom or JSON document.
func read(t *testing.T, f feed.Format, doc string) sheet {
	t.Helper()
	s := sheet{links: map[string]string{}, dead: map[string]string{}}
	if f == feed.JSON {
		var j struct {
			Next  string                   `json:"next_url"`
			Items []struct{ Title string } `json:"items"`
		}
		if err := json.Unmarshal([]byte(doc), &j); err != nil {
			t.Fatal(err)
		}
		for _, it := range j.Items {
			s.titles = append(s.titles, it.Title)
		}
		if j.Next != "" {
			s.links["next"] = j.Next
		}
		return s
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type item struct {
		Title string `xml:"title"`
	}
	type head struct {
		Links    []link    `xml:"http://www.w3.org/2005/Atom link"`
		Complete *struct{} `xml:"http://purl.org/syndication/history/1.0 complete"`
		Archive  *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
		Dead     []struct {
			Ref  string `xml:"ref,attr"`
			When string `xml:"when,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Built   string `xml:"lastBuildDate"`
		Items   []item `xml:"item"`
		Entries []item `xml:"entry"`
	}
	var h head
	var err error
	if f == feed.RSS {
		var d struct {
			Channel head `xml:"channel"`
		}
		err = xml.Unmarshal([]byte(doc), &d)
		h = d.Channel
	} else {
		err = xml.Unmarshal([]byte(doc), &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range append(h.Items, h.Entries...) {
		s.titles = append(s.titles, it.Title)
	}
	for _, l := range h.Links {
		s.links[l.Rel] = l.Href
	}
	for _, d := range h.Dead {
		s.dead[d.Ref] = d.When
	}
	s.complete, s.archive, s.updated = h.Complete != nil, h.Archive != nil, h.Updated+h.Built
	return s
}

// at reads the address of a link.
func at(t *testing.T, set publish.Settings, link string) feed.Address {
	t.Helper()
	rest, ok := strings.CutPrefix(link, set.URL)
	if !ok {
		t.Fatalf("link %s leads elsewhere", link)
	}
	a, err := parse(rest)
	if err != nil {
		t.Fatalf("link %s: %v", link, err)
	}
	if set.URL+a.Path() != link {
		t.Errorf("link %s is not canonical: %s", link, a.Path())
	}
	return a
}

func (h *house) sheet(a feed.Address) sheet {
	h.t.Helper()
	return read(h.t, a.Format, h.get(a))
}

// walk follows a feed's archive from the document to subscribe to, and gives
// its pages by address, the newest first, with their members.
func (h *house) walk(a feed.Address) (order []string, pages map[string][]string) {
	h.t.Helper()
	rel := "prev-archive"
	if a.Format == feed.JSON {
		rel = "next"
	}
	pages = map[string][]string{}
	top := h.sheet(a)
	current := h.find(a).Self
	if top.complete || a.Format == feed.JSON && top.links[rel] == "" {
		delete(top.links, "self")
		delete(top.links, "alternate")
		if len(top.links) != 0 {
			h.t.Errorf("%s is complete and has the links %v", a.Path(), top.links)
		}
		return []string{current}, map[string][]string{current: top.titles}
	}
	later := ""
	for s := top; s.links[rel] != ""; {
		link := s.links[rel]
		if _, seen := pages[link]; seen {
			h.t.Fatalf("%s comes twice", link)
		}
		s = h.sheet(at(h.t, h.set, link))
		order, pages[link] = append(order, link), s.titles
		if a.Format == feed.JSON {
			continue
		}
		if s.links["self"] != link {
			h.t.Errorf("%s says that it is %s", link, s.links["self"])
		}
		if !s.complete && (!s.archive || s.links["current"] != current) {
			h.t.Errorf("%s is no archive document of %s: %+v", link, current, s)
		}
		if next := s.links["next-archive"]; later != "" && next != "" && next != later && s.links["prev-archive"] != "" {
			h.t.Errorf("%s names %s as the page after it, not %s", link, next, later)
		}
		later = link
	}
	return order, pages
}

func all(pages map[string][]string) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p...)
	}
	slices.Sort(out)
	return out
}
