package m3u8

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRoundTrip writes random playlists whose times are off the grid, reads them
// back, and writes them again: the text is the same.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 3000 {
		m := random(r)
		text, err := m.Bytes()
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		back, err := Parse(text)
		if err != nil {
			t.Fatalf("%d: %v\n%s", i, err, text)
		}
		again, err := back.Bytes()
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Fatalf("%d (-first +second):\n%s", i, diff)
		}
		if diff := cmp.Diff(written(back), back); diff != "" {
			t.Fatalf("%d: a read playlist is not on the grid:\n%s", i, diff)
		}
		if len(back.Segments) != len(m.Segments) || len(back.DateRanges) != len(m.DateRanges) || back.Hint != written(m).Hint {
			t.Fatalf("%d: something was lost\n%s", i, text)
		}
	}
}

func random(r *rand.Rand) *Media {
	coin := func() bool { return r.IntN(2) == 0 }
	m := &Media{TargetDuration: 1 + r.IntN(9), Sequence: r.Uint64N(1 << 40), DiscontinuitySequence: r.Uint64N(9)}
	if coin() {
		m.PartTarget, m.PartHoldBack = ms(200+r.IntN(800)), ms(3000)
	} else if coin() {
		m.HoldBack = ms(3000 * m.TargetDuration)
	}
	if m.PartTarget+m.HoldBack > 0 && coin() {
		m.CanSkipUntil = ms(6000 * m.TargetDuration)
	}
	now := epoch.Add(time.Duration(r.Int64N(int64(time.Hour))))
	var count int
	segment := func(parts int) Segment {
		s := Segment{URI: fmt.Sprintf("%d.ts", count), Date: now, Discontinuity: r.IntN(5) == 0, Gap: r.IntN(9) == 0}
		for range parts {
			count++
			p := Part{URI: fmt.Sprintf("p%d.ts", count), Duration: time.Duration(r.Int64N(int64(time.Second))), Independent: coin(), Gap: r.IntN(9) == 0}
			s.Parts = append(s.Parts, p)
			s.Duration += p.Duration
		}
		if coin() {
			s.Duration += time.Duration(r.Int64N(int64(time.Second))) // parts that left the list
		}
		now = now.Add(s.Duration)
		return s
	}
	for range r.IntN(6) {
		m.Segments = append(m.Segments, segment(r.IntN(4)))
		if coin() {
			m.DateRanges = append(m.DateRanges, DateRange{ID: fmt.Sprint("c", count, len(m.Segments)), Start: now.Add(-time.Duration(r.Int64N(int64(time.Second))))})
		}
	}
	if m.Ended = coin(); !m.Ended {
		m.Open = segment(r.IntN(3))
		m.Hint = fmt.Sprintf("p%d.ts", count+1)
	}
	if len(m.Segments) > 1 {
		m.Skipped = r.IntN(len(m.Segments))
	}
	if m.SkippedRanges = m.Skipped > 0 && coin(); m.SkippedRanges {
		for i := range r.IntN(3) {
			m.RemovedRanges = append(m.RemovedRanges, fmt.Sprint("gone", i))
		}
	}
	return m
}

const head = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n"
const low = head + "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5\n#EXT-X-PART-INF:PART-TARGET=0.5\n"
const part = "#EXT-X-PART:DURATION=0.5,URI=\"p\"\n"
const seg = "#EXTINF:2,\na.ts\n"
const pdt = "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:00.000Z\n"

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		clause string
		line   int
	}{
		"empty":               {"", "4.4.3.1", 0},
		"no head":             {"#EXTINF:2,\na.ts\n", "4.4.1.1", 1},
		"byte order mark":     {"\ufeff" + head, "4.4.1.1", 1},
		"head twice":          {head + "#EXTM3U\n", "4.4.1.1", 4},
		"no target":           {"#EXTM3U\n", "4.4.3.1", 0},
		"target fraction":     {"#EXTM3U\n#EXT-X-TARGETDURATION:2.5\n", "4.2", 2},
		"target zero":         {"#EXTM3U\n#EXT-X-TARGETDURATION:0\n", "4.4.3.1", 2},
		"target twice":        {head + "#EXT-X-TARGETDURATION:2\n", "4.4.3", 4},
		"version 99":          {"#EXTM3U\n#EXT-X-VERSION:99\n", "4.4.1.2", 2},
		"control":             {head + "#EXTINF:2,\x00\n", "4", 4},
		"not UTF-8":           {head + "\xff\n", "4", 4},
		"late sequence":       {head + seg + "#EXT-X-MEDIA-SEQUENCE:3\n", "4.4.3", 6},
		"late discontinuity":  {head + "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n" + seg, "4.4.3", 5},
		"signed":              {head + "#EXT-X-MEDIA-SEQUENCE:+3\n", "4.2", 4},
		"type":                {head + "#EXT-X-PLAYLIST-TYPE:LIVE\n", "4.4.3.5", 4},
		"VOD without end":     {head + "#EXT-X-PLAYLIST-TYPE:VOD\n" + seg, "4.4.3.5", 0},
		"byte range":          {head + "#EXT-X-BYTERANGE:10\n", "4.4", 4},
		"variant":             {head + "#EXT-X-STREAM-INF:BANDWIDTH=1\n", "4.1", 4},
		"no comma":            {head + "#EXTINF:2\na.ts\n", "4.4.4.1", 4},
		"exponent":            {head + "#EXTINF:2e1,\na.ts\n", "4.2", 4},
		"negative":            {head + "#EXTINF:-1,\na.ts\n", "4.2", 4},
		"no digits":           {head + "#EXTINF:.5,\na.ts\n", "4.2", 4},
		"two hours":           {head + "#EXTINF:7200,\na.ts\n", "4.2", 4},
		"EXTINF twice":        {head + "#EXTINF:2,\n#EXTINF:2,\na.ts\n", "4.4.4.1", 5},
		"URI alone":           {head + "a.ts\n", "4.4.4.1", 4},
		"EXTINF alone":        {head + "#EXTINF:2,\n", "4.4.4.1", 0},
		"padded URI":          {head + "#EXTINF:2,\n a.ts\n", "4.1", 5},
		"date without zone":   {head + "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:00\n", "4.4.4.6", 4},
		"date twice":          {head + pdt + pdt + seg, "4.4.4", 5},
		"discontinuity twice": {head + "#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY\n" + seg, "4.4.4", 5},
		"date behind part":    {low + part + pdt + seg, "4.4.4.9", 7},
		"cut behind part":     {low + part + "#EXT-X-DISCONTINUITY\n" + seg, "4.4.4.9", 7},
		"part behind EXTINF":  {low + "#EXTINF:2,\n" + part + "a.ts\n", "4.4.4.9", 7},
		"part without INF":    {head + part + seg, "4.4.3.7", 0},
		"INF without target":  {head + "#EXT-X-PART-INF:A=1\n", "4.4.3.7", 4},
		"no hold back":        {head + "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n#EXT-X-PART-INF:PART-TARGET=0.5\n", "4.4.3.8", 0},
		"block NO":            {head + "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=NO\n", "4.2", 4},
		"part without URI":    {low + "#EXT-X-PART:DURATION=0.5\n", "4.2", 6},
		"part unquoted URI":   {low + "#EXT-X-PART:DURATION=0.5,URI=p\n", "4.2", 6},
		"part no duration":    {low + "#EXT-X-PART:URI=\"p\"\n", "4.4.4.9", 6},
		"part quoted":         {low + "#EXT-X-PART:DURATION=\"0.5\",URI=\"p\"\n", "4.2", 6},
		"part NO":             {low + "#EXT-X-PART:DURATION=0.5,URI=\"p\",INDEPENDENT=NO\n", "4.2", 6},
		"part range":          {low + "#EXT-X-PART:DURATION=0.5,URI=\"p\",BYTERANGE=\"5\"\n", "4.2", 6},
		"two hints":           {low + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"q\"\n", "4.4.5.3", 7},
		"hint type":           {low + "#EXT-X-PRELOAD-HINT:TYPE=SEGMENT,URI=\"p\"\n", "4.4.5.3", 6},
		"hint range":          {low + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\",BYTERANGE-START=1\n", "4.2", 6},
		"hint and end":        {low + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n#EXT-X-ENDLIST\n", "4.4.5.3", 0},
		"open and end":        {low + part + "#EXT-X-ENDLIST\n", "6.2.1", 0},
		"skip version":        {head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=2\n" + seg, "8", 0},
		"skip ranges version": {"#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-SKIP:SKIPPED-SEGMENTS=2,RECENTLY-REMOVED-DATERANGES=\"\"\n" + seg, "8", 0},
		"skip removed bare":   {head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=2,RECENTLY-REMOVED-DATERANGES=a\n" + seg, "4.4.5.2", 4},
		"skip zero":           {head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=0\n" + seg, "4.4.5.2", 4},
		"skip much":           {head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=1000000000000\n" + seg, "4.4.5.2", 4},
		"skip all":            {"#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n", "4.4.5.2", 0},
		"skip late":           {head + seg + "#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n", "4.4.5.2", 6},
		"open quote":          {low + "#EXT-X-PART:URI=\"p\n", "4.2", 6},
		"trailing comma":      {low + "#EXT-X-PART:DURATION=0.5,URI=\"p\",\n", "4.2", 6},
		"space":               {low + "#EXT-X-PART:DURATION=0.5, URI=\"p\"\n", "4.2", 6},
		"attribute twice":     {low + "#EXT-X-PART:DURATION=0.5,URI=\"p\",URI=\"q\"\n", "4.2", 6},
		"after a quote":       {low + "#EXT-X-PART:URI=\"p\"DURATION=0.5\n", "4.2", 6},
		"range without start": {head + "#EXT-X-DATERANGE:ID=\"a\"\n", "4.4.5.1", 4},
		"range without ID":    {head + "#EXT-X-DATERANGE:START-DATE=\"2026-11-21T12:00:00Z\"\n", "4.2", 4},
		"range JSON":          {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",X-A=\"{\"v\":1}\"\n", "4.2", 4},
		"range X word":        {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",X-A=word\n", "4.4.5.1", 4},
		"range end":           {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",DURATION=1,END-DATE=\"2026-11-21T12:00:02Z\"\n", "4.4.5.1", 4},
		"range end first":     {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",END-DATE=\"2026-11-21T11:00:00Z\"\n", "4.4.5.1", 4},
		"range next":          {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",END-ON-NEXT=YES\n", "4.4.5.1", 4},
		"range changed":       {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",X-A=\"1\"\n#EXT-X-DATERANGE:ID=\"a\",X-A=\"2\"\n", "4.4.5.1", 5},
		"range moved":         {head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\"\n#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:01Z\"\n", "4.4.5.1", 5},
		"range other class":   {head + "#EXT-X-DATERANGE:ID=\"a\",CLASS=\"b\",START-DATE=\"2026-11-21T12:00:00Z\"\n#EXT-X-DATERANGE:ID=\"a\",CLASS=\"c\"\n", "4.4.5.1", 5},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Parse([]byte(c.text))
			var e *SyntaxError
			if !errors.As(err, &e) {
				t.Fatalf("error %v, value %+v", err, m)
			}
			if e.Clause != "8216bis "+c.clause || e.Line != c.line {
				t.Errorf("%v: want clause %s in line %d", e, c.clause, c.line)
			}
			if e.Line > 0 && strings.Count(c.text[:e.Offset], "\n") != e.Line-1 {
				t.Errorf("line %d does not begin at byte %d", e.Line, e.Offset)
			}
		})
	}
}

func TestParseTakesWhatOthersWrite(t *testing.T) {
	text := strings.ReplaceAll(low+"# a comment\n\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-FROM-THE-FUTURE:a b c\n"+
		"#EXT-X-DATERANGE:ID=\"ad\",CLASS=\"c\",START-DATE=\"2026-11-21T13:00:00+01:00\",DURATION=30,X-HEX=0xAB,X-N=-1.5,SCTE35-OUT=0xFC\n"+
		"#EXT-X-DATERANGE:ID=\"ad\",END-DATE=\"2026-11-21T12:00:30Z\",X-MORE=\"m\"\n"+
		"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T13:00:00.123456+01:00\n#EXTINF:1.9999991234,a title, with commas\nhttp://host/a.ts?b=c#d\n"+
		"#EXT-X-RENDITION-REPORT:URI=\"../b\",LAST-MSN=1\n#EXT-X-PRELOAD-HINT:TYPE=MAP,URI=\"m\"", "\n", "\r\n")
	m, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := &Media{
		TargetDuration: 2, PartTarget: ms(500), PartHoldBack: ms(1500), Reports: []Report{{URI: "../b", MSN: 1, Part: -1}},
		Segments: []Segment{{URI: "http://host/a.ts?b=c#d", Duration: 1999999123, Date: epoch.Add(123456 * time.Microsecond)}},
		DateRanges: []DateRange{{ID: "ad", Class: "c", Start: epoch, Duration: 30 * time.Second, Attrs: []Attr{
			{"X-HEX", "0xAB"}, {"X-N", "-1.5"}, {"X-MORE", "m"}}}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.m3u8")
	if err != nil || len(files) == 0 {
		f.Fatal("no golden files", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(low + part + pdt + seg))
	f.Add([]byte(head + "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2026-11-21T12:00:00Z\",X-A=0xAB\n" + seg))
	f.Fuzz(func(t *testing.T, text []byte) {
		if m, err := ParseMultivariant(text); err == nil && len(m.Variants) == 0 {
			t.Fatal("a multivariant playlist without variants")
		}
		m, err := Parse(text)
		if err != nil {
			if e := (*SyntaxError)(nil); !errors.As(err, &e) || e.Offset > len(text) {
				t.Fatalf("error %v", err)
			}
			return
		}
		first, err := m.Bytes()
		if err != nil {
			return // legal text may hold what we do not write, as a part target of 1/3 s
		}
		back, err := Parse(first)
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		second, err := back.Bytes()
		if err != nil || string(second) != string(first) {
			t.Fatalf("%v (-first +second):\n%s", err, cmp.Diff(string(first), string(second)))
		}
	})
}
