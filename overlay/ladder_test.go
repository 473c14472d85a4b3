package overlay_test

import (
	"slices"
	"strings"
	"testing"

	"mediad/overlay"
)

func TestLadderAsText(t *testing.T) {
	for text, want := range map[string]overlay.Ladder{
		"":                          nil,
		"1080p30@4500":              {{Height: 1080, FPS: 30, Kbps: 4500}},
		" 720p60@3000 , 360p30@600": {{Height: 720, FPS: 60, Kbps: 3000}, {Height: 360, FPS: 30, Kbps: 600}},
	} {
		got, err := overlay.ParseLadder(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q gives %v and %v, want %v", text, got, err, want)
		}
		again, err := overlay.ParseLadder(got.String())
		if err != nil || !slices.Equal(again, want) {
			t.Errorf("%q is written as %q, and that gives %v and %v", text, got.String(), again, err)
		}
	}
}

func TestLadderRefused(t *testing.T) {
	for text, want := range map[string]string{
		"1080":                       "must look like",
		"1080p30":                    "must look like",
		"p@":                         "must look like",
		"1081p30@4500":               "even number",
		"142p30@4500":                "even number",
		"2162p30@4500":               "even number",
		"1080p4@4500":                "fps",
		"1080p61@4500":               "fps",
		"1080p30@99":                 "kbps must be",
		"1080p30@20001":              "kbps must be",
		"720p30@2000, 1080p30@1000":  "largest picture comes first",
		"1080p30@2000, 720p30@2000":  "largest picture comes first",
		"1080p30@2000, 720p60@1000":  "largest picture comes first",
		"1080p30@2000, 1080p30@1000": "largest picture comes first",
		"1080p9@900,900p9@800,800p9@700,700p9@600,600p9@500,500p9@400,400p9@300": "at most 6",
	} {
		if _, err := overlay.ParseLadder(text); overlay.CodeOf(err) != overlay.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want a refusal with %q", text, err, want)
		}
	}
	if err := overlay.CheckLadder(overlay.DefaultLadder()); err != nil {
		t.Errorf("the usual ladder: %v", err)
	}
}
