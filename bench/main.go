// Command bench measures feedwright beside the programs that an owner would use
// instead of it, on the same files in one run, and prints a table of what was
// to be reached and what was. It owns no promise of the program: it asserts
// nothing about time, and it reaches feedwright only as everybody does, by its
// command, its folder and HTTP.
//
//	go run ./bench -articles 10000
//	go run ./bench -articles 100000 -only cold,warm -json results.jsonl
//	go run ./bench -only none -json results.jsonl -chart docs/notes/performance.svg
//
// Corpora are made once and kept; all else lies in a temporary folder that is
// taken away. Hugo comes by go install, nginx, Caddy and wrk from the system's
// packages; one that is not installed is named in the table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// options are the flags.
type options struct {
	plan
	only, results, chart, keep string
	runs                       int
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == readersCommand {
		os.Exit(readersMain(os.Args[2:]))
	}
	var o options
	flag.IntVar(&o.Articles, "articles", 10_000, "how many articles the corpus has, as 1000, 10000, 100000, 1000000")
	flag.IntVar(&o.Categories, "categories", 40, "how many categories, each with feeds of its own")
	flag.Uint64Var(&o.Seed, "seed", 1, "what the corpus is drawn from; equal seeds give equal files")
	flag.StringVar(&o.only, "only", "", "rows to measure, as cold,warm; none measures nothing. Empty: all of "+names())
	flag.IntVar(&o.runs, "runs", 3, "how often each thing is measured that is measured by turns; the median counts")
	flag.StringVar(&o.results, "json", "", "a file to append the figures to, one line of JSON a run")
	flag.StringVar(&o.chart, "chart", "", "an SVG file to draw from all figures in the file of -json: how cost grows with size")
	flag.StringVar(&o.keep, "keep", "", "the folder that corpora are kept in. Empty: feedwright-bench in the user's cache")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command(ctx, o, os.Stdout)
	if ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "bench: stopped before it was done")
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// part is a thing to measure; it adds one row or several to the table.
type part struct {
	name    string
	measure func(*bench, context.Context) error
}

// parts are in the order in which they are measured: those that leave the
// folder as it is come first.
var parts = []part{
	{"corpus", func(*bench, context.Context) error { return nil }}, // alone, it makes the corpus for later
	{"cold", (*bench).cold},
	{"warm", (*bench).warm},
	{"memory", (*bench).memory},
	{"polls", (*bench).polls},
	{"readers", (*bench).readers},
	{"wire", (*bench).wire},
	{"new", (*bench).fresh},
	{"burst", (*bench).burst},
}

func names() string {
	var list []string
	for _, p := range parts {
		list = append(list, p.name)
	}
	return strings.Join(list, ",")
}

// chosen are the parts that -only names.
func chosen(only string) ([]part, error) {
	if only == "" {
		return parts, nil
	}
	if only == "none" {
		return nil, nil
	}
	wanted := strings.Split(only, ",")
	for _, w := range wanted {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == w }) {
			return nil, fmt.Errorf("-only %s: there is no %q; there are %s, and none", only, w, names())
		}
	}
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !slices.Contains(wanted, p.name) }), nil
}

func command(ctx context.Context, o options, out io.Writer) error {
	list, err := chosen(o.only)
	if err != nil {
		return err
	}
	if o.Articles < 100 || o.Categories < 4 || o.Categories > 5000 || o.runs < 1 {
		return fmt.Errorf("-articles wants 100 or more, -categories 4 to 5000, -runs 1 or more")
	}
	if o.chart != "" && o.results == "" {
		return fmt.Errorf("-chart is drawn from a file of figures: name it with -json")
	}
	if len(list) > 0 {
		if err := measure(ctx, o, list, out); err != nil {
			return err
		}
	}
	if o.chart == "" {
		return nil
	}
	records, err := readRecords(o.results)
	if err != nil {
		return err
	}
	svg, err := chart(records)
	if err != nil {
		return err
	}
	return os.WriteFile(o.chart, svg, 0o644)
}

// measure makes what is needed, measures the parts and prints the table. What
// was measured is told even if a later part fails.
func measure(ctx context.Context, o options, list []part, out io.Writer) (err error) {
	b, err := newBench(ctx, o, out)
	if err != nil {
		return err
	}
	defer b.close()
	for _, p := range list {
		b.say("measuring %s", p.name)
		if err = p.measure(b, ctx); err != nil {
			err = fmt.Errorf("%s: %w", p.name, err)
			break
		}
	}
	if len(b.rows) == 0 {
		return err
	}
	r := b.record(ctx)
	r.print(out)
	if o.results != "" {
		if werr := r.append(o.results); werr != nil {
			return werr
		}
	}
	return err
}

// bench is one run.
type bench struct {
	options
	corpus     *corpus
	release    func() error // lets other runs have the corpus
	temp       string
	feedwright string // the program, built from this tree
	root       string // of the tree
	peers      peers
	out        io.Writer
	load       string // of the machine when the run began

	base      string   // what a feedwright remembers that has read the whole corpus
	builds    []*built // of Hugo, made once
	hugoFault error    // why it could not
	extra     int      // articles that this run has added to the corpus
	rows      []row
}

func newBench(ctx context.Context, o options, out io.Writer) (*bench, error) {
	b := &bench{options: o, out: out, peers: findPeers(ctx), load: loadNow()}
	keep := o.keep
	if keep == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("%w: name a folder for the corpora with -keep", err)
		}
		keep = filepath.Join(cache, "feedwright-bench")
	}
	keep, err := filepath.Abs(keep)
	if err != nil {
		return nil, err
	}
	b.corpus = newCorpus(o.plan, keep)
	if b.release, err = b.corpus.hold(); err != nil {
		return nil, err
	}
	if b.temp, err = os.MkdirTemp("", "feedwright-bench"); err != nil {
		return nil, errors.Join(err, b.release())
	}
	if err := b.prepare(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// prepare builds feedwright and makes the corpus.
func (b *bench) prepare(ctx context.Context) error {
	c, err := run(ctx, "", nil, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	b.root = strings.TrimSpace(c.said.String())
	b.feedwright = filepath.Join(b.temp, "feedwright")
	b.say("building feedwright")
	if _, err := run(ctx, b.root, nil, "go", "build", "-o", b.feedwright, "./cmd/feedwright"); err != nil {
		return err
	}
	if err := b.corpus.make(ctx, b.say); err != nil {
		return err
	}
	return b.corpus.warm(ctx)
}

// close takes away everything but the corpus.
func (b *bench) close() {
	err := errors.Join(os.RemoveAll(b.corpus.added()), os.RemoveAll(b.temp), b.release())
	if err != nil {
		b.say("%v", err)
	}
}

// say tells what is going on; the table alone goes to the standard output.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
