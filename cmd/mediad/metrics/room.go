package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mediad/cmd/mediad/broadcast"
	"mediad/packager/health"
)

// roomMetric is one number of a room's stream.
type roomMetric struct {
	desc  *prometheus.Desc
	value func(health.Report) float64
}

type roomDesc = func(name, help string) *prometheus.Desc

func roomGauges(room roomDesc) []roomMetric {
	seconds := func(get func(health.Report) time.Duration) func(health.Report) float64 {
		return func(h health.Report) float64 { return get(h).Seconds() }
	}
	return []roomMetric{
		{room("bitrate_bits_per_second", "Bit rate of the last segment, as packaged."), func(h health.Report) float64 { return float64(h.Bitrate) }},
		{room("received_bits_per_second", "Bit rate of the last seconds, as received."), func(h health.Report) float64 { return float64(h.Incoming) }},
		{room("frames_per_second", "Frame rate of the last seconds."), func(h health.Report) float64 { return h.FPS }},
		{room("keyframe_interval_seconds", "Length of the last group of pictures, or of the open one if that is longer."), seconds(func(h health.Report) time.Duration { return h.KeyframeInterval })},
		{room("keyframe_interval_max_seconds", "Length of the longest of the last few groups of pictures."), seconds(func(h health.Report) time.Duration { return h.KeyframeMax })},
		{room("b_frames", "1 if pictures are shown in another order than they come in."), func(h health.Report) float64 { return flag(h.BFrames) }},
		{room("audio_offset_seconds", "How far sound is ahead of the picture as they arrive."), seconds(func(h health.Report) time.Duration { return h.Offset })},
		{room("audio_drift_seconds", "How far sound and picture have moved apart since the beginning."), seconds(func(h health.Report) time.Duration { return h.Drift })},
		{room("late_seconds", "How far arrival has fallen behind the publisher's clock."), seconds(func(h health.Report) time.Duration { return h.Late })},
		{room("early_seconds", "How far arrival has run ahead of the publisher's clock."), seconds(func(h health.Report) time.Duration { return h.Early })},
		{room("jitter_seconds", "How unevenly media arrives."), seconds(func(h health.Report) time.Duration { return h.Jitter })},
		{room("silent_seconds", "How long ago the last unit came."), seconds(func(h health.Report) time.Duration { return h.Silent })},
		{room("round_trip_seconds", "Round trip to the publisher; 0 where the system does not tell."), seconds(func(h health.Report) time.Duration { return h.Received.RTT })},
	}
}

// roomCounts count from the moment when the publisher connected.
func roomCounts(room roomDesc) (out []roomMetric) {
	for _, s := range broadcast.Statistics() {
		out = append(out, roomMetric{room(s.Metric, s.Help), func(h health.Report) float64 { return float64(s.Count(h)) }})
	}
	return out
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
