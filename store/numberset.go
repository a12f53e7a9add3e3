package store

import (
	"math/bits"

	"feedwright/article"
)

// numberSet holds numbers of articles, a bit each: they are dense.
type numberSet []uint64

func newNumberSet(last article.Number) numberSet { return make(numberSet, last/64+1) }

// add says whether there is room for the number.
func (s numberSet) add(n uint64) bool {
	if n/64 >= uint64(len(s)) {
		return false
	}
	s[n/64] |= 1 << (n % 64)
	return true
}

func (s numberSet) remove(n uint64) {
	if n/64 < uint64(len(s)) {
		s[n/64] &^= 1 << (n % 64)
	}
}

func (s numberSet) has(n uint64) bool { return n/64 < uint64(len(s)) && s[n/64]>>(n%64)&1 != 0 }

// numbers lists what is in the set, ascending.
func (s numberSet) numbers() []article.Number {
	size := 0
	for _, w := range s {
		size += bits.OnesCount64(w)
	}
	list := make([]article.Number, 0, size)
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			list = append(list, article.Number(i*64+bits.TrailingZeros64(w)))
		}
	}
	return list
}
