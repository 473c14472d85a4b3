package push

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest/rtmp/flv"
)

func TestLoop(t *testing.T) {
	picture := func(ts uint32) flv.Tag {
		return flv.Tag{Type: flv.Video, Timestamp: ts, Body: []byte("\x27\x01\x00\x00\x00a")}
	}
	sound := func(ts uint32) flv.Tag { return flv.Tag{Type: flv.Audio, Timestamp: ts, Body: []byte("\xaf\x01a")} }
	header := flv.Tag{Type: flv.Audio, Timestamp: 7, Body: []byte("\xaf\x00\x12\x10")}
	for _, tc := range []struct {
		name   string
		tags   []flv.Tag
		period time.Duration
		want   []uint32 // the first timestamps; nil for an error
		length time.Duration
	}{
		{"derived from pictures", []flv.Tag{picture(0), picture(33), picture(67)}, 0, []uint32{0, 33, 67, 101, 134, 168, 202}, 101 * time.Millisecond},
		{"derived from the longer track", []flv.Tag{picture(0), sound(0), sound(23), picture(33), sound(46), sound(70)}, 0, []uint32{0, 0, 23, 33, 46, 70, 93}, 93 * time.Millisecond},
		{"given", []flv.Tag{picture(0), picture(33)}, 100 * time.Millisecond, []uint32{0, 33, 100, 133, 200}, 100 * time.Millisecond},
		{"moved to 0, headers once", []flv.Tag{header, sound(1000), sound(1020)}, 0, []uint32{0, 0, 20, 40, 60, 80}, 40 * time.Millisecond},
		{"given, but too short", []flv.Tag{picture(0), picture(100)}, 100 * time.Millisecond, nil, 0},
		{"one picture", []flv.Tag{header, picture(0)}, 0, nil, 0},
		{"nothing", nil, time.Second, nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, err := NewLoop(tc.tags, tc.period)
			if tc.want == nil {
				if err == nil {
					t.Errorf("accepted, with a period of %v", l.Period())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []uint32
			for range tc.want {
				tag, err := l.Next()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, tag.Timestamp)
			}
			if d := cmp.Diff(tc.want, got); d != "" || l.Period() != tc.length {
				t.Errorf("period %v: %s", l.Period(), d)
			}
		})
	}
}

func TestPace(t *testing.T) {
	var p pacer
	start := time.Unix(1000, 0)
	for _, tc := range []struct {
		ts   uint32
		want time.Duration
	}{{0xffffffe0, 0}, {0xfffffff0, 16}, {0, 32}, {1000, 1032}, {990, 1022}} {
		if got := p.due(tc.ts, start); got.Sub(start) != tc.want*time.Millisecond {
			t.Errorf("%d is due after %v, want %d ms", tc.ts, got.Sub(start), tc.want)
		}
	}
}
