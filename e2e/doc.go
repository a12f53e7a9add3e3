//go:build e2e

// Package e2e holds the promises of the finished program against the world: the
// binary is built once, run as a process of its own on real folders, and asked
// over HTTP, by real feed readers and by a browser. It owns these tests only,
// imports no room of ours, and knows nothing that a user cannot see.
//
// The data's path: files written by a test → the running program → what
// newsboat, feedparser, sfeed, gofeed, three parsers of npm, Chromium and plain
// HTTP got of them.
//
// Run it with `go test -tags e2e ./e2e/...`. It needs newsboat, sfeed,
// python3-feedparser, libxml2-utils, chromium, curl and nodejs from Debian, `npm ci` in
// e2e/npm, and Hugo; what is missing fails.
package e2e
