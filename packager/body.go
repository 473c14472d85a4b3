package packager

import (
	"errors"
	"io"
)

// body reads parts as one file, for range requests.
type body struct {
	parts []*part
	size  int64
	at    int64
}

func newBody(parts []*part) *body {
	b := &body{parts: parts}
	for _, p := range parts {
		b.size += int64(len(p.data))
	}
	return b
}

func (b *body) Read(dst []byte) (int, error) {
	at := b.at
	for _, p := range b.parts {
		if at < int64(len(p.data)) {
			n := copy(dst, p.data[at:])
			b.at += int64(n)
			return n, nil
		}
		at -= int64(len(p.data))
	}
	return 0, io.EOF
}

func (b *body) Seek(offset int64, whence int) (int64, error) {
	return seek(&b.at, b.size, offset, whence)
}

// seek is Seek of io.Seeker, for something of size bytes that is read from at on.
func seek(at *int64, size, offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += *at
	case io.SeekEnd:
		offset += size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	*at = offset
	return offset, nil
}
