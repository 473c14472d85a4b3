package packager

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// TestEndurance runs a day of a broadcast, or as many hours as
// MEDIAD_SOAK_HOURS says, in the time that its units take to be packaged: half
// an hour of it where nothing is said. A publisher is lost each hour (each ten
// minutes in the short form), its 33-bit clock wraps on the way, cues land; every
// part and every version of the playlist is held against the rules.
func TestEndurance(t *testing.T) {
	length, loss := 30*time.Minute, 10*time.Minute
	if v := os.Getenv("MEDIAD_SOAK_HOURS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("MEDIAD_SOAK_HOURS is %q; it must be a number of hours", v)
		}
		length, loss = time.Duration(n)*time.Hour, time.Hour
	}
	for name, e := range map[string]endurance{
		"30 fps":    {num: 30, den: 1},
		"29.97 fps": {num: 30000, den: 1001},
	} {
		t.Run(name, func(t *testing.T) {
			e.t, e.length, e.loss = t, length, loss
			e.run()
		})
	}
}

// endurance is one long run. The clock is the test's own.
type endurance struct {
	t            *testing.T
	num, den     int64 // frames a second
	length, loss time.Duration

	stream *Stream
	sink   *Session
	now    time.Time
	ts     check.TS
	list   *check.Playlist
	judged int // versions since the checker was new
	window *window

	parts, versions, losses int
	wrapped                 bool  // the written clock stepped over 2^33
	lastDTS                 int64 // unwrapped
	heap                    map[time.Duration]uint64

	began     map[uint64]int64 // unwrapped DTS of the first picture, by segment
	summed    uint64           // the last segment that is in sum
	sum       time.Duration    // of EXTINF
	firstDTS  int64
	firstDate time.Time
	off       time.Duration // the worst difference of the three
}

// The clock begins so that 2^33 ticks are reached within the first quarter of
// an hour: 26.5 hours of a broadcast lie behind it.
const endureFrom = 1<<33 - 10*60*ingest.Clock

func (e *endurance) run() {
	e.now, e.heap, e.began = testAnchor, map[time.Duration]uint64{}, map[uint64]int64{}
	anchor := testAnchor.Add(-ingest.Duration(endureFrom - align.Origin)).Round(time.Millisecond)
	e.stream = NewStream(Options{Room: "demo", Epoch: "01endure", Anchor: anchor, State: state(0), Now: func() time.Time { return e.now }})
	e.list = new(check.Playlist)
	for begin := time.Duration(0); begin < e.length; {
		begin = e.stay(begin, min(e.loss, e.length-begin))
	}
	e.weigh(e.length)
	e.stream.End()
	e.look()
	e.report()
}

// stay is one publisher's: timestamps from 0 in whole milliseconds, as RTMP
// has them. It gives when the next one comes.
func (e *endurance) stay(begin, length time.Duration) time.Duration {
	t := e.t
	e.sink = e.stream.Attach()
	if err := e.sink.SetTracks([]ingest.Track{videoTrack(), audioTrack()}); err != nil {
		t.Fatal(err)
	}
	start := testAnchor.Add(begin)
	picture, key, sound := []byte{0x41, 1, 2, 3, 4, 5}, []byte{0x65, 1, 2, 3, 4, 5}, []byte{0x21, 1, 2, 3}
	frame := func(i int64) int64 { return (i*1000*e.den + e.num/2) / e.num } // ms
	for v, a := int64(0), int64(0); ; {
		u := ingest.Unit{NALs: [][]byte{picture}}
		ms := frame(v)
		if s := a * 1024 * 1000 / 48000; s <= ms {
			ms, a = s, a+1
			u.Track, u.NALs[0] = 1, sound
		} else {
			if u.Key = v%60 == 0; u.Key {
				u.NALs[0] = key
			}
			v++
		}
		at := time.Duration(ms) * time.Millisecond
		if at >= length {
			break
		}
		e.now = start.Add(at)
		u.DTS, u.PTS = ms*90, ms*90
		if u.Key && v%1800 == 1 { // each minute
			e.stream.Cue(Cue{ID: fmt.Sprint("cue", e.versions), Class: "mediad.cue", Attrs: []m3u8.Attr{{Name: "X-N", Value: "1"}},
				Event: []byte(`{"v":1,"kind":"custom","seq":1}`), State: state(1)})
		}
		if err := e.sink.WriteUnit(u); err != nil {
			t.Fatal(err)
		}
		e.look()
		if u.Key {
			e.weigh(begin + at)
		}
	}
	// Lost: the slate stands in for eight seconds, and another comes.
	e.sink.Close(ingest.Lost)
	e.losses++
	e.look()
	until := start.Add(length + 8*time.Second)
	for ; e.now.Before(until); e.now = e.now.Add(tick) {
		e.stream.Tick(e.now)
		e.look()
	}
	return begin + length + 8*time.Second
}

// weigh notes the memory in use at whole hours, and at every tenth of a short
// run.
func (e *endurance) weigh(at time.Duration) {
	step := min(time.Hour, e.length/10)
	mark := at.Truncate(step)
	if _, done := e.heap[mark]; done {
		return
	}
	// The checker remembers every name ever listed, for good: begin anew.
	e.list, e.judged = new(check.Playlist), 0
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	e.heap[mark] = m.HeapAlloc
}

// look judges what is new.
func (e *endurance) look() {
	w := e.stream.snapshot()
	if w == e.window {
		return
	}
	old := e.window
	e.window = w
	from := uint64(1)
	if old != nil {
		from = old.nextPart
	}
	for n := from; n < w.nextPart; n++ {
		e.part(w, n)
	}
	if !w.ready() {
		return
	}
	text := w.playlist()
	if text.err != nil {
		e.t.Fatal(text.err)
	}
	e.versions++
	if vs := e.list.Next(text.plain); len(vs) > 0 {
		e.t.Fatalf("at %v: %v\n%s", e.now.Sub(testAnchor), vs, text.plain)
	}
	if w.lastMSN() > e.summed {
		e.closed(text.plain)
	}
}

// part judges one part by itself.
func (e *endurance) part(w *window, n uint64) {
	p := w.part(n)
	seg, at := w.place(n)
	if p == nil || seg == nil || p.gap {
		e.t.Fatalf("at %v: part %d cannot be had, or is a gap", e.now.Sub(testAnchor), n)
	}
	if at == 0 && seg.discontinuity {
		e.ts.Discontinuity()
	}
	if vs := e.ts.Part(p.data); len(vs) > 0 {
		e.t.Fatalf("at %v, part %d: %v", e.now.Sub(testAnchor), n, vs)
	}
	e.parts++
	if v := e.ts.Video(); at == 0 && v.Units > 0 {
		// Unwrap what is written: it never goes back by more than a wrap.
		dts := v.FirstDTS + e.lastDTS&^(1<<33-1)
		if dts < e.lastDTS {
			dts, e.wrapped = dts+1<<33, true
		}
		e.lastDTS, e.began[seg.msn] = dts, dts
	}
}

// closed compares three clocks at each segment that the text now lists as
// closed, all counted from the first one: what is written into its first
// picture as DTS, its date, and the sum of EXTINF before it.
func (e *endurance) closed(text []byte) {
	m, err := m3u8.Parse(text)
	if err != nil {
		e.t.Fatal(err)
	}
	for i, seg := range m.Segments {
		msn := m.Sequence + uint64(i)
		if msn <= e.summed {
			continue
		}
		if e.summed != 0 && msn != e.summed+1 {
			e.t.Fatalf("segment %d follows %d", msn, e.summed)
		}
		dts, ok := e.began[msn]
		if !ok {
			e.t.Fatalf("segment %d begins without a picture", msn)
		}
		delete(e.began, msn)
		if e.summed == 0 {
			e.firstDTS, e.firstDate = dts, seg.Date
		}
		byDTS, byDate := ingest.Duration(dts-e.firstDTS), seg.Date.Sub(e.firstDate)
		off := max((byDTS - byDate).Abs(), (byDTS - e.sum).Abs(), (byDate - e.sum).Abs())
		if off > time.Millisecond {
			e.t.Fatalf("at %v, segment %d: DTS says %v, the date %v, the sum of EXTINF %v", e.now.Sub(testAnchor), msn, byDTS, byDate, e.sum)
		}
		e.off = max(e.off, off)
		e.sum += seg.Duration
		e.summed = msn
	}
}

// place finds the segment of a part, and the part's place in it.
func (w *window) place(number uint64) (*segment, int) {
	for _, s := range append(append([]*segment{}, w.segments...), &w.open) {
		for i, p := range s.parts {
			if p.number == number {
				return s, i
			}
		}
	}
	return nil, 0
}

func (e *endurance) report() {
	t := e.t
	var early, late uint64
	var last time.Duration
	for at := range e.heap {
		last = max(last, at)
	}
	step := min(time.Hour, e.length/10)
	early, late = e.heap[2*step], e.heap[last]
	t.Logf("%v of media: %d parts and %d playlists judged, %d losses, clock wrapped: %t; sum of EXTINF %v, DTS and date within %v of it; heap %d KiB at %v, %d KiB at %v",
		e.length, e.parts, e.versions, e.losses, e.wrapped, e.sum, e.off, early>>10, 2*step, late>>10, last)
	if !e.wrapped {
		t.Error("the clock did not wrap")
	}
	if want := int(e.length / e.loss); e.losses < want {
		t.Errorf("%d losses, want %d", e.losses, want)
	}
	if limit := early + early/4 + 1<<20; late > limit {
		t.Errorf("the heap grew from %d to %d bytes", early, late)
	}
	if want := e.length; e.sum < want || e.sum > want+time.Duration(e.losses+1)*10*time.Second {
		t.Errorf("the sum of EXTINF is %v after %v", e.sum, want)
	}
	if least := int(e.length / time.Second * 19 / 10); e.parts < least {
		t.Errorf("only %d parts", e.parts)
	}
}
