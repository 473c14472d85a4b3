package aac

import (
	"bytes"
	"errors"
	"testing"
)

func TestAppendHeader(t *testing.T) {
	for _, tc := range []struct {
		name   string
		config Config
		size   int
		want   string // "" where it must be refused
	}{
		{"44.1 kHz stereo, as ffmpeg writes it", Config{SampleRate: 44100, ChannelConfig: 2}, 371, "fff150802f5ffc"},
		{"48 kHz mono", Config{SampleRate: 48000, ChannelConfig: 1}, 9, "fff14c40021ffc"},
		{"7.1", Config{SampleRate: 48000, ChannelConfig: 7}, 0, "fff14dc000fffc"},
		{"the longest", Config{SampleRate: 48000, ChannelConfig: 2}, 8184, "fff14c83fffffc"},
		{"too long", Config{SampleRate: 48000, ChannelConfig: 2}, 8185, ""},
		{"negative", Config{SampleRate: 48000, ChannelConfig: 2}, -1, ""},
		{"odd rate", Config{SampleRate: 50000, ChannelConfig: 2}, 9, ""},
		{"no layout", Config{SampleRate: 48000}, 9, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := AppendHeader([]byte{0xaa}, tc.config, tc.size)
			if tc.want == "" {
				if err == nil || !bytes.Equal(got, []byte{0xaa}) {
					t.Fatalf("%x, %v", got, err)
				}
				return
			}
			if err != nil || !bytes.Equal(got[1:], unhex(t, tc.want)) || got[0] != 0xaa {
				t.Fatalf("%x, %v; want %s", got, err, tc.want)
			}
			h, err := ParseHeader(got[1:])
			want := Header{2, tc.config.SampleRate, tc.config.ChannelConfig, 1, 7, tc.size + 7}
			if err != nil || h != want {
				t.Errorf("read back %+v, %v; want %+v", h, err, want)
			}
		})
	}
}

func TestNext(t *testing.T) {
	for _, tc := range []struct {
		name, hex     string
		payload, rest string
		err           error
	}{
		{"two frames", "fff14c80011ffcaa" + "fff14c80013ffcbbcc", "aa", "fff14c80013ffcbbcc", nil},
		{"with CRC", "fff04c80015ffc1234aa", "aa", "", nil},
		{"MPEG-2", "fff94c80011ffcaa", "aa", "", nil},
		{"cut header", "fff14c8001", "", "", errADTS},
		{"cut payload", "fff14c80013ffcbb", "", "", errADTS},
		{"no sync", "fee14c80011ffcaa", "", "", errSync},
		{"layer 1", "fff34c80011ffcaa", "", "", errSync},
		{"reserved rate", "fff17c80011ffcaa", "", "", errADTSRate},
		{"shorter than its header", "fff14c80009ffcaa", "", "", errADTSSize},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, payload, rest, err := Next(unhex(t, tc.hex))
			if !errors.Is(err, tc.err) || !bytes.Equal(payload, unhex(t, tc.payload)) || !bytes.Equal(rest, unhex(t, tc.rest)) {
				t.Errorf("%x, %x, %v", payload, rest, err)
			}
		})
	}
}

func FuzzNext(f *testing.F) {
	f.Add(unhex(f, "fff14c80011ffcaafff14c80013ffcbbcc"))
	f.Add(unhex(f, "fff04c80015ffc1234aa"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			h, payload, rest, err := Next(b)
			if err != nil {
				return
			}
			if h.Size+len(payload)+len(rest) != len(b) || h.FrameSize != h.Size+len(payload) {
				t.Fatalf("%+v, %d, %d of %d bytes", h, len(payload), len(rest), len(b))
			}
			if h.ObjectType == objectLC && h.Blocks == 1 && h.ChannelConfig > 0 {
				again, err := AppendHeader(nil, Config{SampleRate: h.SampleRate, ChannelConfig: h.ChannelConfig}, len(payload))
				if h.Size == HeaderSize && err != nil {
					t.Fatal(err)
				}
				if back, err := ParseHeader(again); h.Size == HeaderSize && (err != nil || back != h) {
					t.Fatalf("%+v, written again: %+v, %v", h, back, err)
				}
			}
			b = rest
		}
	})
}
