package thumbs

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/packager/m3u8"
)

func TestPlan(t *testing.T) {
	const s = time.Second
	segments := func(of ...time.Duration) (out []m3u8.Segment) {
		for i, d := range of {
			out = append(out, m3u8.Segment{URI: fmt.Sprint(i), Duration: d})
		}
		return out
	}
	many := make([]time.Duration, 1800) // an hour
	for i := range many {
		many[i] = 2 * s
	}
	for name, test := range map[string]struct {
		segments []time.Duration
		tiles    int
		every    time.Duration
		uris     []string // of the first tiles
	}{
		"nothing":                   {nil, 0, 0, nil},
		"one short segment":         {[]time.Duration{s / 2}, 1, s / 2, []string{"0"}},
		"even segments":             {[]time.Duration{2 * s, 2 * s, 2 * s}, 3, 2 * s, []string{"0", "1", "2"}},
		"a long segment holds many": {[]time.Duration{7 * s, s}, 4, 2 * s, []string{"0", "0", "0", "0"}},
		"uneven segments":           {[]time.Duration{1900 * time.Millisecond, 2 * s, 2 * s}, 3, 2 * s, []string{"0", "1", "2"}},
		"an hour":                   {many, 100, 36 * s, []string{"0", "18", "36"}},
		"an hour and a bit":         {append(many[:len(many):len(many)], s), 98, 37 * s, []string{"0", "18", "37"}},
	} {
		list := segments(test.segments...)
		tiles := plan(list)
		if len(tiles) != test.tiles {
			t.Errorf("%s: %d tiles, want %d", name, len(tiles), test.tiles)
			continue
		}
		var at, total time.Duration
		for _, d := range test.segments {
			total += d
		}
		for i, tile := range tiles {
			if tile.from != at || tile.to <= at || i < len(tiles)-1 && tile.to-at != test.every {
				t.Errorf("%s: tile %d is %v to %v, want it from %v for %v", name, i, tile.from, tile.to, at, test.every)
			}
			at = tile.to
			if i < len(test.uris) && tile.uri != test.uris[i] {
				t.Errorf("%s: tile %d is from %s, want %s", name, i, tile.uri, test.uris[i])
			}
		}
		if at != total {
			t.Errorf("%s: covered up to %v of %v", name, at, total)
		}
	}
}

func TestTrack(t *testing.T) {
	cues := []Cue{
		{From: 0, To: 36 * time.Second, Image: "thumbs.jpg", W: 160, H: 90},
		{From: 36 * time.Second, To: time.Hour + 2*time.Minute + 3*time.Second + 4*time.Millisecond, Image: "thumbs.jpg", X: 160, Y: 90, W: 160, H: 90},
	}
	text := "WEBVTT\n\n00:00:00.000 --> 00:00:36.000\nthumbs.jpg#xywh=0,0,160,90\n" +
		"\n00:00:36.000 --> 01:02:03.004\nthumbs.jpg#xywh=160,90,160,90\n"
	if got := string(Text(cues)); got != text {
		t.Errorf("wrote\n%s", got)
	}
	back, err := Parse([]byte(text))
	if diff := cmp.Diff(cues, back); diff != "" || err != nil {
		t.Errorf("read back (-want +got), %v:\n%s", err, diff)
	}
	moved := Shift(cues[1:], time.Minute, "/live/a/b/")
	want := []Cue{{From: 96 * time.Second, To: cues[1].To + time.Minute, Image: "/live/a/b/thumbs.jpg", X: 160, Y: 90, W: 160, H: 90}}
	if diff := cmp.Diff(want, moved); diff != "" || cues[1].From != 36*time.Second {
		t.Errorf("shifted (-want +got):\n%s", diff)
	}
	if back, err := Parse([]byte("WEBVTT\n")); len(back) != 0 || err != nil {
		t.Errorf("an empty track: %v, %v", back, err)
	}
	for _, bad := range []string{
		"", "HELLO", "WEBVTT\n\nx", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na.jpg", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na.jpg#xywh=1,2,3",
		"WEBVTT\n\n00:00:02.000 --> 00:00:02.000\na.jpg#xywh=1,2,3,4", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n#xywh=1,2,3,4",
		"WEBVTT\n\n00:00:-1.000 --> 00:00:02.000\na.jpg#xywh=1,2,3,4",
	} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Pictures of another shape than the first keep to their places.
func TestSprite(t *testing.T) {
	one := func(w, h int, c color.Color) []byte {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			img.Set(i%w, i/w, c)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	red, green, blue, black := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{0, 0, 0, 255}
	s := &sprite{tiles: 12}
	if w, h := s.box(); w != tileSide || h != tileSide {
		t.Errorf("the first box is %d×%d", w, h)
	}
	for _, p := range []struct {
		n       int
		picture []byte
	}{{0, one(160, 90, red)}, {1, one(160, 90, green)}, {10, one(50, 90, blue)}, {11, one(40, 200, green)}} { // the last one's edges go
		if err := s.put(p.n, p.picture); err != nil {
			t.Fatal(err)
		}
	}
	s.repeat(1, 2)
	if got := s.sheet.Bounds().Size(); got != image.Pt(1600, 180) {
		t.Errorf("the sheet is %v", got)
	}
	for at, want := range map[image.Point]color.RGBA{
		{0, 0}: red, {159, 89}: red, {160, 0}: green, {320, 0}: green, {480, 0}: black,
		{80, 95}: blue, {10, 95}: black, {160 + 80, 91}: green, {160 + 80, 0}: green, {160 + 10, 91}: black,
	} {
		if got := s.sheet.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
	if err := s.put(3, []byte("nothing")); err == nil {
		t.Error("what is no picture is taken")
	}
	cues := s.cues([]tile{{from: 0, to: 1}, {from: 1, to: 2}}, "x")
	if want := (Cue{From: 1, To: 2, Image: "x", X: 160, W: 160, H: 90}); cues[1] != want {
		t.Errorf("%+v", cues[1])
	}
}
