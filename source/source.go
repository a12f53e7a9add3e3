// Package source turns a folder of files into batches of article.Change: it
// scans, watches, waits until a file is quiet, reads it once, and hands it to
// the parser of its kind. It renders nothing, and it knows no identity: which
// article a file is, store decides.
package source
