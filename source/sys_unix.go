//go:build unix

package source

import (
	"io/fs"
	"syscall"

	"feedwright/article"
)

// openFlags keep a FIFO that took a file's place from blocking the open.
const openFlags = syscall.O_RDONLY | syscall.O_NONBLOCK

// fileID names a file or folder on this machine; zero where that is unknown.
type fileID struct{ dev, ino uint64 }

// statOf gives what is compared of a file. Its hash is not known.
func statOf(info fs.FileInfo) (article.FileStat, fileID) {
	s := article.FileStat{Size: info.Size(), ModTime: info.ModTime().UnixNano()}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return s, fileID{}
	}
	s.Inode = uint64(st.Ino)
	return s, fileID{uint64(st.Dev), uint64(st.Ino)} //nolint:unconvert // the types differ between systems
}
