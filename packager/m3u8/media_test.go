package m3u8

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var epoch = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// live is a window of a running broadcast: parts on the last segments, an open
// segment, cues.
func live() *Media {
	m := &Media{
		TargetDuration: 2, Sequence: 41, DiscontinuitySequence: 0,
		PartTarget: ms(500), PartHoldBack: ms(1500),
		Segments: []Segment{
			{URI: "41.ts", Duration: ms(2000), Date: epoch},
			{URI: "42.ts", Duration: ms(2000), Date: epoch.Add(ms(2000))},
			{URI: "43.ts", Duration: ms(1967), Date: epoch.Add(ms(4000)), Parts: []Part{
				{URI: "p160.ts", Duration: ms(500), Independent: true},
				{URI: "p161.ts", Duration: ms(500)},
				{URI: "p162.ts", Duration: ms(500)},
				{URI: "p163.ts", Duration: ms(467)},
			}},
			{URI: "44.ts", Duration: ms(500), Date: epoch.Add(ms(9120)), Discontinuity: true, Parts: []Part{
				{URI: "p164.ts", Duration: ms(500), Independent: true},
			}},
		},
		Open: Segment{Date: epoch.Add(ms(9620)), Parts: []Part{
			{URI: "p165.ts", Duration: ms(500), Independent: true},
			{URI: "p166.ts", Duration: ms(500)},
		}},
		Hint: "p167.ts",
		DateRanges: []DateRange{
			{ID: "S-2", Class: "mediad.cue", Start: epoch.Add(ms(10150)), Attrs: []Attr{
				{"X-MEDIAD-KIND", "product.pin"}, {"X-MEDIAD-SEQ", "2"}, {"X-MEDIAD-DATA", "eyJ2IjoxfQ"}}},
			{ID: "S-1", Class: "mediad.cue", Start: epoch.Add(ms(4500)), Attrs: []Attr{{"X-MEDIAD-KIND", "show.start"}}},
		},
	}
	return m
}

func TestGolden(t *testing.T) {
	opening := live()
	opening.Segments, opening.DateRanges = opening.Segments[:1], nil
	opening.Open = Segment{Discontinuity: true, Date: epoch.Add(ms(2000)), Parts: []Part{{URI: "p4.ts", Duration: ms(499), Gap: true}}}

	late := live() // a cue beyond all that is listed, and nothing open
	late.Open = Segment{Date: epoch.Add(ms(9620))}
	late.Hint = "p165.ts"

	delta := live()
	delta.CanSkipUntil, delta.Skipped = ms(12000), 2
	delta.Segments[2].Discontinuity = true

	ranges := live() // the same without its older date ranges
	ranges.CanSkipUntil, ranges.Skipped, ranges.SkippedRanges = ms(12000), 2, true
	ranges.DateRanges, ranges.RemovedRanges = ranges.DateRanges[:1], []string{"S-a", "S-b"}

	none := live()
	none.CanSkipUntil, none.Skipped, none.SkippedRanges = ms(12000), 1, true

	segments := live() // no parts, but a playlist that can be waited for
	segments.PartTarget, segments.HoldBack = 0, ms(6000)

	gap := live()
	gap.DiscontinuitySequence = 7
	gap.Segments[2].Gap = true
	for i := range gap.Segments[2].Parts {
		gap.Segments[2].Parts[i].Gap = true
	}

	ended := live()
	ended.Open, ended.Hint, ended.Ended = Segment{}, "", true

	plain := live()
	plain.PartTarget = 0

	vod := live()
	vod.PartTarget, vod.Open, vod.Hint, vod.Type, vod.Ended = 0, Segment{}, "", "VOD", true
	vod.Sequence = 1

	event := live()
	event.Type = "EVENT"

	ladder := live()
	ladder.Reports = []Report{{URI: "../1/index.m3u8", MSN: 45, Part: 1}, {URI: "../2/index.m3u8", MSN: 44, Part: -1}}

	for name, m := range map[string]*Media{
		"live": live(), "opening": opening, "late": late, "delta": delta, "delta-ranges": ranges, "delta-none": none, "segments": segments, "gap": gap, "ended": ended,
		"plain": plain, "vod": vod, "event": event, "ladder": ladder, "empty": {TargetDuration: 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := m.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".m3u8", got)
			for range 20 { // grafov keeps custom tags in a map
				if again, _ := m.Bytes(); !bytes.Equal(again, got) {
					t.Fatalf("a second call wrote other bytes:\n%s", again)
				}
			}
			back, err := Parse(got)
			if err != nil {
				t.Fatalf("Parse: %v\n%s", err, got)
			}
			if diff := cmp.Diff(written(m), back); diff != "" {
				t.Errorf("round trip (-wrote +read):\n%s", diff)
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// written is the Media that a reader gets of m's text, if all times of m lie on the
// grid.
func written(m *Media) *Media {
	w := *m
	w.DateRanges = sorted(m.DateRanges)
	w.Segments = append([]Segment(nil), m.Segments...)
	for i := range w.Segments {
		if w.PartTarget == 0 {
			w.Segments[i].Parts = nil
		}
		if i < w.Skipped {
			w.Segments[i] = Segment{}
		}
	}
	w.Open.URI, w.Open.Duration, w.Open.Gap = "", 0, false
	if w.PartTarget == 0 || len(w.Open.Parts) == 0 {
		w.Open = Segment{}
	}
	if w.PartTarget == 0 {
		w.PartHoldBack, w.Hint = 0, ""
	}
	return &w
}

// The text of one version must be a prefix of the next while nothing leaves the
// list: a cue comes in with its part, in front of it.
func TestOnlyAppends(t *testing.T) {
	m := live()
	m.Hint = ""
	before, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	m.Open.Parts = append(m.Open.Parts, Part{URI: "p167.ts", Duration: ms(500)})
	m.DateRanges = append(m.DateRanges, DateRange{ID: "S-3", Start: epoch.Add(ms(10620))})
	part, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(part, before) || !bytes.Contains(part[len(before):], []byte("S-3")) {
		t.Errorf("a part with a cue changed more than the end:\n%s", part)
	}
	m.Open.URI, m.Open.Duration = "45.ts", ms(1500)
	m.Segments, m.Open = append(m.Segments, m.Open), Segment{}
	closed, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if string(closed) != string(part)+"#EXTINF:1.500,\n45.ts\n" {
		t.Errorf("closing the segment changed more than the end:\n%s", closed)
	}
}

func TestIllegal(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Media)
		want  string
	}{
		"target":         {func(m *Media) { m.TargetDuration = 0 }, "target duration"},
		"type":           {func(m *Media) { m.Type = "LIVE" }, "type"},
		"skip all":       {func(m *Media) { m.Skipped = 4 }, "skip"},
		"skip less":      {func(m *Media) { m.Skipped = -1 }, "skip"},
		"hint at end":    {func(m *Media) { m.Ended, m.Open = true, Segment{} }, "ended"},
		"open at end":    {func(m *Media) { m.Ended, m.Hint = true, "" }, "ended"},
		"ranges alone":   {func(m *Media) { m.SkippedRanges = true }, "without segments"},
		"removed alone":  {func(m *Media) { m.Skipped, m.RemovedRanges = 1, []string{"a"} }, "removed"},
		"removed tab":    {func(m *Media) { m.Skipped, m.SkippedRanges, m.RemovedRanges = 1, true, []string{"a\tb"} }, "removed"},
		"removed empty":  {func(m *Media) { m.Skipped, m.SkippedRanges, m.RemovedRanges = 1, true, []string{""} }, "removed"},
		"skip offered":   {func(m *Media) { m.PartTarget, m.CanSkipUntil = 0, ms(12000) }, "waited for"},
		"microseconds":   {func(m *Media) { m.PartTarget += time.Microsecond }, "whole milliseconds"},
		"hold back":      {func(m *Media) { m.PartHoldBack = -1 }, "whole milliseconds"},
		"no URI":         {func(m *Media) { m.Segments[0].URI = "" }, "segment 41"},
		"comment URI":    {func(m *Media) { m.Segments[1].URI = "#a" }, "segment 42"},
		"padded URI":     {func(m *Media) { m.Segments[0].URI = " a" }, "padded"},
		"line break":     {func(m *Media) { m.Segments[0].URI = "a\n#EXT-X-ENDLIST" }, "control"},
		"not UTF-8":      {func(m *Media) { m.Segments[0].URI = "\xff" }, "UTF-8"},
		"negative":       {func(m *Media) { m.Segments[0].Duration = -1 }, "duration"},
		"too long":       {func(m *Media) { m.Segments[0].Duration = 2 * time.Hour }, "duration"},
		"year":           {func(m *Media) { m.Segments[0].Date = epoch.AddDate(9000, 0, 0) }, "year"},
		"part URI":       {func(m *Media) { m.Open.Parts[0].URI = `a"b` }, "quote"},
		"part nameless":  {func(m *Media) { m.Open.Parts[0].URI = "" }, "no URI"},
		"part negative":  {func(m *Media) { m.Open.Parts[0].Duration = -1 }, "duration"},
		"hint quote":     {func(m *Media) { m.Hint = `"` }, "hint"},
		"range ID":       {func(m *Media) { m.DateRanges[0].ID = "" }, "required"},
		"range start":    {func(m *Media) { m.DateRanges[0].Start = time.Time{} }, "required"},
		"range year":     {func(m *Media) { m.DateRanges[0].Start = epoch.AddDate(9000, 0, 0) }, "year"},
		"range class":    {func(m *Media) { m.DateRanges[0].Class = "\r" }, "line break"},
		"attribute name": {func(m *Media) { m.DateRanges[0].Attrs[0].Name = "SCTE35-IN" }, "name"},
		"lower case":     {func(m *Media) { m.DateRanges[0].Attrs[0].Name = "X-a" }, "name"},
		"twice":          {func(m *Media) { m.DateRanges[0].Attrs[1].Name = "X-MEDIAD-KIND" }, "twice"},
		"raw JSON":       {func(m *Media) { m.DateRanges[0].Attrs[0].Value = `{"v":1}` }, "quote"},
	} {
		t.Run(name, func(t *testing.T) {
			m := live()
			c.spoil(m)
			if text, err := m.Bytes(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q\n%s", err, c.want, text)
			}
		})
	}
}

func TestMultivariant(t *testing.T) {
	m := &Multivariant{Variants: []Variant{
		{URI: "01jd/main/index.m3u8", Bandwidth: 5_200_000, AverageBandwidth: 4_600_000,
			Codecs: "avc1.64001f,mp4a.40.2", Width: 1280, Height: 720, FrameRate: 29.97},
		{URI: "01jd/audio/index.m3u8", Bandwidth: 140_000, Codecs: "mp4a.40.2"},
	}}
	got, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "multivariant.m3u8", got)
	back, err := ParseMultivariant(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, back); diff != "" {
		t.Errorf("round trip (-wrote +read):\n%s", diff)
	}
	for name, v := range map[string]Variant{
		"no bandwidth": {URI: "a"},
		"codecs":       {URI: "a", Bandwidth: 1, Codecs: `"`},
		"average":      {URI: "a", Bandwidth: 1, AverageBandwidth: -1},
		"frame rate":   {URI: "a", Bandwidth: 1, FrameRate: -1},
		"URI":          {URI: "a\nb", Bandwidth: 1},
	} {
		if _, err := (&Multivariant{Variants: []Variant{v}}).Bytes(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, text := range []string{
		"", "#EXTM3U\n", "#EXT-X-STREAM-INF:BANDWIDTH=1\na\n", "#EXTM3U\na\n",
		"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n", "#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"a\"\na\n",
		"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n",
		"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=1\na\n", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=5000000000\na\n",
		"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n",
	} {
		if m, err := ParseMultivariant([]byte(text)); err == nil {
			t.Errorf("%q read as %+v", text, m)
		}
	}
}
