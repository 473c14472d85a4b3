// Package h264 reads what an H.264 publisher sends: the configuration record
// that precedes the pictures, the parameter sets in it, and pictures as
// length-prefixed NAL units.
//
// Bytes flow in; slices of the same bytes and small values flow out. Only Sets
// keeps copies: every other result is valid as long as its input is. The
// package refuses records without parameter sets, lengths that point beyond
// the data, and pictures of impossible size; it does not decode pictures.
package h264

// Type is a NAL unit's type, Rec. ITU-T H.264 table 7-1.
type Type byte

// The types that matter to a remuxer.
const (
	Slice  Type = 1
	IDR    Type = 5
	SEI    Type = 6
	SPS    Type = 7
	PPS    Type = 8
	AUD    Type = 9
	Filler Type = 12
	SPSExt Type = 13
)

// TypeOf tells a NAL unit's type; an empty unit has type 0, which is
// unspecified by the standard.
func TypeOf(nal []byte) Type {
	if len(nal) == 0 {
		return 0
	}
	return Type(nal[0] & 0x1f)
}

// HasIDR tells whether a picture can be decoded without earlier ones: it has
// an IDR slice. The frame type that FLV declares is not enough, because some
// encoders mark recovery points as key frames too.
func HasIDR(nals [][]byte) bool {
	for _, nal := range nals {
		if TypeOf(nal) == IDR {
			return true
		}
	}
	return false
}

// HasSlice tells whether there is any coded picture data among the units.
func HasSlice(nals [][]byte) bool {
	for _, nal := range nals {
		if t := TypeOf(nal); t >= Slice && t <= IDR {
			return true
		}
	}
	return false
}
