package rtmp

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
)

// recordingSink is a Sink that writes down its calls, one line for each.
type recordingSink struct {
	mu     sync.Mutex // guards what follows
	lines  []string
	change chan struct{} // closed at the next line

	// Read only.
	fail func(line string) error // what a call returns, if set
}

func newRecordingSink() *recordingSink { return &recordingSink{change: make(chan struct{})} }

func (s *recordingSink) SetTracks(tracks []ingest.Track) error {
	line := "tracks"
	for _, t := range tracks {
		line += " " + t.RFC6381
		if t.Codec.Video() {
			line += fmt.Sprintf(" %dx%d@%.4g", t.Width, t.Height, t.FrameRate)
		} else {
			line += fmt.Sprintf(" %d/%d", t.SampleRate, t.Channels)
		}
	}
	return s.write(line)
}

func (s *recordingSink) WriteUnit(u ingest.Unit) error {
	line := fmt.Sprintf("unit %d dts=%d", u.Track, u.DTS)
	if u.PTS != u.DTS {
		line += fmt.Sprintf(" pts=%d", u.PTS)
	}
	if u.Key {
		line += " key"
	}
	var sizes []string
	for _, nal := range u.NALs {
		sizes = append(sizes, fmt.Sprintf("%x", nal[:min(len(nal), 4)]))
	}
	return s.write(line + " " + strings.Join(sizes, ","))
}

func (s *recordingSink) Explain(reason error) { _ = s.write("explain " + reason.Error()) }

func (s *recordingSink) Close(end ingest.End) {
	if end == ingest.Unpublished {
		_ = s.write("close unpublished")
	} else {
		_ = s.write("close lost")
	}
}

func (s *recordingSink) write(line string) error {
	s.mu.Lock()
	s.lines = append(s.lines, line)
	close(s.change)
	s.change = make(chan struct{})
	s.mu.Unlock()
	if s.fail != nil {
		return s.fail(line)
	}
	return nil
}

func (s *recordingSink) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}

// await waits until a line contains part, and returns all lines.
func (s *recordingSink) await(t *testing.T, part string) []string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		s.mu.Lock()
		lines, change := append([]string(nil), s.lines...), s.change
		s.mu.Unlock()
		if strings.Contains(strings.Join(lines, "\n"), part) {
			return lines
		}
		select {
		case <-change:
		case <-late:
			t.Fatalf("no %q in:\n%s", part, strings.Join(lines, "\n"))
		}
	}
}
