package push

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp"
	"mediad/ingest/rtmp/flv"
)

// keeper is a Publisher and a Sink that keeps what it gets.
type keeper struct {
	mu     sync.Mutex // guards what follows
	tracks int
	units  []ingest.Unit // without NALs
	first  time.Time
	last   time.Time
	kick   func(error)

	closed chan ingest.End
	on     func(n int) // called with the number of units, if set; read only
}

func (k *keeper) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	if r.Key != "key" {
		return nil, fmt.Errorf("%w: no such room", ingest.ErrBadKey)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kick = r.Kick
	return k, nil
}

func (k *keeper) SetTracks(t []ingest.Track) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tracks += len(t)
	return nil
}

func (k *keeper) WriteUnit(u ingest.Unit) error {
	k.mu.Lock()
	u.NALs = nil
	if len(k.units) == 0 {
		k.first = time.Now()
	}
	k.last = time.Now()
	k.units = append(k.units, u)
	n := len(k.units)
	k.mu.Unlock()
	if k.on != nil {
		k.on(n)
	}
	return nil
}

func (k *keeper) Close(end ingest.End) { k.closed <- end }

// serve runs a real server with k behind it.
func serve(t *testing.T, k *keeper) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.closed = make(chan ingest.End, 4)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- rtmp.New(rtmp.Options{Publisher: k, Log: slog.New(slog.DiscardHandler)}).Serve(ctx, l)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "rtmp://" + l.Addr().String() + "/live"
}

// film is ten pictures at 50 fps, the first one a key frame of 100 kB, and
// sound.
func film(t *testing.T) []flv.Tag {
	t.Helper()
	tag := func(typ flv.Type, ts uint32, body string) flv.Tag {
		b, err := hex.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		return flv.Tag{Type: typ, Timestamp: ts, Body: b}
	}
	const start = 5000
	tags := []flv.Tag{
		tag(flv.Script, start, "02000a6f6e4d65746144617461"+"0800000002"+"000c766964656f636f6465636964"+"00401c000000000000"+"000c617564696f636f6465636964"+"004024000000000000"+"000009"),
		tag(flv.Video, start, "17000000000164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800"),
		tag(flv.Audio, start, "af001190"),
	}
	for i := range uint32(10) {
		body := "2701000000" + "00000002419a"
		if i == 0 {
			body = "1701000000" + "00030d40" + "65" + strings.Repeat("88", 199999)
		}
		tags = append(tags, tag(flv.Video, start+20*i, body), tag(flv.Audio, start+20*i, "af01"+"2110"))
	}
	return tags
}

func client(url, key string) *Client {
	return New(Options{URL: url, Key: key, Log: slog.New(slog.DiscardHandler), Timeout: 5 * time.Second})
}

// TestLoopOverRTMP: rounds follow each other without a break or a gap, in real
// time, until ctx ends, which is an unpublish.
func TestLoopOverRTMP(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k := &keeper{on: func(n int) {
		if n == 60 {
			cancel()
		}
	}}
	url := serve(t, k)
	loop, err := NewLoop(film(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := client(url, "key").Run(ctx, loop); err != nil {
		t.Fatal(err)
	}
	if end := <-k.closed; end != ingest.Unpublished {
		t.Errorf("the publish ends with %v", end)
	}
	if k.tracks != 2 {
		t.Errorf("%d tracks announced", k.tracks)
	}
	var next [2]int64
	for i, u := range k.units[:60] {
		if u.DTS != next[u.Track] {
			t.Fatalf("unit %d of track %d is at %d, want %d", i, u.Track, u.DTS, next[u.Track])
		}
		next[u.Track] += 20 * 90
	}
	if d := k.last.Sub(k.first); d < 500*time.Millisecond || d > 5*time.Second {
		t.Errorf("three rounds of 200 ms take %v", d)
	}
}

type tagList []flv.Tag

func (l *tagList) Next() (flv.Tag, error) {
	if len(*l) == 0 {
		return flv.Tag{}, io.EOF
	}
	t := (*l)[0]
	*l = (*l)[1:]
	return t, nil
}

func TestSourceEnds(t *testing.T) {
	k := &keeper{}
	url := serve(t, k)
	tags := tagList(film(t))
	if err := client(url, "key").Run(t.Context(), &tags); err != nil {
		t.Fatal(err)
	}
	if end := <-k.closed; end != ingest.Unpublished || len(k.units) != 20 {
		t.Errorf("%d units, end %v", len(k.units), end)
	}
}

func TestRefused(t *testing.T) {
	for _, tc := range []struct{ name, path, key, code, text string }{
		{"key", "", "wr0ng", "NetStream.Publish.BadName", "unknown stream key: no such room"},
		{"application", "/other", "key", "NetConnection.Connect.InvalidApp", "the server ends in /live"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tags := tagList(film(t))
			err := client(serve(t, &keeper{})+tc.path, tc.key).Run(t.Context(), &tags)
			var status *StatusError
			if !errors.As(err, &status) || status.Code != tc.code || !strings.Contains(status.Description, tc.text) {
				t.Errorf("%v", err)
			}
			if strings.Contains(fmt.Sprint(err), "wr0ng") {
				t.Errorf("the key is in %v", err)
			}
		})
	}
}

func TestRefusedLater(t *testing.T) {
	tags := tagList(film(t)[:3])
	tags = append(tags, flv.Tag{Type: flv.Video, Body: []byte("\x90hvc1\x01")}, flv.Tag{Type: flv.Video, Timestamp: 60000, Body: []byte("\x90hvc1\x01")})
	err := client(serve(t, &keeper{}), "key").Run(t.Context(), &tags)
	var status *StatusError
	if !errors.As(err, &status) || status.Code != "NetStream.Publish.Rejected" || !strings.Contains(status.Description, "HEVC") {
		t.Errorf("%v", err)
	}
}

func TestServerGoesAway(t *testing.T) {
	k := &keeper{}
	k.on = func(n int) {
		if n == 4 {
			k.kick(ingest.ErrTakenOver)
		}
	}
	loop, err := NewLoop(film(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := client(serve(t, k), "key").Run(t.Context(), loop); err == nil {
		t.Error("no error")
	}
}

func TestServerSaysNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c := New(Options{URL: "rtmp://" + l.Addr().String() + "/live", Timeout: 50 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err := c.Run(t.Context(), &tagList{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Run(ctx, &tagList{}); err != nil {
		t.Errorf("ended from outside: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]server{
		"rtmp://host/live":           {false, "host:1935", "live", "rtmp://host/live"},
		"rtmp://host:99/live/":       {false, "host:99", "live", "rtmp://host:99/live/"},
		"rtmps://[::1]/app/instance": {true, "[::1]:443", "app/instance", "rtmps://[::1]/app/instance"},
		"http://host/live":           {},
		"rtmp://host":                {},
		"rtmp:///live":               {},
		"":                           {},
	} {
		got, err := parseURL(in)
		if got != want || (err == nil) != (want != server{}) {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
}

func FuzzArguments(f *testing.F) {
	f.Add([]byte("\x05\x03\x00\x05level\x02\x00\x05error\x00\x04code\x02\x00\x01x\x00\x00\x09"))
	f.Add([]byte("\x05\x00\x3f\xf0\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x08\x00\x00\x00\x01\x00\x05level\x02\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e event
		e.arguments(b)
		for _, s := range []string{e.level, e.code, e.description} {
			if !bytes.Contains(b, []byte(s)) {
				t.Fatalf("%q is not in the message", s)
			}
		}
	})
}
