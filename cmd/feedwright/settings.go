package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"feedwright/config"
)

// configView is what `config --json` writes.
type configView struct {
	File     string         `json:"file"` // absolute; empty if none was read
	Notices  []string       `json:"notices,omitempty"`
	Settings []settingsView `json:"settings"`
}

type settingsView struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func configCommand(a *app) *cobra.Command {
	var check, asJSON bool
	c := &cobra.Command{
		Use:   "config",
		Short: "Show every setting and where it came from",
		Long: `config shows each setting as it stands, and what set it: the line of the settings
file, a FEEDWRIGHT_* variable, a flag, or feedwright's own default. Secrets are
masked, so its output can be shown to others.

All that is wrong is said at once, each with its line and what to do.`,
		Example: `  feedwright config
  feedwright config --check && systemctl restart feedwright
  feedwright config --json | jq -r '.settings[] | select(.from != "default") | .key'`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return a.configJSON(l)
			case check:
				a.notices(l)
				_, err := fmt.Fprintf(a.stdout, "The settings are good: %s.\n", settingsSentence(l))
				return err
			}
			a.notices(l)
			return a.configTable(l)
		},
	}
	settingFlags(c.Flags(), "listen", "admin", "url", "title", "dir", "db", "ledger")
	c.Flags().BoolVar(&check, "check", false, "only say whether the settings are good")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	c.MarkFlagsMutuallyExclusive("check", "json")
	return c
}

// notices says what a person should know of the settings.
func (a *app) notices(l *config.Loaded) {
	for _, n := range l.Notices {
		fmt.Fprintln(a.stderr, n)
	}
}

func (a *app) configTable(l *config.Loaded) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, v := range l.Origins() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", v.Key, oneLine(v.Value), v.From)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "\nSettings: %s\n", settingsSentence(l))
	return err
}

func (a *app) configJSON(l *config.Loaded) error {
	view := configView{File: l.File, Notices: l.Notices, Settings: []settingsView{}}
	for _, v := range l.Origins() {
		view.Settings = append(view.Settings, settingsView(v))
	}
	return writeJSON(a.stdout, view)
}
