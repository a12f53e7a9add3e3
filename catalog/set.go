package catalog

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// rank is an article's place in the order of publication: a later article has
// a higher rank. Ranks are spaced by gap, so that an article with an older date
// finds a place between two others without moving them.
type rank = uint32

const (
	gap       = 8       // between ranks after a renumbering
	blockBits = 16      // ranks share a block if they agree but for these bits
	blockSize = 1 << 16 //
	rareLimit = 48      // a set with more members is kept in blocks
)

// set is an immutable set of ranks. A rare one is a sorted list; any other is a
// row of blocks, each a bitmap of one blockSize of ranks, so that a change
// copies one block, and the newest members of an expression are found in the
// last blocks alone.
type set struct {
	rare   []rank
	blocks []*roaring.Bitmap // nil where empty; members are rank % blockSize
	size   int
}

var empty = &set{}

// block gives the members in one block, nil if there are none. The caller must
// not change it.
func (s *set) block(b int) *roaring.Bitmap {
	if s.blocks != nil {
		if b < len(s.blocks) {
			return s.blocks[b]
		}
		return nil
	}
	lo, _ := slices.BinarySearch(s.rare, rank(b)<<blockBits)
	var m *roaring.Bitmap
	for ; lo < len(s.rare) && int(s.rare[lo]>>blockBits) == b; lo++ {
		if m == nil {
			m = roaring.New()
		}
		m.Add(s.rare[lo] % blockSize)
	}
	return m
}

func (s *set) has(r rank) bool {
	if s.blocks == nil {
		_, ok := slices.BinarySearch(s.rare, r)
		return ok
	}
	b := int(r >> blockBits)
	return b < len(s.blocks) && s.blocks[b] != nil && s.blocks[b].Contains(r%blockSize)
}

// with returns the set with the ranks of add and without those of drop.
func (s *set) with(add, drop []rank) *set {
	if s.blocks == nil && len(s.rare)+len(add) <= rareLimit {
		return s.rareWith(add, drop)
	}
	blocks := slices.Clone(s.blocks)
	size := s.size
	own := map[int]bool{}
	at := func(r rank) *roaring.Bitmap {
		b := int(r >> blockBits)
		if b >= len(blocks) {
			blocks = append(blocks, make([]*roaring.Bitmap, b+1-len(blocks))...)
		}
		if !own[b] {
			own[b] = true
			if blocks[b] == nil {
				blocks[b] = roaring.New()
			} else {
				blocks[b] = blocks[b].Clone()
			}
		}
		return blocks[b]
	}
	if s.blocks == nil {
		for _, r := range s.rare {
			at(r).Add(r % blockSize)
		}
	}
	for _, r := range drop {
		if at(r).CheckedRemove(r % blockSize) {
			size--
		}
	}
	for _, r := range add {
		if at(r).CheckedAdd(r % blockSize) {
			size++
		}
	}
	for b := range own {
		if blocks[b].IsEmpty() {
			blocks[b] = nil
		}
	}
	if size == 0 {
		return empty
	}
	return &set{blocks: blocks, size: size}
}

func (s *set) rareWith(add, drop []rank) *set {
	rare := make([]rank, 0, len(s.rare)+len(add))
	for _, r := range s.rare {
		if !slices.Contains(drop, r) {
			rare = append(rare, r)
		}
	}
	rare = append(rare, add...)
	slices.Sort(rare)
	rare = slices.Compact(rare)
	return &set{rare: rare, size: len(rare)}
}

// each calls yield for every member, ascending.
func (s *set) each(yield func(rank) bool) {
	for _, r := range s.rare {
		if !yield(r) {
			return
		}
	}
	for b, m := range s.blocks {
		if m == nil {
			continue
		}
		for it := m.Iterator(); it.HasNext(); {
			if !yield(rank(b)<<blockBits | it.Next()) {
				return
			}
		}
	}
}

// collect makes a set of ascending ranks.
func collect(ranks []rank) *set {
	if len(ranks) <= rareLimit {
		return &set{rare: slices.Clip(ranks), size: len(ranks)}
	}
	return empty.with(ranks, nil)
}
