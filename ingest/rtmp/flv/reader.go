package flv

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Type is a tag's type, which is the RTMP message type as well.
type Type byte

// The tag types of FLV E.4.1.
const (
	Audio  Type = 8
	Video  Type = 9
	Script Type = 18
)

// Tag is one tag of a file: what RTMP carries as one message.
type Tag struct {
	Type      Type
	Timestamp uint32 // in milliseconds, wraps
	Body      []byte
}

// MaxBody bounds a tag's body in bytes.
const MaxBody = 8 << 20

// Reader reads the tags of an FLV file.
type Reader struct {
	// Owned by the caller of Next.
	r      *bufio.Reader
	header bool // the file header was read
}

// NewReader returns a Reader of a file that starts with its header.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReader(r)} }

// Next returns the next tag. The body is the caller's. After the last whole tag it
// returns io.EOF, or an error that wraps io.ErrUnexpectedEOF where a tag is cut off.
func (r *Reader) Next() (Tag, error) {
	if !r.header {
		if err := r.readHeader(); err != nil {
			return Tag{}, fmt.Errorf("read FLV header: %w", err)
		}
		r.header = true
	}
	// PreviousTagSize stands in front of each tag and behind the last one.
	var head [4 + 11]byte
	if n, err := io.ReadFull(r.r, head[:]); err != nil {
		if n <= 4 {
			return Tag{}, io.EOF
		}
		return Tag{}, fmt.Errorf("read FLV tag: %w", err)
	}
	tag := head[4:]
	if tag[0]&0x20 != 0 {
		return Tag{}, errors.New("FLV file is encrypted")
	}
	size := uint32(tag[1])<<16 | uint32(tag[2])<<8 | uint32(tag[3])
	if size > MaxBody {
		return Tag{}, fmt.Errorf("FLV tag of %d bytes, more than %d", size, MaxBody)
	}
	t := Tag{
		Type: Type(tag[0] & 0x1f),
		// TimestampExtended holds the upper 8 bits, FLV E.4.1.
		Timestamp: uint32(tag[7])<<24 | uint32(tag[4])<<16 | uint32(tag[5])<<8 | uint32(tag[6]),
	}
	// The size is only a promise: grow with what really comes.
	body, err := io.ReadAll(io.LimitReader(r.r, int64(size)))
	if err != nil {
		return Tag{}, fmt.Errorf("read FLV tag: %w", err)
	}
	if len(body) < int(size) {
		return Tag{}, fmt.Errorf("read FLV tag: %w", io.ErrUnexpectedEOF)
	}
	t.Body = body
	return t, nil
}

func (r *Reader) readHeader() error {
	var h [9]byte
	if _, err := io.ReadFull(r.r, h[:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	if string(h[:3]) != "FLV" || h[3] != 1 {
		return errors.New("not an FLV file of version 1")
	}
	offset := binary.BigEndian.Uint32(h[5:])
	if offset < 9 || offset > 1<<10 {
		return fmt.Errorf("header of %d bytes", offset)
	}
	_, err := r.r.Discard(int(offset) - len(h))
	return err
}

// ReadAll reads all tags of a file.
func ReadAll(r io.Reader) ([]Tag, error) {
	var tags []Tag
	for fr := NewReader(r); ; {
		t, err := fr.Next()
		if errors.Is(err, io.EOF) {
			return tags, nil
		}
		if err != nil {
			return nil, err
		}
		tags = append(tags, t)
	}
}
