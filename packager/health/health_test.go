package health

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const sec = time.Second

// good is a stream without warnings.
func good() Report {
	return Report{
		Publishing: true, Video: "avc1.64001f", Audio: "mp4a.40.2", Declared: 30, FPS: 30,
		KeyframeInterval: 2 * sec, KeyframeMax: 2 * sec, Offset: 40 * time.Millisecond, Received: ingest.Stats{RTT: 30 * time.Millisecond},
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		name   string
		on     []Code
		change func(r *Report, n *Recent)
		want   []Warning
	}{
		{"nothing", nil, func(*Report, *Recent) {}, nil},
		{"nothing, after everything", []Code{Silent, NoVideo, NoAudio, Late, Early, Keyless, Keyframes, LowFPS, Drift, Offset, RoundTrip, Pauses, Jumps, Clamped, LateUnits, AudioGaps, Headers}, func(*Report, *Recent) {}, nil},
		{"the publisher is gone", []Code{Keyframes}, func(r *Report, _ *Recent) { *r = Report{KeyframeMax: 9 * sec} },
			[]Warning{{Gone, "The publisher is gone; the room waits for it to come back.", 0}}},
		{"key frames every 8.3 s", nil, func(r *Report, _ *Recent) { r.KeyframeMax = 8333 * time.Millisecond },
			[]Warning{{Keyframes, "Viewers wait up to 8.3 s to join: set the keyframe interval to 2 s in OBS → Settings → Output.", 8.333}}},
		{"key frames every 4 s are borne", nil, func(r *Report, _ *Recent) { r.KeyframeMax = 4 * sec }, nil},
		{"unless they were rarer before", []Code{Keyframes}, func(r *Report, _ *Recent) { r.KeyframeMax = 4 * sec },
			[]Warning{{Keyframes, "Viewers wait up to 4.0 s to join: set the keyframe interval to 2 s in OBS → Settings → Output.", 4}}},
		{"no key frames are not rare ones", []Code{Keyframes}, func(r *Report, _ *Recent) { r.KeyframeMax, r.NoKeyFrame = 40*sec, 40*sec },
			[]Warning{{Keyless, "No key frame has arrived for 40 s: the encoder uses intra refresh, an open GOP or an endless GOP. Most viewers who join now see nothing. Set the keyframe interval to 2 s in OBS → Settings → Output, and turn off intra refresh.", 40}}},
		{"B-frames", nil, func(r *Report, _ *Recent) { r.BFrames = true },
			[]Warning{{BFrames, "The encoder sends B-frames, and each adds one frame of delay for viewers: set B-frames to 0 in OBS → Settings → Output; with x264, set Tune to zerolatency.", 1}}},
		{"late", nil, func(r *Report, _ *Recent) { r.Late = 3200 * time.Millisecond },
			[]Warning{{Late, "The stream arrives 3.2 s late: the uplink is too slow, or the computer encodes too slowly. OBS tells which under Docks → Stats. Dropped frames (network): lower the bitrate in OBS → Settings → Output, or use a cable instead of Wi-Fi. Frames missed or skipped due to rendering or encoding lag: choose a faster preset or a smaller picture, and close other programs.", 3.2}}},
		{"a network too slow, by the encoder's own count", nil, func(_ *Report, n *Recent) { n.Told.Unsent, n.Told.Output = 72, 1800 },
			[]Warning{{Unsent, "OBS could not send 4.0 percent of its frames within a minute, because the network was too slow: lower the bitrate in OBS → Settings → Output, or use a cable instead of Wi-Fi.", 4}}},
		{"an encoder too slow, by its own count", nil, func(_ *Report, n *Recent) { n.Told.Skipped, n.Told.Input = 6, 150 },
			[]Warning{{Skipped, "The computer was too slow to encode 4.0 percent of its frames within a minute: choose a faster preset or a hardware encoder, send fewer video tracks, or close other programs.", 4}}},
		{"a graphics card too slow, by the encoder's own count", nil, func(_ *Report, n *Recent) { n.Told.Lagged, n.Told.Rendered = 60, 0 },
			[]Warning{{Lagged, "OBS composed 100.0 percent of its frames too late within a minute: the graphics card is overloaded. Limit the frame rate of games, remove sources and filters, or lower the resolution or the frame rate in OBS → Settings → Video.", 100}}},
		{"a frame now and then is borne", nil, func(_ *Report, n *Recent) {
			n.Told = ingest.Reported{Rendered: 1800, Lagged: 9, Input: 1800, Skipped: 9, Output: 1800, Unsent: 9}
		}, nil},
		{"unless there were more before", []Code{Lagged}, func(_ *Report, n *Recent) { n.Told = ingest.Reported{Rendered: 1000, Lagged: 6} },
			[]Warning{{Lagged, "OBS composed 0.6 percent of its frames too late within a minute: the graphics card is overloaded. Limit the frame rate of games, remove sources and filters, or lower the resolution or the frame rate in OBS → Settings → Video.", 0.6}}},
		{"4:4:4", nil, func(r *Report, _ *Recent) { r.Video = "avc1.f4001e" }, []Warning{{Profile, "Phones and many browsers cannot play the picture: its H.264 has 10 bit, 4:2:2 or 4:4:4. Choose the profile high in OBS → Settings → Output, and the colour format NV12 in Settings → Advanced; with ffmpeg, add -pix_fmt yuv420p.", 1}}},
		{"10 bit is one more, High is none", []Code{Profile}, func(r *Report, _ *Recent) { r.Video = "avc1.64001f" }, nil},
		{"a little late", nil, func(r *Report, _ *Recent) { r.Late = 1900 * time.Millisecond }, nil},
		{"a file at four times its speed", nil, func(r *Report, _ *Recent) { r.Early = 86 * sec },
			[]Warning{{Early, "Media arrives faster than real time and is 86 s ahead: send live media. To send a file, send it at its own speed (ffmpeg: -re before -i).", 86}}},
		{"a relay that begins with what it has kept", nil, func(r *Report, _ *Recent) { r.Early = 8 * sec }, nil},
		{"silence is one warning, not three", nil, func(r *Report, _ *Recent) { r.Silent, r.NoVideo, r.NoAudio = 8*sec, 8*sec, 8*sec },
			[]Warning{{Silent, "Nothing has arrived for 8 s: check the encoder's network connection.", 8}}},
		{"no picture", nil, func(r *Report, _ *Recent) { r.NoVideo = 7 * sec },
			[]Warning{{NoVideo, "No picture has arrived for 7 s while sound goes on: check the video source, and whether the encoder is overloaded.", 7}}},
		{"no sound", nil, func(r *Report, _ *Recent) { r.NoAudio = 7 * sec },
			[]Warning{{NoAudio, "No sound has arrived for 7 s while the picture goes on: check the audio device in OBS → Settings → Audio.", 7}}},
		{"a quarter of the frames", nil, func(r *Report, _ *Recent) { r.FPS = 22.5 },
			[]Warning{{LowFPS, "The encoder sends too few frames: lower the resolution or the frame rate in OBS → Settings → Video, or choose a faster preset.", 0.25}}},
		{"an encoder that promises nonsense", nil, func(r *Report, _ *Recent) { r.Declared = 1000 }, nil},
		{"drift, either way", nil, func(r *Report, _ *Recent) { r.Drift = -350 * time.Millisecond },
			[]Warning{{Drift, "Sound and picture have drifted apart by 0.35 s: use 48 kHz in OBS → Settings → Audio and in the system's sound settings, then stop and start streaming.", 0.35}}},
		{"far apart", nil, func(r *Report, _ *Recent) { r.Offset = -2 * sec },
			[]Warning{{Offset, "Sound and picture arrive 2.0 s apart: set the sync offset to 0 in OBS → Advanced Audio Properties, and remove Render Delay filters.", 2}}},
		{"a long way", nil, func(r *Report, _ *Recent) { r.Received.RTT = 600 * time.Millisecond },
			[]Warning{{RoundTrip, "The round trip between the encoder and the server takes 0.60 s: use a server that is nearer, or a cable instead of Wi-Fi.", 0.6}}},
		{"one pause is the matter of a moment", nil, func(_ *Report, n *Recent) { n.Pauses = 1 }, nil},
		{"counts", nil, func(_ *Report, n *Recent) {
			*n = Recent{Jumps: 1, Clamped: 10, Headers: 3, Pauses: 2, AudioGaps: 5, Late: 40}
		}, []Warning{
			{Pauses, "The stream paused 2 times within a minute, and players had to restart: check the uplink, or lower the bitrate in OBS → Settings → Output.", 2},
			{Jumps, "Jumps of the encoder's clock within a minute: 1. Players restart after each jump: stop and start streaming. If the jumps continue, update the encoder.", 1},
			{Clamped, "The encoder's timestamps went back 10 times within a minute: stop and start streaming. If this continues, update the encoder.", 10},
			{LateUnits, "40 pictures or frames of sound within a minute came too late compared with the other track: check whether the encoder is overloaded, and close other programs.", 40},
			{AudioGaps, "The sound was interrupted 5 times within a minute: use 48 kHz in OBS → Settings → Audio and in the system's sound settings, and close other programs.", 5},
			{Headers, "The encoder changed its settings 3 times within a minute, and players had to restart each time: stop and start streaming after a change.", 3},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, n, on := good(), Recent{}, map[Code]bool{}
			c.change(&r, &n)
			for _, code := range c.on {
				on[code] = true
			}
			got := warnings(r, n, on)
			for i := range got {
				got[i].Value = math.Round(got[i].Value*1000) / 1000
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// The two limits of a rule keep its warning from flapping.
func TestRules(t *testing.T) {
	seen := map[Code]bool{}
	for _, c := range rules {
		if c.clear > c.raise || seen[c.code] {
			t.Errorf("%+v", c)
		}
		seen[c.code] = true
	}
}

// A number that wavers around its limit makes one warning, not many.
func TestJudgeDoesNotFlap(t *testing.T) {
	var j Judge
	changes, was := 0, 0
	for i := range 120 {
		r := good()
		r.Late = 1900*time.Millisecond + time.Duration(i%3)*100*time.Millisecond
		v := j.Look(start.Add(time.Duration(i)*sec), &r)
		if len(v.Warnings) != was {
			changes, was = changes+1, len(v.Warnings)
		}
	}
	if changes != 1 || was != 1 {
		t.Errorf("%d changes, %d warnings at the end", changes, was)
	}
}

// A count makes a warning for a minute.
func TestJudgeForgets(t *testing.T) {
	var j Judge
	var on []int
	for i := range 200 {
		r := good()
		r.Received.Bytes = uint64(i) * 250_000
		if i >= 20 {
			r.Received.Jumps = 1
		}
		if i >= 150 {
			r.Received.Jumps = 2
		}
		v := j.Look(start.Add(time.Duration(i)*sec), &r)
		if i > 0 && r.Incoming != 2_000_000 {
			t.Fatalf("second %d: %d bit/s", i, r.Incoming)
		}
		if len(v.Warnings) > 0 {
			on = append(on, i)
		}
	}
	if on[0] != 20 || !slices.Contains(on, 79) || slices.Contains(on, 81) || slices.Contains(on, 149) || !slices.Contains(on, 150) || len(j.past) > 62 {
		t.Errorf("warned at %v, %d glances kept", on, len(j.past))
	}
}

// Counts that begin anew from 0 do not wrap to enormous numbers.
func TestJudgeOutlivesTakeOver(t *testing.T) {
	var j Judge
	for i := range 150 {
		r := good()
		r.Received.Bytes, r.Received.NoKey, r.Pauses = 1000, 9, 1
		if i > 70 {
			r.Received.Bytes, r.Received.NoKey, r.Pauses = 10, 0, 0
		}
		if v := j.Look(start.Add(time.Duration(i)*sec), &r); len(v.Warnings) > 0 || r.Incoming > 0 {
			t.Fatalf("second %d: %+v, %d bit/s", i, v.Warnings, r.Incoming)
		}
	}
}

// Key frames that an encoder never sends, or no longer sends, count as missing; rare
// ones do not. The first one that comes ends that.
func TestKeyFramesAreMissed(t *testing.T) {
	for _, c := range []struct {
		name string
		key  func(second int) bool
		miss func(second int) bool
		then int64 // the longest group that is told at the end, in seconds
	}{
		{"one a second", func(int) bool { return true }, func(int) bool { return false }, 1},
		{"one in ten seconds", func(i int) bool { return i%10 == 0 }, func(int) bool { return false }, 10},
		{"one in eleven and then in sixteen", func(i int) bool { return i == 0 || i == 11 || i == 27 || i == 43 || i == 59 }, func(int) bool { return false }, 16},
		{"none", func(int) bool { return false }, func(i int) bool { return i >= 12 }, 0},
		{"one at the beginning", func(i int) bool { return i == 0 }, func(i int) bool { return i >= 12 }, 59},
		{"none until the encoder is mended", func(i int) bool { return i >= 40 && i%2 == 0 }, func(i int) bool { return i >= 12 && i < 40 }, 2},
	} {
		var g gops
		for i := range 60 {
			g.add(int64(i)*ingest.Clock, c.key(i))
			if got := g.missing(); (got > 0) != c.miss(i) {
				t.Errorf("%s: after %d s key frames are missed for %d s", c.name, i, got/ingest.Clock)
			}
		}
		if got := g.longest(); got != c.then*ingest.Clock {
			t.Errorf("%s: the longest group is of %d s", c.name, got/ingest.Clock)
		}
	}
}

func TestArrival(t *testing.T) {
	const frame = time.Second / 30
	for _, c := range []struct {
		name                string
		at                  func(i int) time.Duration // when frame i comes
		late, early, jitter time.Duration             // within a frame or so, and a millisecond
	}{
		{"in time", func(i int) time.Duration { return time.Duration(i) * frame }, 0, 0, 0},
		{"a burst first", func(i int) time.Duration { return max(0, time.Duration(i-90)*frame) }, 0, 2900 * time.Millisecond, 0},
		{"an encoder whose quartz is 100 ppm off", func(i int) time.Duration { return time.Duration(i) * frame * 10001 / 10000 }, 0, 0, 0},
		{"one whose quartz is 400 ppm fast", func(i int) time.Duration { return time.Duration(i) * frame * 9996 / 10000 }, 0, 0, 0},
		{"four times real time", func(i int) time.Duration { return time.Duration(i) * frame / 4 }, 0, 150 * sec, 25 * time.Millisecond},
		{"an uplink that carries nine tenths", func(i int) time.Duration { return time.Duration(i) * frame * 10 / 9 }, 22 * sec, 0, 4 * time.Millisecond},
		{"a stall that is caught up", func(i int) time.Duration {
			if i > 3000 && i < 3150 {
				return 3150 * frame
			}
			return time.Duration(i) * frame
		}, 0, 0, 0},
		{"a stall that is not", func(i int) time.Duration {
			if i > 5900 {
				return time.Duration(i)*frame + 4*sec
			}
			return time.Duration(i) * frame
		}, 4 * sec, 0, 1 * time.Millisecond},
	} {
		var a arrival
		for i := range 6000 {
			a.add(start.Add(c.at(i)), int64(i)*3000)
		}
		if d := a.late - c.late; d > 150*time.Millisecond || d < -150*time.Millisecond {
			t.Errorf("%s: late %v, want %v", c.name, a.late, c.late)
		}
		if d := a.early - c.early; d > 150*time.Millisecond || d < -150*time.Millisecond {
			t.Errorf("%s: early %v, want %v", c.name, a.early, c.early)
		}
		if d := a.jitter - c.jitter; d > time.Millisecond || d < -time.Millisecond {
			t.Errorf("%s: jitter %v, want %v", c.name, a.jitter, c.jitter)
		}
	}
}

func TestMeter(t *testing.T) {
	var m Meter
	tracks := []ingest.Track{{Codec: ingest.H264, RFC6381: "v", Width: 4, Height: 3, FrameRate: 25}, {Codec: ingest.AAC, RFC6381: "a"}}
	m.Attach()
	m.Tracks(start, tracks)
	now := start
	for i := range 250 {
		now = start.Add(time.Duration(i) * 40 * time.Millisecond)
		dts := int64(i) * 3600
		m.Unit(now, false, ingest.Unit{DTS: dts + 900, PTS: dts + 900})
		m.Unit(now, true, ingest.Unit{DTS: dts, PTS: dts, Key: i%100 == 0})
	}
	m.Segment(250_000, 2*ingest.Clock)
	m.Count(func(c *Counts) { c.Pauses++ })
	got := m.Read(now.Add(2 * sec))
	want := Report{
		Publishing: true, Video: "v", Audio: "a", Width: 4, Height: 3, Declared: 25, Bitrate: 1_000_000, FPS: 25,
		KeyframeInterval: 4 * sec, KeyframeMax: 4 * sec, Offset: 10 * time.Millisecond,
		Silent: 2 * sec, NoVideo: 2 * sec, NoAudio: 2 * sec, Counts: Counts{Pauses: 1},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	m.Tracks(now, tracks[:1])
	if got := m.Read(now); got.Changes != 1 || got.Pauses != 1 || got.Audio != "" || got.FPS != 0 || got.Offset != 0 {
		t.Errorf("after new tracks: %+v", got)
	}
	m.Gone()
	if got := m.Read(now.Add(time.Hour)); got.Publishing || got.Silent != 0 {
		t.Errorf("gone: %+v", got)
	}
	m.Attach()
	if got := m.Read(now); got != (Report{}) {
		t.Errorf("the next publisher: %+v", got)
	}
}

// A unit allocates no memory.
func TestMeterDoesNotAllocate(t *testing.T) {
	var m Meter
	m.Attach()
	m.Tracks(start, []ingest.Track{{Codec: ingest.H264}, {Codec: ingest.AAC}})
	dts, now := int64(0), start
	if n := testing.AllocsPerRun(500, func() {
		dts, now = dts+3000, now.Add(33*time.Millisecond)
		m.Unit(now, true, ingest.Unit{DTS: dts, PTS: dts})
		m.Unit(now, false, ingest.Unit{DTS: dts, PTS: dts})
	}); n != 0 {
		t.Errorf("%v allocations for a picture and a sound", n)
	}
}
