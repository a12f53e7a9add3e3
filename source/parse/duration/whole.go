package duration

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrCut says that a file ends before its contents do: it is still being
// written, or its copying was broken off.
var ErrCut = errors.New("the file is not whole")

// Whole says whether sound or film is there to its last frame. Its error wraps
// ErrCut and says what is missing. A container that does not tell, and one that
// is not known, counts as whole. An MP3 is read from end to end, of the others
// a few hundred bytes.
func Whole(f io.ReadSeeker, size int64) error {
	r := reader{f: f, size: size}
	head := r.at(0, 64)
	switch {
	case len(head) < 12:
		return fmt.Errorf("%w: it holds %d bytes", ErrCut, size)
	case bytes.HasPrefix(head, []byte("OggS")):
		return r.wholeOgg()
	case bytes.HasPrefix(head, []byte("RIFF")) && string(head[8:12]) == "WAVE":
		return r.wholeWAV()
	case string(head[4:8]) == "ftyp":
		return r.wholeMP4()
	case bytes.HasPrefix(head, []byte("fLaC")):
		return nil
	}
	return r.wholeMP3()
}

// wholeOgg wants a last page that is complete and ends its stream (RFC 3533 §6).
func (r *reader) wholeOgg() error {
	const tail = 128 << 10 // a page has at most 65,307 bytes
	end := r.at(max(0, r.size-tail), tail)
	i := bytes.LastIndex(end, []byte("OggS\x00"))
	if i < 0 {
		return fmt.Errorf("%w: its last page is not there", ErrCut)
	}
	page := end[i:]
	if len(page) < 27 || len(page) < 27+int(page[26]) {
		return fmt.Errorf("%w: it ends within a page's head", ErrCut)
	}
	need := 27 + int(page[26])
	for _, n := range page[27 : 27+int(page[26])] {
		need += int(n)
	}
	switch {
	case need > len(page):
		return fmt.Errorf("%w: its last page lacks %d bytes", ErrCut, need-len(page))
	case page[5]&4 == 0:
		return fmt.Errorf("%w: its last page does not end the stream", ErrCut)
	}
	return nil
}

// wholeWAV compares the length of "data". Streams that were written without
// knowing their length say 0 or the largest number.
func (r *reader) wholeWAV() error {
	for pos, n := int64(12), 0; n < 200; n++ {
		h := r.at(pos, 8)
		if len(h) < 8 {
			return fmt.Errorf("%w: it ends before its sound", ErrCut)
		}
		length := int64(binary.LittleEndian.Uint32(h[4:]))
		if string(h[:4]) == "data" {
			if length == 0 || length == 1<<32-1 || pos+8+length <= r.size {
				return nil
			}
			return fmt.Errorf("%w: %d of %d bytes of sound are missing", ErrCut, pos+8+length-r.size, length)
		}
		pos += 8 + length + length&1
	}
	return nil
}

// wholeMP4 walks over the boxes at the top (ISO/IEC 14496-12 §4.2): each must
// end within the file, and moov, which many encoders write last, be there.
func (r *reader) wholeMP4() error {
	const most = 200_000 // boxes: a day of a film in fragments of a second
	moov := false
	pos := int64(0)
	for n := 0; pos < r.size; n++ {
		if n == most {
			return nil
		}
		h := r.at(pos, 16)
		if len(h) < 8 {
			return fmt.Errorf("%w: it ends within a box's head", ErrCut)
		}
		name, length, least := string(h[4:8]), int64(binary.BigEndian.Uint32(h)), int64(8)
		switch {
		case length == 0: // to the end
			length = r.size - pos
		case length == 1 && len(h) == 16:
			length, least = int64(binary.BigEndian.Uint64(h[8:])), 16
		}
		if length < least {
			return nil // no box: what is behind the film is not ours to judge
		}
		moov = moov || name == "moov"
		if length > r.size-pos {
			return fmt.Errorf("%w: its box %q lacks %d bytes", ErrCut, name, length-(r.size-pos))
		}
		pos += length
	}
	if !moov {
		return fmt.Errorf("%w: its table of contents is not there", ErrCut)
	}
	return nil
}

// wholeMP3 walks over all frames. The last one must be complete, and there must
// be as many as the encoder counted, if it did.
func (r *reader) wholeMP3() error {
	start := r.afterID3()
	if start > r.size {
		return fmt.Errorf("%w: it ends within its tags", ErrCut)
	}
	if _, err := r.f.Seek(start, io.SeekStart); err != nil {
		return nil
	}
	in := bufio.NewReaderSize(io.LimitReader(r.f, r.size-start), 64<<10)
	var seen, counted uint64
	for strayed := 0; strayed < 1<<20; {
		h, err := in.Peek(4)
		if err != nil && len(h) > 0 && h[0] == 0xff && seen > 0 {
			return fmt.Errorf("%w: its last frame is only begun", ErrCut)
		} else if err != nil {
			break // fewer than four bytes are left
		}
		f, ok := frameAt(h)
		if !ok || seen == 0 && !r.followed(in, f) {
			if tagged(in) {
				break
			}
			strayed++
			_, _ = in.Discard(1) // four bytes are there
			continue
		}
		if seen == 0 {
			b, _ := in.Peek(min(f.length, 256)) // a short first frame holds no count
			counted = uint64(frames(b, f))
		}
		seen++
		if n, err := in.Discard(f.length); err != nil {
			return fmt.Errorf("%w: its last frame lacks %d bytes", ErrCut, f.length-n)
		}
	}
	if seen == 0 {
		return nil // no MP3 that we know
	}
	// The frame that holds the count is not always counted itself.
	if counted > seen+1 {
		return fmt.Errorf("%w: %d of %d frames are missing", ErrCut, counted-seen, counted)
	}
	return nil
}

// followed says that a second frame comes after what looks like the first.
func (r *reader) followed(in *bufio.Reader, f frame) bool {
	b, err := in.Peek(f.length + 4)
	if err != nil {
		return true // nothing can follow: the file ends here
	}
	g, ok := frameAt(b[f.length:])
	return ok && g.rate == f.rate
}

// tagged says that a tag, not sound, comes next: ID3v1, APE or Lyrics3.
func tagged(in *bufio.Reader) bool {
	b, _ := in.Peek(11) // fewer at the end
	for _, mark := range []string{"TAG", "APETAGEX", "LYRICSBEGIN", "ID3"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return true
		}
	}
	return false
}

// afterID3 is where the sound may begin: behind the ID3v2 tag at the start.
func (r *reader) afterID3() int64 {
	h := r.at(0, 10)
	if len(h) < 10 || string(h[:3]) != "ID3" {
		return 0
	}
	n := int64(h[6]&0x7f)<<21 + int64(h[7]&0x7f)<<14 + int64(h[8]&0x7f)<<7 + int64(h[9]&0x7f) + 10
	if h[5]&0x10 != 0 { // a footer
		n += 10
	}
	return n
}
