package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/config"
	"feedwright/source/parse"
)

func initCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Start a folder: a config of six lines and a first article",
		Long: `init makes DIR (or this folder) ready to be published: config.yaml with the few
settings that everybody has, articles/ for your files, and in it a first article
to look at and throw away.

It never changes or overwrites a file. Where there is a config.yaml of another
program, such as Hugo, it writes feedwright.yaml, which goes first. Called again,
it adds what is missing and says what is there.`,
		Example: `  feedwright init
  feedwright init ~/news && cd ~/news && feedwright serve`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: foldersOnly,
		RunE: func(_ *cobra.Command, args []string) error {
			dir := a.dir
			if len(args) == 1 {
				dir = a.path(args[0])
			}
			abs, err := filepath.Abs(dir)
			if err != nil {
				return err
			}
			return a.init(abs)
		},
	}
}

// path is a path of the command line, which starts at the working directory.
func (a *app) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(a.dir, p)
}

func (a *app) init(dir string) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	l, err := a.initConfig(dir)
	if err != nil {
		return err
	}
	articles := l.Config.Source.Dir
	before, err := survey(articles)
	if err != nil {
		return err
	}
	if err := makeFolder(articles); err != nil {
		return err
	}
	if before.total() == 0 {
		if err := a.initArticle(articles, a.now().In(l.Config.Zone())); err != nil {
			return err
		}
	}
	return a.initNext(dir, articles, before)
}

// initConfig writes the settings unless there are some, and loads them.
func (a *app) initConfig(dir string) (*config.Loaded, error) {
	options := config.LoadOptions{Dir: dir, Env: []string{}} // what the folder itself says
	l, err := config.Load(options)
	if err != nil {
		return nil, usage(fmt.Errorf("there are settings in %s already, and they need mending first:\n%w", dir, err))
	}
	if l.File != "" {
		fmt.Fprintf(a.stdout, "%s is there already; it stays as it is.\n", l.File)
		return l, nil
	}
	file := filepath.Join(dir, "config.yaml")
	if _, err := os.Lstat(file); err == nil { // another program's: config said so
		a.notices(l)
		file = filepath.Join(dir, "feedwright.yaml")
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("make a site id: %w", err)
	}
	if err := writeNew(file, config.Starter(siteTitle(dir), id.String())); err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stdout, "wrote %s\n", file)
	if l, err = config.Load(options); err != nil {
		return nil, fmt.Errorf("read what was written: %w", err)
	}
	return l, nil
}

// siteTitle makes a title of a folder's name.
func siteTitle(dir string) string {
	name := article.Line(strings.NewReplacer("-", " ", "_", " ").Replace(filepath.Base(dir)))
	if strings.Trim(name, `./\ `) == "" {
		return "News"
	}
	r := []rune(name)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func (a *app) initArticle(dir string, now time.Time) error {
	file := filepath.Join(dir, "welcome.md")
	if err := writeNew(file, fmt.Appendf(nil, welcome, now.Format(time.DateOnly))); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "wrote %s\n", file)
	return nil
}

// initNext says what would be published and how to go on.
func (a *app) initNext(dir, articles string, before content) error {
	w := a.stdout
	if n := before.articles; n > 0 {
		fmt.Fprintf(w, "\n%s holds %s that would be published, such as %s.\n"+
			"feedwright check says how each one is read, and publishes nothing.\n", articles, number(n, "file"), before.example)
	}
	if rel, err := filepath.Rel(dir, articles); err == nil && rel != "." {
		beside, err := survey(dir, articles)
		if err != nil {
			return err
		}
		if n := beside.articles; n > 0 {
			fmt.Fprintf(w, "\n%s beside %s could be articles, such as %s. They are not published:\n"+
				"move them into %s, or set source.dir to the folder they lie in.\n", number(n, "file"), rel, beside.example, rel)
		}
	}
	fmt.Fprintf(w, "\nNext:\n")
	if wd, err := filepath.Abs(cmp.Or(a.dir, ".")); err == nil && wd != dir {
		fmt.Fprintf(w, "  cd %s\n", dir)
	}
	_, err := fmt.Fprint(w, "  feedwright serve      publishes the articles at http://127.0.0.1:8080 and watches for more\n"+
		"  feedwright config     shows every setting\n")
	return err
}

// content is what a folder holds already.
type content struct {
	articles, others int
	example          string // an article, relative to the folder
}

func (c content) total() int { return c.articles + c.others }

// survey counts files that look like articles, at most some 10,000, without
// looking into them; dot files and the folders named in but are left out.
func survey(dir string, but ...string) (content, error) {
	var c content
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && p == dir && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil && p == dir:
			return err
		case err != nil: // an unreadable corner is serve's to tell
			return nil
		case p == dir:
			return nil
		case strings.HasPrefix(d.Name(), "."), len(but) > 0 && p == but[0]:
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case c.total() > 10_000:
			return fs.SkipAll
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if !parse.Reads(rel) || isSettings(d.Name()) {
			c.others++
			return nil
		}
		c.articles++
		if c.example == "" {
			c.example = rel
		}
		return nil
	})
	return c, err
}

func isSettings(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	return stem == "config" || stem == "feedwright" || stem == "readme"
}

func makeFolder(dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		return nil
	}
	return fmt.Errorf("make the folder %s: %w: name a place where you may write", dir, cause(err))
}

// cause is an error of the file system without the path, which the sentence
// around it names.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// writeNew writes a file that is not there yet.
func writeNew(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w: name a place where you may write", name, cause(err))
	}
	if _, err := f.Write(b); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), f.Close(), os.Remove(name))
	}
	return f.Close()
}

// welcome is the first article; %s is its day.
const welcome = `---
title: Welcome
date: %s
categories: [News]
tags: [first steps]
summary: The first article of a new site, and what to do with it.
---

This article is a file in your folder of articles. Change it, and every feed
changes with it; throw it away, and it is gone from them.

Put your own files beside it:

- **Markdown** with a few lines of front matter, like this one;
- **plain text**, with the title in its first line and lines such as
  "Category: News" below it;
- **HTML**, a saved page or a piece of one, and **JSON**.

A draft says "draft: true" and stays here. An article with a date to come is
published when that time has come.
`
