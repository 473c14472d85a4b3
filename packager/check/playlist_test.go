package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/packager/m3u8"
)

var day = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// feed makes the versions that a packager would: parts of 500 ms, four to a
// segment, a window of six segments, a cue every ninth part.
type feed struct {
	m    m3u8.Media
	n    int
	most int  // segments that it keeps listed, 0: six
	cut  bool // the next segment begins with a discontinuity
}

func newFeed() *feed {
	return &feed{m: m3u8.Media{TargetDuration: 2, Sequence: 7, PartTarget: ms(500), PartHoldBack: ms(1500), Hint: "p0.ts"}}
}

// part adds a part and returns the version that lists it.
func (f *feed) part() *m3u8.Media {
	m := &f.m
	if len(m.Open.Parts) == 0 {
		m.Open.Date = day
		if k := len(m.Segments); k > 0 {
			m.Open.Date = m.Segments[k-1].Date.Add(m.Segments[k-1].Duration)
		}
		if m.Open.Discontinuity = f.cut; f.cut {
			m.Open.Date = m.Open.Date.Add(3 * time.Second)
		}
		f.cut = false
	}
	if f.n%9 == 4 {
		m.DateRanges = append(m.DateRanges, m3u8.DateRange{ID: fmt.Sprint("cue-", f.n), Class: "mediad.cue",
			Start: m.Open.Date.Add(length(m.Open.Parts)), Attrs: []m3u8.Attr{{Name: "X-MEDIAD-SEQ", Value: fmt.Sprint(f.n)}}})
	}
	m.Open.Parts = append(m.Open.Parts, m3u8.Part{URI: fmt.Sprintf("p%d.ts", f.n), Duration: ms(500), Independent: len(m.Open.Parts) == 0})
	f.n++
	m.Hint = fmt.Sprintf("p%d.ts", f.n)
	if len(m.Open.Parts) == 4 {
		f.close()
	}
	f.trim()
	c := *m
	c.Segments = slices.Clone(m.Segments)
	for i := range c.Segments {
		c.Segments[i].Parts = slices.Clone(c.Segments[i].Parts)
	}
	c.Open.Parts = slices.Clone(m.Open.Parts)
	c.DateRanges = slices.Clone(m.DateRanges)
	for i := range c.DateRanges {
		c.DateRanges[i].Attrs = slices.Clone(c.DateRanges[i].Attrs)
	}
	return &c
}

func (f *feed) close() {
	m := &f.m
	m.Open.URI = fmt.Sprintf("%d.ts", m.Sequence+uint64(len(m.Segments)))
	m.Open.Duration = length(m.Open.Parts)
	m.Segments, m.Open = append(m.Segments, m.Open), m3u8.Segment{}
}

func (f *feed) trim() {
	m := &f.m
	if len(m.Segments) > max(f.most, 6) {
		if m.Segments[0].Discontinuity {
			m.DiscontinuitySequence++
		}
		m.Segments, m.Sequence = m.Segments[1:], m.Sequence+1
		m.DateRanges = slices.DeleteFunc(m.DateRanges, func(d m3u8.DateRange) bool { return d.Start.Before(m.Segments[0].Date) })
	}
	behind := length(m.Open.Parts)
	for i := len(m.Segments) - 1; i >= 0; i-- {
		if behind >= ms(6000) {
			m.Segments[i].Parts = nil
		}
		behind += m.Segments[i].Duration
	}
}

func text(t *testing.T, m *m3u8.Media) []byte {
	t.Helper()
	b, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGoodPlaylistHasNoViolation(t *testing.T) {
	f := newFeed()
	f.most, f.m.CanSkipUntil = 12, ms(12000)
	var before []byte
	every, third := Playlist{Kind: LowLatencyPlaylist}, Playlist{}
	for range 4 {
		f.part()
	}
	for i := range 400 {
		f.cut = i%31 == 0 || f.cut
		m := f.part()
		if i%3 == 2 { // as it is while the next segment has no part yet
			m.Hint = f.m.Hint
		}
		b := text(t, m)
		for name, p := range map[string]*Playlist{"every": &every, "third": &third} {
			if name == "third" && i%3 != 0 {
				continue
			}
			if vs := p.Next(b); len(vs) > 0 {
				t.Fatalf("version %d, %s: %v\n%s", i, name, vs, b)
			}
		}
		if m.Sequence > 30 { // a delta update, and the full text behind it
			d := *m
			d.Skipped = 2
			if i%2 == 0 {
				d.DateRanges, d.SkippedRanges, d.RemovedRanges = keep(d.DateRanges, d.Segments[2].Date), true, []string{"cue-long-gone"}
			}
			delta := text(t, &d)
			if vs := Delta(before, delta, b); before != nil && len(vs) > 0 {
				t.Fatalf("delta %d: %v\n%s", i, vs, delta)
			}
			if vs := every.Next(delta); len(vs) > 0 {
				t.Fatalf("delta %d: %v\n%s", i, vs, delta)
			}
			if vs := every.Next(b); len(vs) > 0 {
				t.Fatalf("full after delta %d: %v", i, vs)
			}
		}
		before = b
	}
	f.close()
	f.m.Open, f.m.Hint, f.m.Ended = m3u8.Segment{}, "", true
	f.m.Segments[len(f.m.Segments)-1].Date = f.m.Segments[len(f.m.Segments)-2].Date.Add(ms(2000))
	if vs := every.Next(text(t, &f.m)); len(vs) > 0 {
		t.Errorf("end: %v", vs)
	}

	vod := m3u8.Media{TargetDuration: 2, Sequence: 7, Type: "VOD", Ended: true, Segments: f.m.Segments}
	if vs := (&Playlist{Kind: VODPlaylist}).Next(text(t, &vod)); len(vs) > 0 {
		t.Errorf("VOD: %v", vs)
	}
	plain := vod
	plain.Type, plain.Ended = "", false
	if vs := (&Playlist{Kind: PlainPlaylist}).Next(text(t, &plain)); len(vs) > 0 {
		t.Errorf("plain: %v", vs)
	}
}

// plant is one violation: a change of the second of two versions, and the rule
// that must be found broken. Alone means that no other may be.
type plant struct {
	rule  RuleID
	by    string // the clause of broken syntax
	gone  bool   // what is wrong is that something is not there, so it has no place
	kind  PlaylistKind
	first func(m *m3u8.Media)         // changes both versions
	spoil func(m, before *m3u8.Media) // changes the second
	patch func(text string) string    // changes the second's text
}

func replace(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("nothing to replace: " + old)
		}
		return strings.Replace(s, old, new, 1)
	}
}

func plants() []plant {
	last := func(m *m3u8.Media) *m3u8.Segment { return &m.Segments[len(m.Segments)-1] }
	drop := func(m *m3u8.Media, n int) {
		m.Segments, m.Sequence = m.Segments[n:], m.Sequence+uint64(n)
		m.DateRanges = slices.DeleteFunc(m.DateRanges, func(d m3u8.DateRange) bool { return d.Start.Before(m.Segments[0].Date) })
	}
	return []plant{
		{rule: RuleSyntax, by: "8216bis 4.2", patch: replace("INDEPENDENT=YES", "INDEPENDENT=NO")},
		{rule: RuleSyntax, by: "8216bis 4.4.3.7", gone: true, patch: replace("#EXT-X-PART-INF:PART-TARGET=0.500\n", "")},
		{rule: RuleSyntax, by: "8216bis 4.4.5.3", patch: replace("#EXT-X-PRELOAD", "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"x\"\n#EXT-X-PRELOAD")},
		{rule: RuleVersion, patch: replace("VERSION:6", "VERSION:9")},
		{rule: RuleVersion, spoil: func(m, _ *m3u8.Media) { m.Skipped = 1 }, patch: replace("VERSION:9", "VERSION:11")},
		{rule: RuleSegmentLength, first: func(m *m3u8.Media) {
			m.Segments[0].Duration, m.Segments[0].Date = ms(2500), m.Segments[0].Date.Add(ms(-500))
		}},
		{rule: RulePartLength, spoil: func(m, _ *m3u8.Media) { m.Open.Parts[1].Duration = ms(501) }},
		{rule: RulePartShort, spoil: func(m, _ *m3u8.Media) {
			m.Open.Parts[1].Duration = ms(424)
			m.Open.Parts = append(m.Open.Parts, m3u8.Part{URI: m.Hint, Duration: ms(500)})
			m.Hint = "more.ts"
		}},
		{rule: RulePartSum, first: func(m *m3u8.Media) { last(m).Parts[2].Duration -= ms(20) }},
		{rule: RuleHoldBack, first: func(m *m3u8.Media) { m.PartHoldBack = ms(999) }},
		{rule: RuleHoldBackApple, first: func(m *m3u8.Media) { m.PartHoldBack = ms(1499) }},
		{rule: RuleBlockReload, patch: replace("CAN-BLOCK-RELOAD=YES,", "")},
		{rule: RuleSkipUntil, first: func(m *m3u8.Media) { m.CanSkipUntil = ms(11999) }},
		{rule: RuleSkipBoundary, first: func(m *m3u8.Media) { m.CanSkipUntil = ms(12000) }, spoil: func(m, _ *m3u8.Media) { m.Skipped = 2 }},
		{rule: RuleHoldBackPlain, first: func(m *m3u8.Media) {
			m.PartTarget, m.Open, m.Hint, m.HoldBack = 0, m3u8.Segment{}, "", ms(5999)
		}},
		{rule: RuleNoSegment, first: func(m *m3u8.Media) { m.Segments, m.DateRanges = nil, nil }},
		{rule: RuleOldParts, first: func(m *m3u8.Media) {
			m.Segments[0].Parts = []m3u8.Part{{URI: "x", Duration: ms(500)}}
			for i := range m.Segments[1:] {
				if m.Segments[i+1].Parts == nil {
					m.Segments[i+1].Duration = 0 // no part, no sum to check
					m.Segments[i+1].Date = time.Time{}
				}
			}
		}},
		{rule: RuleHintListed, spoil: func(m, _ *m3u8.Media) { m.Hint = m.Open.Parts[1].URI }},
		{rule: RuleDated, first: func(m *m3u8.Media) { m.Segments[1].Date = time.Time{} }},
		{rule: RuleDates, first: func(m *m3u8.Media) { m.Segments[0].Date = m.Segments[0].Date.Add(ms(2)) }},
		{rule: RuleDates, first: func(m *m3u8.Media) {
			m.Segments[1].Discontinuity = true
			m.Segments[0].Date = m.Segments[0].Date.Add(ms(1001))
		}},
		{rule: RuleDiscontinuity0, gone: true, patch: replace("#EXT-X-DISCONTINUITY-SEQUENCE:0\n", "")},
		{rule: RuleType, gone: true, kind: VODPlaylist, first: func(m *m3u8.Media) { m.PartTarget = 0 }},
		{rule: RuleType, kind: PlainPlaylist, first: func(m *m3u8.Media) {
			m.PartTarget, m.Open, m.Hint, m.Type, m.Ended = 0, m3u8.Segment{}, "", "VOD", true
		}},
		{rule: RuleKind, kind: PlainPlaylist},
		{rule: RuleRangeUndated, first: func(m *m3u8.Media) {
			for i := range m.Segments {
				m.Segments[i].Date = time.Time{}
			}
			m.Open.Date = time.Time{}
		}},
		{rule: RuleURITwice, first: func(m *m3u8.Media) { m.Segments[1].URI = m.Segments[0].URI }},

		{rule: RuleSkip, spoil: func(m, _ *m3u8.Media) {
			m.Sequence--
			m.Segments = append([]m3u8.Segment{{}}, m.Segments...)
			m.Skipped = 1
		}},
		{rule: RuleSequenceBack, spoil: func(m, _ *m3u8.Media) { m.Sequence-- }},
		{rule: RuleDiscontinuityBack, first: func(m *m3u8.Media) { m.DiscontinuitySequence = 4 }, spoil: func(m, _ *m3u8.Media) { m.DiscontinuitySequence = 3 }},
		{rule: RuleDiscontinuities, spoil: func(m, _ *m3u8.Media) { m.DiscontinuitySequence++ }},
		{rule: RuleDiscontinuities, first: func(m *m3u8.Media) { m.Segments[0].Discontinuity = true }, spoil: func(m, _ *m3u8.Media) { drop(m, 1) }},
		{rule: RuleTargetConstant, spoil: func(m, _ *m3u8.Media) { m.TargetDuration++ }},
		{rule: RulePartConstant, spoil: func(m, _ *m3u8.Media) { m.PartTarget += ms(1) }},
		{rule: RuleControlConstant, spoil: func(m, _ *m3u8.Media) { m.PartHoldBack += ms(1) }},
		{rule: RuleTypeConstant, spoil: func(m, _ *m3u8.Media) { m.Type = "EVENT" }},
		{rule: RuleAfterEnd, first: func(m *m3u8.Media) { m.Open, m.Hint, m.Ended = m3u8.Segment{}, "", true }, spoil: func(m, _ *m3u8.Media) { drop(m, 1) }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Segments[0].URI = "other.ts" }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Segments[0].Duration += ms(1) }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Segments[0].Gap = true }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Segments[0].Discontinuity = true }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Segments[0].Date = m.Segments[0].Date.Add(ms(1)) }},
		{rule: RuleSegmentChanged, spoil: func(m, _ *m3u8.Media) { m.Open.Date = m.Open.Date.Add(ms(1)) }},
		{rule: RuleSegmentGone, spoil: func(m, _ *m3u8.Media) { m.Segments = m.Segments[:len(m.Segments)-1] }},
		{rule: RuleTypedRemoval, first: func(m *m3u8.Media) { m.Type = "EVENT" }, spoil: func(m, _ *m3u8.Media) { drop(m, 1) }},
		{rule: RuleWindow, spoil: func(m, _ *m3u8.Media) { drop(m, 4) }},
		{rule: RulePartChanged, spoil: func(m, _ *m3u8.Media) { m.Open.Parts[0].Independent = false }},
		{rule: RulePartGone, spoil: func(m, before *m3u8.Media) { m.Open.Parts, m.Hint = m.Open.Parts[:1], before.Hint }},
		{rule: RulePartEarly, spoil: func(m, _ *m3u8.Media) { last(m).Parts = last(m).Parts[1:] }},
		{rule: RulePartLate, spoil: func(m, _ *m3u8.Media) {
			last(m).Parts = append(last(m).Parts, m3u8.Part{URI: "late.ts"})
		}},
		{rule: RuleHintKept, spoil: func(m, _ *m3u8.Media) { m.Open.Parts[2].URI = "surprise.ts" }},
		{rule: RuleHintKept, spoil: func(m, before *m3u8.Media) {
			*m = *before
			m.Hint = "other.ts"
		}},
		{rule: RuleNameReused, spoil: func(m, _ *m3u8.Media) { m.Open.Parts[2].URI = last(m).Parts[0].URI }},
		{rule: RuleNameReused, spoil: func(m, before *m3u8.Media) {
			drop(m, 1)
			m.Segments = append(m.Segments, m3u8.Segment{URI: before.Segments[0].URI, Date: m.Open.Date, Duration: ms(1500), Parts: m.Open.Parts})
			m.Open = m3u8.Segment{}
		}},
		{rule: RuleRangeGone, spoil: func(m, _ *m3u8.Media) { m.DateRanges = m.DateRanges[1:] }},
		{rule: RuleRangeChanged, spoil: func(m, _ *m3u8.Media) { m.DateRanges[0].Attrs[0].Value = "9" }},
		{rule: RuleRangeChanged, spoil: func(m, _ *m3u8.Media) { m.DateRanges[0].Attrs = nil }},
		{rule: RuleRangeChanged, spoil: func(m, _ *m3u8.Media) { m.DateRanges[0].Start = m.DateRanges[0].Start.Add(ms(1)) }},
	}
}

func TestPlantedViolationsAreFound(t *testing.T) {
	for i, c := range plants() {
		t.Run(fmt.Sprintf("%d %s", i, c.rule), func(t *testing.T) {
			f := newFeed()
			for range 4*8 + 1 {
				f.part()
			}
			before, m := f.part(), f.part()
			for _, v := range []*m3u8.Media{before, m} {
				if c.first != nil {
					c.first(v)
				}
			}
			if c.spoil != nil {
				c.spoil(m, before)
			}
			second := string(text(t, m))
			if c.patch != nil {
				second = c.patch(second)
			}
			p := Playlist{Kind: c.kind}
			vs := append(p.Next(text(t, before)), p.Next([]byte(second))...)
			at := slices.IndexFunc(vs, func(v Violation) bool { return v.Rule == c.rule && v.Clause == c.by })
			if at < 0 {
				t.Fatalf("not found; found %v\n%s", vs, second)
			}
			if offset := vs[at].Offset; c.gone {
				if offset != 0 {
					t.Errorf("what is not there has a place: %v", vs[at])
				}
			} else if offset == 0 {
				t.Errorf("without a place: %v\n%s", vs[at], second)
			} else if second[offset-1] != '\n' {
				t.Errorf("byte %d begins no line", offset)
			}
		})
	}
}

// A date range that left and comes back needs three versions.
func TestReusedRangeIsFound(t *testing.T) {
	f := newFeed()
	for range 4 * 8 {
		f.part()
	}
	var p Playlist
	first := f.part()
	old := first.DateRanges[0]
	vs := p.Next(text(t, first))
	for range 4 * 6 {
		vs = append(vs, p.Next(text(t, f.part()))...)
	}
	if len(vs) > 0 {
		t.Fatal(vs)
	}
	m := f.part()
	m.DateRanges = append(m.DateRanges, old)
	if vs = p.Next(text(t, m)); len(vs) != 1 || vs[0].Rule != RuleRangeReused {
		t.Errorf("found %v", vs)
	}
}

// keep gives the date ranges from a moment on.
func keep(ranges []m3u8.DateRange, from time.Time) []m3u8.DateRange {
	return slices.DeleteFunc(slices.Clone(ranges), func(d m3u8.DateRange) bool { return d.Start.Before(from) })
}

// A client that merges delta updates must get the same list as one that reads the
// full list.
func TestDeltaThatLosesSomethingIsFound(t *testing.T) {
	for name, spoil := range map[string]func(d *m3u8.Media){
		"sequence":        func(d *m3u8.Media) { d.Sequence++ },
		"discontinuities": func(d *m3u8.Media) { d.DiscontinuitySequence++ },
		"one too many":    func(d *m3u8.Media) { d.Skipped++; d.Segments = append([]m3u8.Segment{{}}, d.Segments...) },
		"a range":         func(d *m3u8.Media) { d.DateRanges = d.DateRanges[:len(d.DateRanges)-1] },
		"a removed range": func(d *m3u8.Media) { d.RemovedRanges = nil },
		"a listed range":  func(d *m3u8.Media) { d.RemovedRanges = append(d.RemovedRanges, "cue-49") },
		"a kept segment":  func(d *m3u8.Media) { d.Segments[5].Duration -= ms(1) },
		"an open part":    func(d *m3u8.Media) { d.Open.Parts = nil },
		"the hint":        func(d *m3u8.Media) { d.Hint = "other.ts" },
		"nothing skipped": func(d *m3u8.Media) { d.Skipped, d.SkippedRanges, d.RemovedRanges = 0, false, nil },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeed()
			f.most, f.m.CanSkipUntil = 12, ms(12000)
			for range 4*20 + 1 {
				f.part()
			}
			before := f.part()
			for range 12 {
				f.part()
			}
			full := f.part()
			d := *full
			d.Segments = slices.Clone(full.Segments)
			d.Skipped, d.SkippedRanges = 3, true
			d.DateRanges = keep(full.DateRanges, full.Segments[3].Date)
			for _, r := range before.DateRanges {
				if !slices.ContainsFunc(full.DateRanges, func(now m3u8.DateRange) bool { return now.ID == r.ID }) {
					d.RemovedRanges = append(d.RemovedRanges, r.ID)
				}
			}
			if vs := Delta(text(t, before), text(t, &d), text(t, full)); len(vs) > 0 || len(d.RemovedRanges) == 0 {
				t.Fatalf("unspoilt: %v, removed %v", vs, d.RemovedRanges)
			}
			spoil(&d)
			vs := Delta(text(t, before), text(t, &d), text(t, full))
			if !slices.ContainsFunc(vs, func(v Violation) bool { return v.Rule == RuleDelta }) {
				t.Errorf("found %v", vs)
			}
		})
	}
}

// Every rule of playlists has a planted violation.
func TestEveryRuleIsPlanted(t *testing.T) {
	// They have tests of their own.
	planted := map[RuleID]bool{RuleRangeReused: true, RuleDelta: true, RuleStoredNamed: true, RuleStoredBack: true}
	for _, c := range plants() {
		planted[c.rule] = true
	}
	for _, id := range Rules() {
		if !id.OfTS() && !planted[id] {
			t.Errorf("%v is never planted", id)
		}
	}
}

func TestSyntaxErrorHasItsPlace(t *testing.T) {
	good := "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
	vs := new(Playlist).Next([]byte(good + "#EXTINF:x,\n"))
	if len(vs) != 1 || vs[0].Rule != RuleSyntax || vs[0].Clause != "8216bis 4.2" || vs[0].Offset != len(good) {
		t.Errorf("found %v", vs)
	}
}

func FuzzPlaylist(f *testing.F) {
	feed := newFeed()
	for range 40 {
		if b, err := feed.part().Bytes(); err == nil {
			f.Add(b, b[:len(b)/2])
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var p Playlist
		p.Next(a)
		p.Next(b)
		p.Next(a)
	})
}
