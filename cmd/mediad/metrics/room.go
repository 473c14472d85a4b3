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
		{room("bitrate_bits_per_second", "Bit rate of the last segment, as sent to viewers."), func(h health.Report) float64 { return float64(h.Bitrate) }},
		{room("received_bits_per_second", "Bit rate of the last five seconds, as received from the publisher."), func(h health.Report) float64 { return float64(h.Incoming) }},
		{room("frames_per_second", "Frame rate of the last two seconds."), func(h health.Report) float64 { return h.FPS }},
		{room("keyframe_interval_seconds", "Time between the last two key frames, or since the last key frame if that is longer."), seconds(func(h health.Report) time.Duration { return h.KeyframeInterval })},
		{room("keyframe_interval_max_seconds", "Longest of the last few keyframe intervals."), seconds(func(h health.Report) time.Duration { return h.KeyframeMax })},
		{room("b_frames", "1 if the publisher sends B-frames."), func(h health.Report) float64 { return flag(h.BFrames) }},
		{room("audio_offset_seconds", "A/V skew: how far the timestamps of sound are ahead of those of the picture. Negative: sound is behind."), seconds(func(h health.Report) time.Duration { return h.Offset })},
		{room("audio_drift_seconds", "Change of the A/V skew since the publisher connected."), seconds(func(h health.Report) time.Duration { return h.Drift })},
		{room("late_seconds", "How far the stream arrives late, by the publisher's clock."), seconds(func(h health.Report) time.Duration { return h.Late })},
		{room("early_seconds", "How far the stream arrives early, by the publisher's clock: media is sent faster than real time."), seconds(func(h health.Report) time.Duration { return h.Early })},
		{room("jitter_seconds", "Jitter of the arrival of media (RFC 3550 6.4.1)."), seconds(func(h health.Report) time.Duration { return h.Jitter })},
		{room("silent_seconds", "Time since the last media arrived."), seconds(func(h health.Report) time.Duration { return h.Silent })},
		{room("capture_delay_seconds", "Time from the composition of a picture, by the encoder's clock, to its arrival. 0 if the encoder does not tell, or if its clock is wrong."), seconds(func(h health.Report) time.Duration { return h.Received.CaptureDelay })},
		{room("round_trip_seconds", "Round-trip time to the publisher. 0 if the operating system does not report it."), seconds(func(h health.Report) time.Duration { return h.Received.RTT })},
	}
}

// roomCounts count from the moment when the publisher connected.
func roomCounts() (out []roomMetric) {
	for _, s := range broadcast.Statistics() {
		desc := prometheus.NewDesc("mediad_"+s.Metric, s.Help, []string{"room"}, nil)
		out = append(out, roomMetric{desc, func(h health.Report) float64 { return float64(s.Count(h)) }})
	}
	return out
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
