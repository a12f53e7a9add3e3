package feed

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"testing"
	"time"

	"feedwright/article"
)

func sampleChannel() *Channel {
	return &Channel{
		ID: "urn:uuid:6f0d3c8e-8a52-5d3a-9d43-0b8f6f3c2a10", Title: "Example", Description: "About",
		Home: "https://example.org/",
		Self: map[Format]string{
			RSS: "https://example.org/rss.xml", Atom: "https://example.org/atom.xml", JSON: "https://example.org/feed.json",
		},
		Hub: "https://example.org/hub", Lang: "en", Author: article.Author{Name: "Desk", Email: "desk@example.org"},
		Copyright: "© Desk", Icon: "https://example.org/icon.png", Image: "https://example.org/logo.png",
		Categories: []Term{{Kind: article.Category, Name: "News", Slug: "news", URL: "https://example.org/category/news/"}},
		Content:    Full, MaxAge: 15 * time.Minute, Updated: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Generator: "feedwright 1.0", Stylesheet: "/feed.css",
		Paging:    Paging{Current: "https://example.org/rss.xml", PrevArchive: "https://example.org/archive/50/rss.xml", NextArchive: "https://example.org/archive/150/rss.xml"},
		Withdrawn: []Withdrawal{{"urn:uuid:00000000-0000-5000-8000-000000000099", time.Date(2026, 2, 28, 9, 0, 0, 0, time.UTC)}},
	}
}

func samplePodcast() *Podcast {
	return &Podcast{
		Author: "Desk", Owner: article.Author{Name: "Desk", Email: "desk@example.org"}, Categories: []PodcastCategory{{"News", "Daily News"}}, Type: "serial",
		Image: "https://example.org/cover.jpg", GUID: "917393e3-1b1e-5cef-ace4-edaa54e1f810", Locked: "yes", Funding: []article.Link{{URL: "https://example.org/give", Title: "Give"}},
		Persons: []article.Person{{Name: "Ana Roe", Role: "host"}}, Medium: "podcast", NewURL: "https://example.net/rss.xml",
	}
}

func sampleItem(n int) *Item {
	at := time.Date(2026, 3, 1, 9, 0, n, 0, time.UTC)
	return &Item{
		ID: article.ID(fmt.Sprintf("urn:uuid:00000000-0000-5000-8000-%012d", n)), Rev: article.Hash{byte(n), byte(n >> 8)},
		URL: fmt.Sprintf("https://example.org/article/%d/", n), Title: fmt.Sprintf("Article %d", n),
		Summary: "Summary", HTML: "<p>Text</p>", Text: "Text", Published: at, Updated: at,
	}
}

// leaves calls f for a settable value at each end of v, with its place in it.
func leaves(v reflect.Value, at string, f func(at string, v reflect.Value)) {
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		leaves(v.Elem(), at, f)
	case v.Type() == reflect.TypeFor[time.Time]() || v.Kind() != reflect.Struct && v.Kind() != reflect.Slice:
		f(at, v)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprintf("%s[%d]", at, i), f)
		}
	default:
		for i := range v.NumField() {
			leaves(v.Field(i), at+"."+v.Type().Field(i).Name, f)
		}
	}
}

// change gives v another value of its kind.
func change(t *testing.T, at string, v reflect.Value, r *rand.Rand) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = x.Add(time.Duration(1+r.IntN(1e6)) * time.Millisecond)
	case *map[Format]string:
		f := []Format{RSS, Atom, JSON, HTML}[r.IntN(4)]
		m := map[Format]string{}
		for k, s := range *x {
			m[k] = s
		}
		m[f] = fmt.Sprintf("https://example.org/%d", r.Uint32())
		*x = m
	default:
		switch v.Kind() {
		case reflect.String:
			s := fmt.Sprintf("%s%d", v.String(), r.IntN(100))
			if r.IntN(4) == 0 {
				s = ""
			}
			v.SetString(s)
		case reflect.Int64, reflect.Int:
			v.SetInt(r.Int64N(int64(time.Hour)))
		case reflect.Bool:
			v.SetBool(!v.Bool())
		default:
			t.Fatalf("Channel%s is of a kind that this test can't change: teach it", at)
		}
	}
}

func TestEqualTagsMeanEqualBytesWhateverSettingChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string][]byte{} // document by tag
	tags := map[string]string{} // tag by document and format
	check := func(at string, ch *Channel, items []*Item) {
		t.Helper()
		for _, e := range Encoders() {
			var frags []Fragment
			var revs []article.Hash
			for _, it := range items {
				f, err := e.Item(it, ch.Content)
				if err != nil {
					t.Fatal(err)
				}
				frags, revs = append(frags, f), append(revs, it.Rev)
			}
			b, err := e.Feed(ch, frags)
			if err != nil {
				t.Fatal(err)
			}
			tag := ETag("1.0", e.Format(), ch, revs)
			if old, ok := seen[tag]; ok && !bytes.Equal(old, b) {
				t.Fatalf("after %s changed: one tag for two documents:\n%s\n%s", at, old, b)
			}
			seen[tag] = b
			// How full items are shows only in them, and can make no difference.
			key := string(e.Format()) + string(ch.Content) + string(b)
			if old, ok := tags[key]; ok && old != tag {
				t.Fatalf("after %s changed: two tags for one document", at)
			}
			tags[key] = tag
		}
	}
	for range 8 {
		ch := sampleChannel()
		ch.Podcast = samplePodcast()
		items := []*Item{sampleItem(1), sampleItem(2), sampleItem(3)}
		check("nothing", ch, items)
		check("number", ch, items[:2])
		check("all", ch, nil)
		check("order", ch, []*Item{items[1], items[0], items[2]})
		leaves(reflect.ValueOf(ch).Elem(), "", func(at string, v reflect.Value) {
			change(t, at, v, r)
			check(at, ch, items[:r.IntN(4)])
		})
	}
}

func TestEachSettingThatIsShownMovesTheTag(t *testing.T) {
	shows := map[Format][]string{
		RSS:  {".Title", ".Description", ".Home", ".Hub", ".Lang", ".Copyright", ".Image", ".Generator", ".Stylesheet", ".MaxAge", ".Updated", ".Content", ".Paging.Archive", ".Paging.PrevArchive"},
		Atom: {".ID", ".Title", ".Description", ".Home", ".Hub", ".Lang", ".Copyright", ".Icon", ".Image", ".Generator", ".Stylesheet", ".Updated", ".Content", ".Paging.Complete", ".Paging.NextArchive", ".Withdrawn[0].ID"},
		JSON: {".Title", ".Description", ".Home", ".Hub", ".Lang", ".Icon", ".Content", ".Paging.PrevArchive"},
	}
	for f, names := range shows {
		was := ETag("1.0", f, sampleChannel(), []article.Hash{{1}})
		for _, name := range names {
			ch := sampleChannel()
			leaves(reflect.ValueOf(ch).Elem(), "", func(at string, v reflect.Value) {
				switch {
				case at != name:
				case v.Kind() == reflect.String:
					v.SetString(v.String() + "x")
				default:
					change(t, at, v, rand.New(rand.NewPCG(3, 4)))
				}
			})
			if ETag("1.0", f, ch, []article.Hash{{1}}) == was {
				t.Errorf("%s: %s moves no tag", f, name)
			}
		}
	}
}

func TestTagDependsOnVersionFormatAndRevisions(t *testing.T) {
	ch, a, b := sampleChannel(), article.Hash{1}, article.Hash{2}
	seen := map[string]string{}
	for name, tag := range map[string]string{
		"rss":             ETag("1.0", RSS, ch, []article.Hash{a, b}),
		"another order":   ETag("1.0", RSS, ch, []article.Hash{b, a}),
		"fewer":           ETag("1.0", RSS, ch, []article.Hash{a}),
		"none":            ETag("1.0", RSS, ch, nil),
		"atom":            ETag("1.0", Atom, ch, []article.Hash{a, b}),
		"a page":          ETag("1.0", HTML, ch, []article.Hash{a, b}),
		"a newer program": ETag("1.1", RSS, ch, []article.Hash{a, b}),
	} {
		if !regexp.MustCompile(`^[0-9a-v]{26}$`).MatchString(tag) {
			t.Errorf("%s: %q is no tag", name, tag)
		}
		if other, ok := seen[tag]; ok {
			t.Errorf("%s and %s have one tag", name, other)
		}
		seen[tag] = name
	}
}
