package align

import (
	"testing"
	"time"

	"mediad/ingest"
)

// Pictures keep their publisher's times, but for what cannot stand in a transport
// stream. All times are in milliseconds.
func TestPlacementOfPictures(t *testing.T) {
	type picture struct {
		dts, pts         int64
		wantDTS, wantPTS int64 // ticks above a whole millisecond are left out
		change           Change
	}
	for name, pictures := range map[string][]picture{
		"as they are":                {{1000, 1080, 1000, 1080, 0}, {1040, 1040, 1040, 1040, 0}},
		"negative offsets":           {{1000, 960, 960, 960, Shifted}, {1040, 1080, 1000, 1080, 0}, {1080, 1060, 1040, 1060, 0}},
		"an offset below all bounds": {{1000, 300, 1000, 1000, 0}},
		"an offset above all bounds": {{1000, 3000, 1000, 2000, Clamped}},
		"a step back":                {{1000, 1000, 1000, 1000, 0}, {900, 900, 1000, 1000, Clamped}},
		"the same time twice":        {{1000, 1000, 1000, 1000, 0}, {1000, 1000, 1000, 1000, Clamped}},
	} {
		p := NewPlacement(48000)
		for i, x := range pictures {
			u, own, c := p.Picture(ingest.Unit{DTS: x.dts * ingest.Millisecond, PTS: x.pts * ingest.Millisecond}, anchor, -1)
			if dts, pts := u.DTS/ingest.Millisecond, u.PTS/ingest.Millisecond; dts != x.wantDTS || pts != x.wantPTS || c != x.change {
				t.Errorf("%s: picture %d lies at %d, %d (%b), want %d, %d (%b)", name, i, dts, pts, c, x.wantDTS, x.wantPTS, x.change)
			}
			if u.PTS < u.DTS || own < u.DTS || p.Last(0) != u.DTS {
				t.Errorf("%s: picture %d: DTS %d, PTS %d, its own %d, last %d", name, i, u.DTS, u.PTS, own, p.Last(0))
			}
		}
	}
}

// A repetition that is on the screen lies before the picture that comes next, which
// keeps its own PTS for what refers to it.
func TestPlacementBehindARepetition(t *testing.T) {
	p := NewPlacement(48000)
	u, own, c := p.Picture(ingest.Unit{DTS: 90_000, PTS: 90_000}, anchor, 93_000)
	if u.PTS != 93_001 || u.DTS != 90_000 || own != 90_000 || c != 0 {
		t.Errorf("DTS %d, PTS %d, its own %d, change %b", u.DTS, u.PTS, own, c)
	}
}

// Sound beside pictures at ten seconds.
func TestPlacementOfSound(t *testing.T) {
	const frame = SamplesPerFrame * ingest.Clock / 48000
	type sound struct {
		at     int64 // ticks after the pictures
		ok     bool
		change Change
	}
	for name, frames := range map[string][]sound{
		"in time":             {{0, true, 0}, {frame, true, 0}},
		"rounded":             {{0, true, 0}, {frame + 60, true, 0}, {2*frame - 60, true, 0}},
		"samples are missing": {{0, true, 0}, {3 * frame, true, Missing}},
		"samples overlap":     {{0, true, 0}, {frame, true, 0}, {0, false, Overlap}},
		"before the segment":  {{-frame, false, 0}, {0, true, 0}},
		"too late":            {{-MaxSkew - 1, false, Late}},
	} {
		p := NewPlacement(48000)
		u, _, _ := p.Picture(ingest.Unit{DTS: Origin, PTS: Origin}, anchor, -1)
		p.Begin(u.DTS)
		for i, x := range frames {
			at := Origin + x.at
			u, c, ok := p.Frame(ingest.Unit{Track: 1, DTS: at, PTS: at}, anchor)
			if ok != x.ok || c != x.change {
				t.Errorf("%s: frame %d: placed %t (%b), want %t (%b)", name, i, ok, c, x.ok, x.change)
			}
			if ok && (u.DTS != u.PTS || !u.Key || p.Last(1) != u.DTS) {
				t.Errorf("%s: frame %d: %+v", name, i, u)
			}
		}
	}
}

// A track that is too late for good is moved once, and the move outlives a restart as
// one of sound.
func TestPlacementMovesATrack(t *testing.T) {
	const two = 45 * ingest.Millisecond // frames
	for name, c := range map[string]struct {
		pictures, sound int64 // ms
		moved           int64 // ms that sound is moved by, after a restart
	}{
		"late sound":    {3000, 1000, 1500},
		"late pictures": {1000, 3000, -1500},
		"in time":       {1000, 1500, 0},
	} {
		p := NewPlacement(48000)
		var changes Change
		for i := range int64(300) { // 6 s
			now := anchor.Add(time.Duration(i) * 20 * time.Millisecond)
			at := (c.pictures + 20*i) * ingest.Millisecond
			_, _, x := p.Picture(ingest.Unit{DTS: at, PTS: at}, now, -1)
			at = (c.sound + 20*i) * ingest.Millisecond
			_, y, _ := p.Frame(ingest.Unit{Track: 1, DTS: at, PTS: at}, now)
			changes |= x | y
		}
		if moved := changes&Moved != 0; moved != (c.moved != 0) {
			t.Errorf("%s: a track was moved: %t", name, moved)
		}
		if off := p.Last(0) - p.Last(1); c.moved != 0 && (off > nearSkew+two || off < -nearSkew-two) {
			t.Errorf("%s: %d ms apart at the end", name, off/ingest.Millisecond)
		}
		q := p.Restarted()
		first := q.Start(ingest.Unit{Track: 1}, true) / ingest.Millisecond
		if first < c.moved-30 || first > c.moved+30 || q.Last(0) != -1 || q.Last(1) != -1 {
			t.Errorf("%s: after a restart sound begins %d ms higher, want %d; last %d, %d", name, first, c.moved, q.Last(0), q.Last(1))
		}
	}
}

// Silence stands where a publisher has no sound, and where its own has failed for two
// seconds, until it is back.
func TestFiller(t *testing.T) {
	var none Filler
	if !none.Fills(0, 0) {
		t.Error("silence does not fill a track without sound")
	}
	f := Filler{Own: true}
	for i, x := range []struct {
		to   int64 // ms beyond what was heard
		want bool
	}{{0, false}, {2000, false}, {2001, true}, {20, true}} {
		if got := f.Fills(0, x.to*ingest.Millisecond); got != x.want {
			t.Errorf("%d: fills %t", i, got)
		}
	}
	f.Heard()
	if f.Fills(0, ingest.Clock) {
		t.Error("fills on when sound is back")
	}
}

// Silence goes on where the sound before it ended, and leaves out what lies before the
// place where it may begin.
func TestFill(t *testing.T) {
	c := NewSampleClock(48000)
	frames := func(from, slack, to int64) (out []int64) {
		for {
			at, ok := c.Fill(from, slack, to)
			if !ok {
				return out
			}
			out = append(out, at)
		}
	}
	if got := frames(9000, 1920, 9000+1920); len(got) != 1 || got[0] != 9000 {
		t.Errorf("the first frame: %d", got)
	}
	if got := frames(12000, 1920, 12000+1920); len(got) != 2 || got[0] != 10920 || got[1] != 12840 {
		t.Errorf("a short hole: %d", got)
	}
	if got := frames(90000, 1920, 90001); len(got) != 1 || got[0] != 90000 {
		t.Errorf("a long hole: %d", got)
	}
}

// Behind a restart, too, no picture lies before the place that its publisher begins at:
// all DTS lie lower by what was taken from them before.
func TestPlacementBeginsWhereItStarts(t *testing.T) {
	const ms = ingest.Millisecond
	p := NewPlacement(48000)
	p.Picture(ingest.Unit{DTS: 1000 * ms, PTS: 960 * ms}, anchor, -1)
	for _, c := range []struct{ dts, pts, want int64 }{ // ms
		{5000, 5000, 4960}, {5000, 4960, 4960}, {5000, 4930, 4930}, {5000, 5080, 4960},
	} {
		q := p.Restarted()
		u := ingest.Unit{DTS: c.dts * ms, PTS: c.pts * ms}
		start := q.Start(u, false)
		if placed, _, _ := q.Picture(u, anchor, -1); start != c.want*ms || placed.DTS != start {
			t.Errorf("DTS %d ms, PTS %d ms: begins at %d ms, DTS is %d ms, want %d ms", c.dts, c.pts, start/ms, placed.DTS/ms, c.want)
		}
	}
}
