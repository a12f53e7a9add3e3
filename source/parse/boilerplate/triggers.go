package boilerplate

import (
	"slices"
	"strings"
)

// trigger is how many bytes of a literal are looked for.
const trigger = 4

// triggers is one quick look at which patterns could match: each literal is
// known by its four least common bytes, and a small table of their hashes,
// which most text misses, guards the map.
type triggers struct {
	table [1 << 13]bool
	rules map[[trigger]byte][]int
	all   []int // patterns without a literal: always worth a try
}

func slot(a, b, c, d byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16 | uint32(d)<<24) * 2654435761 >> 19
}

// common orders bytes by how often texts have them, the commonest first.
const common = " etaoinsrhldcumfpgwybvkxjqz"

// rarest finds the four bytes of a literal that texts have least.
func rarest(l string) [trigger]byte {
	best, at := -1, 0
	for i := 0; i+trigger <= len(l); i++ {
		score := 0
		for j := i; j < i+trigger; j++ {
			if k := strings.IndexByte(common, l[j]); k >= 0 {
				score += k
			} else {
				score += len(common) / 2 // a byte of another script
			}
		}
		if score > best {
			best, at = score, i
		}
	}
	return [trigger]byte([]byte(l[at:]))
}

func (t *triggers) add(lits []string, rule int) {
	if t.rules == nil {
		t.rules = map[[trigger]byte][]int{}
	}
	if len(lits) == 0 {
		t.all = append(t.all, rule)
	}
	for _, l := range lits {
		k := rarest(l)
		if !slices.Contains(t.rules[k], rule) {
			t.rules[k] = append(t.rules[k], rule)
		}
		t.table[slot(k[0], k[1], k[2], k[3])] = true
	}
}

// worth gives the patterns that could match a paragraph's words, in order.
func (t *triggers) worth(w []byte) []int {
	out := slices.Clone(t.all)
	for ; len(w) >= trigger; w = w[1:] {
		if t.table[slot(w[0], w[1], w[2], w[3])] {
			out = append(out, t.rules[[trigger]byte(w)]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
