package packager

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/m3u8"
)

// hinted is a client that loads what is hinted, with the rule of Media3
// (HlsChunkSource.getChunkPublicationState): a hinted part is that of a place, the
// sequence number of the open segment and how many parts it has. Where the segment
// turns out to have fewer, what was loaded is thrown away, under whatever name it is
// listed.
type hinted struct {
	t      *testing.T
	live   *Live
	stream *Stream
	asks   string // the media playlist
	text   string
	msn    uint64 // of the place that was loaded last, and
	index  int
	name   string
	loaded map[string]int
}

// look reads the playlist as it stands.
func (h *hinted) look() {
	h.t.Helper()
	if !h.stream.snapshot().ready() {
		return
	}
	got := ask(h.live, "GET", h.asks)
	if got.Code != 200 || got.Body.String() == h.text {
		return
	}
	h.text = got.Body.String()
	list, err := m3u8.Parse([]byte(h.text))
	if err != nil {
		h.t.Fatal(err)
	}
	if h.name != "" {
		parts := list.Open.Parts
		if n := h.msn - list.Sequence; n < uint64(len(list.Segments)) {
			parts = list.Segments[n].Parts
		}
		switch open := list.Sequence + uint64(len(list.Segments)); {
		case h.index < len(parts):
			if parts[h.index].URI != h.name {
				h.t.Errorf("part %d of segment %d is %s, hinted as %s", h.index, h.msn, parts[h.index].URI, h.name)
			}
		case h.msn == open:
			return // it is not there yet
		default:
			h.loaded[h.name]-- // thrown away: if it is loaded again, it was for nothing
			h.loaded["again"]++
		}
	}
	h.msn, h.index, h.name = list.Sequence+uint64(len(list.Segments)), len(list.Open.Parts), list.Hint
	h.loaded[h.name]++
}

// A client with Media3's rule loads nothing twice while key frames come as they are
// expected, and one part at most for each that does not.
func TestHintsStandAtASegmentsEnd(t *testing.T) {
	for _, c := range []struct {
		name   string
		fps    float64
		part   time.Duration
		jitter float64 // of the arrival, seconds
		odd    int     // each so-manieth GOP is longer
	}{
		{"30 fps", 30, 0, 0, 0}, {"29.97 fps", 30000. / 1001, 0, 0, 0}, {"25 fps", 25, 0, 0, 0}, {"24 fps", 24, 0, 0, 0}, {"60 fps", 60, 0, 0, 0},
		{"15 fps", 15, 0, 0, 0}, {"5 fps", 5, 0, 0, 0}, {"1 fps", 1, 0, 0, 0},
		{"parts of 200 ms", 30, 200 * time.Millisecond, 0, 0}, {"parts of a second", 30, time.Second, 0, 0},
		{"arrival wavers", 30, 0, 0.03, 0}, {"some GOPs are longer", 30, 0, 0, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStudio(t, Options{Part: c.part})
			live := NewLive(nil)
			live.Add(s.stream)
			h := &hinted{t: t, live: live, stream: s.stream, asks: "/live/demo/01test/main/index.m3u8", loaded: map[string]int{}}
			r := rand.New(rand.NewPCG(3, 4))
			gop, irregular, warm := int(c.fps*2+.5), 0, 0
			left, gops, audio, latest := gop, 0, 0., time.Time{}
			for i := range int(c.fps * 60) {
				at := float64(i) / c.fps
				for ; audio <= at; audio += 1024. / 48000 {
					ms := int64(audio*1000 + .5)
					s.write(ingest.Unit{Track: 1, DTS: ms * 90, PTS: ms * 90, NALs: [][]byte{silence(audioTrack())}})
					h.look()
				}
				s.now = testAnchor.Add(time.Duration((at + r.Float64()*c.jitter) * 1e9))
				if s.now.Before(latest) {
					s.now = latest
				}
				for now := latest; now.Before(s.now) && !latest.IsZero(); now = now.Add(10 * time.Millisecond) {
					s.stream.Tick(now)
					h.look()
				}
				latest = s.now
				key := left == gop
				if left--; left <= 0 {
					left, gops = gop, gops+1
					if c.odd > 0 && gops%c.odd == 0 {
						left, irregular = gop-7, irregular+1
					}
				}
				if i > 0 && left == gop-7 && c.odd > 0 {
					key = false
				}
				nal := byte(0x41)
				if key || i == 0 {
					nal = 0x65
				}
				ms := int64(at*1000 + .5)
				s.write(ingest.Unit{DTS: ms * 90, PTS: ms * 90, Key: nal == 0x65, NALs: [][]byte{append([]byte{nal}, strings.Repeat("x", 300)...)}})
				h.look()
				if at < 9 { // four GOPs, which tell that they are alike
					warm = h.loaded["again"]
				}
			}
			again := h.loaded["again"] - warm
			if most := 2 * irregular; again > most || len(h.loaded) < 25 {
				t.Errorf("%d of %d parts are loaded twice, want %d at most", again, len(h.loaded)-1, most)
			}
		})
	}
}

// A key frame that does not come is not waited for long.
func TestPartDoesNotWaitForLong(t *testing.T) {
	s := newStudio(t, Options{})
	s.send(shot{fps: 30, gop: 60, frames: 300})
	was := s.window.nextPart
	if !s.stream.seg.Held(time.Hour) {
		t.Fatal("no part waits for a key frame")
	}
	for range 6 { // the connection stands still
		s.stream.Tick(s.now)
		s.now = s.now.Add(10 * time.Millisecond)
		s.look()
	}
	if s.window.nextPart != was+1 || s.stood > time.Second {
		t.Errorf("%d parts more", s.window.nextPart-was)
	}
}
