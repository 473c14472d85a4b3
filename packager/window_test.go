package packager

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/layout"
)

// What has left the list stays for as long as a player that read the longest
// list with it may still come for it (RFC 8216bis 6.2.2), and not for ever; and
// the list itself never gets too short.
func TestWindowKeepsWhatLeft(t *testing.T) {
	const length = 12 * time.Second
	s := newStudio(t, Options{Window: length})
	since := map[uint64]time.Time{} // when a segment left
	lists := map[uint64]time.Duration{}
	gone := 0
	for i := range 90 {
		s.send(shot{fps: 30, gop: 60, from: int64(i) * 1000, frames: 30})
		w := s.stream.snapshot()
		if !w.ready() {
			continue
		}
		if w.segments[0].msn == 0 {
			t.Fatal("a segment has number 0")
		}
		var listed int64
		for _, seg := range w.segments {
			listed += seg.duration
			lists[seg.msn] = max(lists[seg.msn], ingest.Duration(listed))
		}
		if len(since) > 0 && (len(w.segments) < 6 || ingest.Duration(listed) < length) {
			t.Fatalf("%d segments of %v are listed", len(w.segments), ingest.Duration(listed))
		}
		for msn := range lists {
			if msn >= w.segments[0].msn {
				continue
			}
			if since[msn].IsZero() {
				since[msn] = s.now
			}
			away := s.now.Sub(since[msn])
			seg := w.segment(msn)
			if seg == nil {
				gone++
				if away < length {
					t.Fatalf("segment %d is gone after %v", msn, away)
				}
				delete(lists, msn)
				continue
			}
			if w.part(seg.parts[0].number) == nil {
				t.Fatalf("segment %d is there, and its first part is not", msn)
			}
			if away > 3*length {
				t.Fatalf("segment %d is still there after %v", msn, away)
			}
		}
	}
	if gone < 10 {
		t.Errorf("only %d segments are gone", gone)
	}
}

// Dates have milliseconds and a zone, and follow the timestamps of the media
// whenever it arrives: by the first picture's arrival, as the encoder's own
// delay is not known.
func TestDatesFollowTheMedia(t *testing.T) {
	s := newStudio(t, Options{})
	s.send(shot{fps: 30, gop: 30, frames: 90})
	s.now = s.now.Add(400 * time.Millisecond) // late from here on
	s.send(shot{fps: 30, gop: 30, from: 3000, frames: 200})
	text := string(s.stream.snapshot().playlist().plain)
	dates := regexp.MustCompile(`(?m)^#EXT-X-PROGRAM-DATE-TIME:(.*)$`).FindAllStringSubmatch(text, -1)
	lengths := regexp.MustCompile(`(?m)^#EXTINF:([\d.]+),`).FindAllStringSubmatch(text, -1)
	if len(dates) < 5 || len(lengths) < 5 {
		t.Fatalf("%d dates, %d segments in\n%s", len(dates), len(lengths), text)
	}
	want := testAnchor
	for i, d := range dates[:len(lengths)] {
		if !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`).MatchString(d[1]) {
			t.Errorf("date %q", d[1])
		}
		got, err := time.Parse(time.RFC3339Nano, d[1])
		if off := got.Sub(want).Abs(); err != nil || off > 50*time.Millisecond {
			t.Errorf("segment %d is dated %s, %v off: %v", i, d[1], off, err)
		}
		seconds, err := strconv.ParseFloat(lengths[i][1], 64)
		if err != nil {
			t.Fatal(err)
		}
		want = want.Add(time.Duration(seconds * 1e9))
	}
}

// INDEPENDENT=YES stands on the parts that begin with an IDR picture, and on no
// other; every segment begins with one.
func TestIndependentParts(t *testing.T) {
	s := newStudio(t, Options{}, videoTrack())
	s.send(shot{fps: 30, gop: 60, frames: 400})
	w := s.stream.snapshot()
	idr := []byte{0, 0, 1, 0x65}
	independent := map[string]bool{}
	text := string(w.playlist().plain)
	for _, line := range strings.Split(text, "\n") {
		if uri := regexp.MustCompile(`^#EXT-X-PART:.*URI="([^"]+)"`).FindStringSubmatch(line); uri != nil {
			independent[uri[1]] = strings.Contains(line, "INDEPENDENT=YES")
		}
	}
	if len(independent) < 8 {
		t.Fatalf("%d parts in\n%s", len(independent), text)
	}
	for _, seg := range w.segments {
		for i, p := range seg.parts {
			has := strings.Contains(string(p.data), string(idr))
			if has != (i == 0) {
				t.Errorf("part %d of segment %d has an IDR picture: %v", i, seg.msn, has)
			}
			if listed, ok := independent[layout.PartFile(p.number)]; ok && listed != has {
				t.Errorf("part %d: INDEPENDENT=%v, an IDR picture %v", p.number, listed, has)
			}
		}
	}
}
