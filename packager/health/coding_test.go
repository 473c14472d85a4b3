package health

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
)

// faults are causes of warnings about coding, each with words that its warning must
// have, and words that it must not have.
var faults = []struct {
	code    Code
	happens func(s *ingest.Stats)
	must    string
	mustNot string
}{
	{NoVideoHeader, func(s *ingest.Stats) { s.NoVideoHeader += 30 }, "without an H.264 header", "key"},
	{NoAudioHeader, func(s *ingest.Stats) { s.NoAudioHeader += 47 }, "without an AAC header", "key"},
	{SoundLayout, func(s *ingest.Stats) { s.OddSound += 47; s.SoundRefused = "layout" }, "channel layout", "profile"},
	{SoundLength, func(s *ingest.Stats) { s.OddSound += 50; s.SoundRefused = "frame_length" }, "960", "layout"},
	{SoundProfile, func(s *ingest.Stats) { s.OddSound += 47; s.SoundRefused = "profile" }, "profile", "layout"},
	{SoundRate, func(s *ingest.Stats) { s.OddSound += 47; s.SoundRefused = "sample_rate" }, "sample rate", "layout"},
	{BadPictures, func(s *ingest.Stats) { s.BadPictures += 30 }, "pictures", "key"},
	{BadSound, func(s *ingest.Stats) { s.BadSound += 47 }, "no player can decode", "key"},
	{NoKey, func(s *ingest.Stats) { s.NoKey += 30 }, "no key frame", "header"},
	{BadMessages, func(s *ingest.Stats) { s.BadMessages += 3 }, "not valid", "key"},
	{BadHeaders, func(s *ingest.Stats) { s.BadHeaders++ }, "left out", "key"},
	{SoundInADTS, func(s *ingest.Stats) { s.ADTS += 47 }, "ADTS", "key"},
	{SoundConfigs, func(s *ingest.Stats) { s.Configs++ }, "as if they were sound", "key"},
	{StartCodes, func(s *ingest.Stats) { s.StartCodes += 30 }, "start codes", "key frame"},
	{Slices, func(s *ingest.Stats) { s.Joined += 90 }, "several messages", "key"},
}

// Each fault has its own warning and no other, while it lasts and for ten seconds after
// that. Without the fault, there is no warning.
func TestFaultsAreNamed(t *testing.T) {
	for _, f := range faults {
		t.Run(string(f.code), func(t *testing.T) {
			var j Judge
			var s ingest.Stats
			var on []int
			for i := range 60 {
				if i >= 20 && i < 30 {
					f.happens(&s)
				}
				r := good()
				r.Received = s
				for _, w := range j.Look(start.Add(time.Duration(i)*sec), &r).Warnings {
					if w.Code != f.code {
						t.Fatalf("second %d: %s: %s", i, w.Code, w.Text)
					}
					if !strings.Contains(w.Text, f.must) || strings.Contains(w.Text, f.mustNot) {
						t.Fatalf("words: %s", w.Text)
					}
					on = append(on, i)
				}
			}
			if len(on) == 0 || on[0] != 20 || on[len(on)-1] < 30 || on[len(on)-1] > 39 {
				t.Errorf("warned in seconds %v", on)
			}
		})
	}
	var tried []Code
	for _, f := range faults {
		tried = append(tried, f.code)
	}
	for _, c := range slices.Concat(unusable[:], repaired[:]) {
		if !slices.Contains(tried, c.code) {
			t.Errorf("%s is not tried", c.code)
		}
	}
}

// Where pictures or sound come and cannot be used, no warning says that none come.
func TestOneCauseIsTold(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(r *Report, n *Recent)
		want   Code
	}{
		{"pictures that cannot be read", func(r *Report, n *Recent) { r.NoVideo, r.FPS, n.BadPictures = 8*sec, 9, 200 }, BadPictures},
		{"pictures without a key frame", func(r *Report, n *Recent) { r.NoVideo, n.NoKey = 8*sec, 200 }, NoKey},
		{"sound of another kind", func(r *Report, n *Recent) { r.NoAudio, r.Received.SoundRefused, n.OddSound = 8*sec, "profile", 470 }, SoundProfile},
		{"sound that is torn by frames left out", func(_ *Report, n *Recent) { n.AudioGaps, n.BadSound = 9, 9 }, BadSound},
		{"nothing of what comes can be used", func(r *Report, n *Recent) {
			r.Silent, r.NoVideo, r.NoAudio, n.BadMessages = 8*sec, 8*sec, 8*sec, 300
		}, BadMessages},
		{"nothing comes", func(r *Report, _ *Recent) { r.Silent, r.NoVideo, r.NoAudio = 8*sec, 8*sec, 8*sec }, Silent},
	} {
		r, n := good(), Recent{}
		tc.change(&r, &n)
		if got := warnings(r, n, nil); len(got) != 1 || got[0].Code != tc.want {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

// A fault that has ended makes no warning, even if it lasted for most of the publish.
func TestFaultsEnd(t *testing.T) {
	var j Judge
	r := good()
	r.Received.NoAudioHeader = 5000
	if v := j.Look(start, &r); len(v.Warnings) != 1 {
		t.Fatalf("%+v", v.Warnings)
	}
	for i := 1; i < 90; i++ {
		v := j.Look(start.Add(time.Duration(i)*sec), &r)
		if want := i < 10; (len(v.Warnings) > 0) != want {
			t.Fatalf("second %d: %+v", i, fmt.Sprint(v.Warnings))
		}
	}
}

// A warning ends when its cause does, also where its value is no count.
func TestCausesEnd(t *testing.T) {
	var m Meter
	m.Attach()
	m.Tracks(start, []ingest.Track{{Codec: ingest.H264, RFC6381: "v", FrameRate: 30}, {Codec: ingest.AAC, RFC6381: "a"}})
	now, dts := start, int64(0)
	run := func(seconds int, sound, picture bool, cts, offset, step int64) Report {
		for end := dts + int64(seconds)*ingest.Clock; dts < end; dts += step {
			now = now.Add(ingest.Duration(step))
			if sound {
				m.Unit(now, false, ingest.Unit{DTS: dts + offset, PTS: dts + offset})
			}
			if picture {
				m.Unit(now, true, ingest.Unit{DTS: dts, PTS: dts + cts*(dts/step%2), Key: dts%ingest.Clock == 0})
			}
		}
		return m.Read(now)
	}
	const second = ingest.Clock
	if r := run(30, true, true, 3000, second, 3600); !r.BFrames || r.Reorder == 0 || r.Offset < 900*time.Millisecond || r.FPS > 26 {
		t.Fatalf("with B-frames, sound far off, too few frames: %+v", r)
	}
	if r := run(30, true, true, 0, 0, 3000); r.BFrames || r.Reorder != 0 || r.Offset > 10*time.Millisecond || r.FPS < 29 {
		t.Errorf("when they have ended: %+v", r)
	}
	run(30, true, true, 0, second, 3600)
	if r := run(10, false, true, 0, second, 3000); r.Offset != 0 || r.Drift != 0 {
		t.Errorf("sound has ended, and is still off: %+v", r)
	}
	run(10, true, true, 0, 0, 3600)
	if r := run(10, true, false, 0, 0, 3000); r.FPS != 0 || missingFrames(r, Recent{}) != 0 {
		t.Errorf("pictures have ended, and still are too few: %+v", r)
	}
}

// The operator's page says each warning in Chinese, too.
func TestWarningsAreTranslated(t *testing.T) {
	source, err := os.ReadFile("../../overlay/web/strings/said-by-server.json")
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Warnings map[Code]map[string]string }
	if err := json.Unmarshal(source, &said); err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(unusable[:], rules[:], repaired[:]) {
		if said.Warnings[c.code]["zh"] == "" {
			t.Errorf("%s is not", c.code)
		}
	}
}
