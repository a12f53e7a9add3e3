//go:build e2e

package e2e

import (
	"os"
	"testing"
)

// npmReader is a parser of npm, asked by npm/read.mjs. It keeps nothing.
type npmReader struct{ node, parser, url string }

// newNPM gives the maker of a reader that uses a parser.
func newNPM(parser string) func(t *testing.T, url string) subscription {
	return func(t *testing.T, url string) subscription {
		t.Helper()
		if _, err := os.Stat("npm/node_modules/" + parser); err != nil {
			t.Fatalf("%s is missing: run npm ci in e2e/npm (%v)", parser, err)
		}
		return npmReader{program(t, "node", "nodejs"), parser, url}
	}
}

func (n npmReader) poll(t *testing.T) []seen {
	t.Helper()
	var got []seen
	ask(t, &got, n.node, "npm/read.mjs", n.parser, n.url)
	return got
}
