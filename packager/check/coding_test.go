package check_test

import (
	"bytes"
	"testing"

	"mediad/packager/check"
)

func TestCode(t *testing.T) {
	parts := clip(t)
	got := check.Code(parts[0])
	want := check.Coding{Video: "avc1.64000c", Width: 160, Height: 90, Audio: "mp4a.40.2", Pictures: true, ID3: true}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := check.Code([]byte("no stream")); got != (check.Coding{}) {
		t.Errorf("words are %+v", got)
	}
}

// Tables may be repeated or left out; media may not change.
func TestSameMedia(t *testing.T) {
	parts := clip(t)
	whole := bytes.Join(parts, nil)
	lean := append(bytes.Clone(parts[0]), parts[1][2*packetSize:]...)
	lean = append(lean, parts[2][2*packetSize:]...)
	if !check.SameMedia(whole, lean) {
		t.Error("without repeated tables it is other media")
	}
	other := bytes.Clone(whole)
	other[len(other)-1]++
	if check.SameMedia(whole, other) || check.SameMedia(whole, whole[:len(whole)-10*packetSize]) {
		t.Error("other media is the same")
	}
}
