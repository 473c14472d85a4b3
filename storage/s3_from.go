package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// PutFrom is Put for bytes that lie in memory in pieces, in a file, or in both.
// They are sent without a copy.
func (s *S3) PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	if pieces == nil {
		return s.putFile(ctx, key, file)
	}
	return s.putBody(ctx, key, &inPieces{pieces: pieces}, total(pieces))
}

func (s *S3) putFile(ctx context.Context, key, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	return s.putBody(ctx, key, f, info.Size())
}

func (s *S3) putBody(ctx context.Context, key string, body io.ReadSeeker, size int64) error {
	in := s.object(key, nil)
	in.Body, in.ContentLength = body, aws.Int64(size)
	if _, err := s.send(ctx, in); err != nil {
		return fmt.Errorf("put %q: %w", key, s.explain(err))
	}
	return nil
}

// inPieces reads pieces of memory one after the other.
type inPieces struct {
	pieces [][]byte
	piece  int // index of the piece that is read
	at     int // offset in it
}

// Read implements io.Reader.
func (p *inPieces) Read(b []byte) (n int, err error) {
	for n < len(b) && p.piece < len(p.pieces) {
		part := copy(b[n:], p.pieces[p.piece][p.at:])
		n, p.at = n+part, p.at+part
		if p.at == len(p.pieces[p.piece]) {
			p.piece, p.at = p.piece+1, 0
		}
	}
	if n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Seek implements io.Seeker.
func (p *inPieces) Seek(offset int64, whence int) (int64, error) {
	size := total(p.pieces)
	switch whence {
	case io.SeekCurrent:
		offset += total(p.pieces[:p.piece]) + int64(p.at)
	case io.SeekEnd:
		offset += size
	}
	if offset < 0 || offset > size {
		return 0, errors.New("seek: outside of the object")
	}
	rest := offset
	for p.piece = 0; p.piece < len(p.pieces) && rest >= int64(len(p.pieces[p.piece])); p.piece++ {
		rest -= int64(len(p.pieces[p.piece]))
	}
	p.at = int(rest)
	return offset, nil
}
