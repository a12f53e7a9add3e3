package duration

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

func be32(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }
func le32(n uint32) string { return string(binary.LittleEndian.AppendUint32(nil, n)) }
func le64(n uint64) string { return string(binary.LittleEndian.AppendUint64(nil, n)) }

func box(name, in string) string { return be32(uint32(len(in)+8)) + name + in }

// mp3Frames are frames of MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes and
// 1152 samples each.
func mp3Frames(n int, first string) string {
	frame := "\xff\xfb\x90\x00"
	one := frame + strings.Repeat("\x00", 413)
	if first != "" {
		first = frame + strings.Repeat("\x00", 32) + first
		return first + strings.Repeat("\x00", 417-len(first)) + strings.Repeat(one, n)
	}
	return strings.Repeat(one, n)
}

func samples() map[string]struct {
	data string
	want time.Duration
} {
	type s = struct {
		data string
		want time.Duration
	}
	mvhd0 := box("mvhd", "\x00\x00\x00\x00"+strings.Repeat("\x00", 8)+be32(1000)+be32(61_500)+strings.Repeat("\x00", 80))
	mvhd1 := box("mvhd", "\x01\x00\x00\x00"+strings.Repeat("\x00", 16)+be32(600)+be32(0)+be32(1800)+strings.Repeat("\x00", 80))
	ftyp := box("ftyp", "M4A \x00\x00\x00\x00isom")
	page := func(granule uint64, in string) string {
		return "OggS\x00\x00" + le64(granule) + strings.Repeat("\x00", 12) + "\x01" + string(rune(len(in)&0x7f)) + in
	}
	info := uint64(44100)<<44 | 1<<41 | 15<<36 | 44100*90
	return map[string]s{
		"wav":             {"RIFF" + le32(0) + "WAVEfmt " + le32(16) + "\x01\x00\x02\x00" + le32(44100) + le32(176400) + "\x04\x00\x10\x00" + "data" + le32(176400*2) + strings.Repeat("\x00", 176400*2), 2 * time.Second},
		"wav, odd chunk":  {"RIFF" + le32(0) + "WAVEfmt " + le32(16) + "\x01\x00\x02\x00" + le32(44100) + le32(1000) + "\x04\x00\x10\x00" + "LIST" + le32(3) + "abc\x00" + "data" + le32(500) + strings.Repeat("\x00", 500), 500 * time.Millisecond},
		"flac":            {"fLaC\x00\x00\x00\x22" + strings.Repeat("\x00", 10) + string(binary.BigEndian.AppendUint64(nil, info)) + strings.Repeat("\x00", 16), 90 * time.Second},
		"m4a, moov last":  {ftyp + box("mdat", strings.Repeat("x", 1000)) + box("moov", mvhd0), 61_500 * time.Millisecond},
		"mp4, version 1":  {ftyp + box("moov", mvhd1) + box("mdat", "x"), 3 * time.Second},
		"mp4, fragmented": {ftyp + box("moov", strings.Replace(mvhd0, be32(61_500), be32(0), 1)), 0},
		"vorbis":          {page(0, "\x01vorbis\x00\x00\x00\x00\x02"+le32(44100)) + page(44100*7, "x"), 7 * time.Second},
		"opus":            {page(0, "OpusHead\x01\x02\x38\x01"+le32(48000)+"\x00\x00\x00") + page(48000*5+312, "x") + page(1<<64-1, "y"), 5 * time.Second},
		"mp3, constant":   {mp3Frames(100, ""), 100 * 417 * 8 * time.Second / 128000},
		"mp3, ID3":        {"ID3\x04\x00\x00\x00\x00\x02\x00" + strings.Repeat("\xff", 256) + mp3Frames(100, ""), 100 * 417 * 8 * time.Second / 128000},
		"mp3, Xing":       {mp3Frames(10, "Xing\x00\x00\x00\x01"+be32(1000)), 1000 * 1152 * time.Second / 44100},
		"mp3, tail tag":   {mp3Frames(100, "") + "TAG" + strings.Repeat("\x00", 125), 100 * 417 * 8 * time.Second / 128000},
		"text":            {strings.Repeat("Some text that is no sound. ", 50), 0},
		"nothing":         {"", 0},
		"stump":           {"OggS", 0},
	}
}

func TestDurationOfContainers(t *testing.T) {
	for name, s := range samples() {
		got := Of(bytes.NewReader([]byte(s.data)), int64(len(s.data)))
		if d := got - s.want; d > 7*time.Millisecond || d < -7*time.Millisecond {
			t.Errorf("%s lasts %s, want %s", name, got, s.want)
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range samples() {
		f.Add([]byte(s.data[:min(len(s.data), 2000)]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if d := Of(bytes.NewReader(b), int64(len(b))); d < 0 || d > longest {
			t.Errorf("lasts %s", d)
		}
	})
}
