package packager

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// rung is a track of pictures, and how its encoder sends it.
type rung struct {
	gop     int // frames
	shifted int // frames by which its key frames come later
	every   int // 2: every second picture of the first track has one here; 0: each
	from    int // of the pictures of the first track
	until   int // 0: all
	lag     time.Duration
	size    int
}

// climb drives a stream as a publisher of several tracks does, and reads each rendition as
// players do, holding all against the rules and against the first one.
type climb struct {
	t      testing.TB
	stream *Stream
	sink   *Session
	now    time.Time
	ticked time.Time
	rungs  []rung
	tracks []ingest.Track

	views []*view
	cue   int
	open  int // the most parts that the open segment had
}

// view is one rendition as it is read.
type view struct {
	ts   check.TS
	list check.Playlist
	read uint64
	gaps []uint64 // parts
	cues []check.Cue
	text string
	size map[uint64]int        // of parts
	seen map[uint64]check.Span // the pictures of parts
}

func newClimb(t testing.TB, o Options, rungs ...rung) *climb {
	c := &climb{t: t, now: testAnchor, ticked: testAnchor, rungs: rungs}
	c.tracks = []ingest.Track{videoTrack(), audioTrack()}
	for k := range rungs[1:] {
		track := videoTrack()
		track.Width, track.Height = 320/(k+1), 180/(k+1)
		c.tracks = append(c.tracks, track)
	}
	for range rungs {
		c.views = append(c.views, &view{read: 1, size: map[uint64]int{}, seen: map[uint64]check.Span{}})
	}
	o.Room, o.Epoch, o.Anchor = "demo", "01test", testAnchor
	o.Now = func() time.Time { return c.now }
	c.stream = NewStream(o)
	c.publish(c.tracks)
	return c
}

func (c *climb) publish(tracks []ingest.Track) {
	c.t.Helper()
	c.sink = c.stream.Attach()
	if err := c.sink.SetTracks(tracks); err != nil {
		c.t.Fatal(err)
	}
}

// arrival is something that arrives.
type arrival struct {
	at time.Duration
	u  ingest.Unit
}

// send writes frames of the first track at 30 fps, with all that belongs to them.
func (c *climb) send(from, frames int) {
	c.t.Helper()
	var all []arrival
	begin := c.now
	for i := range frames {
		at := time.Duration(i) * time.Second / 30
		ms := (int64(from+i)*1000 + 15) / 30
		for k, r := range c.rungs {
			if r.every > 1 && i%r.every > 0 || i < r.from || r.until > 0 && i >= r.until {
				continue
			}
			nal := append([]byte{0x41}, bytes.Repeat([]byte{byte(i)}, max(r.size, 100))...)
			key := i >= r.shifted && (i-r.shifted)%r.gop == 0
			if key {
				nal[0] = 0x65
			}
			track := 0
			if k > 0 {
				track = k + 1
			}
			all = append(all, arrival{at + r.lag, ingest.Unit{Track: track, DTS: ms * 90, PTS: ms * 90, Key: key, NALs: [][]byte{nal}}})
		}
	}
	for n := int64(0); n*1024/48 < int64(frames)*1000/30; n++ {
		at := time.Duration(n*1024) * time.Second / 48000
		ts := int64(from)*3000 + n*1920
		all = append(all, arrival{at, ingest.Unit{Track: 1, DTS: ts, PTS: ts, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}}})
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	for _, e := range all {
		c.until(begin.Add(e.at))
		if err := c.sink.WriteUnit(e.u); err != nil {
			c.t.Fatal(err)
		}
		c.look()
	}
	c.until(begin.Add(time.Duration(frames) * time.Second / 30))
}

// until lets time pass.
func (c *climb) until(then time.Time) {
	for next := c.ticked.Add(tick); !next.After(then); next = next.Add(tick) {
		c.now, c.ticked = next, next
		c.stream.Tick(next)
		c.look()
	}
	c.now = then
}

// say hands over a cue.
func (c *climb) say() {
	c.cue++
	c.stream.Cue(Cue{
		ID: fmt.Sprint("c", c.cue), Class: "x", Event: []byte(fmt.Sprintf(`{"seq":%d}`, c.cue)), State: []byte(fmt.Sprintf(`{"kind":"state","seq":%d}`, c.cue)),
	})
}

// look reads what is new in each rendition.
func (c *climb) look() {
	c.t.Helper()
	w := c.stream.snapshot()
	c.open = max(c.open, len(w.open.parts))
	for k, v := range c.views {
		r := layout.Rendition(k)
		for ; v.read < w.nextPart; v.read++ {
			p := w.part(v.read)
			q := p.in(r)
			if q == nil {
				v.gaps = append(v.gaps, v.read)
				v.ts.Discontinuity() // players begin anew behind a gap
				continue
			}
			if q.number != p.number || q.duration != p.duration {
				c.t.Errorf("part %d of rendition %v is number %d and lasts %d, not %d", p.number, r, q.number, q.duration, p.duration)
			}
			if w.discontinuityAt(v.read) {
				v.ts.Discontinuity()
			}
			for _, bad := range v.ts.Part(q.data) {
				c.t.Errorf("part %d of rendition %v: %v", v.read, r, bad)
			}
			cues, err := check.Cues(q.data)
			if err != nil {
				c.t.Errorf("part %d of rendition %v: %v", v.read, r, err)
			}
			v.cues = append(v.cues, cues...)
			v.size[v.read], v.seen[v.read] = len(q.data), v.ts.Video()
			if first, own := min(c.views[0].seen[v.read].FirstDTS, w.startOf(v.read)), v.seen[v.read].FirstDTS; own < first {
				c.t.Errorf("part %d of rendition %v begins at %d, the first at %d", v.read, r, own, first)
			}
		}
		if !w.ready() || !w.knows(r) {
			continue
		}
		text := w.updateOf(r, skipNothing)
		if text.err != nil {
			c.t.Fatal(text.err)
		}
		if v.text == string(text.plain) {
			continue
		}
		v.text = string(text.plain)
		for _, bad := range v.list.Next(text.plain) {
			c.t.Errorf("playlist of rendition %v: %v\n%s", r, bad, text.plain)
		}
		if k > 0 {
			c.same(c.views[0].text, v.text)
		}
	}
}

// startOf is where a part begins.
func (w *window) startOf(number uint64) int64 {
	for _, s := range append(append([]*segment{}, w.segments...), &w.open) {
		at := s.start
		for _, p := range s.parts {
			if p.number == number {
				return at
			}
			at += p.duration
		}
	}
	return 0
}

// same compares the playlist of a rendition with that of the first one: all is the same
// but which pieces are gaps, what is independent, and the reports.
func (c *climb) same(first, other string) {
	c.t.Helper()
	plain := func(text string) string {
		m, err := m3u8.Parse([]byte(text))
		if err != nil {
			c.t.Fatalf("%v\n%s", err, text)
		}
		m.Reports = nil
		for _, s := range append(m.Segments, m.Open) {
			for i := range s.Parts {
				s.Parts[i].Gap, s.Parts[i].Independent = false, false
			}
		}
		for i := range m.Segments {
			m.Segments[i].Gap = false
		}
		return fmt.Sprintf("%+v", *m)
	}
	if a, b := plain(first), plain(other); a != b {
		c.t.Errorf("the lists differ:\n%s\n%s", first, other)
	}
}

// variants reads the multivariant playlist.
func (c *climb) variants() []string {
	c.t.Helper()
	m, err := m3u8.ParseMultivariant(c.stream.multivariant(c.stream.snapshot(), ofLive).plain)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, v := range m.Variants {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(v.URI, "01test/"), "/index.m3u8"))
	}
	slices.Sort(out)
	return out
}

// whole judges that a rendition has no gap, and the cues of the first one, and if it has
// as many pictures, each where one of the first is.
func (c *climb) whole(r int) {
	c.t.Helper()
	if v := c.views[r]; len(v.gaps) > 0 {
		c.t.Errorf("rendition %d has gaps: %v", r, v.gaps)
	}
	for n, s := range c.views[r].seen {
		if want := c.views[0].seen[n]; c.rungs[r].every < 2 && c.rungs[r].lag == 0 && s != want {
			c.t.Errorf("part %d of rendition %d has pictures %+v, not %+v", n, r, s, want)
		}
	}
	if a, b := fmt.Sprintf("%+v", c.views[0].cues), fmt.Sprintf("%+v", c.views[r].cues); a != b {
		c.t.Errorf("the cues of rendition %d are\n%s\nnot\n%s", r, b, a)
	}
}

func (c *climb) wantVariants(want ...string) {
	c.t.Helper()
	if got := c.variants(); !slices.Equal(got, want) {
		c.t.Errorf("the multivariant playlist has %v, not %v", got, want)
	}
}

func TestLadder(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60, size: 4000}, rung{gop: 60, size: 2000}, rung{gop: 60, size: 500})
	for i := range 10 {
		c.say()
		c.send(i*60, 60)
	}
	for r := range c.views {
		c.whole(r)
	}
	if n := len(c.views[0].cues); n < 20 {
		t.Errorf("%d cues", n)
	}
	c.wantVariants("1", "2", "main")
	if got := c.stream.Renditions(); len(got) != 3 || got[0].Width != 640 || got[1].Width != 320 || got[2].Height != 90 || got[2].Bitrate == 0 || got[2].Bitrate >= got[1].Bitrate {
		t.Errorf("renditions %+v", got)
	}
	// One and two thirds of a second of the first one's delay are over at the end.
	for r, v := range c.views {
		text := v.text
		for q := range c.views {
			uri := fmt.Sprintf(`#EXT-X-RENDITION-REPORT:URI="../%v/index.m3u8",LAST-MSN=`, layout.Rendition(q))
			if strings.Contains(text, uri) != (q != r) {
				t.Errorf("reports of rendition %d:\n%s", r, text)
			}
		}
	}
	c.stream.End()
	c.look()
	for r, v := range c.views {
		if !strings.Contains(v.text, "#EXT-X-ENDLIST") || strings.Contains(v.text, "REPORT") {
			t.Errorf("rendition %d has not ended:\n%s", r, v.text)
		}
	}
}

// A rendition with half the pictures, and one whose encoder is late.
func TestLadderHalfRateAndLag(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60, every: 2}, rung{gop: 60, lag: 80 * time.Millisecond})
	for i := range 8 {
		if c.say(); i == 4 {
			c.open = 0
		}
		c.send(i*60, 60)
	}
	// The last part of a segment is listed with the end of it, also where its key frame waits.
	if c.open != 3 {
		t.Errorf("an open segment had %d parts", c.open)
	}
	c.stream.End()
	c.look()
	for r := range c.views {
		c.whole(r)
	}
}

// B-3: a track whose key frames are elsewhere is left out after a few segments, with
// words, and costs the others nothing.
func TestLadderUnaligned(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60}, rung{gop: 63})
	c.send(0, 3*60+10)
	if got := c.stream.Health(); got.Unaligned != 3 || got.Stopped != 0 {
		t.Errorf("unaligned %d, stopped %d", got.Unaligned, got.Stopped)
	}
	c.send(3*60+10, 300)
	c.whole(0)
	c.whole(1)
	c.wantVariants("1", "main")
	if v := c.views[2]; !strings.Contains(v.text, "GAP=YES") || len(v.gaps) < 10 {
		t.Errorf("gaps %v:\n%s", v.gaps, v.text)
	}
	if strings.Contains(c.views[0].text, "../2/") {
		t.Errorf("a report on what is left out:\n%s", c.views[0].text)
	}
}

// Key frames that are never beside those of the first track.
func TestLadderNeverAligned(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60, shifted: 30})
	c.send(0, 400)
	c.whole(0)
	c.wantVariants("main")
	if got := c.stream.Health().Unaligned; got != 2 {
		t.Errorf("unaligned %d", got)
	}
}

// A track that stops has gaps for two seconds, then it is left out. The first parts come
// as before.
func TestLadderStops(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60, until: 200}, rung{gop: 60})
	c.send(0, 255)
	c.wantVariants("1", "2", "main")
	c.send(255, 0)
	c.rungs[1].until = 1 // nothing more
	c.rungs[1].from = 1
	c.send(255, 300)
	c.whole(0)
	c.whole(2)
	c.wantVariants("2", "main")
	if got := c.stream.Health(); got.Stopped != 2 || got.Unaligned != 0 {
		t.Errorf("unaligned %d, stopped %d", got.Unaligned, got.Stopped)
	}
	if n := len(c.views[1].gaps); n < 4 {
		t.Errorf("gaps %v", c.views[1].gaps)
	}
}

// A track that comes late joins beside a key frame of the first one.
func TestLadderComesLate(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60, from: 100})
	c.send(0, 110)
	c.wantVariants("main")
	c.send(110, 0)
	c.rungs[1].from = 0
	c.rungs[1].shifted = 10
	c.rungs[0].shifted = 10
	c.send(110, 300)
	c.whole(0)
	c.wantVariants("1", "main")
	v := c.views[1]
	if last := v.gaps[len(v.gaps)-1]; last > 9 {
		t.Errorf("gaps %v", v.gaps)
	}
	if got := c.stream.Health(); got.Stopped != 0 || got.Unaligned != 0 {
		t.Errorf("unaligned %d, stopped %d", got.Unaligned, got.Stopped)
	}
}
