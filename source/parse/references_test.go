package parse

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSignsAreFoundInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		b := make([]byte, r.IntN(40))
		for i := range b {
			b[i] = "]=[ab(c"[r.IntN(7)]
		}
		body := string(b)
		signs := seeker{body: body, next: [...]int{-1, -1, -1}}
		for pos := 0; pos <= len(body); pos++ {
			want := strings.IndexAny(body[pos:], "]=[")
			if want < 0 {
				want = len(body)
			} else {
				want += pos
			}
			if got := signs.from(pos); got != want {
				t.Fatalf("%q: %d from %d on, want %d", body, got, pos, want)
			}
			if r.IntN(2) == 0 {
				pos = want
			}
		}
	}
}
