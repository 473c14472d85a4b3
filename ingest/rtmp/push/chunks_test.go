package push

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest"
	"mediad/ingest/rtmp/flv"
)

// TestChunks: what the chunker writes is what go-rtmp reads, whatever the size, also where
// messages of one time follow each other. Longer times are in TestDial: go-rtmp alone does not
// read them in a message of several chunks.
func TestChunks(t *testing.T) {
	var wire bytes.Buffer
	c := chunker{to: &socket{w: &wire}, stream: 1}
	body := make([]byte, 3*chunkSize+5)
	for i := range body {
		body[i] = byte(i / 7)
	}
	type sent struct {
		size int
		at   uint32
	}
	all := []sent{{5, 0}, {chunkSize, 40}, {chunkSize + 1, 40}, {3*chunkSize + 5, 40}, {7, extended - 1}, {9, 1<<32 - 1}, {3, 2}}
	for _, s := range all {
		if err := c.message(flv.Video, s.at, body[:s.size/2], body[s.size/2:s.size]); err != nil {
			t.Fatal(err)
		}
	}
	r := rtmp.NewChunkStreamer(&wire, io.Discard, nil)
	defer r.Close()
	if err := r.PeerState().SetChunkSize(chunkSize); err != nil {
		t.Fatal(err)
	}
	for i, want := range all {
		var m rtmp.ChunkMessage
		_, at, err := r.Read(&m)
		if err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
		v, ok := m.Message.(*message.VideoMessage)
		if !ok || m.StreamID != 1 {
			t.Fatalf("message %d is %+v", i, m)
		}
		got, err := io.ReadAll(v.Payload)
		if err != nil || at != want.at || !bytes.Equal(got, body[:want.size]) {
			t.Errorf("message %d: %d bytes at %d, want %+v (%v)", i, len(got), at, want, err)
		}
	}
	if wire.Len() > 0 {
		t.Errorf("%d bytes are left", wire.Len())
	}
	if n := testing.AllocsPerRun(100, func() {
		wire.Reset()
		if err := c.message(flv.Video, 40, body[:10_000]); err != nil {
			t.Error(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations for a message", n)
	}
}

// BenchmarkSend: a picture of 10 kB through the chunker, and as a reference through the writer
// of go-rtmp.
func BenchmarkSend(b *testing.B) {
	body := slices.Repeat([]byte{0x5a}, 10_000)
	b.Run("chunker", func(b *testing.B) {
		c := chunker{to: &socket{w: io.Discard}, stream: 1}
		b.ReportAllocs()
		for i := range b.N {
			if err := c.message(flv.Video, uint32(i), body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("go-rtmp", func(b *testing.B) {
		w := rtmp.NewChunkStreamer(nil, io.Discard, nil)
		defer w.Close()
		if err := w.SelfState().SetChunkSize(chunkSize); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for i := range b.N {
			if err := w.Write(context.Background(), mediaChunks, uint32(i), &rtmp.ChunkMessage{StreamID: 1, Message: &message.VideoMessage{Payload: bytes.NewReader(body)}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestDial: a publisher that has its media live sends each message at once, also after four
// hours and a half, when timestamps need more than 24 bits; an unpublish tells the server.
func TestDial(t *testing.T) {
	k := &keeper{}
	c, err := client(serve(t, k), "key").Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tags := film(t)
	for _, tag := range tags {
		at := tag.Timestamp - tags[0].Timestamp + extended - 100
		if tag.Type == flv.Script {
			err = c.SendMetadata(at, tag.Body)
		} else {
			err = c.Send(tag.Type, at, tag.Body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Unpublish(); err != nil {
		t.Fatal(err)
	}
	if end := <-k.closed; end != ingest.Unpublished {
		t.Errorf("it ended as %v", end)
	}
	c.Close()
	if len(k.units) != 20 || c.Bytes() < 200_000 {
		t.Fatalf("%d units of 20, %d bytes", len(k.units), c.Bytes())
	}
	if first, last := k.units[0].DTS/ingest.Millisecond, k.units[19].DTS/ingest.Millisecond; first != extended-100 || last-first != 180 {
		t.Errorf("units from %d to %d ms", first, last)
	}
	if err := c.Send(flv.Audio, 0, []byte{0xaf, 1}); err == nil {
		t.Error("a closed connection takes media")
	}
}

// TestRefusedKey: whoever does not take the key refuses it, with words or without.
func TestRefusedKey(t *testing.T) {
	_, err := client(serve(t, &keeper{}), "another").Dial(t.Context())
	var said *StatusError
	if !errors.Is(err, ErrRefused) || !errors.As(err, &said) || said.Code == "" {
		t.Errorf("error %v", err)
	}
}
