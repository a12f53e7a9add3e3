package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// manifestName is the file by which a folder is known as build's own.
const manifestName = "manifest.json"

// manifest describes a folder that build wrote. It holds no instant but those
// of the documents: one of what is to come would betray an embargo.
type manifest struct {
	Generator string            `json:"generator"`         // "feedwright 0.1.0"
	Site      string            `json:"site"`              // the site's URL, which the paths below stand behind
	Files     []builtFile       `json:"files"`             // by path
	Aliases   map[string]string `json:"aliases,omitempty"` // further addresses → the path whose bytes they answer with
}

// builtFile is one address as serve would answer it.
type builtFile struct {
	Path         string    `json:"path"` // of the address, behind the site's URL, not escaped
	File         string    `json:"file"` // relative to the folder
	Type         string    `json:"type"`
	ETag         string    `json:"etag,omitempty"` // quoted
	LastModified time.Time `json:"last_modified,omitzero"`
	Size         int64     `json:"size"`
	Gzip         bool      `json:"gzip,omitempty"` // there is a .gz beside it
}

// readManifest reads the manifest of a folder. The error wraps fs.ErrNotExist
// if there is none.
func readManifest(dir string) (*manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
	}
	if !strings.HasPrefix(m.Generator, "feedwright") {
		return nil, fmt.Errorf("%s was written by another program", filepath.Join(dir, manifestName))
	}
	return &m, nil
}

// owned lists all files that a manifest's build wrote, itself included.
func (m *manifest) owned() map[string]*builtFile {
	own := map[string]*builtFile{manifestName: {File: manifestName}}
	for i := range m.Files {
		f := &m.Files[i]
		own[f.File] = f
		if f.Gzip {
			own[f.File+".gz"] = &builtFile{File: f.File + ".gz"}
		}
	}
	return own
}

func (m *manifest) sort() {
	slices.SortFunc(m.Files, func(a, b builtFile) int { return strings.Compare(a.File, b.File) })
}

// fileOf is the file that holds the document at a path, unescaped and without
// the site's own prefix: a folder's is its index.html.
func fileOf(p string) (string, error) {
	if strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	p = strings.TrimPrefix(p, "/")
	if !fs.ValidPath(p) || p == "." || strings.Contains(p, "\x00") || !filepath.IsLocal(filepath.FromSlash(p)) {
		return "", fmt.Errorf("address %q cannot be the name of a file", p)
	}
	return p, nil
}

// fileType says whether an alias's name tells a static host its type; any other
// would be sent as something else than a feed.
func fileType(alias string) bool {
	return slices.Contains([]string{".xml", ".rss", ".atom", ".json"}, path.Ext(alias))
}

// targetState is what stands where a build is to go.
type targetState struct {
	dir  string    // absolute, without links
	prev *manifest // of the build that stands there; nil if none does
}

// target looks at the folder that a build is to fill, and refuses one that
// somebody else filled.
func target(dir string) (targetState, error) {
	dir = real(dir)
	t := targetState{dir: dir}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, nil
	case err != nil:
		return t, fmt.Errorf("%s cannot be built into: %w: name a folder with --out", dir, cause(err))
	case len(entries) == 0:
		return t, nil
	}
	if t.prev, err = readManifest(dir); err != nil {
		return t, fmt.Errorf("%s holds files, and none of them is a feedwright manifest, so it is left alone: name an empty folder with --out, or empty this one (%w)", dir, err)
	}
	return t, nil
}
