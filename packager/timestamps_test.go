package packager

import (
	"bytes"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/health"
)

// av is one unit of a script: what a publisher stamps, in milliseconds.
type av struct {
	audio bool
	dts   int64
	cts   int64
	key   bool
}

// feed writes a script; the wall clock follows the video's timestamps.
func (s *studio) feed(units []av) {
	s.t.Helper()
	start, first := s.now, units[0].dts
	for i, u := range units {
		if d := time.Duration(u.dts-first) * time.Millisecond; s.now.Before(start.Add(d)) {
			s.now = start.Add(d)
		}
		s.write(u.unit(byte(i)))
	}
}

// unit makes a unit of a script; fill is what its picture is made of.
func (u av) unit(fill byte) ingest.Unit {
	out := ingest.Unit{DTS: u.dts * 90, PTS: (u.dts + u.cts) * 90, Key: u.key}
	if u.audio {
		out.Track, out.NALs = 1, [][]byte{bytes.Repeat([]byte{0x21}, 160)}
	} else {
		nal := append([]byte{0x41}, bytes.Repeat([]byte{fill}, 900)...)
		if u.key {
			nal[0] = 0x65
		}
		out.NALs = [][]byte{nal}
	}
	return out
}

// program makes a script of pictures at 30 fps with a key frame every two
// seconds, and of sound; change may move or drop any unit.
func program(from, ms int64, change func(i int, u av) (av, bool)) (out []av) {
	picture := func(i int) av { return av{dts: from + int64(i)*1000/30, key: i%60 == 0} }
	sound := func(i int) av { return av{audio: true, dts: from + int64(i)*1024*1000/48000} }
	for v, a := 0, 0; picture(v).dts < from+ms; {
		u, i := picture(v), v
		if s := sound(a); s.dts <= u.dts {
			u, i = s, a
			a++
		} else {
			v++
		}
		if change != nil {
			var ok bool
			if u, ok = change(i, u); !ok {
				continue
			}
		}
		out = append(out, u)
	}
	return out
}

// Every case of odd timestamps: what comes of it obeys the rules of transport
// streams and playlists (the studio checks each part and playlist), and stands
// in the room's health.
func TestTimestamps(t *testing.T) {
	const wrap32 = 1 << 32
	none := health.Counts{}
	for _, c := range []struct {
		name   string
		units  []av
		want   health.Counts
		breaks uint64
		check  func(t *testing.T, s *studio, r health.Report)
	}{
		{"plain", program(0, 20_000, nil), none, 0, func(t *testing.T, _ *studio, r health.Report) {
			if r.BFrames || r.Late != 0 || r.KeyframeInterval != 2*time.Second || r.FPS < 29.9 || r.FPS > 30.1 {
				t.Errorf("%+v", r)
			}
		}},
		{"beyond 32 bits of milliseconds", program(wrap32-5000, 20_000, nil), none, 0, nil},
		{"below zero", program(-5000, 20_000, nil), none, 0, nil},
		{"negative composition offsets", program(0, 20_000, func(i int, u av) (av, bool) {
			// IPBB: the first picture at 0, then 100, -33, -33 as version 1 of ctts would have it.
			if !u.audio && !u.key {
				u.cts = []int64{-33, 67, -33}[i%3]
			}
			return u, true
		}), health.Counts{Shifts: 1, Clamped: 1}, 0, func(t *testing.T, s *studio, r health.Report) {
			if !r.BFrames {
				t.Error("B-frames are not noticed")
			}
		}},
		{"a constant composition offset is no B-frame", program(0, 20_000, func(_ int, u av) (av, bool) {
			if !u.audio {
				u.cts = 66
			}
			return u, true
		}), none, 0, func(t *testing.T, _ *studio, r health.Report) {
			if r.BFrames || r.Reorder != 66*time.Millisecond {
				t.Errorf("B-frames %v, reorder %v", r.BFrames, r.Reorder)
			}
		}},
		{"the sound's clock is slow: frames without room are dropped", program(0, 60_000, func(i int, u av) (av, bool) {
			if u.audio {
				u.dts -= int64(i) * 20 / 1000 // 1000 frames of 21.3 ms take 20 ms less
			}
			return u, true
		}), health.Counts{AudioExtra: 2}, 0, nil},
		{"the sound's clock is fast: there are gaps", program(0, 60_000, func(i int, u av) (av, bool) {
			if u.audio {
				u.dts += int64(i) * 20 / 1000
			}
			return u, true
		}), health.Counts{AudioGaps: 2}, 0, nil},
		{"sound steps back a fifth of a second", program(0, 20_000, func(i int, u av) (av, bool) {
			if u.audio && i > 400 {
				u.dts -= 200
			}
			return u, true
		}), health.Counts{AudioExtra: 9}, 0, nil},
		{"sound is missing for a second", program(0, 20_000, func(i int, u av) (av, bool) {
			return u, !u.audio || i < 400 || i > 447
		}), health.Counts{AudioGaps: 1}, 0, nil},
		{"a picture steps back", program(0, 20_000, func(i int, u av) (av, bool) {
			if !u.audio && i == 200 {
				u.dts -= 40
			}
			return u, true
		}), health.Counts{Clamped: 1}, 0, nil},
		{"pictures stand still for three seconds beside sound", program(0, 20_000, func(i int, u av) (av, bool) {
			return u, u.audio || i < 200 || i > 290
		}), health.Counts{Forced: 1}, 0, nil},
		{"all stands still for ten seconds", append(program(0, 10_000, nil), program(20_000, 10_000, nil)...), health.Counts{Pauses: 1, AudioGaps: 1}, 1, nil},
		{"sound lies half a second behind the picture", program(0, 30_000, func(_ int, u av) (av, bool) {
			if u.audio {
				u.dts -= 500
			}
			return u, true
		}), none, 0, func(t *testing.T, _ *studio, r health.Report) {
			if r.Offset > -480*time.Millisecond || r.Offset < -540*time.Millisecond || r.Drift > 5*time.Millisecond || r.Drift < -5*time.Millisecond {
				t.Errorf("offset %v, drift %v", r.Offset, r.Drift)
			}
		}},
		{"sound drifts away from the picture", program(0, 60_000, func(i int, u av) (av, bool) {
			if u.audio {
				u.dts -= int64(i) * 100 / 1000
			}
			return u, true
		}), health.Counts{AudioExtra: 13}, 0, func(t *testing.T, _ *studio, r health.Report) {
			if r.Drift > -200*time.Millisecond || r.Drift < -290*time.Millisecond {
				t.Errorf("drift %v", r.Drift)
			}
		}},
		{"no key frame for half a minute", program(0, 30_000, func(i int, u av) (av, bool) {
			u.key = u.key && i < 130
			return u, true
		}), health.Counts{Forced: 10}, 0, func(t *testing.T, _ *studio, r health.Report) {
			if r.KeyframeInterval < 25*time.Second {
				t.Errorf("key-frame interval %v", r.KeyframeInterval)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStudio(t, Options{State: state(0)})
			s.feed(c.units)
			if s.stream.published.breaks != c.breaks {
				t.Errorf("%d discontinuities, want %d", s.stream.published.breaks, c.breaks)
			}
			r := s.stream.Health()
			if r.Counts != c.want {
				t.Errorf("counts %+v, want %+v", r.Counts, c.want)
			}
			if c.check != nil {
				c.check(t, s, r)
			}
			s.stream.End()
			s.look()
		})
	}
}

// A broadcast that is older than 26.5 hours: the output's 33 bits wrap.
func TestOutputWraps(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	s.now = testAnchor.Add(ingest.Duration(1<<33 - align.Origin - 8*ingest.Clock))
	begin := s.now
	s.send(shot{fps: 30, gop: 60, frames: 30 * 5})
	var landed []Landing
	c := event(2)
	c.NotBefore = begin.Add(9 * time.Second)
	c.Landed = func(l Landing) { landed = append(landed, l) }
	s.stream.Cue(c)
	s.send(shot{fps: 30, gop: 60, frames: 30 * 15, from: 5000, b: true})
	s.stream.End()
	s.look()
	if n := s.stream.Health().Wraps; s.stream.published.breaks != 0 || n != 1 {
		t.Errorf("%d discontinuities, %d wraps", s.stream.published.breaks, n)
	}
	if len(landed) != 1 || landed[0].PTS <= 1<<33 || landed[0].Date.Sub(c.NotBefore) > 100*time.Millisecond {
		t.Errorf("the cue landed at %+v", landed)
	}
	last := s.stream.snapshot().segments
	if d := last[len(last)-1].date.Sub(begin); d < 17*time.Second || d > 20*time.Second {
		t.Errorf("the last segment's date is %v after the beginning", d)
	}
	if got := s.told(); got[len(got)-1].Seq != 2 {
		t.Errorf("the last cue is %+v", got[len(got)-1])
	}
}

// New parameters in mid-stream: a DISCONTINUITY, and the multivariant playlist
// names what comes now.
func TestNewParameters(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	s.send(shot{fps: 30, gop: 60, frames: 150})
	was := s.stream.multivariant(s.stream.snapshot(), ofLive).plain
	s.tracks[0].RFC6381, s.tracks[0].Width, s.tracks[0].Height = "avc1.640028", 1920, 1080
	s.tracks[0].SPS = [][]byte{append([]byte{0x67, 0x64, 0x00, 0x28}, testSPS[4:]...)}
	if err := s.sink.SetTracks(s.tracks); err != nil {
		t.Fatal(err)
	}
	s.send(shot{fps: 30, gop: 60, frames: 150, from: 5000})
	now := s.stream.multivariant(s.stream.snapshot(), ofLive).plain
	if bytes.Contains(was, []byte("1920x1080")) || !bytes.Contains(now, []byte("1920x1080")) || !bytes.Contains(now, []byte("avc1.640028")) {
		t.Errorf("%s\nthen\n%s", was, now)
	}
	if s.stream.published.breaks != 1 {
		t.Errorf("%d discontinuities", s.stream.published.breaks)
	}
	if r := s.stream.Health(); r.Changes != 1 || r.Width != 1920 {
		t.Errorf("%+v", r)
	}
}
