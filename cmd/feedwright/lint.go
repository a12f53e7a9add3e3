package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/lint"
)

// judged is what lint says of one document.
type judged struct {
	Where    string         `json:"where"` // as it was named
	Kind     lint.Kind      `json:"kind"`
	Findings []lint.Finding `json:"findings"`
}

// feedArguments tells documents that are feeds (addresses, "-" for standard
// input, files that start as one) from articles.
func (a *app) feedArguments(args []string) (feeds, articles []string) {
	for _, arg := range args {
		if arg == "-" || webAddress(arg) || feedFile(a.path(arg)) {
			feeds = append(feeds, arg)
		} else {
			articles = append(articles, arg)
		}
	}
	return feeds, articles
}

func webAddress(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// feedFile says that a file is a feed, by its name or its first bytes.
func feedFile(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".rss", ".atom", ".opml":
		return true
	case ".xml", ".json":
	default:
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	return (err == nil || errors.Is(err, io.ErrUnexpectedEOF)) && lint.Sniff(head[:n]) != lint.Unknown
}

// lintArguments judges the documents named and says what is wrong with them.
func (a *app) lintArguments(c *cobra.Command, names []string, asJSON, strict bool) error {
	list := make([]judged, 0, len(names))
	for _, name := range names {
		j, err := a.judge(c.Context(), c.InOrStdin(), name)
		if err != nil {
			return err
		}
		list = append(list, j)
	}
	var err error
	if asJSON {
		err = writeJSON(a.stdout, list)
	} else {
		w := &lines{w: a.stdout}
		for i := range list {
			list[i].print(w)
		}
		err = w.err
	}
	for _, j := range list {
		worst, ok := lint.Worst(j.Findings)
		if err == nil && ok && (worst == lint.Error || strict && worst == lint.Warning) {
			return &exit{code: exitFaults}
		}
	}
	return err
}

func (a *app) judge(ctx context.Context, stdin io.Reader, name string) (judged, error) {
	j := judged{Where: name}
	if webAddress(name) {
		var err error
		_, j.Kind, j.Findings, err = lint.Poll(ctx, name, lint.FetchOptions{UserAgent: "feedwright-check/" + version(), Now: a.now})
		return j, err
	}
	doc, err := a.readFeed(stdin, name)
	if err != nil {
		return j, err
	}
	j.Kind, j.Findings, err = lint.Check(ctx, doc, lint.Options{Now: a.now()})
	return j, err
}

// maxFeed bounds a document that is read to be judged, in bytes.
const maxFeed = 64 << 20

func (a *app) readFeed(stdin io.Reader, name string) ([]byte, error) {
	r := stdin
	if name != "-" {
		f, err := os.Open(a.path(name))
		if err != nil {
			return nil, usage(err)
		}
		defer f.Close()
		r = f
	}
	doc, err := io.ReadAll(io.LimitReader(r, maxFeed+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(doc) > maxFeed {
		return nil, usage(fmt.Errorf("%s is longer than 64 MB: no reader would take it", name))
	}
	return doc, nil
}

// print writes a finding a line, as compilers do, and what to do about it.
func (j *judged) print(w *lines) {
	count := map[lint.Severity]int{}
	for _, f := range j.Findings {
		count[f.Severity]++
		at := ""
		if f.Line > 0 {
			at = fmt.Sprintf(":%d:%d", f.Line, f.Column)
		}
		w.printf("%s%s: %s: %s\n", oneLine(j.Where), at, f.Severity, article.Line(f.Message))
		w.printf("    %s\n", reason(f))
	}
	w.printf("%s: %s: %s, %s, %s.\n", oneLine(j.Where), j.Kind, number(count[lint.Error], "error"), number(count[lint.Warning], "warning"), number(count[lint.Info], "note"))
}

// reason is what to do about a finding, and which rule wants it.
func reason(f lint.Finding) string {
	rule := f.Rule
	if f.Clause != "" {
		rule += ", " + f.Clause
	}
	if f.Hint == "" {
		return "[" + rule + "]"
	}
	first, n := utf8.DecodeRuneInString(f.Hint)
	return strings.ToUpper(string(first)) + f.Hint[n:] + " [" + rule + "]"
}

// siteLint gathers what lint says of all documents of the site. One fault of
// an article is in each document that shows it, and is reported once.
type siteLint struct {
	mu    sync.Mutex
	order []string
	found map[string]*siteFinding
}

type siteFinding struct {
	finding
	more int // further documents with the same fault
}

// document judges one; pages and what is merely good to know are left out, and
// sizes, which check speaks of in the words of the settings.
func (s *siteLint) document(ctx context.Context, at feed.Address, answer *feed.Answer, doc []byte) error {
	if at.Format == feed.HTML || at.Format == feed.Categories { // no feeds
		return nil
	}
	_, list, err := lint.Check(ctx, doc, lint.Options{URL: answer.Self, ContentType: answer.ContentType})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	here := map[string]bool{}
	for _, f := range list {
		if f.Severity == lint.Info || strings.HasPrefix(f.Rule, "size/") {
			continue
		}
		key := f.Rule + " " + f.Message
		if known := s.found[key]; known != nil {
			if !here[key] {
				known.more++
			}
		} else {
			s.order = append(s.order, key)
			if s.found == nil {
				s.found = map[string]*siteFinding{}
			}
			s.found[key] = &siteFinding{finding: finding{
				Where: at.Path(), Line: f.Line, Hint: f.Hint, Warn: f.Severity == lint.Warning,
				What: f.Message + " (" + f.Rule + ", " + f.Clause + ")",
			}}
		}
		here[key] = true
	}
	return nil
}

// report hands everything to check's own.
func (s *siteLint) report(r *report) {
	for _, key := range slices.Clone(s.order) {
		f := s.found[key]
		if f.more > 0 {
			f.What += ", and in " + number(f.more, "other document")
		}
		r.add(f.finding)
	}
}
