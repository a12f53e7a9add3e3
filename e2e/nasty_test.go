//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// nasty is a file that means no good. One that can be read at all has words
// that its article must show; one that must not be has none.
type nasty struct{ path, words string }

// nastyFolder writes files that have broken other publishers, and gives what
// must become of them.
func nastyFolder(s *site) []nasty {
	s.t.Helper()
	text := func(title, body string) string {
		return "---\ntitle: " + title + "\ndate: 2025-11-01\ncategories: [Nasty]\n---\n" + body + "\n"
	}
	files := []struct{ path, text, words string }{
		{"control.md", text("Bells \a and\x1b[31m escapes", "A form\x0cfeed, a \x00NUL, a \x0bvertical tab and \ufffe no character."), "vertical tab"},
		{"cdata.md", text(`"An end ]]> in the title"`, "And ]]> in the text, `]]>` in code, <![CDATA[ too ]]>, &bogus; and <!-- a comment."), "in the text"},
		{"broken.txt", "Title: A broken copy\nDate: 2025-11-02\nCategory: Nasty\n\nThe caf\xe9 is open, na\xefvely \xff\xfe so, and the rest of the text is plain: wind, water, rope and rust.\n", "wind, water, rope"},
		{"cyrillic.txt", cp1251("Ремонт крана\nКатегорія: Nasty\nДата: 3 листопада 2025\n\nСтарий кран у порту знову працює. Його будували три роки, а лагодили п'ять. Мешканці міста прийшли подивитися, як він підіймає перший вантаж.\n"), "Мешканці міста"},
		{"sixteen.txt", utf16le("Title: Sixteen bits\nDate: 2025-11-04\nCategory: Nasty\n\nEach letter takes two bytes, žluťoučký kůň too.\n"), "žluťoučký kůň"},
		{"mark.md", "\ufeff" + text("A mark at the start", "Nobody sees the byte order mark."), "byte order mark"},
		{"empty.md", "", ""},
		{"zeros.txt", strings.Repeat("\x00", 5000), ""},
		{"binary.md", "\x7fELF\x02\x01\x01" + noise(20_000), ""},
		{"unclosed.md", "---\ntitle: It never closes\ndate: 2025-11-05\n\nThe front matter goes on and on.\n", ""},
		{"bomb.md", yamlBomb(), ""},
		{"links.md", text("Sixty thousand links", strings.Repeat("[a](", 60_000)), "[a]("},
		{"deep.md", text("Ten thousand tags", strings.Repeat("<div>", 10_000)+"the bottom"+strings.Repeat("</div>", 10_000)), "the bottom"},
		{"deep.html", "<html><head><title>A deep page</title></head><body>" + strings.Repeat("<div><b>", 10_000) + "<p>The bottom of the page, with enough words for a text.</p></body></html>", "bottom of the page"},
		{"quotes.md", text("Ten thousand quotes", strings.Repeat("> ", 10_000)+"the innermost"), "the innermost"},
		{`a "quoted" name & <tag> ' 🎉.md`, text("A name with everything", "The name of the file is hard."), "name of the file"},
		{"script.md", text("A guest from outside", `Hello<script>alert(1)</script> <a href="javascript:alert(2)" onclick="alert(3)">click</a> <iframe src="//evil.example"></iframe>`), "Hello"},
		{"entities.json", `{"title": "\ud800 half a pair", "content_html": "<p>Surrogates \udfff alone.</p>", "date_published": "2025-11-06T00:00:00Z"}`, "Surrogates"},
	}
	var out []nasty
	for _, f := range files {
		s.article("nasty/"+f.path, f.text)
		out = append(out, nasty{"nasty/" + f.path, f.words})
	}
	return out
}

func cp1251(text string) string {
	var b []byte
	for _, r := range text {
		switch {
		case r >= 'А' && r <= 'я':
			r = r - 'А' + 0xc0
		case r == 'і':
			r = 0xb3
		case r == 'ї':
			r = 0xbf
		case r == 'є':
			r = 0xba
		}
		b = append(b, byte(r))
	}
	return string(b)
}

func utf16le(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// noise is bytes of no meaning, the same in each run.
func noise(n int) string {
	b, x := make([]byte, n), uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return string(b)
}

// yamlBomb is nine lines that mean a thousand million words.
func yamlBomb() string {
	b := "---\ntitle: Laughs\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for i := 1; i < 9; i++ {
		b += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b + "tags: *a8\n---\nVery funny.\n"
}

func TestNastyFilesHarmNothingElse(t *testing.T) {
	s := newSite(t, "site: {title: The Lantern, timezone: Europe/Kyiv}\nfeed: {items: 500, max_bytes: 10MB}")
	newsroom(s)
	s.start()
	t.Logf("memory with five articles: %s", s.memory())
	var before []answer
	for _, f := range formats {
		before = append(before, s.get("/category/harbour/"+f))
	}
	list := nastyFolder(s)
	const huge = 50_000_000
	s.article("nasty/huge.txt", "Title: Fifty megabytes\n\n"+strings.Repeat("The same line, over and over again.\n\n", huge/37))
	list = append(list, nasty{"nasty/huge.txt", ""})
	s.article("after.md", story("After the storm", "Weather", "Everything is as it was."))
	s.in("After the storm", "/")
	s.await("every file has become an article or a fault", func() error {
		docs := s.docs("feed.json")
		st := s.status()
		for _, n := range list {
			if !st.names(n.path) && (n.words == "" || !strings.Contains(docs, n.words)) {
				return fmt.Errorf("%s is neither", n.path)
			}
		}
		return nil
	})

	docs, st := s.docs("feed.json"), s.status()
	for _, n := range list {
		i := slices.IndexFunc(st.Faults, func(f fault) bool { return f.Path == n.path })
		switch {
		case n.words == "" && (i < 0 || st.Faults[i].Error == "" || st.Faults[i].Warn):
			t.Errorf("%s is not refused with a reason: %+v", n.path, st.Faults)
		case n.words != "" && !strings.Contains(docs, n.words):
			t.Errorf("%s shows no %q; faults: %+v", n.path, n.words, st.Faults)
		}
	}
	for _, f := range st.Faults {
		t.Logf("said of %s, line %d: %s (%s)", f.Path, f.Line, f.Error, f.Hint)
	}
	for i, f := range formats {
		after := s.get("/category/harbour/" + f)
		if !bytes.Equal(after.body, before[i].body) || after.header.Get("ETag") != before[i].header.Get("ETag") {
			t.Errorf("%s of a category that holds none of them has changed", f)
		}
	}
	s.wellFormed(t)
	for _, bad := range []string{"<script", "javascript:", "onclick", "\\u0000", "\x1b"} {
		if strings.Contains(docs, bad) {
			t.Errorf("feed.json holds %q", bad)
		}
	}
	t.Logf("memory after them: %s", s.memory())
	s.stop()
	s.start() // and they do no harm to a cold start
	t.Logf("memory after a restart: %s", s.memory())
	for i, f := range formats {
		if after := s.get("/category/harbour/" + f); !bytes.Equal(after.body, before[i].body) {
			t.Errorf("%s of that category has changed by a restart", f)
		}
	}
}

func (s *site) docs(file string) string {
	s.t.Helper()
	var b strings.Builder
	for _, i := range parseItems(s.t, s.get("/"+file).body) {
		b.WriteString(i.Title + "\n" + i.HTML + "\n")
	}
	return b.String()
}

func (st status) names(path string) bool {
	return slices.ContainsFunc(st.Faults, func(f fault) bool { return f.Path == path && f.Error != "" })
}

// wellFormed reads the documents with several parsers of no connection.
func (s *site) wellFormed(t *testing.T) {
	t.Helper()
	for _, f := range []string{"rss.xml", "atom.xml", "category/nasty/rss.xml", "category/nasty/atom.xml", "feeds.opml"} {
		body := s.get("/" + f).body
		d := xml.NewDecoder(bytes.NewReader(body))
		d.Strict = true
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("encoding/xml reads %s: %v", f, err)
				break
			}
		}
		expat := exec.Command(python(t), "-c", "import sys, xml.parsers.expat as e; e.ParserCreate().Parse(sys.stdin.buffer.read(), True)")
		expat.Stdin = bytes.NewReader(body)
		if out, err := expat.CombinedOutput(); err != nil {
			t.Errorf("expat reads %s: %s", f, out)
		}
		xmllint := exec.Command(program(t, "xmllint", "libxml2-utils"), "--noout", "--huge", "-")
		xmllint.Stdin = bytes.NewReader(body)
		if out, err := xmllint.CombinedOutput(); err != nil {
			t.Errorf("xmllint reads %s: %s", f, out)
		}
	}
	for _, f := range []string{"feed.json", "category/nasty/feed.json"} {
		var v map[string]any
		if err := json.Unmarshal(s.get("/"+f).body, &v); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// memory is what the process holds now, and the most it ever held.
func (s *site) memory() string {
	s.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "VmRSS:") || strings.HasPrefix(line, "VmHWM:") {
			out = append(out, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(out, ", ")
}
