package rtmp

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// TestEncoderIsTold: whenever the server closes a publisher's connection, the encoder
// first gets an onStatus of level error with the reason. Only a shutdown is not told,
// because some encoders would not come back.
func TestEncoderIsTold(t *testing.T) {
	for _, tc := range []struct {
		name string
		o    Options
		sink func(line string) error
		act  func(p *peer, r ingest.Request)
		want string // empty: no word
	}{
		{"taken over", Options{}, nil, func(_ *peer, r ingest.Request) { r.Kick(ingest.ErrTakenOver) }, "another publisher took over"},
		{"ended by the host", Options{}, nil, func(_ *peer, r ingest.Request) { r.Kick(errors.New("ended by the host")) }, "ended by the host"},
		{"ended without a reason", Options{}, nil, func(_ *peer, r ingest.Request) { r.Kick(nil) }, "ended by the server"},
		{"shutdown", Options{}, nil, func(_ *peer, r ingest.Request) { r.Kick(ingest.ErrClosing) }, ""},
		{"silence", Options{ReadTimeout: 200 * time.Millisecond}, nil, func(*peer, ingest.Request) {}, "no audio or video in time"},
		{"a message without end", Options{}, nil, func(p *peer, _ ingest.Request) {
			p.raw([]byte{4, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0})
		}, "lower the bit rate"},
		{"no RTMP any more", Options{}, nil, func(p *peer, _ ingest.Request) {
			p.raw(slices.Repeat([]byte{0xff}, 64))
		}, "not RTMP any more"},
		{"the packager cannot go on", Options{}, func(line string) error {
			if strings.HasPrefix(line, "unit") {
				return errors.New("write unit of key-" + goodKey + ": do the timestamps stand still?")
			}
			return nil
		}, func(p *peer, _ ingest.Request) { p.raw(slices.Concat(p.show(), p.media(video, 33, pic))) }, "write unit of key-[key]: do the timestamps stand still?"},
		{"sound that no browser plays, and nothing else", Options{}, nil, func(p *peer, _ ingest.Request) {
			p.raw(slices.Concat(p.media(audio, 0, "af00118004c4040021100d4c61766335392e33372e31303056e500"), p.media(audio, 0, sound), p.media(audio, 5000, sound)))
		}, "choose mono, stereo or 5.1"},
		{"no header at all", Options{}, nil, func(p *peer, _ ingest.Request) {
			p.raw(slices.Concat(p.media(video, 0, idr), p.media(audio, 0, sound), p.media(audio, 10_000, sound)))
		}, "no sequence header has come that can be read"},
		{"another codec in mid-stream", Options{}, nil, func(p *peer, _ ingest.Request) {
			p.raw(slices.Concat(p.show(), p.media(video, 33, pic), p.media(video, 40, "90"+"68766331"+"0101")))
		}, "HEVC (hvc1) video is not supported"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, tc.o, nil)
			h.fail = tc.sink
			p := h.dial(t)
			p.publish(goodKey)
			sink, req := h.sink(t)
			tc.act(p, req)
			got := strings.Join(p.rest(), "\n")
			if tc.want == "" {
				if strings.Contains(got, "onStatus") {
					t.Errorf("told: %s", got)
				}
			} else if !strings.Contains(got, "onStatus 0 null {level: error, code: NetStream.Publish.Rejected") || !strings.Contains(got, tc.want) || strings.Count(got, "onStatus") != 1 {
				t.Errorf("told: %s", got)
			}
			sink.await(t, "close lost")
		})
	}
}
