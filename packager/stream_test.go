package packager

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// A 640x360 picture's parameter sets, as x264 writes them.
var (
	testSPS = []byte{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x0f, 0x16, 0x2e, 0x48}
	testPPS = []byte{0x68, 0xcb, 0x83, 0xcb, 0x20}
)

func videoTrack() ingest.Track {
	return ingest.Track{Codec: ingest.H264, RFC6381: "avc1.42c01e", Width: 640, Height: 360, SPS: [][]byte{testSPS}, PPS: [][]byte{testPPS}}
}

func audioTrack() ingest.Track {
	return ingest.Track{Codec: ingest.AAC, RFC6381: "mp4a.40.2", SampleRate: 48000, Channels: 2, Config: []byte{0x11, 0x90}}
}

// studio drives a stream as a publisher would, and reads it as a player that
// misses nothing, holding every part and playlist against the rules.
type studio struct {
	t      testing.TB
	stream *Stream
	sink   *Session
	now    time.Time // the wall clock
	tracks []ingest.Track

	ts       check.TS
	list     check.Playlist
	read     uint64 // the next part to read
	body     map[uint64][]byte
	cues     []check.Cue
	lastMSN  uint64
	segments map[uint64][]byte
	window   *window
	grew     time.Time     // when the window last did, and
	stood    time.Duration // the longest that it did not
	anew     bool          // the next playlist is a new process's first: it need not keep a hint
}

var testAnchor = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newStudio(t testing.TB, o Options, tracks ...ingest.Track) *studio {
	t.Helper()
	s := &studio{t: t, now: testAnchor, tracks: tracks, body: map[uint64][]byte{}, segments: map[uint64][]byte{}}
	if tracks == nil {
		s.tracks = []ingest.Track{videoTrack(), audioTrack()}
	}
	o.Room, o.Epoch, o.Anchor = "demo", "01test", testAnchor
	o.Now = func() time.Time { return s.now }
	s.stream = NewStream(o)
	s.read, s.grew = s.stream.snapshot().nextPart, s.now
	s.publish()
	return s
}

// publish begins a publisher's stay.
func (s *studio) publish() {
	s.t.Helper()
	s.sink = s.stream.Attach()
	if err := s.sink.SetTracks(s.tracks); err != nil {
		s.t.Fatal(err)
	}
}

// shot is how a publisher sends.
type shot struct {
	fps    float64
	gop    int   // frames
	from   int64 // first timestamp, ms
	frames int
	burst  bool // all at once
	b      bool // every second frame is shown a frame later
}

// send writes frames with their audio, in the order of time, and reads what
// came of each.
func (s *studio) send(c shot) {
	s.t.Helper()
	audio := 0.
	start := s.now
	for i := range c.frames {
		at := float64(i) / c.fps
		ms := c.from + int64(at*1000+0.5)
		if !c.burst {
			s.now = start.Add(time.Duration(at * 1e9))
		}
		for len(s.tracks) > 1 && audio <= at {
			ams := c.from + int64(audio*1000+0.5)
			s.write(ingest.Unit{Track: 1, DTS: ams * 90, PTS: ams * 90, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}})
			audio += 1024. / 48000
		}
		key := i%c.gop == 0
		nal := append([]byte{0x41}, bytes.Repeat([]byte{byte(i)}, 900)...)
		if key {
			nal[0] = 0x65
		}
		pts := ms
		if c.b {
			pts += int64(1000/c.fps) * int64(1+i%2*2)
		}
		s.write(ingest.Unit{Track: 0, DTS: ms * 90, PTS: pts * 90, Key: key, NALs: [][]byte{nal}})
	}
	s.now = s.now.Add(time.Duration(1e9 / c.fps))
}

func (s *studio) write(u ingest.Unit) {
	s.t.Helper()
	if err := s.sink.WriteUnit(u); err != nil {
		s.t.Fatal(err)
	}
	s.look()
}

// look reads what is new in the window.
func (s *studio) look() {
	s.t.Helper()
	w := s.stream.snapshot()
	if s.stood = max(s.stood, s.now.Sub(s.grew)); w == s.window {
		return
	}
	s.grew = s.now
	s.window = w
	for ; s.read < w.nextPart; s.read++ {
		p := w.part(s.read)
		if p == nil {
			s.t.Fatalf("part %d cannot be had", s.read)
		}
		if p.duration <= 0 || p.duration > w.partTarget {
			s.t.Errorf("part %d lasts %v, PART-TARGET is %v", s.read, ingest.Duration(p.duration), ingest.Duration(w.partTarget))
		}
		if p.gap {
			continue
		}
		if first := w.discontinuityAt(s.read); first {
			s.ts.Discontinuity()
		}
		for _, v := range s.ts.Part(p.data) {
			s.t.Errorf("part %d: %v", s.read, v)
		}
		s.body[s.read] = p.data
		cues, err := check.Cues(p.data)
		if err != nil {
			s.t.Errorf("part %d: %v", s.read, err)
		}
		s.cues = append(s.cues, cues...)
	}
	if !w.ready() {
		return
	}
	text := w.playlist()
	if text.err != nil {
		s.t.Fatal(text.err)
	}
	for _, v := range s.list.Next(text.plain) {
		if s.anew && strings.Contains(v.String(), "hint") {
			continue
		}
		s.t.Errorf("playlist: %v\n%s", v, text.plain)
	}
	s.anew = false
	last := w.segments[len(w.segments)-1]
	if last.msn == s.lastMSN {
		return
	}
	s.lastMSN = last.msn
	var whole, parts bytes.Buffer
	newBody(last.parts).WriteTo(&whole)
	for _, p := range last.parts {
		parts.Write(s.body[p.number])
	}
	if !bytes.Equal(whole.Bytes(), parts.Bytes()) {
		s.t.Errorf("segment %d is not its parts", last.msn)
	}
	s.segments[last.msn] = whole.Bytes()
}

// discontinuityAt tells whether a part begins a segment after a DISCONTINUITY.
func (w *window) discontinuityAt(number uint64) bool {
	for _, s := range append(append([]*segment{}, w.segments...), &w.open) {
		if len(s.parts) > 0 && s.parts[0].number == number {
			return s.discontinuity
		}
	}
	return false
}

func (b *body) WriteTo(dst *bytes.Buffer) {
	for _, p := range b.parts {
		dst.Write(p.data)
	}
}

type testCue struct {
	Kind string
	Seq  int
	N    int
}

func (s *studio) told() (out []testCue) {
	s.t.Helper()
	for _, c := range s.cues {
		var v testCue
		if err := json.Unmarshal(c.JSON, &v); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func state(seq int) []byte { return fmt.Appendf(nil, `{"v":1,"kind":"state","seq":%d}`, seq) }

func event(seq int) Cue {
	return Cue{ID: fmt.Sprint("cue", seq), Event: fmt.Appendf(nil, `{"v":1,"kind":"custom","seq":%d}`, seq), State: state(seq)}
}

func TestStreamObeysTheRules(t *testing.T) {
	for _, c := range []struct {
		name string
		shot
		tracks []ingest.Track
	}{
		{"24 fps", shot{fps: 24, gop: 48, frames: 24 * 60}, nil},
		{"25 fps", shot{fps: 25, gop: 50, frames: 25 * 60}, nil},
		{"29.97 fps", shot{fps: 29.97, gop: 60, frames: 30 * 60}, nil},
		{"30 fps", shot{fps: 30, gop: 60, frames: 30 * 120}, nil},
		{"50 fps", shot{fps: 50, gop: 50, frames: 50 * 60}, nil},
		{"60 fps", shot{fps: 60, gop: 120, frames: 60 * 60}, nil},
		{"10 s GOP", shot{fps: 30, gop: 300, frames: 30 * 120}, nil},
		{"B-frames", shot{fps: 30, gop: 60, frames: 30 * 60, b: true}, nil},
		{"video only", shot{fps: 30, gop: 60, frames: 30 * 60}, []ingest.Track{videoTrack()}},
		{"timestamps far off", shot{fps: 30, gop: 60, frames: 30 * 20, from: 4_000_000_000}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStudio(t, Options{State: state(0)}, c.tracks...)
			s.send(c.shot)
			s.stream.End()
			s.look()
			if n := len(s.segments); n < 5 {
				t.Errorf("%d segments", n)
			}
			for msn, data := range s.segments {
				cues, err := check.Cues(data)
				if err != nil || len(cues) != 1 {
					t.Errorf("segment %d has %d cues (%v), want the state at its head", msn, len(cues), err)
				}
			}
		})
	}
}

func TestStreamAudioOnly(t *testing.T) {
	s := newStudio(t, Options{State: state(3)}, audioTrack())
	for i := range 48000 * 30 / 1024 {
		ms := int64(i) * 1024 * 1000 / 48000
		s.now = testAnchor.Add(time.Duration(ms) * time.Millisecond)
		s.write(ingest.Unit{DTS: ms * 90, PTS: ms * 90, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}})
	}
	if n := len(s.segments); n < 13 {
		t.Errorf("%d segments in 30 s", n)
	}
	if s.stream.snapshot().segments[0].parts[0].independent != true {
		t.Error("a part of audio alone can be decoded by itself")
	}
}

// A cue lands on the first frame at or after its time; no state betrays it
// before, and events come in order of seq, the state last.
func TestStreamCues(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	s.send(shot{fps: 30, gop: 60, frames: 90})
	var landed []Landing
	later := testAnchor.Add(4*time.Second + 10*time.Millisecond)
	for seq := 2; seq <= 3; seq++ {
		c := event(seq)
		c.NotBefore = later
		c.Class, c.Attrs = "mediad.cue", []m3u8.Attr{{Name: "X-MEDIAD-SEQ", Value: fmt.Sprint(seq)}}
		c.Landed = func(l Landing) { landed = append(landed, l) }
		s.stream.Cue(c)
	}
	s.stream.Cue(event(4)) // now, but not before those with a lower seq
	s.send(shot{fps: 30, gop: 60, frames: 30 * 10, from: 3000})
	if len(landed) != 2 {
		t.Fatalf("%d cues landed", len(landed))
	}
	first := landed[0]
	if d := first.Date.Sub(later); d < 0 || d > 34*time.Millisecond {
		t.Errorf("landed %v after its time", d)
	}
	if landed[1].PTS != first.PTS+1 || first.Epoch != "01test" {
		t.Errorf("landings %+v", landed)
	}
	data := s.body[first.Part]
	in, err := check.Cues(data)
	if err != nil {
		t.Fatal(err)
	}
	if in[len(in)-1].PTS-in[0].PTS > 3 && in[0].PTS == first.PTS {
		t.Errorf("cues of one frame lie at %v", in)
	}
	seen := 0
	for i, c := range s.told() {
		if c.Kind == "state" && c.Seq > seen && seen != 0 {
			t.Errorf("cue %d: state %d before its event", i, c.Seq)
		}
		if c.Kind == "custom" {
			if c.Seq != seen+1 && seen != 0 {
				t.Errorf("event %d after %d", c.Seq, seen)
			}
			seen = c.Seq
		} else if seen == 0 {
			seen = c.Seq
		}
	}
	if seen != 4 {
		t.Errorf("last event is %d", seen)
	}
	told := s.told()
	if last := told[len(told)-1]; last.Kind != "state" || last.Seq != 4 {
		t.Errorf("the last cue is %+v", last)
	}
	if n := len(s.stream.snapshot().media().DateRanges); n != 2 {
		t.Errorf("%d date ranges", n)
	}
}

// A publisher that comes back goes on at the same URL, behind a DISCONTINUITY,
// with timestamps of its own.
func TestStreamReconnects(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	zero := func(want time.Time) {
		t.Helper()
		if got := s.stream.Health().Zero; got.Sub(want).Abs() > 2*time.Millisecond {
			t.Errorf("timestamp 0 is at %v, want %v", got, want)
		}
	}
	begun := s.now
	s.send(shot{fps: 30, gop: 60, frames: 135, from: 100_000})
	zero(begun.Add(-100 * time.Second))
	for i := range 5 {
		before := s.stream.snapshot()
		s.sink.Close(ingest.Lost)
		s.look()
		s.now = s.now.Add(time.Duration(2+i) * time.Second)
		s.stream.Cue(event(2 + i)) // waits for the next publisher
		s.publish()
		begun := s.now
		s.send(shot{fps: 25, gop: 50, frames: 100 + 13*i})
		zero(begun)
		after := s.stream.snapshot()
		if after.lastMSN() <= before.lastMSN() {
			t.Fatalf("media sequence %d after %d", after.lastMSN(), before.lastMSN())
		}
		if s.stream.published.breaks != uint64(i+1) {
			t.Errorf("%d discontinuities after %d returns", s.stream.published.breaks, i+1)
		}
	}
	told := s.told()
	if last := told[len(told)-1]; last.Seq != 6 {
		t.Errorf("the last cue is %+v", last)
	}
}

// A cue whose last part players may leave out as too short is said once more.
func TestStreamRepeatsWhatASliverHeld(t *testing.T) {
	for _, c := range []struct {
		frames int // in the part that the loss closes, behind the cue's
		times  int
	}{{3, 2}, {12, 1}} {
		s := newStudio(t, Options{State: state(1)})
		s.send(shot{fps: 30, gop: 60, frames: 150})
		s.stream.Cue(event(2))
		s.send(shot{fps: 30, gop: 60, frames: c.frames, from: 5000})
		s.sink.Close(ingest.Lost)
		s.look()
		s.now = s.now.Add(time.Second)
		s.publish()
		s.send(shot{fps: 30, gop: 60, frames: 120})
		times, last := 0, testCue{}
		for _, told := range s.told() {
			if told.Kind == "custom" {
				times++
			}
			last = told
		}
		if times != c.times || last != (testCue{Kind: "state", Seq: 2}) {
			t.Errorf("%d frames: said %d times, want %d; last %+v", c.frames, times, c.times, last)
		}
	}
}

// Who was taken over writes no more.
func TestStreamTakeOver(t *testing.T) {
	s := newStudio(t, Options{})
	s.send(shot{fps: 30, gop: 60, frames: 100})
	old := s.sink
	s.publish()
	if err := old.WriteUnit(ingest.Unit{}); err != ingest.ErrTakenOver {
		t.Errorf("the old publisher got %v", err)
	}
	old.Close(ingest.Lost)
	s.send(shot{fps: 30, gop: 60, frames: 100})
	if s.stream.session != s.sink || s.sink == old {
		t.Error("the wrong session is current")
	}
}

// After a restart numbers go on, and values that may not change do not.
func TestStreamResumes(t *testing.T) {
	var numbers Numbers
	s := newStudio(t, Options{State: state(1), Advance: func(n Numbers) { numbers = n }})
	s.send(shot{fps: 30, gop: 90, frames: 400})
	first := s.stream.snapshot()
	if numbers.MSN != first.lastMSN()+1 || numbers.Part == 0 || numbers.Target != 3*ingest.Clock {
		t.Fatalf("numbers %+v", numbers)
	}
	numbers.MSN += 100
	numbers.Part += 100
	again := newStudio(t, Options{State: state(1), Begin: numbers, Resumed: true})
	again.now = s.now.Add(4 * time.Second)
	again.send(shot{fps: 30, gop: 60, frames: 400})
	w := again.stream.snapshot()
	if w.segments[0].msn != numbers.MSN || !w.segments[0].discontinuity || w.target != first.target || w.partTarget != first.partTarget {
		t.Errorf("window begins with %+v", w.segments[0])
	}
	if w.segments[0].date.Before(first.segments[len(first.segments)-1].date) {
		t.Error("dates go back")
	}
}

// One picture with a wild composition offset does not move all that follow.
func TestStreamWildOffset(t *testing.T) {
	for _, offset := range []int64{-60_001, 8_000_000} {
		s := newStudio(t, Options{})
		s.send(shot{fps: 30, gop: 60, frames: 90})
		s.write(ingest.Unit{Track: 0, DTS: 3000 * 90, PTS: (3000 + offset) * 90, NALs: [][]byte{{0x41, 1}}})
		before := s.stream.snapshot().nextPart
		s.send(shot{fps: 30, gop: 60, frames: 150, from: 3033})
		if n := s.stream.snapshot().nextPart - before; n < 7 {
			t.Errorf("offset %d ms: %d parts in the next five seconds", offset, n)
		}
	}
}

// A publisher whose timestamps stand still is ended, not collected.
func TestStreamFrozenTimestamps(t *testing.T) {
	s := newStudio(t, Options{})
	s.send(shot{fps: 30, gop: 60, frames: 90})
	u := ingest.Unit{Track: 0, DTS: 3000 * 90, PTS: 3000 * 90, NALs: [][]byte{append([]byte{0x41}, make([]byte, 1<<20)...)}}
	for range 40 {
		if err := s.sink.WriteUnit(u); err != nil {
			return
		}
	}
	t.Error("40 MB of one moment were taken")
}

// Sound from before the first picture does not reach the stream.
func TestStreamSoundBeforePicture(t *testing.T) {
	s := newStudio(t, Options{})
	for ms := int64(0); ms < 1500; ms += 21 {
		s.write(ingest.Unit{Track: 1, DTS: ms * 90, PTS: ms * 90, NALs: [][]byte{{0x21, 1, 2}}})
	}
	s.send(shot{fps: 30, gop: 60, frames: 150, from: 1500})
	if len(s.segments) == 0 {
		t.Error("no segment")
	}
}
