package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version of this source. A build from a checkout at another
// commit says so behind a plus sign.
const release = "0.1.0"

// version is what feeds name as their generator, so it holds nothing that
// differs between two builds of one source.
func version() string { return release }

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which feedwright this is",
		Long: `version tells the release, the commit it was built from, and the Go it was built
with: what to name when you report a fault.`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			from := ""
			if c := commit(); c != "" {
				from = ", commit " + c
			}
			_, err := fmt.Fprintf(a.stdout, "feedwright %s%s, %s %s/%s\n", release, from, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// commit is the version control revision that the binary was built from, or
// "" where Go could not tell.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			rev = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if rev == "" {
		return ""
	}
	return rev + dirty
}
