package search

import (
	"encoding/binary"
	"math/bits"
)

// BlockSize is how many numbers a Set is for.
const BlockSize = 4096

// Set is a set of numbers from 0 to BlockSize-1.
type Set [BlockSize / 64]uint64

// Add puts a number into the set.
func (s *Set) Add(n int) { s[n/64] |= 1 << (n % 64) }

// Remove takes a number out.
func (s *Set) Remove(n int) { s[n/64] &^= 1 << (n % 64) }

// And keeps the numbers that are in both sets.
func (s *Set) And(other *Set) {
	for i := range s {
		s[i] &= other[i]
	}
}

// Or adds the numbers of another set.
func (s *Set) Or(other *Set) {
	for i := range s {
		s[i] |= other[i]
	}
}

// Without takes the numbers of another set out.
func (s *Set) Without(other *Set) {
	for i := range s {
		s[i] &^= other[i]
	}
}

// Has tells whether a number is in the set.
func (s *Set) Has(n int) bool { return s[n/64]&(1<<(n%64)) != 0 }

// Numbers gives the numbers of the set in order.
func (s *Set) Numbers() (all []int) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			all = append(all, 64*i+bits.TrailingZeros64(w))
		}
	}
	return all
}

// wide is the length of a set that is written as bits. One with fewer numbers is
// written as a list of them.
const wide = BlockSize / 8

// Bytes writes the set; an empty one is no bytes.
func (s *Set) Bytes() []byte {
	count := s.Len()
	if 2*count < wide {
		out := make([]byte, 0, 2*count)
		for _, n := range s.Numbers() {
			out = binary.LittleEndian.AppendUint16(out, uint16(n))
		}
		return out
	}
	out := make([]byte, 0, wide)
	for _, w := range s {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return out
}

// SetOf reads what Bytes wrote. Of other bytes it makes some set.
func SetOf(b []byte) *Set {
	s := new(Set)
	if len(b) == wide {
		for i := range s {
			s[i] = binary.LittleEndian.Uint64(b[8*i:])
		}
		return s
	}
	for ; len(b) >= 2; b = b[2:] {
		s.Add(int(binary.LittleEndian.Uint16(b)) % BlockSize)
	}
	return s
}

// Len gives the number of numbers in the set.
func (s *Set) Len() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}
