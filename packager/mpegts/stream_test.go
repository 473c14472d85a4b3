package mpegts

import (
	"bytes"
	"fmt"
	"testing"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/id3"
)

// base is where the packager's timestamps begin.
const base = 900000

// Parameter sets of a real encoder (high profile, 160x90).
var (
	testSPS = []byte{0x67, 0x64, 0x00, 0x0B, 0xAC, 0xD9, 0x42, 0x8D, 0xFB, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0x20, 0xF1, 0x42, 0x99, 0x60}
	testPPS = []byte{0x68, 0xEB, 0xE3, 0xCB, 0x22, 0xC0}
)

func h264Track() ingest.Track {
	return ingest.Track{Codec: ingest.H264, SPS: [][]byte{testSPS}, PPS: [][]byte{testPPS}}
}

func aacTrack(rate int) ingest.Track {
	return ingest.Track{Codec: ingest.AAC, SampleRate: rate, Channels: 2, Config: []byte{0x12, 0x10}}
}

// picture makes a unit whose one slice is filled with a pattern.
func picture(track int, dts, pts int64, key bool, size int) ingest.Unit {
	nal := bytes.Repeat([]byte{0xA5, 0x5A, 0x42}, size/3+1)[:size]
	nal[0] = 0x41
	if key {
		nal[0] = 0x65
	}
	return ingest.Unit{Track: track, DTS: dts, PTS: pts, Key: key, NALs: [][]byte{nal}}
}

func frame(track int, pts int64, size int) ingest.Unit {
	return ingest.Unit{Track: track, DTS: pts, PTS: pts, NALs: [][]byte{bytes.Repeat([]byte{0x21}, size)}}
}

func tag(n int) []byte {
	return id3.AppendTXXX(nil, "mediad.cue", fmt.Appendf(nil, `{"v":1,"kind":"custom","seq":%d,"title":"玉米 🌽"}`, n))
}

// cutter writes units into parts and checks each.
type cutter struct {
	t     testing.TB
	w     *Writer
	check check.TS
	buf   *bytes.Buffer
	parts [][]byte
	cues  int
}

func newCutter(t testing.TB, tracks ...ingest.Track) *cutter {
	t.Helper()
	w, err := NewWriter(tracks)
	if err != nil {
		t.Fatal(err)
	}
	return &cutter{t: t, w: w}
}

func (c *cutter) begin() {
	c.t.Helper()
	c.buf = &bytes.Buffer{}
	if err := c.w.Begin(c.buf); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cutter) unit(u ingest.Unit) {
	c.t.Helper()
	if err := c.w.Unit(u); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cutter) cue(pts int64) {
	c.t.Helper()
	c.cues++
	if err := c.w.ID3(pts, tag(c.cues)); err != nil {
		c.t.Fatal(err)
	}
}

// end closes the part and fails the test for each rule that it breaks.
func (c *cutter) end() []byte {
	c.t.Helper()
	if err := c.w.End(); err != nil {
		c.t.Fatal(err)
	}
	for _, v := range c.check.Part(c.buf.Bytes()) {
		if v.Rule == check.RulePictures {
			continue // when a part ends is the caller's
		}
		c.t.Errorf("part %d: %v", len(c.parts), v)
	}
	c.parts = append(c.parts, c.buf.Bytes())
	return c.buf.Bytes()
}

// run writes units, which stand in the order of arrival, in parts that begin
// where isCut says so, two cues in front of every fourth part's first picture.
func (c *cutter) run(units []ingest.Unit, isCut func(i int, u ingest.Unit) bool) []byte {
	c.t.Helper()
	for i, u := range units {
		if cut := isCut(i, u); i == 0 || cut {
			if i > 0 {
				c.end()
			}
			c.begin()
			if len(c.parts)%4 == 0 {
				c.cue(u.PTS)
				c.cue(u.PTS + 1)
			}
		}
		c.unit(u)
	}
	c.end()
	return bytes.Join(c.parts, nil)
}

// every cuts in front of the first unit of a track at or after each step.
func every(step int64, track int) func(int, ingest.Unit) bool {
	next, started := int64(0), false
	return func(_ int, u ingest.Unit) bool {
		if !started {
			started, next = true, u.DTS+step
		}
		if u.Track != track || u.DTS < next {
			return false
		}
		next += step
		return true
	}
}
