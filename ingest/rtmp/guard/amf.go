package guard

import (
	"fmt"
	"mediad/ingest/rtmp/amf0"
	"unicode/utf8"
)

// rewriteAMF checks a sequence of AMF0 values and rewrites it, in place, into
// the subset that go-amf0 reads correctly and within bounds: Number, Boolean,
// String, Object, Null, StrictArray and Date. The result is a prefix of b,
// because no value grows:
//
//   - ECMAArray becomes Object. go-amf0 decodes every property of an ECMA
//     array into one reused variable. It does not read an object that follows
//     a number there, and later takes the inside of a checked string for
//     values. That is a way around any check that leaves ECMA arrays in. An
//     array that ends with the message, without an end marker, is closed,
//     because some encoders forget the marker.
//   - LongString and XML become String; a typed object loses its class.
//   - Undefined, Unsupported and Reference become Null.
//   - Bytes that are not UTF-8 become '?'.
func rewriteAMF(b []byte, maxDepth, maxValues int) ([]byte, error) {
	w := amfRewriter{b: b, depth: maxDepth, values: maxValues, maxDepth: maxDepth, maxValues: maxValues}
	for w.r < len(b) {
		if err := w.value(); err != nil {
			return nil, err
		}
	}
	return b[:w.w], nil
}

// amfRewriter walks over b: what lies before w is written, what lies from r
// on is unread, and w never passes r.
type amfRewriter struct {
	b                   []byte
	r, w                int
	depth, values       int // how many more are allowed
	maxDepth, maxValues int
}

func (a *amfRewriter) left() int { return len(a.b) - a.r }

func (a *amfRewriter) put(c byte) {
	a.b[a.w] = c
	a.w++
}

// take moves n bytes to the output as they are.
func (a *amfRewriter) take(n int) error {
	if n > a.left() {
		return a.short()
	}
	if a.w != a.r {
		copy(a.b[a.w:], a.b[a.r:a.r+n])
	}
	a.w += n
	a.r += n
	return nil
}

func (a *amfRewriter) short() error {
	return fmt.Errorf("%w: value runs past the end at byte %d", ErrAMF, a.r)
}

func (a *amfRewriter) value() error {
	if a.values--; a.values < 0 {
		return fmt.Errorf("%w: more than %d", ErrAMFValues, a.maxValues)
	}
	if a.left() == 0 {
		return a.short()
	}
	switch marker := a.b[a.r]; marker {
	case amf0.Number:
		return a.take(9)
	case amf0.Boolean:
		return a.take(2)
	case amf0.Date:
		return a.take(11)
	case amf0.Null:
		return a.take(1)
	case amf0.Undefined, amf0.Unsupported:
		return a.null(1)
	case amf0.Reference:
		return a.null(3)
	case amf0.String:
		if err := a.take(1); err != nil {
			return err
		}
		return a.utf8()
	case amf0.LongString, amf0.XML:
		return a.longString()
	case amf0.Object:
		a.r++
		return a.object(false)
	case amf0.ECMAArray:
		if a.left() < 5 {
			return a.short()
		}
		a.r += 5 // the count is only a hint, AMF0 2.10
		return a.object(true)
	case amf0.TypedObject:
		return a.typedObject()
	case amf0.StrictArray:
		return a.strictArray()
	case amf0.AVMPlus:
		return ErrAMF3
	default:
		return fmt.Errorf("%w: marker 0x%02x at byte %d", ErrAMF, marker, a.r)
	}
}

// fixUTF8 overwrites what is not UTF-8. go-amf0 fails on such text, so a badly
// encoded title would end the connection.
func fixUTF8(s []byte) {
	if utf8.Valid(s) {
		return
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && n == 1 {
			s[i] = '?'
		}
		i += n
	}
}
