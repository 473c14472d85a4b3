package id3

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Frame is one frame of a tag.
type Frame struct {
	// ID is the frame's four characters, as "TXXX".
	ID string
	// Description is a TXXX frame's description, empty for other frames.
	Description string
	// Value is a TXXX frame's text, the body of any other frame. It lies
	// inside the tag that was read.
	Value []byte
}

// Parse reads exactly one ID3v2.4 tag. Trailing bytes are an error, and so is
// everything that the package refuses.
func Parse(tag []byte) ([]Frame, error) {
	if len(tag) < headerSize || string(tag[:3]) != "ID3" {
		return nil, errors.New("no ID3 tag")
	}
	if tag[3] != 4 || tag[4] != 0 {
		return nil, fmt.Errorf("version 2.%d.%d instead of 2.4.0", tag[3], tag[4])
	}
	if tag[5] != 0 {
		return nil, fmt.Errorf("tag flags %#02x instead of none", tag[5])
	}
	size, err := syncsafe(tag[6:10])
	if err != nil {
		return nil, fmt.Errorf("tag size: %w", err)
	}
	if rest := len(tag) - headerSize; size != rest {
		return nil, fmt.Errorf("tag of %d bytes in %d", size, rest)
	}

	var frames []Frame
	for body := tag[headerSize:]; len(body) > 0; {
		f, n, err := parseFrame(body)
		if err != nil {
			return nil, fmt.Errorf("frame %d: %w", len(frames)+1, err)
		}
		// ID3v2.4.0 frames, 4.2.6: one TXXX frame for each description.
		for _, g := range frames {
			if f.ID == "TXXX" && g.ID == "TXXX" && f.Description == g.Description {
				return nil, fmt.Errorf("frame %d: second TXXX %q", len(frames)+1, f.Description)
			}
		}
		frames = append(frames, f)
		body = body[n:]
	}
	if len(frames) == 0 {
		// ID3v2.4.0 structure, 3: a tag holds at least one frame.
		return nil, errors.New("tag without frames")
	}
	return frames, nil
}

// parseFrame reads the first frame of b and tells how long it is.
func parseFrame(b []byte) (Frame, int, error) {
	if len(b) < frameHeaderSize {
		return Frame{}, 0, fmt.Errorf("%d bytes are no frame header", len(b))
	}
	for _, c := range b[:4] {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return Frame{}, 0, fmt.Errorf("identifier % x", b[:4])
		}
	}
	f := Frame{ID: string(b[:4])}
	size, err := syncsafe(b[4:8])
	switch {
	case err != nil:
		return Frame{}, 0, fmt.Errorf("%s size: %w", f.ID, err)
	case size == 0:
		// ID3v2.4.0 structure, 4: a frame is at least one byte.
		return Frame{}, 0, fmt.Errorf("%s is empty", f.ID)
	case size > len(b)-frameHeaderSize:
		return Frame{}, 0, fmt.Errorf("%s of %d bytes in %d", f.ID, size, len(b)-frameHeaderSize)
	case b[8] != 0 || b[9] != 0:
		return Frame{}, 0, fmt.Errorf("%s flags %#02x %#02x instead of none", f.ID, b[8], b[9])
	}
	n := frameHeaderSize + size
	f.Value = b[frameHeaderSize:n:n]
	if f.ID == "TXXX" {
		err = f.splitText()
	}
	return f, n, err
}

// splitText splits a TXXX body, ID3v2.4.0 frames, 4.2.6.
func (f *Frame) splitText() error {
	if f.Value[0] != utf8Encoding {
		return fmt.Errorf("TXXX encoding %d instead of %d", f.Value[0], utf8Encoding)
	}
	description, value, ok := bytes.Cut(f.Value[1:], []byte{0})
	switch {
	case !ok:
		return errors.New("TXXX description without end")
	case bytes.IndexByte(value, 0) >= 0:
		return errors.New("TXXX value with a NUL")
	case !utf8.Valid(description) || !utf8.Valid(value):
		return errors.New("TXXX text is not UTF-8")
	}
	f.Description, f.Value = string(description), value
	return nil
}

func syncsafe(b []byte) (int, error) {
	if (b[0]|b[1]|b[2]|b[3])&0x80 != 0 {
		return 0, fmt.Errorf("% x is not syncsafe", b)
	}
	return int(b[0])<<21 | int(b[1])<<14 | int(b[2])<<7 | int(b[3]), nil
}
