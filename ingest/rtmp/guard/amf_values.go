package guard

import (
	"encoding/binary"
	"fmt"
	"mediad/ingest/rtmp/amf0"
)

// null writes Null for a value of n bytes.
func (a *amfRewriter) null(n int) error {
	if a.left() < n {
		return a.short()
	}
	a.r += n
	a.put(amf0.Null)
	return nil
}

// utf8 moves a 16-bit length and its text.
func (a *amfRewriter) utf8() error {
	if a.left() < 2 {
		return a.short()
	}
	n := int(binary.BigEndian.Uint16(a.b[a.r:]))
	if err := a.take(2 + n); err != nil {
		return err
	}
	fixUTF8(a.b[a.w-n : a.w])
	return nil
}

func (a *amfRewriter) longString() error {
	if a.left() < 5 {
		return a.short()
	}
	n := binary.BigEndian.Uint32(a.b[a.r+1:])
	if uint64(n) > uint64(a.left()-5) {
		return a.short()
	}
	if n > 0xffff { // possible only with a raised MaxControl
		return fmt.Errorf("%w: string of %d bytes", ErrAMF, n)
	}
	a.r += 5
	a.put(amf0.String)
	a.put(byte(n >> 8))
	a.put(byte(n))
	if err := a.take(int(n)); err != nil {
		return err
	}
	fixUTF8(a.b[a.w-int(n) : a.w])
	return nil
}

func (a *amfRewriter) typedObject() error {
	if a.left() < 3 {
		return a.short()
	}
	n := 3 + int(binary.BigEndian.Uint16(a.b[a.r+1:]))
	if a.left() < n {
		return a.short()
	}
	a.r += n
	return a.object(false)
}

// object writes an Object with the properties that follow. With open set, the
// end of the message may replace the end marker, which is then written in the
// room that an ECMA array's count has left.
func (a *amfRewriter) object(open bool) error {
	if err := a.enter(); err != nil {
		return err
	}
	a.put(amf0.Object)
	for {
		if open && a.left() == 0 {
			a.put(0)
			a.put(0)
			a.put(amf0.ObjectEnd)
			break
		}
		if a.left() < 2 {
			return a.short()
		}
		last := a.b[a.r] == 0 && a.b[a.r+1] == 0
		if err := a.utf8(); err != nil {
			return err
		}
		if last {
			// An empty name can only be the end: go-amf0 knows no property
			// of that name.
			if a.left() == 0 || a.b[a.r] != amf0.ObjectEnd {
				return fmt.Errorf("%w: object without end marker at byte %d", ErrAMF, a.r)
			}
			if err := a.take(1); err != nil {
				return err
			}
			break
		}
		if err := a.value(); err != nil {
			return err
		}
	}
	a.depth++
	return nil
}

func (a *amfRewriter) strictArray() error {
	if a.left() < 5 {
		return a.short()
	}
	n := binary.BigEndian.Uint32(a.b[a.r+1:])
	if uint64(n) > uint64(a.left()-5) { // a value takes at least a byte
		return fmt.Errorf("%w: array of %d in %d bytes", ErrAMF, n, a.left()-5)
	}
	if int(n) > a.values {
		return fmt.Errorf("%w: more than %d", ErrAMFValues, a.maxValues)
	}
	if err := a.enter(); err != nil {
		return err
	}
	if err := a.take(5); err != nil {
		return err
	}
	for range n {
		if err := a.value(); err != nil {
			return err
		}
	}
	a.depth++
	return nil
}

func (a *amfRewriter) enter() error {
	if a.depth--; a.depth < 0 {
		return fmt.Errorf("%w: more than %d levels", ErrAMFDepth, a.maxDepth)
	}
	return nil
}
