package lint

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestTheTwentyFiveCommonestFaults holds the rules that feeds in the wild
// break most, by published counts, the commonest first.
func TestTheTwentyFiveCommonestFaults(t *testing.T) {
	const item = `<title>t</title><guid>https://example.org/1</guid>`
	in := func(old, new string) func(*testing.T) []string {
		return func(t *testing.T) []string {
			t.Helper()
			if !strings.Contains(small, old) {
				t.Fatalf("the feed does not hold %q", old)
			}
			return breaks(t, strings.Replace(small, old, new, 1), Options{})
		}
	}
	with := func(extra string) func(*testing.T) []string { return in(item, item+extra) }
	answered := func(h http.Handler) func(*testing.T) []string {
		return func(t *testing.T) []string { return poll(t, h) }
	}
	for _, c := range []struct {
		name string
		do   func(*testing.T) []string
		want []string
	}{
		{"01 rel=self is missing", in(`<atom:link rel="self" href="https://example.org/rss.xml"/>`, ""), []string{"profile/missing-self"}},
		{"02 guid is missing", in(`<guid>https://example.org/1</guid>`, ""), []string{"rss/wanted-guid"}},
		{"03 bytes are not in the encoding declared", in("Ä", "\xc4"), []string{"encoding/not-utf8"}},
		{"03 charset differs from the document's", func(t *testing.T) []string {
			return breaks(t, small, Options{ContentType: "application/rss+xml; charset=iso-8859-1"})
		}, []string{"encoding/charset-mismatch"}},
		{"04 tags do not match", in("</title><link>", "</b></title><link>"), []string{"xml/tag-mismatch"}},
		{"05 HTML entities in XML", in("Ärger", "&Auml;rger"), []string{"xml/html-entity"}},
		{"06 control characters", in("Ärger", "Är\x08ger"), []string{"encoding/control-character"}},
		{"07 junk before the document", in("<?xml", "\n<?xml"), []string{"xml/leading-junk"}},
		{"07 junk behind the document", in("</rss>", "</rss><!-- fine --> not fine"), []string{"xml/trailing-junk"}},
		{"07 document is cut short", in("</item></channel></rss>", ""), []string{"xml/truncated"}},
		{"08 bare ampersand", in("Ärger", "R&D"), []string{"xml/bare-ampersand"}},
		{"09 e-mail without a name", with("<author>a@example.org</author>"), []string{"value/email-name"}},
		{"10 author is no e-mail", with("<author>Ann</author>"), []string{"value/email"}},
		{"11 misspelt element", with("<pubdate>Sun, 22 Nov 2026 09:00:00 GMT</pubdate>"), []string{"rss/unknown-element"}},
		{"11 element of an extension without namespace", with("<summary>x</summary>"), []string{"rss/unknown-element"}},
		{"12 wrong Content-Type", func(t *testing.T) []string { return breaks(t, small, Options{ContentType: "text/html; charset=utf-8"}) }, []string{"http/content-type"}},
		{"13 wrong weekday", with("<pubDate>Fri, 22 Nov 2026 09:00:00 GMT</pubDate>"), []string{"date/weekday"}},
		{"13 date with UTC", with("<pubDate>Sun, 22 Nov 2026 09:00:00 UTC</pubDate>"), []string{"date/zone"}},
		{"13 date of ISO 8601", with("<pubDate>2026-11-22</pubDate>"), []string{"date/rfc822"}},
		{"14 image differs from its channel", in("<language>", "<image><url>https://example.org/a.png</url><title>Logo</title><link>https://example.org/logo</link></image><language>"), []string{"profile/image-title", "profile/image-link"}},
		{"15 link is relative", with("<link>/1</link>"), []string{"url/relative"}},
		{"15 link is malformed", with("<link>https://example.org/a b</link>"), []string{"url/invalid"}},
		{"16 relative address in HTML", with(`<description>&lt;img src="/a.png">x</description>`), []string{"html/relative-url"}},
		{"17 HTML that does not parse", with("<description>&lt;div>&lt;p>x&lt;/b></description>"), []string{"html/unclosed", "html/stray-end"}},
		{"18 script, iframe, handler", with(`<description>&lt;script>x&lt;/script>&lt;iframe src="https://example.org/">&lt;/iframe>&lt;b onclick="x">y&lt;/b></description>`), []string{"html/script", "html/active-element", "html/handler"}},
		{"19 HTML in a title", in("Ärger", "&lt;i&gt;Ärger&lt;/i&gt;"), []string{"value/markup"}},
		{"19 double escaping", in("Ärger", "Tom &amp;amp; Ann"), []string{"value/double-escaped"}},
		{"20 the same said twice", with(`<author>a@example.org (Ann)</author><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ann</dc:creator>`), []string{"profile/duplicate-semantics"}},
		{"21 isPermaLink left true", in("<guid>https://example.org/1</guid>", "<guid>post-1</guid>"), []string{"rss/guid-not-permalink"}},
		{"22 enclosure without its attributes", with(`<enclosure url="https://example.org/a.mp3"/>`), []string{"rss/missing-attribute"}},
		{"23 document changes without need", answered(server{body: changing()}), []string{"http/changes"}},
		{"24 self is not where the feed is", func(t *testing.T) []string {
			return breaks(t, small, Options{URL: "https://www.example.org/rss.xml"})
		}, []string{"link/self-mismatch"}},
		{"25 unquoted ETag", answered(server{head: put("ETag", "one")}), []string{"http/etag-form"}},
		{"25 If-None-Match is not read", answered(server{take: without("If-None-Match", "If-Modified-Since")}), []string{"http/not-modified", "http/list-not-matched"}},
		{"25 one strong ETag for two encodings", answered(server{head: put("ETag", `"one"`)}), []string{"http/shared-etag"}},
		{"25 no Vary", answered(server{head: drop("Vary")}), []string{"http/vary"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.do(t)
			for _, rule := range c.want {
				if !slices.Contains(got, rule) {
					t.Errorf("%s is not reported: %v", rule, got)
				}
			}
		})
	}
}

// breaks are the rules that a document breaks.
func breaks(t *testing.T, doc string, o Options) []string {
	t.Helper()
	_, list, err := Check(t.Context(), []byte(doc), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range list {
		out = append(out, f.Rule)
	}
	return out
}

// changing is a feed that is built anew for each request.
func changing() func() string {
	n := 0
	return func() string {
		n++
		return strings.Replace(small, "Ärger", strings.Repeat("x", n), 1)
	}
}
