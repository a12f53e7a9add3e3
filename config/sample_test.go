package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// sample is the config.yaml at the root of the project: the reference that
// owners read.
const sample = "../config.yaml"

func TestSampleConfigLoads(t *testing.T) {
	l, err := Load(LoadOptions{File: sample, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Notices) > 0 {
		t.Errorf("notices: %q", l.Notices)
	}
	if l.Config.Source.Dir != filepath.Join(filepath.Dir(l.File), "testdata", "articles") {
		t.Errorf("source.dir = %s: it does not start at the file", l.Config.Source.Dir)
	}
}

var saysDefault = regexp.MustCompile(`# .*?default: ([^ ]+?)(\. |$)`)

func TestSampleConfigShowsEveryKeyWithItsDefault(t *testing.T) {
	raw, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	doc := readDocument("config.yaml", raw)
	layer := doc.read()
	if len(doc.bad) > 0 {
		t.Fatal(doc.bad)
	}
	defaults := Default()
	for _, k := range keys() {
		s, ok := layer.spots[k.path]
		if !ok {
			t.Errorf("%s is missing", k.path)
			continue
		}
		line := doc.lines[s.token.Position.Line-1]
		if !k.scalar() && k.typ.Kind() == reflect.Slice {
			line = doc.lines[lineOf(doc.lines, k.path)]
		}
		want := show(reflect.ValueOf(k.of(&defaults)), "")
		got := show(reflect.ValueOf(k.of(&defaults)), "")
		if v, ok := layer.values[k.path]; ok {
			got = show(reflect.ValueOf(v), "")
		}
		if m := saysDefault.FindStringSubmatch(line); m != nil {
			if got = m[1]; got == "empty" {
				got = ""
			}
		}
		if got != want {
			t.Errorf("%s: the file shows %q, the code's default is %q\n%s", k.path, got, want, line)
		}
		if says := strings.Contains(line, "restart.") || strings.HasSuffix(line, ". restart"); says != k.restart() {
			t.Errorf("%s: needs a restart: %v, the line says otherwise:\n%s", k.path, k.restart(), line)
		}
	}
}

func lineOf(lines []string, key string) int {
	for i, l := range lines {
		if strings.HasPrefix(l, key+":") {
			return i
		}
	}
	return 0
}

func TestSampleConfigShowsEveryKeyOfAFeedAndACategory(t *testing.T) {
	raw, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	// The commented example of categories, made real.
	text := strings.Replace(string(raw), "categories: []", "categories:", 1)
	text = regexp.MustCompile(`(?m)^#(  .*)$`).ReplaceAllString(text, "$1")
	text = strings.Replace(text, "    # tokens: ", "    tokens: ", 1)
	doc := readDocument("config.yaml", []byte(text))
	layer := doc.read()
	if len(doc.bad) > 0 {
		t.Fatal(doc.bad)
	}
	for path, typ := range map[string]reflect.Type{"feeds[0]": reflect.TypeFor[NamedFeed](), "categories[0]": reflect.TypeFor[Category]()} {
		for f := range fields(typ) {
			if _, ok := layer.spots[path+"."+f.name]; !ok {
				t.Errorf("%s.%s is missing", path, f.name)
			}
		}
	}
	text = strings.Replace(text, "    tokens: ", "    # tokens: ", 1)
	if _, err := loadText(t, text); err != nil {
		t.Error(err)
	}
}

func TestSampleConfigNamesTheVariablesRightly(t *testing.T) {
	seen := map[string]string{}
	for _, k := range keys() {
		if other, twice := seen[k.env()]; twice {
			t.Errorf("%s and %s share the variable %s", k.path, other, k.env())
		}
		seen[k.env()] = k.path
	}
	if seen["FEEDWRIGHT_SITE_URL"] != "site.url" {
		t.Error("FEEDWRIGHT_SITE_URL does not set site.url")
	}
}
