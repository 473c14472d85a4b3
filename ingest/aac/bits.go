package aac

// bits reads fields of up to 32 bits from the front of a byte slice. Reading
// past the end gives zeros and is remembered, so that callers check once.
type bits struct {
	data []byte
	pos  int // in bits
	over bool
}

func (b *bits) left() int { return len(b.data)*8 - b.pos }

func (b *bits) read(n int) int {
	if b.left() < n {
		b.pos, b.over = len(b.data)*8, true
		return 0
	}
	v := 0
	for range n {
		v = v<<1 | int(b.data[b.pos>>3]>>(7-b.pos&7)&1)
		b.pos++
	}
	return v
}

// align goes on to the next whole byte.
func (b *bits) align() { b.pos = (b.pos + 7) &^ 7 }
