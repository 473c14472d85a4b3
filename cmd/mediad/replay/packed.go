package replay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"github.com/klauspost/compress/gzip"

	"mediad/packager/layout"
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
func (p *packed) form(lead string, zipped bool) ([]byte, error) {
	text, err := p.text()
	if err != nil {
		return nil, err
	}
	if lead != storedLead {
		if text, err = ledBy(text, lead); err != nil {
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

// copyTo writes it, as led does, and never has more than some KiB of it.
func (p *packed) copyTo(w io.Writer, lead string) error {
	z, err := gzip.NewReader(bytes.NewReader(p.zipped))
	if err != nil {
		return fmt.Errorf("unpack a playlist: %w", err)
	}
	return led(w, z, lead)
}

// storedLead is what the addresses of a text begin with as it is kept.
const storedLead = layout.LivePath

// lead is what they are to begin with for a reader: the path below which the
// world has this server, and the pass that was asked with: that one, for another
// would hold for longer.
func (s *Replays) lead(pass string) string {
	return s.base + layout.LiveLead(pass)
}

// led writes a text with another lead.
func led(w io.Writer, text io.Reader, lead string) error {
	if lead == storedLead {
		_, err := io.Copy(w, text)
		return err
	}
	in, out := bufio.NewReader(text), bufio.NewWriter(w)
	for begins := true; ; {
		line, err := in.ReadSlice('\n')
		if rest, ok := bytes.CutPrefix(line, []byte(storedLead)); ok && begins { // tags begin with #
			out.WriteString(lead)
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

// ledBy is led for a text that is kept.
func ledBy(text []byte, lead string) ([]byte, error) {
	var out bytes.Buffer
	err := led(&out, bytes.NewReader(text), lead)
	return out.Bytes(), err
}
