package duration

import (
	"bytes"
	"encoding/binary"
	"time"
)

// frame is what an MPEG audio frame's header says.
type frame struct {
	rate    int // samples a second
	bitrate int // bits a second
	samples int // a frame
	length  int // bytes
	side    int // bytes of side information: the Xing header follows it
}

var bitrates = [2][16]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}, // MPEG 1, layer III
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},     // MPEG 2 and 2.5
}

// frameAt reads the header of an MPEG layer III frame.
func frameAt(b []byte) (f frame, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 {
		return f, false
	}
	version, rates := b[1]>>3&3, [4]int{44100, 48000, 32000, 0}
	mono := b[3]>>6 == 3
	f.rate = rates[b[2]>>2&3]
	f.samples, f.bitrate = 576, bitrates[1][b[2]>>4]*1000
	f.side = 17
	if mono {
		f.side = 9
	}
	switch version {
	case 3:
		f.samples, f.bitrate = 1152, bitrates[0][b[2]>>4]*1000
		if f.side = 32; mono {
			f.side = 17
		}
	case 2:
		f.rate /= 2
	case 0:
		f.rate /= 4
	default:
		return f, false
	}
	if f.rate == 0 || f.bitrate == 0 {
		return f, false
	}
	f.length = f.samples/8*f.bitrate/f.rate + int(b[2]>>1&1)
	return f, true
}

// mp3 counts frames by the Xing, Info or VBRI header, else by the bit rate.
func (r *reader) mp3() time.Duration {
	start := int64(0)
	if h := r.at(0, 10); len(h) == 10 && string(h[:3]) == "ID3" {
		start = 10 + int64(h[6]&0x7f)<<21 + int64(h[7]&0x7f)<<14 + int64(h[8]&0x7f)<<7 + int64(h[9]&0x7f)
	}
	b := r.at(start, 64<<10)
	for i := 0; i+4 < len(b); i++ {
		f, ok := frameAt(b[i:])
		if !ok {
			continue
		}
		if next := i + f.length; next+4 <= len(b) { // one header may be chance, two are not
			if g, ok := frameAt(b[next:]); !ok || g.rate != f.rate {
				continue
			}
		} else if i > 0 {
			continue
		}
		if n := frames(b[i:], f); n > 0 {
			return seconds(uint64(n)*uint64(f.samples), uint64(f.rate))
		}
		end := r.size
		if tag := r.at(r.size-128, 3); string(tag) == "TAG" {
			end -= 128
		}
		return seconds(uint64(max(0, end-start-int64(i)))*8, uint64(f.bitrate))
	}
	return 0
}

// frames reads the count that an encoder left in the first frame, 0 if none.
func frames(b []byte, f frame) uint32 {
	if x := 4 + f.side; len(b) >= x+12 && (string(b[x:x+4]) == "Xing" || string(b[x:x+4]) == "Info") && b[x+7]&1 == 1 {
		return binary.BigEndian.Uint32(b[x+8:])
	}
	if len(b) >= 54 && bytes.Equal(b[36:40], []byte("VBRI")) {
		return binary.BigEndian.Uint32(b[50:])
	}
	return 0
}
