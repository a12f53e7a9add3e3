//go:build !unix

package source

import (
	"io/fs"
	"os"

	"feedwright/article"
)

const openFlags = os.O_RDONLY

// fileID names a file or folder on this machine; zero where that is unknown.
type fileID struct{ dev, ino uint64 }

// statOf gives what is compared of a file. Its hash is not known.
func statOf(info fs.FileInfo) (article.FileStat, fileID) {
	return article.FileStat{Size: info.Size(), ModTime: info.ModTime().UnixNano()}, fileID{}
}
