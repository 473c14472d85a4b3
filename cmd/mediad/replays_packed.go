package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"github.com/klauspost/compress/gzip"

	"mediad/packager/m3u8"
)

// packed is a text in gzip: a day's playlist has megabytes, and a twentieth of
// that compressed. Its bytes do not change.
type packed struct {
	zipped []byte
	length int    // of the text
	tag    string // differs where the text does
}

// pack writes a playlist.
func pack(media *m3u8.Media) (*packed, error) {
	text, err := media.Bytes()
	if err != nil {
		return nil, err
	}
	return zip(text)
}

func zip(text []byte) (*packed, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(text)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("compress a playlist: %w", err)
	}
	sum := fnv.New128a()
	sum.Write(text)
	return &packed{zipped: bytes.Clone(out.Bytes()), length: len(text), tag: fmt.Sprintf("%x", sum.Sum(nil))}, nil
}

// text unpacks all of it.
func (p *packed) text() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(p.zipped))
	if err != nil {
		return nil, fmt.Errorf("unpack a playlist: %w", err)
	}
	text := make([]byte, p.length)
	if _, err = io.ReadFull(z, text); err != nil {
		return nil, fmt.Errorf("unpack a playlist: %w", err)
	}
	return text, nil
}

// form is it as one kind of reader wants it.
func (p *packed) form(pass string, zipped bool) ([]byte, error) {
	text, err := p.text()
	if err != nil {
		return nil, err
	}
	if pass != "" {
		if text, err = withPass(text, pass); err != nil {
			return nil, err
		}
	}
	if !zipped {
		return text, nil
	}
	z, err := zip(text)
	if err != nil {
		return nil, err
	}
	return z.zipped, nil
}

// copyTo writes it, as passed does, and never has more than some KiB of it.
func (p *packed) copyTo(w io.Writer, pass string) error {
	z, err := gzip.NewReader(bytes.NewReader(p.zipped))
	if err != nil {
		return fmt.Errorf("unpack a playlist: %w", err)
	}
	return passed(w, z, pass)
}

// passed writes the pass that a playlist was asked for with into the addresses
// of its segments: that one, for another would hold for longer. Replays are kept
// without it.
func passed(w io.Writer, text io.Reader, pass string) error {
	if pass == "" {
		_, err := io.Copy(w, text)
		return err
	}
	in, out := bufio.NewReader(text), bufio.NewWriter(w)
	for begins := true; ; {
		line, err := in.ReadSlice('\n')
		if rest, ok := bytes.CutPrefix(line, []byte("/live/")); ok && begins { // tags begin with #
			out.WriteString("/live/~" + pass + "/")
			line = rest
		}
		out.Write(line) // errors stay until Flush
		if begins = err == nil; errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil {
			return out.Flush()
		}
	}
}

// withPass is passed for a text that is kept.
func withPass(text []byte, pass string) ([]byte, error) {
	var out bytes.Buffer
	err := passed(&out, bytes.NewReader(text), pass)
	return out.Bytes(), err
}
