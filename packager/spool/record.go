package spool

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A record is a prefix of 20 bytes and a JSON object that says what it is; its
// media is what comes next in the segment's own file. Of the prefix, all numbers
// big-endian:
//
//	0  kind: 'H', 'P' or 'E'
//	1  "sp2": the format and its version
//	4  length of the object, 1 to 256 KiB
//	8  length of the media, 0 to 64 MiB
//	12 CRC-32C of the media
//	16 CRC-32C of bytes 0 to 15 and the object
//
// Former versions wrote "sp1": there the media stands behind its record, and there
// is one file for each segment. It is still read.
const (
	prefix    = 20
	maxObject = 256 << 10
	maxMedia  = 64 << 20 // a part has at most 32 MiB and one unit more
)

type kind byte

const (
	kindHead kind = 'H'
	kindPart kind = 'P'
	kindEnd  kind = 'E'
)

const (
	format       = "sp2"
	formatInline = "sp1"
)

// castagnoli makes the table of CRC-32C; the standard library keeps only one.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// errTorn is why a file is not read further: what follows is no whole record.
var errTorn = errors.New("the record is not whole")

// header gives the bytes before a record's media.
func header(k kind, object any, media []byte) ([]byte, error) {
	text, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return seal(format, k, text, media)
}

// seal puts the prefix before an object.
func seal(format string, k kind, text, media []byte) ([]byte, error) {
	if len(text) > maxObject || len(media) > maxMedia {
		return nil, fmt.Errorf("encode record: %d and %d bytes are more than it may hold", len(text), len(media))
	}
	out := make([]byte, prefix, prefix+len(text))
	out[0] = byte(k)
	copy(out[1:], format)
	binary.BigEndian.PutUint32(out[4:], uint32(len(text)))
	binary.BigEndian.PutUint32(out[8:], uint32(len(media)))
	binary.BigEndian.PutUint32(out[12:], crc32.Checksum(media, castagnoli()))
	sum := crc32.Update(crc32.Checksum(out[:16], castagnoli()), castagnoli(), text)
	binary.BigEndian.PutUint32(out[16:], sum)
	return append(out, text...), nil
}

// found is a record without its media, which may be long.
type found struct {
	kind   kind
	object []byte
	inline bool  // the media stands behind the record
	at     int64 // of the media, if inline
	size   int64 // of the media
	sum    uint32
	next   int64 // where the next record begins
}

// recordAt reads the record at an offset of a file of a given size. Nothing is
// allocated for more than the file holds.
func recordAt(r io.ReaderAt, at, size int64) (found, error) {
	var p [prefix]byte
	if size-at < prefix {
		return found{}, errTorn
	}
	if _, err := r.ReadAt(p[:], at); err != nil {
		return found{}, fmt.Errorf("read record: %w", err)
	}
	object, media := int64(binary.BigEndian.Uint32(p[4:])), int64(binary.BigEndian.Uint32(p[8:]))
	f := found{kind: kind(p[0]), at: at + prefix + object, size: media, sum: binary.BigEndian.Uint32(p[12:])}
	f.next = f.at
	switch string(p[1:4]) {
	case format:
	case formatInline:
		f.inline, f.next = true, f.at+media
	default:
		return found{}, errTorn
	}
	if object == 0 || object > maxObject || media > maxMedia || f.next > size {
		return found{}, errTorn
	}
	f.object = make([]byte, object)
	if _, err := r.ReadAt(f.object, at+prefix); err != nil {
		return found{}, fmt.Errorf("read record: %w", err)
	}
	sum := crc32.Update(crc32.Checksum(p[:16], castagnoli()), castagnoli(), f.object)
	if sum != binary.BigEndian.Uint32(p[16:]) {
		return found{}, errTorn
	}
	return f, nil
}
