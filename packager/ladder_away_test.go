package packager

import (
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// The slate stands in for each rendition while the publisher is away, and each goes on
// when it is back.
func TestLadderPublisherAway(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60, size: 3000}, rung{gop: 60, size: 1500}, rung{gop: 60})
	c.say()
	c.send(0, 200)
	c.sink.Close(ingest.Lost)
	c.say()
	c.until(c.now.Add(6 * time.Second))
	for r := range c.views {
		c.whole(r)
	}
	if at := c.views[1].read; at < 20 {
		t.Errorf("at part %d", at)
	}
	c.wantVariants("1", "2", "main")
	c.publish(c.tracks)
	c.say()
	c.send(5000, 200)
	c.stream.End()
	c.look()
	for r := range c.views {
		c.whole(r)
	}
	c.wantVariants("1", "2", "main")
	if n := strings.Count(c.views[2].text, "#EXT-X-DISCONTINUITY\n"); n != 1 {
		t.Errorf("%d discontinuities", n)
	}
}

// Sound comes before the first picture: each rendition has the picture of before.
func TestLadderSoundBeforePictures(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.send(0, 200)
	c.sink.Close(ingest.Lost)
	c.until(c.now.Add(3 * time.Second))
	c.publish(c.tracks)
	for k := range c.rungs {
		c.rungs[k].from, c.rungs[k].shifted = 60, 60
	}
	c.send(300, 200)
	c.whole(0)
	c.whole(1)
}

// A publisher who is connected and sends nothing, or no pictures.
func TestLadderPauses(t *testing.T) {
	for name, pause := range map[string]func(*climb){
		"silence": func(c *climb) { c.until(c.now.Add(5 * time.Second)) },
		"no pictures": func(c *climb) {
			for k := range c.rungs {
				c.rungs[k].from = 1000
			}
			c.send(200, 150)
			for k := range c.rungs {
				c.rungs[k].from = 0
			}
		},
		"no key frames after it": func(c *climb) {
			for k := range c.rungs {
				c.rungs[k].from, c.rungs[k].shifted = 20, 70
			}
			c.send(200, 150)
			for k := range c.rungs {
				c.rungs[k].from, c.rungs[k].shifted = 0, 0
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60}, rung{gop: 60, every: 2})
			c.send(0, 200)
			pause(c)
			c.say()
			c.send(350, 400)
			c.stream.End()
			c.look()
			for r := range c.views {
				c.whole(r)
			}
			c.wantVariants("1", "2", "main")
		})
	}
}

// Who comes back with one track leaves the others as gaps; with several again, they go on.
func TestLadderReturnsWithOneTrack(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.send(0, 200)
	c.sink.Close(ingest.Unpublished)
	c.until(c.now.Add(time.Second))
	all := c.rungs
	c.rungs = all[:1]
	c.publish(c.tracks[:2])
	c.send(0, 200)
	c.whole(0)
	c.wantVariants("main")
	if n := len(c.views[1].gaps); n < 8 {
		t.Errorf("gaps %v", c.views[1].gaps)
	}
	gaps := len(c.views[1].gaps)
	c.rungs = all
	c.publish(c.tracks) // takes over
	c.send(0, 200)
	c.whole(0)
	c.wantVariants("1", "main")
	if n := len(c.views[1].gaps); n > gaps+2 {
		t.Errorf("%d gaps, then %v", gaps, c.views[1].gaps)
	}
}

// Other parameters are a break for all renditions alike.
func TestLadderSettingsChange(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.send(0, 200)
	if err := c.sink.SetTracks(c.tracks); err != nil {
		t.Fatal(err)
	}
	c.send(200, 200)
	c.whole(0)
	c.whole(1)
	if n := strings.Count(c.views[1].text, "#EXT-X-DISCONTINUITY\n"); n != 1 {
		t.Errorf("%d discontinuities:\n%s", n, c.views[1].text)
	}
}

// Pictures without sound, tracks in another order, and a unit of no track.
func TestLadderWithoutSound(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.publish([]ingest.Track{c.tracks[0], c.tracks[2]})
	for i := range int64(300) {
		for track := range 2 {
			nal := append([]byte{0x41}, make([]byte, 200)...)
			if i%60 == 0 {
				nal[0] = 0x65
			}
			c.until(testAnchor.Add(time.Duration(i) * time.Second / 30))
			if err := c.sink.WriteUnit(ingest.Unit{Track: track, DTS: i * 3000, PTS: i * 3000, Key: i%60 == 0, NALs: [][]byte{nal}}); err != nil {
				t.Fatal(err)
			}
			c.look()
		}
	}
	c.whole(0)
	c.whole(1)
	c.wantVariants("1", "main")
	if c.sink.WriteUnit(ingest.Unit{Track: 2}) == nil {
		t.Error("a unit of no track is taken")
	}
}

// The memory of all renditions counts.
func TestLadderHeld(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60, size: 3000}, rung{gop: 60, size: 1000})
	c.send(0, 300)
	bytes := int64(0)
	for _, v := range c.views {
		for _, n := range v.size {
			bytes += int64(n)
		}
	}
	if held := c.stream.Held(); held != bytes {
		t.Errorf("%d bytes are held, not %d", held, bytes)
	}
}

// A picture that waits for another track is listed by the clock, where nothing else comes.
func TestLadderClockReleases(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.send(0, 134)
	before := c.views[0].read
	if err := c.sink.WriteUnit(ingest.Unit{DTS: 134 * 3000, PTS: 134 * 3000, NALs: [][]byte{append([]byte{0x41}, make([]byte, 100)...)}}); err != nil {
		t.Fatal(err)
	}
	if c.look(); c.views[0].read != before {
		t.Errorf("part %d is listed while its last picture waits", before)
	}
	c.until(c.now.Add(300 * time.Millisecond))
	if c.views[0].read == before {
		t.Errorf("part %d is not listed", before)
	}
}

// The slate does not stand in for a first picture that waits for another track.
func TestLadderWaitsWithoutSlate(t *testing.T) {
	c := newClimb(t, Options{}, rung{gop: 60}, rung{gop: 60})
	c.send(0, 200)
	c.until(c.now.Add(1560 * time.Millisecond))
	c.sink.Close(ingest.Lost)
	c.publish(c.tracks)
	c.rungs[1].lag = 130 * time.Millisecond
	c.send(500, 200)
	for _, s := range c.stream.snapshot().segments {
		if s.standIn {
			t.Errorf("segment %d stands in", s.msn)
		}
	}
}
