package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// checker goes over a whole Config: bounds, forms, what contradicts what. It
// also completes it: absolute paths, derived values, canonical spellings.
type checker struct {
	*Config
	layers  layers
	doc     *document
	dir     string // working directory
	base    string // directory of the file
	bad     problems
	notices []string
}

func (c *checker) all() {
	c.server() // before the site: its URL may derive from listen
	c.site()
	c.source()
	c.shape("feed", &c.Feed)
	c.between("feed.tombstones", c.Feed.Tombstones, 0, 10*365*24*time.Hour)
	c.feeds()
	c.categories()
	c.podcast("podcast", &c.Podcast)
	c.media()
	c.websub()
	c.store()
}

// report adds a problem of a key where it was set: in a flag, a variable, or at
// its line.
func (c *checker) report(path string, f *fault) {
	if f == nil || len(c.bad) > maxProblems {
		return
	}
	p := &Problem{Path: path, Message: path + ": " + f.message, Hint: f.advice}
	if s, _, ok := c.spot(path); ok {
		if p.From = s.from; s.token != nil {
			c.doc.place(p, s.token, s.width)
		}
	}
	c.bad = append(c.bad, p)
}

// spot finds where a key, or the list it is an item of, was set last.
func (c *checker) spot(path string) (spot, *layer, bool) {
	for _, at := range []string{path, bracket.ReplaceAllString(path, "")} {
		for _, l := range c.layers.topDown() {
			if s, ok := l.spots[at]; ok {
				return s, l, true
			}
		}
	}
	return spot{}, nil, false
}

// isSet says that somebody gave the key a value.
func (c *checker) isSet(path string) bool {
	s, _, ok := c.spot(path)
	return ok && !s.null
}

// refused says that an item of a list could not be read, and was reported.
func (c *checker) refused(path string) bool { return c.layers.file.spots[path].null }

// absolute makes a path absolute: the file's start at the file, those of
// variables and flags at the working directory.
func (c *checker) absolute(key, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	_, l, ok := c.spot(key)
	if ok && l != c.layers.file {
		return filepath.Join(c.dir, path)
	}
	return filepath.Join(c.base, path)
}

func (c *checker) between(path string, d, least, most time.Duration) {
	if d < least || d > most {
		c.report(path, wrong("%s is not between %s and %s", formatDuration(d), formatDuration(least), formatDuration(most)).hint("choose a duration in that range"))
	}
}

func (c *checker) source() {
	s := &c.Source
	if strings.TrimSpace(s.Dir) == "" {
		c.report("source.dir", wrong("the folder's name is empty").hint("write ./articles, or the path of your folder"))
	} else if strings.HasPrefix(s.Dir, "~") {
		c.report("source.dir", wrong("%s: ~ means nothing in a settings file", quoted(s.Dir)).hint("write the path in full"))
	}
	s.Dir = c.absolute("source.dir", s.Dir)
	c.globs("source.include", s.Include)
	c.globs("source.ignore", s.Ignore)
	if s.Settle != 0 || c.isSet("source.settle") && !c.auto("source.settle") {
		c.between("source.settle", s.Settle, 10*time.Millisecond, 10*time.Minute)
	}
	c.between("source.linger", s.Linger, 0, time.Hour)
	c.between("source.grace", s.Grace, 0, 30*24*time.Hour)
	c.between("source.hold", s.Hold, 0, 30*24*time.Hour)
	if !(s.Significant >= 0 && s.Significant <= 1) {
		c.report("source.significant", wrong("%v is not between 0 and 1", s.Significant).hint("0.1 is a tenth of the words; 1 leaves every edit without notice"))
	}
	c.patterns("source.boilerplate", s.Boilerplate)
	c.patterns("source.keep", s.Keep)
}

// auto says that a key was set to the word auto rather than to zero.
func (c *checker) auto(path string) bool {
	s, _, ok := c.spot(path)
	return ok && s.word == "auto"
}

func (c *checker) globs(path string, globs []string) {
	for i, g := range globs {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case strings.TrimSpace(g) == "":
			c.report(at, wrong("the pattern is empty").hint("write a pattern as drafts/** or **/*.md"))
		case strings.HasPrefix(g, "/") || strings.HasPrefix(g, "./") || strings.HasPrefix(g, "../"):
			c.report(at, wrong("%s does not start inside the folder", quoted(g)).hint("patterns are relative to source.dir, as drafts/**"))
		case strings.HasPrefix(g, "!"):
			c.report(at, wrong("%s: an exclamation mark takes nothing back here", quoted(g)).hint("use source.include for what to read and source.ignore for what not"))
		case !doublestar.ValidatePattern(g):
			c.report(at, wrong("%s is not a pattern", quoted(g)).hint("* is any name, ** any folders, {a,b} either, [a-z] a letter; close every bracket"))
		}
	}
}

func (c *checker) patterns(path string, patterns []string) {
	for i, p := range patterns {
		at := fmt.Sprintf("%s[%d]", path, i)
		if strings.TrimSpace(p) == "" || len(p) > 2000 {
			c.report(at, wrong("a pattern has 1 to 2000 characters").hint("write a regular expression for one paragraph, as ^Subscribe to"))
			continue
		}
		re, err := regexp.Compile("(?i)" + p)
		if err != nil {
			c.report(at, wrong("%s is not a regular expression: %s", quoted(p), strings.TrimPrefix(err.Error(), "error parsing regexp: ")).hint("put a backslash before ( ) [ ] . * + ? that are meant as they stand"))
		} else if path == "source.boilerplate" && re.MatchString("") {
			c.report(at, wrong("%s matches everything, so every paragraph would be dropped", quoted(p)).hint("name words of the line that should go"))
		}
	}
}
