package config

import (
	"reflect"
	"slices"
	"strings"
)

// programs are known by keys at the top of their config.yaml. One sure key is
// enough, or two usual ones.
var programs = []struct {
	name        string
	sure, usual []string
}{
	{"Hugo", []string{"baseURL", "baseurl", "languageCode", "defaultContentLanguage", "enableRobotsTXT", "publishDir", "contentDir"},
		[]string{"theme", "params", "menu", "menus", "taxonomies", "markup", "outputs", "permalinks", "module", "languages", "paginate", "title"}},
	{"Jekyll", []string{"kramdown", "gems"}, []string{"plugins", "markdown", "permalink", "collections", "defaults", "sass", "exclude", "theme"}},
	{"MkDocs", []string{"site_name", "docs_dir", "mkdocs"}, []string{"nav", "theme", "plugins", "markdown_extensions", "repo_url"}},
	{"Pelican", []string{"SITENAME", "SITEURL", "PELICANCONF"}, []string{"AUTHOR", "PATH", "THEME", "TIMEZONE"}},
	{"Hexo", []string{"new_post_name", "source_dir", "category_map", "external_link"}, []string{"url", "permalink", "deploy", "highlight"}},
	{"Zola", []string{"base_url", "compile_sass", "build_search_index"}, []string{"markdown", "extra"}},
	{"Decap CMS", []string{"media_folder", "publish_mode"}, []string{"backend", "collections"}},
	{"Docker Compose", []string{"services"}, []string{"volumes", "networks", "version"}},
	{"Kubernetes", []string{"apiVersion"}, []string{"kind", "metadata", "spec"}},
	{"Prometheus", []string{"scrape_configs", "rule_files"}, []string{"global", "alerting"}},
	{"GitHub Actions", []string{"jobs"}, []string{"on", "env"}},
	{"Conda", []string{"channels", "channel_priority"}, []string{"envs_dirs"}},
}

// foreign names the program that a config file belongs to, and the key that
// tells. A file with any section of ours is ours, and so is one that nobody
// claims: its unknown keys are then reported. It looks at lines, because the
// file may be a template that is no YAML.
func foreign(raw []byte) (program, why string) {
	var ours []string
	for f := range fields(reflect.TypeFor[Config]()) {
		ours = append(ours, f.name)
	}
	var have []string
	for line := range strings.Lines(string(raw)) {
		if !topKey.MatchString(line) {
			continue
		}
		name, _, _ := strings.Cut(line, ":")
		name = strings.Trim(strings.TrimSpace(name), `"'`)
		if slices.Contains(ours, name) {
			return "", ""
		}
		have = append(have, name)
	}
	for _, p := range programs {
		for _, k := range have {
			if slices.Contains(p.sure, k) {
				return p.name, k
			}
		}
	}
	for _, p := range programs {
		var met []string
		for _, k := range have {
			if slices.Contains(p.usual, k) && !slices.Contains(met, k) {
				met = append(met, k)
			}
		}
		if len(met) >= 2 {
			return p.name, list(met, "and")
		}
	}
	return "", ""
}
