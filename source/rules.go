package source

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// rules decide by its name alone whether a file is read. Nothing becomes
// public by surprise, and whatever is left out can say by which rule.
type rules struct {
	include, ignore []string
	reader          Reader
}

// notKind is the rule for files that are neither articles nor media.
const notKind = "it is of no kind that is read"

// site is what is known of the folder as a whole.
type site struct {
	vault  bool            // Obsidian
	name   string          // the site generator the folder belongs to, or ""
	others map[string]bool // folders at the top that hold none of its articles
}

// generators are recognised by a file at the top of the folder.
var generators = []struct {
	name, mark string
	others     []string
}{
	{"Hugo", "hugo.toml", hugoFolders},
	{"Hugo", "hugo.yaml", hugoFolders},
	{"Hugo", "hugo.json", hugoFolders},
	{"Hugo", "config/_default", hugoFolders},
	{"Hugo", "archetypes", hugoFolders},
	{"Jekyll", "_config.yml", []string{"_site", "_layouts", "_includes", "_sass", "_data", "assets", "vendor"}},
	{"Eleventy", ".eleventy.js", []string{"_site", "_includes", "_data"}},
	{"Eleventy", "eleventy.config.js", []string{"_site", "_includes", "_data"}},
	{"Astro", "astro.config.mjs", []string{"dist", "public"}},
	{"MkDocs", "mkdocs.yml", []string{"site", "overrides"}},
}

var hugoFolders = []string{"themes", "layouts", "static", "assets", "archetypes", "public", "resources", "data", "i18n"}

// otherFolders never hold articles, wherever they lie. Names are lower case.
var otherFolders = map[string]string{
	"_drafts":                   "_drafts/ holds drafts",
	"_layouts":                  "_layouts/ holds templates",
	"_includes":                 "_includes/ holds templates",
	"_templates":                "_templates/ holds templates",
	"_sass":                     "_sass/ holds style sheets",
	"_site":                     "_site/ is a site generator's output",
	"node_modules":              "node_modules/ holds program packages",
	"bower_components":          "bower_components/ holds program packages",
	"__pycache__":               "__pycache__/ belongs to a program",
	"__macosx":                  "__MACOSX/ belongs to an archive program",
	"lost+found":                "lost+found/ belongs to the file system",
	"$recycle.bin":              "$RECYCLE.BIN/ is a wastebasket",
	"system volume information": "it belongs to the file system",
	"@eadir":                    "@eaDir/ belongs to a network disk",
	"#recycle":                  "#recycle/ is a wastebasket",
	"#snapshot":                 "#snapshot/ holds a network disk's snapshots",
}

// aboutFolder are names, without their ending, of files at the top that speak
// of the folder itself.
var aboutFolder = []string{"readme", "license", "licence", "copying", "changelog", "contributing", "code_of_conduct", "security", "notice", "authors"}

// programFiles are read by programs, not by people.
var programFiles = []string{
	"package.json", "package-lock.json", "tsconfig.json", "composer.json", "manifest.json", "hugo.json", "theme.toml",
	"robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt", "requirements.txt", "cmakelists.txt",
}

func newRules(include, ignore []string, reader Reader) (*rules, error) {
	r := &rules{include: tidyGlobs(include), ignore: tidyGlobs(ignore), reader: reader}
	for key, globs := range map[string][]string{"include": r.include, "ignore": r.ignore} {
		for _, g := range globs {
			if !doublestar.ValidatePattern(g) {
				return nil, fmt.Errorf("source.%s: %q is no valid pattern: write one like drafts/** or *.bak.md", key, g)
			}
		}
	}
	return r, nil
}

// tidyGlobs takes the spellings people use for "everything in this folder".
func tidyGlobs(globs []string) []string {
	var out []string
	for _, g := range globs {
		g = strings.TrimPrefix(filepath.ToSlash(g), "./")
		if strings.HasSuffix(g, "/") {
			g += "**"
		}
		if g = strings.TrimPrefix(g, "/"); g != "" {
			out = append(out, g)
		}
	}
	return out
}

// findSite looks at the top of a folder for the marks of other programs.
func findSite(dir string) *site {
	s := &site{others: map[string]bool{}}
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	s.vault = has(".obsidian")
	for _, g := range generators {
		if has(g.mark) {
			s.name = g.name
			for _, o := range g.others {
				s.others[o] = true
			}
			break
		}
	}
	return s
}

// whole gives the rule that leaves out a file or one of the folders above it.
func (r *rules) whole(p string, s *site) string {
	for i, c := range p {
		if c == '/' {
			if rule := r.folder(p[:i], s); rule != "" {
				return rule
			}
		}
	}
	return r.file(p, s)
}

// folder gives the rule that leaves out a folder, its parents being read.
func (r *rules) folder(p string, s *site) string {
	name := path.Base(p)
	if strings.HasPrefix(name, ".") {
		return "its name starts with a dot"
	}
	if rule := otherFolders[strings.ToLower(name)]; rule != "" {
		return rule
	}
	if s.others[p] {
		return fmt.Sprintf("%s/ belongs to the %s site and holds none of its articles", p, s.name)
	}
	return r.ignored(p)
}

// file gives the rule that leaves out a file, its folders being read.
func (r *rules) file(p string, s *site) string {
	name := path.Base(p)
	if rule := leftover(name); rule != "" {
		return rule
	}
	if rule := r.ignored(p); rule != "" {
		return rule
	}
	reads := r.reader.Reads(p)
	if !reads && !r.reader.IsMedia(p) {
		return notKind
	}
	if !reads {
		return "" // media are seen only if an article names them
	}
	if len(r.include) > 0 {
		if matches(r.include, p) == "" {
			return "no pattern of source.include matches it"
		}
		return ""
	}
	return about(p)
}

func (r *rules) ignored(p string) string {
	if g := matches(r.ignore, p); g != "" {
		return "ignore: " + g
	}
	return ""
}

// matches gives the first pattern that matches a path, or its name if the
// pattern has no slash.
func matches(globs []string, p string) string {
	for _, g := range globs {
		if doublestar.MatchUnvalidated(g, p) || !strings.Contains(g, "/") && doublestar.MatchUnvalidated(g, path.Base(p)) {
			return g
		}
	}
	return ""
}

// leftovers are the endings of what editors and downloads leave behind.
var leftovers = map[string]string{
	".swp": isTemporary, ".swo": isTemporary, ".swx": isTemporary, ".tmp": isTemporary, ".temp": isTemporary,
	".part": isTemporary, ".partial": isTemporary, ".crdownload": isTemporary, ".download": isTemporary, ".filepart": isTemporary, ".!ut": isTemporary,
	".bak": isBackup, ".orig": isBackup, ".rej": isBackup, ".old": isBackup, ".save": isBackup,
}

const (
	isTemporary = "it is a temporary file"
	isBackup    = "it is a backup"
)

// leftover recognises what editors, downloads and sync programs leave behind,
// section pages, and feedwright's own files. Every name of the folder is asked.
func leftover(name string) string {
	low := strings.ToLower(name)
	ext := path.Ext(low)
	stem := strings.TrimSuffix(low, ext)
	switch {
	case strings.HasPrefix(name, "."):
		return "its name starts with a dot"
	case strings.HasPrefix(name, "~$"):
		return "it is an office program's lock file"
	case strings.HasSuffix(name, "~"), strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"):
		return "it is an editor's backup"
	case leftovers[ext] != "":
		return leftovers[ext]
	case hasAnySuffix(low, "___jb_tmp___", "___jb_old___"):
		return isTemporary
	case hasAnySuffix(stem, ".bak", ".orig"):
		return isBackup
	case strings.Contains(low, "conflict") && isConflict(low):
		return "it is a sync program's conflict copy"
	case strings.HasPrefix(low, "_index."):
		return name + " is a section page"
	case low == "feedwright.ledger", strings.HasPrefix(low, "feedwright.db"), isConfig(stem, ext):
		return "it belongs to feedwright"
	case slices.Contains(programFiles, low):
		return "it is read by programs, not by people"
	}
	return ""
}

func isConflict(low string) bool {
	return strings.Contains(low, ".sync-conflict-") || strings.Contains(low, "conflicted copy") || strings.Contains(low, "_conflict-") || strings.Contains(low, "in conflict copy")
}

func isConfig(stem, ext string) bool {
	return (stem == "feedwright" || stem == "config") && slices.Contains([]string{".yaml", ".yml", ".json", ".toml"}, ext)
}

// about recognises README and the like at the top of the folder.
func about(p string) string {
	if strings.Contains(p, "/") {
		return ""
	}
	stem, _, _ := strings.Cut(strings.ToLower(p), ".")
	if slices.Contains(aboutFolder, stem) {
		return p + " at the top speaks of the folder itself (source.include can name it)"
	}
	return ""
}

func hasAnySuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(x string) bool { return strings.HasSuffix(s, x) })
}
