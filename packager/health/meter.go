package health

import (
	"sync"
	"time"

	"mediad/ingest"
)

// Meter gathers a Report. The publisher's goroutine writes it; requests of operators'
// pages read it. The zero value is ready.
type Meter struct {
	mu sync.Mutex
	// Guarded by mu.
	report  Report
	begun   bool // Tracks has been called before
	rate    frameRate
	gops    gops
	order   order
	offset  offset
	arrival arrival
	seen    [2]time.Time // when the last unit came: video, audio
}

// stale is the time after a track's last unit in which its measurements are still
// reported. Later, a warning of its own says that the track is missing.
const stale = 5 * time.Second

// Attach begins the stay of a publisher.
func (m *Meter) Attach() { m.change(func() { m.begin(Report{}); m.begun = false }) }

// begin starts measuring over. m.mu is held.
func (m *Meter) begin(r Report) {
	m.report, m.rate, m.gops, m.order = r, frameRate{}, gops{}, order{}
	m.offset, m.arrival, m.seen = offset{}, arrival{}, [2]time.Time{}
}

// Tracks begins new measurements, because timestamps begin anew. The counts go on.
func (m *Meter) Tracks(now time.Time, tracks []ingest.Track) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begin(Report{Publishing: true, Bitrate: m.report.Bitrate, Counts: m.report.Counts, Zero: m.report.Zero})
	if m.begun {
		m.report.Changes++
	}
	m.begun = true
	for _, t := range tracks {
		if t.Codec.Video() {
			m.report.Video, m.report.Width, m.report.Height, m.report.Declared = t.RFC6381, t.Width, t.Height, t.FrameRate
			m.seen[0] = now
		} else {
			m.report.Audio = t.RFC6381
			m.seen[1] = now
		}
	}
}

// Back notes that a publisher sends, for the first time or after a silence. zero is the
// programme date of its timestamp 0.
func (m *Meter) Back(zero time.Time) {
	m.change(func() { m.report.Publishing, m.report.Zero = true, zero })
}

// Gone ends the stay.
func (m *Meter) Gone() { m.change(func() { m.report.Publishing = false }) }

// Unit notes an access unit, with the publisher's own timestamps.
func (m *Meter) Unit(now time.Time, video bool, u ingest.Unit) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !video {
		m.seen[1] = now
		m.offset.audio(now, u.DTS)
		if m.report.Video == "" {
			m.arrival.add(now, u.DTS)
		}
		return
	}
	m.seen[0] = now
	m.rate.add(u.DTS)
	m.gops.add(u.DTS, u.Key)
	m.order.add(u.DTS, u.PTS-u.DTS)
	m.offset.video(now, u.DTS)
	m.arrival.add(now, u.DTS)
}

// Segment notes a closed segment: its bytes and its length in ticks.
func (m *Meter) Segment(size int, ticks int64) {
	if ticks > 0 {
		m.change(func() { m.report.Bitrate = int(int64(size) * 8 * ingest.Clock / ticks) })
	}
}

// Left notes that viewers do not get a video track any more.
func (m *Meter) Left(track int, unaligned bool) {
	m.change(func() {
		if unaligned {
			m.report.Unaligned = track
		} else {
			m.report.Stopped = track
		}
	})
}

// Count notes an irregularity.
func (m *Meter) Count(note func(*Counts)) { m.change(func() { note(&m.report.Counts) }) }

func (m *Meter) change(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// FPS is the frame rate of the last seconds, or 0 while it is not known.
func (m *Meter) FPS() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rate.fps
}

// Read gives the present Report. A caller that knows the publisher's connection
// fills in Incoming and Received.
func (m *Meter) Read(now time.Time) Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.report
	r.FPS = m.rate.fps
	r.KeyframeInterval, r.KeyframeMax = ingest.Duration(m.gops.interval()), ingest.Duration(m.gops.longest())
	r.NoKeyFrame = ingest.Duration(m.gops.missing())
	r.BFrames, r.Reorder = m.order.mixed(), ingest.Duration(m.order.both().most)
	r.Offset, r.Drift = ingest.Duration(m.offset.now), ingest.Duration(m.offset.drift())
	r.Late, r.Early, r.Jitter = m.arrival.late, m.arrival.early, m.arrival.jitter
	since := func(t time.Time) time.Duration {
		if t.IsZero() || !r.Publishing {
			return 0
		}
		return max(now.Sub(t), 0)
	}
	r.NoVideo, r.NoAudio = since(m.seen[0]), since(m.seen[1])
	if r.NoVideo > stale || r.NoAudio > stale {
		r.Offset, r.Drift = 0, 0 // the tracks no longer come side by side
	}
	if r.NoVideo > stale {
		r.FPS = 0
	}
	switch {
	case m.seen[0].IsZero():
		r.Silent = r.NoAudio
	case m.seen[1].IsZero():
		r.Silent = r.NoVideo
	default:
		r.Silent = min(r.NoVideo, r.NoAudio)
	}
	return r
}
