package rtmp

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClockUnwraps(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   []uint32
		want []int64
	}{
		{"plain", []uint32{0, 33, 67}, []int64{0, 33, 67}},
		{"starts anywhere", []uint32{0xfffffff0, 0xffffffff}, []int64{0xfffffff0, 0xffffffff}},
		{"24 bits are not special", []uint32{0xfffffe, 0xffffff, 0x1000000}, []int64{0xfffffe, 0xffffff, 0x1000000}},
		{"wraps after 49.7 days", []uint32{0xffffffe0, 0x00000001, 0x22}, []int64{0xffffffe0, 1<<32 + 1, 1<<32 + 0x22}},
		{"wraps again", []uint32{0xffffffff, 0x60000000, 0xb0000000, 0x10000000}, []int64{0xffffffff, 0x160000000, 0x1b0000000, 0x210000000}},
		{"a step back over the wrap", []uint32{0xffffffe0, 5, 0xfffffff0}, []int64{0xffffffe0, 1<<32 + 5, 0xfffffff0}},
		{"below zero", []uint32{5, 0xfffffff0}, []int64{5, -16}},
	} {
		var c clock
		var got []int64
		for _, ts := range tc.in {
			got = append(got, c.unwrap(ts))
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

func TestTimeline(t *testing.T) {
	type step struct {
		k      kind
		ms     int64
		dts    int64
		broken bool
	}
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"milliseconds become ticks", []step{{video, 0, 0, false}, {video, 33, 2970, false}, {audio, 23, 2070, false}}},
		{"the same time twice", []step{{video, 40, 3600, false}, {video, 40, 3601, false}, {video, 80, 7200, false}}},
		{"small steps back are ironed out", []step{{video, 100, 9000, false}, {video, 80, 9001, false}, {video, 90, 9002, false}, {video, 133, 11970, false}}},
		{"a quarter second back is small", []step{{video, 1000, 90000, false}, {video, 750, 90001, false}}},
		{"more is another timeline", []step{{video, 1000, 90000, false}, {video, 749, 67410, true}, {video, 782, 70380, false}}},
		{"both tracks restart once", []step{{video, 9000, 810000, false}, {audio, 9010, 810900, false},
			{video, 0, 0, true}, {audio, 10, 900, false}, {video, 33, 2970, false}}},
		{"three seconds forward are a gap", []step{{video, 0, 0, false}, {video, 3000, 270000, false}}},
		{"more is another timeline, for both", []step{{video, 0, 0, false}, {audio, 10, 900, false},
			{video, 3011, 270990, true}, {audio, 3020, 271800, false}}},
		{"a still picture beside running sound", []step{{video, 0, 0, false}, {audio, 2000, 180000, false}, {audio, 4000, 360000, false},
			{audio, 6000, 540000, false}, {video, 6010, 540900, false}}},
		{"tracks that lie seconds apart", []step{{audio, 0, 0, false}, {video, 5000, 450000, false}, {audio, 23, 2070, false}, {video, 5033, 452970, false}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var line timeline
			for i, s := range tc.steps {
				if dts, broken := line.next(s.k, s.ms); dts != s.dts || broken != s.broken {
					t.Errorf("step %d, %d ms: DTS %d, broken %v; want %d, %v", i, s.ms, dts, broken, s.dts, s.broken)
				}
			}
		})
	}
}

// The tracks of a publish share the clock and are some milliseconds apart. Near a wrap,
// timestamps alternate between its two sides; that counts as one wrap.
func TestClockCountsAWrapOnce(t *testing.T) {
	for _, at := range []uint32{extended, 0} { // 2^24 - 1, 2^32
		var c clock
		for i := range uint32(100) {
			c.unwrap(at - 500 + 10*i)      // pictures
			c.unwrap(at - 500 + 10*i - 60) // and sound
		}
		if c.wraps != 1 {
			t.Errorf("%d wraps at %d", c.wraps, at)
		}
	}
}
