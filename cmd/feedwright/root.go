package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"feedwright/config"
)

// app is what all commands share: where they speak, and the flags that set
// settings.
type app struct {
	stdout, stderr io.Writer
	file           string // --config
	dir            string // working directory; "" for the process's
	now            func() time.Time
	callbacks      []string // networks that are not public and may be called all the same
}

// flagKeys are the flags that set a setting, by name.
var flagKeys = map[string]string{
	"listen": "server.listen",
	"admin":  "server.admin",
	"url":    "site.url",
	"title":  "site.title",
	"dir":    "source.dir",
	"db":     "store.dsn",
	"ledger": "store.ledger",
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	a := &app{stdout: stdout, stderr: stderr, now: time.Now}
	root := &cobra.Command{
		Use:   "feedwright",
		Short: "Publish a folder of articles as RSS, Atom and JSON feeds",
		Long: `feedwright watches a folder of article files – text, Markdown, HTML, JSON – and
keeps RSS 2.0, Atom 1.0 and JSON Feed 1.1 documents of them: one of everything,
one of every category, tag, author and language, and one of every combination.

Start in a folder of your own:

  feedwright init             writes a config of six lines and a first article
  feedwright serve            publishes, and goes on publishing what you drop in

Settings come from feedwright.yaml or config.yaml, from FEEDWRIGHT_* variables
(FEEDWRIGHT_SITE_URL is site.url) and from flags, the later the stronger.
"feedwright config" shows each one and where it came from.`,
		Args:                       cobra.ArbitraryArgs,
		RunE:                       unknown,
		Version:                    version(),
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		SilenceErrors:              true,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usage(err) })
	f := root.PersistentFlags()
	f.StringVar(&a.file, "config", "", "settings `file` (default feedwright.yaml, else config.yaml, here)")
	_ = root.MarkPersistentFlagFilename("config", "yaml", "yml")
	root.AddCommand(
		initCommand(a), serveCommand(a), buildCommand(a), acceptCommand(a), adoptCommand(a), diffCommand(a),
		checkCommand(a), whyCommand(a), feedsCommand(a), configCommand(a), versionCommand(a),
	)
	return root
}

// arguments has a wrong number of arguments counted as the caller's to mend.
func arguments(right cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := right(c, args); err != nil {
			return usage(fmt.Errorf("%w: see feedwright %s --help", err, c.Name()))
		}
		return nil
	}
}

// unknown says what to do with a command that there is not.
func unknown(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	text := fmt.Sprintf("there is no command %q", args[0])
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return usage(fmt.Errorf("%s: did you mean %s?", text, strings.Join(near, " or ")))
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return usage(fmt.Errorf("%s: feedwright serve %s publishes that folder", text, args[0]))
	}
	return usage(fmt.Errorf("%s: feedwright --help lists them", text))
}

// foldersOnly completes an argument with the names of folders.
func foldersOnly(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// settingFlags adds flags that set a setting to a command.
func settingFlags(f *pflag.FlagSet, names ...string) {
	text := map[string]string{
		"listen": "`address` to serve on: host:port, unix:/path or systemd",
		"admin":  "`address` for the operator's pages and metrics; empty for none",
		"url":    "public `URL` of the site, as readers reach it",
		"title":  "`title` of the site",
		"dir":    "`folder` of the articles",
		"db":     "`database`, as sqlite:feedwright.db",
		"ledger": "`file` of the ledger's text copy; empty for none",
	}
	for _, n := range names {
		f.String(n, "", text[n])
	}
}

// load reads the settings with the flags that were given. folder, if not
// empty, stands for source.dir.
func (a *app) load(c *cobra.Command, folder string) (*config.Loaded, error) {
	flags, names := map[string]string{}, map[string]string{}
	c.Flags().Visit(func(f *pflag.Flag) {
		if key, ok := flagKeys[f.Name]; ok {
			flags[key], names[key] = f.Value.String(), "--"+f.Name
		}
	})
	if folder != "" {
		flags["source.dir"], names["source.dir"] = folder, c.Name()+" DIR"
	}
	l, err := config.Load(config.LoadOptions{Dir: a.dir, File: a.file, Flags: flags, FlagNames: names})
	if err != nil {
		return nil, usage(err)
	}
	return l, nil
}
