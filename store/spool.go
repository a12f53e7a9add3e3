package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"sync"
)

// spool holds the texts of a first scan, as they are and one after the other,
// in a file beside the database. Nobody waits for them to be packed and to get
// pages of their own, so Run does that when the scan is over. Until then a
// text's row holds its place in the spool.
//
// The file is only ever appended to, and it is on the disk before the
// transaction that refers to it ends. What a failed batch left in it is never
// referred to.
type spool struct {
	name  string // "" if there can be none
	flags int    // to open it with: one that is written is read through the same

	mu   sync.RWMutex
	file *os.File // nil until it is needed
	end  int64
}

// place is where a text lies in the spool.
type place struct {
	at   int64
	size uint32
	sum  uint32 // CRC-32C
}

// placeSize is the length of a place as it is stored, with the kind before it.
const placeSize = 1 + 8 + 4 + 4

// inSpool are the rows whose text is in the spool. Their length is asked first,
// as that reads no text.
const inSpool = `length(raw) = 17 AND raw >= x'02' AND raw < x'03'`

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (p place) pack() []byte {
	b := append(make([]byte, 0, placeSize), spooledText)
	b = binary.BigEndian.AppendUint64(b, uint64(p.at))
	b = binary.BigEndian.AppendUint32(b, p.size)
	return binary.BigEndian.AppendUint32(b, p.sum)
}

func unpackPlace(b []byte) (place, error) {
	if len(b) != placeSize {
		return place{}, errors.New("unpack text: a place in the spool of another length")
	}
	b = b[1:]
	return place{int64(binary.BigEndian.Uint64(b)), binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])}, nil
}

// open gives the file; s.mu is held for writing.
func (s *spool) open(flags int) error {
	if s.file != nil {
		return nil
	}
	f, err := os.OpenFile(s.name, s.flags|flags, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.file, s.end = f, info.Size()
	return nil
}

// add appends the texts of sights that are worth packing and gives each its
// place. The function it returns waits until they are on the disk, and says
// where the spool then ends.
func (s *spool) add(sights [][]*sight) (synced func() (int64, error), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(os.O_CREATE); err != nil {
		return nil, err
	}
	at := s.end
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, at), 1<<18)
	for _, list := range sights {
		for _, g := range list {
			text := g.p.Body
			if len(text) < minPacked {
				continue
			}
			p := place{at, uint32(len(text)), crc32.Checksum([]byte(text), castagnoli)}
			g.raw = p.pack
			at += int64(len(text))
			if _, err := w.WriteString(text); err != nil {
				return nil, err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	s.end = at
	done := make(chan error, 1)
	go func(f *os.File) { done <- f.Sync() }(s.file)
	return func() (int64, error) { return at, <-done }, nil
}

// read gives the text at a place.
func (s *spool) read(p place) (string, error) {
	s.mu.RLock()
	f := s.file
	s.mu.RUnlock()
	if f == nil {
		s.mu.Lock()
		err := s.open(0)
		f = s.file
		s.mu.Unlock()
		if err != nil {
			return "", err
		}
	}
	text := make([]byte, p.size)
	if _, err := f.ReadAt(text, p.at); err != nil {
		return "", fmt.Errorf("read %s: %w", s.name, err)
	}
	if crc32.Checksum(text, castagnoli) != p.sum {
		return "", fmt.Errorf("read %s: the text at %d is damaged", s.name, p.at)
	}
	return string(text), nil
}

func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// remove deletes the file.
func (s *spool) remove() error {
	err := s.close()
	if e := os.Remove(s.name); !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// copyTo copies the file, if there is one, to a new file.
func (s *spool) copyTo(name string) error {
	from, err := os.Open(s.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}
