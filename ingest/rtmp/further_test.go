package rtmp

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Messages of further video tracks, as OBS sends them: one track each.
const (
	ex1       = "61766331" + "01"
	ex2       = "61766331" + "02"
	avc360ex1 = "9600" + ex1 + "0142c01effe100186742c01ed900a02ff9701100000303e90000ea600f162e4801000568cb83cb20"
	avc360ex2 = "9600" + ex2 + "0142c01effe100186742c01ed900a02ff9701100000303e90000ea600f162e4801000568cb83cb20"
	avc720ex1 = "9600" + ex1 + "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800"
	idrEx1    = "9603" + ex1 + "000000026588"
	picEx1    = "a603" + ex1 + "00000002419a"
	picEx1At  = "a601" + ex1 + "000021" + "00000002419a"
	idrEx2    = "9603" + ex2 + "000000026588"
	endEx1    = "9602" + ex1
)

// A multitrack publish of OBS: headers of all tracks first, then pictures with and
// without composition times, and at the end an end of sequence of each track.
func TestFurtherTracks(t *testing.T) {
	for _, c := range []struct {
		name         string
		script, want string
	}{
		{"OBS",
			"v 0 " + avc720 + "\na 0 " + aac48 + "\nv 0 " + avc360ex1 + "\nv 0 " + avc360ex2 + "\n" +
				"v 0 " + idr + "\nv 0 " + idrEx1 + "\nv 0 " + idrEx2 + "\na 10 " + sound + "\nv 33 " + pic + "\nv 33 " + picEx1At + "\n" +
				"v 40 9261766331\nv 40 " + endEx1 + "\ndone",
			"tracks " + line720 + " mp4a.40.2 48000/2 " + line360 + " " + line360 + "\n" +
				"unit 0 dts=0 key 6588\nunit 2 dts=0 key 6588\nunit 3 dts=0 key 6588\nunit 1 dts=900 2110\n" +
				"unit 0 dts=2970 419a\nunit 2 dts=2970 pts=5940 419a\nclose unpublished"},
		{"one whose header comes late, until the encoder's clock jumps",
			"v 0 " + avc720 + "\na 0 " + aac48 + "\nv 0 " + idr + "\nv 0 " + avc360ex1 + "\nv 0 " + idrEx1 + "\nv 33 " + pic + "\nv 33 " + picEx1 + "\n" +
				"v 90000 " + idr + "\nv 90000 " + idrEx1 + "\nv 90033 " + pic + "\ndone",
			"tracks " + line720 + " mp4a.40.2 48000/2\nunit 0 dts=0 key 6588\nunit 0 dts=2970 419a\n" +
				"tracks " + line720 + " mp4a.40.2 48000/2 " + line360 + "\nunit 0 dts=8100000 key 6588\nunit 2 dts=8100000 key 6588\nunit 0 dts=8102970 419a\nclose unpublished"},
		{"one that becomes another is left out, and the others go on",
			"v 0 " + avc720 + "\na 0 " + aac48 + "\nv 0 " + avc360ex1 + "\nv 0 " + avc360ex2 + "\nv 0 " + idr + "\nv 0 " + idrEx1 + "\nv 0 " + idrEx2 + "\nv 33 " + pic + "\n" +
				"v 40 " + avc720ex1 + "\nv 66 " + pic + "\nv 66 " + idrEx1 + "\nv 66 " + idrEx2 + "\ndone",
			"tracks " + line720 + " mp4a.40.2 48000/2 " + line360 + " " + line360 + "\n" +
				"unit 0 dts=0 key 6588\nunit 2 dts=0 key 6588\nunit 3 dts=0 key 6588\nunit 0 dts=2970 419a\nunit 0 dts=5940 419a\nunit 3 dts=5940 key 6588\nclose unpublished"},
		{"headers again, and pictures without one",
			"v 0 " + avc720 + "\na 0 " + aac48 + "\nv 0 " + avc360ex1 + "\nv 0 " + idr + "\nv 0 " + idrEx1 + "\nv 10 " + avc360ex1 + "\nv 33 " + pic + "\nv 33 " + picEx1 + "\nv 33 " + idrEx2 + "\ndone",
			"tracks " + line720 + " mp4a.40.2 48000/2 " + line360 + "\nunit 0 dts=0 key 6588\nunit 2 dts=0 key 6588\nunit 0 dts=2970 419a\nunit 2 dts=2970 419a\nclose unpublished"},
		{"without a first video track they are nothing",
			"a 0 " + aac48 + "\nv 0 " + avc360ex1 + "\na 0 " + sound + "\nv 0 " + idrEx1 + "\na 1100 " + sound + "\nv 1100 " + idrEx1 + "\ndone",
			"tracks mp4a.40.2 48000/2\nunit 0 dts=0 2110\nunit 0 dts=99000 2110\nclose unpublished"},
		{"what cannot be read is left out",
			"v 0 " + avc720 + "\na 0 " + aac48 + "\nv 0 9600" + ex1 + "0102\nv 0 " + avc360ex2 + "\nv 0 " + idr + "\nv 0 " + idrEx1 + "\nv 0 9603" + ex2 + "00ffffff65\nv 0 " + idrEx2 + "\nv 33 " + pic + "\ndone",
			"tracks " + line720 + " mp4a.40.2 48000/2 " + line360 + "\nunit 0 dts=0 key 6588\nunit 2 dts=0 key 6588\nunit 0 dts=2970 419a\nclose unpublished"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines, err := play(t, strings.Split(c.script, "\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), lines); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Ten tracks are taken, and no more.
func TestFurtherTracksAreBounded(t *testing.T) {
	script := []string{"v 0 " + avc720, "a 0 " + aac48}
	const digits = "0123456789abcdef"
	for id := 1; id < 16; id++ {
		script = append(script, "v 0 9600"+"61766331"+"0"+digits[id:id+1]+avc360ex1[len("9600"+ex1):])
	}
	lines, err := play(t, append(script, "v 0 "+idr, "v 33 "+pic, "done"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(lines[0], line360); n != mostFurther {
		t.Errorf("%d further tracks: %s", n, lines[0])
	}
}
