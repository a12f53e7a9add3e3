package config

import (
	"strconv"
	"strings"
)

// Starter is the config that `feedwright init` writes: six lines, for the owner
// to go on from. The title may hold anything.
func Starter(title, siteID string) []byte {
	var b strings.Builder
	b.WriteString("# feedwright's settings; every key: feedwright config, and config.yaml in its documentation\n")
	b.WriteString("site:\n")
	b.WriteString("  id: " + siteID + " # never change it: every article's id is made of it\n")
	b.WriteString("  title: " + strconv.Quote(title) + "\n")
	b.WriteString("  url: http://127.0.0.1:8080 # where readers reach the feeds\n")
	b.WriteString("source: { dir: ./articles }\n")
	return []byte(b.String())
}
