package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

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

// roomCounts count from the publisher's connection.
func roomCounts(room roomDesc) []roomMetric {
	count := func(get func(health.Report) uint64) func(health.Report) float64 {
		return func(h health.Report) float64 { return float64(get(h)) }
	}
	return append([]roomMetric{
		{room("received_bytes_total", "Bytes received from the publisher."), count(func(h health.Report) uint64 { return h.Received.Bytes })},
		{room("dropped_units_total", "Units that could not be used, of all causes."), count(func(h health.Report) uint64 { return h.Received.Dropped() })},
		{room("late_units_total", "Units that came too late beside the other track: sound was left out, a picture shown later."), count(func(h health.Report) uint64 { return h.LateUnits })},
		{room("refused_messages_total", "Messages other than audio and video that were not understood."), count(func(h health.Report) uint64 { return h.Received.Refused })},
		{room("clamped_units_total", "Units whose time was moved so that time rises."), count(func(h health.Report) uint64 { return h.Received.Clamped + h.Clamped })},
		{room("timestamp_jumps_total", "Jumps of the publisher's timestamps."), count(func(h health.Report) uint64 { return h.Received.Jumps })},
		{room("header_changes_total", "Sequence headers that changed, or came first, in mid-stream."), count(func(h health.Report) uint64 { return h.Received.Headers })},
		{room("repeated_headers_total", "Sequence headers that came again as they were."), count(func(h health.Report) uint64 { return h.Received.Repeats })},
		{room("timestamp_wraps_total", "Times that timestamps outgrew 24 or 32 bits as received, or 33 as sent."), count(func(h health.Report) uint64 { return h.Received.Wraps + h.Wraps })},
		{room("pauses_total", "Breaks because nothing came for longer than parts can bridge."), count(func(h health.Report) uint64 { return h.Pauses })},
		{room("forced_cuts_total", "Segments cut without a key frame."), count(func(h health.Report) uint64 { return h.Forced })},
		{room("offset_shifts_total", "Times that DTS was moved down for a negative composition offset."), count(func(h health.Report) uint64 { return h.Shifts })},
		{room("sound_moves_total", "Times that sound, or the picture, was moved, because they lay too far apart."), count(func(h health.Report) uint64 { return h.Moves })},
		{room("audio_gaps_total", "Times that sound was missing between two frames."), count(func(h health.Report) uint64 { return h.AudioGaps })},
		{room("audio_overlaps_total", "Audio frames left out because they would overlap others."), count(func(h health.Report) uint64 { return h.AudioExtra })},
	}, codingCounts(room)...)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
