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

// packed is a text in gzip: the playlist of a day has megabytes, and gzip
// makes that a twentieth. Its bytes do not change.
type packed struct {
	zipped []byte
	length int    // of the text
	tag    string // differs for different texts
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

// form gives the text in the form that one kind of reader wants.
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

// copyTo writes the text as led does, with only some KiB of it in memory.
func (p *packed) copyTo(w io.Writer, lead string) error {
	z, err := gzip.NewReader(bytes.NewReader(p.zipped))
	if err != nil {
		return fmt.Errorf("unpack a playlist: %w", err)
	}
	return led(w, z, lead)
}

// storedLead is the beginning of each address in a stored text.
const storedLead = layout.LivePath

// lead gives the beginning of each address for a reader: the path prefix under
// which this server is published, and the playback token of the request. It must
// be that token, since a new one would be valid for longer.
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
