package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// hugoConfig has Hugo make feeds and nothing else: of everything, of the one
// section and of each category. Pages are read and listed, not rendered.
const hugoConfig = `baseURL: https://bench.example.org/
title: Bench
disableKinds: [taxonomy, sitemap, robotsTXT, "404"]
taxonomies: { category: categories }
outputs:
  home: [rss]
  section: [rss]
  term: [rss]
cascade:
  - build: { render: link, list: always }
    target: { kind: page }
module:
  mounts:
    - { source: %q, target: content/posts }
    - { source: layouts, target: layouts }
`

// hugoFeed puts into an item what feedwright puts there by default: the whole
// text, and its summary.
const hugoFeed = `{{ printf "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>" | safeHTML }}
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<description>{{ .Title }}</description>
{{- $pages := cond .IsHome site.RegularPages .RegularPages }}
{{- range first 50 $pages.ByDate.Reverse }}
<item>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<guid>{{ .Permalink }}</guid>
<pubDate>{{ .PublishDate.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>
{{- range .GetTerms "categories" }}<category>{{ .Title }}</category>{{ end }}
<description>{{ .Description | transform.XMLEscape | safeHTML }}</description>
<content:encoded>{{ .Content | transform.XMLEscape | safeHTML }}</content:encoded>
</item>
{{- end }}
</channel>
</rss>
`

// built is what one build of Hugo took.
type built struct {
	took            time.Duration
	peak, peakAnon  int64
	feeds, articles int
}

// hugoSite makes a folder that Hugo builds the corpus's feeds in.
func (b *bench) hugoSite() (dir string, err error) {
	if dir, err = os.MkdirTemp(b.temp, "hugo"); err != nil {
		return "", err
	}
	layouts := filepath.Join(dir, "layouts")
	if err := os.Mkdir(layouts, 0o755); err != nil {
		return "", err
	}
	for path, text := range map[string]string{
		filepath.Join(dir, "hugo.yaml"):   fmt.Sprintf(hugoConfig, b.corpus.posts()),
		filepath.Join(layouts, "rss.xml"): hugoFeed,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// hugo builds all feeds of the corpus once.
func (b *bench) hugo(ctx context.Context) (*built, error) {
	dir, err := b.hugoSite()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c, err := run(ctx, dir, nil, b.peers.hugo, "--quiet", "--noBuildLock", "--cacheDir", filepath.Join(dir, "cache"), "--destination", filepath.Join(dir, "public"))
	if err != nil {
		return nil, err
	}
	r := &built{took: c.took}
	r.peak, r.peakAnon = c.peaks()
	return r, b.compareHugo(filepath.Join(dir, "public"), r)
}

// compareHugo checks that Hugo did the work: each feed is there with as many
// items as it can have.
func (b *bench) compareHugo(public string, r *built) error {
	paths := []string{"index.xml", "posts/index.xml"}
	for _, c := range b.corpus.categories {
		paths = append(paths, "categories/"+strings.ToLower(c)+"/index.xml")
	}
	for _, p := range paths {
		text, err := os.ReadFile(filepath.Join(public, p))
		if err != nil {
			return fmt.Errorf("a feed of Hugo's is missing: %w", err)
		}
		n := bytes.Count(text, []byte("<item>"))
		if want := min(50, b.corpus.Articles); n > 50 || n < want && !strings.HasPrefix(p, "categories") || n == 0 {
			return fmt.Errorf("the feed %s of Hugo has %d items", p, n)
		}
		if !bytes.Contains(text, []byte("&lt;p&gt;")) {
			return fmt.Errorf("the feed %s of Hugo has no texts", p)
		}
		r.feeds++
		r.articles += n
	}
	return nil
}
