package packager

import (
	"fmt"
	"sync"
	"time"

	"mediad/ingest"
)

// Health is what arrives from the publisher, in numbers and words.
type Health struct {
	Publishing       bool
	Bitrate          int     // bits a second over the last segment, as packaged
	FPS              float64 // over the last two seconds or so
	KeyframeInterval time.Duration
	Video, Audio     string // RFC 6381 codecs; empty: none
	Width, Height    int    // in pixels
	BFrames          bool
	Warnings         []string
}

// meter gathers a Health. The publisher's goroutine writes, viewers of the
// operator's pages read.
type meter struct {
	mu sync.Mutex
	// Guarded by mu.
	health Health
	forced int // segments cut without a key frame
	frames int
	from   int64 // DTS of the first frame counted
}

func (m *meter) begin(tracks []ingest.Track) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.health = Health{Publishing: true}
	m.frames, m.forced = 0, 0
	for _, t := range tracks {
		if t.Codec.Video() {
			m.health.Video, m.health.Width, m.health.Height = t.RFC6381, t.Width, t.Height
		} else {
			m.health.Audio = t.RFC6381
		}
	}
}

// back hears that a publisher who was silent speaks again.
func (m *meter) back() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.health.Publishing = true
}

func (m *meter) gone() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.health.Publishing = false
}

func (m *meter) unit(t ingest.Track, u ingest.Unit) {
	if !t.Codec.Video() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if u.PTS != u.DTS {
		m.health.BFrames = true
	}
	if m.frames == 0 {
		m.from = u.DTS
	}
	if past := u.DTS - m.from; past >= 2*ingest.Clock {
		m.health.FPS = float64(m.frames) * ingest.Clock / float64(past)
		m.frames, m.from = 0, u.DTS
	}
	m.frames++
}

// closed hears of a segment: its bytes, its length and the last whole GOP.
func (m *meter) closed(size int, ticks, gop int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ticks > 0 {
		m.health.Bitrate = int(int64(size) * 8 * ingest.Clock / ticks)
	}
	m.health.KeyframeInterval = ingest.Duration(gop)
}

func (m *meter) longGOP() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forced++
}

func (m *meter) read() Health {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.health
	h.Warnings = nil
	if k := h.KeyframeInterval; h.Video != "" && (k > 4*time.Second || m.forced > 0) {
		h.Warnings = append(h.Warnings, fmt.Sprintf(
			"Key-frame interval is %.1f s: set it to 2 s in OBS → Settings → Output.", k.Seconds()))
	}
	if h.BFrames {
		h.Warnings = append(h.Warnings,
			"The encoder sends B-frames: set max B-frames to 0 in OBS → Settings → Output, or each costs viewers a frame of delay.")
	}
	return h
}
