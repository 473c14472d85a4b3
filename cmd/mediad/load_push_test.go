package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// loadPush is the role of the encoders: the second argument is their number.
// They push to the address in the first argument, with the keys k0, k1 and so
// on, in real time.
func loadPush(args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	go func() { untilStdinEnds(); close(stop) }()
	second := clipSecond()
	var late atomic.Int64 // the most that a message was behind its time, in ns
	var all sync.WaitGroup
	failed := make(chan error, n)
	for i := range n {
		all.Go(func() {
			// Spread over a second, so that key frames do not coincide.
			select {
			case <-time.After(time.Second * time.Duration(i) / time.Duration(n)):
			case <-stop:
				return
			}
			if err := pushOne(args[0], fmt.Sprintf("k%d-0123456789abcdef", i), second, &late, stop); err != nil {
				failed <- fmt.Errorf("stream %d: %w", i, err)
			}
		})
	}
	all.Wait()
	close(failed)
	fmt.Fprintf(os.Stderr, "%.3f", time.Duration(late.Load()).Seconds())
	return <-failed
}

// clipFrame is one message of the clip, in chunks but for its timestamp.
type clipFrame struct {
	at   uint32 // ms from the begin of the second
	wire []byte
}

// The sequence headers: H.264 High at 1280x720 and 30 fps, AAC-LC at 48 kHz.
const (
	clipAVC = "17000000000164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800"
	clipAAC = "af001190"
)

const (
	pushChunk = 4096                     // as OBS does
	clipRate  = 30*9010 + 39000 + 47*343 // bytes of a second
	clipUnits = 30 + 47                  // in it
)

// clipSecond is one second of pictures, a GOP of 30. With sound they make 2.6
// Mbit/s.
func clipSecond() []clipFrame {
	var out []clipFrame
	noise := uint32(1)
	body := func(head string, n int) []byte {
		b := append(unhexed(head), make([]byte, n)...)
		for i := len(b) - n; i < len(b); i++ {
			noise = noise*1664525 + 1013904223
			b[i] = byte(noise>>24) | 1 // no zeros: no start codes to be escaped
		}
		return b
	}
	for i := range 30 {
		head, size := "2701000000", 9000
		nal := "41"
		if i == 0 {
			head, size, nal = "1701000000", 48000, "65"
		}
		head += fmt.Sprintf("%08x", size+1) + nal
		out = append(out, clipFrame{uint32(i * 1000 / 30), chunks(4, 9, 1, 0, body(head, size))})
	}
	return out
}

// soundFrame is one AAC frame; its bytes do not matter to a packager.
func soundFrame() []byte { return append(unhexed("af01"), bytes.Repeat([]byte{0x21}, 341)...) }

// pushOne is one encoder.
func pushOne(address, key string, second []clipFrame, late *atomic.Int64, stop <-chan struct{}) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := beginPublish(c, key); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, c); ended <- errors.Join(io.EOF, err) }()
	begin := append(chunks(4, 9, 1, 0, unhexed(clipAVC)), chunks(4, 8, 1, 0, unhexed(clipAAC))...)
	if _, err := c.Write(begin); err != nil {
		return err
	}
	sound := chunks(4, 8, 1, 0, soundFrame())
	start, heard := time.Now(), int64(0)
	send := func(wire []byte, at uint32) error {
		due := start.Add(time.Duration(at) * time.Millisecond)
		time.Sleep(time.Until(due))
		if behind := int64(time.Since(due)); behind > late.Load() {
			late.Store(behind) // of two at once either will do
		}
		buf := append([]byte(nil), wire...)
		buf[1], buf[2], buf[3] = byte(at>>16), byte(at>>8), byte(at)
		_, err := c.Write(buf)
		return err
	}
	for base := uint32(0); ; base += 1000 {
		for _, f := range second {
			for at := uint32(heard * 1024 / 48); at <= base+f.at; at = uint32(heard * 1024 / 48) {
				if err := send(sound, at); err != nil {
					return err
				}
				heard++
			}
			select {
			case <-stop:
				return nil
			case err := <-ended:
				return err
			default:
			}
			if err := send(f.wire, base+f.at); err != nil {
				return err
			}
		}
	}
}

// beginPublish goes on until the server says that publishing has started.
func beginPublish(c net.Conn, key string) error {
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return err
	}
	shake := make([]byte, 1537)
	shake[0] = 3
	if _, err := c.Write(shake); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, make([]byte, 1+2*1536)); err != nil {
		return err
	}
	size := append([]byte{2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0}, binary.BigEndian.AppendUint32(nil, pushChunk)...)
	said := new(bytes.Buffer)
	for _, step := range []struct {
		say  []byte
		want string
	}{
		{append(shake[1:1537:1537], size...), ""},
		{command("connect", 1, object{"app", "live", "flashVer", "FMLE/3.0"}), "Connect.Success"},
		{command("createStream", 2, nil), "_result"},
		{chunks(3, 20, 1, 0, amf("publish", 3., nil, key, "live")), "NetStream.Publish.Start"},
	} {
		if _, err := c.Write(step.say); err != nil {
			return err
		}
		said.Reset()
		for !bytes.Contains(said.Bytes(), []byte(step.want)) {
			var b [4096]byte
			n, err := c.Read(b[:])
			if err != nil {
				return fmt.Errorf("wait for %q: %w", step.want, err)
			}
			said.Write(b[:n])
		}
	}
	return c.SetReadDeadline(time.Time{})
}

// chunks splits a message into chunks: one with a type-0 header, then those
// with type-3 headers.
func chunks(csid, typ, stream byte, ts uint32, body []byte) []byte {
	n := len(body)
	out := []byte{csid, byte(ts >> 16), byte(ts >> 8), byte(ts), byte(n >> 16), byte(n >> 8), byte(n), typ, stream, 0, 0, 0}
	for len(body) > pushChunk {
		out = append(append(out, body[:pushChunk]...), 0xc0|csid)
		body = body[pushChunk:]
	}
	return append(out, body...)
}

// command is a command without a stream.
func command(name string, tx float64, args ...any) []byte {
	return chunks(3, 20, 0, 0, amf(append([]any{name, tx}, args...)...))
}

// object is an AMF0 object of strings: names and values in turn.
type object []string

// amf writes AMF0 values.
func amf(values ...any) (out []byte) {
	text := func(s string) { out = append(append(out, byte(len(s)>>8), byte(len(s))), s...) }
	for _, v := range values {
		switch v := v.(type) {
		case float64:
			out = binary.BigEndian.AppendUint64(append(out, 0), math.Float64bits(v))
		case string:
			out = append(out, 2)
			text(v)
		case nil:
			out = append(out, 5)
		case object:
			out = append(out, 3)
			for i := 0; i < len(v); i += 2 {
				text(v[i])
				out = append(out, 2)
				text(v[i+1])
			}
			out = append(out, 0, 0, 9)
		}
	}
	return out
}

func unhexed(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
