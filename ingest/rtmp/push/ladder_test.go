package push

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/ingest/ingesttest"
	"mediad/ingest/rtmp/flv"
)

// TestMain makes the test binary an encoder that sends several video tracks where
// MEDIAD_LADDER names a server: the first of the files in the arguments with its sound,
// and the pictures of the others as OBS sends them.
func TestMain(m *testing.M) {
	url := os.Getenv("MEDIAD_LADDER")
	if url == "" {
		os.Exit(m.Run())
	}
	if err := climb(url, os.Getenv("MEDIAD_LADDER_KEY"), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ladder:", err)
		os.Exit(1)
	}
}

func climb(url, key string, files []string) error {
	var src ladder
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		at, err := begins(f)
		if err != nil {
			return err
		}
		src.from, src.begins = append(src.from, flv.NewReader(f)), append(src.begins, at)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return New(Options{URL: url, Key: key, Encoder: "FMLE/3.0 (compatible; FMSc/1.0)", Log: slog.New(slog.DiscardHandler)}).Run(ctx, &src)
}

// ladder merges files: headers first, then all by their time.
type ladder struct {
	from    []*flv.Reader
	next    []flv.Tag // of each file; no body: it has ended
	headers []flv.Tag
	begun   bool

	begins []uint32 // each file's first picture: where that of the first is, in what is sent
}

// begins is the time of a file's first picture.
func begins(f *os.File) (at uint32, err error) {
	r := flv.NewReader(f)
	for {
		t, err := r.Next()
		if err != nil {
			return 0, err
		}
		if t.Type == flv.Video && t.Body[1] == 1 {
			_, err = f.Seek(0, io.SeekStart)
			return t.Timestamp, err
		}
	}
}

func (l *ladder) Next() (flv.Tag, error) {
	if !l.begun {
		l.begun = true
		l.next = make([]flv.Tag, len(l.from))
		for i := range l.from {
			for {
				if err := l.read(i); err != nil {
					return flv.Tag{}, err
				}
				t := l.next[i]
				if t.Body == nil || t.Type != flv.Script && t.Body[1] != 0 {
					break
				}
				l.headers = append(l.headers, t)
			}
		}
	}
	if len(l.headers) > 0 {
		t := l.headers[0]
		l.headers = l.headers[1:]
		return t, nil
	}
	at := -1
	for i, t := range l.next {
		if t.Body != nil && (at < 0 || t.Timestamp < l.next[at].Timestamp) {
			at = i
		}
	}
	if at < 0 {
		return flv.Tag{}, io.EOF
	}
	t := l.next[at]
	return t, l.read(at)
}

// read reads a file's next tag; of the files behind the first, pictures alone.
func (l *ladder) read(i int) error {
	for {
		t, err := l.from[i].Next()
		switch {
		case errors.Is(err, io.EOF):
			l.next[i] = flv.Tag{}
			return nil
		case err != nil:
			return err
		case i > 0 && t.Type != flv.Video || len(t.Body) < 2:
			continue
		}
		if t.Type == flv.Video && len(t.Body) > 1 && t.Body[0]>>4 == 1 && t.Body[1] == 1 {
			t.Body = told(t.Body, i)
		}
		if i > 0 {
			t.Body = oneTrack(t.Body, byte(i))
			t.Timestamp += l.begins[0] - l.begins[i]
		}
		l.next[i] = t
		return nil
	}
}

// told adds to a key frame what OBS adds: what it counted since the one before, at 30 fps and a key frame every two
// seconds. The third track's encoder is a little too slow.
func told(body []byte, track int) []byte {
	rendition := [4]uint32{60, 0, 60}
	if track == 2 {
		rendition = [4]uint32{60, 6, 54}
	}
	body = slices.Clone(body)
	for _, nal := range ingesttest.Performance(time.Now().Add(-100*time.Millisecond), [4]uint32{60, 0, 0, 180}, rendition) {
		body = append(binary.BigEndian.AppendUint32(body, uint32(len(nal))), nal...)
	}
	return body
}

// oneTrack puts the body of a picture into the form of Enhanced RTMP for a further track.
func oneTrack(body []byte, id byte) []byte {
	kind, rest := body[1], body[2:]
	out := []byte{0x80 | body[0]&0x70 | 6, kind, 'a', 'v', 'c', '1', id}
	switch {
	case kind == 1 && string(rest[:3]) == "\x00\x00\x00":
		out[1] = 3 // without its composition time
		rest = rest[3:]
	case kind != 1:
		rest = rest[3:]
	}
	return slices.Concat(out, rest)
}

func TestOneTrack(t *testing.T) {
	for body, want := range map[string]flv.Packet{
		"\x17\x00\x00\x00\x00config":  {Kind: flv.Config, Track: 2, Key: true, Data: []byte("config")},
		"\x27\x01\x00\x00\x00picture": {Kind: flv.Frame, Track: 2, Data: []byte("picture")},
		"\x17\x01\x00\x00\x21picture": {Kind: flv.Frame, Track: 2, Key: true, Offset: 33, Data: []byte("picture")},
		"\x17\x02\x00\x00\x00":        {},
	} {
		got, err := flv.ParseVideo(oneTrack([]byte(body), 2))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %+v, %v", strings.ToValidUTF8(body, "?"), got, err)
		}
	}
}
